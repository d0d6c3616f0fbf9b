"""FIT: outings as watches and bicycle computers record them.

Only what tells where, when and how somebody went is decoded; heart rate, power and the rest
of the body are walked over and never read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from estran.formats.fit.reader import FitReader
from estran.formats.reading import Batch, Faults, Format


def sniff(head: bytes) -> bool:
    """Tell whether a file begins as FIT.

    Examples
    --------
    >>> sniff(bytes([14, 16, 0, 0, 0, 0, 0, 0]) + b".FIT"), sniff(b"<gpx>")
    (True, False)
    """
    return head[8:12] == b".FIT" and head[0] >= 12  # noqa: PLR2004 - the shortest header


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Read the positions of FIT files, one after the other, and the sports they name.

    Raises
    ------
    FileOther
        It is no outing (``device-file``), a plan (``track-planned``), or one without a
        position (``activity-indoor``).
    FileUnreadable
        It breaks before its first position.
    FileHostile
        It lays out more kinds of records than any recorder does.
    """
    return FitReader(faults).batches(stream)


FORMAT = Format("fit", sniff, read)
