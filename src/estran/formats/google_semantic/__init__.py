"""Google's Semantic Location History: a file a month (Takeout until 2024).

``{"timelineObjects": [{"activitySegment"} | {"placeVisit"}]}``. Segments and visits become
claims; ``simplifiedRawPath`` is a thinned path with times; waypoints and stops have none and
are spread by distance over the segment.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import numpy as np

from estran.formats.claiming import Claimed, ClaimList, ends_of, type_place
from estran.formats.coordinates import Rows, dated_positions, floats
from estran.formats.google_semantic.shape import (
    DECODER,
    ActivitySegment,
    Interval,
    Place,
    PlaceVisit,
    TimelineObject,
    place_e7,
)
from estran.formats.json_head import outline
from estran.formats.json_stream import records
from estran.formats.motions import motion_of
from estran.formats.piling import Pile
from estran.formats.reading import Batch, Faults, Format
from estran.formats.spreading import spread_us
from estran.formats.times import instants_us, plausible
from estran.trace import ClaimKind, Claims, Motion, Positions, Source, Stream, type_f64, type_i64

KEY = "google-semantic"
_PATH = Source(f"{KEY}/path", KEY, "", Stream.PATH)
_WAYPOINTS = Source(f"{KEY}/waypoints", KEY, "", Stream.WAYPOINTS)
_CLAIMS = Source(f"{KEY}/claims", KEY, "", Stream.DECLARED)
_PER_CENT = 100.0


def sniff(head: bytes) -> bool:
    """Tell whether ``timelineObjects`` stands in the root object."""
    found = outline(head)
    return found.root == "{" and found.has("timelineObjects")


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Read segments and visits."""
    pile = Pile()
    n_before = 0
    for _, block in records(stream, {"timelineObjects": DECODER}, faults):
        where = f"object {n_before + 1}"
        n_before += len(block)
        claims = _claims(block, faults, where)
        pile.add(_PATH, positions=_path(block, faults, where))
        pile.add(_WAYPOINTS, positions=_waypoints(block, faults, where))
        pile.add(_CLAIMS, claims=claims, positions=ends_of(claims, faults))
        yield from pile.ripe()
    yield from pile.rest()


def _bounds(lasts: Interval | None) -> tuple[str | float | None, str | float | None]:
    """Give start and end as written; an interval without end is an instant."""
    if lasts is None:
        return None, None
    start = lasts.start_ms if lasts.start is None else lasts.start
    end = lasts.end_ms if lasts.end is None else lasts.end
    return start, start if end is None else end


def _claims(block: Sequence[TimelineObject], faults: Faults, where: str) -> Claims:
    claims = ClaimList()
    for item in block:
        if item.segment is not None:
            claims.add(_move(item.segment))
        if item.visit is not None:
            claims.add(_visit(item.visit))
    return claims.made(faults, where)


def _move(segment: ActivitySegment) -> Claimed:
    start, end = _bounds(segment.lasts)
    word, share = _told_mode(segment)
    return Claimed(
        ClaimKind.MOVE,
        motion_of(word),
        start,
        end,
        place=_where(segment.start),
        end_place=_where(segment.end),
        probability_share=share,
        confirmed=segment.confirmation == "CONFIRMED",
        distance_m=math.nan if segment.distance_m is None else segment.distance_m,
    )


def _told_mode(segment: ActivitySegment) -> tuple[str, float]:
    """Give the mode and its share: the type told, or the first guess, or the route's mode."""
    guesses = segment.activities
    word = segment.activity_type or (guesses[0].activity_type if guesses else "")
    if not word and segment.waypoint_path is not None:
        return segment.waypoint_path.travel_mode or "", math.nan
    share = next((g.probability for g in guesses if g.activity_type == word), None)
    inside = share is not None and 0.0 < share <= _PER_CENT
    return word, share / _PER_CENT if inside and share is not None else math.nan


def _visit(visit: PlaceVisit) -> Claimed:
    start, end = _bounds(visit.lasts)
    place = _where(visit.location)
    if math.isnan(place[0]):
        place = place_e7(visit.center_lat_e7, visit.center_lng_e7)
    confirmed = visit.confirmation == "CONFIRMED" or visit.place_confidence == "USER_CONFIRMED"
    return Claimed(ClaimKind.VISIT, Motion.STILL, start, end, place=place, confirmed=confirmed)


def _where(place: Place | None) -> type_place:
    return (math.nan, math.nan) if place is None else place.where()


def _path(block: Sequence[TimelineObject], faults: Faults, where: str) -> Positions:
    """Give the points of thinned paths, of moves and of visits."""
    parts = [item.segment or item.visit for item in block]
    paths = [part.raw_path for part in parts if part is not None and part.raw_path is not None]
    points = [point for path in paths for point in path.points]
    places = [point.where() for point in points]
    rows = Rows(
        time_us=instants_us([point.when() for point in points]),
        lat_deg=floats([place[0] for place in places]),
        lon_deg=floats([place[1] for place in places]),
        accuracy_m=floats([point.accuracy_m for point in points]),
    )
    return dated_positions(rows, faults, where)


def _waypoints(block: Sequence[TimelineObject], faults: Faults, where: str) -> Positions:
    """Spread the undated points of each move over its duration."""
    segments = [item.segment for item in block if item.segment is not None and _route(item.segment)]
    bounds = [_bounds(segment.lasts) for segment in segments]
    start_us = instants_us([start for start, _ in bounds])
    end_us = instants_us([end for _, end in bounds])
    sound = plausible(start_us) & plausible(end_us) & (end_us >= start_us)
    lines = [
        _spread(segments[i], int(start_us[i]), int(end_us[i]))
        for i in np.flatnonzero(sound).tolist()
    ]
    if not lines:
        return Positions.empty()
    time_us = np.concatenate([times for times, _ in lines])
    places = np.concatenate([line for _, line in lines])
    return dated_positions(Rows(time_us, places[:, 0], places[:, 1]), faults, where)


def _route(segment: ActivitySegment) -> list[Place]:
    """Give a move's waypoints, or else the stops of its line."""
    waypoints = segment.waypoint_path.waypoints if segment.waypoint_path else []
    return waypoints or (segment.transit.stops if segment.transit else [])


def _spread(segment: ActivitySegment, start_us: int, end_us: int) -> tuple[type_i64, type_f64]:
    """Date a move's route between its two ends, which are not given out again."""
    points = [point.where() for point in _route(segment)]
    line = np.array([_where(segment.start), *points, _where(segment.end)], dtype=np.float64)
    told = np.flatnonzero((np.abs(line) <= (90.0, 180.0)).all(axis=1))
    time_us = np.full(len(line), start_us)
    time_us[told] = spread_us(line[told, 0], line[told, 1], start_us, end_us)
    return time_us[1:-1], line[1:-1]


FORMAT = Format(KEY, sniff, read)
