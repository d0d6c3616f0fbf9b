"""Open a table by its content: CSV, XLSX, ODS; rows of texts, within bounds."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import ParseError

from estran.errors import FileEmpty, FileTooLarge, TableTooLong, TableUnreadable
from estran.formats.csv_positions.dialect import encoding_of
from estran.tickets.tables import ods, xlsx
from estran.tickets.tables.mapping import Table
from estran.tickets.tables.parts import MOST_COLUMNS, Parts, TooLong

MOST_BYTES = 24 << 20
MOST_ROWS = 20_000
"""Rows of one table: thirty tickets a day for two years."""

_HEADER_WITHIN = 30
_CELL = 300
_SEPARATORS = ";\t,|"
_NOT_TABLES = (b"%PDF", b"\xd0\xcf\x11\xe0", b"<", b"{", b"[", b"BEGIN:", b"\x89PNG", b"\xff\xd8")


_BROKEN = (
    ParseError, zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, RuntimeError,
    NotImplementedError, csv.Error, OverflowError,
)  # fmt: skip
"""What libraries raise on a file that is damaged, locked or packed in a way that they do not
know: ``zipfile`` says RuntimeError of a password, NotImplementedError of a method."""


def open_table(content: bytes, name: str) -> Table:
    """Read a table.

    Parameters
    ----------
    content : bytes
    name : str
        As it was sent, for the words of a refusal.

    Raises
    ------
    FileEmpty, FileTooLarge, TableTooLong
    FileHostile
        It unpacks to far more than it is.
    TableUnreadable
        It is none of the three, or damaged.
    """
    if not content.strip():
        raise FileEmpty(file=name)
    if len(content) > MOST_BYTES:
        raise FileTooLarge(file=name, limit_mib=MOST_BYTES >> 20)
    try:
        rows = _bounded(_rows(content, name))
    except TooLong as error:
        raise TableTooLong(file=name, limit_n=MOST_ROWS) from error
    except _BROKEN as error:
        raise TableUnreadable(file=name) from error
    if not rows:
        raise FileEmpty(file=name)
    top = _header(rows)
    return Table(tuple(rows[top]), tuple(tuple(row) for row in rows[top + 1 :]), top + 1)


def _rows(content: bytes, name: str) -> Iterator[list[str]]:
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as held:
            parts = Parts(held, name)
            yield from ods.rows(parts) if "content.xml" in parts else xlsx.rows(parts)
        return
    if content.lstrip().startswith(_NOT_TABLES):
        raise TableUnreadable(file=name)
    yield from _csv_rows(content, name)


def _csv_rows(content: bytes, name: str) -> Iterator[list[str]]:
    encoding = encoding_of(content[: 1 << 16])
    text = content.decode(encoding, errors="replace")
    if "\0" in text[:4096]:
        raise TableUnreadable(file=name)
    head = text[: 1 << 16].splitlines()[:_HEADER_WITHIN]

    def fits(mark: str) -> tuple[int, int]:
        return sum(mark in line for line in head), sum(line.count(mark) for line in head)

    separator = max(_SEPARATORS, key=fits)
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _bounded(rows: Iterable[list[str]]) -> list[list[str]]:
    """Keep rows with something in them, their cells cut and trimmed."""
    kept: list[list[str]] = []
    for row in rows:
        cells = [" ".join(cell[:_CELL].split()) for cell in row[:MOST_COLUMNS]]
        if any(cells):
            kept.append(cells)
        if len(kept) > MOST_ROWS + _HEADER_WITHIN:
            raise TooLong
    return kept


def _header(rows: list[list[str]]) -> int:
    """Find the line that names the columns: the first as full as the rest, without numbers."""
    head = rows[:_HEADER_WITHIN]
    width = max(sum(map(bool, row)) for row in head)
    for k, row in enumerate(head):
        full = sum(map(bool, row))
        if 2 * full > width and not any(_is_datum(cell) for cell in row if cell):
            return k
    return 0


def _is_datum(cell: str) -> bool:
    digits = sum(c.isdigit() for c in cell)
    return 2 * digits >= len(cell)
