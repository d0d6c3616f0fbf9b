"""Labelled legs of many tables and journals are read; what cannot be is counted."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estran.errors import LabelsMissing, LabelsUnreadable
from estran.journal import Mode
from estran.scoring import labels_of, right_share, score

S = 1_000_000

JOURNAL = {
    "schema": "estran.journal/1",
    "entries": [
        {"kind": "stay", "start": "2026-06-01T06:00:00Z", "end": "2026-06-01T08:00:00Z"},
        {
            "kind": "trip",
            "start": "2026-06-01T08:00:00Z",
            "end": "2026-06-01T08:30:00Z",
            "legs": [
                {
                    "mode": "walk",
                    "mode_probability": 0.9,
                    "start": "2026-06-01T08:00:00Z",
                    "end": "2026-06-01T08:10:00Z",
                    "distance_m": 700.0,
                    "co2e_g": {"central": 0.0, "low": 0.0, "high": 0.0},
                },
                {
                    "mode": "bus",
                    "start": "2026-06-01T08:10:00Z",
                    "end": "2026-06-01T08:30:00Z",
                },
            ],
        },
    ],
}


def test_a_journal_is_read_with_its_probabilities():
    [trip] = labels_of(json.dumps(JOURNAL)).trips
    walk, bus = trip.legs
    assert (walk.mode, walk.probability_share, walk.distance_m) == ("walk", 0.9, 700.0)
    assert bus.mode == "bus"
    assert bus.distance_m != bus.distance_m
    assert trip.end_us - trip.start_us == 1800 * S


@pytest.mark.parametrize(
    "table",
    [
        "start,end,mode\n2026-06-01T08:00:00Z,2026-06-01T08:10:00Z,WALKING\n",
        "started_at;ended_at;transport_mode\n2026-06-01 08:00;2026-06-01 08:10;On foot\n",
        "\ufeffStart\tEnd\tLabel\n1780300800\t1780301400\tmarche\n",
        json.dumps([{"start_ts": 1780300800.0, "end_ts": 1780301400.0, "mode": "walk"}]),
        json.dumps({"legs": [{"start": 1780300800000, "end": 1780301400000, "mode": "Walk"}]}),
        json.dumps(
            {
                "trips": [
                    {
                        "sections": [
                            {
                                "type": "ACCESS",
                                "mode": "WALKING",
                                "start_ts": 1780300800,
                                "end_ts": 1780301400,
                            }
                        ]
                    }
                ]
            }
        ),
    ],
)
def test_tables_and_objects_say_the_same(table):
    [trip] = labels_of(table).trips
    [leg] = trip.legs
    assert (leg.mode, leg.start_us, leg.end_us) == (
        "walk",
        1_780_300_800 * S,
        1_780_301_400 * S,
    )


def test_what_cannot_be_read_is_left_out_and_counted():
    labels = labels_of(
        "start,end,mode\n"
        "100,200,walk\n"
        "300,250,walk\n"
        "150,400,bus\n"
        "500,600,hovercraft\n"
        "noon,600,bus\n"
        "700,800,tram\n"
    )
    assert [leg.mode for trip in labels.trips for leg in trip.legs] == ["walk", "tram"]
    assert {fault.code: fault.count for fault in labels.faults} == {
        "leg-backwards": 1,
        "legs-overlap": 1,
        "mode-word-unknown": 1,
        "time-unreadable": 1,
    }


def test_legs_far_apart_are_trips_of_their_own_unless_named_as_one():
    apart = "start,end,mode\n0,100,walk\n200,300,bus\n5000,5100,walk\n"
    assert [len(trip.legs) for trip in labels_of(apart).trips] == [2, 1]
    named = "start,end,mode,trip\n0,100,walk,a\n200,300,bus,b\n5000,5100,walk,b\n"
    assert [len(trip.legs) for trip in labels_of(named).trips] == [1, 2]


@pytest.mark.parametrize("text", ["", "   ", "{", "[1", "hello", "a,b\n1,2\n", "3", '{"x": 1}'])
def test_what_is_no_table_of_legs_is_refused(text):
    with pytest.raises((LabelsUnreadable, LabelsMissing)):
        labels_of(text)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text):
    try:
        labels = labels_of(text)
    except (LabelsUnreadable, LabelsMissing):
        return
    assert labels.trips


modes = st.sampled_from([m.value for m in Mode if m is not Mode.WAIT])
legs = st.lists(st.tuples(st.integers(0, 500), st.integers(1, 3000), modes), min_size=1, max_size=9)


@given(legs)
def test_a_truth_scored_against_itself_is_perfect(pieces):
    rows, now = ["start,end,mode"], 1_700_000_000
    for pause_s, lasts_s, mode in pieces:
        rows.append(f"{now + pause_s},{now + pause_s + lasts_s},{mode}")
        now += pause_s + lasts_s
    trips = labels_of("\n".join(rows)).trips

    tally = score(trips, trips)

    assert tally.n_matched == tally.n_once == tally.n_true
    assert (tally.n_missed, tally.n_split, tally.n_merged, tally.n_false) == (0, 0, 0, 0)
    assert right_share(tally.seconds) == pytest.approx(1.0)
    assert sum(tally.start_errors_s + tally.end_errors_s) == 0
