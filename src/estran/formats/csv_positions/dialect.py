"""How a table is laid out: encoding, separator, the line of names, lines to pass over."""

from __future__ import annotations

import codecs
import csv
import math
from dataclasses import dataclass

from estran.formats.csv_positions.headers import Columns, columns_of
from estran.formats.fields import number

_SEPARATORS = ";\t|,"
_HEADER_WITHIN = 64
_SAMPLE_LINES = 20
_FEWEST_LINES = 2
COMMENTS = ("#", "//")
_NOT_TABLES = ("<", "{", "[", "$", "PK", "%PDF", "BEGIN:")


@dataclass(frozen=True, slots=True)
class Layout:
    """What is needed to split the lines of a table.

    Parameters
    ----------
    encoding : str
        Name of the codec.
    separator : str
        One character.
    header_line : int
        Where the names stand, from 0.
    header : str
        That line.
    columns : Columns
        What the columns are.
    """

    encoding: str
    separator: str
    header_line: int
    header: str
    columns: Columns


def encoding_of(head: bytes) -> str:
    """Tell how a table is encoded: byte order mark, zero bytes, UTF-8, else Windows-1252.

    Examples
    --------
    >>> encoding_of("é".encode("utf-8")), encoding_of("é;".encode("latin-1"))
    ('utf-8-sig', 'cp1252')
    """
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head[1:2] == b"\0" and head[:1] != b"\0":
        return "utf-16-le"
    if head[:1] == b"\0" and head[1:2] != b"\0":
        return "utf-16-be"
    try:
        # A head may be cut within a character: an incremental decoder waits for the rest.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def head_lines(head: bytes) -> tuple[str, list[str]]:
    """Decode a head and give its whole lines; the last one may have been cut."""
    encoding = encoding_of(head)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return encoding, lines[:-1] if len(lines) > 1 else lines


def split_line(line: str, separator: str) -> list[str]:
    """Split one line into its fields; a line that cannot be split has none.

    Examples
    --------
    >>> split_line('a; "b;c" ;d', ";")
    ['a', 'b;c ', 'd']
    """
    try:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        return []


def layout_of(head: bytes) -> Layout | None:
    r"""Find the line that names the columns of places; None when there is none.

    Examples
    --------
    >>> layout = layout_of(b"# by hand\nlat;lon;time\n46,1;-1,1;2024-05-01T08:00:00Z\n")
    >>> layout.separator, layout.header_line, layout.columns.placed
    (';', 1, True)
    """
    encoding, lines = head_lines(head)
    if not _is_text(lines):
        return None
    for i, line in enumerate(lines[:_HEADER_WITHIN]):
        for separator in _SEPARATORS:
            if separator not in line:
                continue
            columns = columns_of(split_line(line.lstrip("#/ \ufeff"), separator))
            if columns.placed and (columns.dated or not _numeric(split_line(line, separator))):
                units = split_line(lines[i - 1].lstrip("# "), separator) if i else []
                names = split_line(line.lstrip("#/ \ufeff"), separator)
                if len(units) == len(names):
                    columns = columns_of(names, units)
                return Layout(encoding, separator, i, line, columns)
    return None


def _is_text(lines: list[str]) -> bool:
    first = lines[0].lstrip() if lines else ""
    return not first.startswith(_NOT_TABLES) and not any("\0" in line for line in lines[:5])


def _numeric(fields: list[str]) -> bool:
    return any(not math.isnan(number(field)) for field in fields)


def headless(head: bytes) -> bool:
    r"""Tell whether a head is rows of coordinates without any line of names.

    Examples
    --------
    >>> headless(b"46.1,-1.15,12\n46.2,-1.16,13\n46.3,-1.17,14\n")
    True
    """
    _, lines = head_lines(head)
    rows = [line for line in lines if line.strip() and not line.startswith(COMMENTS)]
    sample = rows[:_SAMPLE_LINES]
    if len(sample) < _FEWEST_LINES or not _is_text(lines):
        return False
    for separator in _SEPARATORS:
        fields = [split_line(line, separator) for line in sample]
        if len({len(row) for row in fields}) == 1 and all(map(_has_coordinates, fields)):
            return True
    return False


def _has_coordinates(fields: list[str]) -> bool:
    """Tell whether a row has two numbers with a fraction that fit the globe."""
    fractions = [number(f) for f in fields if "." in f or "," in f]
    return sum(abs(value) <= 180.0 for value in fractions) >= 2  # noqa: PLR2004 - a pair on the globe
