"""Trips split and put together, as a person says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from estran.carbon import FactorSet, price_leg
from estran.coach.cutting import cut
from estran.coach.matching import leg_like, over, shared_us, span_of, trip_like
from estran.coach.said import Correction
from estran.geo.distance import distance_m
from estran.journal import Entry, Leg, Mode, Path, Place, Quality, Stay, Trip

BORDER_US = 180_000_000
"""How far a new analysis moves a border without meaning it: three minutes, the usual error
of borders in labelled data. Nothing shorter is cut off a leg."""


def split(entries: list[Entry], said: Correction, factors: FactorSet) -> None:
    """Cut a leg in two, or a trip in two trips, at an instant."""
    at_us = said.at_us
    span = said.start_us, said.end_us
    if at_us is None:
        return
    if said.is_trip:
        row = trip_like(entries, span)
        trip = entries[row] if row is not None else None
        if isinstance(trip, Trip) and row is not None and not _is_cut(span_of(trip), span, at_us):
            entries[row : row + 1] = _two_trips(trip, at_us, factors)
        return
    found = leg_like(entries, span)
    trip = entries[found[0]] if found else None
    if found and isinstance(trip, Trip):
        leg = trip.legs[found[1]]
        if not _is_cut((leg.started_us, leg.ended_us), span, at_us):
            legs = _legs_cut(trip.legs, at_us, factors)
            entries[found[0]] = replace(trip, legs=legs)


def _is_cut(shown: tuple[int, int], said: tuple[int, int], at_us: int) -> bool:
    """Tell whether what is shown now is one part already of what was to be split."""
    if not shown[0] < at_us < shown[1]:
        return True
    return any(
        abs(now_us - at_us) <= BORDER_US and abs(now_us - at_us) < abs(now_us - then_us)
        for now_us, then_us in zip(shown, said, strict=True)
    )


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
    """Make one trip of those that lie in an interval, or one leg of those of one trip.

    Where trips were meant and a new analysis made them one already, nothing is left to do.
    """
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
    if said.is_trip:
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
