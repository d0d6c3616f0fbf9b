"""What a person is asked: what is unsure and changes something, and little of it."""

from __future__ import annotations

from dataclasses import replace
from math import nan

import pytest

from estran.carbon import factor_set, price_leg
from estran.coach.asking import AT_MOST, gaps, is_unsure, questions
from estran.journal import Mode, Place

from .journals import MIN_US, a_leg, a_trip, at

START = at(2026, 6, 1, 8)
NEAR, FAR = Place(46.16, -1.15), Place(46.26, -1.15)


def leg(mode=Mode.CAR, *, share=0.5, other=Mode.BIKE, start_us=START, distance_m=10_000.0, **kw):
    guesses = ((mode, share), (other, 1.0 - share))
    found = a_leg(mode, start_us, 20, distance_m, probabilities=guesses, **kw)
    return price_leg(found, factors=factor_set())


def asked(*legs, **more):
    return questions([a_trip(one) for one in legs], factors=factor_set(), **more)


def test_a_doubt_that_changes_much_is_asked_with_its_likely_answers():
    (question,) = asked(leg())
    assert question.answers == (Mode.CAR, Mode.BIKE)
    assert question.stake_g > 100.0


@pytest.mark.parametrize(
    "sure",
    [
        leg(share=0.9),
        leg(corrected=True),
        leg(Mode.WALK, other=Mode.RUN),
        leg(distance_m=50.0),
        leg(distance_m=nan),
        leg(Mode.WAIT),
    ],
    ids=["sure", "said", "the same either way", "short", "of no length known", "a wait"],
)
def test_what_is_sure_or_changes_nothing_is_left_alone(sure):
    assert asked(sure) == ()


def test_the_most_telling_comes_first_and_only_a_handful():
    day_us = 86_400_000_000
    legs = [leg(distance_m=2000.0 + 1000 * n, start_us=START + n * day_us) for n in range(9)]
    found = asked(*legs)
    assert len(found) == AT_MOST
    assert found[0].leg == legs[-1]
    assert [q.stake_g for q in found] == sorted((q.stake_g for q in found), reverse=True)


def test_what_is_put_off_is_not_asked():
    one = leg()
    assert asked(one, later=frozenset({one.started_us})) == ()
    assert asked() == ()


def test_a_leg_without_any_share_is_unsure_and_asked_only_with_answers():
    bare = a_leg(Mode.CAR, START, 20, 9000.0)
    assert is_unsure(bare)
    assert asked(price_leg(bare, factors=factor_set())) == ()


def trips(destination, origin, *, apart_min=60):
    one = replace(a_trip(a_leg(Mode.CAR, START, 20)), destination=destination)
    then_us = one.ended_us + apart_min * MIN_US
    return one, replace(a_trip(a_leg(Mode.CAR, then_us, 20)), origin=origin)


def test_a_trip_is_missing_where_the_next_begins_elsewhere():
    before, after = trips(NEAR, FAR)
    (gap,) = gaps((before, after))
    assert (gap.before, gap.after) == (before, after)
    assert gap.distance_m == pytest.approx(11_120, rel=0.01)
    assert gaps((before, after), later=frozenset({before.ended_us})) == ()


@pytest.mark.parametrize("pair", [trips(NEAR, NEAR), trips(NEAR, FAR, apart_min=3 * 1440), ()])
def test_nothing_is_missing_where_it_goes_on_or_days_lie_between(pair):
    assert gaps(pair) == ()
