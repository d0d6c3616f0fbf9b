"""What if: the same year with another car, at home two days a week, by e-bike, by train.

Each change turns trips into other trips, in a stated order; what one has changed, the next
finds changed, so that nothing is saved twice. A trip may be kept for a share and changed for
the rest: trips have weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import nan

from estran.carbon import FactorSet, price_leg
from estran.coach.recurring import recurring
from estran.geo.distance import distance_m
from estran.journal import NO_CO2E, Co2e, Leg, Mode, Purpose, Trip

DRIVEN = frozenset({Mode.CAR})
FLOWN_OR_DRIVEN = frozenset({Mode.CAR, Mode.PLANE})
WEEK_DAYS = 5.0
EPOCH_WEEKDAY = 3
"""1 January 1970 was a Thursday: weeks begin on Mondays."""
M_PER_KM = 1000.0


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a simulation stands on; a person may change each.

    Parameters
    ----------
    vehicle, energy : str
        Of the other car, keys of the factor table.
    telework_days : float
        Days a week at home that were days at work before.
    e_bike_below_km : float
        Car trips shorter than this are ridden.
    e_bike_share : float
        Of those, the share that weather, loads and company allow, 0 to 1. Ours: nobody
        rides all of them.
    e_bike_kmh : float
        Door to door. An e-bike is assisted up to 25 km/h by law; stops and lights take a
        third of that in town (ours).
    train_from_km : float
        Trips by car or plane whose ends are this far apart go by train.
    train_detour : float
        Rails are so much longer than the straight line (ours, of French main lines).
    train_kmh : float
        Of a long journey with its changes (ours).
    occupants : float
        In the car, for all that is still driven.
    """

    vehicle: str = ""
    energy: str = ""
    telework_days: float = 0.0
    e_bike_below_km: float = 0.0
    e_bike_share: float = 0.7
    e_bike_kmh: float = 17.0
    train_from_km: float = 0.0
    train_detour: float = 1.25
    train_kmh: float = 110.0
    occupants: float = nan


@dataclass(frozen=True, slots=True)
class Weighted:
    """A trip that is made for a share, 0 to 1."""

    trip: Trip
    share: float = 1.0


type_change = Callable[[Sequence[Weighted]], list[Weighted]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one change does to what the changes before it left.

    Parameters
    ----------
    code : str
        ``"telework"``, ``"e-bike"``, ``"train"``, ``"car"``, ``"carpool"``.
    n_trips : float
        Trips that it changes.
    low_g, central_g, high_g : float
        Saved, negative where more is emitted. The ends take one side low and the other
        high: wider than it need be where both know the same too little. [g CO2e]
    saved_s : float
        Time saved on the way. [s]
    """

    code: str
    n_trips: float
    low_g: float
    central_g: float
    high_g: float
    saved_s: float


@dataclass(frozen=True, slots=True)
class Simulated:
    """A year as it was and as it would be."""

    before: Co2e
    after: Co2e
    outcomes: tuple[Outcome, ...]
    whole: Outcome


def simulate(trips: Sequence[Trip], assumed: Assumptions, *, factors: FactorSet) -> Simulated:
    """Live the same trips with changes.

    Parameters
    ----------
    trips : sequence of Trip
        Of the period, in order, priced; those without a footprint are left out.
    assumed : Assumptions
        A change whose number is 0 or whose key is empty is not made.
    factors : FactorSet
        The same for both sides.
    """
    now = [Weighted(trip) for trip in trips if trip.legs and trip.co2e is not None]
    first = now
    outcomes: list[Outcome] = []
    for code, change in _changes([one.trip for one in now], assumed, factors):
        then = change(now)
        outcomes.append(_outcome(code, now, then))
        now = then
    return Simulated(_sum(first), _sum(now), tuple(outcomes), _outcome("all", first, now))


def _changes(
    trips: Sequence[Trip], assumed: Assumptions, factors: FactorSet
) -> list[tuple[str, type_change]]:
    found: list[tuple[str, type_change]] = []
    if assumed.telework_days > 0:
        found.append(("telework", _telework(trips, assumed)))
    if assumed.e_bike_below_km > 0:
        found.append(("e-bike", _e_bike(assumed, factors)))
    if assumed.train_from_km > 0:
        found.append(("train", _train(assumed, factors)))
    if assumed.vehicle or assumed.energy:
        found.append(
            ("car", _each_car_leg(factors, vehicle=assumed.vehicle, energy=assumed.energy))
        )
    if assumed.occupants > 1:
        found.append(("carpool", _each_car_leg(factors, occupants=assumed.occupants)))
    return found


def commutes(trips: Sequence[Trip]) -> frozenset[int]:
    """Find the trips to work and back by their first instants.

    Those of purpose work and their ways back; where nobody said a purpose, the usual trip
    made most often on weekday mornings, and its way back.
    """
    found = recurring(trips)
    work = {one.id for one in found if one.purpose in {Purpose.WORK, Purpose.STUDY}} or _most_usual(
        trips
    )
    both = work | {one.way_back for one in found if one.id in work and one.way_back}
    of_habits = {start for one in found if one.id in both for start in one.trips}
    said = {trip.started_us for trip in trips if trip.purpose is Purpose.WORK}
    return frozenset(of_habits | said)


MORNING_H = (5.0, 11.0)


def _most_usual(trips: Sequence[Trip]) -> set[str]:
    usual = [
        one
        for one in recurring(trips)
        if MORNING_H[0] <= one.starts_h < MORNING_H[1]
        and not one.is_loop
        and sum(one.weekdays[:5]) > sum(one.weekdays[5:])
    ]
    return {max(usual, key=lambda one: (len(one.trips), one.id)).id} if usual else set()


def _telework(trips: Sequence[Trip], assumed: Assumptions) -> type_change:
    to_work = commutes(trips)
    days = {trip.started_us // 86_400_000_000 for trip in trips if trip.started_us in to_work}
    weeks = {(day + EPOCH_WEEKDAY) // 7 for day in days}
    per_week = len(days) / len(weeks) if weeks else WEEK_DAYS
    left_share = max(0.0, 1.0 - assumed.telework_days / max(per_week, assumed.telework_days))

    def change(now: Sequence[Weighted]) -> list[Weighted]:
        return [
            replace(one, share=one.share * left_share) if one.trip.started_us in to_work else one
            for one in now
        ]

    return change


def _e_bike(assumed: Assumptions, factors: FactorSet) -> type_change:
    def ridden(leg: Leg) -> Leg:
        took_us = round(leg.distance_m / (assumed.e_bike_kmh * M_PER_KM) * 3600e6)
        return _other(leg, Mode.E_BIKE, leg.distance_m, took_us, factors)

    def change(now: Sequence[Weighted]) -> list[Weighted]:
        out: list[Weighted] = []
        for one in now:
            short = one.trip.distance_m < assumed.e_bike_below_km * M_PER_KM
            if short and _is_mainly(one.trip, DRIVEN):
                share = one.share * assumed.e_bike_share
                out.append(Weighted(_each(one.trip, DRIVEN, ridden), share))
                out.append(replace(one, share=one.share - share))
            else:
                out.append(one)
        return out

    return change


def _train(assumed: Assumptions, factors: FactorSet) -> type_change:
    def change(now: Sequence[Weighted]) -> list[Weighted]:
        return [
            replace(one, trip=_by_train(one.trip, assumed, factors))
            if _apart_m(one.trip) >= assumed.train_from_km * M_PER_KM
            and _is_mainly(one.trip, FLOWN_OR_DRIVEN)
            else one
            for one in now
        ]

    return change


def _apart_m(trip: Trip) -> float:
    return distance_m(
        trip.origin.lat_deg, trip.origin.lon_deg, trip.destination.lat_deg, trip.destination.lon_deg
    )


def _by_train(trip: Trip, assumed: Assumptions, factors: FactorSet) -> Trip:
    railed_m = _apart_m(trip) * assumed.train_detour
    took_us = round(railed_m / (assumed.train_kmh * M_PER_KM) * 3600e6)
    leg = _other(trip.legs[0], Mode.TRAIN, railed_m, took_us, factors)
    return replace(trip, legs=(leg,), ended_us=trip.started_us + took_us)


def _each_car_leg(factors: FactorSet, **told: object) -> type_change:
    def driven(leg: Leg) -> Leg:
        given = {name: value for name, value in told.items() if value != ""}
        return price_leg(replace(leg, probabilities=(), **given), factors=factors)  # type: ignore[arg-type]

    def change(now: Sequence[Weighted]) -> list[Weighted]:
        return [replace(one, trip=_each(one.trip, DRIVEN, driven)) for one in now]

    return change


def _each(trip: Trip, modes: frozenset[Mode], change: Callable[[Leg], Leg]) -> Trip:
    legs = tuple(change(leg) if leg.mode in modes else leg for leg in trip.legs)
    return trip if legs == trip.legs else replace(trip, legs=legs)


def _is_mainly(trip: Trip, modes: frozenset[Mode]) -> bool:
    inside_m = sum(leg.distance_m for leg in trip.legs if leg.mode in modes)
    return inside_m > 0.5 * trip.distance_m


def _other(leg: Leg, mode: Mode, way_m: float, took_us: int, factors: FactorSet) -> Leg:
    """Make the same way by another mode: nothing of the vehicle before is known of it."""
    made = Leg(mode, leg.started_us, leg.started_us + took_us, way_m, probabilities=((mode, 1.0),))
    return price_leg(made, factors=factors)


def _sum(now: Sequence[Weighted]) -> Co2e:
    total = NO_CO2E
    for one in now:
        co2e = one.trip.co2e
        if co2e is not None and one.share > 0:
            total = total + _scaled(co2e, one.share)
    return total


def _scaled(co2e: Co2e, share: float) -> Co2e:
    return Co2e(
        co2e.central_g * share, co2e.low_g * share, co2e.high_g * share, co2e.use_g * share,
        co2e.upstream_g * share, co2e.manufacture_g * share, co2e.contrails_g * share,
    )  # fmt: skip


def _outcome(code: str, before: Sequence[Weighted], after: Sequence[Weighted]) -> Outcome:
    """Compare; what both sides have alike is on neither."""
    kept = _shares(after)
    had = _shares(before)
    gone = [replace(one, share=_less(one, kept)) for one in _merged(before)]
    come = [replace(one, share=_less(one, had)) for one in _merged(after)]
    was, now = _sum(gone), _sum(come)
    return Outcome(
        code,
        sum(one.share for one in gone),
        was.low_g - now.high_g,
        was.central_g - now.central_g,
        was.high_g - now.low_g,
        _lasts_s(gone) - _lasts_s(come),
    )


type_key = tuple[int, int]


def _key(trip: Trip) -> type_key:
    return id(trip), trip.started_us


def _shares(now: Sequence[Weighted]) -> dict[type_key, float]:
    shares: dict[type_key, float] = {}
    for one in now:
        key = _key(one.trip)
        shares[key] = shares.get(key, 0.0) + one.share
    return shares


def _merged(now: Sequence[Weighted]) -> list[Weighted]:
    trips = {_key(one.trip): one.trip for one in now}
    return [Weighted(trips[key], share) for key, share in _shares(now).items()]


def _less(one: Weighted, other: dict[type_key, float]) -> float:
    return max(0.0, one.share - other.get(_key(one.trip), 0.0))


def _lasts_s(now: Sequence[Weighted]) -> float:
    return sum(one.share * sum(leg.duration_s for leg in one.trip.legs) for one in now)
