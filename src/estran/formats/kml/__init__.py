"""KML: dated placemarks, lines over an interval, and Google's tracks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from estran.formats.kml.reader import KmlReader
from estran.formats.reading import Batch, Faults, Format
from estran.formats.xml_stream import root_name

_BARE_ROOTS = frozenset({"document", "folder", "placemark"})


def sniff(head: bytes) -> bool:
    """Tell whether a file begins as KML; some lack the root element.

    Examples
    --------
    >>> sniff(b'<kml xmlns="http://www.opengis.net/kml/2.2">'), sniff(b"<gpx>")
    (True, False)
    """
    root = root_name(head)
    return root == "kml" or (root in _BARE_ROOTS and b"Placemark" in head)


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Read the dated placemarks and tracks of a KML file.

    Raises
    ------
    FileWithoutPositions
        Nothing in it has a date.
    FileUnreadable
        It breaks before its first dated place.
    """
    return KmlReader(faults).batches(stream)


FORMAT = Format("kml", sniff, read)
