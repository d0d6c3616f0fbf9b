"""Strava's list of activities: what each was, beside the files that tell where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from estran.formats.reading import Batch, Faults, Format
from estran.formats.strava.headers import is_header
from estran.formats.strava.reader import batches


def sniff(head: bytes) -> bool:
    """Tell whether a file begins as the list, in whichever language.

    Examples
    --------
    >>> sniff(b"Activity ID,Activity Date,Activity Name,Activity Type,Filename")
    True
    >>> sniff(b"Activity ID,time,lat,lon")
    False
    """
    return is_header(head)


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Read the activities that have a file: their sport, when, how far, and ways to work.

    The engine joins them by time to the positions of the files, whoever recorded those.
    """
    return batches(stream, faults)


FORMAT = Format("strava", sniff, read)
