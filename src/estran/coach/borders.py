"""The beginning and the end of a trip, moved in time or to another place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from estran.carbon import FactorSet, price_leg
from estran.coach.cutting import cut
from estran.coach.matching import trip_like
from estran.coach.said import Correction
from estran.geo.distance import distance_m
from estran.journal import Entry, Leg, Path, Place, Trip, Unknown


def move_times(entries: list[Entry], said: Correction, factors: FactorSet) -> None:
    """Move the beginning or the end of a trip: time is given to or taken from what is beside.

    Only a stay or unknown time gives: a trip never grows into another. What is cut off a
    trip goes to the stay beside it, or is unknown.
    """
    row = trip_like(entries, (said.start_us, said.end_us))
    trip = entries[row] if row is not None else None
    if row is None or not isinstance(trip, Trip):
        return
    start_us = trip.started_us if said.new_start_us is None else said.new_start_us
    end_us = trip.ended_us if said.new_end_us is None else said.new_end_us
    start_us = max(start_us, _floor_us(entries, row))
    end_us = min(end_us, _roof_us(entries, row))
    moved = _moved(trip, start_us, end_us, factors)
    if moved is not None and moved != trip:
        entries[row] = moved
        _give_after(entries, row, trip)
        _give_before(entries, row, trip)


def _floor_us(entries: list[Entry], row: int) -> int:
    """Tell how early a trip may begin: time of which nothing is said is free, too."""
    start_us = entries[row].started_us
    if not row:
        return -(2**62)
    before = entries[row - 1]
    is_free = not isinstance(before, Trip) and before.ended_us == start_us
    return before.started_us if is_free else before.ended_us


def _roof_us(entries: list[Entry], row: int) -> int:
    """Tell how late a trip may end."""
    end_us = entries[row].ended_us
    if row + 1 == len(entries):
        return 2**62
    after = entries[row + 1]
    is_free = not isinstance(after, Trip) and after.started_us == end_us
    return after.ended_us if is_free else after.started_us


def _moved(trip: Trip, start_us: int, end_us: int, factors: FactorSet) -> Trip | None:
    """Give a trip other borders: its way is cut with its time, and never grows."""
    legs: list[Leg] = []
    for leg in trip.legs:
        kept = leg
        if kept.ended_us <= start_us or kept.started_us >= end_us:
            continue
        if kept.started_us < start_us:
            kept = cut(kept, start_us)[1]
        if kept.ended_us > end_us:
            kept = cut(kept, end_us)[0]
        legs.append(kept)
    if not legs or start_us >= end_us:
        return None
    if start_us < trip.started_us:
        legs[0] = replace(legs[0], started_us=start_us)
    if end_us > trip.ended_us:
        legs[-1] = replace(legs[-1], ended_us=end_us)
    priced = tuple(leg if leg.co2e is not None else price_leg(leg, factors=factors) for leg in legs)
    first, last = legs[0].path, legs[-1].path
    origin, destination = trip.origin, trip.destination
    if start_us > trip.started_us and len(first):
        origin = Place(float(first.lat_deg[0]), float(first.lon_deg[0]))
    if end_us < trip.ended_us and len(last):
        destination = Place(float(last.lat_deg[-1]), float(last.lon_deg[-1]))
    return replace(
        trip, started_us=start_us, ended_us=end_us, legs=priced,
        origin=origin, destination=destination,
    )  # fmt: skip


def _give_after(entries: list[Entry], row: int, was: Trip) -> None:
    """Let what follows a trip begin where the trip now ends."""
    end_us = entries[row].ended_us
    after = entries[row + 1] if row + 1 < len(entries) else None
    if after is not None and after.started_us == was.ended_us and not isinstance(after, Trip):
        left = [replace(after, started_us=end_us)] if after.ended_us > end_us else []
        entries[row + 1 : row + 2] = left
    elif end_us < was.ended_us:
        entries.insert(row + 1, Unknown(end_us, was.ended_us, was.tz))


def _give_before(entries: list[Entry], row: int, was: Trip) -> None:
    """Let what precedes a trip end where the trip now begins."""
    start_us = entries[row].started_us
    before = entries[row - 1] if row else None
    if before is not None and before.ended_us == was.started_us and not isinstance(before, Trip):
        left = [replace(before, ended_us=start_us)] if before.started_us < start_us else []
        entries[row - 1 : row] = left
    elif start_us > was.started_us:
        entries.insert(row, Unknown(was.started_us, start_us, was.tz))


def move_ends(entries: list[Entry], said: Correction, factors: FactorSet) -> None:
    """Say where a trip began or ended: its way is drawn on to there."""
    row = trip_like(entries, (said.start_us, said.end_us))
    trip = entries[row] if row is not None else None
    if row is None or not isinstance(trip, Trip):
        return
    legs = list(trip.legs)
    origin, destination = trip.origin, trip.destination
    if said.from_deg is not None:
        origin = Place(*said.from_deg)
        legs[0] = price_leg(_drawn_to(legs[0], said.from_deg, is_start=True), factors=factors)
    if said.to_deg is not None:
        destination = Place(*said.to_deg)
        legs[-1] = price_leg(_drawn_to(legs[-1], said.to_deg, is_start=False), factors=factors)
    entries[row] = replace(trip, origin=origin, destination=destination, legs=tuple(legs))


STRAIGHT_N = 2
"""A way of two points was drawn between two places, not seen."""


def _drawn_to(leg: Leg, to_deg: tuple[float, float], *, is_start: bool) -> Leg:
    """Draw the way of a leg on; one that was only a line between two places is drawn anew."""
    path = leg.path
    near = 0 if is_start else -1
    if not len(path) or (path.lat_deg[near], path.lon_deg[near]) == to_deg:
        return leg
    if len(path) == STRAIGHT_N and not leg.n_positions:
        return _straight_to(leg, to_deg, near)
    more_m = distance_m(*to_deg, float(path.lat_deg[near]), float(path.lon_deg[near]))
    at = 0 if is_start else len(path)
    drawn = Path(
        np.insert(path.time_us, at, leg.started_us if is_start else leg.ended_us),
        np.insert(path.lat_deg, at, to_deg[0]),
        np.insert(path.lon_deg, at, to_deg[1]),
    )
    return replace(leg, path=drawn, distance_m=leg.distance_m + more_m)


def _straight_to(leg: Leg, to_deg: tuple[float, float], near: int) -> Leg:
    """Draw a line to another place; a way longer than its line stays so in proportion."""
    lat_deg, lon_deg = leg.path.lat_deg.copy(), leg.path.lon_deg.copy()
    was_m = distance_m(lat_deg[0], lon_deg[0], lat_deg[1], lon_deg[1])
    lat_deg[near], lon_deg[near] = to_deg
    now_m = float(distance_m(lat_deg[0], lon_deg[0], lat_deg[1], lon_deg[1]))
    longer = leg.distance_m / was_m if was_m > 0 else 1.0
    return replace(leg, path=Path(leg.path.time_us, lat_deg, lon_deg), distance_m=now_m * longer)
