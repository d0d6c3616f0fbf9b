"""Suggestions: right where words agree, silent where they do not, never of another way."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from estran.coach.suggesting import OFFER_SHARE, Case, Memory
from estran.journal import Mode, Place, Purpose

HOME, WORK, GYM = Place(46.16, -1.15), Place(46.20, -1.10), Place(46.17, -1.20)
RIDE = Case(HOME, WORK, 8.0, is_weekend=False, distance_m=6000.0)
BY_BUS = replace(RIDE, mode=Mode.BUS, purpose=Purpose.WORK)


def test_four_words_alike_are_offered_with_their_reason_and_three_are_not():
    assert Memory([BY_BUS] * 3).mode(RIDE) is None
    offered = Memory([BY_BUS] * 4).mode(RIDE)
    assert offered is not None
    assert (offered.value, offered.n_same, offered.n_like) == (Mode.BUS, 4, 4)
    assert offered.share >= OFFER_SHARE


def test_where_words_differ_nothing_is_offered():
    assert Memory([BY_BUS] * 5 + [replace(BY_BUS, mode=Mode.CAR)] * 2).mode(RIDE) is None


def test_the_way_back_has_the_mode_and_not_the_purpose():
    memory = Memory([BY_BUS] * 5)
    back = replace(RIDE, origin=WORK, destination=HOME, hour=18.0)
    offered = memory.mode(back)
    assert offered is not None
    assert offered.value is Mode.BUS
    assert memory.purpose(back) is None
    to_work = memory.purpose(RIDE)
    assert to_work is not None
    assert to_work.value is Purpose.WORK


def test_another_place_or_a_much_longer_way_is_another_trip():
    memory = Memory([BY_BUS] * 5)
    assert memory.mode(replace(RIDE, destination=GYM)) is None
    assert memory.mode(replace(RIDE, distance_m=12_000.0)) is None


def test_the_hour_and_the_part_of_the_week_tell_two_habits_apart():
    morning = [replace(BY_BUS, purpose=Purpose.WORK)] * 12
    evening = [replace(BY_BUS, hour=20.0, is_weekend=True, purpose=Purpose.MEAL)]
    asked = Memory([*morning, *evening]).purpose(RIDE)
    assert asked is not None
    assert asked.value is Purpose.WORK


CASES = st.builds(
    Case,
    st.sampled_from([HOME, WORK, GYM]),
    st.sampled_from([HOME, WORK, GYM]),
    st.floats(0, 23.9),
    st.booleans(),
    st.floats(100, 20_000),
    st.sampled_from([None, Mode.BUS, Mode.CAR, Mode.BIKE]),
    st.sampled_from([None, Purpose.WORK, Purpose.HOME]),
)


@given(st.lists(CASES, max_size=20), CASES)
def test_only_what_was_said_is_offered_and_its_counts_hold(said, asked):
    memory = Memory(said)
    for offered in (memory.mode(asked), memory.purpose(asked)):
        if offered is not None:
            assert offered.value in {value for case in said for value in (case.mode, case.purpose)}
            assert OFFER_SHARE <= offered.share < 1.0
            assert 4 <= offered.n_same <= offered.n_like
