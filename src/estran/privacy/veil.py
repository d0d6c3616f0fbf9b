"""What a journal shows of zones: named stays, ways from edge to edge, nothing inside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import cos, radians

import numpy as np

from estran.geo.distance import EARTH_RADIUS_M, step_lengths_m
from estran.journal import NO_PATH, Entry, Leg, Path, Place, Stay, Trip, Unknown
from estran.privacy.zones import MARGIN_M, Keeps, Zone, within

NEVER_KEPT = "never-kept"
"""Why a time is unknown that a person chose not to keep."""

_OUTSIDE_M = 10 * MARGIN_M
"""How far beyond the circle an edge is drawn."""

_HALVINGS = 40

BESIDE_M = 200.0
"""How near the edge a stay is taken for one inside: the error of the last fix before. [m]"""

SILENT_S = 900.0
"""A stay with fewer fixes than one in a quarter of an hour was not seen, but concluded. [s]"""

STUB_M = 60.0
"""What is left of a leg outside and is shorter is no leg of its own. [m]"""


def veiled_entries(entries: Iterable[Entry], zones: Sequence[Zone]) -> list[Entry]:
    """Tell stays by the names of their zones, and take what is inside out of the ways.

    A stay in a blurred zone stands at its centre, under its name. One in a zone never kept
    becomes unknown time. No vertex of a way lies inside a zone: a way begins and ends at
    the edge, and one that passes through goes straight from edge to edge. Lengths shrink
    with the ways; prices are left out where a length changed.

    What an analysis made up of the silence of a place never kept (a stay just outside it
    without fixes, a straight way to its other side) is unknown time, or left out.
    """
    return [_veiled(entry, zones) for entry in entries] if zones else list(entries)


AT_CENTRE_M = 5.0
"""Blurred positions stand at the centre itself: a stay of theirs is this near. [m]"""


def named(entries: Iterable[Entry], zones: Sequence[Zone]) -> list[Entry]:
    """Tell stays of blurred positions by the names of their zones; leave the rest."""
    out: list[Entry] = []
    for entry in entries:
        zone = _zone_at(entry.at, zones) if isinstance(entry, Stay) else None
        if isinstance(entry, Stay) and zone and _away_m(entry.at, zone) <= AT_CENTRE_M:
            out.append(replace(entry, place=zone.name))
        else:
            out.append(entry)
    return out


def _zone_at(place: Place, zones: Sequence[Zone]) -> Zone | None:
    """Find the zone of a place: never kept first, then the nearest centre."""
    at = np.array([place.lat_deg]), np.array([place.lon_deg])
    found = [zone for zone in zones if bool(within(*at, zone)[0])]
    never = [zone for zone in found if zone.keeps is Keeps.NOTHING]
    return min(never or found, key=lambda zone: _away_m(place, zone), default=None)


def _away_m(place: Place, zone: Zone) -> float:
    return float(
        step_lengths_m(
            np.array([place.lat_deg, zone.lat_deg]), np.array([place.lon_deg, zone.lon_deg])
        )[0]
    )


def _veiled(entry: Entry, zones: Sequence[Zone]) -> Entry:
    if isinstance(entry, Unknown):
        return entry
    if isinstance(entry, Trip):
        return _veiled_trip(entry, zones)
    zone = _zone_at(entry.at, zones)
    if zone is None and _is_made_up(entry, zones):
        return Unknown(entry.started_us, entry.ended_us, entry.tz, NEVER_KEPT)
    if zone is None:
        return entry
    if zone.keeps is Keeps.NOTHING:
        return Unknown(entry.started_us, entry.ended_us, entry.tz, NEVER_KEPT)
    centre = Place(zone.lat_deg, zone.lon_deg)
    return replace(entry, at=centre, radius_m=zone.radius_m, place=zone.name)


def _is_made_up(stay: Stay, zones: Sequence[Zone]) -> bool:
    """Tell a stay at the edge of a place never kept, of which hardly a fix tells."""
    silent = stay.n_positions * SILENT_S < (stay.ended_us - stay.started_us) / 1e6
    return silent and _is_beside_never(stay.at, zones)


def _is_beside_never(place: Place, zones: Sequence[Zone]) -> bool:
    return any(
        zone.keeps is Keeps.NOTHING and _away_m(place, zone) <= zone.radius_m + BESIDE_M
        for zone in zones
    )


def _without_stubs(old: Sequence[Leg], legs: list[Leg], zones: Sequence[Zone]) -> list[Leg]:
    """Leave out first and last legs of which almost nothing is outside; others take their time."""

    def is_stub(leg: Leg, was: Leg, vertex: int) -> bool:
        if leg is not was:
            return leg.distance_m < STUB_M
        if leg.n_positions or not len(leg.path):
            return False
        lat_deg, lon_deg = leg.path.lat_deg[vertex], leg.path.lon_deg[vertex]
        return _is_beside_never(Place(float(lat_deg), float(lon_deg)), zones)

    first, last = 0, len(legs) - 1
    while first < last and is_stub(legs[first], old[first], 0):
        first += 1
    while last > first and is_stub(legs[last], old[last], -1):
        last -= 1
    kept = legs[first : last + 1]
    if first:
        kept[0] = replace(kept[0], started_us=legs[0].started_us)
    if last + 1 < len(legs):
        kept[-1] = replace(kept[-1], ended_us=legs[-1].ended_us)
    return kept


def _veiled_trip(trip: Trip, zones: Sequence[Zone]) -> Trip:
    seen = [_veiled_leg(leg, zones) for leg in trip.legs]
    legs = tuple(_without_stubs(trip.legs, seen, zones))
    return replace(
        trip,
        legs=legs,
        origin=_end(trip.origin, zones),
        destination=_end(trip.destination, zones),
    )


def _end(place: Place, zones: Sequence[Zone]) -> Place:
    """Move an end of a trip to the centre of its zone, or out of one that is never kept."""
    for _ in range(len(zones) + 1):
        zone = _zone_at(place, zones)
        if zone is None:
            return place
        if zone.keeps is Keeps.CENTRE:
            return Place(zone.lat_deg, zone.lon_deg)
        place = _pushed_out(place, zone)
    return place


def _pushed_out(place: Place, zone: Zone) -> Place:
    """Move a place from the centre outwards, beyond the edge."""
    shrink = max(cos(radians(zone.lat_deg)), 1e-6)
    up, across = place.lat_deg - zone.lat_deg, (place.lon_deg - zone.lon_deg) * shrink
    length = (up * up + across * across) ** 0.5
    reach_deg = float(np.degrees((zone.radius_m * 1.002 + _OUTSIDE_M) / EARTH_RADIUS_M))
    if length == 0.0:
        return Place(min(zone.lat_deg + reach_deg, 90.0), zone.lon_deg)
    return Place(
        zone.lat_deg + up / length * reach_deg, zone.lon_deg + across / length * reach_deg / shrink
    )


def _veiled_leg(leg: Leg, zones: Sequence[Zone]) -> Leg:
    path = leg.path
    for zone in zones:
        path = _outside(path, zone)
    for zone in zones:
        # Where zones overlap, an edge of one may lie in another.
        inside = within(path.lat_deg, path.lon_deg, zone)
        if bool(inside.any()):
            path = Path(path.time_us[~inside], path.lat_deg[~inside], path.lon_deg[~inside])
    if path is leg.path:
        return leg
    before_m, after_m = _length_m(leg.path), _length_m(path)
    share = after_m / before_m if before_m > 0 else 1.0
    return replace(leg, path=path, distance_m=leg.distance_m * min(share, 1.0), co2e=None)


def _length_m(path: Path) -> float:
    return float(step_lengths_m(path.lat_deg, path.lon_deg).sum()) if len(path) > 1 else 0.0


def _outside(path: Path, zone: Zone) -> Path:
    """Take the vertices inside a zone out, and put one where the way crosses its edge."""
    inside = within(path.lat_deg, path.lon_deg, zone)
    if not bool(inside.any()):
        return path
    if bool(inside.all()):
        return NO_PATH
    rows: list[tuple[float, float, float]] = []
    vertices = list(
        zip(path.time_us.tolist(), path.lat_deg.tolist(), path.lon_deg.tolist(), strict=True)
    )
    for row, vertex in enumerate(vertices):
        if row and inside[row] != inside[row - 1]:
            pair = (vertex, vertices[row - 1]) if inside[row - 1] else (vertices[row - 1], vertex)
            rows.append(_edge(*pair, zone))
        if not inside[row]:
            rows.append(vertex)
    time_us, lat_deg, lon_deg = zip(*rows, strict=True)
    return Path(np.array(time_us).astype(np.int64), np.array(lat_deg), np.array(lon_deg))


type_vertex = tuple[float, float, float]


def _edge(outside: type_vertex, inside: type_vertex, zone: Zone) -> type_vertex:
    """Find where a step leaves a zone: the last point that is still outside."""
    low, high = 0.0, 1.0  # shares of the way from outside to inside
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        at = _between(outside, inside, middle)
        if bool(within(np.array([at[1]]), np.array([at[2]]), zone)[0]):
            high = middle
        else:
            low = middle
    return _between(outside, inside, low)


def _between(one: type_vertex, other: type_vertex, share: float) -> type_vertex:
    turn_deg = (other[2] - one[2] + 180.0) % 360.0 - 180.0
    lon_deg = (one[2] + share * turn_deg + 180.0) % 360.0 - 180.0 if share else one[2]
    return (
        one[0] + share * (other[0] - one[0]),
        one[1] + share * (other[1] - one[1]),
        lon_deg,
    )
