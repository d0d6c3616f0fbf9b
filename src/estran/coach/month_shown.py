"""Figures of a month that somebody may show to others: trips marked private are in none."""

from __future__ import annotations

from datetime import date

from estran.coach.summary import ACTIVE, summarise
from estran.journal import Journal, Mark, Mode, Trip
from estran.timebase import local_day

FIGURES = ("bike_m", "walk_m", "active_s", "co2e_g", "days_without_car")
"""What may be shown, in the order in which it is."""

BIKES = frozenset({Mode.BIKE, Mode.E_BIKE})
MAY_BE_CAR = frozenset({Mode.CAR, Mode.UNKNOWN})
"""What is not known to be no car is not told as none."""
WALKED = frozenset({Mode.WALK, Mode.RUN})


def shareable(journal: Journal, first: date, last: date) -> dict[str, float]:
    """Sum up what may be shown of local days from ``first`` to ``last``, both inside.

    Parameters
    ----------
    journal : Journal
        Corrected and priced.
    first, last : date

    Returns
    -------
    dict
        By :data:`FIGURES`; one that is not known is missing.

    Notes
    -----
    A day with a private trip is no day without a car: counting it would tell of that trip.
    CO2e is missing where a leg has none, so that no sum passes for the whole.
    """
    private = [e for e in journal.entries if isinstance(e, Trip) and Mark.PRIVATE in e.marks]
    hidden = {id(trip) for trip in private}
    kept = tuple(e for e in journal.entries if id(e) not in hidden)
    summary = summarise(Journal(kept), first, last)
    if not summary.days:
        return {}
    by_car = {
        local_day(at_us, trip.tz)
        for trip in journal.trips
        if id(trip) in hidden or any(leg.mode in MAY_BE_CAR for leg in trip.legs)
        for at_us in (trip.started_us, trip.ended_us)
    }
    found = {
        "bike_m": sum(part.distance_m for part in summary.modes if part.mode in BIKES),
        "walk_m": sum(part.distance_m for part in summary.modes if part.mode in WALKED),
        "active_s": sum(part.duration_s for part in summary.modes if part.mode in ACTIVE),
        "days_without_car": float(len(set(summary.days) - by_car)),
    }
    if not summary.unpriced_m:
        found["co2e_g"] = summary.total.co2e.central_g
    return found
