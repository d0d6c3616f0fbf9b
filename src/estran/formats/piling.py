"""Gather small pieces of one file into batches worth handing on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from estran.formats.reading import BATCH_POSITIONS, Batch
from estran.trace import Activities, Claims, Columns, Marks, Positions, Source

_C = TypeVar("_C", bound=Columns)


@dataclass(slots=True)
class _Heap:
    positions: list[Positions] = field(default_factory=list)
    activities: list[Activities] = field(default_factory=list)
    claims: list[Claims] = field(default_factory=list)
    marks: list[Marks] = field(default_factory=list)
    n_rows: int = 0


@dataclass(slots=True)
class Pile:
    """Pieces by source, given out as batches of about :data:`BATCH_POSITIONS` rows.

    Examples
    --------
    >>> pile = Pile()
    >>> pile.add(Source("a", "gpx"), positions=Positions.of([10**15], [46.0], [-1.0]))
    >>> list(pile.ripe()), [len(batch.positions) for batch in pile.rest()]
    ([], [1])
    """

    gave: bool = False
    """Whether anything was ever given out."""
    _heaps: dict[Source, _Heap] = field(default_factory=dict)
    _n_rows: int = 0

    def add(
        self,
        source: Source,
        *,
        positions: Positions | None = None,
        activities: Activities | None = None,
        claims: Claims | None = None,
        marks: Marks | None = None,
    ) -> None:
        """Put pieces on a source's heap; empty ones are dropped."""
        heap = self._heaps.setdefault(source, _Heap())
        if positions:
            heap.positions.append(positions)
        if activities:
            heap.activities.append(activities)
        if claims:
            heap.claims.append(claims)
        if marks:
            heap.marks.append(marks)
        n_rows = sum(len(piece or ()) for piece in (positions, activities, claims, marks))
        heap.n_rows += n_rows
        self._n_rows += n_rows

    def ripe(self) -> Iterator[Batch]:
        """Give out everything once there is enough for a batch."""
        if self._n_rows >= BATCH_POSITIONS:
            yield from self.rest()

    def rest(self) -> Iterator[Batch]:
        """Give out everything."""
        heaps, self._heaps, self._n_rows = self._heaps, {}, 0
        for source, heap in heaps.items():
            if heap.n_rows:
                self.gave = True
                yield Batch(
                    source,
                    positions=_joined(Positions, heap.positions),
                    activities=_joined(Activities, heap.activities),
                    claims=_joined(Claims, heap.claims),
                    marks=_joined(Marks, heap.marks),
                )


def _joined(kind: type[_C], pieces: list[_C]) -> _C | None:
    """Join pieces; whatever their source columns said, a batch is of one source."""
    if not pieces:
        return None
    joined = kind.concatenate(pieces)
    return replace(joined, source=np.zeros(len(joined), dtype=np.int16))  # type: ignore[call-arg]  # every kind has it
