"""Tables of positions: any separator, any usual names, dates and units."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from estran.formats.csv_positions.dialect import headless, layout_of
from estran.formats.csv_positions.reader import TableReader
from estran.formats.reading import Batch, Faults, Format


def sniff(head: bytes) -> bool:
    r"""Tell whether a file begins as a table with columns of places, named or not.

    Examples
    --------
    >>> sniff(b"time;lat;lon\n"), sniff(b"id,name\n1,x\n")
    (True, False)
    """
    return layout_of(head) is not None or headless(head)


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Read a table of dated positions, each device apart, and what it says of modes.

    Raises
    ------
    FileOther
        It has no line of column names (``table-headless``).
    FileWithoutPositions
        It has no column of dates, or no row with a date and a place.
    FileHostile
        A line has no end.
    """
    return TableReader(faults).batches(stream)


FORMAT = Format("csv-positions", sniff, read)
