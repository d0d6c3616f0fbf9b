"""Takes trips out of whatever they are wrapped in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

WRAPPED = ("rows", "docs", "data", "timeline", "io.cozy.timeseries.geojson")
"""Keys under which lists of documents or trips stand: CouchDB's and cozy-stack's answers,
e-mission's days, cozy-ach's files."""

_INNER = ("doc", "attributes", "value")
_MOST_SERIES = 1000


@dataclass(frozen=True, slots=True)
class Told:
    """A trip with who recorded it.

    Parameters
    ----------
    trip : dict
        The collection of its places, stops and sections.
    device : str
        As the document names it, ``""`` when it does not.
    """

    trip: dict[str, Any]
    device: str


def trips_of(element: Any) -> Iterator[Told]:
    """Take one element apart: a document, a row that wraps one, or a bare trip.

    Every element of ``series`` is a trip, although Cozy's own coach reads the first alone.

    Examples
    --------
    >>> [told] = trips_of({"doc": {"captureDevice": "x", "series": [{"features": []}]}})
    >>> told.device, told.trip
    ('x', {'features': []})
    """
    if not isinstance(element, dict):
        return
    for inner in _INNER:
        nested = element.get(inner)
        if isinstance(nested, dict) and "series" in nested:
            element = nested
            break
    series = element.get("series")
    if isinstance(series, list):
        device = _device(element)
        for trip in series[:_MOST_SERIES]:
            if isinstance(trip, dict):
                yield Told(trip, device)
    elif isinstance(element.get("features"), list):
        yield Told(element, "")


def _device(document: dict[str, Any]) -> str:
    """Name the recorder: the account, else the device; two of one person stay two sources."""
    metadata = document.get("cozyMetadata")
    account = metadata.get("sourceAccount") if isinstance(metadata, dict) else None
    for told in (document.get("captureDevice"), account):
        if isinstance(told, str) and told.strip():
            return told.strip()[:200]
    return ""
