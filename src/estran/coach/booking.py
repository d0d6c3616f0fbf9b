"""What an account of savings takes: whole grams, with all that says where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor

from estran.coach.savings import METHOD_VERSION, Alternative, Interval, Method, Saving
from estran.errors import ValueOutOfRange

G_PER_T = 1e6


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was compared with: one's own days, or a declared way for a usual trip."""

    method: Method
    first: date | None = None
    last: date | None = None
    recurring: str = ""
    """Id of the usual trip."""
    alternative: Alternative | None = None


@dataclass(frozen=True, slots=True)
class Booked:
    """One saving as an account keeps it.

    Parameters
    ----------
    id : str
    first, last : date
        The period, both inside.
    method : Method
    method_version, factor_set, factor_digest : str
    baseline : Baseline
    discount_share : float
    low_g, central_g, high_g : int
        After the discount; low is rounded down and high up. [g CO2e]
    booked_g : int
        Never more than ``low_g`` when positive. [g CO2e]
    coverage_share : float
        Of the period's days; NaN where the method needs none.
    n_trips : int
        Compared, of a declared alternative; 0 otherwise.
    made_on : date
    shared_rule : str
        How what a vehicle saves is shared by those aboard: ``"equal"``.
    """

    id: str
    first: date
    last: date
    method: Method
    method_version: str
    factor_set: str
    factor_digest: str
    baseline: Baseline
    discount_share: float
    low_g: int
    central_g: int
    high_g: int
    booked_g: int
    coverage_share: float
    n_trips: int
    made_on: date
    shared_rule: str = "equal"


def book(  # noqa: PLR0913 - what an account must know, by name
    saving: Saving,
    baseline: Baseline,
    *,
    booking_id: str,
    first: date,
    last: date,
    factor_set: str,
    factor_digest: str,
    made_on: date,
) -> Booked:
    """Turn a comparison into whole grams.

    Raises
    ------
    ValueOutOfRange
        There is no saving to book: no baseline, or one that does not hold.
    """
    if saving.blocked or saving.method is Method.NONE:
        raise ValueOutOfRange(name="baseline", expected="one that holds")
    return Booked(
        booking_id, first, last, saving.method, METHOD_VERSION, factor_set, factor_digest,
        baseline, saving.discount_share, floor(saving.saving.low_g),
        round(saving.saving.central_g), ceil(saving.saving.high_g), saving.booked_g,
        saving.coverage_after, saving.n_trips, made_on,
    )  # fmt: skip


def overlap(one: Booked, other: Booked) -> bool:
    """Tell whether two would count the same days twice, whatever their methods.

    Two declared ways of two usual trips are two things; one's own past holds all trips.
    """
    apart = one.last < other.first or other.last < one.first
    both_declared = one.method is Method.DECLARED and other.method is Method.DECLARED
    same_trip = one.baseline.recurring == other.baseline.recurring
    return not apart and (not both_declared or same_trip)


def shared_g(
    vehicle: Interval, n_cars_not_driven: int, weights: Sequence[float]
) -> tuple[int, ...]:
    """Share what a carpool saves between those aboard: it is the vehicle's, once.

    Parameters
    ----------
    vehicle : Interval
        What one car that is not driven would have emitted on the way.
    n_cars_not_driven : int
    weights : sequence of float
        One a person aboard; equal by default of the rule. Their sum is positive.

    Returns
    -------
    tuple of int
        They sum to the low end of the whole, rounded down: nobody counts it again. [g CO2e]

    Examples
    --------
    >>> shared_g(Interval(2000.0, 2176.0, 2400.0), 2, (1.0, 1.0, 1.0))
    (1334, 1333, 1333)
    """
    if not weights or min(weights) < 0 or sum(weights) <= 0 or n_cars_not_driven < 0:
        raise ValueOutOfRange(name="shares", expected="of people aboard")
    whole_g = floor(vehicle.low_g * n_cars_not_driven)
    exact = [whole_g * weight / sum(weights) for weight in weights]
    shares = [floor(g) for g in exact]
    by_rest = sorted(range(len(exact)), key=lambda i: (shares[i] - exact[i], i))
    for i in by_rest[: whole_g - sum(shares)]:
        shares[i] += 1
    return tuple(shares)


def worth_eur(mass_g: float, eur_per_t: float) -> float:
    """Tell what a mass would be at a carbon price: little. The point is not the money. [EUR]"""
    return mass_g / G_PER_T * eur_per_t
