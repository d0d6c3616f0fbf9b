"""Documents of Cozy's shape: the order, the times, the words and the sums that its coach reads."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from estran.carbon import factor_set, price
from estran.giving.cozy import cozy_documents, cozy_pieces
from estran.giving.cozy_aggregate import COZY_MODES, calories_kcal, cozy_mode
from estran.journal import Journal, Leg, Mode, Place, Stay, Trip, Unknown
from estran.journal import Path as Line

START_US = 1_638_890_689_000_000
MINUTE_US = 60_000_000
HOME, WORK = Place(46.16, -1.15), Place(46.20, -1.10)
REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "cozy"


def line(start_us, *points):
    n = len(points)
    return Line(
        np.array([start_us + i * MINUTE_US for i in range(n)]),
        np.array([p[0] for p in points]),
        np.array([p[1] for p in points]),
    )


def a_journal(**told):
    begins = START_US
    walk = Leg(
        Mode.WALK, begins, begins + MINUTE_US, 80.0, line(begins, (46.16, -1.15), (46.161, -1.15))
    )
    waits = Leg(Mode.WAIT, walk.ended_us, walk.ended_us + MINUTE_US, 0.0)
    begins = waits.ended_us
    ride = Leg(
        Mode.BUS, begins, begins + 2 * MINUTE_US, 5000.0,
        line(begins, (46.161, -1.15), (46.18, -1.12), (46.20, -1.10)), **told,
    )  # fmt: skip
    trip = Trip(START_US, ride.ended_us, "Europe/Paris", HOME, WORK, (walk, waits, ride))
    before = Stay(START_US - 60 * MINUTE_US, START_US, "Europe/Paris", HOME, 20.0, place="Home")
    after = Unknown(trip.ended_us, trip.ended_us + MINUTE_US, "Europe/Paris")
    return price(Journal((before, trip, after)), factors=factor_set())


def test_features_stand_in_the_order_that_the_coach_assumes():
    [document] = cozy_documents(a_journal().entries)
    [trip] = document["series"]
    kinds = [
        f["properties"]["feature_type"]
        if f["type"] == "Feature"
        else f["features"][0]["properties"]["feature_type"]
        for f in trip["features"]
    ]
    assert kinds == ["start_place", "end_place", "stop", "section", "section"]
    start, end, *_ = trip["features"]
    assert trip["properties"]["start_place"] == {"$oid": start["id"]}
    assert trip["properties"]["end_place"] == {"$oid": end["id"]}
    assert start["properties"]["duration"] == 3600.0
    assert end["properties"]["duration"] == 0.0
    assert document["startDate"] == "2021-12-07T16:24:49+01:00"
    assert trip["properties"]["start_local_dt"]["timezone"] == "Europe/Paris"


def test_each_point_has_its_time_in_milliseconds_its_speed_and_its_step():
    [document] = cozy_documents(a_journal().entries)
    ride = document["series"][0]["features"][-1]["features"][0]
    told = ride["properties"]
    assert told["timestamps"] == [START_US // 1000 + 120_000 + 60_000 * i for i in range(3)]
    assert len(ride["geometry"]["coordinates"]) == len(told["speeds"]) == len(told["distances"])
    assert told["speeds"][1] == pytest.approx(told["distances"][1] / 60.0, abs=1e-3)
    assert told["sensed_mode"] == "PredictedModeTypes.BUS"
    assert "manual_mode" not in told


def test_what_the_person_said_is_the_manual_mode():
    [document] = cozy_documents(a_journal(corrected=True).entries)
    told = document["series"][0]["features"][-1]["features"][0]["properties"]
    assert told["manual_mode"] == "BUS"
    assert told["estran"]["corrected"] is True


def test_the_summary_sums_sections_with_our_co2e():
    journal = a_journal()
    [document] = cozy_documents(journal.entries)
    told = document["aggregation"]
    co2e = journal.trips[0].co2e
    assert co2e is not None
    assert told["totalCO2"] == pytest.approx(co2e.central_g / 1000.0)
    assert told["modes"] == ["WALKING", "BUS"]
    assert told["totalDistance"] == 5080.0
    assert told["totalDuration"] == 180.0
    assert told["startPlaceDisplayName"] == "Home"
    assert told["sections"][1]["avgSpeed"] == pytest.approx(150.0)


def test_the_same_trip_has_the_same_identifiers():
    assert list(cozy_documents(a_journal().entries)) == list(cozy_documents(a_journal().entries))


def test_what_was_not_seen_is_written_without_numbers_that_are_none():
    nowhere = Place(math.nan, math.nan)
    leg = Leg(Mode.UNKNOWN, START_US, START_US + MINUTE_US, 0.0)
    trip = Trip(leg.started_us, leg.ended_us, "", nowhere, nowhere, (leg,))
    [document] = json.loads("".join(cozy_pieces([trip])))["io.cozy.timeseries.geojson"]
    assert document["aggregation"]["totalCO2"] is None
    assert document["aggregation"]["coordinates"]["startPoint"] == {"lon": None, "lat": None}
    trip = Trip(leg.started_us, leg.ended_us, "", HOME, WORK, (leg,))
    [document] = json.loads("".join(cozy_pieces([trip])))["io.cozy.timeseries.geojson"]
    ends = document["series"][0]["features"][-1]["features"][0]["geometry"]["coordinates"]
    assert ends == [[-1.15, 46.16], [-1.10, 46.20]]


@pytest.mark.parametrize(
    ("leg", "word"),
    [
        (Leg(Mode.CAR, 0, 1, 0.0), "CAR"),
        (Leg(Mode.CAR, 0, 1, 0.0, occupants=3.0), "CARPOOL"),
        (Leg(Mode.CAR, 0, 1, 0.0, energy="electric"), "CAR_ELECTRIC"),
        (Leg(Mode.BUS, 0, 1, 0.0, energy="electric"), "BUS_ELECTRIC"),
        (Leg(Mode.FERRY, 0, 1, 0.0), "UNKNOWN"),
    ],
)
def test_words(leg, word):
    assert cozy_mode(leg) == word


@pytest.mark.data
@pytest.mark.skipif(not REAL.is_dir(), reason="the shared data is not beside this repository")
def test_shape_and_words_are_those_of_real_documents():
    [ours] = cozy_documents(a_journal().entries)
    theirs = json.loads((REAL / "geojson-02.json").read_text())
    coach = json.loads((REAL / "geojson-02.coachco2-aggregation.json").read_text())
    assert set(theirs) <= {*ours, "cozyMetadata"}
    trip, real = ours["series"][0], theirs["series"][0]
    assert set(real["properties"]) <= set(trip["properties"])
    section = trip["features"][-1]["features"][0]
    real_section = next(f for f in real["features"] if "features" in f)["features"][0]
    missing = set(real_section["properties"]) - set(section["properties"])
    assert missing <= {"start_stop", "end_stop"}
    assert set(coach) <= set(ours["aggregation"])
    assert set(coach["sections"][0]) <= set(ours["aggregation"]["sections"][0])
    known = {row["mode"] for row in json.loads((REAL / "oracle-factors.json").read_text())}
    assert set(COZY_MODES.values()) <= known


def test_calories_follow_the_speed():
    assert round(calories_kcal("WALKING", 2.5, 3600.0)) == 156
    assert round(calories_kcal("BICYCLING", 12.0, 3600.0)) == 452
