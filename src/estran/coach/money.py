"""What a leg and a period cost a person, with an interval, and what one more would cost.

What is not known is NaN and is counted as unknown, never as nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from math import isfinite, isnan, nan
from typing import TYPE_CHECKING

from estran.coach.garage import EMPTY, Garage, Pass, Vehicle
from estran.coach.prices import BikeCost, Prices
from estran.journal import Leg, Mode

if TYPE_CHECKING:
    from estran.coach.summary import PeriodSummary

M_PER_KM = 1000.0
DAYS_PER_YEAR = 365.25
FREE = frozenset({Mode.WALK, Mode.RUN, Mode.WAIT})
"""What costs nothing: that is known, not unknown."""

LEAST_YEARLY_KM = 1000.0
"""Below, a year's fixed costs by the kilometre mean nothing."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one leg costs one person. [€]

    Parameters
    ----------
    low_eur, central_eur, high_eur : float
        All in: for a vehicle also its wear, upkeep and insurance. NaN when unknown.
    marginal_eur : float
        What one pays more by travelling it: fuel, a ticket; nothing with a pass. NaN when
        unknown.
    basis : str
        ``scale``, ``rate``, ``bike``, ``pass``, ``ten``, ``free`` or ``unknown``.
    source : str
        Key of a source of the table of prices.
    """

    low_eur: float
    central_eur: float
    high_eur: float
    marginal_eur: float
    basis: str
    source: str = ""


UNKNOWN_COST = Cost(nan, nan, nan, nan, "unknown")
NO_COST = Cost(0.0, 0.0, 0.0, 0.0, "free")


@dataclass(frozen=True, slots=True)
class CostSum:
    """What many legs cost, of those of which it is known. [€]

    ``known_m`` and ``unknown_m`` tell over which distance it is known: with ``known_m`` 0
    nothing is known at all, whatever the sums.
    """

    low_eur: float = 0.0
    central_eur: float = 0.0
    high_eur: float = 0.0
    marginal_eur: float = 0.0
    known_m: float = 0.0
    unknown_m: float = 0.0

    def __add__(self, other: CostSum) -> CostSum:
        """Add two sums."""
        return CostSum(
            self.low_eur + other.low_eur,
            self.central_eur + other.central_eur,
            self.high_eur + other.high_eur,
            self.marginal_eur + other.marginal_eur,
            self.known_m + other.known_m,
            self.unknown_m + other.unknown_m,
        )

    @property
    def known_share(self) -> float:
        """Share of the distance of which the cost is known; NaN without distance."""
        whole_m = self.known_m + self.unknown_m
        return self.known_m / whole_m if whole_m else nan


NO_SUM = CostSum()

type_coster = Callable[[Leg, date], Cost]
"""Tells what a leg of a local day costs."""


def coster(garage: Garage, prices: Prices) -> type_coster:
    """Make what tells the cost of legs of one person."""
    return lambda leg, day: cost_of(leg, garage, prices, day=day)


def cost_of(leg: Leg, garage: Garage, prices: Prices, *, day: date | None = None) -> Cost:
    """Tell what a leg costs its person.

    Parameters
    ----------
    leg : Leg
        Equipped (:func:`estran.coach.garage.equipped`), or not.
    garage : Garage
        Whose vehicles and passes.
    prices : Prices
    day : date, optional
        Local day; that in UTC when it is left out.

    Returns
    -------
    Cost
        The person's share of a vehicle where it is known how many are in it. A ride by a
        pass costs nothing more here; the pass itself is added by the period
        (:func:`period_cost`).
    """
    if leg.mode in FREE:
        return NO_COST
    if not isfinite(leg.distance_m):
        return UNKNOWN_COST
    day = day or datetime.fromtimestamp(leg.started_us / 1e6, UTC).date()
    km = leg.distance_m / M_PER_KM
    ridden = garage.pass_on(leg.mode, day)
    if ridden is not None:
        return _ride_of(ridden)
    vehicle = garage.vehicle_of(leg, day)
    if leg.mode in prices.bikes and not leg.shared:
        return _bike(km, vehicle, prices.bikes[leg.mode], prices)
    if vehicle is not None and leg.mode in prices.usual and prices.scale_of(leg.mode, 1):
        return _by_scale(km, vehicle, leg, prices)
    return _by_rate(km, leg, prices)


def _by_rate(km: float, leg: Leg, prices: Prices) -> Cost:
    """Cost what is paid by the kilometre; of something hired nothing is known."""
    rate = None if leg.shared else prices.rate_of(leg.mode, leg.train_kind, km)
    if rate is None:
        return UNKNOWN_COST
    marginal = rate.central if isnan(rate.marginal) else rate.marginal
    return Cost(
        rate.low * km, rate.central * km, rate.high * km, marginal * km, "rate", rate.source
    )


def _ride_of(ridden: Pass) -> Cost:
    if ridden.per != "ten":
        return replace(NO_COST, basis="pass")
    ride_eur = ridden.price_eur / 10.0
    return Cost(ride_eur, ride_eur, ride_eur, ride_eur, "ten")


def _bike(km: float, bike: Vehicle | None, usual: BikeCost, prices: Prices) -> Cost:
    """Build up what a bike costs from what is known of it, the rest from what is usual."""

    def of(name: str) -> float:
        said = getattr(bike, name) if bike is not None else None
        return float(getattr(usual, name) if said is None else said)

    kwh = usual.kwh_per_100km
    if bike is not None and bike.consumption_per_100km is not None:
        kwh = bike.consumption_per_100km
    power = prices.fuels.get("electric")
    energy = kwh / 100.0 * (power.eur_per_unit if power else nan) if kwh else 0.0
    per_km = of("price_eur") / of("lifetime_km") + energy
    per_km += of("upkeep_eur_per_year") / of("yearly_km")
    return Cost(0.5 * per_km * km, per_km * km, 1.5 * per_km * km, energy * km, "bike", "estran")


def _by_scale(km: float, vehicle: Vehicle, leg: Leg, prices: Prices) -> Cost:
    """Cost a vehicle by the tax scale; the interval holds every row that may be meant."""
    usual = prices.usual[vehicle.mode]
    is_electric = vehicle.energy == "electric"
    cvs = (
        [vehicle.fiscal_cv]
        if vehicle.fiscal_cv
        else sorted({s.cv for s in prices.scales if s.mode is vehicle.mode})
    )
    yearly_km = max(vehicle.yearly_km or usual.yearly_km, LEAST_YEARLY_KM)
    years_km = [yearly_km] if vehicle.yearly_km else [yearly_km / 2.0, yearly_km, 2.0 * yearly_km]

    def per_km(cv: int, of_km: float) -> float:
        return prices.yearly_eur(vehicle.mode, cv, of_km, electric=is_electric) / of_km

    central = per_km(vehicle.fiscal_cv or usual.cv, yearly_km)
    possible = [per_km(cv, of_km) for cv in cvs for of_km in years_km]
    spread = prices.scale_spread_share
    aboard = 1.0 if isnan(leg.occupants) else leg.occupants
    km /= aboard
    return Cost(
        min(possible) * (1.0 - spread) * km,
        central * km,
        max(possible) * (1.0 + spread) * km,
        _burnt_eur_per_km(vehicle, prices) * km,
        "scale",
        "bareme",
    )


def _burnt_eur_per_km(vehicle: Vehicle, prices: Prices) -> float:
    """Tell what a kilometre burns; NaN where neither energy nor consumption tell."""
    fuel = prices.fuels.get(vehicle.energy)
    per_100km = vehicle.consumption_per_100km
    if per_100km is None and fuel is not None and vehicle.mode is Mode.CAR:
        per_100km = fuel.usual_per_100km
    if fuel is None or per_100km is None:
        return nan
    return fuel.eur_per_unit * per_100km / 100.0


def summed(leg: Leg, cost: Cost, share: float = 1.0) -> CostSum:
    """Make a sum of a share of one leg."""
    length_m = leg.distance_m * share
    if isnan(cost.central_eur):
        return CostSum(unknown_m=length_m if isfinite(length_m) else 0.0)
    marginal_eur = cost.central_eur if isnan(cost.marginal_eur) else cost.marginal_eur
    return CostSum(
        cost.low_eur * share,
        cost.central_eur * share,
        cost.high_eur * share,
        marginal_eur * share,
        length_m if isfinite(length_m) else 0.0,
    )


@dataclass(frozen=True, slots=True)
class PassCost:
    """What a pass costs over a period, and how far one went by its modes. [€, m]"""

    bought: Pass
    eur: float
    distance_m: float


@dataclass(frozen=True, slots=True)
class PeriodCost:
    """What a period costs: its legs by mode, and the passes that held."""

    modes: tuple[tuple[Mode, CostSum], ...]
    passes: tuple[PassCost, ...]

    @property
    def total(self) -> CostSum:
        """Legs and passes together: a pass is paid whatever is ridden, so not marginal."""
        total = sum((cost for _, cost in self.modes), NO_SUM)
        eur = sum(one.eur for one in self.passes)
        return replace(
            total,
            low_eur=total.low_eur + eur,
            central_eur=total.central_eur + eur,
            high_eur=total.high_eur + eur,
        )


def period_cost(summary: PeriodSummary, garage: Garage = EMPTY) -> PeriodCost:
    """Tell what a period costs, from its summary (made with a coster).

    Parameters
    ----------
    summary : PeriodSummary
        By :func:`estran.coach.summary.summarise` with ``costs``, or months put together.
    garage : Garage
        Its passes are shared over the days of the period on which they held.
    """
    modes = tuple((row.mode, row.cost) for row in summary.modes if row.mode is not Mode.WAIT)
    ridden_m = {row.mode: row.distance_m for row in summary.modes}
    passes = (
        PassCost(
            one,
            pass_eur(one, summary.first, summary.last),
            sum(ridden_m.get(mode, 0.0) for mode in one.modes),
        )
        for one in garage.passes
        if one.per != "ten"
    )
    return PeriodCost(modes, tuple(one for one in passes if one.eur > 0))


def pass_eur(bought: Pass, first: date, last: date) -> float:
    """Share the price of a pass over the days of a period on which it held. [€]"""
    start = max(first, bought.from_day or first)
    end = min(last, bought.until_day or last)
    n_days = max(0, (end - start).days + 1)
    per_year = {"month": 12.0, "year": 1.0}.get(bought.per, 0.0)
    return bought.price_eur * per_year * n_days / DAYS_PER_YEAR


def legs_cost(legs: Iterable[Leg], costs: type_coster, day: date) -> CostSum:
    """Sum up what legs of one day cost."""
    return sum((summed(leg, costs(leg, day)) for leg in legs if leg.mode is not Mode.WAIT), NO_SUM)
