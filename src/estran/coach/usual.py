"""One's own past: a usual range, and trends that stand out of the noise. Nobody else's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite, nan, sqrt
from statistics import fmean, quantiles, variance

from estran.coach.breakdown import MEASURES, Sums, by_mode, total
from estran.coach.facts import Facts
from estran.coach.periods import Period, week_of
from estran.journal import Mode

LEAST_PERIODS = 4
"""A usual range is told from so many known earlier periods on."""

KNOWN_SHARE = 0.5
"""A period is known when something is known of at least this share of its days."""


@dataclass(frozen=True, slots=True)
class Usual:
    """The middle half of earlier periods, a known day. In the unit of the measure.

    ``low`` and ``high`` are the first and third quartile, ``middle`` the median.
    """

    n: int
    low: float
    middle: float
    high: float

    def place(self, value: float) -> str:
        """Tell where a value lies: ``below``, ``within`` or ``above``."""
        return "below" if value < self.low else "above" if value > self.high else "within"


def usual(values: Sequence[float]) -> Usual | None:
    """Give the usual range of earlier values; None for fewer than :data:`LEAST_PERIODS`.

    Examples
    --------
    >>> usual([3.0, 5.0, 4.0, 10.0])
    Usual(n=4, low=3.75, middle=4.5, high=6.25)
    """
    if len(values) < LEAST_PERIODS:
        return None
    low, middle, high = quantiles(values, n=4, method="inclusive")
    return Usual(len(values), low, middle, high)


def is_known(facts: Facts, period: Period) -> bool:
    """Tell whether enough days of a period are known to set it beside others."""
    return len(facts.known_days) >= KNOWN_SHARE * period.n_days


def daily(sums: Sums, n_days: int, measure: str) -> float:
    """Give a measure by known day: weeks with unknown days stay comparable. NaN of nothing.

    Of money it is NaN where it is not known what anything cost.
    """
    if not n_days or (measure == "money" and not sums.is_costed):
        return nan
    return MEASURES[measure](sums) / n_days


type_past = tuple[tuple[Sums, int], ...]
"""Sums and known days of earlier periods."""


def past_of(facts: Facts, period: Period, most: int) -> type_past:
    """Sum up the known ones of the periods before.

    Parameters
    ----------
    facts : Facts
        Reaching back far enough.
    period : Period
    most : int
        How many periods before are looked at.
    """
    found = []
    for past in period.before(most):
        if past.first < facts.first:
            break
        part = facts.between(past.first, past.last)
        if is_known(part, past):
            found.append((total(part.legs), len(part.known_days)))
    return tuple(found)


def usual_of(past: type_past, measure: str) -> Usual | None:
    """Give the usual range of a measure over earlier periods; None of too few."""
    values = [daily(sums, n_days, measure) for sums, n_days in past]
    return usual([value for value in values if isfinite(value)])


# Trends --------------------------------------------------------------------------------------

N_WEEKS = 8
"""A trend sets so many known weeks beside as many known ones before."""

LOOK_BACK_WEEKS = 26
"""Weeks looked at to find them."""

OUT_OF_NOISE = 3.0
"""A difference is told when it exceeds so many of its standard errors: over some ten measures
looked at together, chance alone then makes one in ten pages speak (t with 14 degrees of
freedom, p = 0.0096 each)."""

STUDENT_T = 2.145
"""Half a 95 % interval, in standard errors (t with 14 degrees of freedom)."""

LEAST = {"distance": 500.0, "duration": 120.0, "active": 120.0, "co2e": 100.0, "trips": 0.3}
"""Smaller differences a day are nothing that one would notice: m, s, s, g, trips."""


@dataclass(frozen=True, slots=True)
class Trend:
    """A difference a day between the last known weeks and those before, with its interval.

    ``mode`` is ``""`` for all modes together.
    """

    measure: str
    mode: str
    difference: float
    low: float
    high: float
    n_weeks: int


def trends(facts: Facts, until: date) -> tuple[Trend, ...]:
    """Find what changed: only differences that exceed the noise of one's own weeks.

    Parameters
    ----------
    facts : Facts
        Reaching back :data:`LOOK_BACK_WEEKS`.
    until : date
        The last day looked at; the week that holds it counts once it is over.

    Returns
    -------
    tuple of Trend
        The clearest first; none when there are not twice :data:`N_WEEKS` known weeks.
    """
    weeks = _known_weeks(facts, until)
    if len(weeks) < 2 * N_WEEKS:
        return ()
    found = []
    n_days = [len(week.known_days) for week in weeks]
    sums = [total(week.legs) for week in weeks]
    for measure in LEAST:
        values = [daily(one, n, measure) for one, n in zip(sums, n_days, strict=True)]
        found.append(_trend(measure, "", values))
    modes = [{m: s.distance_m for m, s in by_mode(week.legs).items()} for week in weeks]
    for mode in sorted({m for week in modes for m in week} - {Mode.WAIT, Mode.UNKNOWN}):
        values = [week.get(mode, 0.0) / n for week, n in zip(modes, n_days, strict=True)]
        found.append(_trend("distance", mode, values))
    told = [(clear, trend) for clear, trend in found if trend is not None]
    return tuple(trend for _, trend in sorted(told, key=lambda pair: -pair[0]))


def _known_weeks(facts: Facts, until: date) -> list[Facts]:
    """Give the last known whole weeks, the latest first, up to twice :data:`N_WEEKS`."""
    week = week_of(until + timedelta(days=1)).step(-1)
    weeks: list[Facts] = []
    while week is not None and week.first >= facts.first and len(weeks) < 2 * N_WEEKS:
        part = facts.between(week.first, week.last)
        if is_known(part, week):
            weeks.append(part)
        week = week.step(-1)
    return weeks


def _trend(measure: str, mode: str, values: Sequence[float]) -> tuple[float, Trend | None]:
    """Set the latest values beside those before: how clear the difference is, and itself."""
    late, early = values[:N_WEEKS], values[N_WEEKS:]
    difference = fmean(late) - fmean(early)
    error = sqrt((variance(late) + variance(early)) / N_WEEKS)
    if abs(difference) < LEAST[measure] or abs(difference) <= OUT_OF_NOISE * error:
        return 0.0, None
    clear = abs(difference) / error if error else float("inf")
    half = STUDENT_T * error
    return clear, Trend(measure, mode, difference, difference - half, difference + half, N_WEEKS)
