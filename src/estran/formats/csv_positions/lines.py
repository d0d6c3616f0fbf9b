"""Cuts a table of any length into blocks of whole lines, and lines into fields."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from estran.errors import FileHostile
from estran.formats.csv_positions.dialect import COMMENTS, Layout
from estran.formats.reading import Faults

BLOCK_BYTES = 1 << 20
_LINE_LIMIT = 1 << 20
_FIELD_LIMIT = 100_000
_JOIN_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows, as one flat list of fields, or as a list of rows of unequal lengths.

    Parameters
    ----------
    fields : list of str
        Row after row, ``n_fields`` each; empty when ``rows`` is given.
    rows : list of list of str
        Rows that the fast road could not take.
    lines : sequence of int
        On which line of the file each row stands, from 1.
    """

    fields: list[str]
    n_fields: int
    rows: list[list[str]]
    lines: list[int] | range

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.lines)

    def column(self, at: int) -> list[str]:
        """Give one column."""
        if self.fields:
            return self.fields[at :: self.n_fields]
        return [row[at] for row in self.rows]

    def with_fields(self, n_needed: int, n_required: int, faults: Faults) -> Block:
        """Fill up rows that end early, and leave out those that lack a required field."""
        sizes = [self.n_fields] * len(self) if self.fields else [len(row) for row in self.rows]
        if min(sizes, default=n_needed) >= n_needed:
            return self
        kept = [i for i, size in enumerate(sizes) if size >= n_required]
        short = [i for i, size in enumerate(sizes) if size < n_required]
        if short:
            faults.add("row-unreadable", f"line {self.lines[short[0]]}", len(short))
        rows = self.rows
        if self.fields:
            n = self.n_fields
            rows = [self.fields[i * n : (i + 1) * n] for i in range(len(self))]
        whole = [[*rows[i], *[""] * (n_needed - sizes[i])] for i in kept]
        return Block([], 0, whole, [self.lines[i] for i in kept])


def blocks(stream: BinaryIO, head: bytes, layout: Layout, faults: Faults) -> Iterator[Block]:
    """Read the rows that follow the header.

    Parameters
    ----------
    head : bytes
        What was already read of the stream.

    Raises
    ------
    FileHostile
        A line has no end.
    """
    first_line = 1
    for text in _texts(stream, head, layout.encoding):
        n_lines = text.count("\n") + 1
        skip = max(0, layout.header_line + 2 - first_line)
        if skip:
            text = text.split("\n", skip)[skip] if skip < n_lines else ""  # noqa: PLW2901 - past the header
        if text:
            yield _block(text, first_line + skip, layout, faults)
        first_line += n_lines


def _texts(stream: BinaryIO, head: bytes, encoding: str) -> Iterator[str]:
    """Decode a table into pieces of whole lines, without the line break at their end."""
    decoder = io.IncrementalNewlineDecoder(
        codecs.getincrementaldecoder(encoding)("replace"), translate=True
    )
    tail = ""
    # The first block decides much: it is as long as the others.
    piece = head + (stream.read(BLOCK_BYTES) if head else b"")
    while piece:
        text = tail + decoder.decode(piece)
        cut = text.rfind("\n")
        tail = text[cut + 1 :]
        if len(tail) > _LINE_LIMIT:
            raise FileHostile
        if cut >= 0:
            yield text[:cut]
        piece = stream.read(BLOCK_BYTES)
    last = (tail + decoder.decode(b"", final=True)).removesuffix("\n")
    if last:
        yield last


def _block(text: str, first_line: int, layout: Layout, faults: Faults) -> Block:
    """Split a text into rows, passing over blank lines, comments and repeated headers."""
    if _is_plain(text, layout):
        regular = _regular(text, first_line, layout.separator)
        if regular is not None:
            return regular
    lines = text.split("\n")
    chosen = [i for i, line in enumerate(lines) if not _passed_over(line, layout.header)]
    numbers = [first_line + i for i in chosen]
    lines = [lines[i] for i in chosen]
    if '"' in text:
        lines, numbers = _joined_quotes(lines, numbers, layout.separator)
    rows = _split(lines, layout.separator)
    if rows is None:
        return _split_one_by_one(lines, numbers, layout.separator, faults)
    return Block([], 0, rows, numbers)


def _is_plain(text: str, layout: Layout) -> bool:
    """Tell whether a text has no quote, no line to pass over and no blank one."""
    return not (
        '"' in text
        or "\n\n" in text
        or "#" in text
        or "//" in text
        or text[:1] == "\n"
        or text[-1:] == "\n"
        or layout.header in text
    )


def _regular(text: str, first_line: int, separator: str) -> Block | None:
    """Split a text whose lines all have the same number of fields; None when they do not."""
    codes = np.frombuffer(text.encode("utf-8"), dtype=np.uint8)
    marks = codes[(codes == ord(separator)) | (codes == ord("\n"))]
    n_lines = text.count("\n") + 1
    n_fields = (marks.size + 1) // n_lines
    if (marks.size + 1) != n_lines * n_fields or n_fields < 2:  # noqa: PLR2004 - a table
        return None
    # With as many marks as there should be, line breaks in their places prove all lines.
    if not (marks[n_fields - 1 :: n_fields] == ord("\n")).all():
        return None
    fields = text.replace("\n", separator).split(separator)
    return Block(fields, n_fields, [], range(first_line, first_line + n_lines))


def _passed_over(line: str, header: str) -> bool:
    return line == header or line.startswith(COMMENTS) or not line.strip(" \t\x1a\x00")


def _joined_quotes(
    lines: list[str], numbers: list[int], separator: str
) -> tuple[list[str], list[int]]:
    """Join the lines of one record, where a quoted field holds line breaks.

    A stray quote would swallow the rest of the file: where the next line can stand alone, or
    no near line closes the quote, the line stays alone.
    """
    out: list[str] = []
    kept: list[int] = []
    i = 0
    while i < len(lines):
        line, n_joined = lines[i], 1
        if line.count('"') % 2:
            n_joined = _n_of_record(lines, i, separator)
            line = " ".join(lines[i : i + n_joined]) if n_joined > 1 else line.replace('"', "")
        out.append(line)
        kept.append(numbers[i])
        i += n_joined
    return out, kept


def _n_of_record(lines: list[str], at: int, separator: str) -> int:
    """Count the lines of the record that begins with an open quote."""
    n_separators = lines[at].count(separator)
    for n_more in range(1, min(_JOIN_LIMIT, len(lines) - at - 1) + 1):
        following = lines[at + n_more]
        if following.count(separator) >= max(n_separators, 1):
            return 1
        if following.count('"') % 2:
            return n_more + 1
    return 1


def _split(lines: list[str], separator: str) -> list[list[str]] | None:
    """Split all lines at once; None when one of them resists or swallowed another."""
    if max(map(len, lines), default=0) > _FIELD_LIMIT:
        return None
    try:
        rows = list(csv.reader(lines, delimiter=separator, skipinitialspace=True))
    except csv.Error:
        return None
    return rows if len(rows) == len(lines) else None


def _split_one_by_one(
    lines: list[str], numbers: list[int], separator: str, faults: Faults
) -> Block:
    rows: list[list[str]] = []
    kept: list[int] = []
    for line, line_number in zip(lines, numbers, strict=True):
        split = _split([line], separator)
        if split:
            rows.append(split[0])
            kept.append(line_number)
        else:
            faults.add("row-unreadable", f"line {line_number}")
    return Block([], 0, rows, kept)
