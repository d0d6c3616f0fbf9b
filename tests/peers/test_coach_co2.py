"""Defects found in Coach CO2 and its konnectors, each as a test that holds here."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from estran.carbon import factor_set, footprint, price
from estran.clean import clean
from estran.coach.corrections import Correction, apply
from estran.coach.recurring import recurring
from estran.coach.summary import summarise
from estran.giving.csv_legs import csv_document, csv_pieces, line_of
from estran.journal import Mode, Place, Purpose
from estran.trace import Motion
from tests.formats.cozy.test_cozy import START, document, moves, section, trip, whole
from tests.synthetic import Day, evidence_of
from tests.unit.coach.journals import MIN_US, a_journal, a_leg, a_trip, at

FR = factor_set()


@pytest.mark.parametrize("edge_km", [1000, 3500])
def test_a_flight_one_kilometre_longer_never_emits_less(edge_km):
    """There 258 kg become 187 at 1,000 km and 655 become 532 at 3,500."""
    shorter, longer = (
        footprint(Mode.PLANE, (edge_km + km) * 1000.0, factors=FR).central_g for km in (0, 1)
    )
    assert shorter <= longer


def test_air_or_fast_train_is_no_plane_before_something_says_so():
    sensed = moves(whole(document(trip(section(sensed_mode="PredictedModeTypes.AIR_OR_HSR")))))
    assert sensed.motion.tolist() == [Motion.UNKNOWN]


def test_a_table_keeps_quotes_zeros_and_dates():
    leg = a_leg(Mode.BIKE, at(2026, 6, 1, 6), 10, 0.0)
    journal = price(a_journal(a_trip(leg)), factors=FR)
    row = next(csv.DictReader(io.StringIO(csv_document(journal))))
    assert next(csv.reader([line_of(['a "b", c', 0])])) == ['a "b", c', "0"]
    assert row["distance_m"] == "0.0"
    assert row["co2e_central_g"] == "0.0"
    assert row["start_utc"] == "2026-06-01T06:00:00Z"
    assert row["start_local"].startswith("2026-06-01T08:00:00+02:00")


def test_a_mode_said_of_the_trip_arrives():
    """The konnector writes it on the trip, their coach asks the section."""
    told = moves(whole(document(trip(section(), manual_mode="BICYCLING"))))
    assert told.motion.tolist() == [Motion.BIKE]
    assert told.confirmed.all()


def test_a_section_that_runs_backwards_changes_no_unit():
    """Their mending wrote metres a second where kilometres an hour are read."""
    back = section(start_ts=START + 120, end_ts=START, speeds=[3.0, 3.0, 3.0])
    got = whole(document(trip(back)))
    assert set(np.unique(got.positions.speed_mps).tolist()) <= {3.0}
    told = moves(got)
    assert (told.end_us >= told.start_us).all()


def test_every_trip_of_a_document_is_read():
    both = document(trip(), trip(section(start_ts=START + 1)))
    assert len(moves(whole(both))) == 2


def test_legs_sum_to_their_trip_stops_included():
    """There a trip of 10,574 m has sections of 10,545."""
    start = at(2026, 6, 1, 6)
    journal = price(
        a_journal(
            a_trip(
                a_leg(Mode.WALK, start, 10, 810.0),
                a_leg(Mode.WAIT, start + 10 * MIN_US, 5, 0.0),
                a_leg(Mode.BUS, start + 15 * MIN_US, 20, 9_764.0),
            )
        ),
        factors=FR,
    )
    one = journal.trips[0]
    summed = summarise(journal, date(2026, 6, 1), date(2026, 6, 1))
    assert one.distance_m == summed.total.distance_m == 10_574.0
    assert one.co2e is not None
    assert summed.total.co2e.central_g == pytest.approx(one.co2e.central_g)
    assert summed.total.duration_s == one.duration_s


@pytest.mark.parametrize(
    ("tz", "day"), [("Europe/Paris", date(2026, 6, 1)), ("America/New_York", date(2026, 5, 31))]
)
def test_days_are_those_of_the_place_where_one_was(tz, day):
    """Their services count in UTC, their pages in the zone of the browser."""
    journal = a_journal(a_trip(a_leg(Mode.CAR, at(2026, 5, 31, 22, 30), 20), tz=tz))
    assert summarise(journal, day, day).total.n_trips == 1


def test_a_table_of_years_is_written_in_the_memory_of_one_trip():
    """Theirs loads every raw trace into the browser first."""
    asked = 0

    def entries():
        nonlocal asked
        for n in range(10_000):
            asked += 1
            yield a_trip(a_leg(Mode.WALK, at(2026, 6, 1) + n * 60 * MIN_US, 10, 800.0))

    pieces = csv_pieces(entries())
    for _ in range(3):
        next(pieces)
    assert asked <= 3


def test_two_devices_carried_together_are_one_person():
    first, second = Day(seed=1, noise_m=5), Day(seed=2, noise_m=8)
    for day in (first, second):
        day.stay(1800).ride(east_m=8000, speed_mps=8).stay(1800)
    both = clean(evidence_of(first.positions(), second.positions()))
    one = clean(evidence_of(first.positions()))
    lengths_m = [
        float(np.hypot(np.diff(c.trace.lat_deg), np.diff(c.trace.lon_deg)).sum())
        for c in (one, both)
    ]
    assert lengths_m[1] < 1.3 * lengths_m[0]


def test_another_mode_takes_nothing_else_from_a_trip():
    """There a mode changed erases that the trip comes back, and it leaves what comes back."""
    starts_us = [at(2026, 6, day, 6) for day in (1, 2, 3, 4)]
    trips = [a_trip(a_leg(Mode.BUS, start_us, 20, 7000.0)) for start_us in starts_us]
    there = Place(46.20, -1.10)
    journal = price(a_journal(*(replace(trip, destination=there) for trip in trips)), factors=FR)
    start_us, end_us = starts_us[0], trips[0].ended_us
    said = [
        Correction(
            id="a", made_at_us=1, start_us=start_us, end_us=end_us, kind="purpose",
            purpose=Purpose.WORK,
        ),
        Correction(id="b", made_at_us=2, start_us=start_us, end_us=end_us, mode=Mode.CAR),
    ]  # fmt: skip
    now = apply(journal, said, factors=FR)
    assert (now.trips[0].legs[0].mode, now.trips[0].purpose) == (Mode.CAR, Purpose.WORK)
    [before], [after] = recurring(journal.trips), recurring(now.trips)
    assert after.trips == before.trips == tuple(starts_us)
