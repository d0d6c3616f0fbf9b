"""Sets of rows: the same row brought twice is kept once, and knows all who brought it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from estran.vault.chunks import OWNERS, Chunk, type_rows

type_order = NDArray[np.intp]


def order_of(rows: type_rows, names: Sequence[str]) -> type_order:
    """Sort rows by all columns, the first weighing most."""
    first = rows[names[0]]
    order = np.argsort(first, kind="stable")
    instants = first[order]
    if not bool((instants[1:] == instants[:-1]).any()):
        return order
    # Ties are broken by the bits of the other columns, so that NaN has its place.
    keys = [_bits(rows[name]) for name in reversed(names)]
    return np.lexsort(keys)


def _bits(column: NDArray[Any]) -> NDArray[Any]:
    return column.view(f"i{column.dtype.itemsize}") if column.dtype.kind == "f" else column


def same_as_before(rows: type_rows, names: Sequence[str]) -> NDArray[np.bool_]:
    """Tell of each sorted row whether it equals the one before, column by column."""
    n = rows[names[0]].size
    same = np.zeros(n, np.bool_)
    if n:
        same[1:] = True
    for name in names:
        column = _bits(rows[name])
        same[1:] &= column[1:] == column[:-1]
        if not bool(same.any()):
            break
    return same


def merge(old: Chunk | None, new: Chunk) -> tuple[Chunk, int]:
    """Bring the rows of one import into what a day holds already.

    Parameters
    ----------
    old : Chunk or None
        What the day holds; sorted, each row once.
    new : Chunk
        Rows in any order, with duplicates perhaps, all of ``new.owner_sets[0]``.

    Returns
    -------
    tuple of Chunk and int
        The union, sorted, each row once with all who brought it, and how many rows are
        new. The union does not depend on who came first.
    """
    names = [name for name in new.rows if name != OWNERS]
    parts = [new] if old is None else [old, new]
    both = {name: np.concatenate([part.rows[name] for part in parts]) for name in names}
    order = order_of(both, names)
    both = {name: column[order] for name, column in both.items()}
    head = ~same_as_before(both, names)
    n_old = 0 if old is None else len(old)
    sets, owners = _owners(old, new, order, head)
    rows = {name: column[head] for name, column in both.items()}
    rows[OWNERS] = owners
    kept = Chunk(new.kind, new.day, new.source, sets, rows)
    return kept, len(kept) - n_old


def _owners(
    old: Chunk | None, new: Chunk, order: type_order, head: NDArray[np.bool_]
) -> tuple[tuple[tuple[str, ...], ...], NDArray[np.uint16]]:
    """Give each kept row the union of those who brought its copies."""
    brought = new.owner_sets[0]
    n_old = 0 if old is None else len(old)
    row = np.cumsum(head) - 1
    n = int(row[-1]) + 1 if row.size else 0
    again = np.zeros(n, np.bool_)
    again[row[order >= n_old]] = True
    # Code of the old set, or of the empty one where the row is new.
    old_sets = ((), *(() if old is None else old.owner_sets))
    code = np.zeros(n, np.intp)
    if old is not None:
        is_old = order < n_old
        code[row[is_old]] = old.rows[OWNERS][order[is_old]].astype(np.intp) + 1
    return interned(
        [*old_sets, *(tuple(sorted({*owners, *brought})) for owners in old_sets)],
        code + again * len(old_sets),
    )


def interned(
    sets: Sequence[tuple[str, ...]], code: NDArray[np.intp]
) -> tuple[tuple[tuple[str, ...], ...], NDArray[np.uint16]]:
    """Keep the sets in use, each once, sorted; renumber the codes."""
    used = np.unique(code)
    kept = tuple(sorted({sets[i] for i in used}))
    place = {owners: i for i, owners in enumerate(kept)}
    table = np.zeros(len(sets), np.uint16)
    for i in used:
        table[i] = place[sets[i]]
    return kept, table[code]


def without(chunk: Chunk, import_id: str) -> Chunk:
    """Take an import back: rows that nobody else brought go, the others stay.

    Parameters
    ----------
    chunk : Chunk
        Any chunk.
    import_id : str
        The import that is undone.
    """
    sets = [tuple(o for o in owners if o != import_id) for owners in chunk.owner_sets]
    code = chunk.rows[OWNERS].astype(np.intp)
    stays = np.array([bool(owners) for owners in sets], np.bool_)[code]
    rows = {name: column[stays] for name, column in chunk.rows.items()}
    kept, rows[OWNERS] = interned(sets, code[stays])
    return Chunk(chunk.kind, chunk.day, chunk.source, kept, rows)
