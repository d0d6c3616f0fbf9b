from __future__ import annotations

import json

import numpy as np
import pytest
from tests.formats.bringing import bring_text

from estran.trace import Stream

HOURS = {"startTime": "2025-01-01T08:00:00.000+01:00", "endTime": "2025-01-01T10:00:00.000+01:00"}


def visit(level=0, **parts):
    return {
        **HOURS,
        "visit": {
            "hierarchyLevel": level,
            "probability": 0.7,
            "topCandidate": {"placeLocation": {"latLng": "46.1600000°, -1.1500000°"}},
            **parts,
        },
    }


def activity(word, probability=0.9, **parts):
    return {
        **HOURS,
        "activity": {
            "start": {"latLng": "46.16°, -1.15°"},
            "end": {"latLng": "46.17°, -1.16°"},
            "distanceMeters": 1500.5,
            "topCandidate": {"type": word, "probability": probability},
            **parts,
        },
    }


PATH = {
    **HOURS,
    "timelinePath": [
        {"point": "46.16°, -1.15°", "time": "2025-01-01T08:14:00.000+01:00"},
        {"point": "46.17°, -1.15°", "time": "2025-01-01T08:16:00.000+01:00"},
    ],
}
FIX = {
    "position": {
        "LatLng": "46.1650000°, -1.1500000°",
        "accuracyMeters": 13,
        "altitudeMeters": 20.5,
        "speedMetersPerSecond": 1.5,
        "timestamp": "2025-01-01T08:15:00.000+01:00",
    }
}
FELT = {
    "activityRecord": {
        "probableActivities": [
            {"type": "WALKING", "confidence": 0.8},
            {"type": "STILL", "confidence": 0.1},
        ],
        "timestamp": "2025-01-01T08:15:01.000+01:00",
    }
}
WIFI = {
    "wifiScan": {
        "deliveryTime": "2025-01-01T08:15:00Z",
        "devicesRecords": [{"mac": 70474800562644, "rawRssi": -76}],
    }
}


def test_the_two_streams_stay_apart():
    got = bring_text({"semanticSegments": [PATH], "rawSignals": [FIX, FELT, WIFI]})
    assert {s.key.rsplit("/")[-1]: s.stream for s in got.evidence.sources} == {
        "path": Stream.PATH,
        "raw": Stream.RAW,
    }
    assert got.fixes("/path") == [
        ("2025-01-01T07:14:00Z", 46.16, -1.15),
        ("2025-01-01T07:16:00Z", 46.17, -1.15),
    ]
    assert got.fixes("/raw") == [("2025-01-01T07:15:00Z", 46.165, -1.15)]
    assert got.hints == [("2025-01-01T07:15:01Z", "WALK", 0.8)]
    assert not got.faults


def test_raw_signals_may_stand_first_or_alone():
    assert bring_text({"rawSignals": [FIX], "semanticSegments": [PATH]}).report.n_positions == 3
    assert bring_text({"rawSignals": [FIX]}).report.format == "google-timeline-android"


def test_visits_inside_visits_are_not_counted_twice():
    got = bring_text({"semanticSegments": [visit(), visit(1), visit(2)]})
    assert got.claims == [("2025-01-01T07:00:00Z", "2025-01-01T09:00:00Z", "STILL", False)]
    assert float(got.evidence.claims.probability_share[0]) == pytest.approx(0.7)


def test_an_activity_is_a_claim_and_a_probability_of_zero_is_none():
    got = bring_text({"semanticSegments": [activity("IN_TRAIN", 0.0), activity("FLYING")]})
    found = got.evidence.claims
    assert sorted(claim[2] for claim in got.claims) == ["PLANE", "TRAIN"]
    assert sorted(np.isnan(found.probability_share).tolist()) == [False, True]
    assert found.distance_m.tolist() == [1500.5, 1500.5]
    assert found.end_lat_deg.tolist() == [46.17, 46.17]


def test_an_activity_may_lack_its_start():
    got = bring_text({"semanticSegments": [activity("WALKING", start=None)]})
    assert len(got.claims) == 1
    assert len(got.fixes("/claims")) == 1


@pytest.mark.parametrize(
    "point",
    ["46.16°, -1.15°", "46.16, -1.15", "46.16Â°, -1.15Â°", "46.1600000\u00b0,-1.1500000\u00b0"],
)
def test_coordinates_are_read_whatever_stands_around_them(point):
    segment = {**HOURS, "timelinePath": [{"point": point, "time": "2025-01-01T08:14:00Z"}]}
    assert bring_text({"semanticSegments": [segment]}).fixes("/path")[0][1:] == (46.16, -1.15)


def test_a_file_saved_by_a_windows_editor_is_mended():
    text = json.dumps({"semanticSegments": [PATH]}, ensure_ascii=False)
    assert bring_text(text.encode("cp1252")).report.n_positions == 2


def test_memories_profiles_and_frequent_places_are_passed_over():
    got = bring_text(
        {
            "userLocationProfile": {
                "frequentPlaces": [{"placeLocation": "46.1°, -1.1°", "label": "HOME"}]
            },
            "semanticSegments": [
                {**HOURS, "timelineMemory": {"trip": {"distanceFromOriginKms": 5}}},
                PATH,
            ],
        }
    )
    assert (got.report.n_positions, got.report.n_claims, got.faults) == (2, 0, {})
