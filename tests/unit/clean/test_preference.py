"""The person's own order of sources, and the reasons told for each stretch."""

from collections import Counter

import numpy as np
import pytest
from tests.synthetic import Day, evidence_of

from estran.analyse import analyse
from estran.clean import Preference, clean, cleaned
from estran.clean.arbitrate import CARRIED
from estran.clean.contests import Why, contests
from estran.trace import Stream

FIRST, SECOND = "made/0", "made/1"


def a_day(seed, *, every_s=10.0, still_s=30.0, noise_m=5.0, accuracy_m=None):
    day = Day(seed=seed, noise_m=noise_m, accuracy_m=accuracy_m)
    return (
        day.stay(1800, every_s=still_s)
        .ride(east_m=8000, speed_mps=8, every_s=every_s)
        .stay(1800, every_s=still_s)
    )


def used(evidence, *order):
    """Which sources own more than one block of five minutes where the other is."""
    return {owner for owner, _, _ in reasons(evidence, *order)}


def owners_of(evidence, *order):
    owners = cleaned(evidence, preference=Preference(order)).owners
    assert owners is not None
    return owners


def lasts_s(evidence, *order):
    """How long each source owned beside each other one, and why."""
    found = contests(owners_of(evidence, *order))
    told: Counter[tuple[int, int, Why]] = Counter()
    for row in range(found.why.size):
        key = int(found.owner[row]), int(found.other[row]), Why(found.why[row])
        told[key] += (found.end_us[row] - found.start_us[row]) / 1e6
    return told


def reasons(evidence, *order):
    return {key for key, seconds in lasts_s(evidence, *order).items() if seconds > 310}


def two(streams=None, **second):
    return evidence_of(a_day(1).positions(), a_day(2, **second).positions(), streams=streams)


def test_the_source_put_first_owns_all_that_both_saw_well():
    both = two(every_s=60.0, still_s=120.0, noise_m=15.0)

    assert used(both) == {0}
    assert used(both, SECOND) == {1}
    assert used(both, SECOND, FIRST) == {1}
    assert used(both, FIRST, SECOND) == {0}


def test_an_order_goes_before_the_kind_of_stream():
    both = two(streams=[Stream.RECORDED, Stream.RAW], every_s=60.0)

    assert used(both) == {0}
    assert used(both, SECOND) == {1}


def test_a_thinned_path_moves_where_it_was_put_first_and_nowhere_else():
    both = two(streams=[Stream.RECORDED, Stream.PATH], every_s=120.0)

    assert used(both, SECOND) == {1}
    assert used(both, SECOND, FIRST) == {1}
    assert used(both, FIRST, SECOND) == {0}
    assert (0, 1, Why.MOVES) in reasons(both)


def test_a_phone_left_at_home_stays_left_though_it_was_put_first():
    carried, left = a_day(3), Day(seed=4)
    left.stay(1800 + 1000 + 1800, every_s=5)
    both = evidence_of(left.positions(), carried.positions())

    trace = clean(both, preference=Preference((FIRST,))).trace

    moving = (trace.time_us > carried.borders_us[0] + 60e6) & (
        trace.time_us < carried.borders_us[1] - 60e6
    )
    assert set(trace.source[moving].tolist()) == {1}
    assert (1, 0, Why.MOVES) in reasons(both, FIRST)


@pytest.mark.parametrize("poor", [{"every_s": 900.0, "still_s": 5000.0}, {"accuracy_m": 900.0}])
def test_a_poor_source_is_not_believed_first(poor):
    both = two(**poor)

    assert 0 in used(both, SECOND)


def test_what_is_set_aside_has_no_say():
    both = two(every_s=60.0)

    result = cleaned(both, preference=Preference(unused=(FIRST,)))

    assert set(result.evidence.trace.source.tolist()) == {1}
    assert dict(result.dropped)["set-aside"] == len(a_day(1).positions())
    assert len(cleaned(both, preference=Preference(unused=(FIRST, SECOND))).evidence.trace) == 0


def test_reasons_name_what_decided():
    assert reasons(two()) == {(0, 1, Why.TIE)}
    assert reasons(two(every_s=90.0, still_s=90.0)) == {(0, 1, Why.DENSITY)}
    assert reasons(two(accuracy_m=60.0)) == {(0, 1, Why.FINER)}
    assert reasons(two(streams=[Stream.RECORDED, Stream.RAW])) == {(0, 1, Why.STREAM)}
    assert reasons(two(), SECOND) == {(1, 0, Why.ORDER)}


def test_contests_lie_where_both_cover_and_touch_nothing_else():
    first, second = Day(seed=1), Day(seed=2)
    first.stay(3600)
    second.gap(seconds=1800).stay(3600)
    both = evidence_of(first.positions(), second.positions())

    found = contests(owners_of(both))

    overlap_s = (found.end_us - found.start_us).sum() / 1e6
    assert 1800 - 200 < overlap_s < 1800 + 200
    assert np.array_equal(found.start_us, np.sort(found.start_us))


def test_without_rivals_there_is_nothing_to_explain():
    apart = Day(seed=2)
    apart.gap(seconds=9000).stay(600)
    first = Day(seed=1)
    first.stay(600)

    both = evidence_of(first.positions(), apart.positions())

    assert contests(owners_of(both)).owner.size == 0
    assert cleaned(evidence_of(first.positions())).owners is None


def test_a_digest_tells_orders_apart():
    told = [Preference(), Preference(("a",)), Preference(("b", "a")), Preference(("a", "b")),
            Preference((), ("a",))]  # fmt: skip

    assert len({p.digest for p in told}) == len(told)
    assert Preference(unused=("a", "b")).digest == Preference(unused=("b", "a")).digest


def far_away(seed):
    """Carried to work, eight kilometres off, and still there."""
    return Day(seed=seed).stay(1800).ride(east_m=8000, speed_mps=8).stay(7200)


def left_behind(seed, **stay):
    return Day(seed=seed).stay(1800 + 1000 + 7200, **stay)


@pytest.mark.parametrize("carried_first", [True, False])
@pytest.mark.parametrize("every_s", [5.0, 30.0])
def test_a_phone_left_at_home_does_not_call_its_owner_back_from_work(carried_first, every_s):
    carried, left = far_away(3), left_behind(4, every_s=every_s)
    parts = (carried, left) if carried_first else (left, carried)
    both = evidence_of(*(part.positions() for part in parts))

    journal = analyse(both)

    assert [round(trip.distance_m, -3) for trip in journal.trips] == [8000]
    for order in ((), (FIRST,), (SECOND,)):
        trace = clean(both, preference=Preference(order)).trace
        at_work = trace.time_us > carried.borders_us[1] + 600e6
        assert set(trace.source[at_work].tolist()) == {0 if carried_first else 1}


def test_two_phones_at_one_place_are_judged_as_before():
    both = evidence_of(a_day(1).positions(), a_day(2, still_s=90.0).positions())

    owners = owners_of(both)

    assert CARRIED not in owners.pieces.moves.tolist()


def test_who_takes_the_other_phone_home_is_followed():
    # To work with both; home with the second, the first is forgotten there.
    first = Day(seed=5).stay(1800).ride(east_m=8000, speed_mps=8).stay(7200).stay(1000).stay(3600)
    second = Day(seed=6).stay(1800).ride(east_m=8000, speed_mps=8).stay(7200)
    second.ride(east_m=-8000, speed_mps=8).stay(3600)

    journal = analyse(evidence_of(first.positions(), second.positions()))

    assert [round(trip.distance_m, -3) for trip in journal.trips] == [8000, 8000]
