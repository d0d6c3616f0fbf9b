"""Goals in words: what is reached is told warmly, what is not is told as it is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext

from estran.coach.facts import Facts
from estran.coach.goals import (
    AT_MOST,
    Aim,
    Goal,
    Kept,
    Plan,
    Progress,
    Proposal,
    Span,
    State,
    followed,
    period_at,
    progress,
)
from estran.web.me.words import HARD, Words
from estran.wording import N_

NAMES = {
    Aim.EMISSIONS: N_("CO₂e at most {n}"),
    Aim.BUDGET: N_("{n} at most"),
    Aim.BIKE_DAYS: N_("By bike on {n}"),
    Aim.ACTIVE_MIN: N_("{n} of movement"),
    Aim.CAR_FREE_DAYS: N_("Without a car on {n}"),
    Aim.NO_FLIGHT: N_("No flight"),
}
SPAN_NAMES = {Span.WEEK: N_("a week"), Span.MONTH: N_("a month"), Span.YEAR: N_("a year")}
STATES = {
    State.OPEN: N_("Under way."),
    State.REACHED: N_("Reached. Well done: this is yours."),
    State.NOT_REACHED: N_(
        "Not reached this time, and that is all right: go on, make it smaller or pause, "
        "as you like."
    ),
    State.UNKNOWN: N_("Too little is known of these days to tell. It is not held against you."),
    State.PAUSED: N_("Paused: nothing is counted."),
}
HOW = {Kept.KEPT: N_("as planned"), Kept.OTHER: N_("otherwise"), Kept.UNKNOWN: N_("not known")}


def amount(aim: Aim, value: float, words: Words) -> str:
    """Write a value of an aim with its unit."""
    if aim is Aim.EMISSIONS:
        return f"{words.number(value, 1)}{HARD}kg"
    if aim is Aim.BUDGET:
        return f"{words.number(value)}{HARD}€"
    if aim is Aim.ACTIVE_MIN:
        return f"{words.number(value)}{HARD}min"
    whole = round(value)
    if aim is Aim.NO_FLIGHT:
        return words.count("{n} flight", "{n} flights", whole).format(n=whole)
    return words.count("{n} day", "{n} days", whole).format(n=whole)


def name(aim: Aim, span: Span, target: float, words: Words) -> str:
    """Name a goal."""
    text = gettext(NAMES[aim]).format(n=amount(aim, target, words))
    return f"{text}, {gettext(SPAN_NAMES[span])}"


def goal_row(goal: Goal, facts: Facts, today: date, words: Words) -> dict[str, Any]:
    """Tell of a goal: this period, and how the one before ended."""
    now = progress(goal, facts, day=today, today=today)
    earlier = now.first - timedelta(days=1)
    before = progress(goal, facts, day=earlier, today=today) if earlier >= goal.from_day else None
    return {
        "id": goal.id,
        "name": name(goal.aim, goal.span, goal.target, words),
        "now": told(goal, now, words),
        "before": None if before is None else told(goal, before, words),
        "paused": bool(goal.pauses) and goal.pauses[-1][1] is None,
        "can_be_smaller": goal.aim is not Aim.NO_FLIGHT,
        "at_most": goal.aim in AT_MOST,
        "value": round(now.value, 1),
        "target": goal.target,
    }


def told(goal: Goal, now: Progress, words: Words) -> dict[str, Any]:
    """Tell how one period stands."""
    return {
        "first": words.day_month(now.first),
        "last": words.day_month(now.last),
        "value": amount(goal.aim, now.value, words),
        "target": amount(goal.aim, goal.target, words),
        "n_known": now.n_known,
        "n_unknown": now.n_unknown,
        "n_left": now.n_left,
        "state": now.state.value,
        "said": gettext(STATES[now.state]),
    }


def plan_row(
    plan: Plan, facts: Facts, today: date, trips: frozenset[int], words: Words
) -> dict[str, Any]:
    """Tell of a plan and how its last days went."""
    days = ", ".join(words.weekdays()[day] for day in plan.weekdays)
    went = followed(plan, facts, today=today, trips=trips)
    return {
        "id": plan.id,
        "name": gettext("{days}: {mode}").format(days=days, mode=words.mode(plan.mode)),
        "paused": bool(plan.pauses) and plan.pauses[-1][1] is None,
        "went": [(words.day_short(day), gettext(HOW[how]), how.value) for day, how in went[-4:]],
        "n_kept": sum(how is Kept.KEPT for _, how in went),
    }


def proposal_row(one: Proposal, words: Words) -> dict[str, Any]:
    """Tell of a small step."""
    return {
        "aim": one.aim.value,
        "span": one.span.value,
        "target": one.target,
        "name": name(one.aim, one.span, one.target, words),
        "past": amount(one.aim, one.past, words),
    }


def sentences_of_goals(
    goals: tuple[Goal, ...], facts: Facts, *, day: date, today: date, words: Words
) -> tuple[str, ...]:
    """Say, for a recap, how goals stood in their periods of a day; nothing of what is missed.

    For a weekly recap ``day`` is a day of the week that is told. Reached and open goals are
    told; one that was not reached, is unknown or paused is left in peace.
    """
    said = []
    for goal in goals:
        first, last = period_at(goal.span, day)
        if goal.from_day > last or (goal.until_day and goal.until_day < first):
            continue
        now = progress(goal, facts, day=day, today=today)
        title = name(goal.aim, goal.span, goal.target, words)
        if now.state is State.REACHED:
            said.append(gettext("{goal}: reached. Well done.").format(goal=title))
        elif now.state is State.OPEN:
            value = amount(goal.aim, now.value, words)
            said.append(gettext("{goal}: {value} so far.").format(goal=title, value=value))
    return tuple(said)
