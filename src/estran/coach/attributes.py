"""What a person says of a trip or a leg beside its mode and its borders."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from estran.carbon import FactorSet, price_leg
from estran.coach.matching import leg_like, shared_us, trip_like, trips_in
from estran.coach.said import Correction
from estran.geo.distance import step_lengths_m
from estran.journal import Entry, Leg, Path, Trip


def say_purpose(entries: list[Entry], said: Correction, _factors: FactorSet) -> None:
    """Give a trip the purpose that a person says; None takes it away."""
    row = trip_like(entries, (said.start_us, said.end_us))
    if row is not None:
        share = None if said.purpose is None else 1.0
        entries[row] = replace(_trip(entries[row]), purpose=said.purpose, purpose_share=share)


def say_mark(entries: list[Entry], said: Correction, _factors: FactorSet) -> None:
    """Put a mark on a trip, or take it away.

    All parts have it that a new analysis made of the trip: what is private stays so.
    """
    if said.mark is None:
        return
    for row in trips_in(entries, (said.start_us, said.end_us)):
        trip = _trip(entries[row])
        marks = trip.marks | {said.mark} if said.is_set else trip.marks - {said.mark}
        entries[row] = replace(trip, marks=frozenset(marks))


def say_vehicle(entries: list[Entry], said: Correction, factors: FactorSet) -> None:
    """Say in what a leg was travelled and by how many.

    Other parts of its trip that lie in the time said and have its mode follow.
    """
    told = {
        name: value
        for name in ("vehicle", "energy", "train_kind", "occupants")
        if (value := getattr(said, name)) is not None
    }
    span = said.start_us, said.end_us
    found = leg_like(entries, span)
    if found is None:
        return
    trip = _trip(entries[found[0]])
    mode = trip.legs[found[1]].mode
    legs = tuple(
        price_leg(replace(leg, **told), factors=factors)
        if which == found[1] or (leg.mode is mode and _lies_in(leg, span))
        else leg
        for which, leg in enumerate(trip.legs)
    )
    entries[found[0]] = replace(trip, legs=legs)


def _lies_in(leg: Leg, span: tuple[int, int]) -> bool:
    lasted_us = leg.ended_us - leg.started_us
    return 2 * shared_us((leg.started_us, leg.ended_us), span) >= lasted_us > 0


def say_distance(entries: list[Entry], said: Correction, factors: FactorSet) -> None:
    """Say how long the way of a leg was; its line stays as it is."""
    if said.distance_m is not None:
        _change_leg(entries, said, factors, distance_m=said.distance_m)


def say_path(entries: list[Entry], said: Correction, factors: FactorSet) -> None:
    """Draw the way of a leg anew; its length follows, its time is spread along it."""
    found = leg_like(entries, (said.start_us, said.end_us))
    if found is None or len(said.path_deg) < 2:  # noqa: PLR2004 - a line has two ends
        return
    leg = _trip(entries[found[0]]).legs[found[1]]
    lat_deg, lon_deg = np.array(said.path_deg, np.float64).T
    steps_m = step_lengths_m(lat_deg, lon_deg)
    path = Path(_spread_us(leg, steps_m), lat_deg, lon_deg)
    _change_leg(entries, said, factors, path=path, distance_m=float(steps_m.sum()))


def _spread_us(leg: Leg, steps_m: np.ndarray) -> np.ndarray:
    along = np.concatenate([[0.0], np.cumsum(steps_m)])
    share = along / along[-1] if along[-1] > 0 else np.linspace(0.0, 1.0, along.size)
    return leg.started_us + np.rint(share * (leg.ended_us - leg.started_us)).astype(np.int64)


def _change_leg(entries: list[Entry], said: Correction, factors: FactorSet, **told: object) -> None:
    found = leg_like(entries, (said.start_us, said.end_us))
    if found is None:
        return
    row, which = found
    trip = _trip(entries[row])
    legs = list(trip.legs)
    legs[which] = price_leg(replace(legs[which], **told), factors=factors)  # type: ignore[arg-type]
    entries[row] = replace(trip, legs=tuple(legs))


def _trip(entry: Entry) -> Trip:
    if not isinstance(entry, Trip):
        msg = "not a trip"
        raise TypeError(msg)
    return entry
