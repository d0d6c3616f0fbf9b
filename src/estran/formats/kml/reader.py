"""Reads a KML document by expat's callbacks, placemark by placemark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO

import numpy as np

from estran.errors import FileUnreadable, FileWithoutPositions
from estran.formats.coordinates import Rows
from estran.formats.fields import instants, note, number, sift, veiled
from estran.formats.kml.coordinates import columns_of, tuples_of
from estran.formats.kml.track import Track
from estran.formats.lanes import Lanes
from estran.formats.piling import Pile
from estran.formats.reading import BATCH_POSITIONS, Batch, Faults
from estran.formats.spreading import spread_us
from estran.formats.statements import Ends, Statement, claims_of, ends_of
from estran.formats.times import NEVER
from estran.formats.titles import motion_of_track, recorder_of
from estran.formats.xml_stream import XmlStream
from estran.trace import ClaimKind, Motion, Positions, Source, Stream, type_f64, type_i64

_LINES = frozenset({"LineString", "LinearRing"})
_FEATURE = "Placemark"


@dataclass(slots=True)
class _Placemark:
    """What one placemark says."""

    line: int
    name: str = ""
    category: str = ""
    distance_m: float = float("nan")
    when: str = ""
    begin: str = ""
    end: str = ""
    points: list[str] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)
    tracks: list[Track] = field(default_factory=list)


class KmlReader:
    """Reads one document; see :func:`estran.formats.kml.read`."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._placemark: _Placemark | None = None
        self._track: Track | None = None
        self._data_name = ""
        self._generator = ""
        self._lanes = Lanes()
        self._ready: list[_Placemark] = []
        self._dated: list[tuple[str, str, int]] = []
        self._statements: list[Statement] = []
        self._pile = Pile()
        self._xml = XmlStream(
            starts={
                "Placemark": self._start_placemark,
                "Track": self._start_track,
                "Data": self._start_data,
                "SimpleData": self._start_data,
                "SimpleArrayData": self._start_data,
            },
            ends={
                "Placemark": self._end_placemark,
                "Track": self._end_track,
                "name": self._end_name,
                "when": self._end_when,
                "begin": self._end_begin,
                "end": self._end_end,
                "coord": self._end_coord,
                "coordinates": self._end_coordinates,
                "value": self._end_value,
                "SimpleData": self._end_simple_data,
                "generator": self._end_generator,
            },
            leaves={},
        )

    def batches(self, stream: BinaryIO) -> Iterator[Batch]:
        """Read the document; see :func:`estran.formats.kml.read`."""
        for _ in self._xml.blocks(stream):
            yield from self._taken()
        if self._xml.fault:
            self._faults.add(self._xml.fault, f"line {self._xml.line}")
            self._end_track("")
            self._end_placemark("")
        yield from self._taken()
        self._flush()
        yield from self._pile.rest()
        if not self._pile.gave:
            raise FileUnreadable if self._xml.fault else FileWithoutPositions

    def _taken(self) -> Iterator[Batch]:
        """Take in the placemarks that ended since; tracks are long, and given piece by piece."""
        ready, self._ready = self._ready, []
        for mark in ready:
            ends = None
            for track in mark.tracks:
                source = self._track_source(track)
                for positions in track.pieces(self._faults):
                    if len(positions):
                        self._pile.add(source, positions=positions)
                        ends = ends_of(positions, ends)
                        yield from self._pile.ripe()
            self._take(mark, ends)
        if len(self._dated) >= BATCH_POSITIONS:
            self._flush()
        yield from self._pile.ripe()

    def _source(self, part: str, stream: Stream) -> Source:
        tag = veiled(self._generator) if self._generator else ""
        key = "/".join(filter(None, ("kml", tag, part)))
        return Source(key, "kml", self._generator, stream)

    # Callbacks, in the order of a document.

    def _start_placemark(self, _attributes: dict[str, str]) -> None:
        self._placemark = _Placemark(self._xml.line)

    def _start_track(self, _attributes: dict[str, str]) -> None:
        self._track = Track(self._xml.line)

    def _start_data(self, attributes: dict[str, str]) -> None:
        self._data_name = attributes.get("name", "")

    def _end_generator(self, text: str) -> None:
        self._generator = recorder_of(text)

    def _end_name(self, text: str) -> None:
        if self._placemark is not None and self._xml.stack[-1:] == [_FEATURE]:
            self._placemark.name = text.strip()[:200]

    def _end_when(self, text: str) -> None:
        parent = self._xml.stack[-1] if self._xml.stack else ""
        if parent == "Track" and self._track is not None:
            self._track.add_when(text)
        elif self._of_placemark():
            self._placed().when = text.strip()

    def _end_begin(self, text: str) -> None:
        if self._of_placemark():
            self._placed().begin = text.strip()

    def _end_end(self, text: str) -> None:
        if self._of_placemark():
            self._placed().end = text.strip()

    def _of_placemark(self) -> bool:
        """Tell whether a time is the placemark's own, and not a camera's or a folder's."""
        return self._placemark is not None and self._xml.stack[-2:-1] == [_FEATURE]

    def _placed(self) -> _Placemark:
        if self._placemark is None:
            self._placemark = _Placemark(self._xml.line)
        return self._placemark

    def _end_coord(self, text: str) -> None:
        if self._track is not None:
            self._track.add_coord(text)

    def _end_coordinates(self, text: str) -> None:
        parent = self._xml.stack[-1] if self._xml.stack else ""
        if self._placemark is None:
            return
        places = tuples_of(text)
        if parent == "Point":
            self._placemark.points.append(places[0] if places else "")
        elif parent in _LINES and "Polygon" not in self._xml.stack:
            self._placemark.lines.append(places)

    def _end_value(self, text: str) -> None:
        if self._track is not None and self._xml.stack[-1:] == ["SimpleArrayData"]:
            self._track.add_measure(self._data_name, text)
        else:
            self._note_data(text)

    def _end_simple_data(self, text: str) -> None:
        self._note_data(text)

    def _note_data(self, text: str) -> None:
        if self._placemark is None:
            return
        name = self._data_name.lower()
        if name in {"category", "activity", "activitytype", "type", "mode"}:
            self._placemark.category = text.strip()[:200]
        elif name == "distance":
            self._placemark.distance_m = number(text)

    def _end_track(self, _text: str) -> None:
        track, self._track = self._track, None
        if track is not None:
            self._placed().tracks.append(track)

    def _end_placemark(self, _text: str) -> None:
        placemark, self._placemark = self._placemark, None
        if placemark is not None:
            self._ready.append(placemark)

    # From placemarks to evidence.

    def _take(self, mark: _Placemark, ends: Ends | None) -> None:
        """Understand a placemark, whose tracks have ends when they hold positions."""
        span = self._span(mark)
        motion = motion_of_track(mark.category, mark.name)
        if mark.tracks:
            if motion is not Motion.UNKNOWN:
                self._state_move(mark, motion, ends, span)
        elif span is not None and mark.lines:
            self._state_move(mark, motion, self._spread(mark, span), span)
        elif span is not None and mark.points:
            self._state_visit(mark, span)
        elif mark.points and (mark.when or mark.begin):
            self._dated += [(point, mark.when or mark.begin, mark.line) for point in mark.points]
        else:
            n_places = len(mark.points) + sum(map(len, mark.lines))
            if n_places:
                self._faults.add("position-undated", f"line {mark.line}", n_places)

    def _span(self, mark: _Placemark) -> tuple[int, int] | None:
        if not (mark.begin and mark.end):
            return None
        read = instants([mark.begin, mark.end])
        start_us, end_us = int(read.time_us[0]), int(read.time_us[1])
        if NEVER in {start_us, end_us} or end_us < start_us:
            self._faults.add("claim-unreadable", f"line {mark.line}")
            return None
        note(self._faults, "zone-missing", read.zoneless, lambda _row: f"line {mark.line}")
        return start_us, end_us

    def _places(self, places: list[str], time_us: type_i64, mark: _Placemark) -> Positions:
        lon_deg, lat_deg, altitude_m = columns_of(places, ",")
        rows = Rows(time_us, lat_deg, lon_deg, altitude_m=_unless_flat(altitude_m))
        return sift(rows, self._faults, lambda _row: f"line {mark.line}")[0]

    def _spread(self, mark: _Placemark, span: tuple[int, int]) -> Ends | None:
        """Spread a placemark's lines over its interval; several share it evenly."""
        slot_us = (span[1] - span[0]) // len(mark.lines)
        ends = None
        for i, places in enumerate(mark.lines):
            lon_deg, lat_deg, _ = columns_of(places, ",")
            first_us = span[0] + i * slot_us
            time_us = spread_us(lat_deg, lon_deg, first_us, first_us + slot_us)
            positions = self._places(places, time_us, mark)
            if len(positions):
                self._pile.add(self._source("waypoints", Stream.WAYPOINTS), positions=positions)
                ends = ends_of(positions, ends)
        return ends

    def _state_move(
        self, mark: _Placemark, motion: Motion, ends: Ends | None, span: tuple[int, int] | None
    ) -> None:
        """State how a line or a track was travelled."""
        if ends is None:
            return
        statement = ends.moved(motion, span)
        if 0.0 <= mark.distance_m < 1e9:  # noqa: PLR2004 - beyond any trip
            statement = replace(statement, distance_m=mark.distance_m)
        self._statements.append(statement)

    def _state_visit(self, mark: _Placemark, span: tuple[int, int]) -> None:
        places = mark.points[:1]
        positions = self._places(places, np.array([span[0]], dtype=np.int64), mark)
        if len(positions):
            self._statements.append(
                Statement(
                    *span,
                    ClaimKind.VISIT,
                    Motion.STILL,
                    lat_deg=float(positions.lat_deg[0]),
                    lon_deg=float(positions.lon_deg[0]),
                )
            )

    def _track_source(self, track: Track) -> Source:
        """Find the lane of the recorder that wrote a track."""
        lane = self._lanes.lane_of(*track.span_us())
        return self._source(str(lane + 1) if lane else "", Stream.RECORDED)

    def _flush(self) -> None:
        """Give the dated points and the statements."""
        dated, self._dated = self._dated, []
        if dated:
            places, times, lines = zip(*dated, strict=True)
            read = instants(times)

            def where(row: int) -> str:
                return f"line {lines[row]}"

            note(self._faults, "zone-missing", read.zoneless, where)
            lon_deg, lat_deg, altitude_m = columns_of(places, ",")
            rows = Rows(read.time_us, lat_deg, lon_deg, altitude_m=_unless_flat(altitude_m))
            positions, _ = sift(rows, self._faults, where)
            self._pile.add(self._source("points", Stream.RECORDED), positions=positions)
        if self._statements:
            claims = claims_of(self._statements)
            self._statements = []
            self._pile.add(self._source("claims", Stream.DECLARED), claims=claims)


def _unless_flat(altitude_m: type_f64) -> type_f64:
    """Forget altitudes that are all 0: how KML's writers fill a place they must not leave out."""
    return altitude_m if bool((altitude_m != 0.0).any()) else np.full(altitude_m.size, np.nan)
