"""Goals: progress by day, the unknown never against anybody, small steps, plans, pauses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estran.coach.facts import DayFact, Facts, LegFact
from estran.coach.goals import (
    AT_MOST,
    Aim,
    Goal,
    Kept,
    Plan,
    Span,
    State,
    checked,
    followed,
    pause,
    period_at,
    progress,
    proposals,
    resume,
    smaller,
)
from estran.errors import ValueOutOfRange
from estran.journal import Mode

MONDAY = date(2026, 6, 1)
AFTER = MONDAY + timedelta(days=7)


def leg(day: date, mode: Mode = Mode.CAR, minutes: float = 30.0, **more) -> LegFact:
    values = {"central_g": 2000.0, "central_eur": 3.0, **more}
    at = day.toordinal()
    return LegFact(
        at, at * 86_400_000_000, at * 86_400_000_000, mode, 10_000.0, minutes * 60, 1,
        low_g=nan, high_g=nan, trip_day=at, minute=480, tz="Europe/Paris", **values,
    )  # fmt: skip


def week(modes: list[Mode | None], unknown: tuple[int, ...] = (), first: date = MONDAY) -> Facts:
    """Days with one leg each, or none; of some little is known."""
    every = [first + timedelta(days=i) for i in range(len(modes))]
    days = tuple(
        DayFact(d.toordinal(), 20_000.0 if i in unknown else 86_400.0, 0.0)
        for i, d in enumerate(every)
    )
    legs = tuple(leg(d, m) for d, m in zip(every, modes, strict=True) if m)
    return Facts(every[0], every[-1], days, legs)


def goal(aim: Aim, target: float, **more) -> Goal:
    return Goal("g", aim, Span.WEEK, target, date(2026, 1, 1), **more)


CAR, BIKE = Mode.CAR, Mode.BIKE
MIXED = week([CAR, BIKE, CAR, BIKE, CAR, None, None])


@pytest.mark.parametrize(
    ("aim", "target", "value", "state"),
    [
        (Aim.EMISSIONS, 10, 10, State.REACHED), (Aim.EMISSIONS, 9.9, 10, State.NOT_REACHED),
        (Aim.BUDGET, 15, 15, State.REACHED), (Aim.BIKE_DAYS, 2, 2, State.REACHED),
        (Aim.BIKE_DAYS, 3, 2, State.NOT_REACHED), (Aim.ACTIVE_MIN, 60, 60, State.REACHED),
        (Aim.CAR_FREE_DAYS, 4, 4, State.REACHED), (Aim.CAR_FREE_DAYS, 5, 4, State.NOT_REACHED),
        (Aim.NO_FLIGHT, 0, 0, State.REACHED),
    ],
)  # fmt: skip
def test_a_week_that_is_over(aim, target, value, state):
    told = progress(goal(aim, target), MIXED, day=MONDAY, today=AFTER)
    assert (told.value, told.state) == (value, state)
    assert (told.n_known, told.n_unknown, told.n_left) == (7, 0, 0)


def test_a_flight_is_seen():
    facts = week([Mode.PLANE, *[None] * 6])
    told = progress(goal(Aim.NO_FLIGHT, 0), facts, day=MONDAY, today=AFTER)
    assert (told.value, told.state) == (1.0, State.NOT_REACHED)


def test_unknown_days_are_never_held_against_anybody():
    dim = week([CAR, BIKE, CAR, None, CAR, None, None], unknown=(3, 5, 6))
    for aim, target in ((Aim.BIKE_DAYS, 3), (Aim.CAR_FREE_DAYS, 4), (Aim.EMISSIONS, 20)):
        told = progress(goal(aim, target), dim, day=MONDAY, today=AFTER)
        assert (told.n_unknown, told.state) == (3, State.UNKNOWN)
    nothing = Facts(MONDAY, AFTER)
    for aim in Aim:
        told = progress(goal(aim, 0 if aim in AT_MOST else 1), nothing, day=MONDAY, today=AFTER)
        assert told.state is State.UNKNOWN


@given(st.sets(st.integers(0, 6)), st.sampled_from(list(Aim)), st.integers(1, 7))
def test_knowing_less_never_turns_a_goal_into_a_miss(unknown, aim, target):
    aimed = goal(aim, 0.0 if aim is Aim.NO_FLIGHT else float(target))
    full = week([CAR, BIKE, None, BIKE, CAR, None, None])
    lost = {(MONDAY + timedelta(days=i)).toordinal() for i in unknown}
    less = replace(
        full,
        days=tuple(d for d in full.days if d.day not in lost),
        legs=tuple(row for row in full.legs if row.day not in lost),
    )
    states = [progress(aimed, f, day=MONDAY, today=AFTER).state for f in (full, less)]
    if states[0] is State.REACHED:
        assert states[1] is not State.NOT_REACHED


def test_a_week_under_way_is_open_or_reached_never_missed():
    thursday = MONDAY + timedelta(days=3)
    told = progress(goal(Aim.EMISSIONS, 1), MIXED, day=MONDAY, today=thursday)
    assert (told.state, told.n_known, told.n_left) == (State.OPEN, 3, 4)
    assert progress(goal(Aim.BIKE_DAYS, 1), MIXED, day=MONDAY, today=thursday).state is (
        State.REACHED
    )


def test_a_pause_counts_nothing():
    pauses = pause((), MONDAY)
    assert pause(pauses, AFTER) == pauses
    told = progress(goal(Aim.EMISSIONS, 1, pauses=pauses), MIXED, day=MONDAY, today=AFTER)
    assert (told.value, told.state) == (0.0, State.PAUSED)
    assert resume(pauses, MONDAY) == ()
    wednesday = MONDAY + timedelta(days=2)
    ended = resume(pauses, wednesday)
    assert ended == ((MONDAY, wednesday - timedelta(days=1)),)
    assert resume(ended, AFTER) == ended
    told = progress(goal(Aim.EMISSIONS, 6, pauses=ended), MIXED, day=MONDAY, today=AFTER)
    assert (told.value, told.state, told.n_known) == (6.0, State.REACHED, 5)


def test_periods():
    assert period_at(Span.MONTH, date(2028, 2, 10)) == (date(2028, 2, 1), date(2028, 2, 29))
    assert period_at(Span.YEAR, date(2026, 5, 1)) == (date(2026, 1, 1), date(2026, 12, 31))
    assert period_at(Span.WEEK, date(2026, 6, 7)) == (MONDAY, date(2026, 6, 7))


def test_steps_are_small_and_from_ones_own_past():
    facts = week([CAR, BIKE, CAR, BIKE, CAR, None, None] * 8)
    found = {one.aim: one for one in proposals(facts, today=MONDAY + timedelta(days=56))}
    assert set(found) == {
        Aim.EMISSIONS,
        Aim.ACTIVE_MIN,
        Aim.BIKE_DAYS,
        Aim.CAR_FREE_DAYS,
        Aim.BUDGET,
    }
    for one in found.values():
        ratio = one.target / one.past
        if one.aim in AT_MOST:
            assert 0.899 <= ratio <= 0.95
        elif one.aim is Aim.ACTIVE_MIN:
            assert 1.05 <= ratio <= 1.10
        else:
            assert 0 < one.target - one.past <= 2
        checked(Goal("g", one.aim, one.span, one.target, MONDAY))
    assert proposals(week([CAR] * 10), today=MONDAY + timedelta(days=10)) == ()
    still = proposals(week([None] * 56), today=MONDAY + timedelta(days=56))
    assert [one.aim for one in still] == []


def test_a_smaller_step():
    assert smaller(goal(Aim.EMISSIONS, 50)).target == 55
    assert smaller(goal(Aim.BIKE_DAYS, 3)).target == 2
    assert smaller(goal(Aim.BIKE_DAYS, 1)).target == 1
    assert smaller(goal(Aim.NO_FLIGHT, 0)).target == 0


@pytest.mark.parametrize(
    ("aim", "target"),
    [(Aim.BIKE_DAYS, 8), (Aim.BIKE_DAYS, 0), (Aim.NO_FLIGHT, 1), (Aim.EMISSIONS, -1),
     (Aim.EMISSIONS, nan), (Aim.ACTIVE_MIN, 1e9)],
)  # fmt: skip
def test_goals_that_mean_nothing(aim, target):
    with pytest.raises(ValueOutOfRange):
        checked(goal(aim, target))


def test_a_plan_is_followed_gently():
    plan = Plan("p", (0, 1, 2, 3), BIKE, MONDAY)
    facts = week([CAR, BIKE, CAR, BIKE, CAR, None, None], unknown=(2,))
    went = [how for _, how in followed(plan, facts, today=AFTER)]
    assert went == [Kept.OTHER, Kept.KEPT, Kept.UNKNOWN, Kept.KEPT]
    tuesday = (MONDAY + timedelta(days=1)).toordinal() * 86_400_000_000
    usual = replace(plan, recurring="r")
    went = [how for _, how in followed(usual, facts, today=AFTER, trips=frozenset({tuesday}))]
    assert went == [Kept.UNKNOWN, Kept.KEPT, Kept.UNKNOWN, Kept.UNKNOWN]
    assert followed(replace(plan, pauses=((MONDAY, None),)), facts, today=AFTER) == ()
