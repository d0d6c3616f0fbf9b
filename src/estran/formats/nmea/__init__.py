"""NMEA 0183: what a satellite receiver says, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from estran.formats.nmea.reader import NmeaReader
from estran.formats.reading import Batch, Faults, Format

_SENTENCE = re.compile(
    rb"\A(?:[^\n]{0,200}\n){0,20}?[^\n$]{0,60}\$[A-Z]{2}(?:GGA|RMC|GSA|GSV|ZDA|GLL|VTG),"
)


def sniff(head: bytes) -> bool:
    """Tell whether a file holds sentences from its first lines on.

    Examples
    --------
    >>> sniff(b"$GPGGA,120000,4600.0,N,00100.0,W,1,,,,,,,"), sniff(b"time,lat,lon")
    (True, False)
    """
    return _SENTENCE.match(head) is not None


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Read RMC, GGA and ZDA; a day told anywhere dates what stands before it too.

    Raises
    ------
    FileOther
        No sentence tells the day (``nmea-undated``).
    """
    return NmeaReader(faults).batches(stream)


FORMAT = Format("nmea", sniff, read)
