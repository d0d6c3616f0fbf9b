"""What legs cost, in one quiet line each."""

from __future__ import annotations

from dataclasses import replace
from math import isnan

from estran.coach.money import Cost, type_coster
from estran.journal import Journal
from estran.timebase import local_day
from estran.web.me.pages import DayPage, LegPage, TripPage
from estran.web.me.words import WIDE_FACTOR, Words

LEAST_EUR = 0.05
"""Less than five cents is said to be nothing."""


def with_costs(page: DayPage, journal: Journal, costs: type_coster, words: Words) -> DayPage:
    """Write on the legs of a day what they cost."""
    told: dict[int, str] = {}
    for trip in journal.trips:
        day = local_day(trip.started_us, trip.tz)
        for leg in trip.legs:
            told[leg.started_us] = cost_line(costs(leg, day), words)

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


def money_interval(cost: Cost, words: Words) -> str:
    """Write a cost: "about 4.73 €", or its ends where they are far apart."""
    if cost.high_eur > cost.low_eur * WIDE_FACTOR:
        low, high = words.number(cost.low_eur, 1), words.euros(cost.high_eur)
        return words.translate("between {low} and {high}").format(low=low, high=high)
    return words.translate("about {mass}").format(mass=words.euros(cost.central_eur))
