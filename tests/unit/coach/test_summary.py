"""Summaries: a period is the sum of its parts, on the days where things happened."""

from __future__ import annotations

from datetime import date
from math import isnan

import pytest

from estran.carbon import factor_set, price
from estran.coach.summary import summarise
from estran.journal import Journal, Mode
from tests.unit.coach.journals import MIN_US, a_journal, a_leg, a_stay, a_trip, an_unknown, at

FR = factor_set()
JUNE = (date(2026, 6, 1), date(2026, 6, 30))


def priced(*entries) -> Journal:
    return price(a_journal(*entries), factors=FR)


def by_mode(summary):
    return {part.mode: part for part in summary.modes}


def test_a_day_by_mode():
    morning, evening = at(2026, 6, 1, 6), at(2026, 6, 1, 16)
    journal = priced(
        a_trip(
            a_leg(Mode.WALK, morning, 10, 800),
            a_leg(Mode.WAIT, morning + 10 * MIN_US, 5, 0),
            a_leg(Mode.BUS, morning + 15 * MIN_US, 20, 7_000),
        ),
        a_trip(a_leg(Mode.BIKE, evening, 30, 8_000)),
    )
    summary = summarise(journal, *JUNE)
    modes = by_mode(summary)
    assert [part.mode for part in summary.modes] == [Mode.BIKE, Mode.BUS, Mode.WALK, Mode.WAIT]
    assert {mode: part.n_trips for mode, part in modes.items()} == {
        Mode.BIKE: 1, Mode.BUS: 1, Mode.WALK: 0, Mode.WAIT: 0
    }  # fmt: skip
    assert modes[Mode.BUS].co2e.central_g == pytest.approx(7 * 112.6)
    assert summary.total.distance_m == 15_800
    assert summary.total.n_trips == 2
    assert summary.total.duration_s == 65 * 60
    assert summary.active_min == 40
    assert summary.days == (date(2026, 6, 1),)


def test_a_trip_counts_by_its_local_day():
    """Coach CO2 dates by the browser's or the server's zone."""
    late_in_paris = at(2026, 5, 31, 22, 30)
    journal = priced(a_trip(a_leg(Mode.CAR, late_in_paris, 20)))
    assert summarise(journal, *JUNE).total.n_trips == 1
    assert summarise(journal, date(2026, 5, 1), date(2026, 5, 31)).total.n_trips == 0
    elsewhere = priced(a_trip(a_leg(Mode.CAR, late_in_paris, 20), tz="America/New_York"))
    assert summarise(elsewhere, *JUNE).total.n_trips == 0


def test_a_leg_over_midnight_is_shared_by_time_and_its_trip_counts_once():
    journal = priced(a_trip(a_leg(Mode.TRAIN, at(2026, 6, 30, 21), 120, 200_000)))
    june, july = summarise(journal, *JUNE), summarise(journal, date(2026, 7, 1), date(2026, 7, 31))
    both = summarise(journal, date(2026, 6, 1), date(2026, 7, 31))
    assert (june.total.distance_m, july.total.distance_m) == (100_000, 100_000)
    assert (june.total.n_trips, july.total.n_trips) == (1, 0)
    assert both.total.n_trips == 1
    assert both.total.co2e.central_g == pytest.approx(
        june.total.co2e.central_g + july.total.co2e.central_g
    )
    assert both.days == (date(2026, 6, 30), date(2026, 7, 1))


def test_every_month_of_the_period_is_there():
    """Coach CO2 joins averages by their place in a list, so a hole shifts them."""
    journal = priced(a_trip(a_leg(Mode.CAR, at(2026, 3, 10), 20)))
    year = summarise(journal, date(2026, 1, 1), date(2026, 12, 31))
    assert [m.month for m in year.months] == [date(2026, n, 1) for n in range(1, 13)]
    assert [m.total.n_trips for m in year.months] == [0, 0, 1, *[0] * 9]


def test_unknown_time_is_told_and_time_without_entry_is_neither():
    start = at(2026, 6, 2, 0)
    journal = priced(
        a_stay(start, start + 60 * MIN_US), an_unknown(start + 60 * MIN_US, start + 80 * MIN_US)
    )
    summary = summarise(journal, *JUNE)
    assert (summary.known_s, summary.unknown_s) == (3600, 1200)
    assert summary.unknown_share == 0.25


def test_nothing_known_is_not_nothing_done():
    summary = summarise(Journal(), *JUNE)
    assert isnan(summary.unknown_share)
    assert isnan(summary.unknown_distance_share)
    assert summary.modes == ()
    assert summary.days == ()


def test_a_day_of_unknown_time_only_is_not_a_day_with_data():
    journal = priced(an_unknown(at(2026, 6, 2, 0), at(2026, 6, 3, 0)))
    assert summarise(journal, *JUNE).days == ()


def test_distance_of_unknown_mode_has_its_share():
    journal = priced(
        a_trip(
            a_leg(Mode.UNKNOWN, at(2026, 6, 2, 8), 10, 2_000),
            a_leg(Mode.CAR, at(2026, 6, 2, 8, 10), 10, 6_000),
        )
    )
    assert summarise(journal, *JUNE).unknown_distance_share == 0.25


def test_unpriced_legs_are_told_and_not_counted_as_nothing():
    journal = a_journal(a_trip(a_leg(Mode.CAR, at(2026, 6, 2, 8), 10, 5_000)))
    summary = summarise(journal, *JUNE)
    assert summary.unpriced_m == 5_000
    assert summary.total.co2e.central_g == 0


def test_the_day_on_which_clocks_change_has_23_hours():
    start, end = at(2026, 3, 28, 23), at(2026, 3, 29, 22)
    day = date(2026, 3, 29)
    assert summarise(priced(a_stay(start, end)), day, day).known_s == 23 * 3600
    longer = priced(a_stay(start - 60 * MIN_US, end + 60 * MIN_US))
    assert summarise(longer, day, day).known_s == 23 * 3600


def test_a_stay_of_weeks_fills_its_days():
    journal = priced(a_stay(at(2026, 5, 20), at(2026, 6, 10, 12)))
    summary = summarise(journal, *JUNE)
    assert summary.days == tuple(date(2026, 6, n) for n in range(1, 11))


def test_a_leg_of_no_duration_counts_whole():
    journal = priced(a_trip(a_leg(Mode.CAR, at(2026, 6, 2, 8), 0, 500)))
    assert summarise(journal, *JUNE).total.distance_m == 500


def test_a_period_backwards_is_refused():
    with pytest.raises(ValueError, match="ends before"):
        summarise(Journal(), date(2026, 6, 2), date(2026, 6, 1))
