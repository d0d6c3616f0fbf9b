"""Trips split, put together, cut, removed and added, as a person says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isnan

import numpy as np

from estran.carbon import FactorSet, price_leg
from estran.coach.carving import carved, without
from estran.coach.cutting import cut
from estran.coach.matching import leg_like, over, shared_us, span_of, trip_like
from estran.coach.said import Correction, SaidLeg
from estran.geo.distance import distance_m
from estran.journal import (
    Entry,
    Leg,
    Mark,
    Mode,
    Path,
    Place,
    Quality,
    Reason,
    Stay,
    Trip,
    Unknown,
)

SAME_PLACE_M = 300.0
"""Two stays this near each other are one place: a trip between them that was none leaves one
stay. Positions of a phone indoors wander by as much. [m]"""

REMOVED = "removed"
"""Why a time is unknown of which a person said that its trip was none."""

SAID = Reason("said", 1.0)
"""Why an added leg has its mode."""

FREE_SHARE = 0.5
"""An added trip is laid where at least half of its time is not taken by a trip."""


def split(entries: list[Entry], said: Correction, factors: FactorSet) -> None:
    """Cut a leg in two, or a trip in two trips, at an instant."""
    at_us = said.at_us
    span = said.start_us, said.end_us
    if at_us is None:
        return
    if said.is_trip:
        row = trip_like(entries, span)
        trip = entries[row] if row is not None else None
        if isinstance(trip, Trip) and row is not None and trip.started_us < at_us < trip.ended_us:
            entries[row : row + 1] = _two_trips(trip, at_us, factors)
        return
    found = leg_like(entries, span)
    trip = entries[found[0]] if found else None
    if found and isinstance(trip, Trip):
        legs = _legs_cut(trip.legs, at_us, factors)
        entries[found[0]] = replace(trip, legs=legs)


def _legs_cut(legs: Sequence[Leg], at_us: int, factors: FactorSet) -> tuple[Leg, ...]:
    out: list[Leg] = []
    for leg in legs:
        if leg.started_us < at_us < leg.ended_us:
            out += (price_leg(part, factors=factors) for part in cut(leg, at_us))
        else:
            out.append(leg)
    return tuple(out)


def _two_trips(trip: Trip, at_us: int, factors: FactorSet) -> list[Entry]:
    legs = _legs_cut(trip.legs, at_us, factors)
    before = tuple(leg for leg in legs if leg.ended_us <= at_us)
    after = tuple(leg for leg in legs if leg.ended_us > at_us)
    if not before or not after:
        return [trip]
    place = _end_of(before, trip.destination)
    return [
        replace(trip, ended_us=at_us, destination=place, legs=before, purpose=None,
                purpose_share=None),
        replace(trip, started_us=at_us, origin=place, legs=after),
    ]  # fmt: skip


def _end_of(legs: Sequence[Leg], otherwise: Place) -> Place:
    for leg in reversed(legs):
        if len(leg.path):
            return Place(float(leg.path.lat_deg[-1]), float(leg.path.lon_deg[-1]))
    return otherwise


def merge(entries: list[Entry], said: Correction, factors: FactorSet) -> None:
    """Make one trip of those that lie in an interval, or one leg of those of one trip."""
    span = said.start_us, said.end_us
    rows = [
        row
        for row in over(entries, *span)
        if isinstance(entry := entries[row], Trip)
        and 2 * shared_us(span_of(entry), span) >= entry.ended_us - entry.started_us > 0
    ]
    if len(rows) > 1:
        first, last = rows[0], rows[-1] + 1
        entries[first:last] = [_joined(entries[first:last], factors)]
        return
    found = leg_like(entries, span)
    row = rows[0] if rows else found[0] if found else None
    trip = entries[row] if row is not None else None
    if row is not None and isinstance(trip, Trip):
        entries[row] = replace(trip, legs=_legs_joined(trip.legs, span, factors))


def _joined(entries: Sequence[Entry], factors: FactorSet) -> Trip:
    """Make one trip; stays between become waits, unseen time a leg of unknown mode."""
    trips = [entry for entry in entries if isinstance(entry, Trip)]
    legs: list[Leg] = []
    for entry in entries:
        if isinstance(entry, Trip):
            legs += entry.legs
        elif entry.ended_us > entry.started_us:
            mode = Mode.WAIT if isinstance(entry, Stay) else Mode.UNKNOWN
            away_m = 0.0 if mode is Mode.WAIT else _apart_m(trips, entry)
            leg = Leg(mode, entry.started_us, entry.ended_us, away_m)
            legs.append(price_leg(leg, factors=factors))
    last = trips[-1]
    qualities = {trip.quality for trip in trips}
    return replace(
        trips[0],
        ended_us=last.ended_us,
        destination=last.destination,
        legs=tuple(legs),
        quality=trips[0].quality if len(qualities) == 1 else Quality.GAPPY,
        purpose=last.purpose,
        purpose_share=last.purpose_share,
        marks=frozenset().union(*(trip.marks for trip in trips)),
    )


def _apart_m(trips: Sequence[Trip], gap: Entry) -> float:
    """Tell how far the trip after a gap begins from where the one before it ended. [m]"""
    before = max((t for t in trips if t.ended_us <= gap.started_us), key=lambda t: t.ended_us)
    after = min((t for t in trips if t.started_us >= gap.ended_us), key=lambda t: t.started_us)
    return _between_m(before.destination, after.origin)


def _between_m(one: Place, other: Place) -> float:
    return distance_m(one.lat_deg, one.lon_deg, other.lat_deg, other.lon_deg)


def _legs_joined(legs: Sequence[Leg], span: tuple[int, int], factors: FactorSet) -> tuple[Leg, ...]:
    """Make one leg, by the mode of the longest, of those that lie in an interval."""
    inside = [
        leg for leg in legs
        if 2 * shared_us((leg.started_us, leg.ended_us), span) >= leg.ended_us - leg.started_us > 0
    ]  # fmt: skip
    if len(inside) < 2:  # noqa: PLR2004 - one leg is one leg
        return tuple(legs)
    longest = max(inside, key=lambda leg: (leg.distance_m, leg.duration_s))
    columns = [
        np.concatenate([getattr(leg.path, name) for leg in inside]) for name in Path.__slots__
    ]
    lat_deg, lon_deg, time_us = columns
    one = replace(
        longest,
        started_us=inside[0].started_us,
        ended_us=inside[-1].ended_us,
        distance_m=sum(leg.distance_m for leg in inside),
        path=Path(time_us, lat_deg, lon_deg),
        n_positions=sum(leg.n_positions for leg in inside),
    )
    at = legs.index(inside[0])
    return (*legs[:at], price_leg(one, factors=factors), *legs[at + len(inside) :])


def delete(entries: list[Entry], said: Correction, _factors: FactorSet) -> None:
    """Take a trip away that was none: its time belongs to the stay around, or is unknown."""
    row = trip_like(entries, (said.start_us, said.end_us))
    if row is None:
        return
    trip = entries[row]
    before = entries[row - 1] if row else None
    after = entries[row + 1] if row + 1 < len(entries) else None
    if (
        isinstance(before, Stay)
        and isinstance(after, Stay)
        and (before.ended_us, after.started_us) == span_of(trip)
        and _between_m(before.at, after.at) <= max(SAME_PLACE_M, before.radius_m + after.radius_m)
    ):
        one = replace(
            before,
            ended_us=after.ended_us,
            n_positions=before.n_positions + after.n_positions,
            place=before.place or after.place,
        )
        entries[row - 1 : row + 2] = [one]
    else:
        entries[row] = Unknown(trip.started_us, trip.ended_us, trip.tz, REMOVED)


def move_times(entries: list[Entry], said: Correction, factors: FactorSet) -> None:
    """Move the beginning or the end of a trip: time is given to or taken from what is beside.

    Only a stay or unknown time gives: a trip never grows into another.
    """
    row = trip_like(entries, (said.start_us, said.end_us))
    trip = entries[row] if row is not None else None
    if row is None or not isinstance(trip, Trip):
        return
    before, after = entries[row - 1] if row else None, entries[row + 1 : row + 2]
    floor_us = _room_us(before, before.started_us if before else trip.started_us, trip.started_us)
    end = after[0] if after else None
    roof_us = _room_us(end, end.ended_us if end else trip.ended_us, trip.ended_us)
    start_us = max(floor_us, trip.started_us if said.new_start_us is None else said.new_start_us)
    end_us = min(roof_us, trip.ended_us if said.new_end_us is None else said.new_end_us)
    if not start_us < end_us:
        return
    cut_us = max(start_us, trip.started_us), min(end_us, trip.ended_us)
    if cut_us[0] >= cut_us[1]:
        return
    parts = carved([trip], without([span_of(trip)], [cut_us]))
    kept = next((part for part in parts if isinstance(part, Trip)), None)
    if kept is None:
        kept = replace(trip, started_us=cut_us[0], ended_us=cut_us[1])
    grown = _grown(kept, start_us, end_us, factors)
    entries[row] = grown
    _give(entries, row, trip, grown)


def _room_us(beside: Entry | None, far_us: int, near_us: int) -> int:
    """Tell how far a border may move into what is beside it. [µs since 1970, UTC]"""
    if beside is None or isinstance(beside, Trip):
        return near_us
    touches = near_us in span_of(beside)
    return far_us if touches else near_us


def _grown(trip: Trip, start_us: int, end_us: int, factors: FactorSet) -> Trip:
    legs = list(trip.legs)
    legs[0] = replace(legs[0], started_us=start_us)
    legs[-1] = replace(legs[-1], ended_us=end_us)
    priced = tuple(leg if leg.co2e is not None else price_leg(leg, factors=factors) for leg in legs)
    return replace(trip, started_us=start_us, ended_us=end_us, legs=priced)


def _give(entries: list[Entry], row: int, trip: Trip, grown: Trip) -> None:
    """Let what is beside a trip end or begin where the trip now does."""
    if row + 1 < len(entries) and entries[row + 1].started_us == trip.ended_us:
        after = entries[row + 1]
        if isinstance(after, Trip):
            if grown.ended_us < trip.ended_us:
                entries.insert(row + 1, Unknown(grown.ended_us, trip.ended_us, trip.tz))
        elif after.ended_us > grown.ended_us:
            entries[row + 1] = replace(after, started_us=grown.ended_us)
        else:
            del entries[row + 1]
    elif grown.ended_us < trip.ended_us:
        entries.insert(row + 1, Unknown(grown.ended_us, trip.ended_us, trip.tz))
    before = entries[row - 1] if row else None
    if before is not None and before.ended_us == trip.started_us and not isinstance(before, Trip):
        if before.started_us < grown.started_us:
            entries[row - 1] = replace(before, ended_us=grown.started_us)
        else:
            del entries[row - 1]
    elif grown.started_us > trip.started_us:
        entries.insert(row, Unknown(trip.started_us, grown.started_us, trip.tz))


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


def _drawn_to(leg: Leg, to_deg: tuple[float, float], *, is_start: bool) -> Leg:
    path = leg.path
    if not len(path):
        return leg
    at = 0 if is_start else len(path)
    near = 0 if is_start else -1
    more_m = distance_m(*to_deg, float(path.lat_deg[near]), float(path.lon_deg[near]))
    drawn = Path(
        np.insert(path.time_us, at, leg.started_us if is_start else leg.ended_us),
        np.insert(path.lat_deg, at, to_deg[0]),
        np.insert(path.lon_deg, at, to_deg[1]),
    )
    return replace(leg, path=drawn, distance_m=leg.distance_m + more_m)


def add(entries: list[Entry], said: Correction, factors: FactorSet) -> None:
    """Put a trip where none was seen: stays and unknown time make room, trips never do."""
    if not said.legs:
        return
    whole = said.legs[0].start_us, said.legs[-1].end_us
    taken = [
        span_of(entries[row]) for row in over(entries, *whole) if isinstance(entries[row], Trip)
    ]
    free = without([whole], sorted(taken))
    span = max(free, key=lambda one: one[1] - one[0], default=None)
    if span is None or span[1] - span[0] < FREE_SHARE * (whole[1] - whole[0]):
        return
    trip = _added(said, whole, span, factors)
    entries[:] = sorted([*carved(entries, [span]), trip], key=span_of)


def _added(
    said: Correction, whole: tuple[int, int], span: tuple[int, int], factors: FactorSet
) -> Trip:
    """Make the trip; where it has less room than it took, its legs are shortened alike."""

    def moved_us(time_us: int) -> int:
        share = (time_us - whole[0]) / (whole[1] - whole[0])
        return span[0] + round(share * (span[1] - span[0]))

    legs = tuple(
        price_leg(_leg(leg, moved_us(leg.start_us), moved_us(leg.end_us)), factors=factors)
        for leg in said.legs
    )
    first, last = said.legs[0], said.legs[-1]
    return Trip(
        *span, said.tz, Place(*first.from_deg), Place(*last.to_deg), legs, Quality.DECLARED,
        said.purpose, None if said.purpose is None else 1.0, frozenset({Mark.ADDED}),
    )  # fmt: skip


def _leg(said: SaidLeg, start_us: int, end_us: int) -> Leg:
    straight_m = distance_m(*said.from_deg, *said.to_deg)
    lat_deg, lon_deg = np.array([said.from_deg, said.to_deg], np.float64).T
    return Leg(
        said.mode,
        start_us,
        end_us,
        straight_m if isnan(said.distance_m) else said.distance_m,
        Path(np.array([start_us, end_us], np.int64), lat_deg, lon_deg),
        ((said.mode, 1.0),),
        (SAID,),
        vehicle=said.vehicle,
        energy=said.energy,
        train_kind=said.train_kind,
        occupants=said.occupants,
        corrected=True,
    )
