"""The table that Coach CO2 exports: a row a section, its arrays flattened into single cells.

It is no sound CSV: quotes inside a value are not escaped, zeros became blanks, and dates are
JavaScript's text on the clock of the browser. Names and purposes stand between the dates and
the numbers, so that a row is read from both its ends and what broke between them is passed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from estran.errors import FileHostile
from estran.formats.coach_co2.dates import instant_us
from estran.formats.cozy.documents import Told
from estran.formats.cozy.reader import TripReader
from estran.formats.reading import Batch, Faults, Format
from estran.timebase import US_PER_S

KEY = "coach-co2"
_HEADER = re.compile(rb'\A\s{0,9}"?Trip_Id"?[,;\t]')
_N_COLUMNS = 15
_N_AFTER_NAMES = 9
_LINE_BYTES = 16 << 20
_PIECE_BYTES = 1 << 16
_BLANK = re.compile(r"(?<=,) (?=,)|^ (?=,)|(?<=,) $")


def sniff(head: bytes) -> bool:
    """Tell whether a file begins with Coach CO2's names of columns.

    Examples
    --------
    >>> sniff(b'"Trip_Id","Trip_Start_Date","Section_Mode"')
    True
    """
    return bool(_HEADER.match(head)) and b"Section_" in head[:2000]


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Read sections as claims with their points as a thinned path.

    Raises
    ------
    FileWithoutPositions
        No row says when and where.
    FileHostile
        A line has no end.
    """
    reader = TripReader(faults, key=KEY)
    rows = _lines(stream)
    header = next(rows, "")
    separator = _separator(header)
    for number, line in enumerate(rows, 2):
        if not line.strip():
            continue
        trip = _trip(line, separator)
        if trip is None:
            faults.add("row-unreadable", f"line {number}")
            continue
        reader.take(Told(trip, ""), f"line {number}")
        yield from reader.ripe()
    yield from reader.rest()


def _separator(header: str) -> str:
    """Tell what parts the columns: a spreadsheet may have saved the table anew."""
    at = header.find("Trip_Id") + len("Trip_Id")
    return header[at : at + 2].replace('"', "")[:1] or ","


def _lines(stream: BinaryIO) -> Iterator[str]:
    held = b""
    while piece := stream.read(_PIECE_BYTES):
        *whole, held = (held + piece).split(b"\n")
        for line in whole:
            yield line.decode("utf-8", "replace").rstrip("\r")
        if len(held) > _LINE_BYTES:
            raise FileHostile
    if held:
        yield held.decode("utf-8", "replace")


def cells_of(line: str, separator: str = ",") -> list[str]:
    """Part a row, from both ends; fewer cells than the table has when it cannot be.

    Examples
    --------
    >>> cells_of('"a","b"c","d", ,"e"')
    ['a', 'b"c', 'd', '', 'e']
    """
    if separator != ",":
        return [cell.strip().strip('"') for cell in line.split(separator)]
    line = _BLANK.sub('""', line)
    return line.removeprefix('"').removesuffix('"').split('","')


def _trip(line: str, separator: str) -> dict[str, Any] | None:
    cells = cells_of(line, separator)
    if len(cells) < _N_COLUMNS:
        return None
    start, end, _, length, mode, places, _, times, speeds = cells[-_N_AFTER_NAMES:]
    start_us, end_us = instant_us(start), instant_us(end)
    flat = _numbers(places)
    properties: dict[str, Any] = {
        "feature_type": "section",
        "sensed_mode": mode.strip(),
        "distance": next(iter(_numbers(length)), None),
        "timestamps": _numbers(times),
        "speeds": _numbers(speeds),
    }
    if start_us is not None and end_us is not None:
        properties |= {"start_ts": start_us / US_PER_S, "end_ts": end_us / US_PER_S}
    places_of = [list(pair) for pair in zip(flat[::2], flat[1::2], strict=False)]
    line_of = {"type": "LineString", "coordinates": places_of}
    return {"features": [{"geometry": line_of, "properties": properties}]}


def _numbers(cell: str) -> list[float]:
    """Read a flattened array; one that holds anything else is empty."""
    try:
        return [float(part) for part in cell.split(",")] if cell.strip() else []
    except ValueError:
        return []


FORMAT = Format(KEY, sniff, read)
