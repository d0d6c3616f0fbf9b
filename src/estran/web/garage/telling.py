"""What legs cost and the energy that they took, in one quiet line each."""

from __future__ import annotations

from dataclasses import replace
from math import isnan

from estran.coach.effort import effort_of
from estran.coach.garage import Garage
from estran.coach.money import Cost, coster
from estran.journal import Journal, Leg
from estran.timebase import local_day
from estran.web.garage.costs import site_prices
from estran.web.me.pages import DayPage, LegPage, TripPage
from estran.web.me.words import WIDE_FACTOR, Words

LEAST_EUR = 0.05
"""Less than five cents is said to be nothing."""

LEAST_KCAL = 5.0
"""Less rounds to nothing."""


def with_costs(page: DayPage, journal: Journal, garage: Garage, words: Words) -> DayPage:
    """Write on the legs of a day what they cost, and the energy of those by muscle."""
    told: dict[int, str] = {}
    costs = coster(garage, site_prices())
    for trip in journal.trips:
        day = local_day(trip.started_us, trip.tz)
        for leg in trip.legs:
            cost = cost_line(costs(leg, day), words)
            effort = effort_line(leg, garage.habits.weight_kg, words)
            if cost:
                cost = words.translate("cost {cost}").format(cost=cost)
            told[leg.started_us] = " · ".join(part for part in (cost, effort) if part)

    def with_cost(leg: LegPage) -> LegPage:
        cost = "" if leg.is_wait else told.get(leg.started_us, "")
        return replace(leg, cost=cost) if cost else leg

    entries = tuple(
        replace(entry, legs=tuple(map(with_cost, entry.legs)))
        if isinstance(entry, TripPage)
        else entry
        for entry in page.entries
    )
    return replace(page, entries=entries)


def cost_line(cost: Cost, words: Words) -> str:
    r"""Say what a leg costs; "" where nothing is known or nothing is paid.

    Examples
    --------
    >>> cost_line(Cost(4.0, 4.73, 5.4, 0.8, "scale"), Words("en"))
    'about 4.73\xa0€ all in, of which 0.80\xa0€ for this very ride'
    >>> cost_line(Cost(0.0, 0.0, 0.0, 0.0, "pass"), Words("en"))
    'with your pass: nothing more to pay'
    """
    if cost.basis == "pass":
        return words.translate("with your pass: nothing more to pay")
    if isnan(cost.central_eur) or cost.high_eur < LEAST_EUR:
        return ""
    if cost.basis != "scale":
        return money_interval(cost, words)
    all_in = words.translate("{cost} all in").format(cost=money_interval(cost, words))
    if isnan(cost.marginal_eur):
        return all_in
    return words.translate("{all_in}, of which {part} for this very ride").format(
        all_in=all_in, part=words.euros(cost.marginal_eur)
    )


def effort_line(leg: Leg, weight_kg: float | None, words: Words) -> str:
    """Say the energy of a leg by muscle; "" for others, and where nothing is known."""
    effort = effort_of(leg, weight_kg)
    if effort is None or not effort.kcal >= LEAST_KCAL:
        return ""
    kcal = words.number(round(effort.kcal, -1))
    return words.translate("about {n} kcal").format(n=kcal)


def money_interval(cost: Cost, words: Words) -> str:
    """Write a cost: "about 4.73 €", or its ends where they are far apart."""
    if cost.high_eur > cost.low_eur * WIDE_FACTOR:
        low, high = words.number(cost.low_eur, 1), words.euros(cost.high_eur)
        return words.translate("between {low} and {high}").format(low=low, high=high)
    return words.translate("about {mass}").format(mass=words.euros(cost.central_eur))
