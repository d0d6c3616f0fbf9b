"""A journal as Cozy keeps trips: one ``io.cozy.timeseries.geojson`` a trip.

The shape is the one that Cozy's coach (Coach CO2) and its services read; nothing of ours
stands in the way of theirs. Where their words are coarser than ours, the section says ours
as well under ``estran``, so that bringing the file back loses nothing. The file is that of
cozy-ach: the documents in a list under the name of their kind.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any

import estran
from estran.giving.cozy_aggregate import aggregation, cozy_mode
from estran.giving.cozy_section import section, stop
from estran.giving.cozy_times import local_text, times_of
from estran.journal import Entry, Mode, Place, Stay, Trip
from estran.timebase import US_PER_S

DOCTYPE = "io.cozy.timeseries.geojson"


def cozy_pieces(entries: Iterable[Entry]) -> Iterator[str]:
    r"""Write trips piece by piece, in the memory of three entries.

    Examples
    --------
    >>> "".join(cozy_pieces([]))
    '{"io.cozy.timeseries.geojson": [\n]}\n'
    """
    yield f'{{"{DOCTYPE}": [\n'
    between = ""
    for document in cozy_documents(entries):
        yield between + json.dumps(document, ensure_ascii=False, allow_nan=False)
        between = ",\n"
    yield "\n]}\n" if between else "]}\n"


def cozy_documents(entries: Iterable[Entry]) -> Iterator[dict[str, Any]]:
    """Give the document of each trip, with the stays around it where they touch it.

    Parameters
    ----------
    entries : iterable of Entry
        In time order, corrections applied.
    """
    before: Entry | None = None
    trip: Trip | None = None
    for entry in entries:
        if trip is not None:
            yield _document(trip, _touching(before, trip), _touching(entry, trip))
            before, trip = trip, None
        if isinstance(entry, Trip):
            trip = entry
        else:
            before = entry
    if trip is not None:
        yield _document(trip, _touching(before, trip), None)


def _touching(entry: Entry | None, trip: Trip) -> Stay | None:
    if not isinstance(entry, Stay):
        return None
    touches = entry.ended_us == trip.started_us or entry.started_us == trip.ended_us
    return entry if touches else None


def made_id(kind: str, *parts: object) -> str:
    """Make a stable identifier of 32 characters: the same trip has the same one.

    Examples
    --------
    >>> made_id("trip", 1, 2) == made_id("trip", 1, 2), len(made_id("trip", 1))
    (True, 32)
    """
    told = "\0".join(["estran cozy", kind, *map(str, parts)])
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _document(trip: Trip, before: Stay | None, after: Stay | None) -> dict[str, Any]:
    trip_id = made_id("trip", trip.started_us, trip.ended_us)
    start = _place("start_place", trip, trip_id, before)
    end = _place("end_place", trip, trip_id, after)
    names = tuple(place["properties"].get("display_name", "") for place in (start, end))
    legs = [(made_id("leg", trip_id, leg.started_us), leg) for leg in trip.legs]
    rides = [(leg_id, leg) for leg_id, leg in legs if leg.mode is not Mode.WAIT]
    stops = [stop(leg_id, leg, trip, trip_id) for leg_id, leg in legs if leg.mode is Mode.WAIT]
    properties = {
        "feature_type": "trip",
        "source": "Estran",
        **times_of("start", trip.started_us, trip.tz),
        **times_of("end", trip.ended_us, trip.tz),
        "duration": trip.duration_s,
        "distance": trip.distance_m,
        "start_loc": start["geometry"],
        "end_loc": end["geometry"],
        "start_place": {"$oid": start["id"]},
        "end_place": {"$oid": end["id"]},
        "raw_trip": {"$oid": trip_id},
        "estran": {"tz": trip.tz, "quality": trip.quality.value},
    }
    return {
        "_id": trip_id,
        "startDate": local_text(trip.started_us, trip.tz),
        "endDate": local_text(trip.ended_us, trip.tz),
        "source": "cozy.io",
        "captureDevice": "Estran",
        "series": [
            {
                "type": "FeatureCollection",
                "id": trip_id,
                "properties": properties,
                "features": [
                    start, end, *stops,
                    *(section(leg_id, leg, trip, trip_id, cozy_mode(leg)) for leg_id, leg in rides),
                ],
            }
        ],
        "aggregation": aggregation(trip, rides, names),
        "cozyMetadata": {
            "doctypeVersion": "1",
            "metadataVersion": 1,
            "createdByApp": "estran",
            "createdByAppVersion": estran.__version__,
        },
    }  # fmt: skip


def _place(kind: str, trip: Trip, trip_id: str, stay: Stay | None) -> dict[str, Any]:
    """Write the place where a trip begins or ends, with the time spent there where it is known."""
    starts = kind == "start_place"
    instant_us = trip.started_us if starts else trip.ended_us
    entered_us = stay.started_us if stay else instant_us
    left_us = stay.ended_us if stay else instant_us
    at = stay.at if stay else trip.origin if starts else trip.destination
    properties: dict[str, Any] = {
        "feature_type": kind,
        "source": "Estran",
        **times_of("enter", entered_us, trip.tz),
        **times_of("exit", left_us, trip.tz),
        "duration": (left_us - entered_us) / US_PER_S,
        ("starting_trip" if starts else "ending_trip"): {"$oid": trip_id},
    }
    if stay is not None and stay.place:
        properties["display_name"] = stay.place
    place_id = made_id("place", entered_us, left_us, kind if stay is None else "")
    return {
        "type": "Feature", "id": place_id, "geometry": _point(at), "properties": properties,
    }  # fmt: skip


def _point(at: Place) -> dict[str, Any] | None:
    if not (isfinite(at.lat_deg) and isfinite(at.lon_deg)):
        return None
    return {"type": "Point", "coordinates": [at.lon_deg, at.lat_deg]}
