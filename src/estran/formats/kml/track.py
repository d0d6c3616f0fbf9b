"""One ``gx:Track``: parallel lists of instants and places, kept compact while they grow."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from estran.formats.coordinates import Rows, unless_negative
from estran.formats.fields import instants, note, numbers, positive, sift
from estran.formats.kml.coordinates import columns_of
from estran.formats.reading import Faults
from estran.formats.times import NEVER
from estran.trace import Positions, type_bool, type_f64, type_i64

_PIECE = 20_000
_MEASURES = {"speed": "speed", "accuracy": "accuracy", "horizontal_accuracy": "accuracy"}


@dataclass(slots=True)
class _Column:
    """Texts that become arrays piece by piece: 8 bytes a value instead of 80."""

    texts: list[str] = field(default_factory=list)
    done: list[NDArray[np.generic]] = field(default_factory=list)
    n: int = 0


@dataclass(slots=True)
class Track:
    """A track being read.

    Parameters
    ----------
    line : int
        Where it begins in the file.
    """

    line: int
    _whens: _Column = field(default_factory=_Column)
    _zoneless: list[type_bool] = field(default_factory=list)
    _coords: _Column = field(default_factory=_Column)
    _measures: dict[str, _Column] = field(default_factory=dict)

    def add_when(self, text: str) -> None:
        """Add an instant; an empty one stands for an unknown one."""
        self._whens.texts.append(text.strip())
        if len(self._whens.texts) >= _PIECE:
            self._pack_whens()

    def add_coord(self, text: str) -> None:
        """Add a place; an empty one stands for an unknown one."""
        self._coords.texts.append(text)
        if len(self._coords.texts) >= _PIECE:
            self._pack_coords()

    def add_measure(self, name: str, text: str) -> None:
        """Add a value of a measure that runs beside the track."""
        measure = _MEASURES.get(name.lower())
        if measure is None:
            return
        column = self._measures.setdefault(measure, _Column())
        column.texts.append(text)
        if len(column.texts) >= _PIECE:
            _pack_numbers(column)

    def positions(self, faults: Faults) -> Positions:
        """Pair instants and places; what one list lacks is counted, and left out."""
        self._pack_whens()
        self._pack_coords()
        n = min(self._whens.n, self._coords.n)
        if self._whens.n != self._coords.n:
            faults.add("times-uneven", f"line {self.line}", abs(self._whens.n - self._coords.n))
        if not n:
            return Positions.empty()

        def where(_row: int) -> str:
            return f"line {self.line}"

        time_us: type_i64 = np.concatenate(self._whens.done)[:n].astype(np.int64)
        note(faults, "zone-missing", np.concatenate(self._zoneless)[:n], where)
        places = np.concatenate(self._coords.done)[:n].astype(np.float64)
        rows = Rows(
            time_us,
            places[:, 1],
            places[:, 0],
            positive(self._measure("accuracy", n)),
            unless_negative(self._measure("speed", n)),
            None,
            places[:, 2],
        )
        return sift(rows, faults, where)[0]

    def _pack_whens(self) -> None:
        column = self._whens
        if column.texts:
            read = instants(column.texts)
            column.done.append(read.time_us)
            self._zoneless.append(read.zoneless & (read.time_us != NEVER))
            column.n += len(column.texts)
            column.texts = []

    def _pack_coords(self) -> None:
        column = self._coords
        if column.texts:
            # Blanks by the norm; commas in some files.
            separator = "," if "," in column.texts[0] else None
            column.done.append(np.stack(columns_of(column.texts, separator), axis=1))
            column.n += len(column.texts)
            column.texts = []

    def _measure(self, name: str, n: int) -> type_f64:
        column = self._measures.get(name)
        out = np.full(n, np.nan)
        if column is None:
            return out
        _pack_numbers(column)
        told = np.concatenate(column.done).astype(np.float64)
        # A list of another length runs beside another list: better nothing than shifted.
        return told if told.size == n else out


def _pack_numbers(column: _Column) -> None:
    if column.texts:
        column.done.append(numbers([text.strip() for text in column.texts]))
        column.n += len(column.texts)
        column.texts = []
