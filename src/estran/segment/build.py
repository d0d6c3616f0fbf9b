"""From stills and links to stays, trips and unknown time."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from estran.segment._kernels import is_known
from estran.segment.borders import Hints, arrives_us, got_up, leaves_us
from estran.segment.links import Gap, Link
from estran.segment.settings import SegmentSettings
from estran.segment.stills import Still
from estran.segment.values import CLAIM, FLIGHT, GAP, PLAIN, STAY, TRIP, UNKNOWN, KnownPlaces, Row
from estran.trace import Trace


def _same(a: Still, b: Still, settings: SegmentSettings) -> bool:
    """Tell whether two stills are at one place, given how coarse they are."""
    one = 0.0 if math.isnan(a.accuracy_m) else a.accuracy_m
    other = 0.0 if math.isnan(b.accuracy_m) else b.accuracy_m
    near_m = settings.same_place_m + 0.5 * min(one + other, settings.same_coarse_m)
    return a.distance_m(b) <= max(near_m, math.sqrt(one * other))


def _moved(a: Still, b: Still, link: Link, settings: SegmentSettings) -> bool:
    """Tell whether somebody went somewhere between two stills."""
    if link.claimed or link.gap in (Gap.UNKNOWN, Gap.FLIGHT):
        return True
    if _same(a, b, settings):
        if link.steady_s >= settings.round_s:
            blurred_m = max(2.0 * link.coarse_m, a.radius_m, b.radius_m)
            return link.far_m >= settings.trip_m + blurred_m
        return (
            link.far_m >= settings.loop_m + 2.0 * link.coarse_m
            and link.away_s >= settings.loop_s
            and link.coherence >= settings.coherence
        )
    far_m = max(link.far_m, a.distance_m(b))
    if (b.start_us - a.end_us) / 1e6 < settings.hop_s and far_m < settings.loop_m:
        return False
    return far_m >= settings.trip_m + min(link.coarse_m, settings.same_coarse_m)


def settled(
    stills: Sequence[Still], links: Sequence[Link], *, settings: SegmentSettings
) -> tuple[list[Still], list[Link]]:
    """Join neighbours between which nobody went anywhere."""
    kept_stills, kept_links = [stills[0]], []
    for link, still in zip(links, stills[1:], strict=True):
        home = kept_stills[-1]
        joins = not _moved(home, still, link, settings)
        if joins and (still.start_us - home.end_us) / 1e6 <= settings.bridge_s:
            home.absorb(still)
        else:
            kept_stills.append(still)
            kept_links.append(link)
    return kept_stills, kept_links


def _rides(link: Link, settings: SegmentSettings) -> bool:
    """Tell whether somebody rode: a hop from one circle to the next is no ride."""
    if link.length_m < settings.trip_m:
        return False
    if max(link.head_mps, link.tail_mps) >= settings.fast_mps:
        return True
    least_mps = settings.foot_most_mps if link.gap == Gap.BRIDGED else settings.top_mps
    return link.top_mps >= least_mps


def _fast(links: Sequence[Link], stills: Sequence[Still], settings: SegmentSettings) -> bool:
    """Tell whether somebody rode in the first of some links, or soon beyond it.

    A walk to another platform lies between a wait and the ride it belongs to.
    """
    beyond_s = 0.0
    for link, still in zip(links, stills, strict=True):
        if _rides(link, settings):
            return True
        if link.gap not in (Gap.NONE, Gap.BRIDGED):
            return False
        beyond_s += link.length_m / settings.walk_mps + still.duration_s
        if beyond_s > settings.ride_near_s:
            return False
    return False


def _goes_on(stills: Sequence[Still], k: int, settings: SegmentSettings) -> bool:
    """Tell whether what follows a stillness leads on, and not back where it came from."""
    here = stills[k]
    origin = target = here
    for still in stills[max(0, k - settings.look_stills) : k][::-1]:
        origin = still
        if here.distance_m(still) > settings.look_m:
            break
    for still in stills[k + 1 : k + 1 + settings.look_stills]:
        target = still
        if here.distance_m(still) > settings.look_m:
            break
    longest_m = max(origin.distance_m(here), here.distance_m(target))
    return origin.distance_m(target) >= settings.look_on_share * longest_m


def _wait_limit_s(
    fast_before: bool, fast_after: bool, progress: bool, settings: SegmentSettings
) -> float:
    """Give the longest stillness that is a wait inside a trip, by what is around it."""
    if fast_before and fast_after:
        return settings.wait_fast_fast_s if progress else settings.wait_fast_back_s
    if fast_after:
        return settings.wait_foot_fast_s
    if fast_before:
        return settings.wait_fast_foot_s
    return settings.wait_foot_foot_s if progress else settings.wait_foot_back_s


def _cuts(
    stills: Sequence[Still], links: Sequence[Link], known: KnownPlaces, settings: SegmentSettings
) -> list[bool]:
    """Tell which stills end a trip; the first and the last always do."""
    cuts = [True] * len(stills)
    lat = np.concatenate([[s.lat_deg for s in stills], known.lat_deg])
    lon = np.concatenate([[s.lon_deg for s in stills], known.lon_deg])
    duration_s = np.concatenate([[s.duration_s for s in stills], known.duration_s])
    for k in range(1, len(stills) - 1):
        still, before, after = stills[k], links[k - 1], links[k]
        if Gap.UNKNOWN in (before.gap, after.gap) or Gap.FLIGHT in (before.gap, after.gap):
            continue
        if still.duration_s > settings.wait_fast_fast_s:
            continue
        if still.duration_s < settings.wait_any_s:
            cuts[k] = False
            continue
        if is_known(lat, lon, duration_s, k, settings.same_place_m, settings.known_place_s):
            continue
        progress = _goes_on(stills, k, settings)
        fast_before = _fast(
            links[max(0, k - 5) : k][::-1], stills[max(0, k - 5) : k][::-1], settings
        )
        fast_after = _fast(links[k : k + 5], stills[k + 1 : k + 6], settings)
        limit_s = _wait_limit_s(fast_before, fast_after, progress, settings)
        cuts[k] = still.duration_s > limit_s
    return cuts


def _without_weak(
    stills: Sequence[Still], links: Sequence[Link], cuts: Sequence[bool], settings: SegmentSettings
) -> tuple[list[Still], list[Link], list[bool]]:
    """Take back trips that hang on one stray fix: their time joins the stay before."""
    kept_stills, kept_links, kept_cuts = [stills[0]], list[Link](), [True]
    anchor = 0
    for k in range(1, len(stills)):
        if not cuts[k]:
            continue
        if _weak(kept_stills[-1], stills[k], links[anchor:k], settings):
            kept_stills[-1].absorb(stills[k])
        else:
            kept_stills += stills[anchor + 1 : k + 1]
            kept_links += links[anchor:k]
            kept_cuts += cuts[anchor + 1 : k + 1]
        anchor = k
    return kept_stills, kept_links, kept_cuts


def _weak(origin: Still, target: Still, chain: Sequence[Link], settings: SegmentSettings) -> bool:
    """Tell whether a trip is hardly longer than noise, and hardly seen at all."""
    return (
        all(link.gap in (Gap.NONE, Gap.BRIDGED) and not link.claimed for link in chain)
        and max(link.far_m for link in chain) < settings.weak_m
        and sum(link.n_out for link in chain) < settings.weak_fixes
        and min(origin.last - origin.first, target.last - target.first) < settings.weak_fixes
        and origin.duration_s > 0
        and origin.distance_m(target) < settings.weak_m
    )


def _show_alone(stills: Sequence[Still], links: Sequence[Link], settings: SegmentSettings) -> None:
    """Let a lone position, with nothing known around it, tell the minute it was in."""
    for k, still in enumerate(stills):
        beside = [link.gap for link in (*links[max(0, k - 1) : k], *links[k : k + 1])]
        if still.duration_s <= 0 and all(gap == Gap.UNKNOWN for gap in beside):
            until_us = still.start_us + round(settings.seen_s * 1e6)
            next_us = stills[k + 1].start_us if k + 1 < len(stills) else until_us
            still.end_us = min(until_us, next_us)


def rows_of(  # noqa: PLR0913 - all that a row hangs on
    trace: Trace,
    stills: Sequence[Still],
    links: Sequence[Link],
    hints: Hints,
    known: KnownPlaces,
    *,
    settings: SegmentSettings,
) -> list[Row]:
    """Lay stays, trips and unknown time one after the other."""
    cuts = _cuts(stills, links, known, settings)
    stills, links, cuts = _without_weak(stills, links, cuts, settings)
    _show_alone(stills, links, settings)
    departs = got_up(trace, stills, settings=settings)
    rows: list[Row] = []
    anchor = 0
    start_us = stills[0].start_us
    for k in range(1, len(stills)):
        if not cuts[k]:
            continue
        origin, target = stills[anchor], stills[k]
        first_link = links[anchor]
        begin_us, finish_us = origin.end_us, target.start_us
        kind, reason = TRIP, PLAIN
        if first_link.gap in (Gap.UNKNOWN, Gap.FLIGHT):
            kind = TRIP if first_link.gap == Gap.FLIGHT else UNKNOWN
            reason = FLIGHT if first_link.gap == Gap.FLIGHT else GAP
        else:
            head_mps = _seen_mps(
                [link.head_mps for link in links[anchor:k] if link.last > link.first]
            )
            tail_mps = _seen_mps(
                [link.tail_mps for link in links[anchor:k] if link.last > link.first][::-1]
            )
            if not first_link.claimed:
                begin_us = leaves_us(
                    trace, origin, departs[anchor], head_mps, target, hints, settings=settings
                )
            if not links[k - 1].claimed:
                finish_us = arrives_us(
                    trace, departs[anchor], target, tail_mps, hints, settings=settings
                )
            if origin.duration_s <= 0:
                start_us = _reclaimed(rows, begin_us, start_us)
            begin_us = max(begin_us, start_us) if rows else begin_us
            finish_us = max(finish_us, begin_us)
        rows.extend(_stay(origin, start_us, begin_us))
        if reason == PLAIN and any(link.claimed for link in links[anchor:k]):
            reason = CLAIM
        if finish_us > begin_us:
            ends = (math.nan, math.nan, math.nan, reason)
            # A silence has no fix of its own; those of a trip are counted at the end.
            rows.append(Row(kind, begin_us, finish_us, target.first, target.first, *ends))
        start_us = finish_us
        anchor = k
    rows.extend(_stay(stills[anchor], start_us, max(start_us, stills[anchor].end_us)))
    return _with_fixes(rows, trace)


def _reclaimed(rows: list[Row], begin_us: int, start_us: int) -> int:
    """Take what was sensed of a trip from the unknown time before; gives where that ends."""
    if not rows or rows[-1].kind != UNKNOWN or begin_us >= start_us:
        return start_us
    unknown = rows.pop()
    if begin_us > unknown.start_us:
        rows.append(unknown._replace(end_us=begin_us))
    return max(begin_us, unknown.start_us)


def _with_fixes(rows: Sequence[Row], trace: Trace) -> list[Row]:
    """Give every trip that was seen the fixes from its beginning to its end."""
    first = trace.time_us.searchsorted([row.start_us for row in rows], "left").tolist()
    last = trace.time_us.searchsorted([row.end_us for row in rows], "right").tolist()
    return [
        row._replace(first=a, last=b) if row.kind == TRIP and row.reason != FLIGHT else row
        for row, a, b in zip(rows, first, last, strict=True)
    ]


def _seen_mps(speeds_mps: Sequence[float]) -> float:
    """Give the speed at the end of a trip that was seen first; 0 when none was."""
    return speeds_mps[0] if speeds_mps else 0.0


def _stay(still: Still, start_us: int, end_us: int) -> list[Row]:
    if end_us <= start_us:
        return []
    return [
        Row(
            STAY, start_us, end_us, still.first, still.last,
            still.lat_deg, still.lon_deg, still.radius_m, PLAIN,
        )
    ]  # fmt: skip


def with_own_rows(rows: Sequence[Row], trace: Trace) -> list[Row]:
    """Let rows count fixes of the trace alone, without virtual ones.

    A trip that a claim tells and fixes show keeps no reason: it was seen.
    """
    own: list[Row] = []
    for row in rows:
        first = int(np.searchsorted(trace.time_us, row.start_us, "left"))
        last = int(
            np.searchsorted(trace.time_us, row.end_us, "right" if row.kind == TRIP else "left")
        )
        if row.kind == UNKNOWN or row.reason == FLIGHT:
            last = first
        seen = row.kind == TRIP and row.reason == CLAIM and last - first > SEEN_FIXES
        own.append(row._replace(first=first, last=last, reason=PLAIN if seen else row.reason))
    return own


SEEN_FIXES = 2
"""A claimed trip with more fixes than this was seen."""
