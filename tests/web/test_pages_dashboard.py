"""The dashboard as values: bars, tables and words tell the same numbers."""

from __future__ import annotations

import re
from datetime import date
from math import isnan, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estran.carbon import factor_set
from estran.coach.breakdown import MEASURES
from estran.coach.facts import Facts, facts_of
from estran.coach.garage import EMPTY
from estran.coach.money import coster
from estran.coach.periods import Period, last_days, month_of, week_of, year_of
from estran.coach.prices import prices
from estran.journal import Mode
from estran.web.me import charts, dashboard
from estran.web.me.figures import LABELS
from estran.web.me.how import RULES, how_page
from estran.web.me.words import Words
from tests.web.days import journal_of

EN = Words("en")
YEAR = year_of(2025)


@pytest.fixture(scope="module")
def facts():
    journal = journal_of(date(2025, 6, 1), date(2025, 7, 10))
    days = date(2024, 1, 1), date(2025, 12, 31)
    return facts_of(journal.entries, *days, costs=coster(EMPTY, prices()))


def page_of(facts, period=YEAR, measure="distance") -> Any:
    return dashboard.dashboard_page(facts, period, measure=measure, words=EN)


def split_of(page, key):
    return next(split for split in page.splits if split.key == key)


def test_every_measure_has_its_name_and_its_rules():
    assert set(LABELS) == set(MEASURES) == set(RULES)


@pytest.mark.parametrize("measure", MEASURES)
def test_rows_are_longest_first_and_share_the_whole(facts, measure):
    page = page_of(facts, measure=measure)
    rows = split_of(page, "modes").rows
    widths = [float(row.width) for row in rows]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] == 100
    for split in page.splits:
        shares = [int(re.sub(r"\D", "", row.share)) for row in split.rows]
        assert sum(shares) == pytest.approx(100, abs=len(shares))
    assert (Mode.WAIT in {row.key for row in rows}) <= (measure == "duration")


def test_no_two_usual_modes_look_alike_but_for_their_colour():
    common = ["walk", "bike", "e_bike", "car", "bus"]
    assert len({dashboard.PATTERNS[mode] for mode in common}) == len(common)
    assert set(dashboard.PATTERNS) == {mode.value for mode in Mode}


def test_twelve_months_and_unknown_is_not_zero(facts):
    page = page_of(facts)
    assert len(page.steps) == 12
    assert page.steps[0].distance == "unknown"
    assert page.steps[5].distance != "unknown"
    for drawing in page.chart.drawings:
        assert [bar.is_known for bar in drawing.bars] == [m in {5, 6} for m in range(12)]


def test_own_past_stands_beside_the_days_it_knows(facts):
    assert not page_of(facts).chart.has_past
    july = page_of(facts, month_of(date(2025, 7, 1)))
    assert july.chart.has_past
    known = {day.day for day in facts.known_days if day.month == 6}
    assert [bool(row.past) for row in july.steps] == [day in known for day in range(1, 32)]
    assert july.past.startswith("June 2025: ")
    assert july.past.endswith(f"over {len(known)} known days.")
    week = page_of(facts, week_of(date(2025, 6, 25)))
    assert week.title == "23 June to 29 June 2025"
    assert len(week.steps) == 7


def test_a_usual_range_needs_four_periods_and_enough_known_days(facts):
    assert "four periods" in page_of(facts, week_of(date(2025, 6, 10))).no_usual
    assert "too few" in page_of(facts, week_of(date(2025, 7, 20))).no_usual
    page = page_of(facts, week_of(date(2025, 7, 2)))
    assert page.no_usual == ""
    for figure in page.figures:
        assert figure.usual.endswith("your usual range")
        assert "over 4 periods before" in figure.usual_range
        assert 0 <= float(figure.band.now) <= 100


def test_money_of_which_nothing_is_known_is_not_nothing():
    journal = journal_of(date(2025, 6, 1), date(2025, 6, 30))
    page = page_of(facts_of(journal.entries, date(2025, 6, 1), date(2025, 6, 30)))
    assert next(f for f in page.figures if f.measure == "money").told == "unknown"
    priced = page_of(facts_of(journal.entries, YEAR.first, YEAR.last,
                              costs=coster(EMPTY, prices())))  # fmt: skip
    money = next(f for f in priced.figures if f.measure == "money")
    assert money.told.endswith("€")
    assert money.detail.startswith("between ")


def test_usual_trips_and_all_others_make_the_whole(facts):
    june = month_of(date(2025, 6, 1))
    split = dashboard.usual_split(facts, june, "distance", EN, "/recurring/{}/".format)
    assert sum(row.n_trips for row in split.rows) == sum(
        row.n_trips for row in split_of(page_of(facts, june), "modes").rows
    )
    usual = [row for row in split.rows if row.to]
    assert usual
    assert all(row.n_trips >= 1 for row in usual)


def test_any_days_are_shown_by_day_week_or_month(facts):
    assert len(page_of(facts, last_days(date(2025, 6, 30), 30)).steps) == 30
    assert len(page_of(facts, Period(date(2025, 4, 1), date(2025, 6, 30))).steps) == 14
    assert page_of(facts, Period(date(2025, 6, 3), date(2025, 6, 3))).is_known


def test_co2e_bars_carry_their_interval_and_others_none(facts):
    for measure, has in (("co2e", True), ("distance", False)):
        bar = page_of(facts, measure=measure).chart.drawings[0].bars[5]
        assert bool(bar.high_y) is has
        if has:
            assert float(bar.high_y) <= float(bar.y) <= float(bar.low_y)


def test_period_of_nothing_is_said_to_be_unknown():
    page = page_of(Facts(date(2024, 1, 1), date(2025, 12, 31)))
    assert (page.is_known, page.chart, page.splits, page.past) == (False, None, (), "")


@pytest.mark.parametrize("measure", RULES)
def test_a_figure_opens_into_the_trips_that_make_it(facts, measure):
    june = month_of(date(2025, 6, 1))
    part = facts.between(june.first, june.last)
    first = how_page(part, june, measure, factors=factor_set(), number=1, words=EN)
    rest = [
        how_page(part, june, measure, factors=factor_set(), number=n, words=EN).trips
        for n in range(2, first.n_pages + 1)
    ]
    trips = [*first.trips, *(trip for page in rest for trip in page)]
    assert len(trips) == first.n_trips
    assert len({trip.leg_us for trip in trips}) == len(trips)
    assert bool(first.factors) is (measure == "co2e")
    for row in first.factors:
        assert row.source
        assert row.year > 2000
    assert "30 days" in first.unknown[0]


values = st.lists(st.one_of(st.just(nan), st.floats(0, 1e9)), min_size=1, max_size=24)


@given(values)
def test_bars_never_leave_the_drawing(heights):
    data = [charts.Datum(str(i), str(i), v, "told") for i, v in enumerate(heights)]
    chart = charts.bar_chart("c", "title", data, tell=str, summary="summary")
    for drawing in chart.drawings:
        for bar, datum in zip(drawing.bars, data, strict=True):
            assert bar.is_known is not isnan(datum.value)
            top, height = float(bar.y), float(bar.height)
            assert top >= charts.TOP_PX - 0.2
            assert top + height <= drawing.height - charts.FOOT_PX + 0.2
            assert float(bar.x) >= drawing.left
            assert float(bar.right) <= drawing.width


@given(st.lists(st.floats(0, 1e12), max_size=20))
def test_axis_ends_at_a_round_number_above_all(numbers):
    top = charts.nice_top(numbers)
    assert top >= max(numbers, default=0) * 0.999999
    assert top <= max(2.5 * max(numbers, default=0), 1.0)
