"""From stills and links to stays, trips and unknown time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from estran.segment.borders import Hints, arrives_us, leaves_us
from estran.segment.links import Gap, Link
from estran.segment.settings import SegmentSettings
from estran.segment.stills import Still
from estran.segment.values import FLIGHT, GAP, PLAIN, STAY, TRIP, UNKNOWN, Row
from estran.trace import Trace


def _same(a: Still, b: Still, settings: SegmentSettings) -> bool:
    """Tell whether two stills are at one place, given how coarse they are."""
    coarse = np.nan_to_num(a.accuracy_m) + np.nan_to_num(b.accuracy_m)
    return a.distance_m(b) <= settings.same_place_m + 0.5 * min(coarse, 600.0)


def _moved(a: Still, b: Still, link: Link, settings: SegmentSettings) -> bool:
    """Tell whether somebody went somewhere between two stills."""
    if link.gap in (Gap.UNKNOWN, Gap.FLIGHT):
        return True
    if _same(a, b, settings):
        return (
            link.far_m >= settings.loop_m
            and link.away_s >= settings.loop_s
            and link.coherence >= settings.coherence
        )
    return link.far_m >= settings.trip_m


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


def _fast(links: Sequence[Link], stills: Sequence[Still], settings: SegmentSettings) -> bool:
    """Tell whether somebody rode in the first of some links, or soon beyond it.

    A walk to another platform lies between a wait and the ride it belongs to.
    """
    beyond_s = 0.0
    for link, still in zip(links, stills, strict=True):
        if max(link.head_mps, link.tail_mps) >= settings.fast_mps:
            return True
        if link.gap not in (Gap.NONE, Gap.BRIDGED):
            return False
        beyond_s += link.length_m / settings.walk_mps + still.duration_s
        if beyond_s > settings.ride_near_s:
            return False
    return False


def _wait_limit_s(
    fast_before: bool, fast_after: bool, progress: bool, settings: SegmentSettings
) -> float:
    """Give the longest stillness that is a wait inside a trip, by what is around it."""
    if fast_before and fast_after:
        return settings.wait_fast_fast_s if progress else settings.wait_fast_back_s
    if fast_after:
        return settings.wait_foot_fast_s
    return settings.wait_fast_foot_s if fast_before else settings.wait_foot_foot_s


def _cuts(stills: Sequence[Still], links: Sequence[Link], settings: SegmentSettings) -> list[bool]:
    """Tell which stills end a trip; the first and the last always do."""
    cuts = [True] * len(stills)
    lat = np.array([s.lat_deg for s in stills])
    lon = np.array([s.lon_deg for s in stills])
    duration_s = np.array([s.duration_s for s in stills])
    for k in range(1, len(stills) - 1):
        still, before, after = stills[k], links[k - 1], links[k]
        if Gap.UNKNOWN in (before.gap, after.gap) or Gap.FLIGHT in (before.gap, after.gap):
            continue
        if still.duration_s > settings.wait_fast_fast_s:
            continue
        if still.duration_s < settings.wait_any_s:
            cuts[k] = False
            continue
        near = (np.abs(lat - still.lat_deg) < 0.01) & (np.abs(lon - still.lon_deg) < 0.02)  # noqa: PLR2004 - a box of about a kilometre, refined below
        here_s = sum(
            duration_s[j]
            for j in np.flatnonzero(near)
            if j != k and still.distance_m(stills[j]) <= settings.same_place_m
        )
        if here_s >= settings.known_place_s:
            continue
        origin, target = stills[k - 1], stills[k + 1]
        progress = origin.distance_m(target) >= max(
            origin.distance_m(still), still.distance_m(target)
        )
        fast_before = _fast(
            links[max(0, k - 5) : k][::-1], stills[max(0, k - 5) : k][::-1], settings
        )
        fast_after = _fast(links[k : k + 5], stills[k + 1 : k + 6], settings)
        limit_s = _wait_limit_s(fast_before, fast_after, progress, settings)
        cuts[k] = still.duration_s > limit_s
    return cuts


@dataclass(slots=True)
class _Trip:
    origin: Still
    target: Still
    links: list[Link]
    waits: list[Still]


def rows_of(
    trace: Trace,
    stills: Sequence[Still],
    links: Sequence[Link],
    hints: Hints,
    *,
    settings: SegmentSettings,
) -> list[Row]:
    """Lay stays, trips and unknown time one after the other."""
    cuts = _cuts(stills, links, settings)
    rows: list[Row] = []
    anchor = 0
    start_us = stills[0].start_us
    for k in range(1, len(stills)):
        if not cuts[k]:
            continue
        origin, target = stills[anchor], stills[k]
        first_link, last_link = links[anchor], links[k - 1]
        begin_us, finish_us = origin.end_us, target.start_us
        kind, reason = TRIP, PLAIN
        if first_link.gap in (Gap.UNKNOWN, Gap.FLIGHT):
            kind = TRIP if first_link.gap == Gap.FLIGHT else UNKNOWN
            reason = FLIGHT if first_link.gap == Gap.FLIGHT else GAP
        else:
            begin_us = leaves_us(trace, origin, first_link, target, hints, settings=settings)
            finish_us = arrives_us(trace, target, last_link, hints, settings=settings)
            begin_us = max(begin_us, start_us) if rows else begin_us
            finish_us = max(finish_us, begin_us)
        rows.extend(_stay(origin, start_us, begin_us))
        first = int(np.searchsorted(trace.time_us, begin_us, "left"))
        last = int(np.searchsorted(trace.time_us, finish_us, "right"))
        if reason == FLIGHT or kind == UNKNOWN:
            first = last = target.first
        rows.append(
            Row(kind, begin_us, finish_us, first, last, math.nan, math.nan, math.nan, reason)
        )
        start_us = finish_us
        anchor = k
    rows.extend(_stay(stills[anchor], start_us, max(start_us, stills[anchor].end_us)))
    return rows


def _stay(still: Still, start_us: int, end_us: int) -> list[Row]:
    if end_us <= start_us:
        return []
    return [
        Row(
            STAY, start_us, end_us, still.first, still.last,
            still.lat_deg, still.lon_deg, still.radius_m, PLAIN,
        )
    ]  # fmt: skip
