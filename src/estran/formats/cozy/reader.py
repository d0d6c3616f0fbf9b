"""From trips to positions and claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from estran.errors import FileUnreadable, FileWithoutPositions
from estran.formats.coordinates import Rows, unless_negative
from estran.formats.cozy.documents import Told
from estran.formats.cozy.modes import Moved, moved_of, told_mode
from estran.formats.fields import sift, veiled
from estran.formats.lanes import Lanes
from estran.formats.piling import Pile
from estran.formats.reading import Batch, Faults
from estran.formats.spreading import spread_us
from estran.formats.statements import Statement, claims_of
from estran.formats.times import instants_us, plausible
from estran.trace import ClaimKind, Motion, Positions, Source, Stream, type_i64

KEY = "cozy"
_DEVICE_LIMIT = 256
_MOST_NESTED = 6
_NAN = float("nan")


@dataclass(slots=True)
class _Section:
    """A section of a trip as read."""

    properties: dict[str, Any]
    span: tuple[int, int]
    positions: Positions
    timed: bool
    moved: Moved
    length_m: float


@dataclass(slots=True)
class TripReader:
    """Takes trips one by one; gives batches."""

    faults: Faults
    key: str = KEY
    """Of the format whose trips are read."""
    _pile: Pile = field(default_factory=Pile)
    _lanes: dict[str, Lanes] = field(default_factory=dict)

    def take(self, told: Told, where: str) -> None:
        """Read one trip."""
        device = self._known(told.device)
        statements: list[Statement] = []
        sections: list[_Section] = []
        for feature in _features(told.trip):
            properties = _dict(feature.get("properties"))
            kind = properties.get("feature_type")
            if kind in ("start_place", "end_place"):
                statements += self._place(feature, properties, where)
            elif kind != "stop" and _dict(feature.get("geometry")).get("type") == "LineString":
                sections += self._section(feature, properties, where)
        statements += _moves(told.trip, sections)
        for section in sections:
            self._pile.add(self._source(device, section), positions=section.positions)
        if statements:
            source = self._named(device, "claims", Stream.DECLARED)
            self._pile.add(source, claims=claims_of(statements))

    def ripe(self) -> Iterator[Batch]:
        """Give out what is enough for a batch."""
        yield from self._pile.ripe()

    def rest(self) -> Iterator[Batch]:
        """Give out everything; refuse a file that gave nothing."""
        yield from self._pile.rest()
        if not self._pile.gave:
            codes = {fault.code for fault in self.faults.listed()}
            raise FileUnreadable if codes & {"truncated", "record-broken"} else FileWithoutPositions

    def _known(self, device: str) -> str:
        """Keep devices apart as long as they are few."""
        if device not in self._lanes:
            if len(self._lanes) >= _DEVICE_LIMIT:
                self.faults.add("device-too-many")
                return self._known("") if device else ""
            self._lanes[device] = Lanes()
        return device

    def _source(self, device: str, section: _Section) -> Source:
        if not section.timed:
            return self._named(device, "waypoints", Stream.WAYPOINTS)
        time_us = section.positions.time_us
        if not time_us.size:
            return self._named(device, "section1", Stream.PATH)
        lanes = self._lanes.setdefault(device, Lanes())
        lane = lanes.lane_of(int(time_us.min()), int(time_us.max()))
        return self._named(device, f"section{lane + 1}", Stream.PATH)

    def _named(self, device: str, part: str, stream: Stream) -> Source:
        tag = veiled(device) if device else ""
        return Source("/".join(filter(None, (self.key, tag, part))), self.key, device, stream)

    def _place(
        self, feature: dict[str, Any], properties: dict[str, Any], where: str
    ) -> list[Statement]:
        """Read the stay before or after a trip; of one open to a side only its instant."""
        ends = [_instant(properties, name) for name in ("enter", "exit")]
        known = sorted(end for end in ends if end is not None)
        lat_deg, lon_deg = _point(_dict(feature.get("geometry")).get("coordinates"))
        if not known:
            return []
        if not (abs(lat_deg) <= 90.0 and abs(lon_deg) <= 180.0 and (lat_deg, lon_deg) != (0, 0)):  # noqa: PLR2004 - the globe
            self.faults.add("position-missing", where)
            return []
        span = known[0], known[-1]
        return [Statement(*span, ClaimKind.VISIT, Motion.STILL, lat_deg=lat_deg, lon_deg=lon_deg)]

    def _section(
        self, feature: dict[str, Any], properties: dict[str, Any], where: str
    ) -> list[_Section]:
        coordinates = _dict(feature.get("geometry")).get("coordinates")
        points = coordinates if isinstance(coordinates, list) else []
        pairs = [_point(point) for point in points]
        lat_deg = np.array([pair[0] for pair in pairs], dtype=np.float64)
        lon_deg = np.array([pair[1] for pair in pairs], dtype=np.float64)
        time_us = self._times(properties, len(pairs), where)
        timed = time_us is not None
        span = _span(properties)
        if time_us is None and span is not None:
            time_us = spread_us(lat_deg, lon_deg, *span)
        if time_us is None:
            self.faults.add("claim-unreadable", where)
            return []
        speed_mps = _column(properties.get("speeds"), len(pairs))
        rows = Rows(
            time_us, lat_deg, lon_deg,
            speed_mps=None if speed_mps is None else unless_negative(speed_mps),
        )  # fmt: skip
        positions, _ = sift(rows, self.faults, lambda _row: where)
        if span is None and len(positions):
            span = int(positions.time_us.min()), int(positions.time_us.max())
        if span is None:
            return []
        length_m = _number(properties.get("distance"))
        return [_Section(properties, span, positions, timed, moved_of(properties), length_m)]

    def _times(self, properties: dict[str, Any], n_points: int, where: str) -> type_i64 | None:
        """Read the time of each point: in seconds, which are finer, or in milliseconds."""
        for name in ("times", "timestamps"):
            given = properties.get(name)
            if isinstance(given, list) and given and n_points:
                if len(given) == n_points:
                    return instants_us([_scalar(value) for value in given])
                self.faults.add("times-uneven", where, abs(len(given) - n_points))
        return None


def _moves(trip: dict[str, Any], sections: list[_Section]) -> list[Statement]:
    """State how each section was travelled.

    A mode told of the whole trip is that of its longest section, when nobody told one of
    the sections: phones ask once a trip, and the walk to the bus stays a walk.
    """
    properties = _dict(trip.get("properties"))
    whole = told_mode(properties.get("manual_mode"))
    if whole is not None and not any(section.moved.confirmed for section in sections):
        longest = max(sections, key=_weight, default=None)
        if longest is None:
            return _bare(properties, Moved(whole, confirmed=True))
        longest.moved = Moved(whole, confirmed=True)
    if not sections:
        return _bare(properties, Moved(Motion.UNKNOWN))
    return [_statement(section) for section in sections]


def _weight(section: _Section) -> float:
    lasts_us = section.span[1] - section.span[0]
    return section.length_m if section.length_m >= 0.0 else lasts_us / 1e6


def _statement(section: _Section) -> Statement:
    base = Statement(
        *section.span, ClaimKind.MOVE, section.moved.motion, distance_m=section.length_m,
        confirmed=section.moved.confirmed,
    )  # fmt: skip
    positions = section.positions
    if not len(positions):
        return base
    first, last = int(np.argmin(positions.time_us)), int(positions.time_us.argmax())
    return replace(
        base,
        lat_deg=float(positions.lat_deg[first]), lon_deg=float(positions.lon_deg[first]),
        end_lat_deg=float(positions.lat_deg[last]), end_lon_deg=float(positions.lon_deg[last]),
    )  # fmt: skip


def _bare(properties: dict[str, Any], moved: Moved) -> list[Statement]:
    """State a trip without sections by its ends."""
    span = _span(properties)
    if span is None:
        return []
    lat_deg, lon_deg = _point(_dict(properties.get("start_loc")).get("coordinates"))
    end_lat_deg, end_lon_deg = _point(_dict(properties.get("end_loc")).get("coordinates"))
    return [
        Statement(
            *span, ClaimKind.MOVE, moved.motion, lat_deg=lat_deg, lon_deg=lon_deg,
            end_lat_deg=end_lat_deg, end_lon_deg=end_lon_deg, confirmed=moved.confirmed,
            distance_m=_number(properties.get("distance")),
        )
    ]  # fmt: skip


def _features(trip: dict[str, Any], depth: int = 0) -> Iterator[dict[str, Any]]:
    """Give the features of a trip, those of its inner collections among them."""
    features = trip.get("features")
    for feature in features if isinstance(features, list) and depth < _MOST_NESTED else ():
        if isinstance(feature, dict):
            yield feature
            yield from _features(feature, depth + 1)


def _span(properties: dict[str, Any]) -> tuple[int, int] | None:
    start, end = _instant(properties, "start"), _instant(properties, "end")
    if start is None or end is None or end < start:
        return None
    return start, end


def _instant(properties: dict[str, Any], which: str) -> int | None:
    """Read a border from its count of seconds, else from its text."""
    for name in (f"{which}_ts", f"{which}_fmt_time"):
        instant = instants_us([_scalar(properties.get(name))])
        if bool(plausible(instant)[0]):
            return int(instant[0])
    return None


def _scalar(value: Any) -> str | float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return value


def _number(value: Any) -> float:
    given = _scalar(value)
    if given is None or isinstance(given, str) or not 0.0 <= given < 1e9:  # noqa: PLR2004 - beyond any way
        return _NAN
    return float(given)


def _column(values: Any, n_points: int) -> np.ndarray | None:
    if not isinstance(values, list) or len(values) != n_points:
        return None
    return np.array([_number(value) for value in values], dtype=np.float64)


def _point(coordinates: Any) -> tuple[float, float]:
    """Read a latitude and a longitude, NaN where there are none."""
    if not isinstance(coordinates, list) or len(coordinates) < 2:  # noqa: PLR2004 - a pair
        return _NAN, _NAN
    lon, lat = (_scalar(value) for value in coordinates[:2])
    try:
        return float(lat), float(lon)  # type: ignore[arg-type]  # caught
    except (TypeError, ValueError, OverflowError):
        return _NAN, _NAN


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
