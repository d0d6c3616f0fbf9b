from __future__ import annotations

import json

import numpy as np
import pytest
from tests.formats.bringing import bring_text

from estran.trace import Stream

BASE = {"latitudeE7": 461600000, "longitudeE7": -11500000, "timestamp": "2024-05-01T08:00:00Z"}


def records(*several):
    return {"locations": [{**BASE, **one} for one in several]}


def test_a_record_keeps_what_it_tells_and_nothing_it_does_not():
    got = bring_text(
        records(
            {"accuracy": 12, "altitude": 7, "velocity": 3, "heading": 90},
            {"timestamp": "2024-05-01T08:01:00.5Z"},
        )
    )
    trace = got.evidence.trace
    assert got.report.format == "google-records"
    assert [
        float(c[0])
        for c in (trace.accuracy_m, trace.altitude_m, trace.speed_mps, trace.bearing_deg)
    ] == [12, 7, 3, 90]
    assert all(
        np.isnan(c[1])
        for c in (trace.accuracy_m, trace.altitude_m, trace.speed_mps, trace.bearing_deg)
    )
    assert got.fixes("/")[1] == ("2024-05-01T08:01:00.500Z", 46.16, -1.15)
    assert got.evidence.sources[0].stream == Stream.RAW


@pytest.mark.parametrize(
    "when",
    [
        {"timestampMs": "1714550400000"},
        {"timestampMs": 1714550400000},
        {"timestamp": "2024-05-01T10:00:00+02:00"},
        {"timestamp": "2024-05-01T08:00:00.000Z"},
        {"timestamp": "1714550400"},
        {"timestamp": None, "timestampMs": "1714550400000"},
    ],
)
def test_every_way_of_writing_a_time(when):
    place = {k: v for k, v in BASE.items() if k != "timestamp"}
    got = bring_text({"locations": [{**place, **when}]})
    assert [fix[0] for fix in got.fixes("/")] == ["2024-05-01T08:00:00Z"]


def test_an_overflow_is_repaired():
    got = bring_text(
        records({"latitudeE7": 3952967296 + 4_000_000, "longitudeE7": 4294967296 - 583_000_000})
    )
    assert got.fixes("/")[0][1:] == (-33.8, -58.3)


def test_devices_are_sources_of_their_own():
    got = bring_text(
        records(
            {"deviceTag": -5},
            {"deviceTag": 9},
            {},
            {"deviceTag": -5, "timestamp": "2024-05-01T09:00:00Z"},
        )
    )
    assert [s.key for s in got.evidence.sources] == [
        "google-records/",
        "google-records/-5",
        "google-records/9",
    ]
    assert len(got.fixes("/-5")) == 2


def test_activities_are_the_likeliest_and_say_something():
    guesses = [
        ("STILL", 30),
        ("IN_VEHICLE", 60),
        ("TILTING", 100),
        ("UNKNOWN", 90),
        ("ON_FOOT", 25),
        ("IN_BUS", 5),
    ]
    reading = {
        "timestamp": "2024-05-01T07:59:58Z",
        "activity": [{"type": t, "confidence": c} for t, c in guesses],
    }
    undated = {"activity": [{"type": "ON_BICYCLE", "confidence": 75}]}
    got = bring_text(records({"activity": [reading, undated]}))
    assert got.hints == [
        ("2024-05-01T07:59:58Z", "STILL", 0.3),
        ("2024-05-01T07:59:58Z", "VEHICLE", 0.6),
        ("2024-05-01T08:00:00Z", "BIKE", 0.75),
    ]


def test_records_without_place_or_with_an_impossible_one_are_counted():
    got = bring_text(
        {
            "locations": [
                BASE,
                {"timestamp": "2024-05-01T08:01:00Z", "activeWifiScan": {"accessPoints": []}},
                {**BASE, "latitudeE7": 0, "longitudeE7": 0},
                {**BASE, "latitudeE7": 3_300_000_000, "longitudeE7": 1},
                {**BASE, "timestamp": "yesterday"},
                {**BASE, "timestamp": "1970-01-01T00:00:00Z"},
            ]
        }
    )
    assert got.report.n_positions == 1
    assert got.faults == {
        "position-missing": 1,
        "position-outside-globe": 1,
        "position-zero": 1,
        "time-impossible": 2,
    }


def test_both_layouts_give_the_same():
    several = records(
        *(
            {"timestamp": f"2024-05-01T08:00:{i % 60:02d}.{i:06d}Z", "deviceTag": i % 3}
            for i in range(9000)
        )
    )
    pretty = bring_text(json.dumps(several, indent=2))
    minified = bring_text(json.dumps(several, separators=(",", ":")))
    assert len(pretty.evidence.trace) == 9000
    assert pretty.evidence == minified.evidence


def test_a_very_long_first_record_is_known():
    scans = [{"mac": str(i), "strength": -50} for i in range(20_000)]
    got = bring_text(
        {
            "locations": [
                {"activeWifiScan": {"accessPoints": scans}, **BASE},
                {**BASE, "accuracy": 5},
            ]
        }
    )
    assert got.report.format == "google-records"
    assert got.report.n_positions == 2


def test_wifi_scans_stay_outside():
    got = bring_text(records({"activeWifiScan": {"accessPoints": [{"mac": "a0b1c2d3e4f5"}]}}))
    assert "a0b1c2" not in repr(got.evidence)
    assert not got.faults


def test_a_file_without_a_record_holds_no_positions():
    assert bring_text({"locations": [{"latitudeE7": 1}]}).refused == "file-without-positions"
