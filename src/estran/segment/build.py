"""From stills and links to stays, trips and unknown time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

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


def _wait_limit_s(before: Link, after: Link, progress: bool, settings: SegmentSettings) -> float:
    """Give the longest stillness that is a wait inside a trip, by what is around it."""
    fast_before = before.tail_mps >= settings.fast_mps or before.gap == Gap.BRIDGED
    fast_after = after.head_mps >= settings.fast_mps or after.gap == Gap.BRIDGED
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
        if still.duration_s > settings.wait_foot_fast_s:
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
        cuts[k] = still.duration_s > _wait_limit_s(before, after, progress, settings)
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
        leaves_us, arrives_us = origin.end_us, target.start_us
        kind, reason = TRIP, PLAIN
        if first_link.gap in (Gap.UNKNOWN, Gap.FLIGHT):
            kind = TRIP if first_link.gap == Gap.FLIGHT else UNKNOWN
            reason = FLIGHT if first_link.gap == Gap.FLIGHT else GAP
        else:
            leaves_us = _leaves_us(trace, origin, first_link, target, settings)
            arrives_us = _arrives_us(trace, target, last_link, leaves_us, settings)
        rows.extend(_stay(origin, start_us, leaves_us))
        first = int(np.searchsorted(trace.time_us, leaves_us, "left"))
        last = int(np.searchsorted(trace.time_us, arrives_us, "right"))
        if reason == FLIGHT or kind == UNKNOWN:
            first = last = target.first
        rows.append(
            Row(kind, leaves_us, arrives_us, first, last, math.nan, math.nan, math.nan, reason)
        )
        start_us = arrives_us
        anchor = k
    rows.extend(_stay(stills[anchor], start_us, stills[anchor].end_us))
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


def _leaves_us(
    trace: Trace, origin: Still, link: Link, target: Still, settings: SegmentSettings
) -> int:
    """Tell when a trip began: walked or driven back from the first fix under way."""
    seen = min(origin.last, len(trace) - 1)
    seen_us = int(trace.time_us[seen]) if seen < target.first else target.start_us
    from estran.geo._kernels import near_m

    far_m = near_m(
        origin.lat_deg, origin.lon_deg, float(trace.lat_deg[seen]), float(trace.lon_deg[seen])
    )
    speed_mps = min(max(link.head_mps, settings.walk_mps), settings.ride_most_mps)
    took_us = round(far_m / speed_mps * 1e6)
    return max(origin.end_us, seen_us - took_us) if origin.duration_s > 0 else origin.end_us


def _arrives_us(
    trace: Trace, target: Still, link: Link, leaves_us: int, settings: SegmentSettings
) -> int:
    """Tell when a trip ended: run forward from the last fix under way."""
    from estran.geo._kernels import near_m

    seen = max(target.first - 1, 0)
    far_m = near_m(
        target.lat_deg, target.lon_deg, float(trace.lat_deg[seen]), float(trace.lon_deg[seen])
    )
    speed_mps = min(max(link.tail_mps, settings.walk_mps), settings.ride_most_mps)
    took_us = round(far_m / speed_mps * 1e6)
    if target.duration_s <= 0:
        return target.start_us
    return max(leaves_us, min(target.start_us, int(trace.time_us[seen]) + took_us))
