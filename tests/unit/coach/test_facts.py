"""Facts, periods and one's own past: what every figure of the dashboard is summed from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from math import isnan, nan

import pytest

from estran.carbon import factor_set, price
from estran.coach.breakdown import (
    MEASURES,
    by_mode,
    by_part_of_week,
    by_purpose,
    by_recurring,
    by_step,
    steps_of,
    total,
)
from estran.coach.facts import DayFact, Facts, LegFact, facts_of, joined_facts
from estran.coach.periods import Kind, Period, last_days, month_of, week_of, year_of
from estran.coach.summary import summarise
from estran.coach.usual import Usual, past_of, trends, usual_of
from estran.journal import Mode, Purpose
from tests.unit.coach.journals import MIN_US, a_journal, a_leg, a_stay, a_trip, an_unknown, at

FR = factor_set()
JUNE = (date(2026, 6, 1), date(2026, 6, 30))


def facts(*entries, first=JUNE[0], last=JUNE[1]) -> Facts:
    return facts_of(price(a_journal(*entries), factors=FR).entries, first, last)


def made_up(first: date, values: list[float], mode=Mode.BIKE, known=True) -> Facts:
    """One leg of so many metres each day."""
    days = tuple(DayFact(first.toordinal() + i, 3600.0 * known, 0.0) for i in range(len(values)))
    legs = tuple(
        LegFact(first.toordinal() + i, i, i, mode, v, 600.0, 1, v / 10, v / 20, v / 5,
                first.toordinal() + i, 480, "Europe/Paris")
        for i, v in enumerate(values)
    )  # fmt: skip
    return Facts(first, first + timedelta(days=len(values) - 1), days, legs)


def test_the_parts_of_a_trip_sum_to_the_trip():
    """B13: Coach CO2 leaves stops out, so that sections do not sum to their trip."""
    start = at(2026, 6, 1, 6)
    trip = a_trip(
        a_leg(Mode.WALK, start, 10, 874),
        a_leg(Mode.WAIT, start + 10 * MIN_US, 4, 0),
        a_leg(Mode.BUS, start + 14 * MIN_US, 20, 9_700),
    )
    sums = total(facts(trip).legs)
    assert (sums.distance_m, sums.duration_s) == (trip.distance_m, trip.duration_s)
    for split in (by_mode, by_purpose, by_part_of_week):
        parts = split(facts(trip).legs).values()
        for measure in MEASURES.values():
            assert sum(measure(p) for p in parts) == pytest.approx(measure(sums))


def test_days_are_counted_by_the_calendar():
    """B2: twelve-hour windows chain five days of commuting into one."""
    days = [at(2026, 6, d, h, m) for d in range(1, 6) for h, m in ((5, 15), (17, 30))]
    rows = facts(*(a_trip(a_leg(Mode.BIKE, start, 20)) for start in days))
    assert len(rows.known_days) == 5
    assert total(rows.legs).n_trips == 10


@pytest.mark.parametrize(
    ("tz", "day"),
    [("Europe/Paris", date(2026, 6, 1)), ("America/New_York", date(2026, 5, 31)),
     ("Pacific/Auckland", date(2026, 6, 1))],
)  # fmt: skip
def test_a_trip_is_of_the_day_of_its_own_zone(tz, day):
    """B14: months and days by the browser's or the server's zone."""
    trip = a_trip(a_leg(Mode.BIKE, at(2026, 5, 31, 22, 30), 20), tz=tz)
    rows = facts(trip, first=date(2026, 5, 1), last=date(2026, 7, 31))
    assert rows.known_days == (day,)


def test_a_leg_over_midnight_is_shared_and_its_trip_counted_once():
    rows = facts(a_trip(a_leg(Mode.TRAIN, at(2026, 6, 1, 21, 30), 60, 60_000)))
    assert [row.distance_m for row in rows.legs] == [30_000, 30_000]
    assert [row.n_trips for row in rows.legs] == [1, 0]
    assert {row.trip_day for row in rows.legs} == {date(2026, 6, 1).toordinal()}


def test_bars_stand_beside_their_past_by_date():
    """B8: Coach CO2 joins averages to bars by their index."""
    june, may = month_of(date(2026, 6, 1)), month_of(date(2026, 5, 1))
    assert june.same_day_in(date(2026, 6, 9), may) == date(2026, 5, 9)
    assert may.same_day_in(date(2026, 5, 31), june) is None
    week = week_of(date(2026, 6, 3))
    before = week.step(-1)
    assert before is not None
    assert week.same_day_in(date(2026, 6, 3), before) == date(2026, 5, 27)
    assert year_of(2024).same_day_in(date(2024, 2, 29), year_of(2023)) is None
    rows = facts(a_trip(a_leg(Mode.BIKE, at(2026, 6, 20, 8), 20)))
    steps = by_step(rows, steps_of(*JUNE))
    assert [i for i, sums in enumerate(steps) if sums] == [19]


def test_unknown_is_in_no_sum_and_is_counted():
    start = at(2026, 6, 1, 8)
    unseen = replace(a_leg(Mode.CAR, start, 20), distance_m=nan)
    rows = facts(a_trip(unseen), an_unknown(start + 20 * MIN_US, start + 80 * MIN_US))
    sums = total(rows.legs)
    assert (sums.distance_m, sums.n_unmeasured, sums.n_unpriced) == (0.0, 1, 1)
    assert sums.central_g == 0.0
    assert rows.unknown_share == pytest.approx(0.75)
    assert isnan(Facts(*JUNE).unknown_share)


def test_purposes_parts_of_week_and_recurring_trips():
    monday, noon, sunday = at(2026, 6, 1, 6), at(2026, 6, 1, 10), at(2026, 6, 7, 6)
    work = replace(a_trip(a_leg(Mode.BIKE, monday, 20)), purpose=Purpose.WORK, purpose_share=1.0)
    rows = facts(work, a_trip(a_leg(Mode.BIKE, noon, 20)), a_trip(a_leg(Mode.BIKE, sunday, 20)))
    assert {k: s.n_trips for k, s in by_purpose(rows.legs).items()} == {"work": 1, "": 2}
    assert {k: s.n_trips for k, s in by_part_of_week(rows.legs).items()} == {
        "peak": 1, "off_peak": 1, "weekend": 1
    }  # fmt: skip
    assert by_recurring(rows.legs, {monday: "r1"})["r1"].n_trips == 1


def test_facts_agree_with_the_summary():
    start = at(2026, 6, 1, 6)
    journal = price(
        a_journal(
            a_stay(start - 60 * MIN_US, start),
            a_trip(a_leg(Mode.CAR, start, 30, 20_000), a_leg(Mode.WALK, start + 30 * MIN_US, 5)),
        ),
        factors=FR,
    )
    summary = summarise(journal, *JUNE)
    assert summary.facts is not None
    sums = total(summary.facts.legs)
    assert sums.distance_m == summary.total.distance_m
    assert sums.central_g == pytest.approx(summary.total.co2e.central_g)
    assert sums.high_g == pytest.approx(summary.total.co2e.high_g)
    assert sums.active_s / 60 == summary.active_min
    assert summary.facts.known_days == summary.days
    halves = [summary.facts.between(JUNE[0], date(2026, 6, 15)),
              summary.facts.between(date(2026, 6, 16), JUNE[1])]  # fmt: skip
    assert joined_facts(halves) == summary.facts


@pytest.mark.parametrize(
    ("period", "kind", "before"),
    [
        (week_of(date(2026, 6, 3)), Kind.WEEK, Period(date(2026, 5, 25), date(2026, 5, 31))),
        (month_of(date(2026, 3, 9)), Kind.MONTH, Period(date(2026, 2, 1), date(2026, 2, 28))),
        (month_of(date(2026, 1, 9)), Kind.MONTH, Period(date(2025, 12, 1), date(2025, 12, 31))),
        (year_of(2024), Kind.YEAR, year_of(2023)),
        (last_days(date(2026, 6, 30), 30), Kind.MONTH, month_of(date(2026, 5, 1))),
        (last_days(date(2026, 6, 29), 30), Kind.DAYS, last_days(date(2026, 5, 30), 30)),
    ],
)
def test_the_period_before_is_of_the_same_kind(period, kind, before):
    assert period.kind is kind
    assert period.step(-1) == before
    assert Period(date.min, date.min).step(-1) is None


def test_usual_range_wants_four_known_periods():
    first = date(2026, 1, 5)
    metres = [float(1000 * (1 + week % 4)) for week in range(8) for _ in range(7)]
    rows = made_up(first, metres)
    at_week = [week_of(first + timedelta(weeks=i)) for i in range(9)]
    assert usual_of(past_of(rows, at_week[3], 12), "distance") is None
    found = usual_of(past_of(rows, at_week[8], 12), "distance")
    assert found == Usual(8, 1750.0, 2500.0, 3250.0)
    assert [found.place(v) for v in (1000.0, 2000.0, 9000.0)] == ["below", "within", "above"]
    sparse = replace(rows, days=rows.days[::3])
    assert usual_of(past_of(sparse, at_week[8], 12), "distance") is None


def test_a_trend_is_told_only_out_of_the_noise():
    first, n = date(2026, 1, 5), 16
    until = first + timedelta(days=7 * n - 1)
    wobble = [0.0, 300.0, -300.0, 100.0, -100.0, 200.0, -200.0, 0.0]
    more = [float(2000 + 4000 * (w >= 8) + wobble[w % 8]) for w in range(n) for _ in range(7)]
    told = trends(made_up(first, more), until)
    bike = next(t for t in told if t.mode == Mode.BIKE)
    assert (bike.measure, bike.n_weeks) == ("distance", 8)
    assert bike.low < 4000 < bike.high
    assert bike.low > 3500
    same = [float(2000 + wobble[(w * 3) % 8] * 5) for w in range(n) for _ in range(7)]
    assert trends(made_up(first, same), until) == ()
    assert trends(made_up(first, more[:-7]), until - timedelta(days=7)) == ()
