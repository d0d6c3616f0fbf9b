"""What a person said of a trip weighs on trips like it, and on no other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.synthetic import Day

from estran.analyse import Context, analyse, analyse_report
from estran.history import (
    NO_HISTORY,
    NOTHING_SAID,
    Recall,
    Said,
    remembered,
    said_of,
    united,
)
from estran.history.values import MODES
from estran.journal import Entry, Journal, Mode
from estran.modes.claims import said_to_provider
from estran.stream import Stream, analyse_by_month, months_of
from estran.trace import ClaimKind, Claims, Motion, Trace
from estran.wording import REASONS, say

N_DAYS = 5
START_US = 1_780_300_800_000_000
DAY_US = 86_400_000_000


@pytest.fixture(scope="module")
def weeks():
    """Go the same way to work and back for days, at a speed that several modes have."""
    made = Day(seed=4)
    for _ in range(N_DAYS):
        made.stay(8 * 3600, every_s=300).ride(east_m=5000, north_m=900, speed_mps=8)
        made.stay(8 * 3600, every_s=300).ride(east_m=-5000, north_m=-900, speed_mps=8)
        made.stay(7 * 3600, every_s=300)
    made.ride(north_m=-7000, speed_mps=8).stay(3600, every_s=300)
    return made.evidence()


@pytest.fixture(scope="module")
def alone(weeks):
    return analyse(weeks)


def rides(journal: Journal):
    return [max(trip.legs, key=lambda leg: leg.distance_m) for trip in journal.trips]


def said_on(journal: Journal, mode: Mode, rows) -> Said:
    legs = rides(journal)
    return said_of((legs[row].started_us, legs[row].ended_us, mode) for row in rows)


def share(leg, mode: Mode) -> float:
    return float(dict(leg.probabilities).get(mode, 0.0))


def test_nothing_said_is_nothing_changed(weeks, alone):
    assert analyse(weeks, context=Context(said=NOTHING_SAID, history=NO_HISTORY)) == alone
    assert NOTHING_SAID.digest == alone.made_by.history_digest == ""


def test_a_word_changes_the_guess_of_the_same_way_both_ways_and_not_of_another(weeks, alone):
    said = said_on(alone, Mode.E_SCOOTER, [0, 1])
    journal = analyse(weeks, context=Context(said=said))
    before, after = rides(alone), rides(journal)
    for row in range(2, 2 * N_DAYS):
        assert share(after[row], Mode.E_SCOOTER) > 3 * share(before[row], Mode.E_SCOOTER)
    assert after[-1] == before[-1]
    assert journal.made_by.history_digest == said.digest != ""


def test_a_word_is_no_evidence_for_the_leg_it_was_said_of(weeks, alone):
    # Taking back what was said must give the old guess, not one that the word itself made.
    journal = analyse(weeks, context=Context(said=said_on(alone, Mode.E_SCOOTER, [3])))
    assert rides(journal)[3] == rides(alone)[3]


def test_each_further_word_weighs_more(weeks, alone):
    found = [
        share(
            rides(analyse(weeks, context=Context(said=said_on(alone, Mode.TRAM, range(n)))))[8],
            Mode.TRAM,
        )
        for n in (0, 1, 2, 4)
    ]
    assert found == sorted(found)
    assert found[-1] > found[1] > found[0]


def test_analysing_again_changes_nothing(weeks, alone):
    context = Context(said=said_on(alone, Mode.TRAM, [0, 1, 2]))
    once = analyse(weeks, context=context)
    assert analyse(weeks, context=context) == once


def test_a_mode_that_movement_does_not_know_can_be_learnt(weeks, alone):
    journal = analyse(weeks, context=Context(said=said_on(alone, Mode.MOPED, range(6))))
    assert rides(journal)[8].mode is Mode.MOPED


def test_it_says_why(weeks, alone):
    def why(rows):
        journal = analyse(weeks, context=Context(said=said_on(alone, Mode.MOPED, rows)))
        leg = rides(journal)[8]
        assert leg.mode is Mode.MOPED
        reason = leg.reasons[0]
        return say(REASONS, reason.code, dict(reason.params))

    assert why(range(6)) == "On this route you said so 6 times."


def test_reasons_count_what_was_said_of_other_modes(weeks, alone):
    said = said_on(alone, Mode.MOPED, [0, 1, 2, 3, 4]).over(said_on(alone, Mode.BUS, [5]))
    leg = rides(analyse(weeks, context=Context(said=said)))[8]
    assert say(REASONS, leg.reasons[0].code, dict(leg.reasons[0].params)) == (
        "On this route you said so 5 times out of 6."
    )


def test_another_vehicle_on_the_same_way_is_left_alone(weeks, alone):
    walk = Day(seed=9, start_us=START_US + 30 * 86_400_000_000)
    walk.stay(3600, every_s=300).ride(east_m=5000, north_m=900, speed_mps=1.3).stay(3600)
    history = analyse_report(
        weeks, context=Context(said=said_on(alone, Mode.TRAM, range(9)))
    ).history
    evidence = walk.evidence()
    assert analyse(evidence, context=Context(history=history)).entries == analyse(evidence).entries


def test_months_hand_on_what_is_remembered(weeks, alone):
    context = Context(said=said_on(alone, Mode.MOPED, range(4)))
    stream, entries = Stream(analyse_report, context), list[Entry]()
    for part in months_of(weeks, part_us=DAY_US):
        entries += stream.take(part)
    entries += stream.finish()
    assert len(stream.context.history) == 4
    assert rides(Journal(tuple(entries)))[8].mode is Mode.MOPED
    whole = analyse_by_month(
        weeks, analyse_report, context=context, on_progress=lambda _share: None
    )
    assert len(whole.history) == 4


def test_what_lies_outside_the_trace_is_not_remembered(weeks):
    early = said_of([(0, 1_000_000, Mode.CAR)])
    assert len(remembered(weeks.trace, early)) == 0
    assert len(remembered(weeks.trace.take(slice(0, 0)), early)) == 0


def test_waits_are_not_remembered(weeks, alone):
    assert len(remembered(weeks.trace, said_on(alone, Mode.WAIT, [0]))) == 0


def test_the_same_interval_counts_once(weeks, alone):
    history = remembered(weeks.trace, said_on(alone, Mode.CAR, [0, 1]))
    later = remembered(weeks.trace, said_on(alone, Mode.BUS, [1]))
    both = united((history, later))
    assert [MODES[m] for m in both.mode] == [Mode.CAR, Mode.BUS]


def test_legs_without_a_trace_are_left_alone(weeks, alone):
    history = remembered(weeks.trace, said_on(alone, Mode.CAR, [0]))
    recall = Recall(weeks.trace.take(slice(0, 0)), history)
    score = np.zeros((1, len(MODES)))
    at = np.array([START_US], np.int64)
    assert np.array_equal(recall.added(score, at, at + 1), score)


def test_what_was_confirmed_to_a_provider_counts_as_said():
    one = Claims(
        start_us=np.array([0, 100, 200]),
        end_us=np.array([50, 150, 250]),
        kind=np.full(3, ClaimKind.MOVE, np.int8),
        motion=np.array([Motion.BUS, Motion.VEHICLE, Motion.BIKE], np.int8),
        probability_share=np.full(3, np.nan, np.float32),
        confirmed=np.array([True, True, False]),
        lat_deg=np.full(3, np.nan),
        lon_deg=np.full(3, np.nan),
        end_lat_deg=np.full(3, np.nan),
        end_lon_deg=np.full(3, np.nan),
        distance_m=np.full(3, np.nan, np.float32),
        source=np.zeros(3, np.int16),
    )
    assert said_to_provider(one).rows == ((0, 50, Mode.BUS),)
    assert said_to_provider(replace(one, confirmed=np.zeros(3, bool))) == NOTHING_SAID


_spans = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 9), st.sampled_from([Mode.CAR, Mode.BUS])),
    max_size=12,
)


@given(_spans, _spans)
def test_what_is_put_beside_never_touches_what_was_said(mine, theirs):
    own, others = (said_of((s, s + n, m) for s, n, m in rows) for rows in (mine, theirs))
    both = own.over(others)
    assert set(own.rows) <= set(both.rows)
    for start_us, end_us, mode in set(others.rows) - set(own.rows):
        free = all(end_us <= s or start_us >= e for s, e, _ in own.rows)
        assert ((start_us, end_us, mode) in both.rows) == free


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 2 * N_DAYS - 1), min_size=1, max_size=8), st.sampled_from(MODES))
def test_words_raise_the_mode_said_and_lower_no_other_score(weeks, alone, rows, mode):
    history = remembered(weeks.trace, said_on(alone, mode, rows))
    legs = rides(alone)
    start_us, end_us = (
        np.array([getattr(leg, name) for leg in legs]) for name in ("started_us", "ended_us")
    )
    score = np.zeros((len(legs), len(MODES)))
    added = Recall(weeks.trace, history).added(score, start_us, end_us)
    assert (added >= score).all()
    others = [row for row, other in enumerate(MODES) if other is not mode]
    assert (added[:, others] == 0).all()
    fewer = remembered(weeks.trace, said_on(alone, mode, rows[1:]))
    assert (added >= Recall(weeks.trace, fewer).added(score, start_us, end_us)).all()


def test_a_way_over_the_antimeridian_is_itself_both_ways():
    time_us = START_US + np.arange(40, dtype=np.int64) * 30_000_000
    there = (179.99 + np.linspace(0, 0.05, 20) + 180) % 360 - 180
    trace = Trace.of(time_us, np.full(40, -17.0), np.concatenate([there, there[::-1]]))
    spans = [(int(time_us[0]), int(time_us[19])), (int(time_us[20]), int(time_us[39]))]
    history = remembered(trace, said_of([(*spans[0], Mode.FERRY)]))
    start_us, end_us = (np.array(column, np.int64) for column in zip(*spans, strict=True))
    weighed, told = Recall(trace, history).counts(start_us, end_us)
    assert told[:, MODES.index(Mode.FERRY)].tolist() == [0, 1]
    assert weighed[1].sum() == pytest.approx(1.0)
