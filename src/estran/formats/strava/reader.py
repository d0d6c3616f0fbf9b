"""Reads the list's rows into claims and marks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

import numpy as np

from estran.errors import FileHostile
from estran.formats.fields import number
from estran.formats.motions import motion_of
from estran.formats.piling import Pile
from estran.formats.reading import Batch, Faults
from estran.formats.statements import Statement, claims_of
from estran.formats.strava.dates import instant_us
from estran.formats.strava.headers import Columns, columns_of
from estran.formats.times import NEVER
from estran.trace import ClaimKind, MarkKind, Marks, Motion, Source, Stream

_LINE_LIMIT = 1 << 20
_SAMPLE_ROWS = 200
_AT_ONCE = 10_000
_LONGEST_S = 366 * 86_400.0
_SOURCE = Source("strava", "strava", "Strava", Stream.DECLARED)
_TRUE = frozenset({"true", "1", "1.0", "yes"})


def batches(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Read the list; see :func:`estran.formats.strava.read`."""
    rows = _rows(stream, faults)
    names = next(rows, [])
    sample = list(islice(rows, _SAMPLE_ROWS))
    columns = columns_of(names, sample)
    pile = Pile()
    while sample:
        _give(pile, sample, columns, faults)
        yield from pile.ripe()
        sample = list(islice(rows, _AT_ONCE))
    yield from pile.rest()


def _rows(stream: BinaryIO, faults: Faults) -> Iterator[list[str]]:
    """Split the rows; texts hold line breaks and quotes written both ways."""
    text = io.TextIOWrapper(stream, "utf-8", "replace", newline="")
    reader = csv.reader(_lines(text), escapechar="\\")
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            faults.add("row-unreadable", f"line {reader.line_num}")
            continue
        if row is None:
            # The stream is its owner's to close.
            text.detach()
            return
        if row:
            yield row


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(_LINE_LIMIT):
        if len(line) == _LINE_LIMIT:
            raise FileHostile
        yield line.replace("\0", "")


def _give(pile: Pile, rows: list[list[str]], columns: Columns, faults: Faults) -> None:
    statements: list[Statement] = []
    commutes: list[int] = []
    for row in rows:
        stated = _stated(row, columns, faults)
        if stated is None:
            continue
        if any(_cell(row, at).lower() in _TRUE for at in columns.commutes):
            commutes.append(stated.start_us)
        if stated.motion is not Motion.UNKNOWN:
            statements.append(stated)
    marks = Marks(
        time_us=np.array(commutes, dtype=np.int64),
        kind=np.full(len(commutes), MarkKind.COMMUTE_BEGAN, dtype=np.int8),
        source=np.zeros(len(commutes), dtype=np.int16),
    )
    pile.add(_SOURCE, claims=claims_of(statements) if statements else None, marks=marks)


def _stated(row: list[str], columns: Columns, faults: Faults) -> Statement | None:
    """Read one activity; None when it cannot be read or has no file of its own."""
    start_us = instant_us(_cell(row, columns.when))
    elapsed_s = number(_cell(row, columns.elapsed))
    if start_us == NEVER or not 0.0 < elapsed_s < _LONGEST_S:
        faults.add("claim-unreadable", f"activity {_cell(row, 0)[:20]}")
        return None
    file = _cell(row, columns.file)
    if not file:
        # Written by hand, or on a treadmill: nothing tells which.
        faults.add("activity-by-hand")
        return None
    if file.startswith("#"):
        faults.add("activity-file-missing")
    length_m = number(_cell(row, columns.far)) * (1.0 if columns.far_in_metres else 1000.0)
    return Statement(
        start_us, start_us + round(elapsed_s * 1e6), ClaimKind.MOVE,
        motion_of(_cell(row, columns.kind)), distance_m=length_m,
    )  # fmt: skip


def _cell(row: list[str], at: int) -> str:
    return row[at].strip() if 0 <= at < len(row) else ""
