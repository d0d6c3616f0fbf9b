"""Reads sentences block by block; one fix is what those of one moment say together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

import numpy as np

from estran.errors import FileOther
from estran.formats.coordinates import Rows, dated_positions, unless_negative
from estran.formats.fields import bearing, numbers
from estran.formats.piling import Pile
from estran.formats.reading import BATCH_POSITIONS, Batch, Faults
from estran.formats.times import NEVER
from estran.trace import Positions, Source, type_f64, type_i64

_BLOCK_BYTES = 1 << 18
_LONGEST_LINE = 4096
_SENTENCE = re.compile(rb"\$[A-Z]{2}(RMC|GGA|ZDA),([^*\r\n$]*)(?:\*([0-9A-Fa-f]{2}))?")
_CLOCK = re.compile(r"\d{6}(?:\.\d*)?", re.ASCII)
_MOST_UNDATED = 300_000
"""Fixes kept until a day is told: more than three days at one a second."""

_KNOT_MPS = 1852.0 / 3600.0
_DAY_US = 86_400_000_000
_HALF_DAY_S = 43_200.0
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_SOURCE = Source("nmea", "nmea")
_UNTOLD = np.iinfo(np.int32).min
_RMC_FIELDS, _GGA_FIELDS, _ZDA_FIELDS = 9, 9, 4


@dataclass(slots=True)
class _Fixes:
    """Fixes as sentences tell them; days are counted from the first one where none is told."""

    clock: list[str] = field(default_factory=list)
    day: list[int] = field(default_factory=list)
    lats: list[str] = field(default_factory=list)
    lons: list[str] = field(default_factory=list)
    south: list[bool] = field(default_factory=list)
    west: list[bool] = field(default_factory=list)
    speeds: list[str] = field(default_factory=list)
    courses: list[str] = field(default_factory=list)
    heights: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        """Count the fixes."""
        return len(self.clock)

    def positions(self, epoch_day: int, faults: Faults) -> Positions:
        """Convert, given the day since 1970 from which days are counted."""
        time_us = _clock_us(self.clock)
        days = np.array(self.day, dtype=np.int64) + epoch_day
        rows = Rows(
            np.where(time_us == NEVER, NEVER, days * _DAY_US + time_us),
            _degrees(self.lats, self.south),
            _degrees(self.lons, self.west),
            None,
            unless_negative(numbers(self.speeds)) * _KNOT_MPS,
            bearing(numbers(self.courses)),
            numbers(self.heights),
        )
        return dated_positions(rows, faults)


class NmeaReader:
    """Reads one log; see :func:`estran.formats.nmea.read`."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._pile = Pile()
        self._fixes = _Fixes()
        self._lap = 0
        """Midnights passed since the first sentence."""
        self._clock, self._clock_s = "", 0.0
        self._told: tuple[str, str, str, int] = ("", "", "", 0)
        self._epoch_day = _UNTOLD
        """The day since 1970 on which the first sentence was said, once one tells it."""

    def batches(self, stream: BinaryIO) -> Iterator[Batch]:
        """Read the log; see :func:`estran.formats.nmea.read`."""
        held = b""
        while piece := stream.read(_BLOCK_BYTES):
            block = held + piece
            cut = block.rfind(b"\n") + 1 or len(block)
            # A line without end is no sentence.
            held = block[cut:] if len(block) - cut < _LONGEST_LINE else b""
            self._over(block[:cut])
            if len(self._fixes) >= BATCH_POSITIONS and self._epoch_day != _UNTOLD:
                self._flush()
                yield from self._pile.ripe()
            elif len(self._fixes) >= _MOST_UNDATED:
                break
        self._over(held)
        if self._epoch_day == _UNTOLD:
            if len(self._fixes):
                raise FileOther(kind="nmea-undated")
            return
        self._flush()
        yield from self._pile.rest()

    def _flush(self) -> None:
        fixes, self._fixes = self._fixes, _Fixes()
        self._pile.add(_SOURCE, positions=fixes.positions(self._epoch_day, self._faults))

    def _over(self, block: bytes) -> None:
        """Take the sound sentences of a block."""
        found = list(_SENTENCE.finditer(block))
        if not found:
            return
        summed = np.bitwise_xor.accumulate(np.frombuffer(block, dtype=np.uint8))
        starts = np.array([m.start() for m in found])
        ends = np.array([m.end(2) for m in found])
        sums = (summed[ends - 1] ^ summed[starts]).tolist()
        n_wrong = 0
        for match, summed_up in zip(found, sums, strict=True):
            kind, text, told = match.groups()
            if told is not None and int(told, 16) != summed_up:
                n_wrong += 1
                continue
            self._sentence(kind, text.decode("ascii", "replace").split(","))
        if n_wrong:
            self._faults.add("sentence-damaged", "", n_wrong)

    def _sentence(self, kind: bytes, parts: list[str]) -> None:
        told = _CLOCK.match(parts[0].strip())
        if told is None:
            if parts[0]:
                self._faults.add("position-undated")
            return
        clock = told[0]
        if kind == b"RMC" and len(parts) >= _RMC_FIELDS:
            self._pass_to(clock)
            self._tell_day(parts[8][:2], parts[8][2:4], parts[8][4:6])
            if parts[1] != "V" and parts[2]:
                self._fix(clock, parts[2:6], knots=parts[6], course=parts[7])
        elif kind == b"GGA" and len(parts) >= _GGA_FIELDS:
            self._pass_to(clock)
            if parts[5] not in ("0", "") and parts[1]:
                self._fix(clock, parts[1:5], height=parts[8])
        elif kind == b"ZDA" and len(parts) >= _ZDA_FIELDS:
            self._pass_to(clock)
            self._tell_day(*parts[1:4])

    def _pass_to(self, clock: str) -> None:
        """Count a midnight where the clock falls back by more than half a day."""
        if clock == self._clock:
            return
        self._clock = clock
        clock_s = int(clock[:2]) * 3600.0 + int(clock[2:4]) * 60.0 + int(clock[4:6])
        self._lap += clock_s < self._clock_s - _HALF_DAY_S
        self._clock_s = clock_s

    def _tell_day(self, day: str, month: str, year: str) -> None:
        """Learn the day; fixes already read are of the same first day, unless the log jumped."""
        if self._told == (day, month, year, self._lap):
            return
        if not (day.isdecimal() and month.isdecimal() and year.isdecimal()):
            return
        whole = int(year) if len(year) == 4 else 2000 + int(year) - 100 * (int(year) >= 80)  # noqa: PLR2004 - no receiver is older
        try:
            told = date(whole, int(month), int(day)).toordinal() - _EPOCH_ORDINAL
        except ValueError:
            return
        if self._epoch_day == _UNTOLD:
            self._epoch_day = told - self._lap
        else:
            # A recorder that was off for days counts no midnights.
            self._lap = told - self._epoch_day
        self._told = (day, month, year, self._lap)

    def _fix(
        self, clock: str, place: list[str], *, knots: str = "", course: str = "", height: str = ""
    ) -> None:
        """Add a fix, or add to the one of the same moment."""
        fixes = self._fixes
        if fixes.clock and fixes.clock[-1] == clock and fixes.day[-1] == self._lap:
            fixes.speeds[-1] = fixes.speeds[-1] or knots
            fixes.courses[-1] = fixes.courses[-1] or course
            fixes.heights[-1] = fixes.heights[-1] or height
            return
        fixes.clock.append(clock)
        fixes.day.append(self._lap)
        fixes.lats.append(place[0])
        fixes.south.append(place[1] == "S")
        fixes.lons.append(place[2])
        fixes.west.append(place[3] == "W")
        fixes.speeds.append(knots)
        fixes.courses.append(course)
        fixes.heights.append(height)


def _degrees(texts: list[str], negative: list[bool]) -> type_f64:
    """Read degrees and minutes written together: 4612.5 is 46° 12.5'."""
    told = numbers(texts)
    whole = np.floor(told / 100.0)
    minutes = told - whole * 100.0
    degrees = np.where(minutes < 60.0, whole + minutes / 60.0, np.nan)  # noqa: PLR2004 - a degree
    return np.where(np.array(negative, dtype=np.bool_), -degrees, degrees)


def _clock_us(texts: list[str]) -> type_i64:
    """Read hhmmss.sss as microseconds since midnight."""
    told = numbers(texts)
    fine = told < 240_000.0  # noqa: PLR2004 - midnight
    told = np.where(fine, told, 0.0)
    hours = np.floor(told / 10_000.0)
    minutes = np.floor(told / 100.0) - hours * 100.0
    seconds = told - np.floor(told / 100.0) * 100.0
    clock_us = np.rint((hours * 3600.0 + minutes * 60.0 + seconds) * 1e6).astype(np.int64)
    return np.where(fine, clock_us, NEVER)
