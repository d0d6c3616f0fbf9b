"""TCX: outings in Garmin's Training Center format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from estran.formats.reading import Batch, Faults, Format
from estran.formats.tcx.reader import TcxReader
from estran.formats.xml_stream import root_name


def sniff(head: bytes) -> bool:
    """Tell whether a file begins as TCX.

    Examples
    --------
    >>> sniff(b"<TrainingCenterDatabase>"), sniff(b"<gpx>")
    (True, False)
    """
    return root_name(head) == "trainingcenterdatabase"


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Read the positions of activities, and the sport that each names.

    Raises
    ------
    FileOther
        It holds planned courses alone (``track-planned``), or no position
        (``activity-indoor``).
    FileUnreadable
        It breaks before its first position.
    """
    return TcxReader(faults).batches(stream)


FORMAT = Format("tcx", sniff, read)
