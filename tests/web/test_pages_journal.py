"""Journal pages as values: no database, no request."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from math import isnan
from typing import Any

import numpy as np
import pytest
from django.utils.translation import gettext, override
from hypothesis import given
from hypothesis import strategies as st

from estran.carbon import factor_set, price
from estran.journal import (
    Co2e,
    Journal,
    Leg,
    Mode,
    Path,
    Place,
    Quality,
    Reason,
    Stay,
    Trip,
    Unknown,
)
from estran.timebase import day_bounds_us
from estran.web.me import drawing, months, pages, still
from estran.web.me.words import MODES, Words
from tests.web.days import TZ, journal_of

EN = Words("en")
FR = Words("fr")
DAY = date(2025, 6, 20)
NAN = float("nan")


@pytest.fixture(scope="module")
def journal():
    return journal_of(date(2025, 6, 19), date(2025, 6, 21))


def day_of(journal: Journal, day: date, **more: Any) -> Any:
    return pages.day_page(journal, day, **more)


def at(hours: float) -> int:
    return day_bounds_us(DAY, TZ)[0] + round(hours * 3.6e9)


def leg(mode, start, end, distance_m=1000.0, **more) -> Leg:
    return Leg(mode=mode, started_us=at(start), ended_us=at(end), distance_m=distance_m, **more)


def trip(*legs: Leg, quality=Quality.GOOD) -> Trip:
    origin, destination = Place(46.16, -1.15), Place(46.17, -1.10)
    return Trip(legs[0].started_us, legs[-1].ended_us, TZ, origin, destination, legs, quality)


def test_day_shows_every_entry_in_order(journal):
    page = day_of(journal, DAY, words=EN)
    assert len(page.entries) == len(journal.entries)
    assert [e.kind for e in page.entries] == [
        {Stay: "stay", Trip: "trip", Unknown: "unknown"}[type(e)] for e in journal.entries
    ]
    assert page.title == "Friday 20 June 2025"
    assert (page.previous, page.following) == (date(2025, 6, 19), date(2025, 6, 21))


def test_same_place_has_the_same_letter_and_far_ones_differ():
    here, near, far = Place(46.16, -1.15), Place(46.1605, -1.1505), Place(46.2, -1.0)
    stays = tuple(
        Stay(at(hour), at(hour + 1), TZ, place, 30.0)
        for hour, place in ((0, here), (2, far), (4, near))
    )
    page = day_of(Journal(stays), DAY, words=EN)
    assert [entry.letter for entry in page.entries] == ["A", "B", "A"]


def test_letters_go_on_after_z():
    stays = tuple(
        Stay(at(row / 4), at(row / 4 + 0.2), TZ, Place(40 + row * 0.1, 0.0), 30.0)
        for row in range(28)
    )
    letters = [letter for _, letter in drawing.letters_of(stays)]
    assert letters[25:] == ["Z", "A1", "B1"]
    assert len(set(letters)) == 28


def test_entry_from_the_day_before_says_so():
    page = day_of(Journal((Stay(at(-3), at(7), TZ, Place(46.1, -1.1), 30.0),)), DAY, words=EN)
    assert (page.entries[0].start, page.entries[0].start_day) == ("21:00", "19\xa0Jun")
    assert page.entries[0].end == "07:00"


@pytest.mark.parametrize(
    ("share", "corrected", "asks"),
    [(0.59, False, True), (0.6, False, False), (0.3, True, False), (NAN, False, True)],
)
def test_doubtful_leg_asks_until_the_person_said(share, corrected, asks):
    chances = () if isnan(share) else ((Mode.CAR, share), (Mode.BUS, 1 - share))
    one = trip(leg(Mode.CAR, 8, 9, probabilities=chances, corrected=corrected))
    page = day_of(Journal((one,)), DAY, words=EN)
    assert page.entries[0].legs[0].asks is asks
    assert page.n_asks == asks


@pytest.mark.parametrize(
    ("share", "english", "french"),
    [
        (0.97, "very likely", "très probable"),
        (0.7, "likely", "probable"),
        (0.5, "perhaps", "peut\u2011être"),
        (NAN, "", ""),
    ],
)
def test_probability_is_said_in_a_word(share, english, french):
    chances = () if isnan(share) else ((Mode.CAR, share), (Mode.BUS, 1 - share))
    one = Journal((trip(leg(Mode.CAR, 8, 9, probabilities=chances)),))
    assert day_of(one, DAY, words=EN).entries[0].legs[0].chance == english
    with override("fr"):
        french_words = Words("fr", gettext)
        assert day_of(one, DAY, words=french_words).entries[0].legs[0].chance == french


def test_what_the_person_said_has_no_probability():
    said = leg(Mode.CAR, 8, 9, probabilities=((Mode.CAR, 1.0),), corrected=True)
    assert day_of(Journal((trip(said),)), DAY, words=EN).entries[0].legs[0].chance == ""


@pytest.mark.parametrize(
    ("chances", "question", "answers"),
    [
        (((Mode.CAR, 0.59), (Mode.BUS, 0.39), (Mode.TRAM, 0.02)), "Car or bus?", ["car", "bus"]),
        (
            ((Mode.TRAM, 0.4), (Mode.BUS, 0.3), (Mode.CAR, 0.2), (Mode.TRAIN, 0.1)),
            "Tram, bus or car?",
            ["tram", "bus", "car"],
        ),
        (((Mode.UNKNOWN, 0.5), (Mode.E_BIKE, 0.3), (Mode.CAR, 0.2)),
         "Electric bicycle or car?", ["e_bike", "car"]),
        (((Mode.UNKNOWN, 0.5), (Mode.WALK, 0.5)), "How did you travel?", ["walk"]),
        ((), "How did you travel?", []),
        (((Mode.CAR, 0.9), (Mode.BUS, 0.1)), "", []),
    ],
)  # fmt: skip
def test_doubtful_leg_asks_between_its_most_probable_modes(chances, question, answers):
    mode = chances[0][0] if chances else Mode.CAR
    one = Journal((trip(leg(mode, 8, 9, probabilities=chances)),))
    (shown,) = day_of(one, DAY, words=EN).entries[0].legs
    assert (shown.question, [a.key for a in shown.answers]) == (question, answers)


def test_chips_come_by_probability_and_hold_every_mode_once():
    chances = ((Mode.TRAM, 0.5), (Mode.BUS, 0.3), (Mode.CAR, 0.195), (Mode.TRAIN, 0.005))
    shown = day_of(Journal((trip(leg(Mode.TRAM, 8, 9, probabilities=chances)),)), DAY, words=EN)
    (shown_leg,) = shown.entries[0].legs
    assert [c.key for c in shown_leg.proposed[:3]] == ["tram", "bus", "car"]
    assert [c.share for c in shown_leg.proposed[:3]] == ["50%", "30%", "20%"]
    assert len(shown_leg.proposed) == pages.N_PROPOSED
    keys = [c.key for c in shown_leg.proposed + shown_leg.others]
    assert sorted(keys) == sorted(m.value for m in MODES if m not in {Mode.UNKNOWN, Mode.WAIT})
    assert [c.key for c in shown_leg.proposed if c.chosen] == ["tram"]


def test_wait_shows_neither_distance_nor_question():
    one = trip(leg(Mode.BUS, 8, 8.2), leg(Mode.WAIT, 8.2, 8.4, 0.0), leg(Mode.TRAM, 8.4, 9))
    wait = day_of(Journal((one,)), DAY, words=EN).entries[0].legs[1]
    assert (wait.is_wait, wait.distance, wait.co2e, wait.asks) == (True, "", "", False)


def test_correction_is_found_by_overlap_and_only_where_corrected():
    legs = (leg(Mode.CAR, 8, 9, corrected=True), leg(Mode.WALK, 9, 9.5))
    said = [("far", at(1), at(2)), ("mine", at(8.1), at(9.2))]
    page = day_of(Journal((trip(*legs),)), DAY, words=EN, corrections=said)
    assert [shown.correction for shown in page.entries[0].legs] == ["mine", ""]


def test_unpriced_trip_says_that_it_is_not_estimated():
    page = day_of(Journal((trip(leg(Mode.CAR, 8, 9)),)), DAY, words=EN)
    assert page.entries[0].co2e == "not estimated"
    assert page.sums.co2e == "not estimated"


def test_each_quality_is_said_in_words():
    said = {
        day_of(Journal((trip(leg(Mode.CAR, 8, 9), quality=q),)), DAY, words=EN)
        .entries[0]
        .quality_why
        for q in Quality
    }
    assert len(said) == len(Quality)


def test_leg_without_points_is_drawn_straight_and_marked_unseen():
    path = Path(np.array([at(8), at(8.5)]), np.array([46.16, 46.165]), np.array([-1.15, -1.12]))
    seen = leg(Mode.WALK, 8, 8.5, path=path, n_positions=2)
    unseen = leg(Mode.TRAIN, 8.5, 9)
    (first, line, ok), (_, straight, flown) = drawing.lines_of(trip(seen, unseen))
    assert (first.mode, ok, flown) == (Mode.WALK, True, False)
    assert straight == [[-1.12, 46.165], [-1.10, 46.17]]
    assert line[-1] == straight[0]


def test_every_mode_has_its_own_line():
    assert set(drawing.DASHES) == set(Mode)
    assert len(set(drawing.DASHES.values())) >= len(Mode) - 1


def test_reasons_are_said_with_the_reader_s_decimal_mark():
    reason = Reason("stops", 0.5, (("stops_per_km", 1.5),))
    one = trip(leg(Mode.BUS, 8, 9, reasons=(reason,)))
    (said,) = day_of(Journal((one,)), DAY, words=FR).entries[0].legs[0].reasons
    assert "1,5" in said


def test_empty_day_is_empty_and_sums_nothing():
    page = day_of(Journal(), DAY, words=EN)
    assert (page.entries, page.sums, page.n_asks) == ((), None, 0)
    assert still.draw(Journal(), letters=[], words=EN).lines == ()


def test_still_drawing_stays_in_its_frame(journal):
    letters = drawing.letters_of(journal.entries)
    drawn = still.draw(journal, letters=letters, words=EN)
    assert len(drawn.dots) == len(letters)
    for line in drawn.lines:
        points = [p.split() for p in line.path[1:].split("L")]
        assert all(0 <= float(x) <= drawn.width_px for x, _ in points)
        assert all(0 <= float(y) <= drawn.height_px for _, y in points)


def test_week_and_month_hold_the_same_days(journal):
    monday = DAY - timedelta(days=DAY.weekday())
    known = frozenset({DAY})
    week = months.week_page(journal, monday, known=known, words=EN)
    month = months.month_page(journal, DAY.replace(day=1), known=known, words=EN)
    by_day = {tile.day: tile for tile in month.tiles}
    assert len(week.tiles) == 7
    assert len(month.tiles) == 30
    assert len(month.blanks) == date(2025, 6, 1).weekday()
    for tile in week.tiles:
        assert by_day[tile.day].distance == tile.distance
    assert week.tiles[0].day == monday
    assert not week.tiles[0].is_known


def test_parts_of_a_bar_fill_it(journal):
    parts = months.parts_of(months.metres_by_mode(journal.trips), words=EN)
    assert sum(part.width for part in parts) == pytest.approx(100, abs=0.1)
    assert parts[0].at == 0


@given(
    central=st.floats(0, 1e7),
    down=st.floats(0, 1),
    up=st.floats(1, 20),
)
def test_estimate_is_told_by_its_ends_only_where_they_are_far_apart(central, down, up):
    co2e = Co2e(central, central * down, central * up, NAN, NAN, NAN, NAN)
    said = EN.co2e(co2e)
    if co2e.high_g < 0.5:
        assert said == "0\xa0g"
    elif co2e.high_g > 1.5 * co2e.low_g:
        assert said.startswith("between ")
    else:
        assert said.startswith("about ")


@given(st.floats(0, 4e7))
def test_distance_reads_back_to_what_it_was(distance_m):
    said = EN.distance(distance_m)
    number, unit = said.replace(",", "").split("\xa0")
    metres = float(number) * {"m": 1, "km": 1000}[unit]
    assert metres == pytest.approx(distance_m, abs=max(51 if unit == "km" else 5, distance_m / 190))


@given(st.floats(0, 1e7))
def test_duration_reads_back_to_the_minute(duration_s):
    said = EN.duration(duration_s).replace(",", "")
    parts = said.split("\xa0")
    minutes = (
        int(parts[0]) if parts[1] == "min" else int(parts[0]) * 60 + int((parts[2:] or ["0"])[0])
    )
    assert abs(minutes * 60 - duration_s) <= 60


def test_pricing_reaches_the_page():
    priced = price(
        Journal((trip(leg(Mode.CAR, 8, 9, 10_000.0, probabilities=((Mode.CAR, 1.0),))),)),
        factors=factor_set(),
    )
    page = day_of(priced, DAY, words=FR)
    assert "kg" in page.entries[0].co2e
    assert page.entries[0].co2e_interval.startswith("between ")
    assert page.sums.distance == "10\xa0km"


def test_corrected_leg_hides_the_shares():
    one = leg(Mode.CAR, 8, 9, probabilities=((Mode.CAR, 0.7), (Mode.BUS, 0.3)))
    page = day_of(Journal((trip(replace(one, corrected=True)),)), DAY, words=EN)
    assert all(not choice.share for choice in page.entries[0].legs[0].proposed)
