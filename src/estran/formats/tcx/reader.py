"""Reads a TCX document into rows, and rows into batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from estran.errors import FileOther, FileUnreadable
from estran.formats.fields import number, veiled
from estran.formats.gpx.points import Points
from estran.formats.motions import motion_of
from estran.formats.piling import Pile
from estran.formats.point_template import Template
from estran.formats.reading import BATCH_POSITIONS, Batch, Faults
from estran.formats.statements import Ends, Statement, claims_of, ends_of
from estran.formats.titles import recorder_of
from estran.formats.xml_stream import Shortcut, XmlStream
from estran.trace import ClaimKind, Motion, Positions, Source

LEAVES: Mapping[str, str] = {
    "Time": "time",
    "LatitudeDegrees": "lat",
    "LongitudeDegrees": "lon",
    "AltitudeMeters": "ele",
    "Speed": "speed",
}
"""Elements of a point that are read; heart rate, cadence and power are not among them."""

_TAG = "/Trackpoint>"
"""With its stroke: a point begins with the same word and no attributes."""
_MOST_TEMPLATES = 8
_HELD_ROWS = 8 * BATCH_POSITIONS
"""An activity names its recorder at its end; a longer one is given out before."""

_SAYS_NOTHING = frozenset({Motion.UNKNOWN, Motion.OTHER})
"""``Other`` stands for walks, hikes and drives alike."""


class TcxReader:
    """Reads one document; see :func:`estran.formats.tcx.read`."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._pile = Pile()
        self._points = Points()
        self._held: list[Positions] = []
        self._ends: Ends | None = None
        self._sport = self._creator = ""
        self._distance_m = 0.0
        self._n_laps = 0
        self._planned = False
        self._templates: list[Template] = []
        self._n_learnt = 0
        self._xml = XmlStream(
            starts={
                "Activity": self._start_activity,
                "Lap": self._start_lap,
                "Course": self._start_course,
                "Trackpoint": self._start_point,
            },
            ends={
                "Activity": self._end_activity,
                "Trackpoint": self._end_point,
                "DistanceMeters": self._end_distance,
                "Name": self._end_name,
            },
            leaves=LEAVES,
            shortcut=Shortcut(_TAG, self._take_run),
        )

    def batches(self, stream: BinaryIO) -> Iterator[Batch]:
        """Read the document; see :func:`estran.formats.tcx.read`."""
        for _ in self._xml.blocks(stream):
            if len(self._points) >= BATCH_POSITIONS:
                self._convert()
            if sum(map(len, self._held)) >= _HELD_ROWS:
                self._release()
            yield from self._pile.ripe()
        if self._xml.fault:
            self._faults.add(self._xml.fault, f"line {self._xml.line}")
            self._end_activity("")
        yield from self._pile.rest()
        if not self._pile.gave:
            if self._xml.fault:
                raise FileUnreadable
            raise FileOther(kind="track-planned" if self._planned else "activity-indoor")

    def _start_activity(self, attributes: dict[str, str]) -> None:
        self._sport, self._creator = attributes.get("Sport", ""), ""
        self._distance_m, self._n_laps, self._ends = 0.0, 0, None

    def _start_lap(self, _attributes: dict[str, str]) -> None:
        self._n_laps += 1

    def _start_course(self, _attributes: dict[str, str]) -> None:
        self._planned = True

    def _start_point(self, _attributes: dict[str, str]) -> None:
        self._xml.fields.clear()

    def _end_point(self, _text: str) -> None:
        # In a tunnel, or indoors, a point has a time and no place.
        if "lat" in self._xml.fields and "Activity" in self._xml.stack:
            self._points.add(self._xml.fields, 0, 0, self._xml.line)

    def _end_distance(self, text: str) -> None:
        if self._xml.stack[-1:] == ["Lap"]:
            self._distance_m += number(text)

    def _end_name(self, text: str) -> None:
        if self._xml.stack[-1:] == ["Creator"]:
            self._creator = recorder_of(text)

    def _end_activity(self, _text: str) -> None:
        self._convert()
        self._release()
        motion = motion_of(self._sport)
        if self._ends is None or motion in _SAYS_NOTHING:
            return
        first, last = self._ends.first, self._ends.last
        statement = Statement(
            first[0], last[0], ClaimKind.MOVE, motion, *first[1:], *last[1:],
            distance_m=self._distance_m if self._n_laps else float("nan"),
        )  # fmt: skip
        self._pile.add(self._source(), claims=claims_of([statement]))
        self._ends = None

    def _take_run(self, text: str, at: int) -> int:
        """Read the points that follow a point and are written like one known; see Shortcut."""
        if self._xml.stack[-1:] != ["Track"] or "Activity" not in self._xml.stack:
            return at
        for template in self._templates:
            end = self._read_run(template, text, at)
            if end > at:
                return end
        stop = text.find(_TAG, at)
        if stop < 0 or self._n_learnt >= _MOST_TEMPLATES:
            return at
        self._n_learnt += 1
        template_or_none = Template.of(text[at : stop + len(_TAG)].lstrip(), LEAVES, _TAG)
        if template_or_none is None:
            return at
        self._templates.insert(0, template_or_none)
        return self._read_run(template_or_none, text, at)

    def _read_run(self, template: Template, text: str, at: int) -> int:
        end, rows = template.taken(text, at)
        if rows:
            # Points of one layout have as many lines each.
            each = text.count("\n", at, end) / len(rows)
            first = self._xml.line
            lines = [first + round(each * (i + 1)) for i in range(len(rows))]
            self._points.extend(template.keys, rows, (0, 0), lines)
        return end

    def _convert(self) -> None:
        points, self._points = self._points, Points()
        if not len(points):
            return
        positions, _ = points.converted(self._faults)
        if len(positions):
            self._held.append(positions)
            self._ends = ends_of(positions, self._ends)

    def _release(self) -> None:
        source = self._source()
        for positions in self._held:
            self._pile.add(source, positions=positions)
        self._held = []

    def _source(self) -> Source:
        key = f"tcx/{veiled(self._creator)}" if self._creator else "tcx"
        return Source(key, "tcx", self._creator)
