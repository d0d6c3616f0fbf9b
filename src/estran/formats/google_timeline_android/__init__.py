"""Google's Timeline as an Android phone exports it since 2024.

``semanticSegments`` covers the whole history, ``rawSignals`` about the last month. Both tell
of the same movements at their own pace, so they stay sources of their own. The phone's
language names the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from estran.formats import google_segments
from estran.formats.claiming import ends_of
from estran.formats.google_timeline_android import signals
from estran.formats.json_head import outline
from estran.formats.json_stream import records
from estran.formats.piling import Pile
from estran.formats.reading import Batch, Faults, Format
from estran.trace import Source, Stream

KEY = "google-timeline-android"
_RAW = Source(f"{KEY}/raw", KEY, "", Stream.RAW)
_PATH = Source(f"{KEY}/path", KEY, "", Stream.PATH)
_CLAIMS = Source(f"{KEY}/claims", KEY, "", Stream.DECLARED)


def sniff(head: bytes) -> bool:
    """Tell whether segments or raw signals stand in the root object."""
    found = outline(head)
    return found.root == "{" and found.any(
        "semanticSegments", "rawSignals", "userLocationProfile.frequentPlaces"
    )


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Read segments and signals; Wi-Fi scans and the list of frequent places are not read."""
    pile = Pile()
    wanted: dict[str, msgspec.json.Decoder[Any]] = {
        "semanticSegments": google_segments.DECODER,
        "rawSignals": signals.DECODER,
    }
    n_before = dict.fromkeys(wanted, 0)
    for key, block in records(stream, wanted, faults):
        where = f"{key} {n_before[key] + 1}"
        n_before[key] += len(block)
        if key == "rawSignals":
            _pile_signals(pile, block, faults, where)
        else:
            claims = google_segments.claims_of(block, faults, where)
            pile.add(_PATH, positions=google_segments.path_of(block, faults, where))
            pile.add(_CLAIMS, claims=claims, positions=ends_of(claims, faults))
        yield from pile.ripe()
    yield from pile.rest()


def _pile_signals(pile: Pile, block: list[Any], faults: Faults, where: str) -> None:
    pile.add(
        _RAW,
        positions=signals.positions_of(block, faults, where),
        activities=signals.activities_of(block, faults, where),
    )


FORMAT = Format(KEY, sniff, read)
