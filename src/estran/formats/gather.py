"""Gather batches into evidence, whatever the order they come in, and twice counts once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from estran.formats.reading import Batch
from estran.trace import Activities, Claims, Columns, Evidence, Marks, Source, Trace

_C = TypeVar("_C", bound=Columns)
_Column = NDArray[Any]
_POSITION_KEY = ("lon_deg", "lat_deg", "source", "time_us")
_FILLED = ("accuracy_m", "speed_mps", "bearing_deg", "altitude_m")


class _Store:
    """Columns that grow in place: no second copy is made when they are joined."""

    def __init__(self, kind: type[Columns]) -> None:
        empty = kind.empty()
        self._dtypes = {f.name: getattr(empty, f.name).dtype for f in fields(kind)}
        self._bytes = {name: bytearray() for name in self._dtypes}

    def add(self, piece: Columns | None, source: int) -> None:
        """Keep a piece under the number its source has here."""
        if piece is None or not len(piece):
            return
        for name, dtype in self._dtypes.items():
            column = getattr(piece, name)
            if name == "source":
                column = np.full(len(piece), source, dtype)
            self._bytes[name] += np.ascontiguousarray(column).data

    def columns(self, ranks: NDArray[np.int16]) -> dict[str, _Column]:
        """Give the columns and empty the store; sources are renumbered by rank."""
        columns: dict[str, _Column] = {}
        for name, dtype in self._dtypes.items():
            columns[name] = np.frombuffer(self._bytes[name], dtype=dtype)
            self._bytes[name] = bytearray()
        columns["source"] = ranks[columns["source"]]
        return columns


class Gatherer:
    """Takes batches in any order; gives the same evidence for the same data.

    About 45 bytes a position are held. Sources with the same key are one source. Two rows
    that say the same of the same source are one row.

    Examples
    --------
    >>> from estran.trace import Positions
    >>> phone = Source("gpx/phone", "gpx")
    >>> batch = Batch(phone, positions=Positions.of([2, 1, 2], [46.0] * 3, [-1.0] * 3))
    >>> gatherer = Gatherer()
    >>> gatherer.add(batch)
    >>> gatherer.add(batch)
    >>> evidence = gatherer.finish()
    >>> evidence.trace.time_us.tolist(), gatherer.n_duplicates
    ([1, 2], 4)
    """

    def __init__(self) -> None:
        self._sources: dict[str, Source] = {}
        self._numbers: dict[str, int] = {}
        self._positions = _Store(Trace)
        self._activities = _Store(Activities)
        self._claims = _Store(Claims)
        self._marks = _Store(Marks)
        self.n_duplicates = 0

    def add(self, batch: Batch) -> None:
        """Keep what a batch holds."""
        source = batch.source
        number = self._numbers.setdefault(source.key, len(self._numbers))
        known = self._sources.get(source.key)
        if known is None or _sorting(source) < _sorting(known):
            self._sources[source.key] = source
        self._positions.add(batch.positions, number)
        self._activities.add(batch.activities, number)
        self._claims.add(batch.claims, number)
        self._marks.add(batch.marks, number)

    def finish(self) -> Evidence:
        """Sort, drop what was said twice, and give everything; empties the gatherer."""
        order = sorted(self._numbers)
        ranks = np.zeros(len(order), dtype=np.int16)
        for rank, key in enumerate(order):
            ranks[self._numbers[key]] = rank
        sources = tuple(self._sources[key] for key in order)
        trace = self._trace(ranks)
        evidence = Evidence(
            trace=trace,
            activities=_distinct(Activities, self._activities, ranks),
            claims=_distinct(Claims, self._claims, ranks),
            marks=_distinct(Marks, self._marks, ranks),
            sources=sources,
        )
        self._sources, self._numbers = {}, {}
        return evidence

    def _trace(self, ranks: NDArray[np.int16]) -> Trace:
        columns = self._positions.columns(ranks)
        if not _rising(columns["time_us"]):
            order = np.lexsort([columns[name] for name in _POSITION_KEY])
            _reorder(columns, order)
            self.n_duplicates += _merge_equal(columns)
        return Trace(**columns)


def _sorting(source: Source) -> tuple[str, str, int]:
    return source.format, source.device, int(source.stream)


def _rising(column: _Column) -> bool:
    return bool((column[1:] > column[:-1]).all())


def _reorder(columns: dict[str, _Column], order: NDArray[np.intp]) -> None:
    """Put columns in order one by one, so that only one is held twice."""
    for name in tuple(columns):
        columns[name] = columns[name][order]


def _merge_equal(columns: dict[str, _Column]) -> int:
    """Make one of neighbours with the same source, instant and place.

    What one of them does not tell is filled in from the other; where both tell, the lower
    value is kept, so that the order in which they came does not matter.
    """
    same = np.ones(columns["time_us"].size - 1, dtype=bool)
    for name in _POSITION_KEY:
        same &= columns[name][1:] == columns[name][:-1]
    n_same = int(np.count_nonzero(same))
    if n_same:
        starts = np.flatnonzero(np.concatenate([[True], ~same]))
        for name in tuple(columns):
            if name in _FILLED:
                columns[name] = np.fmin.reduceat(columns[name], starts)
            else:
                columns[name] = columns[name][starts]
    return n_same


def _distinct(kind: type[_C], store: _Store, ranks: NDArray[np.int16]) -> _C:
    """Sort rows by all their columns, the first one first, and keep one of equal rows."""
    columns = store.columns(ranks)
    n_rows = columns["source"].size
    if not n_rows:
        return kind.empty()
    if _rising(next(iter(columns.values()))):
        return kind(**columns)
    # lexsort's last key rules; NaN sorts last, in a fixed place.
    order = np.lexsort(list(reversed(columns.values())))
    _reorder(columns, order)
    same = np.ones(n_rows - 1, dtype=bool)
    for column in columns.values():
        same &= _equal_neighbours(column)
    if same.any():
        _reorder(columns, np.flatnonzero(np.concatenate([[True], ~same])))
    return kind(**columns)


def _equal_neighbours(column: _Column) -> NDArray[np.bool_]:
    equal: NDArray[np.bool_] = column[1:] == column[:-1]
    if column.dtype.kind == "f":
        missing = column != column  # noqa: PLR0124 - NaN is what differs from itself
        equal |= missing[1:] & missing[:-1]
    return equal


def evidence_of(batches: Iterator[Batch] | Sequence[Batch]) -> Evidence:
    """Gather batches at once."""
    gatherer = Gatherer()
    for batch in batches:
        gatherer.add(batch)
    return gatherer.finish()
