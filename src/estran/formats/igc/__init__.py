"""IGC: flight recorders of gliders and paragliders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from estran.formats.igc.reader import IgcReader
from estran.formats.reading import Batch, Faults, Format

_HEAD = re.compile(rb"\AA[A-Z0-9][^\n]{2,200}\r?\n(?:[^\n]{0,400}\n){0,60}?(?:HF|B\d{6})")


def sniff(head: bytes) -> bool:
    r"""Tell whether a file begins as IGC: who made it, then what flew.

    Examples
    --------
    >>> sniff(b"AXXX001\r\nHFDTE010524\r\n"), sniff(b"A,B\n1,2\n")
    (True, False)
    """
    return _HEAD.match(head) is not None


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Read the fixes of a flight, dated by its header.

    Raises
    ------
    FileOther
        Its header tells no day (``igc-undated``).
    """
    return IgcReader(faults).batches(stream)


FORMAT = Format("igc", sniff, read)
