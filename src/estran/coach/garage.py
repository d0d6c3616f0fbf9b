"""What a person travels with: vehicles, passes and habits, as they were day by day.

A trip is given the vehicle of its day, so that a car sold and another bought leave the past
as it was. What a person or a ticket said of a leg always wins: only what is unknown of it is
filled in, and the leg says from what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import isnan

from estran.carbon import FactorSet, price_leg
from estran.carbon.consumption import by_consumption
from estran.journal import Entry, Journal, Leg, Mode, Reason, Trip
from estran.timebase import local_day

DRIVEN = frozenset({Mode.CAR, Mode.MOTORCYCLE, Mode.MOPED, Mode.BIKE, Mode.E_BIKE, Mode.E_SCOOTER})
"""Modes of which a person has a vehicle of their own."""

RIDDEN = frozenset({Mode.BUS, Mode.COACH, Mode.TRAM, Mode.METRO, Mode.TRAIN, Mode.FERRY})
"""Modes of which a person may have a pass."""


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle that a person has, or had.

    Parameters
    ----------
    id, name : str
        ``name`` is the person's own word.
    mode : Mode
        One of :data:`DRIVEN`.
    from_day : date or None
        First day of use; None for as long as one remembers.
    until_day : date or None
        Last day of use; None while it goes on.
    vehicle, energy : str
        Size and energy, keys of the factor table; ``""`` when unknown.
    consumption_per_100km : float or None
        Litres, or kWh where ``energy`` is electric. [l/100 km or kWh/100 km]
    occupants : float or None
        Who is usually in it, driver included.
    fiscal_cv : int or None
        Fiscal power, by which the tax scale tells its cost. [CV]
    yearly_km : float or None
        [km per year]
    price_eur, lifetime_km, upkeep_eur_per_year : float or None
        Of a bike: what its cost is built up from.
    is_main : bool
        Of several of one mode on one day, the one used most.
    """

    id: str
    name: str
    mode: Mode
    from_day: date | None = None
    until_day: date | None = None
    vehicle: str = ""
    energy: str = ""
    consumption_per_100km: float | None = None
    occupants: float | None = None
    fiscal_cv: int | None = None
    yearly_km: float | None = None
    price_eur: float | None = None
    lifetime_km: float | None = None
    upkeep_eur_per_year: float | None = None
    is_main: bool = False

    def holds_on(self, day: date) -> bool:
        """Tell whether the person had it on a day."""
        return _holds(self.from_day, self.until_day, day)


@dataclass(frozen=True, slots=True)
class Pass:
    """A season ticket, or a book of tickets.

    Parameters
    ----------
    id, name : str
    modes : tuple of Mode
        What one rides with it.
    price_eur : float
        For one :attr:`per`; what an employer gives back already taken off.
    per : str
        ``"month"``, ``"year"``, or ``"ten"`` for ten rides.
    from_day, until_day : date or None
    """

    id: str
    name: str
    modes: tuple[Mode, ...]
    price_eur: float
    per: str = "month"
    from_day: date | None = None
    until_day: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether the person had it on a day."""
        return _holds(self.from_day, self.until_day, day)


@dataclass(frozen=True, slots=True)
class Habits:
    """What is usual of a person.

    Parameters
    ----------
    occupants : tuple of (Mode, float)
        People usually in a vehicle that is not the person's own, by mode.
    bike_is : str
        ``"e_bike"`` when what a phone takes for a bike is electric; ``""`` otherwise.
    weight_kg : float or None
        For the energy that moving takes. Kept in the vault, told nobody. [kg]
    """

    occupants: tuple[tuple[Mode, float], ...] = ()
    bike_is: str = ""
    weight_kg: float | None = None


@dataclass(frozen=True, slots=True)
class Garage:
    """All that a person travels with."""

    vehicles: tuple[Vehicle, ...] = ()
    passes: tuple[Pass, ...] = ()
    habits: Habits = field(default_factory=Habits)

    def vehicle_on(self, mode: Mode, day: date) -> Vehicle | None:
        """Give the vehicle of a mode on a day: the one used most, else the newest."""
        there = [v for v in self.vehicles if v.mode is mode and v.holds_on(day)]
        return max(there, key=lambda v: (v.is_main, v.from_day or date.min), default=None)

    def vehicle_of(self, leg: Leg, day: date) -> Vehicle | None:
        """Give the vehicle that a leg may have been travelled in: nothing said speaks against."""
        if leg.shared:
            return None
        vehicle = self.vehicle_on(leg.mode, day)
        return vehicle if vehicle is not None and _fits(vehicle, leg) else None

    def pass_on(self, mode: Mode, day: date) -> Pass | None:
        """Give the pass that a mode is ridden with on a day: one for a time before tickets."""
        there = [p for p in self.passes if mode in p.modes and p.holds_on(day)]
        return min(there, key=lambda p: p.per == "ten", default=None)


EMPTY = Garage()
"""Nothing is known of what the person has."""


def _holds(first: date | None, last: date | None, day: date) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


def _fits(vehicle: Vehicle, leg: Leg) -> bool:
    pairs = ((leg.vehicle, vehicle.vehicle), (leg.energy, vehicle.energy))
    return all(not said or said == its for said, its in pairs)


def changed(garage: Garage, before: str, after: Vehicle) -> Garage:
    """Put a vehicle in place of another from a day on; the other ends the day before.

    Parameters
    ----------
    garage : Garage
    before : str
        Id of the vehicle that ends.
    after : Vehicle
        With the day from which it holds.
    """
    day = after.from_day
    if day is None:
        msg = "a change wants the day from which it holds"
        raise ValueError(msg)
    last = date.fromordinal(day.toordinal() - 1)
    kept = [replace(v, until_day=last) if v.id == before else v for v in garage.vehicles]
    return replace(garage, vehicles=(*kept, after))


def equipped(journal: Journal, garage: Garage, *, factors: FactorSet) -> Journal:
    """Give legs what is known of the person's vehicles, and price those anew.

    Parameters
    ----------
    journal : Journal
        Corrected: what was said wins.
    garage : Garage
    factors : FactorSet

    Returns
    -------
    Journal
        The same object where nothing changes.
    """
    if not garage.vehicles and garage.habits == Habits():
        return journal
    entries: list[Entry] = [
        equipped_trip(entry, garage, factors=factors) if isinstance(entry, Trip) else entry
        for entry in journal.entries
    ]
    if all(new is old for new, old in zip(entries, journal.entries, strict=True)):
        return journal
    return replace(journal, entries=tuple(entries))


def equipped_trip(trip: Trip, garage: Garage, *, factors: FactorSet) -> Trip:
    """Give the legs of a trip what is known of the person's vehicles."""
    day = local_day(trip.started_us, trip.tz)
    legs = equipped_legs(trip.legs, garage, day, factors=factors)
    same = all(new is old for new, old in zip(legs, trip.legs, strict=True))
    return trip if same else replace(trip, legs=legs)


def equipped_legs(
    legs: Sequence[Leg], garage: Garage, day: date, *, factors: FactorSet
) -> tuple[Leg, ...]:
    """Give legs of one day what is known of the person's vehicles."""
    return tuple(_equipped(leg, garage, day, factors) for leg in legs)


def _equipped(leg: Leg, garage: Garage, day: date, factors: FactorSet) -> Leg:
    told = _on_e_bike(leg) if _rides_e_bike(leg, garage) else leg
    vehicle = garage.vehicle_of(told, day)
    if vehicle is not None:
        told = _with_vehicle(told, vehicle)
    elif isnan(told.occupants) and not told.vehicle and told.mode in DRIVEN:
        told = _with_habit(told, garage)
    if told is leg:
        return leg
    priced = price_leg(told, factors=factors)
    if vehicle is None or vehicle.consumption_per_100km is None:
        return priced
    return by_consumption(priced, vehicle.consumption_per_100km, factors=factors)


def _with_vehicle(leg: Leg, vehicle: Vehicle) -> Leg:
    occupants = leg.occupants
    if isnan(occupants) and vehicle.occupants is not None:
        occupants = vehicle.occupants
    reason = Reason("own-vehicle", 1.0, (("name", vehicle.name),))
    return replace(
        leg,
        vehicle=leg.vehicle or vehicle.vehicle,
        energy=leg.energy or vehicle.energy,
        occupants=occupants,
        reasons=(*leg.reasons, reason),
    )


def _with_habit(leg: Leg, garage: Garage) -> Leg:
    usual = dict(garage.habits.occupants).get(leg.mode)
    if usual is None:
        return leg
    reason = Reason("usual-occupants", 1.0, (("n", usual),))
    return replace(leg, occupants=usual, reasons=(*leg.reasons, reason))


def _rides_e_bike(leg: Leg, garage: Garage) -> bool:
    """Tell whether a bike is the person's e-bike: no phone tells them apart."""
    return leg.mode is Mode.BIKE and not leg.corrected and garage.habits.bike_is == Mode.E_BIKE


def _on_e_bike(leg: Leg) -> Leg:
    shares: dict[Mode, float] = {}
    for mode, share in leg.probabilities:
        one = Mode.E_BIKE if mode is Mode.BIKE else mode
        shares[one] = shares.get(one, 0.0) + share
    reason = Reason("rides-e-bike", 1.0)
    ordered = tuple(sorted(shares.items(), key=lambda pair: -pair[1]))
    return replace(leg, mode=Mode.E_BIKE, probabilities=ordered, reasons=(*leg.reasons, reason))
