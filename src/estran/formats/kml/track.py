"""One ``gx:Track``: parallel lists of instants and places, kept compact while they grow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from estran.formats.coordinates import Rows, unless_negative
from estran.formats.fields import instants, note, numbers, positive, sift
from estran.formats.kml.coordinates import columns_of
from estran.formats.reading import Faults
from estran.formats.times import NEVER, plausible
from estran.trace import Positions, type_bool, type_f64

_T = TypeVar("_T", bound=np.generic)

_PIECE = 20_000
_MEASURES = {"speed": "speed", "accuracy": "accuracy", "horizontal_accuracy": "accuracy"}


@dataclass(slots=True)
class _Column(Generic[_T]):
    """Texts that become arrays piece by piece: 8 bytes a value instead of 80."""

    texts: list[str] = field(default_factory=list)
    done: list[NDArray[_T]] = field(default_factory=list)
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
    _whens: _Column[np.int64] = field(default_factory=_Column)
    _zoneless: list[type_bool] = field(default_factory=list)
    _coords: _Column[np.float64] = field(default_factory=_Column)
    _measures: dict[str, _Column[np.float64]] = field(default_factory=dict)

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

    def span_us(self) -> tuple[int, int]:
        """Tell the first and the last instant that are plausible; (0, 0) when none is."""
        self._pack_whens()
        known = [t[plausible(t)] for t in self._whens.done]
        ends = [(int(t.min()), int(t.max())) for t in known if t.size]
        return (min(ends)[0], max(end for _, end in ends)) if ends else (0, 0)

    def pieces(self, faults: Faults) -> Iterator[Positions]:
        """Pair instants and places; what one list lacks is counted, and left out.

        Pieces are of bounded size, and what they were made of is let go.
        """
        self._pack_whens()
        self._pack_coords()
        n_whens, n_coords = self._whens.n, self._coords.n
        if n_whens != n_coords:
            faults.add("times-uneven", f"line {self.line}", abs(n_whens - n_coords))
        n = min(n_whens, n_coords)
        if not n:
            return
        accuracy_m, speed_mps = (self._measure(name, n) for name in ("accuracy", "speed"))
        time_us, zoneless = np.concatenate(self._whens.done), np.concatenate(self._zoneless)
        first = 0
        # Places are packed in pieces of their own: one stays at hand while it is used.
        for places in self._coords.done:
            last = min(first + len(places), n)
            if last <= first:
                return
            rows = slice(first, last)
            yield self._piece(
                Rows(
                    time_us[rows],
                    places[: last - first, 1],
                    places[: last - first, 0],
                    None if accuracy_m is None else positive(accuracy_m[rows]),
                    None if speed_mps is None else unless_negative(speed_mps[rows]),
                    None,
                    places[: last - first, 2],
                ),
                zoneless[rows],
                faults,
            )
            first = last

    def _piece(self, rows: Rows, zoneless: type_bool, faults: Faults) -> Positions:
        def where(_row: int) -> str:
            return f"line {self.line}"

        note(faults, "zone-missing", zoneless, where)
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

    def _measure(self, name: str, n: int) -> type_f64 | None:
        column = self._measures.get(name)
        if column is None:
            return None
        _pack_numbers(column)
        # A list of another length runs beside another list: better nothing than shifted.
        return np.concatenate(column.done) if column.n == n else None


def _pack_numbers(column: _Column[np.float64]) -> None:
    if column.texts:
        column.done.append(numbers([text.strip() for text in column.texts]))
        column.n += len(column.texts)
        column.texts = []
