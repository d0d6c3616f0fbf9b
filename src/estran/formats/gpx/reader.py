"""Reads a GPX document by expat's callbacks into rows, and rows into batches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import BinaryIO

import numpy as np

from estran.errors import FileUnreadable, FileWithoutPositions
from estran.formats.fields import veiled
from estran.formats.gpx.points import LEAVES, Points
from estran.formats.gpx.waypoints import Waypoint, visits_of
from estran.formats.lanes import Lanes
from estran.formats.piling import Pile
from estran.formats.point_template import Template
from estran.formats.reading import BATCH_POSITIONS, Batch, Faults
from estran.formats.statements import Ends, Statement, claims_of, ends_of
from estran.formats.titles import motion_of_track, recorder_of
from estran.formats.xml_stream import Shortcut, XmlStream
from estran.trace import Motion, Positions, Source, Stream, type_i64

_WAYPOINT_LIMIT = 100_000
_MOST_TEMPLATES = 8


@dataclass(slots=True)
class _Tracks:
    """Tracks whose claim is not yet made: their ends, their lane, how somebody moved."""

    ends: dict[int, Ends] = field(default_factory=dict)
    lanes: dict[int, int] = field(default_factory=dict)
    motions: dict[int, Motion] = field(default_factory=dict)


class GpxReader:
    """Reads one document; see :func:`estran.formats.gpx.read`."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._points = Points()
        self._route = Points()
        self._waypoints: list[Waypoint] = []
        self._place = ("", "")
        self._creator = ""
        self._n_tracks = 0
        self._n_segments = 0
        self._kind = self._title = ""
        self._lanes = Lanes()
        self._lane_of_open: tuple[int, int] = (-1, 0)
        self._tracks = _Tracks()
        self._pile = Pile()
        self._xml = XmlStream(
            starts={
                "gpx": self._start_root,
                "trk": self._start_track,
                "trkseg": self._start_segment,
                "trkpt": self._start_point,
                "rtept": self._start_point,
                "wpt": self._start_point,
            },
            ends={
                "trk": self._end_track,
                "trkpt": self._end_track_point,
                "rtept": self._end_route_point,
                "wpt": self._end_waypoint,
                "name": self._end_name,
                "type": self._end_type,
            },
            leaves=LEAVES,
            shortcut=Shortcut("trkpt>", self._take_run),
        )
        self._templates: list[Template] = []
        self._n_learnt = 0

    def batches(self, stream: BinaryIO) -> Iterator[Batch]:
        """Read the document; see :func:`estran.formats.gpx.read`."""
        for _ in self._xml.blocks(stream):
            if len(self._points) >= BATCH_POSITIONS:
                self._flush()
                yield from self._pile.ripe()
        if self._xml.fault:
            self._faults.add(self._xml.fault, f"line {self._xml.line}")
            self._end_track("")
        self._flush()
        self._flush_route()
        self._flush_waypoints()
        yield from self._pile.rest()
        if not self._pile.gave:
            raise FileUnreadable if self._xml.fault else FileWithoutPositions

    # Callbacks, in the order of a document.

    def _start_root(self, attributes: dict[str, str]) -> None:
        self._creator = recorder_of(attributes.get("creator", ""))

    def _start_track(self, _attributes: dict[str, str]) -> None:
        self._n_tracks += 1
        self._n_segments += 1
        self._kind = self._title = ""

    def _start_segment(self, _attributes: dict[str, str]) -> None:
        self._n_segments += 1

    def _start_point(self, attributes: dict[str, str]) -> None:
        self._xml.fields.clear()
        self._place = attributes.get("lat", ""), attributes.get("lon", "")

    def _end_track_point(self, _text: str) -> None:
        self._add_to(self._points)

    def _end_route_point(self, _text: str) -> None:
        if "time" in self._xml.fields:
            self._add_to(self._route)
        else:
            self._faults.add("route-planned", f"line {self._xml.line}")

    def _add_to(self, points: Points) -> None:
        fields = self._xml.fields
        fields["lat"], fields["lon"] = self._place
        points.add(fields, self._n_tracks, self._n_segments, self._xml.line)

    def _take_run(self, text: str, at: int) -> int:
        """Read the points that follow a point and are written like one known; see Shortcut."""
        if self._xml.stack[-1:] != ["trkseg"]:
            return at
        for template in self._templates:
            end = self._read_run(template, text, at)
            if end > at:
                return end
        return self._learn(text, at)

    def _learn(self, text: str, at: int) -> int:
        """Learn how the next point is written, and read the run that it begins."""
        stop = text.find("trkpt>", at)
        if stop < 0 or self._n_learnt >= _MOST_TEMPLATES:
            return at
        self._n_learnt += 1
        template = Template.of(text[at : stop + len("trkpt>")].lstrip(), LEAVES)
        if template is None:
            return at
        self._templates.insert(0, template)
        return self._read_run(template, text, at)

    def _read_run(self, template: Template, text: str, at: int) -> int:
        end, rows = template.taken(text, at)
        if rows:
            lines = _lines_of(text[at:end], self._xml.line, len(rows))
            self._points.extend(template.keys, rows, (self._n_tracks, self._n_segments), lines)
        return end

    def _end_waypoint(self, _text: str) -> None:
        time = self._xml.fields.get("time", "")
        if not time or len(self._waypoints) >= _WAYPOINT_LIMIT:
            self._faults.add("waypoint-undated", f"line {self._xml.line}")
            return
        self._waypoints.append(Waypoint(*self._place, time, self._xml.line))

    def _end_name(self, text: str) -> None:
        if self._xml.stack[-1:] == ["trk"]:
            self._title = text

    def _end_type(self, text: str) -> None:
        if self._xml.stack[-1:] == ["trk"]:
            self._kind = text

    def _end_track(self, _text: str) -> None:
        motion = motion_of_track(self._kind, self._title)
        if motion is not Motion.UNKNOWN:
            self._tracks.motions[self._n_tracks] = motion

    # From rows to batches.

    def _source(self, part: str, stream: Stream = Stream.RECORDED) -> Source:
        key = "/".join(filter(None, ("gpx", veiled(self._creator), part)))
        return Source(key, "gpx", self._creator, stream)

    def _lane_source(self, lane: int) -> Source:
        return self._source(str(lane + 1) if lane else "")

    def _flush(self) -> None:
        points, self._points = self._points, Points()
        if len(points):
            positions, kept = points.converted(self._faults)
            if kept.size:
                self._give_segments(
                    positions,
                    np.array(points.segment)[kept],
                    np.array(points.track)[kept],
                )
        self._give_claims()

    def _give_segments(self, positions: Positions, segment: type_i64, track: type_i64) -> None:
        """Put each segment on its lane, and each run of one lane on the pile."""
        starts = np.flatnonzero(np.diff(segment, prepend=segment[0] - 1))
        first_us = np.minimum.reduceat(positions.time_us, starts)
        last_us = np.maximum.reduceat(positions.time_us, starts)
        lane = np.empty(starts.size, dtype=np.int64)
        for i, row in enumerate(starts):
            lane[i] = self._lane(int(segment[row]), int(first_us[i]), int(last_us[i]))
        bounds = np.append(starts, len(positions))
        self._note_spans(positions, track, np.repeat(lane, np.diff(bounds)))
        lane_of_row = np.repeat(lane, np.diff(bounds))
        for number in np.unique(lane).tolist():
            piece = positions.take(lane_of_row == number)
            self._pile.add(self._lane_source(number), positions=piece)

    def _lane(self, segment: int, first_us: int, last_us: int) -> int:
        """Find a segment's lane; one that goes on from the last flush stays where it was."""
        if self._lane_of_open[0] != segment:
            self._lane_of_open = (segment, self._lanes.lane_of(first_us, last_us))
        return self._lane_of_open[1]

    def _note_spans(self, positions: Positions, track: type_i64, lane: type_i64) -> None:
        starts = np.flatnonzero(np.diff(track, prepend=track[0] - 1))
        bounds = [*starts.tolist(), len(positions)]
        for start, end in pairwise(bounds):
            number = int(track[start])
            known = self._tracks.ends.get(number)
            self._tracks.ends[number] = ends_of(positions.take(slice(start, end)), known)
            self._tracks.lanes.setdefault(number, int(lane[start]))

    def _give_claims(self) -> None:
        """Claim the motion of tracks that are over, and forget them."""
        tracks = self._tracks
        done = "trk" not in self._xml.stack or bool(self._xml.fault)
        stated: dict[int, list[Statement]] = {}
        for number in [n for n in tracks.ends if done or n < self._n_tracks]:
            ends, lane = tracks.ends.pop(number), tracks.lanes.pop(number)
            motion = tracks.motions.get(number, Motion.UNKNOWN)
            if motion is not Motion.UNKNOWN:
                stated.setdefault(lane, []).append(ends.moved(motion))
        for lane, statements in stated.items():
            self._pile.add(self._lane_source(lane), claims=claims_of(statements))
        tracks.motions.clear()

    def _flush_route(self) -> None:
        route, self._route = self._route, Points()
        if len(route):
            positions, _ = route.converted(self._faults)
            self._pile.add(self._source("route", Stream.PATH), positions=positions)

    def _flush_waypoints(self) -> None:
        if self._waypoints:
            visits = visits_of(
                self._waypoints,
                self._lanes.spans(),
                self._faults,
                lasting=self._creator.lower().startswith("arc"),
            )
            self._pile.add(self._source("waypoints", Stream.DECLARED), claims=visits)


def _lines_of(run: str, first: int, n_points: int) -> list[int] | range:
    """Tell on which line each point of a run ends."""
    n_breaks = run.count("\n")
    each, left = divmod(n_breaks, n_points)
    if not left:
        # Every point on as many lines, as programs write them.
        return (
            range(first + each, first + each * n_points + 1, each) if each else [first] * n_points
        )
    ends = run.split("trkpt>")[:-1]
    return [first + n for n in accumulate(piece.count("\n") for piece in ends)]
