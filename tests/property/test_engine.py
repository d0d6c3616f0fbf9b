"""What holds of the engine for every day that can be made up."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.analyse import Context, analyse
from estran.clean import Preference, clean, cleaned
from estran.clean.contests import Why, contests
from estran.journal import Stay
from estran.segment import TRIP, segment
from estran.trace import Evidence, Positions, Source, Trace
from tests.synthetic import Day, evidence_of

stays = st.tuples(
    st.just("stay"),
    st.sampled_from([120, 400, 900, 3600, 20_000]),
    st.sampled_from([1, 10, 60, 600]),
)
rides = st.tuples(
    st.just("ride"),
    st.sampled_from([150, 800, 5000, -800, -5000]),
    st.sampled_from([1.3, 4.0, 14.0, 30.0]),
)
gaps = st.tuples(
    st.just("gap"), st.sampled_from([0, 300, 4000, 300_000]), st.sampled_from([300, 2000, 30_000])
)
plans = st.lists(st.one_of(stays, rides, gaps), min_size=1, max_size=7)
seeds = st.integers(0, 1000)
LIMITS = settings(max_examples=25, deadline=None)


def built(plan, seed, noise_m=6.0, **when):
    day = Day(seed=seed, noise_m=noise_m, **when)
    day.stay(60)
    for what, a, b in plan:
        if what == "stay":
            day.stay(a, every_s=b)
        elif what == "ride":
            day.ride(east_m=a, north_m=a / 3, speed_mps=b)
        else:
            day.gap(east_m=a, seconds=b)
    return day


def borders(evidence):
    evidence = clean(evidence)
    found, _ = segment(evidence.trace, evidence.activities, evidence.claims, evidence.marks)
    return [
        (int(k), int(a), int(b))
        for k, a, b in zip(found.kind, found.start_us, found.end_us, strict=True)
    ]


@LIMITS
@given(plans, seeds)
def test_entries_are_in_order_and_do_not_overlap(plan, seed):
    journal = analyse(built(plan, seed).evidence())

    ends = [(e.started_us, e.ended_us) for e in journal.entries]
    assert all(a < b for a, b in ends)
    assert all(b <= c for (_, b), (c, _) in itertools.pairwise(ends))
    for trip in journal.trips:
        assert trip.legs[0].started_us == trip.started_us
        assert trip.legs[-1].ended_us == trip.ended_us


@LIMITS
@given(plans, seeds, st.integers(-10_000, 10_000))
def test_shifting_time_shifts_the_journal(plan, seed, minutes):
    evidence = built(plan, seed).evidence()
    shift_us = minutes * 60_000_000
    trace = evidence.trace
    later = Positions.of(
        trace.time_us + shift_us, trace.lat_deg, trace.lon_deg, accuracy_m=trace.accuracy_m
    )

    moved = borders(Evidence(trace=Trace.sorted_from(later), sources=evidence.sources))

    assert moved == [(k, a + shift_us, b + shift_us) for k, a, b in borders(evidence)]


@LIMITS
@given(plans, seeds, seeds)
def test_order_and_repetition_of_imports_change_nothing(plan, seed, other):
    a, b = built(plan, seed).positions(), built(plan, other, noise_m=12.0).positions()
    once = evidence_of(a, b)
    order = np.random.default_rng(seed).permutation(2 * len(once.trace))
    doubled = Positions.concatenate([Positions(**_columns(once.trace))] * 2).take(order)
    other_way = Evidence(
        trace=Trace.sorted_from(Positions(**{**_columns(doubled), "source": 1 - doubled.source})),
        sources=once.sources[::-1],
    )

    assert analyse(other_way).entries == analyse(once).entries


def _columns(positions):
    return {name: getattr(positions, name) for name in Trace.__dataclass_fields__}


@LIMITS
@given(seeds, st.sampled_from([1, 10, 60, 600]), st.sampled_from([5.0, 20.0, 60.0]))
def test_a_still_cloud_is_no_trip(seed, every_s, noise_m):
    day = Day(seed=seed, noise_m=noise_m)
    day.stay(8 * 3600, every_s=every_s)

    journal = analyse(day.evidence())

    assert [type(e) for e in journal.entries] == [Stay]


@LIMITS
@given(plans, seeds, st.sampled_from([-179.999, 179.99, 0.0, 90.0]))
def test_the_meridian_has_no_effect(plan, seed, lon0_deg):
    day = built(plan, seed)

    here = borders(day.evidence())
    there = borders(day.evidence(lon0_deg=lon0_deg))

    assert [k for k, _, _ in here] == [k for k, _, _ in there]
    assert np.allclose([h[1:] for h in here], [t[1:] for t in there], atol=2e6)


@LIMITS
@given(plans, seeds)
def test_cleaning_only_drops(plan, seed):
    evidence = built(plan, seed, noise_m=30.0).evidence()

    result = cleaned(evidence)

    brought = set(
        zip(evidence.trace.time_us.tolist(), evidence.trace.lat_deg.tolist(), strict=True)
    )
    kept = list(
        zip(
            result.evidence.trace.time_us.tolist(),
            result.evidence.trace.lat_deg.tolist(),
            strict=True,
        )
    )
    assert set(kept) <= brought
    assert len(kept) == len(evidence.trace) - sum(n for _, n in result.dropped)


@LIMITS
@given(plans, seeds)
def test_cleaning_twice_is_cleaning_once(plan, seed):
    once = clean(built(plan, seed).evidence())

    assert clean(once).trace == once.trace


@LIMITS
@given(plans, plans, seeds)
def test_of_sources_seen_well_the_preferred_one_owns_unless_it_lay_still(plan, other, seed):
    a, b = built(plan, seed), built(other, seed + 1, noise_m=12.0)
    both = evidence_of(a.positions(), b.positions())

    for order in (("made/1",), ("made/1", "made/0")):
        owners = cleaned(both, preference=Preference(order)).owners
        assert owners is not None
        pieces, found = owners.pieces, contests(owners)
        lost = found.other == 1
        # Where the preferred one lost: it was still beside movement, or its piece is poor.
        for start, why in zip(found.start_us[lost], found.why[lost], strict=True):
            mine = (pieces.source == 1) & (pieces.start_us <= start) & (pieces.end_us > start)
            assert why == Why.MOVES or (pieces.rank[mine] == 0).all()


@LIMITS
@given(plans, plans, seeds)
def test_no_order_changes_nothing_and_an_order_only_chooses(plan, other, seed):
    a, b = built(plan, seed), built(other, seed + 1, noise_m=12.0)
    both = evidence_of(a.positions(), b.positions())

    assert analyse(both, context=Context(preference=Preference())) == analyse(both)
    assert clean(both, preference=Preference(("unknown",))).trace == clean(both).trace
    alone = evidence_of(b.positions())
    aside = clean(both, preference=Preference(unused=("made/0",))).trace
    assert np.array_equal(aside.time_us, clean(alone).trace.time_us)


@LIMITS
@given(seeds, st.integers(0, 23))
def test_midnight_cuts_nothing(seed, hour):
    start_us = 1_780_272_000_000_000 + hour * 3_600_000_000
    day = Day(seed=seed, start_us=start_us)
    day.stay(3600).ride(east_m=20_000, speed_mps=10).stay(7200)

    found = borders(day.evidence())

    assert sum(k == TRIP for k, _, _ in found) == 1


def test_no_evidence_is_an_empty_journal():
    assert analyse(Evidence()).entries == ()
    assert analyse(Evidence(sources=(Source("a", "gpx"),))).entries == ()
