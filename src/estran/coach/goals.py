"""Goals of one's own choosing, their progress by local day, small steps and weekly plans.

Progress is computed from the rows of days (:mod:`estran.coach.facts`), never stored. A day of
which little is known is said to be unknown and never counts against the person. See
docs/algorithms/goals.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from math import ceil, floor, isnan

from estran.coach.facts import Facts, LegFact
from estran.coach.summary import ACTIVE
from estran.errors import ValueOutOfRange
from estran.journal import Mode

KNOWN_SHARE = 0.7
"""Of a day's 24 hours, for "no car was seen" to mean that none was driven; of the days of a
period, for a sum to be compared with a goal. As in savings."""
DAY_S = 86_400.0
STEPS = (0.05, 0.10)
"""Least and most of a proposed step."""
PAST_DAYS = 56
"""Steps are proposed from eight weeks of one's own past..."""
LEAST_PAST_DAYS = 14
"""...of which at least two are known."""


class Aim(StrEnum):
    """What a goal is about."""

    EMISSIONS = "co2e"
    BUDGET = "budget"
    BIKE_DAYS = "bike-days"
    ACTIVE_MIN = "active-minutes"
    CAR_FREE_DAYS = "car-free-days"
    NO_FLIGHT = "no-flight"


AT_MOST = frozenset({Aim.EMISSIONS, Aim.BUDGET, Aim.NO_FLIGHT})
COUNTS_DAYS = frozenset({Aim.BIKE_DAYS, Aim.CAR_FREE_DAYS})
BIKES = frozenset({Mode.BIKE, Mode.E_BIKE})
CARS = frozenset({Mode.CAR})


class Span(StrEnum):
    """How long a period of a goal lasts."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class State(StrEnum):
    """How a period stands."""

    OPEN = "open"
    REACHED = "reached"
    NOT_REACHED = "not-reached"
    UNKNOWN = "unknown"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal.

    Parameters
    ----------
    id : str
    aim : Aim
    span : Span
    target : float
        Kilograms, EUR, days or minutes in a span; 0 flights.
    from_day : date
    until_day : date or None
        Its last day, inside; None while it goes on.
    pauses : tuple of (date, date or None)
        First and last day, both inside; None while it lasts.
    """

    id: str
    aim: Aim
    span: Span
    target: float
    from_day: date
    until_day: date | None = None
    pauses: tuple[tuple[date, date | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Something meant for some weekdays: "Tuesday by bike".

    ``weekdays`` are 0 for Monday; ``recurring`` is the id of a usual trip, or "".
    """

    id: str
    weekdays: tuple[int, ...]
    mode: Mode
    from_day: date
    recurring: str = ""
    until_day: date | None = None
    pauses: tuple[tuple[date, date | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a goal is in one of its periods, both days inside."""

    first: date
    last: date
    value: float
    n_known: int
    n_unknown: int
    n_left: int
    state: State


@dataclass(frozen=True, slots=True)
class Proposal:
    """A small step from one's own past."""

    aim: Aim
    span: Span
    past: float
    target: float


def checked(goal: Goal) -> Goal:
    """Refuse a goal that means nothing.

    Raises
    ------
    ValueOutOfRange
    """
    least = 0.0 if goal.aim in AT_MOST else 1.0
    most = {Aim.NO_FLIGHT: 0.0, Aim.EMISSIONS: 100_000.0, Aim.BUDGET: 1_000_000.0}.get(goal.aim)
    if most is None:
        days = {Span.WEEK: 7.0, Span.MONTH: 31.0, Span.YEAR: 366.0}[goal.span]
        most = days if goal.aim in COUNTS_DAYS else days * 24 * 60
    if not least <= goal.target <= most:
        raise ValueOutOfRange(
            name="target", expected=f"{least:.0f} to {most:.0f}", low=least, high=most
        )
    return goal


def period_at(span: Span, day: date) -> tuple[date, date]:
    """Give the week, month or year of a day: its first and last day."""
    if span is Span.WEEK:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if span is Span.YEAR:
        return date(day.year, 1, 1), date(day.year, 12, 31)
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def progress(goal: Goal, facts: Facts, *, day: date, today: date) -> Progress:
    """Tell how far a goal is in its period of a day.

    Parameters
    ----------
    goal : Goal
    facts : Facts
        Rows that hold the period, as far as there are any.
    day : date
        Names the period.
    today : date
        Days after it are still to come: neither known nor unknown.
    """
    first, last = period_at(goal.span, day)
    begins = max(first, goal.from_day)
    ends = last if goal.until_day is None else min(last, goal.until_day)
    past = min(ends, today - timedelta(days=1))
    counted = [d for d in _days(begins, past) if not is_paused(goal.pauses, d)]
    known = well_known(facts)
    rows = [row for row in facts.legs if begins.toordinal() <= row.day <= ends.toordinal()]
    kept = frozenset(d.toordinal() for d in _days(begins, min(ends, today))) - frozenset(
        d.toordinal() for d in _days(begins, ends) if is_paused(goal.pauses, d)
    )
    value = _value(goal.aim, [row for row in rows if row.day in kept], kept & known)
    n_known = sum(d.toordinal() in known for d in counted)
    told = Progress(
        first, last, value, n_known, len(counted) - n_known,
        max(0, (ends - max(begins, today)).days + 1), State.OPEN,
    )  # fmt: skip
    return replace(told, state=_state(goal, told, counted, today > ends))


def _state(goal: Goal, told: Progress, counted: list[date], is_over: bool) -> State:
    if goal.aim not in AT_MOST and told.value >= goal.target:
        return State.REACHED
    if is_over:
        return _ended(goal, told, len(counted))
    paused_now = bool(goal.pauses) and goal.pauses[-1][1] is None
    return State.PAUSED if paused_now else State.OPEN


def _ended(goal: Goal, told: Progress, n_counted: int) -> State:
    """Judge a period that is over; what unknown days may have held is never a miss."""
    if not n_counted:
        return State.PAUSED
    if goal.aim in AT_MOST:
        if told.value > goal.target:
            return State.NOT_REACHED
        return State.REACHED if told.n_known >= KNOWN_SHARE * n_counted else State.UNKNOWN
    if goal.aim in COUNTS_DAYS:
        could = told.value + told.n_unknown >= goal.target
    else:
        could = told.n_unknown > 0
    return State.UNKNOWN if could else State.NOT_REACHED


def well_known(facts: Facts) -> frozenset[int]:
    """Give the days, as ordinals, of which at least :data:`KNOWN_SHARE` is known."""
    return frozenset(row.day for row in facts.days if row.known_s >= KNOWN_SHARE * DAY_S)


def _value(aim: Aim, rows: list[LegFact], known: frozenset[int]) -> float:
    if aim is Aim.EMISSIONS:
        return sum(row.central_g for row in rows if not isnan(row.central_g)) / 1000.0
    if aim is Aim.BUDGET:
        return sum(row.central_eur for row in rows if not isnan(row.central_eur))
    if aim is Aim.ACTIVE_MIN:
        return sum(row.duration_s for row in rows if row.mode in ACTIVE) / 60.0
    if aim is Aim.NO_FLIGHT:
        return float(len({row.trip_us for row in rows if row.mode is Mode.PLANE}))
    if aim is Aim.BIKE_DAYS:
        return float(len({row.day for row in rows if row.mode in BIKES}))
    return float(len(known - {row.day for row in rows if row.mode in CARS}))


def is_paused(pauses: Iterable[tuple[date, date | None]], day: date) -> bool:
    """Tell whether a day is inside a pause."""
    return any(first <= day and (last is None or day <= last) for first, last in pauses)


def pause(
    pauses: tuple[tuple[date, date | None], ...], today: date
) -> tuple[tuple[date, date | None], ...]:
    """Begin a pause today, unless one lasts."""
    return pauses if is_paused(pauses, today) else (*pauses, (today, None))


def resume(
    pauses: tuple[tuple[date, date | None], ...], today: date
) -> tuple[tuple[date, date | None], ...]:
    """End the pause that lasts: today counts again. One that began today was none."""
    if not pauses or pauses[-1][1] is not None:
        return pauses
    first = pauses[-1][0]
    ended = () if first >= today else ((first, today - timedelta(days=1)),)
    return (*pauses[:-1], *ended)


def smaller(goal: Goal) -> Goal:
    """Make the step smaller by a tenth, at least by one day where days count."""
    if goal.aim is Aim.NO_FLIGHT:
        return goal
    if goal.aim in AT_MOST:
        return replace(goal, target=_round(goal.target * (1 + STEPS[1])))
    least = max(1.0, floor(goal.target * (1 - STEPS[1])))
    return replace(goal, target=least)


# Small steps -------------------------------------------------------------------------------


def proposals(facts: Facts, *, today: date, span: Span = Span.MONTH) -> tuple[Proposal, ...]:
    """Propose steps of 5 to 10 % from the last eight weeks of one's own past.

    Nothing is proposed from less than two weeks of known days, and nothing where there is
    nothing to take a step from. Where a tenth is less than a whole day, it is one day.
    """
    first = today - timedelta(days=PAST_DAYS)
    past = facts.between(first, today - timedelta(days=1))
    known = well_known(past)
    if len(known) < LEAST_PAST_DAYS:
        return ()
    rows = [row for row in past.legs if row.day in known]
    n_days = {Span.WEEK: 7, Span.MONTH: 30, Span.YEAR: 365}[span]
    found = []
    for aim in (Aim.EMISSIONS, Aim.ACTIVE_MIN, Aim.BIKE_DAYS, Aim.CAR_FREE_DAYS, Aim.BUDGET):
        usual = _value(aim, rows, known) / len(known) * n_days
        target = _step(aim, usual, n_days)
        if target is not None:
            found.append(Proposal(aim, span, usual, target))
    return tuple(found)


def _step(aim: Aim, usual: float, n_days: int) -> float | None:
    if usual < 1.0:
        return None
    if aim in AT_MOST:
        return _round(usual * (1 - STEPS[1]))
    if aim in COUNTS_DAYS:
        target = float(ceil(round(usual * (1 + STEPS[0]), 6)))
        return target if target <= n_days else None
    return float(ceil(usual * (1 + STEPS[0]) / 5) * 5)


def _round(value: float) -> float:
    """Round so that a step stays between its bounds: tenths for small values."""
    return round(value, 1) if value < 100 else float(round(value))  # noqa: PLR2004 - three figures


# Plans -------------------------------------------------------------------------------------


class Kept(StrEnum):
    """How a day of a plan went."""

    KEPT = "kept"
    OTHER = "other"
    UNKNOWN = "unknown"


def followed(
    plan: Plan, facts: Facts, *, today: date, trips: frozenset[int] = frozenset(), n_days: int = 28
) -> tuple[tuple[date, Kept], ...]:
    """Tell of the past days of a plan how each went, the latest last.

    Parameters
    ----------
    plan : Plan
    facts : Facts
    today : date
        Not counted yet.
    trips : frozenset of int
        First instants of the plan's usual trip, where it names one: a day on which it was
        not made says nothing.
    n_days : int
        How far back to look.
    """
    known = well_known(facts)
    begins = max(plan.from_day, today - timedelta(days=n_days))
    ends = today - timedelta(days=1)
    ends = ends if plan.until_day is None else min(ends, plan.until_day)
    found = []
    for day in _days(begins, ends):
        if day.weekday() not in plan.weekdays or is_paused(plan.pauses, day):
            continue
        rows = [row for row in facts.legs if row.day == day.toordinal()]
        rows = [row for row in rows if not plan.recurring or row.trip_us in trips]
        if any(row.mode is plan.mode for row in rows):
            found.append((day, Kept.KEPT))
        elif day.toordinal() not in known or (plan.recurring and not rows):
            found.append((day, Kept.UNKNOWN))
        else:
            found.append((day, Kept.OTHER))
    return tuple(found)


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=i) for i in range((last - first).days + 1))
