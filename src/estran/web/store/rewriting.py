"""Evidence in a vault rewritten: rows taken out or changed, all in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from estran.errors import VaultDamaged
from estran.trace import Source
from estran.vault.chunks import OWNERS, Chunk, Kind, type_rows, values_of
from estran.vault.index import Index, Place
from estran.web.store import evidence
from estran.web.store.session import Session

type_change = Callable[[Chunk], tuple[Chunk, list[type_rows]]]
"""Gives the chunk as it shall be (itself where nothing changes) and rows to add anew."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Which chunks are looked at; all by default.

    Parameters
    ----------
    first_us, last_us : int or None
        Only those that touch this span.
    source : str or None
        Only those of the source of this key.
    if_damaged : str
        What becomes of a chunk that does not open: ``"raise"``, ``"skip"``, or ``"drop"``
        where all that is in it shall go as far as one knows.
    """

    first_us: int | None = None
    last_us: int | None = None
    source: str | None = None
    if_damaged: Literal["raise", "skip", "drop"] = "raise"


EVERYTHING = Reach()


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What became of the evidence.

    ``days`` are UTC days that lost rows or had some changed, ``owners`` the imports that
    brought rows of these days.
    """

    n_positions: int = 0
    n_rows: int = 0
    days: tuple[date, ...] = ()
    owners: tuple[str, ...] = ()


def rewrite(
    session: Session, change: type_change, reach: Reach, *, for_good: bool = True
) -> Rewritten:
    """Put each chunk through a change, and forget what nothing names any more.

    Where it is not ``for_good`` nothing is written: the answer tells what would be.
    """
    index = evidence.copy_of(session.index)
    ready: list[tuple[Place, Chunk]] = []
    anew: list[tuple[Chunk, type_rows]] = []
    n_positions = n_rows = 0
    days: set[date] = set()
    owners: set[str] = set()
    for place in _within(index, reach):
        try:
            old = evidence.open_chunk(session, index, place)
        except VaultDamaged:
            if reach.if_damaged == "raise":
                raise
            if reach.if_damaged == "drop":
                ready.append((place, _nothing_at(index, place)))
            continue
        kept, parts = change(old)
        if kept is old and not parts:
            continue
        ready.append((place, kept))
        anew.extend((old, rows) for rows in parts)
        n_rows += len(old) - len(kept)
        n_positions += len(old) - len(kept) if place.kind == Kind.POSITIONS else 0
        days.add(evidence.date_of(place.day))
        owners |= {owner for owned in old.owner_sets for owner in owned}
    if ready and for_good:
        evidence.write_chunks(session, index, ready)
        for old, rows in anew:
            _add_anew(session, old, rows)
        session.touch_index(evidence.pruned(session.index))
    return Rewritten(n_positions, n_rows, tuple(sorted(days)), tuple(sorted(owners)))


def _within(index: Index, reach: Reach) -> Iterable[Place]:
    places = [place for kind in Kind for place in index.within(kind, reach.first_us, reach.last_us)]
    return [
        place
        for place in places
        if reach.source is None or index.sources[place.source].key == reach.source
    ]


def _nothing_at(index: Index, place: Place) -> Chunk:
    source: Source = index.sources[place.source]
    return Chunk(place.kind, place.day, source, (), {OWNERS: np.empty(0, np.uint16)})


def _add_anew(session: Session, old: Chunk, rows: type_rows) -> None:
    """Merge rows for each import that had brought them."""
    n = rows[OWNERS].size
    values = values_of(old.kind, rows, np.zeros(n, np.int16))
    for owner in old.owner_sets[int(rows[OWNERS][0])] if n else ():
        evidence.add(session, old.source, values, owner)
