"""Trips like one of which a person said something: to say the same of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from estran.coach.recurring import main_mode, recurring
from estran.journal import Mode, Purpose, Trip

AT_MOST = 100
"""So many are offered at once."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Trips that the word on one may be meant for too.

    Parameters
    ----------
    mode : Mode or None
        The mode said of its main leg; None when nobody said it.
    purpose : Purpose or None
        The purpose said.
    trips : tuple of Trip
        Between the same places, either way, without such a word yet; the latest first.
    """

    mode: Mode | None
    purpose: Purpose | None
    trips: tuple[Trip, ...]


def alike(trip: Trip, trips: Sequence[Trip]) -> Alike:
    """Find the trips like one.

    Parameters
    ----------
    trip : Trip
        Corrected.
    trips : sequence of Trip
        All to look among, in order, corrected; ``trip`` is one of them.
    """
    main = max(trip.legs, key=lambda leg: (leg.distance_m, leg.duration_s))
    mode = main.mode if main.corrected else None
    purpose = trip.purpose if trip.purpose_share == 1.0 else None
    if mode is None and purpose is None:
        return Alike(None, None, ())
    found = recurring(trips)
    mine = {one.id for one in found if trip.started_us in one.trips}
    both = mine | {one.way_back for one in found if one.id in mine and one.way_back}
    starts = {start for one in found if one.id in both for start in one.trips}
    of_way_back = {start for one in found if one.id in both - mine for start in one.trips}
    kept = [
        other
        for other in trips
        if other.started_us in starts
        and other.started_us != trip.started_us
        and _lacks(other, mode, None if other.started_us in of_way_back else purpose)
    ]
    return Alike(mode, purpose, tuple(reversed(kept))[:AT_MOST])


def _lacks(trip: Trip, mode: Mode | None, purpose: Purpose | None) -> bool:
    """Tell whether a trip has no word yet where one would be given."""
    main = max(trip.legs, key=lambda leg: (leg.distance_m, leg.duration_s))
    wants_mode = mode is not None and not main.corrected and main_mode(trip) is not mode
    return wants_mode or (purpose is not None and trip.purpose_share != 1.0)
