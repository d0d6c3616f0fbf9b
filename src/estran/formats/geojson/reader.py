"""Reads GeoJSON and the lists of points that look like it, element by element."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import msgspec

from estran.errors import FileEmpty, FileUnreadable, FileWithoutPositions
from estran.formats.fields import veiled
from estran.formats.geojson.lines import read_line, span_of
from estran.formats.geojson.names import Part
from estran.formats.geojson.points import Plan, Plans, Points, device_of, motions_of
from estran.formats.geojson.shapes import LineShape, PointShape, shapes_of
from estran.formats.geojson.values import floats_of, instants_of, pairs_of
from estran.formats.json_head import Outline, outline
from estran.formats.json_stream import ROOT, records
from estran.formats.lanes import Lanes
from estran.formats.piling import Pile
from estran.formats.reading import HEAD_BYTES, Batch, Faults
from estran.formats.resumed import Resumed
from estran.formats.statements import Statement, claims_of
from estran.formats.times import plausible
from estran.trace import ClaimKind, Motion, Source, Stream

_DECODER = msgspec.json.Decoder(list[Any])
_DEVICE_LIMIT = 256
_HELD_POINTS = 10_000
_BLANKS = b" \t\r\n"


class GeoJsonReader:
    """Reads one text; see :func:`estran.formats.geojson.read`."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._plans = Plans()
        self._devices: dict[str, None] = {}
        self._points: dict[tuple[str, Plan, bool], Points] = {}
        self._statements: dict[str, list[Statement]] = {}
        self._lanes: dict[str, Lanes] = {}
        self._pile = Pile()
        self._n_records = 0
        self._n_held = 0

    def batches(self, stream: BinaryIO) -> Iterator[Batch]:
        """Read the text; see :func:`estran.formats.geojson.read`."""
        head = stream.read(HEAD_BYTES)
        if not head.strip(_BLANKS):
            head = _past_blanks(stream)
        wanted = _wanted(head)
        whole: Any = Resumed(head, stream)
        for _, elements in records(whole, wanted, self._faults):
            for element in elements:
                self._n_records += 1
                for shape in shapes_of(element):
                    self._take(shape)
                if self._n_held >= _HELD_POINTS:
                    self._flush()
            yield from self._pile.ripe()
        self._flush()
        yield from self._pile.rest()
        if not self._pile.gave:
            self._refuse()

    def _refuse(self) -> None:
        codes = {fault.code for fault in self._faults.listed()}
        raise FileUnreadable if codes & {"truncated", "record-broken"} else FileWithoutPositions

    def _take(self, shape: PointShape | LineShape) -> None:
        plan = self._plans.of(shape.properties)
        device = self._known(device_of(shape.properties, plan)) if plan.device else ""
        if isinstance(shape, LineShape):
            self._take_line(shape, plan.at, device)
        elif plan.has_interval or _is_event(shape.properties, plan):
            self._take_event(shape, plan.at, device)
        elif shape.coordinates != [] or Part.TIME in plan.at:
            self._take_point(shape, plan, device)

    def _known(self, device: str) -> str:
        """Keep devices apart as long as they are few."""
        if device not in self._devices:
            if len(self._devices) >= _DEVICE_LIMIT:
                self._faults.add("device-too-many", f"record {self._n_records}")
                return ""
            self._devices[device] = None
        return device

    def _take_point(self, shape: PointShape, plan: Plan, device: str) -> None:
        key = (device, plan, shape.coordinates is None)
        points = self._points.get(key)
        if points is None:
            points = self._points[key] = Points(plan)
        points.places.append(shape.coordinates)
        points.properties.append(shape.properties)
        points.records.append(self._n_records)
        self._n_held += 1

    def _take_event(self, shape: PointShape, plan: Mapping[Part, str], device: str) -> None:
        """Read a visit, or a trip whose mode was told."""
        properties = shape.properties
        place = self._place(shape, plan)
        span = span_of(properties, plan) or self._open_span(properties, plan)
        if span is None:
            self._faults.add("claim-unreadable", f"record {self._n_records}")
            return
        motion = next(iter(motions_of(properties.get(plan.get(Part.MOTION, "")))), Motion.UNKNOWN)
        lon, lat = (float(value) for value in floats_of(place))
        placed = abs(lat) <= 90.0 and abs(lon) <= 180.0 and (lat, lon) != (0.0, 0.0)  # noqa: PLR2004 - the globe
        is_trip = properties.get("type") == "trip"
        if not is_trip and not placed:
            self._faults.add("position-missing", f"record {self._n_records}")
            return
        statement = (
            Statement(*span, ClaimKind.MOVE, motion, confirmed=motion is not Motion.UNKNOWN)
            if is_trip
            else Statement(*span, ClaimKind.VISIT, Motion.STILL, lat_deg=lat, lon_deg=lon)
        )
        self._statements.setdefault(device, []).append(statement)

    def _place(self, shape: PointShape, plan: Mapping[Part, str]) -> tuple[Any, Any]:
        if shape.coordinates is None:
            names = (plan.get(Part.LONGITUDES, ""), plan.get(Part.LATITUDES, ""))
            return shape.properties.get(names[0]), shape.properties.get(names[1])
        return pairs_of([shape.coordinates])[0][:2]

    def _open_span(
        self, properties: dict[str, Any], plan: Mapping[Part, str]
    ) -> tuple[int, int] | None:
        """Read a visit that is not over, or whose beginning was not seen: up to its report."""
        names = [plan[part] for part in (Part.START, Part.END, Part.TIME) if part in plan]
        read = [int(t) for t in instants_of([properties[n] for n in names]).time_us]
        # Phones write the far past and the far future for "not known".
        sound = sorted(t for t in read if plausible(instants_of([t]).time_us).all())
        return (sound[0], sound[-1]) if sound else None

    def _take_line(self, shape: LineShape, plan: Mapping[Part, str], device: str) -> None:
        where = f"record {self._n_records}"
        positions, told, statement = read_line(shape, plan, self._faults, where)
        if statement is not None:
            self._statements.setdefault(device, []).append(statement)
        if len(positions):
            lane = 0
            if told:
                lanes = self._lanes.setdefault(device, Lanes())
                lane = lanes.lane_of(int(positions.time_us.min()), int(positions.time_us.max()))
            part = f"line{lane + 1}" if told else "waypoints"
            stream = Stream.RECORDED if told else Stream.WAYPOINTS
            self._pile.add(_source(device, part, stream), positions=positions)

    def _flush(self) -> None:
        """Turn what is held into columns; JSON values take a hundred times their room."""
        held, self._points = self._points, {}
        self._n_held = 0
        for (device, _, _), points in held.items():
            positions, activities = points.taken(self._faults)
            if len(positions):
                self._pile.add(_source(device), positions=positions, activities=activities)
        for device, statements in self._statements.items():
            if statements:
                source = _source(device, "claims", Stream.DECLARED)
                self._pile.add(source, claims=claims_of(statements))
                statements.clear()


def _source(device: str, part: str = "", stream: Stream = Stream.RECORDED) -> Source:
    tag = veiled(device) if device else ""
    return Source("/".join(filter(None, ("geojson", tag, part))), "geojson", device, stream)


def _is_event(properties: dict[str, Any], plan: Plan) -> bool:
    """Tell whether a point is a visit or a finished trip rather than a fix."""
    if plan.action and properties[plan.action] == "visit":
        return True
    return bool(plan.kind) and properties[plan.kind] == "trip"


def _wanted(head: bytes) -> dict[str, msgspec.json.Decoder[Any]]:
    """Choose which lists of the text hold its elements."""
    found = outline(head)
    if found.root == "{" and found.has("counts.points"):
        return dict.fromkeys(("points", "visits"), _DECODER)
    keys = [key for key in ("features", "locations") if found.root == "{" and found.has(key)]
    if not keys and "FeatureCollection" in found.words.get("type", set()):
        keys = ["features"]
    return dict.fromkeys(keys or [ROOT], _DECODER)


def is_whole_dawarich(found: Outline) -> bool:
    """Tell Dawarich's archive of a person by its counts, or a month of its visits."""
    return found.has("counts.points", "counts.visits") or found.has(
        "place_reference.latitude", "started_at"
    )


def _past_blanks(stream: BinaryIO) -> bytes:
    """Read on past blanks; a text of blanks alone is empty."""
    for _ in range(1024):
        piece = stream.read(HEAD_BYTES)
        if not piece:
            break
        if piece.strip(_BLANKS):
            return piece
    raise FileEmpty
