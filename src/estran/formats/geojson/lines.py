"""Lines: tracks with a time for each point, or with the time of their ends only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from estran.formats.coordinates import Rows, unless_negative
from estran.formats.fields import note, sift
from estran.formats.geojson.names import Part
from estran.formats.geojson.points import motions_of
from estran.formats.geojson.shapes import LineShape
from estran.formats.geojson.values import floats_of, instants_of, pairs_of, text_of
from estran.formats.reading import Faults
from estran.formats.spreading import spread_us
from estran.formats.statements import Statement, ends_of
from estran.formats.times import NEVER, plausible
from estran.formats.titles import motion_of_track
from estran.trace import Motion, Positions, type_f64, type_i64

_EPOCH_FROM = 1e8
"""A fourth coordinate from here on is a time: 1973 in seconds, and no other measure."""


def span_of(properties: dict[str, Any], plan: Mapping[Part, str]) -> tuple[int, int] | None:
    """Read the interval that a feature states, None when it states none."""
    if Part.START not in plan or Part.END not in plan:
        return None
    both = [properties[plan[Part.START]], properties[plan[Part.END]]]
    read = instants_of(both).time_us
    if not plausible(read).all() or read[1] < read[0]:
        return None
    return int(read[0]), int(read[1])


def motion_of_feature(properties: dict[str, Any], plan: Mapping[Part, str]) -> Motion:
    """Tell how somebody moved on a line, from its mode or its name."""
    for part in (Part.MOTION, Part.TYPE):
        if part in plan:
            told = motions_of(properties[plan[part]])
            if told:
                return told[0]
    title = text_of(properties.get(plan.get(Part.TITLE, ""), ""))
    return motion_of_track("", title)


def read_line(
    line: LineShape, plan: Mapping[Part, str], faults: Faults, where: str
) -> tuple[Positions, bool, Statement | None]:
    """Read one line.

    Returns
    -------
    positions : Positions
        Its dated points.
    told : bool
        True when each point has its own time, False when times were spread.
    statement : Statement or None
        How the line was travelled, if it says.
    """
    points = pairs_of(line.coordinates)
    if not points:
        faults.add("position-missing", where)
        return Positions.empty(), True, None
    lon, lat, altitude, fourth = zip(*points, strict=True)
    lat_deg, lon_deg = floats_of(lat), floats_of(lon)
    time_us = _told_times(line, plan, fourth, faults, where)
    span = span_of(line.properties, plan)
    told = time_us is not None or span is None
    if time_us is None and span is not None:
        time_us = _spread(lat_deg, lon_deg, span, line)
    if time_us is None:
        time_us = np.full(len(points), NEVER, dtype=np.int64)
    speed_mps = _speeds(line, plan, len(points))
    rows = Rows(time_us, lat_deg, lon_deg, speed_mps=speed_mps, altitude_m=floats_of(altitude))
    positions, _ = sift(rows, faults, lambda _row: where)
    return positions, told, _statement(line, plan, positions, span)


def _speeds(line: LineShape, plan: Mapping[Part, str], n_points: int) -> type_f64 | None:
    """Read the speed of each point, when there are as many as points."""
    told = line.properties[plan[Part.SPEED_LIST]] if Part.SPEED_LIST in plan else None
    if not isinstance(told, list) or len(told) != n_points or line.n_parts > 1:
        return None
    return unless_negative(floats_of(told))


def _spread(
    lat_deg: np.ndarray, lon_deg: np.ndarray, span: tuple[int, int], line: LineShape
) -> type_i64:
    """Spread a line over its interval; the lines of one feature share it evenly."""
    start_us, end_us = span
    slot_us = (end_us - start_us) // line.n_parts
    first_us = start_us + slot_us * line.part
    return spread_us(lat_deg, lon_deg, first_us, first_us + slot_us)


def _told_times(
    line: LineShape, plan: Mapping[Part, str], fourth: tuple[Any, ...], faults: Faults, where: str
) -> type_i64 | None:
    """Find the time of each point: a property beside, or the fourth coordinate."""
    times = _times_property(line, plan)
    if times:
        return _as_long(times, len(fourth), faults, where)
    read = floats_of(fourth)
    if bool((read > _EPOCH_FROM).any()):
        return instants_of(list(fourth)).time_us
    if any(isinstance(value, str) for value in fourth):
        return instants_of(list(fourth)).time_us
    return None


def _times_property(line: LineShape, plan: Mapping[Part, str]) -> list[Any]:
    properties = line.properties
    times: Any = properties[plan[Part.TIMES]] if Part.TIMES in plan else None
    inner = properties.get("coordinateProperties")
    if times is None and isinstance(inner, dict):
        times = inner.get("times")
    if not isinstance(times, list):
        return []
    if times and isinstance(times[0], list):
        part = times[line.part] if line.part < len(times) else None
        return part if isinstance(part, list) else []
    return times if line.n_parts == 1 else []


def _as_long(times: list[Any], n_points: int, faults: Faults, where: str) -> type_i64:
    """Read as many times as there are points; what one side lacks is counted."""
    if len(times) != n_points:
        faults.add("times-uneven", where, abs(len(times) - n_points))
    read = instants_of(times[:n_points])
    note(faults, "zone-missing", read.zoneless, lambda _row: where)
    out = np.full(n_points, NEVER, dtype=np.int64)
    out[: read.time_us.size] = read.time_us
    return out


def _statement(
    line: LineShape, plan: Mapping[Part, str], positions: Positions, span: tuple[int, int] | None
) -> Statement | None:
    motion = motion_of_feature(line.properties, plan)
    if motion is Motion.UNKNOWN or not len(positions) or line.part:
        return None
    return ends_of(positions).moved(motion, span)
