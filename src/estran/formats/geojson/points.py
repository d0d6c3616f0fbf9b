"""Gathers points that say the same things, and turns them into positions and activities."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from estran.errors import FileHostile
from estran.formats.coordinates import Rows, unless_negative
from estran.formats.fields import Instants, bearing, note, positive, sift
from estran.formats.geojson.names import SPEED_UNITS_MPS, Part, parts_of
from estran.formats.geojson.values import floats_of, instants_of, pairs_of, text_of
from estran.formats.motions import motion_of
from estran.formats.reading import Faults
from estran.formats.times import NEVER
from estran.trace import Activities, Motion, Positions, type_f64
from estran.units import MPS_PER_KMH

_PLAN_LIMIT = 1000
_NAMES_LIMIT = 1000
_OWNTRACKS_FROM_S = 1_000_000_000
_FROM_1970_TO_2001_S = 978_307_200
_MOST_MOTIONS = 8


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """Which property plays which part, for the points that name the same properties.

    Parameters
    ----------
    at : mapping of Part to str
        The property of each part.
    device, action, kind : str
        Properties looked at for each point, ``""`` when there is none.
    has_interval : bool
        Whether such points state an interval and no instant.
    """

    at: Mapping[Part, str]
    device: str
    action: str
    kind: str
    has_interval: bool


class Plans:
    """Remembers plans, so that each set of property names is looked at once."""

    def __init__(self) -> None:
        self._by_names: dict[tuple[str, ...], Plan] = {}
        self._by_parts: dict[frozenset[tuple[str, str]], Plan] = {}

    def of(self, properties: dict[str, Any]) -> Plan:
        """Tell which property is what."""
        names = tuple(properties)
        plan = self._by_names.get(names)
        if plan is None:
            plan = self._plan(parts_of(properties))
            if len(self._by_names) < _NAMES_LIMIT:
                self._by_names[names] = plan
        return plan

    def _plan(self, at: dict[Part, str]) -> Plan:
        """Share plans that are equal: what tells points apart is what is read of them."""
        parts = frozenset((part.name, name) for part, name in at.items())
        plan = self._by_parts.get(parts)
        if plan is None:
            has_interval = Part.START in at and Part.END in at and Part.TIME not in at
            looked_at = (Part.DEVICE, Part.ACTION, Part.TYPE)
            device, action, kind = (at.get(part, "") for part in looked_at)
            if len(self._by_parts) >= _PLAN_LIMIT:
                # Points are read in groups of one plan: a plan a point would take hours.
                raise FileHostile
            plan = self._by_parts[parts] = Plan(at, device, action, kind, has_interval)
        return plan


@dataclass(slots=True)
class Points:
    """Points of one device that follow one plan, as JSON gave them."""

    plan: Plan
    places: list[Any] = field(default_factory=list)
    """Coordinates; None where they are among the properties."""
    properties: list[dict[str, Any]] = field(default_factory=list)
    records: list[int] = field(default_factory=list)

    def taken(self, faults: Faults) -> tuple[Positions, Activities | None]:
        """Turn them into positions and the phone's guesses."""
        records = self.records

        def where(row: int) -> str:
            return f"record {records[row]}"

        lon, lat, third = self._places()
        read = self._instants(faults, where)
        rows = Rows(
            read.time_us,
            floats_of(lat),
            floats_of(lon),
            _maybe(self._measure(Part.ACCURACIES), positive),
            self._speed(),
            _maybe(self._measure(Part.BEARINGS), bearing),
            self._altitude(third),
        )
        positions, kept = sift(rows, faults, where)
        words = self._values(Part.MOTION)
        if words is None:
            return positions, None
        return positions, _activities(positions, [words[i] for i in kept])

    def _values(self, part: Part) -> list[Any] | None:
        name = self.plan.at.get(part)
        return None if name is None else [p[name] for p in self.properties]

    def _measure(self, part: Part) -> type_f64 | None:
        values = self._values(part)
        return None if values is None else floats_of(values)

    def _places(self) -> tuple[list[Any], list[Any], list[Any]]:
        nothing = [None] * len(self.places)
        if self.places[0] is None:
            lon, lat = self._values(Part.LONGITUDES), self._values(Part.LATITUDES)
            return lon or nothing, lat or nothing, nothing
        lon_, lat_, third, _ = zip(*pairs_of(self.places), strict=True)
        return list(lon_), list(lat_), list(third)

    def _owntracks(self) -> bool:
        return self.plan.kind == "_type" and self.properties[0].get("_type") == "location"

    def _instants(self, faults: Faults, where: Callable[[int], str]) -> Instants:
        values = self._values(Part.TIME)
        n = len(self.places)
        if values is None:
            return Instants(np.full(n, NEVER, dtype=np.int64), np.zeros(n, dtype=np.bool_))
        if self._owntracks():
            values = [_since_1970(value) for value in values]
        read = instants_of(values)
        note(faults, "zone-missing", read.zoneless, where)
        return read

    def _speed(self) -> type_f64 | None:
        """Take the first speed that is told, in its unit.

        OwnTracks tells km/h under a name that means m/s elsewhere.
        """
        speed: type_f64 | None = None
        for part, factor_mps in SPEED_UNITS_MPS.items():
            told = self._measure(part)
            if told is not None:
                told = told * (MPS_PER_KMH if self._owntracks() else factor_mps)
                speed = told if speed is None else np.where(np.isnan(speed), told, speed)
        return None if speed is None else unless_negative(speed)

    def _altitude(self, third: list[Any]) -> type_f64:
        """Take the third coordinate, else the property; -1 as its accuracy voids both."""
        altitude = floats_of(third)
        told = self._measure(Part.ALTITUDES)
        if told is not None:
            altitude = np.where(np.isnan(altitude), told, altitude)
        vertical = self._measure(Part.VERTICAL)
        return altitude if vertical is None else np.where(vertical < 0.0, np.nan, altitude)


def _since_1970(value: Any) -> Any:
    """Mend the sender that counts from 2001: the instant would be before the protocol existed."""
    if type(value) is int and 0 < value < _OWNTRACKS_FROM_S:
        return value + _FROM_1970_TO_2001_S
    return value


def _maybe(values: type_f64 | None, change: Callable[[type_f64], type_f64]) -> type_f64 | None:
    return None if values is None else change(values)


def motions_of(value: Any) -> list[Motion]:
    """Read one motion or a list of them; what nobody knows is left out.

    Examples
    --------
    >>> [motion.name for motion in motions_of(["driving", "stationary", 3])]
    ['CAR', 'STILL']
    """
    words = value if isinstance(value, list) else [value]
    # e-mission writes the name of its table before the word: "PredictedModeTypes.WALKING".
    read = [
        motion_of(word.rpartition(".")[2])
        for word in words[:_MOST_MOTIONS]
        if isinstance(word, str)
    ]
    return [motion for motion in read if motion is not Motion.UNKNOWN]


def _activities(positions: Positions, values: list[Any]) -> Activities | None:
    rows: list[int] = []
    motions: list[int] = []
    known: dict[str, list[Motion]] = {}
    for row, value in enumerate(values):
        if not value:
            continue
        # The same few lists come again and again: their text is the key.
        key = str(value) if isinstance(value, list) else text_of(value)
        found = known.get(key)
        if found is None:
            found = motions_of(value)
            if len(known) < _NAMES_LIMIT:
                known[key] = found
        for motion in found:
            rows.append(row)
            motions.append(motion)
    if not rows:
        return None
    return Activities(
        time_us=positions.time_us[rows],
        motion=np.array(motions, dtype=np.int8),
        confidence_share=np.full(len(rows), np.nan, dtype=np.float32),
        source=np.zeros(len(rows), dtype=np.int16),
    )


def device_of(properties: dict[str, Any], plan: Plan) -> str:
    """Name the device that a point or a line is of."""
    return text_of(properties[plan.device]).strip()[:64] if plan.device else ""
