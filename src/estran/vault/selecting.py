"""Rows of a chunk that go, or change: the rest stays sorted, each row once, with its owners."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from estran.trace import ClaimKind
from estran.vault.chunks import OWNERS, SCHEMAS, Chunk, Kind, type_rows
from estran.vault.merge import interned, order_of, same_as_before

type_bool = NDArray[np.bool_]
type_spans = Sequence[tuple[int, int]]


def kept_rows(chunk: Chunk, keep: type_bool) -> Chunk:
    """Keep some rows; the same chunk where all stay."""
    if bool(keep.all()):
        return chunk
    rows = {name: column[keep] for name, column in chunk.rows.items()}
    sets, rows[OWNERS] = interned(chunk.owner_sets, rows[OWNERS].astype(np.intp))
    return Chunk(chunk.kind, chunk.day, chunk.source, sets, rows)


def with_rows(chunk: Chunk, rows: type_rows) -> Chunk:
    """Put changed rows (with their owners) in order; those that became alike are one.

    Parameters
    ----------
    chunk : Chunk
        Whose kind, day, source and sets of imports they keep.
    rows : dict of arrays
        Of any length.
    """
    names = list(SCHEMAS[chunk.kind])
    order = order_of(rows, names)
    rows = {name: column[order] for name, column in rows.items()}
    head = ~same_as_before(rows, names)
    sets = list(chunk.owner_sets)
    code = rows[OWNERS].astype(np.intp)
    if not bool(head.all()):
        groups = np.cumsum(head) - 1
        code = _united(sets, code, groups, int(head.sum()))
        rows = {name: column[head] for name, column in rows.items()}
    kept, rows[OWNERS] = interned(sets, code)
    return Chunk(chunk.kind, chunk.day, chunk.source, kept, rows)


def _united(
    sets: list[tuple[str, ...]], code: NDArray[np.intp], groups: NDArray[np.intp], n: int
) -> NDArray[np.intp]:
    """Give each group of like rows the union of their owners; ``sets`` grows as needed."""
    owners: list[set[str]] = [set() for _ in range(n)]
    for group, one in zip(groups.tolist(), code.tolist(), strict=True):
        owners[group] |= set(sets[one])
    place = {owned: row for row, owned in enumerate(sets)}
    out = np.empty(n, np.intp)
    for row, owned in enumerate(owners):
        told = tuple(sorted(owned))
        if told not in place:
            place[told] = len(sets)
            sets.append(told)
        out[row] = place[told]
    return out


def instants_in(time_us: NDArray[np.int64], spans: type_spans) -> type_bool:
    """Tell which instants lie in half-open spans that are in order and apart.

    Examples
    --------
    >>> instants_in(np.array([0, 4, 5, 9]), [(4, 5), (8, 12)])
    array([False,  True, False,  True])
    """
    starts = np.array([span[0] for span in spans], np.int64)
    ends = np.array([span[1] for span in spans], np.int64)
    if not starts.size:
        return np.zeros(time_us.size, np.bool_)
    before = np.searchsorted(starts, time_us, side="right") - 1
    return (before >= 0) & (time_us < ends[np.maximum(before, 0)])


def without_spans(chunk: Chunk, spans: type_spans) -> tuple[Chunk, list[type_rows]]:
    """Take spans of time out of a chunk.

    A statement that reaches into a span: a move goes whole, for half of it would tell of
    the other; a visit keeps what lies outside.

    Returns
    -------
    tuple of Chunk and list of dict
        What stays, and the parts of visits that begin anew after a span, with their
        ``owners``: they may belong to another day.
    """
    if chunk.kind != Kind.CLAIMS:
        first = next(iter(SCHEMAS[chunk.kind]))
        return kept_rows(chunk, ~instants_in(chunk.rows[first], spans)), []
    rows = chunk.rows
    touched = np.zeros(len(chunk), np.bool_)
    for start_us, end_us in spans:
        touched |= (rows["start_us"] < end_us) & (
            (rows["end_us"] > start_us)
            | ((rows["start_us"] == rows["end_us"]) & (rows["end_us"] >= start_us))
        )
    if not bool(touched.any()):
        return chunk, []
    parts = _visits_outside(rows, touched, spans)
    stays = kept_rows(chunk, ~touched)
    return stays, parts


def _visits_outside(rows: type_rows, touched: type_bool, spans: type_spans) -> list[type_rows]:
    parts: list[type_rows] = []
    for row in np.flatnonzero(touched & (rows["kind"] == ClaimKind.VISIT)).tolist():
        at_us, until_us = int(rows["start_us"][row]), int(rows["end_us"][row])
        for start_us, end_us in [*spans, (until_us, until_us)]:
            if start_us > at_us:
                parts.append(_visit(rows, row, at_us, min(start_us, until_us)))
            at_us = max(at_us, end_us)
            if at_us >= until_us:
                break
    return parts


def _visit(rows: type_rows, row: int, start_us: int, end_us: int) -> type_rows:
    part: dict[str, NDArray[Any]] = {
        name: column[row : row + 1].copy() for name, column in rows.items()
    }
    part["start_us"][0], part["end_us"][0] = start_us, end_us
    return part
