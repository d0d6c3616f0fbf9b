"""The segments of Google's on-device Timeline, which both kinds of phone write.

A segment is a visit, an activity or a two-hour piece of path. Android writes numbers and
``{"latLng": "48.85°, 2.35°"}``; the iPhone writes every number as text and ``"geo:48.85,2.35"``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from estran.formats.claiming import NOWHERE, Claimed, ClaimList, type_place
from estran.formats.coordinates import Rows, dated_positions, pair_of
from estran.formats.motions import motion_of
from estran.formats.reading import Faults
from estran.formats.times import NEVER, instants_us
from estran.trace import ClaimKind, Claims, Motion, Positions, type_i64

_MINUTE_US = 60_000_000
_SECOND_US = 1_000_000


class LatLng(msgspec.Struct, rename={"lat_lng": "latLng"}):
    """A place as Android writes it."""

    lat_lng: str = ""


class PathPoint(msgspec.Struct, rename={"minutes_after": "durationMinutesOffsetFromStartTime"}):
    """A point of a path, dated by itself or by minutes after the segment's start."""

    point: str | LatLng | None = None
    time: str | float | None = None
    minutes_after: float | None = None


class Candidate(msgspec.Struct, rename={"place_location": "placeLocation"}):
    """What Google holds most likely; the place's name and identity are not read."""

    type: str | None = None
    place_location: str | LatLng | None = None


class Visit(
    msgspec.Struct,
    rename={"hierarchy_level": "hierarchyLevel", "top_candidate": "topCandidate"},
):
    """A visit; from level 1 on it lies inside another."""

    hierarchy_level: int | None = None
    probability: float | None = None
    top_candidate: Candidate | None = None


class Activity(
    msgspec.Struct, rename={"distance_m": "distanceMeters", "top_candidate": "topCandidate"}
):
    """A move; what is held of the mode is in the candidate and its probability."""

    start: str | LatLng | None = None
    end: str | LatLng | None = None
    distance_m: float | None = None
    probability: float | None = None
    top_candidate: ModeCandidate | None = None


class ModeCandidate(msgspec.Struct):
    """A way of moving and how sure Google is of it."""

    type: str | None = None
    probability: float | None = None


class Segment(
    msgspec.Struct,
    rename={"start": "startTime", "end": "endTime", "path": "timelinePath"},
):
    """One segment; a ``timelineMemory`` (a journey of days) leaves all of them empty."""

    start: str | float | None = None
    end: str | float | None = None
    visit: Visit | None = None
    activity: Activity | None = None
    path: list[PathPoint] = []


DECODER = msgspec.json.Decoder(list[Segment], strict=False)


def place_of(written: str | LatLng | None) -> type_place:
    """Read a place, whichever phone wrote it."""
    if written is None:
        return NOWHERE
    return pair_of(written if isinstance(written, str) else written.lat_lng)


def _share(probability: float | None) -> float:
    """Read a probability; the phones write 0 when they give none."""
    return probability if probability and 0.0 < probability <= 1.0 else math.nan


def claims_of(segments: Sequence[Segment], faults: Faults, where: str) -> Claims:
    """Turn visits of level 0 and activities into claims."""
    claims = ClaimList()
    for segment in segments:
        visit, activity = segment.visit, segment.activity
        if visit is not None and not visit.hierarchy_level:
            candidate = visit.top_candidate or Candidate()
            claims.add(
                Claimed(
                    ClaimKind.VISIT, Motion.STILL, segment.start, segment.end,
                    place=place_of(candidate.place_location),
                    probability_share=_share(visit.probability),
                )
            )  # fmt: skip
        if activity is not None:
            mode = activity.top_candidate or ModeCandidate()
            claims.add(
                Claimed(
                    ClaimKind.MOVE, motion_of(mode.type or ""), segment.start, segment.end,
                    place=place_of(activity.start), end_place=place_of(activity.end),
                    probability_share=_share(mode.probability),
                    distance_m=math.nan if activity.distance_m is None else activity.distance_m,
                )
            )  # fmt: skip
    return claims.made(faults, where)


@dataclass(frozen=True, slots=True)
class _Dots:
    """The points of all paths of a block."""

    points: list[PathPoint]
    segment: list[int]


def path_of(segments: Sequence[Segment], faults: Faults, where: str) -> Positions:
    """Turn the pieces of path into positions.

    Points dated by whole minutes keep their order: equal ones are one, and the others of
    the same minute follow each other by a second.
    """
    dots = _Dots([p for s in segments for p in s.path],
                 [i for i, s in enumerate(segments) for _ in s.path])  # fmt: skip
    if not dots.points:
        return Positions.empty()
    places = np.array([place_of(p.point) for p in dots.points], dtype=np.float64)
    time_us = instants_us([p.time for p in dots.points])
    offsets = [math.nan if p.minutes_after is None else p.minutes_after for p in dots.points]
    after_min = np.array(offsets, dtype=np.float64)
    kept = np.ones(len(dots.points), dtype=bool)
    counted = (time_us == NEVER) & (np.abs(after_min) < 1e7)  # noqa: PLR2004 - decades
    if counted.any():
        segment = np.array(dots.segment)
        start_us = instants_us([s.start for s in segments])[segment]
        table = np.column_stack([segment, after_min, places])
        kept[1:] = ~(counted[1:] & (table[1:] == table[:-1]).all(axis=1))
        offset_us = np.where(counted, after_min, 0.0) * _MINUTE_US
        told = counted & (start_us != NEVER)
        time_us = np.where(told, np.where(told, start_us, 0) + offset_us.astype(np.int64), time_us)
        time_us = _in_order(time_us, kept & told)
    rows = Rows(time_us[kept], places[kept, 0], places[kept, 1])
    return dated_positions(rows, faults, where)


def _in_order(time_us: type_i64, chosen: np.ndarray) -> type_i64:
    """Space neighbours of the same minute by a second, or less when they are many."""
    rows = np.flatnonzero(chosen)
    values = time_us[rows]
    if not values.size:
        return time_us
    first = np.concatenate([[True], values[1:] != values[:-1]])
    starts = np.flatnonzero(first)
    lengths = np.diff(np.append(starts, values.size))
    rank = np.arange(values.size) - np.repeat(starts, lengths)
    step_us = np.minimum(_SECOND_US, _MINUTE_US // np.repeat(lengths, lengths))
    spaced = time_us.copy()
    spaced[rows] = values + rank * step_us
    return spaced
