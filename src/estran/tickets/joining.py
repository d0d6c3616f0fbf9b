"""A stated journey and a trip of a trace that are one: the trip keeps its way, and is sure."""

from __future__ import annotations

from dataclasses import replace
from math import isnan, nan

from estran.coach.cutting import cut
from estran.geo.distance import distance_m
from estran.journal import Leg, Mode, Reason, Trip
from estran.tickets.evidence import REACH_M, REACH_SHARE
from estran.tickets.reckoning import straight_m, way_m
from estran.tickets.values import Journey

SHARED_SHARE = 0.5
"""How much of the shorter of a leg and a journey they must have in common, as corrections."""

UNSEEN_SHARED_SHARE = 0.6
"""The same where only the time speaks, for no end of the journey is placed."""

BORDER_US = 180_000_000
"""Nothing shorter is cut off a leg: the usual error of borders in labelled data."""

REGULAR_ODDS = 4.0
"""How much a habit speaks for its mode: as much as a label of a provider that is right four
times in five."""

CONTRADICTED_SHARE = 0.02
"""A mode that the trace finds less probable than this was not used that day."""

RARE_S = 120.0
"""A leg with fewer fixes than one in this long is longer than its straight lines."""


def code_of(journey: Journey) -> str:
    """Name the reason that a journey is: a key of :data:`estran.wording.REASONS`."""
    return "declared" if journey.is_regular else "ticket"


def joined(trip: Trip, journey: Journey, *, is_seen: bool) -> Trip | None:
    """Make a trip the one that a journey states; None when it is another.

    A ticket makes the mode of its ride sure, with who was aboard; all parts of the trip that
    lie in its time follow. A habit only speaks for its mode, and is not heard where the
    trace says otherwise.

    Parameters
    ----------
    trip : Trip
    journey : Journey
    is_seen : bool
        The trace goes from the one end of the journey to the other.
    """
    if not is_seen and journey.is_placed:
        return None
    best = _most_alike(trip, journey, SHARED_SHARE if is_seen else UNSEEN_SHARED_SHARE)
    if best < 0 and is_seen and _goes_there(trip, journey):
        best = max(range(len(trip.legs)), key=lambda k: trip.legs[k].distance_m, default=-1)
    if best < 0:
        return None
    legs: list[Leg] = []
    for row, leg in enumerate(trip.legs):
        inside = 2 * _shared_us(leg, journey) >= leg.ended_us - leg.started_us > 0
        if row == best:
            legs += _cut_out(leg, journey)
        elif inside and leg.mode is not Mode.WAIT and not journey.is_regular:
            legs.append(_said(leg, journey, nan))
        else:
            legs.append(leg)
    return replace(trip, legs=tuple(legs))


def _most_alike(trip: Trip, journey: Journey, least_share: float) -> int:
    """Find the leg that has most time in common with a journey; -1 when none has enough."""
    best, most_us = -1, 0
    for row, leg in enumerate(trip.legs):
        shared_us = _shared_us(leg, journey)
        shorter_us = min(leg.ended_us - leg.started_us, journey.end_us - journey.start_us)
        is_enough = shared_us >= least_share * shorter_us
        if leg.mode is not Mode.WAIT and is_enough and shared_us > most_us:
            best, most_us = row, shared_us
    # A short walk inside a long ride is no ride.
    took_us = journey.end_us - journey.start_us
    inside_us = sum(_shared_us(leg, journey) for leg in trip.legs)
    return best if inside_us >= least_share * min(took_us, trip.ended_us - trip.started_us) else -1


def _goes_there(trip: Trip, journey: Journey) -> bool:
    """Tell whether a trip joins the ends of a journey, whatever its time: rides run late."""
    reach_m = min(
        max(REACH_SHARE * straight_m(journey.origin, journey.destination), REACH_M[0]), REACH_M[1]
    )
    ends = (trip.origin, journey.origin), (trip.destination, journey.destination)
    return all(
        distance_m(place.lat_deg, place.lon_deg, *end.at_deg) <= reach_m for place, end in ends
    )


def _shared_us(leg: Leg, journey: Journey) -> int:
    return max(min(leg.ended_us, journey.end_us) - max(leg.started_us, journey.start_us), 0)


def _cut_out(leg: Leg, journey: Journey) -> list[Leg]:
    """Make a leg the ride, or only the ride's time of one over twice as long."""
    before: list[Leg] = []
    after: list[Leg] = []
    took_us = journey.end_us - journey.start_us
    is_rare = leg.duration_s > RARE_S * leg.n_positions
    if leg.ended_us - leg.started_us > 2 * took_us and not is_rare and not journey.is_regular:
        if journey.start_us - leg.started_us > BORDER_US:
            first, leg = cut(leg, journey.start_us)
            before = [first]
        if leg.ended_us - journey.end_us > BORDER_US:
            leg, last = cut(leg, journey.end_us)
            after = [last]
    whole_m = way_m(journey) if is_rare else nan
    return [*before, _said(leg, journey, whole_m), *after]


def _said(leg: Leg, journey: Journey, least_m: float) -> Leg:
    """Give a leg what a journey says of it, unpriced."""
    if journey.is_regular:
        return _spoken_for(leg, journey)
    others = tuple(r for r in leg.reasons if r.code not in {"ticket", "label-confirmed"})
    kept = leg if leg.mode is journey.mode else replace(leg, vehicle="", energy="", train_kind="")
    longer = not isnan(least_m) and not isnan(leg.distance_m) and least_m > leg.distance_m
    return replace(
        kept,
        mode=journey.mode,
        distance_m=least_m if longer else leg.distance_m,
        probabilities=((journey.mode, 1.0),),
        reasons=(Reason("ticket", 1.0), *others),
        train_kind=journey.train_kind or kept.train_kind,
        occupants=float(journey.occupants or leg.occupants),
        co2e=None,
    )


def _spoken_for(leg: Leg, journey: Journey) -> Leg:
    """Let a habit speak for its mode; Bayes with its odds."""
    odds = dict(leg.probabilities)
    own_share = odds.get(journey.mode, 0.0)
    if own_share < CONTRADICTED_SHARE or any(r.code == "declared" for r in leg.reasons):
        return leg
    odds[journey.mode] = own_share * REGULAR_ODDS
    whole = sum(odds.values())
    ranked = sorted(((m, p / whole) for m, p in odds.items()), key=lambda pair: -pair[1])
    mode = ranked[0][0]
    said = (Reason("declared", round(ranked[0][1], 2)),) if mode is journey.mode else ()
    is_own = mode is journey.mode and journey.occupants is not None
    return replace(
        leg,
        mode=mode,
        probabilities=tuple(ranked),
        reasons=(*said, *leg.reasons),
        occupants=float(journey.occupants or nan) if is_own else leg.occupants,
        co2e=None,
    )
