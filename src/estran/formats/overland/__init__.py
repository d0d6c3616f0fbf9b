"""Overland's archives: batches as the app posts them, and the lines that its servers keep.

A server that keeps what it got writes batches one after the other, or each feature on a
line behind its instant. Each phone is a source of its own; where the Wi-Fi's name stands,
nothing is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from estran.formats.json_head import outline
from estran.formats.overland.reader import Layout, batches_of
from estran.formats.reading import HEAD_BYTES, Batch, Faults, Format
from estran.formats.resumed import Resumed

KEY = "overland"

_LINE = re.compile(rb"\A\s*\d{4}-\d\d-\d\d[T ][\d:.]{8,15}Z?\s+\{")
_OWN = ("motion", "horizontal_accuracy", "battery_state", "action", "locations_in_payload")
_UNDER = ("locations[].properties.", "[].locations[].properties.")


def sniff(head: bytes) -> bool:
    """Tell whether Overland's batches, or lines of its features, stand here.

    Examples
    --------
    >>> sniff(b'{"locations":[{"type":"Feature","properties":{"timestamp":"","motion":[')
    True
    >>> sniff(b'{"locations":[{"type":"Feature","properties":{"timestamp":"",')
    False
    """
    line = _LINE.match(head)
    found = outline(head[line.end() - 1 :] if line else head)
    if line:
        return found.has("properties.timestamp") and found.has("geometry")
    return any(
        found.has(f"{under}timestamp") and found.any(*(under + name for name in _OWN))
        for under in _UNDER
    )


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Read features, each phone apart."""
    head = stream.read(HEAD_BYTES)
    whole: Any = Resumed(head, stream)
    yield from batches_of(whole, faults, _layout_of(head))


def _layout_of(head: bytes) -> Layout:
    if _LINE.match(head):
        return Layout.LINES
    return Layout.LIST if outline(head).root == "[" else Layout.BATCHES


FORMAT = Format(KEY, sniff, read)
