"""Reads the fixed columns of a flight's fixes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

import numpy as np

from estran.errors import FileOther
from estran.formats.coordinates import Rows, dated_positions
from estran.formats.fields import numbers, positive, veiled
from estran.formats.piling import Pile
from estran.formats.reading import BATCH_POSITIONS, Batch, Faults
from estran.formats.statements import Ends, claims_of, ends_of
from estran.trace import Motion, Source

_BLOCK_BYTES = 1 << 18
_LONGEST_LINE = 4096
_DAY_US = 86_400_000_000
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_FIX = re.compile(
    r"^B(\d\d)([0-5]\d)([0-5]\d)(\d\d)(\d{5})([NS])(\d{3})(\d{5})([EW])([AV])"
    r"([-\d]\d{4})([-\d]\d{4})(.*)$"
)
_DAY = re.compile(r"^HFDTE(?:DATE)?:?\s*(\d\d)(\d\d)(\d\d)")
_FXA = re.compile(r"(\d\d)(\d\d)FXA")
_HALF_DAY_S = 43_200
_FIRST_EXTENSION = 36
"""Columns are counted from 1; a fix without extensions has 35."""


class IgcReader:
    """Reads one flight; see :func:`estran.formats.igc.read`."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._pile = Pile()
        self._source = Source("igc", "igc")
        self._day: int | None = None
        self._clock_s = 0
        self._accuracy: slice | None = None
        self._rows: list[tuple[int, float, float, float, str]] = []
        self._ends: Ends | None = None
        self._undated = False

    def batches(self, stream: BinaryIO) -> Iterator[Batch]:
        """Read the flight; see :func:`estran.formats.igc.read`."""
        held = b""
        while piece := stream.read(_BLOCK_BYTES):
            block = held + piece
            cut = block.rfind(b"\n") + 1
            held = block[cut:] if len(block) - cut < _LONGEST_LINE else b""
            self._over(block[:cut])
            if len(self._rows) >= BATCH_POSITIONS:
                self._flush()
                yield from self._pile.ripe()
        self._over(held)
        self._flush()
        if self._ends is not None:
            claims = claims_of([self._ends.moved(Motion.OTHER)])
            self._pile.add(self._source, claims=claims)
        yield from self._pile.rest()
        if self._undated and not self._pile.gave:
            raise FileOther(kind="igc-undated")

    def _over(self, block: bytes) -> None:
        for line in block.decode("latin-1").splitlines():
            if line[:1] == "B":
                self._fix(line)
            elif line[:1] == "H":
                self._header(line)
            elif line[:1] == "I" and (found := _FXA.search(line)):
                start, stop = int(found[1]), int(found[2])
                if start >= _FIRST_EXTENSION:
                    self._accuracy = slice(start - 1, stop)
            elif line[:1] == "A":
                # Maker and number of the recorder: what tells two of them apart.
                self._source = Source(f"igc/{veiled(line[:7])}", "igc")

    def _header(self, line: str) -> None:
        found = _DAY.match(line)
        if found is None:
            return
        day, month, year = (int(text) for text in found.groups())
        try:
            told = date(2000 + year - 100 * (year >= 80), month, day)  # noqa: PLR2004 - the format is of 1995
        except ValueError:
            return
        self._day, self._clock_s = told.toordinal() - _EPOCH_ORDINAL, 0

    def _fix(self, line: str) -> None:
        found = _FIX.match(line)
        if found is None:
            self._faults.add("record-broken")
            return
        if self._day is None:
            self._undated = True
            self._faults.add("position-undated")
            return
        part = found.groups()
        clock_s = int(part[0]) * 3600 + int(part[1]) * 60 + int(part[2])
        if clock_s < self._clock_s - _HALF_DAY_S:
            self._day += 1
        self._clock_s = clock_s
        lat_deg = int(part[3]) + int(part[4]) / 60_000.0
        lon_deg = int(part[6]) + int(part[7]) / 60_000.0
        # Without height by satellites (V) there is that of the air pressure.
        height = float(part[11] if part[9] == "A" else part[10])
        self._rows.append(
            (
                self._day * _DAY_US + clock_s * 1_000_000,
                -lat_deg if part[5] == "S" else lat_deg,
                -lon_deg if part[8] == "W" else lon_deg,
                height,
                line[self._accuracy] if self._accuracy else "",
            )
        )

    def _flush(self) -> None:
        rows, self._rows = self._rows, []
        if not rows:
            return
        time_us, lat_deg, lon_deg, altitude_m, accuracy_m = zip(*rows, strict=True)
        positions = dated_positions(
            Rows(
                np.array(time_us, dtype=np.int64),
                np.array(lat_deg, dtype=np.float64),
                np.array(lon_deg, dtype=np.float64),
                positive(numbers(accuracy_m)),
                altitude_m=np.array(altitude_m, dtype=np.float64),
            ),
            self._faults,
        )
        self._pile.add(self._source, positions=positions)
        if len(positions):
            self._ends = ends_of(positions, self._ends)
