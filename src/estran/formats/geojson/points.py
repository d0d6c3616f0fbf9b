"""Gathers points by device and turns them into positions, activities and claims."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from estran.formats.coordinates import Rows, unless_negative
from estran.formats.fields import bearing, note, positive, sift
from estran.formats.geojson.names import SPEED_UNITS_MPS, Part, parts_of
from estran.formats.geojson.values import floats_of, instants_of, text_of
from estran.formats.motions import motion_of
from estran.formats.reading import Faults
from estran.trace import Activities, Motion, Positions, type_f64

_MEASURES = (
    Part.TIME, Part.ALTITUDE, Part.SPEED, Part.SPEED_KMH, Part.SPEED_KNOTS, Part.ACCURACY,
    Part.VERTICAL, Part.BEARING, Part.MOTION,
)  # fmt: skip
_PLAN_LIMIT = 1000
_OWNTRACKS_FROM_S = 1_000_000_000
_FROM_1970_TO_2001_S = 978_307_200


class Plans:
    """Remembers which property is what, per set of property names."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], dict[Part, str]] = {}

    def of(self, properties: dict[str, Any]) -> dict[Part, str]:
        """Tell which property is what."""
        key = tuple(properties)
        plan = self._known.get(key)
        if plan is None:
            plan = parts_of(properties)
            if len(self._known) < _PLAN_LIMIT:
                self._known[key] = plan
        return plan


@dataclass(slots=True)
class PointHeap:
    """Points of one device, column by column, as JSON values."""

    lon: list[Any] = field(default_factory=list)
    lat: list[Any] = field(default_factory=list)
    third: list[Any] = field(default_factory=list)
    record: list[int] = field(default_factory=list)
    columns: dict[Part, list[Any]] = field(default_factory=lambda: {part: [] for part in _MEASURES})

    def add(
        self,
        place: tuple[Any, Any, Any],
        properties: dict[str, Any],
        plan: dict[Part, str],
        record: int,
    ) -> None:
        """Put a point on the heap; ``place`` is longitude, latitude, altitude."""
        self.lon.append(place[0])
        self.lat.append(place[1])
        self.third.append(place[2])
        self.record.append(record)
        for part, column in self.columns.items():
            name = plan.get(part)
            column.append(None if name is None else properties[name])
        if properties.get("_type") == "location":
            self._mend_owntracks()

    def _mend_owntracks(self) -> None:
        """Mend what is particular to OwnTracks' messages.

        Their speed is in km/h under a name that means m/s elsewhere. One sender counts time
        from 2001, which shows as an instant before the protocol existed.
        """
        columns = self.columns
        columns[Part.SPEED_KMH][-1], columns[Part.SPEED][-1] = columns[Part.SPEED][-1], None
        time = columns[Part.TIME][-1]
        if isinstance(time, int) and 0 < time < _OWNTRACKS_FROM_S:
            columns[Part.TIME][-1] = time + _FROM_1970_TO_2001_S

    def taken(self, faults: Faults) -> tuple[Positions, Activities | None]:
        """Turn the heap into positions and the phone's guesses, and empty it."""
        where = self._where()
        read = instants_of(self.columns[Part.TIME])
        note(faults, "zone-missing", read.zoneless, where)
        rows = Rows(
            read.time_us,
            floats_of(self.lat),
            floats_of(self.lon),
            positive(floats_of(self.columns[Part.ACCURACY])),
            unless_negative(self._speed()),
            bearing(floats_of(self.columns[Part.BEARING])),
            self._altitude(),
        )
        positions, kept = sift(rows, faults, where)
        words = self.columns[Part.MOTION]
        activities = _activities(positions, [words[i] for i in kept])
        self._clear()
        return positions, activities

    def _where(self) -> Callable[[int], str]:
        record = list(self.record)
        return lambda row: f"record {record[row]}"

    def _speed(self) -> type_f64:
        speed = np.full(len(self.record), np.nan)
        for part, factor in SPEED_UNITS_MPS.items():
            told = floats_of(self.columns[part]) * factor
            speed = np.where(np.isnan(speed), told, speed)
        return speed

    def _altitude(self) -> type_f64:
        """Take the third coordinate, else the property; -1 as its accuracy voids both."""
        altitude = floats_of(self.third)
        altitude = np.where(np.isnan(altitude), floats_of(self.columns[Part.ALTITUDE]), altitude)
        return np.where(floats_of(self.columns[Part.VERTICAL]) < 0.0, np.nan, altitude)

    def _clear(self) -> None:
        for column in (self.lon, self.lat, self.third, self.record, *self.columns.values()):
            column.clear()


def motions_of(value: Any) -> list[Motion]:
    """Read one motion or a list of them; what nobody knows is left out.

    Examples
    --------
    >>> [motion.name for motion in motions_of(["driving", "stationary", 3])]
    ['CAR', 'STILL']
    """
    words = value if isinstance(value, list) else [value]
    read = [motion_of(word) for word in words[:8] if isinstance(word, str)]
    return [motion for motion in read if motion is not Motion.UNKNOWN]


def _activities(positions: Positions, values: list[Any]) -> Activities | None:
    found = [(i, motion) for i, v in enumerate(values) if v for motion in motions_of(v)]
    if not found:
        return None
    rows: NDArray[np.intp] = np.array([i for i, _ in found])
    return Activities(
        time_us=positions.time_us[rows],
        motion=np.array([motion for _, motion in found], dtype=np.int8),
        confidence_share=np.full(rows.size, np.nan, dtype=np.float32),
        source=np.zeros(rows.size, dtype=np.int16),
    )


def device_of(properties: dict[str, Any], plan: dict[Part, str]) -> str:
    """Name the device that a point or a line is of."""
    name = plan.get(Part.DEVICE)
    return "" if name is None else text_of(properties[name]).strip()[:64]
