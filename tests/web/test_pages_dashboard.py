"""The dashboard as values: bars, tables and words tell the same numbers."""

from __future__ import annotations

import re
from datetime import date
from math import isnan, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estran.coach.summary import summarise
from estran.journal import Journal, Mode
from estran.web.me import charts, dashboard
from estran.web.me.words import Words
from tests.web.days import journal_of

EN = Words("en")


def year_of(journal, year):
    return summarise(journal, date(year, 1, 1), date(year, 12, 31))


@pytest.fixture(scope="module")
def journal():
    return journal_of(date(2025, 6, 1), date(2025, 7, 10))


def page_of(journal, measure="distance", before=None) -> Any:
    return dashboard.dashboard_page(
        year_of(journal, 2025),
        year_of(before or Journal(), 2024),
        years=[2025],
        measure=measure,
        words=EN,
    )


@pytest.mark.parametrize("measure", dashboard.MEASURES)
def test_rows_are_longest_first_and_share_the_whole(journal, measure):
    page = page_of(journal, measure)
    widths = [float(row.width) for row in page.modes]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] == 100
    shares = [int(re.sub(r"\D", "", row.share)) for row in page.modes]
    assert sum(shares) == pytest.approx(100, abs=len(shares))
    assert all(row.key != Mode.WAIT for row in page.modes)


def test_twelve_months_and_unknown_is_not_zero(journal):
    page = page_of(journal)
    assert len(page.months) == 12
    assert page.months[0].distance == "unknown"
    assert page.months[5].distance != "unknown"
    (wide, narrow) = page.chart.drawings
    assert [bar.is_known for bar in wide.bars] == [m in {5, 6} for m in range(12)]
    assert [bar.is_known for bar in narrow.bars] == [m in {5, 6} for m in range(12)]


def test_own_past_stands_beside_the_months_it_knows(journal):
    assert not page_of(journal, before=journal).chart.has_past
    page: Any = dashboard.dashboard_page(
        summarise(journal, date(2025, 1, 1), date(2025, 12, 31)),
        summarise(
            journal_of(date(2024, 6, 3), date(2024, 6, 9)), date(2024, 1, 1), date(2024, 12, 31)
        ),
        years=[2024, 2025],
        measure="distance",
        words=EN,
    )
    assert page.chart.has_past
    assert [bool(row.past) for row in page.months] == [m == 5 for m in range(12)]
    assert (page.previous, page.following) == (2024, None)
    assert page.past.startswith("2024: ")
    assert page.past.endswith("over 7 known days.")


def test_co2e_bars_carry_their_interval_and_others_none(journal):
    for measure, has in (("co2e", True), ("distance", False)):
        bar = page_of(journal, measure).chart.drawings[0].bars[5]
        assert bool(bar.high_y) is has
        if has:
            assert float(bar.high_y) <= float(bar.y) <= float(bar.low_y)


def test_year_of_nothing_is_said_to_be_unknown():
    page = page_of(Journal())
    assert (page.is_known, page.chart, page.modes, page.past) == (False, None, (), "")


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
