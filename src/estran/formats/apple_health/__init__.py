"""Apple Health's main file: outings alone; what else it tells of a body is never parsed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from estran.formats.apple_health.reader import HealthReader
from estran.formats.reading import Batch, Faults, Format
from estran.formats.xml_stream import root_name


def sniff(head: bytes) -> bool:
    """Tell whether a file begins as Apple Health's export, whatever it is called.

    Examples
    --------
    >>> sniff(b"<?xml version='1.0'?><!DOCTYPE HealthData ["), sniff(b"<gpx>")
    (True, False)
    """
    return root_name(head) == "healthdata"


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Read workouts that went somewhere, as claims, and the places that old exports hold.

    Raises
    ------
    FileOther
        It holds no outing (``apple-health``).
    FileUnreadable
        It breaks before its first outing.
    FileHostile
        A workout goes over the limits of XML.
    """
    return HealthReader(faults).batches(stream)


FORMAT = Format("apple-health", sniff, read)
