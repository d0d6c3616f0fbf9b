"""What a day looks like from above: lettered places and the lines of its legs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from estran.geo.distance import distance_m
from estran.journal import Entry, Journal, Leg, Place, Stay, Trip
from estran.travel import Mode
from estran.web.me.words import Words

SAME_PLACE_M = 150.0
"""Stays nearer than this share a letter: twice the usual radius of a stay. [m]"""

DASHES = {
    Mode.WALK: "0.1 7", Mode.RUN: "3 7", Mode.BIKE: "12 7", Mode.E_BIKE: "12 7 0.1 7",
    Mode.E_SCOOTER: "7 7", Mode.MOPED: "16 5 3 5", Mode.MOTORCYCLE: "20 5 3 5", Mode.CAR: "",
    Mode.BUS: "26 7", Mode.COACH: "34 7", Mode.TRAM: "22 6 0.1 6", Mode.METRO: "22 6 0.1 6 0.1 6",
    Mode.TRAIN: "34 6 0.1 6", Mode.FERRY: "9 6 0.1 6", Mode.PLANE: "2 9", Mode.OTHER: "5 5",
    Mode.UNKNOWN: "4 8", Mode.WAIT: "0.1 9",
}  # fmt: skip
"""Pattern of each mode's line, for SVG: no mode is told by its colour alone. [px]"""


def letters_of(entries: Sequence[Entry]) -> list[tuple[Place, str]]:
    """Name places A, B, C in the order of the day; near ones share a letter."""
    found: list[tuple[Place, str]] = []
    for entry in entries:
        if isinstance(entry, Stay) and not letter_at(entry.at, found):
            n = len(found)
            found.append((entry.at, chr(65 + n % 26) + (str(n // 26) if n >= 26 else "")))  # noqa: PLR2004 - letters
    return found


def letter_at(at: Place, letters: Sequence[tuple[Place, str]]) -> str:
    """Give the letter of a place; ``""`` where it has none."""
    for place, letter in letters:
        if distance_m(at.lat_deg, at.lon_deg, place.lat_deg, place.lon_deg) <= SAME_PLACE_M:
            return letter
    return ""


def drawing(
    journal: Journal, *, letters: Sequence[tuple[Place, str]], words: Words
) -> dict[str, object]:
    """Make the GeoJSON that the map draws: legs as lines, stays as lettered points."""
    features: list[dict[str, object]] = []
    for trip in journal.trips:
        for leg, line, seen in lines_of(trip):
            properties: dict[str, object] = {
                "mode": leg.mode.value,
                "label": words.mode(leg.mode),
                "dash": DASHES[leg.mode],
                "seen": seen,
                "leg": f"l{leg.started_us}",
            }
            features.append(_feature("LineString", line, properties))
    for place, letter in letters:
        point = [round(place.lon_deg, 5), round(place.lat_deg, 5)]
        features.append(_feature("Point", point, {"letter": letter}))
    return {"type": "FeatureCollection", "features": features}


def lines_of(trip: Trip) -> Iterable[tuple[Leg, list[list[float]], bool]]:
    """Give each leg's line as (lon, lat) pairs, and whether it was seen.

    A leg without positions is a straight line from where the trip was before it to where
    it goes on.
    """
    at = [round(trip.origin.lon_deg, 5), round(trip.origin.lat_deg, 5)]
    legs = [leg for leg in trip.legs if leg.mode != Mode.WAIT]
    for row, leg in enumerate(legs):
        if len(leg.path) > 1:
            line = [
                [round(lon, 5), round(lat, 5)]
                for lon, lat in zip(
                    leg.path.lon_deg.tolist(), leg.path.lat_deg.tolist(), strict=True
                )
            ]
        else:
            line = [at, _next_point(legs[row + 1 :], trip.destination)]
        at = line[-1]
        yield leg, line, leg.n_positions > 0 and len(leg.path) > 1


def _next_point(legs: Sequence[Leg], destination: Place) -> list[float]:
    for leg in legs:
        if len(leg.path):
            return [round(float(leg.path.lon_deg[0]), 5), round(float(leg.path.lat_deg[0]), 5)]
    return [round(destination.lon_deg, 5), round(destination.lat_deg, 5)]


def _feature(kind: str, coordinates: object, properties: dict[str, object]) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }
