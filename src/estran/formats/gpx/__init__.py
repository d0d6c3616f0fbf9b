"""GPX 1.0 and 1.1: recorded tracks, with the extensions that recorders write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from estran.formats.gpx.reader import GpxReader
from estran.formats.reading import Batch, Faults, Format
from estran.formats.xml_stream import root_name


def sniff(head: bytes) -> bool:
    """Tell whether a file begins as GPX.

    Examples
    --------
    >>> sniff(b'<?xml version="1.0"?><gpx version="1.1">'), sniff(b"<kml>")
    (True, False)
    """
    return root_name(head) == "gpx"


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Read the tracks of a GPX file, and what they claim of the way of moving.

    Raises
    ------
    FileWithoutPositions
        It holds no dated point: a plan, or a list of places.
    FileUnreadable
        It breaks before its first dated point.
    """
    return GpxReader(faults).batches(stream)


FORMAT = Format("gpx", sniff, read)
