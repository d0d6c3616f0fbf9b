"""Trips as Cozy keeps them (``io.cozy.timeseries.geojson``) and as e-mission's server gives them.

A document is one trip: a collection of its two places, of stops, and of sections with a
time for each point. They come one by one, in lists, one a line, in the answers of a
CouchDB or of cozy-stack, in the files of cozy-ach, as the days of ``timeline/getTrips``,
and by the thousand in the archive of a whole Cozy.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from estran.formats.cozy.documents import WRAPPED, trips_of
from estran.formats.cozy.reader import TripReader
from estran.formats.json_head import Outline, outline
from estran.formats.json_stream import ROOT, records
from estran.formats.reading import Batch, Faults, Format
from estran.formats.resumed import resumed

_PARTS = frozenset({"start_place", "end_place", "stop", "section"})
_ANY = msgspec.json.Decoder(list[Any])
_INNER = ("", "doc.", "attributes.", "value.")


def sniff(head: bytes) -> bool:
    """Tell whether a file begins as trips with places and sections.

    Examples
    --------
    >>> sniff(b'{"source": "cozy.io", "series": [{"features": [{"geometry": {"ty')
    True
    >>> sniff(b'{"type": "FeatureCollection", "features": [{"type": "Feature"')
    False
    """
    found = outline(head)
    return bool(found.root) and (_has_series(found) or _has_parts(found))


def _bases(found: Outline) -> list[str]:
    root = "[]." if found.root == "[" else ""
    wrapped = [f"{key}[]." for key in WRAPPED] if found.root == "{" else []
    return [root, *wrapped]


def _has_series(found: Outline) -> bool:
    return any(
        found.has(f"{base}{inner}series[].features") for base in _bases(found) for inner in _INNER
    )


def _has_parts(found: Outline) -> bool:
    """Tell whether features call themselves parts of a trip, as those of getTrips do."""
    return any(
        found.words.get(f"{base}features[].properties.feature_type", set()) & _PARTS
        or found.has(f"{base}features[].features")
        for base in _bases(found)
    )


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Read trips: places and sections as claims, the points of sections as a thinned path.

    Raises
    ------
    FileWithoutPositions
        No trip in it says when and where.
    FileUnreadable
        It breaks before its first trip.
    FileHostile
        It nests or stretches beyond reason.
    """
    head, whole = resumed(stream)
    found = outline(head)
    keys = [key for key in WRAPPED if found.root == "{" and found.has(key)]
    reader = TripReader(faults)
    n_records = 0
    for _, elements in records(whole, dict.fromkeys(keys or [ROOT], _ANY), faults):
        for element in elements:
            n_records += 1
            for trip in trips_of(element):
                reader.take(trip, f"record {n_records}")
        yield from reader.ripe()
    yield from reader.rest()


FORMAT = Format("cozy", sniff, read)
