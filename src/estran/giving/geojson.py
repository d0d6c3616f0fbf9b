"""A journal as GeoJSON (RFC 7946): legs as lines, stays as points."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import isfinite
from typing import Any

from estran.giving.facts import leg_facts, rounded
from estran.journal import Entry, Journal, Leg, Place, Stay, Trip
from estran.timebase import iso_utc

type_line = list[list[float]]

HALF_TURN_DEG = 180.0
"""A longer step in longitude is taken the other way round, over the antimeridian."""


def geojson_document(journal: Journal) -> str:
    """Write one feature a stay and one a leg; unknown time has no place, hence no feature."""
    return "".join(geojson_pieces(journal.entries))


def geojson_pieces(entries: Iterable[Entry]) -> Iterator[str]:
    """Write the same piece by piece, in the memory of one entry."""
    yield '{"type": "FeatureCollection", "features": ['
    between = ""
    for feature in _features(entries):
        yield between + json.dumps(feature, ensure_ascii=False, allow_nan=False)
        between = ", "
    yield "]}"


def _features(entries: Iterable[Entry]) -> Iterator[dict[str, Any]]:
    n_trip = 0
    for entry in entries:
        if isinstance(entry, Stay):
            yield _stay(entry)
        elif isinstance(entry, Trip):
            n_trip += 1
            yield from (_leg(entry, n_trip, leg) for leg in entry.legs)


def _stay(stay: Stay) -> dict[str, Any]:
    properties = {
        "kind": "stay",
        "start": iso_utc(stay.started_us),
        "end": iso_utc(stay.ended_us),
        "tz": stay.tz,
        "radius_m": rounded(stay.radius_m, 1),
    }
    return _feature(_point(stay.at), properties)


def _leg(trip: Trip, n_trip: int, leg: Leg) -> dict[str, Any]:
    facts = leg_facts(leg)
    priced = facts.pop("co2e_g") or {"central": None, "low": None, "high": None}
    properties = {
        "kind": "leg",
        "trip": n_trip,
        "tz": trip.tz,
        **facts,
        **{f"co2e_{name}_g": value for name, value in priced.items()},
        "quality": trip.quality.value,
    }
    return _feature(_line(trip, leg), properties)


def _feature(geometry: dict[str, Any] | None, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _point(place: Place) -> dict[str, Any] | None:
    if not (isfinite(place.lat_deg) and isfinite(place.lon_deg)):
        return None
    return {"type": "Point", "coordinates": [round(place.lon_deg, 7), round(place.lat_deg, 7)]}


def _line(trip: Trip, leg: Leg) -> dict[str, Any] | None:
    """Draw a leg; one alone in its trip without a path is a straight line."""
    along = [
        [round(float(lon), 7), round(float(lat), 7)]
        for lon, lat in zip(leg.path.lon_deg, leg.path.lat_deg, strict=True)
    ]
    if len(along) < 2 and len(trip.legs) == 1:  # noqa: PLR2004 - a line has two ends
        ends = [_point(trip.origin), _point(trip.destination)]
        along = [end["coordinates"] for end in ends if end is not None]
    if len(along) < 2:  # noqa: PLR2004 - as above
        return {"type": "Point", "coordinates": along[0]} if along else None
    lines = _cut(along)
    if len(lines) == 1:
        return {"type": "LineString", "coordinates": lines[0]}
    return {"type": "MultiLineString", "coordinates": lines}


def _cut(along: type_line) -> list[type_line]:
    """Cut a line where it crosses the antimeridian, as RFC 7946 3.1.9 asks.

    Examples
    --------
    >>> _cut([[179.0, 10.0], [-179.0, 20.0]])
    [[[179.0, 10.0], [180.0, 15.0]], [[-180.0, 15.0], [-179.0, 20.0]]]
    """
    lines: list[type_line] = [[along[0]]]
    for (lon1, lat1), (lon2, lat2) in pairwise(along):
        if abs(lon2 - lon1) > HALF_TURN_DEG:
            side_deg = HALF_TURN_DEG if lon1 > 0 else -HALF_TURN_DEG
            before_deg, after_deg = abs(side_deg - lon1), abs(side_deg + lon2)
            whole_deg = before_deg + after_deg
            share = before_deg / whole_deg if whole_deg else 0.5
            lat_deg = round(lat1 + share * (lat2 - lat1), 7)
            lines[-1].append([side_deg, lat_deg])
            lines.append([[-side_deg, lat_deg]])
        lines[-1].append([lon2, lat2])
    return lines
