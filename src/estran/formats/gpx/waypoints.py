"""Dated waypoints: a visit where no track says otherwise, a mark on the way where one does."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

import numpy as np

from estran.formats.coordinates import Rows
from estran.formats.fields import instants, note, numbers, sift
from estran.formats.reading import Faults
from estran.trace import ClaimKind, Claims, Motion, Positions, type_i64


class Waypoint(NamedTuple):
    """A waypoint as the file tells it."""

    lat_text: str
    lon_text: str
    time: str
    line: int


def visits_of(
    waypoints: list[Waypoint], spans: list[tuple[int, int]], faults: Faults, *, lasting: bool
) -> Claims:
    """Claim a visit for each dated waypoint that lies on no track.

    Parameters
    ----------
    waypoints : list
        Dated ones.
    spans : list of (first_us, last_us)
        The tracks' segments, in the order of time.
    faults : Faults
        Counts the waypoints passed by (``waypoint-on-track``) and the unsound ones.
    lasting : bool
        Whether the recorder writes a waypoint on arrival at a place where somebody stays
        until the next track (Arc does). Otherwise a visit is claimed of the instant alone.
    """
    lat, lon, time, _ = zip(*waypoints, strict=True)
    read = instants([text.strip() for text in time])

    def where(row: int) -> str:
        return f"line {waypoints[row].line}"

    note(faults, "zone-missing", read.zoneless, where)
    positions, kept = sift(Rows(read.time_us, numbers(lat), numbers(lon)), faults, where)
    on_track = np.array([_inside(spans, int(t)) for t in positions.time_us], dtype=np.bool_)
    if on_track.any():
        note(faults, "waypoint-on-track", on_track, lambda row: where(int(kept[row])))
    visits = positions.take(~on_track)
    end_us = _next_departure(visits.time_us, spans) if lasting else visits.time_us
    return _claims(visits, end_us)


def _inside(spans: list[tuple[int, int]], time_us: int) -> bool:
    """Tell whether an instant is strictly within a span that begins last before it."""
    at = bisect_right(spans, (time_us, -1)) - 1
    return at >= 0 and spans[at][0] < time_us < spans[at][1]


def _next_departure(time_us: type_i64, spans: list[tuple[int, int]]) -> type_i64:
    """Find when the next track begins; an instant after the last track has no duration."""
    starts = np.array([start for start, _ in spans], dtype=np.int64)
    at = np.searchsorted(starts, time_us)
    if not starts.size:
        return time_us
    return np.where(at < starts.size, starts[np.minimum(at, starts.size - 1)], time_us)


def _claims(visits: Positions, end_us: type_i64) -> Claims:
    n = len(visits)
    unknown = np.full(n, np.nan)
    return Claims(
        start_us=visits.time_us,
        end_us=end_us,
        kind=np.full(n, ClaimKind.VISIT, dtype=np.int8),
        motion=np.full(n, Motion.STILL, dtype=np.int8),
        probability_share=unknown.astype(np.float32),
        confirmed=np.zeros(n, dtype=np.bool_),
        lat_deg=visits.lat_deg,
        lon_deg=visits.lon_deg,
        end_lat_deg=unknown,
        end_lon_deg=unknown,
        distance_m=unknown.astype(np.float32),
        source=np.zeros(n, dtype=np.int16),
    )
