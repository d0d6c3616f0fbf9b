"""Changes of chunks of evidence: time taken out, places taken out or moved to a centre."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from estran.privacy import Zone, never_kept, never_kept_visits, veiled, veiled_claims
from estran.trace import Claims, Columns, Positions
from estran.vault.chunks import OWNERS, Chunk, Kind, columns_of, type_rows, values_of
from estran.vault.selecting import kept_rows, with_rows, without_spans
from estran.web.store.rewriting import type_change


def without_time(spans: Sequence[tuple[int, int]]) -> type_change:
    """Take spans out."""
    return lambda chunk: without_spans(chunk, spans)


def without_all(chunk: Chunk) -> tuple[Chunk, list[type_rows]]:
    """Take everything out."""
    return kept_rows(chunk, np.zeros(len(chunk), np.bool_)), []


def in_zones(zones: Sequence[Zone]) -> type_change:
    """Blur or take out what lies in zones."""

    def change(chunk: Chunk) -> tuple[Chunk, list[type_rows]]:
        if not len(chunk) or chunk.kind not in {Kind.POSITIONS, Kind.CLAIMS}:
            return chunk, []
        values = values_of(chunk.kind, chunk.rows, np.zeros(len(chunk), np.int16))
        seen: Columns
        if isinstance(values, Claims):
            dropped = never_kept_visits(values, zones)
            seen = veiled_claims(values.take(~dropped), zones)[0]
        else:
            positions = cast("Positions", values)
            dropped = never_kept(positions, zones)
            seen = veiled(positions.take(~dropped), zones).positions
        if seen == values:
            return chunk, []
        rows = columns_of(seen)
        rows[OWNERS] = chunk.rows[OWNERS][~dropped]
        return with_rows(chunk, rows), []

    return change


def both(first: type_change, second: type_change) -> type_change:
    """Do one change, then another on what it leaves."""

    def change(chunk: Chunk) -> tuple[Chunk, list[type_rows]]:
        kept, parts = first(chunk)
        if not len(kept):
            return kept, parts
        kept, more = second(kept)
        return kept, [*parts, *more]

    return change
