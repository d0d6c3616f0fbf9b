"""Other ways to make a usual trip: time, distance, CO2e, cost, effort, or why it cannot be.

Where a timetable is known it tells; else plain speeds do, which a person may change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from math import isnan, nan

from estran.carbon import FactorSet, price_leg
from estran.coach.effort import effort_of, met
from estran.coach.money import NO_SUM, CostSum, legs_cost, type_coster
from estran.coach.recurring import Recurring
from estran.geo.distance import distance_m
from estran.journal import NO_CO2E, Co2e, Leg, Mode, Place, Purpose, Trip

M_PER_KM = 1000.0
S_PER_H = 3600.0


class Way(StrEnum):
    """Another way of making a trip."""

    WALK = "walk"
    BIKE = "bike"
    E_BIKE = "e-bike"
    TRANSIT = "transit"
    """Bus, tram, metro or train, with walks to and from."""
    BIKE_TRANSIT = "bike-transit"
    """The same, with a bicycle to its first stop and from its last."""
    CARPOOL = "carpool"
    TELEWORK = "telework"


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What the plain models stand on; all ours, none measured, and a person may change each.

    Parameters
    ----------
    walk_kmh, bike_kmh, e_bike_kmh : float
        Door to door, lights and parking included.
    transit_kmh : float
        In the vehicle, up to ``near_km``; buses in town.
    train_kmh : float
        In the vehicle, beyond.
    near_km : float
        Up to there somebody rides a bus, beyond a train.
    access_min, wait_min : float
        Walks to and from stops, both together, and waits.
    spread_share : float
        A duration is so much uncertain either way.
    detour : float
        A way is so much longer than the straight line.
    walk_most_km, bike_most_km, e_bike_most_km : float
        Farther is not proposed.
    transit_least_km : float
        Nearer one walks.
    aboard : float
        People in a shared car.
    meet_min : float
        To meet for it.
    """

    walk_kmh: float = 4.8
    bike_kmh: float = 14.0
    e_bike_kmh: float = 17.0
    transit_kmh: float = 16.0
    train_kmh: float = 60.0
    near_km: float = 15.0
    access_min: float = 12.0
    wait_min: float = 6.0
    spread_share: float = 0.2
    detour: float = 1.3
    walk_most_km: float = 3.0
    bike_most_km: float = 10.0
    e_bike_most_km: float = 15.0
    transit_least_km: float = 1.0
    aboard: float = 2.0
    meet_min: float = 5.0


@dataclass(frozen=True, slots=True)
class Ridden:
    """A journey by a timetable: modes with their distance and duration, and its span. [m, s]"""

    legs: tuple[tuple[Mode, float, float], ...]
    low_s: float
    high_s: float


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a timetable. ``starts_h`` is a local hour, Monday is weekday 0."""

    origin: Place
    destination: Place
    weekday: int
    starts_h: float
    by_bike: bool = False


type_timetable = Callable[[Asked], Ridden | str]
"""Gives a journey, or why there is none: ``no-line``, ``no-service`` or ``walking-sooner``;
``""`` where it does not know the places."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way of making the trip once.

    Parameters
    ----------
    way : Way or None
        None for what is done now.
    legs : tuple of Leg
        Priced; none where it cannot be or nothing is travelled.
    low_s, high_s : float
        How long it takes. [s]
    co2e : Co2e
    cost : CostSum
    active_min, met : float
        Minutes moved by muscle, and how hard the hardest of them is; NaN without any.
    basis : str
        ``"now"``, ``"timetable"``, ``"speeds"``, ``"same-way"`` or ``"home"``.
    hindrance : str
        Why it cannot be: ``too-far``, ``too-near``, ``no-line``, ``no-service``; ``""``
        where it can.
    limit_km : float
        Where it is too far or too near.
    """

    way: Way | None
    legs: tuple[Leg, ...] = ()
    low_s: float = nan
    high_s: float = nan
    co2e: Co2e = NO_CO2E
    cost: CostSum = NO_SUM
    active_min: float = 0.0
    met: float = nan
    basis: str = "speeds"
    hindrance: str = ""
    limit_km: float = nan

    @property
    def distance_m(self) -> float:
        """Sum of the legs. [m]"""
        return sum(leg.distance_m for leg in self.legs)

    @property
    def is_possible(self) -> bool:
        """Whether nothing that is known speaks against it."""
        return not self.hindrance


@dataclass(frozen=True, slots=True)
class Means:
    """What alternatives are reckoned with.

    Parameters
    ----------
    factors : FactorSet
        The same for what is done now and for the alternatives.
    day : date
        On which prices hold.
    costs : callable, optional
        Without it nothing is known of money.
    timetable : callable, optional
    assumed : Assumptions
    """

    factors: FactorSet
    day: date
    costs: type_coster | None = None
    timetable: type_timetable | None = None
    assumed: Assumptions = Assumptions()


def now_of(usual: Recurring, trips: Sequence[Trip], means: Means) -> Alternative:
    """Tell what a usual trip is now: the one of middle footprint of those by its usual mode."""
    made = set(usual.trips)
    own = [t for t in trips if t.started_us in made and t.co2e is not None]
    alike = [t for t in own if max(t.legs, key=lambda leg: leg.distance_m).mode is usual.mode]
    if not alike:
        return Alternative(None, basis="now", low_s=usual.duration_s, high_s=usual.duration_s)
    alike.sort(key=lambda t: t.co2e.central_g if t.co2e else 0.0)
    middle = alike[len(alike) // 2]
    spans_s = sorted(t.duration_s for t in alike)
    fifth = len(spans_s) // 5
    return _reckoned(None, middle.legs, (spans_s[fifth], spans_s[-1 - fifth]), means, basis="now")


def alternatives(
    usual: Recurring, now: Alternative, means: Means, *, to_work: bool = False
) -> tuple[Alternative, ...]:
    """Give the ways of making a usual trip otherwise, quickest first, then what cannot be.

    Parameters
    ----------
    usual : Recurring
    now : Alternative
        Of :func:`now_of`; what is done already is not proposed.
    means : Means
    to_work : bool
        A way to work, which working at home spares.
    """
    found = [
        *_by_muscle(usual, means),
        *_by_transit(usual, means),
        *_together(usual, now, means),
    ]
    if to_work or usual.purpose is Purpose.WORK:
        found.append(Alternative(Way.TELEWORK, low_s=0.0, high_s=0.0, basis="home"))
    found = [one for one in found if not _is_done(one, usual)]
    can = sorted((one for one in found if one.is_possible), key=lambda one: one.high_s)
    return (*can, *(one for one in found if not one.is_possible))


_OWN = {Way.WALK: Mode.WALK, Way.BIKE: Mode.BIKE, Way.E_BIKE: Mode.E_BIKE}
_RIDES = frozenset({Mode.BUS, Mode.COACH, Mode.TRAM, Mode.METRO, Mode.TRAIN, Mode.FERRY})


def _is_done(one: Alternative, usual: Recurring) -> bool:
    if one.way in _OWN:
        return usual.mode is _OWN[one.way]
    return one.way is Way.TRANSIT and usual.mode in _RIDES


def _way_m(usual: Recurring, assumed: Assumptions) -> float:
    """Suppose the length of a way by street: what was travelled, unless that went round. [m]"""
    straight_m = distance_m(
        usual.origin.lat_deg, usual.origin.lon_deg,
        usual.destination.lat_deg, usual.destination.lon_deg,
    )  # fmt: skip
    supposed_m = straight_m * assumed.detour
    if isnan(usual.distance_m):
        return supposed_m
    return max(straight_m, min(supposed_m, usual.distance_m))


def _by_muscle(usual: Recurring, means: Means) -> list[Alternative]:
    assumed, way_m = means.assumed, _way_m(usual, means.assumed)
    told = (
        (Way.WALK, assumed.walk_kmh, assumed.walk_most_km),
        (Way.BIKE, assumed.bike_kmh, assumed.bike_most_km),
        (Way.E_BIKE, assumed.e_bike_kmh, assumed.e_bike_most_km),
    )
    found = []
    for way, kmh, most_km in told:
        if way_m > most_km * M_PER_KM:
            found.append(Alternative(way, hindrance="too-far", limit_km=most_km))
            continue
        took_s = way_m / (kmh * M_PER_KM) * S_PER_H
        legs = _legs([(_OWN[way], way_m, took_s)], means)
        found.append(_reckoned(way, legs, _spread(took_s, assumed), means))
    return found


def _by_transit(usual: Recurring, means: Means) -> list[Alternative]:
    weekday = max(range(7), key=lambda day: usual.weekdays[day])
    found = []
    for way in (Way.TRANSIT, Way.BIKE_TRANSIT):
        asked = Asked(
            usual.origin, usual.destination, weekday, usual.starts_h, way is Way.BIKE_TRANSIT
        )
        told = means.timetable(asked) if means.timetable is not None else ""
        if isinstance(told, Ridden):
            legs = _legs(told.legs, means)
            found.append(_reckoned(way, legs, (told.low_s, told.high_s), means, basis="timetable"))
        elif told:
            found.append(Alternative(way, hindrance=told, basis="timetable"))
        else:
            found.append(_by_speeds(way, usual, means))
    walked = found[0]
    if walked.is_possible and found[1].legs == walked.legs:
        return found[:1]
    return found


def _by_speeds(way: Way, usual: Recurring, means: Means) -> Alternative:
    """Suppose a line: a bus up to some distance, a train beyond; a bicycle shortens access."""
    assumed, way_m = means.assumed, _way_m(usual, means.assumed)
    least_km = assumed.near_km if way is Way.BIKE_TRANSIT else assumed.transit_least_km
    if way_m < least_km * M_PER_KM:
        return Alternative(way, hindrance="too-near", limit_km=least_km)
    near = way_m <= assumed.near_km * M_PER_KM
    kmh = assumed.transit_kmh if near else assumed.train_kmh
    access_s = assumed.access_min * 60.0
    own, own_kmh = Mode.WALK, assumed.walk_kmh
    if way is Way.BIKE_TRANSIT:  # stops as far, reached sooner
        own, own_kmh = Mode.BIKE, assumed.bike_kmh
        access_s *= assumed.walk_kmh / assumed.bike_kmh
    access_m = access_s / S_PER_H * own_kmh * M_PER_KM
    ride_s = way_m / (kmh * M_PER_KM) * S_PER_H
    told = [
        (own, access_m / 2, access_s / 2),
        (Mode.WAIT, 0.0, assumed.wait_min * 60.0),
        (Mode.BUS if near else Mode.TRAIN, way_m, ride_s),
        (own, access_m / 2, access_s / 2),
    ]
    whole_s = sum(took_s for _, _, took_s in told)
    return _reckoned(way, _legs(told, means), _spread(whole_s, assumed), means)


def _together(usual: Recurring, now: Alternative, means: Means) -> list[Alternative]:
    """Share the car that is driven now."""
    if usual.mode is not Mode.CAR or not now.legs:
        return []
    aboard = means.assumed.aboard
    legs = tuple(
        price_leg(replace(leg, occupants=aboard), factors=means.factors)
        if leg.mode is Mode.CAR and not leg.occupants >= aboard
        else leg
        for leg in now.legs
    )
    if legs == now.legs or aboard < 1.0:
        return []
    span_s = now.low_s, now.high_s + means.assumed.meet_min * 60.0
    made = _reckoned(Way.CARPOOL, legs, span_s, means, basis="same-way")
    if made.cost == now.cost:  # a price by the kilometre does not know who is aboard
        made = replace(made, cost=CostSum(unknown_m=made.distance_m))
    return [made]


def _spread(took_s: float, assumed: Assumptions) -> tuple[float, float]:
    return took_s * (1.0 - assumed.spread_share), took_s * (1.0 + assumed.spread_share)


def _legs(told: Sequence[tuple[Mode, float, float]], means: Means) -> tuple[Leg, ...]:
    legs, at_us = [], 0
    for mode, way_m, took_s in told:
        until_us = at_us + round(took_s * 1e6)
        leg = Leg(mode, at_us, until_us, way_m, probabilities=((mode, 1.0),))
        legs.append(price_leg(leg, factors=means.factors))
        at_us = until_us
    return tuple(legs)


def _reckoned(
    way: Way | None,
    legs: Sequence[Leg],
    span_s: tuple[float, float],
    means: Means,
    *,
    basis: str = "speeds",
) -> Alternative:
    efforts = [(effort_of(leg), leg) for leg in legs]
    moved = [(effort, leg) for effort, leg in efforts if effort is not None and leg.duration_s > 0]
    mets = [met(leg.mode, leg.distance_m / leg.duration_s * 3.6) for _, leg in moved]
    return Alternative(
        way,
        tuple(legs),
        span_s[0],
        span_s[1],
        sum((leg.co2e for leg in legs if leg.co2e is not None), NO_CO2E),
        NO_SUM if means.costs is None else legs_cost(legs, means.costs, means.day),
        sum(effort.active_min for effort, _ in moved),
        max((one for one in mets if not isnan(one)), default=nan),
        basis,
    )
