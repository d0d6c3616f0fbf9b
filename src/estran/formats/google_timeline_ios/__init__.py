"""Google's Timeline as an iPhone exports it: a list of segments at the root."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from estran.formats.claiming import ends_of
from estran.formats.google_segments import DECODER, claims_of, path_of
from estran.formats.json_head import outline
from estran.formats.json_stream import ROOT, records
from estran.formats.piling import Pile
from estran.formats.reading import Batch, Faults, Format
from estran.trace import Source, Stream

KEY = "google-timeline-ios"
_PATH = Source(f"{KEY}/path", KEY, "", Stream.PATH)
_CLAIMS = Source(f"{KEY}/claims", KEY, "", Stream.DECLARED)
_KINDS = ("visit", "activity", "timelinePath", "timelineMemory")


def sniff(head: bytes) -> bool:
    """Tell whether a list at the root holds segments."""
    found = outline(head)
    return found.root == "[" and (
        found.any(*(f"[].{kind}" for kind in _KINDS)) or found.has("[].startTime", "[].endTime")
    )


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Read segments, in whichever order they stand."""
    pile = Pile()
    n_before = 0
    for _, block in records(stream, {ROOT: DECODER}, faults):
        where = f"segment {n_before + 1}"
        n_before += len(block)
        claims = claims_of(block, faults, where)
        pile.add(_PATH, positions=path_of(block, faults, where))
        pile.add(_CLAIMS, claims=claims, positions=ends_of(claims, faults))
        yield from pile.ripe()
    yield from pile.rest()


FORMAT = Format(KEY, sniff, read)
