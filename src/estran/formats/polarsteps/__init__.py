"""A trip as Polarsteps exports it (``trip.json``): the steps of a journey, as dated places.

Its other file, ``locations.json``, is a list of flat dated points, which GeoJSON's reader
reads. A step is where somebody wrote something, not where they always were: it ranks with
waypoints.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from estran.formats.coordinates import Rows
from estran.formats.fields import sift
from estran.formats.geojson.values import floats_of, instants_of
from estran.formats.json_head import outline
from estran.formats.json_stream import records
from estran.formats.piling import Pile
from estran.formats.reading import Batch, Faults, Format
from estran.trace import Source, Stream

KEY = "polarsteps"
_KEYS = ("all_steps", "steps")
_ANY = msgspec.json.Decoder(list[Any])


def sniff(head: bytes) -> bool:
    """Tell whether a file begins as a trip with steps.

    Examples
    --------
    >>> sniff(b'{"id": 1, "all_steps": [{"location": {"lat": 46.1, "lon": -1.1}}]}')
    True
    """
    found = outline(head)
    named = found.has("start_date") and found.any("total_km", "step_count", "cover_photo_path")
    return found.root == "{" and (named or any(found.has(f"{key}[].location.lat") for key in _KEYS))


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Give the place and the instant of each step."""
    pile = Pile()
    source = Source(KEY, KEY, "", Stream.WAYPOINTS)
    for _, steps in records(stream, dict.fromkeys(_KEYS, _ANY), faults):
        found = [step for step in steps if isinstance(step, dict)]
        if not found:
            continue
        places = [_dict(step.get("location")) for step in found]
        lon_deg = floats_of([place.get("lon", place.get("lng")) for place in places])
        when = [step.get("start_time", step.get("creation_time")) for step in found]
        rows = Rows(
            instants_of(when).time_us, floats_of([place.get("lat") for place in places]), lon_deg
        )
        positions, _ = sift(rows, faults, lambda row: f"record {row + 1}")
        pile.add(source, positions=positions)
        yield from pile.ripe()
    yield from pile.rest()


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


FORMAT = Format(KEY, sniff, read)
