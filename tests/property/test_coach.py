"""What holds of every correction and every summary."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.carbon import factor_set, price
from estran.coach.corrections import Correction, apply
from estran.coach.summary import PeriodSummary, summarise
from estran.journal import Journal, Leg, Mode, Place, Stay, Trip, Unknown
from estran.timebase import day_bounds_us

FR = factor_set()
MIN_US = 60_000_000
FIRST = date(2026, 3, 27)
"""Two days before the clocks change in Europe."""
START_US, _ = day_bounds_us(FIRST, "Europe/Paris")
modes = st.sampled_from(list(Mode))
zones = st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Kolkata"])
PLACE = Place(46.16, -1.15)


@st.composite
def journals(draw, *, least_min: int = 0) -> Journal:
    """Make a journal of a few days: stays, trips of one to four legs, unknown time."""
    now_us = START_US
    entries: list[Stay | Trip | Unknown] = []
    for _ in range(draw(st.integers(0, 8))):
        tz = draw(zones)
        now_us += draw(st.integers(0, 300)) * MIN_US
        kind = draw(st.sampled_from(["stay", "trip", "trip", "unknown"]))
        end_us = now_us
        if kind == "trip":
            legs = []
            for _ in range(draw(st.integers(1, 4))):
                start_us, end_us = end_us, end_us + draw(st.integers(least_min, 400)) * MIN_US
                mode = draw(modes)
                distance_m = 0.0 if mode is Mode.WAIT else draw(st.floats(0, 300_000))
                legs.append(Leg(mode, start_us, end_us, distance_m))
            entries.append(Trip(now_us, end_us, tz, PLACE, PLACE, tuple(legs)))
        else:
            end_us = now_us + draw(st.integers(0, 2000)) * MIN_US
            stay = Stay(now_us, end_us, tz, PLACE, 30.0)
            entries.append(stay if kind == "stay" else Unknown(now_us, end_us, tz))
        now_us = end_us
    return price(Journal(tuple(entries)), factors=FR)


@st.composite
def corrections(draw, journal: Journal) -> list[Correction]:
    """Make corrections of legs of a journal, some of them about the same leg."""
    legs = [leg for trip in journal.trips for leg in trip.legs]
    if not legs:
        return []
    chosen = draw(st.lists(st.tuples(st.sampled_from(legs), modes), max_size=6))
    return [
        Correction(id=str(i), start_us=leg.started_us, end_us=leg.ended_us, mode=mode, made_at_us=i)
        for i, (leg, mode) in enumerate(chosen)
    ]


def figures(summary: PeriodSummary) -> dict[str, float]:
    total = summary.total
    return {
        "distance_m": total.distance_m,
        "duration_s": total.duration_s,
        "n_trips": total.n_trips,
        "central_g": total.co2e.central_g,
        "low_g": total.co2e.low_g,
        "high_g": total.co2e.high_g,
        "known_s": summary.known_s,
        "unknown_s": summary.unknown_s,
        "active_min": summary.active_min,
        "n_days": len(summary.days),
    }


@given(journals(), st.lists(st.integers(1, 19), max_size=4))
def test_parts_of_a_period_sum_to_the_period(journal, cuts):
    last = FIRST + timedelta(days=20)
    edges = sorted({0, 21, *cuts})
    parts = [
        figures(summarise(journal, FIRST + timedelta(days=a), FIRST + timedelta(days=b - 1)))
        for a, b in pairwise(edges)
    ]
    for name, whole in figures(summarise(journal, FIRST, last)).items():
        assert sum(part[name] for part in parts) == pytest.approx(whole, rel=1e-9, abs=1e-6), name


@given(journals())
def test_months_and_modes_sum_to_the_period(journal):
    summary = summarise(journal, date(2026, 3, 1), date(2026, 5, 31))
    for name in ("distance_m", "duration_s", "n_trips"):
        months = sum(getattr(month.total, name) for month in summary.months)
        assert months == pytest.approx(getattr(summary.total, name))
    months_g = sum(month.total.co2e.central_g for month in summary.months)
    assert months_g == pytest.approx(summary.total.co2e.central_g)


@given(journals())
def test_a_period_that_holds_everything_loses_nothing(journal):
    summary = summarise(journal, FIRST - timedelta(days=2), FIRST + timedelta(days=60))
    assert summary.total.n_trips == len(journal.trips)
    assert summary.total.distance_m == pytest.approx(sum(t.distance_m for t in journal.trips))
    carbon_g = sum(leg.co2e.central_g for t in journal.trips for leg in t.legs if leg.co2e)
    assert summary.total.co2e.central_g == pytest.approx(carbon_g)


@given(st.data())
def test_corrections_are_idempotent_ordered_by_time_and_undone_by_leaving_out(data):
    journal = data.draw(journals())
    made = data.draw(corrections(journal))
    once = apply(journal, made, factors=FR)
    assert apply(once, made, factors=FR) == once
    assert apply(journal, data.draw(st.permutations(made)), factors=FR) == once
    assert apply(journal, [], factors=FR) == journal
    if made:
        assert apply(journal, made[:-1], factors=FR) == apply(
            journal, [c for c in made if c.id != made[-1].id], factors=FR
        )


@given(st.data())
def test_corrections_change_only_what_they_are_about(data):
    journal = data.draw(journals(least_min=1))
    made = data.draw(corrections(journal))
    spans = {(c.start_us, c.end_us): c.mode for c in sorted(made, key=lambda c: c.made_at_us)}
    for before, after in zip(
        journal.entries, apply(journal, made, factors=FR).entries, strict=True
    ):
        if not isinstance(before, Trip):
            assert after == before
            continue
        assert isinstance(after, Trip)
        for old, new in zip(before.legs, after.legs, strict=True):
            assert new.mode is spans.get((old.started_us, old.ended_us), old.mode)
            assert (new == old) is ((old.started_us, old.ended_us) not in spans)


@given(st.data())
def test_corrections_of_another_analysis_lose_no_distance_and_no_time(data):
    """Corrections about intervals that are no leg's any more may cut, never lose."""
    journal = data.draw(journals(least_min=1))
    starts_min = st.integers(0, 3000)
    made = [
        Correction(
            id=str(i),
            start_us=START_US + start_min * MIN_US,
            end_us=START_US + (start_min + lasts_min) * MIN_US,
            mode=mode,
            made_at_us=i,
        )
        for i, (start_min, lasts_min, mode) in enumerate(
            data.draw(st.lists(st.tuples(starts_min, st.integers(1, 200), modes), max_size=6))
        )
    ]
    once = apply(journal, made, factors=FR)
    for before, after in zip(journal.trips, once.trips, strict=True):
        assert after.distance_m == pytest.approx(before.distance_m, abs=1e-6)
        assert [leg.started_us for leg in after.legs[1:]] == [
            leg.ended_us for leg in after.legs[:-1]
        ]
        assert (after.legs[0].started_us, after.legs[-1].ended_us) == (
            before.started_us,
            before.ended_us,
        )
        assert all(leg.co2e is not None for leg in after.legs)


@settings(max_examples=200)
@given(st.data())
def test_a_correction_stays_on_its_leg_when_borders_move_by_three_minutes(data):
    lengths_min = data.draw(st.lists(st.integers(10, 90), min_size=1, max_size=5))
    shifts_us = [
        data.draw(st.integers(-3 * MIN_US, 3 * MIN_US)) for _ in range(len(lengths_min) + 1)
    ]
    which = data.draw(st.integers(0, len(lengths_min) - 1))
    borders_us = [START_US + sum(lengths_min[:i]) * MIN_US for i in range(len(lengths_min) + 1)]
    moved_us = [border + shift for border, shift in zip(borders_us, shifts_us, strict=True)]
    legs = tuple(Leg(Mode.CAR, a, b, 1000.0) for a, b in pairwise(moved_us))
    again = Journal((Trip(moved_us[0], moved_us[-1], "UTC", PLACE, PLACE, legs),))
    correction = Correction(
        id="a",
        start_us=borders_us[which],
        end_us=borders_us[which + 1],
        mode=Mode.TRAM,
        made_at_us=1,
    )
    (trip,) = apply(again, [correction], factors=FR).trips
    assert [leg.mode is Mode.TRAM for leg in trip.legs] == [
        i == which for i in range(len(lengths_min))
    ]
