from __future__ import annotations

import numpy as np
from tests.formats.bringing import bring_text

HOURS = {"startTime": "2025-01-01T08:00:00.000+01:00", "endTime": "2025-01-01T10:00:00.000+01:00"}
VISIT = {
    **HOURS,
    "visit": {
        "hierarchyLevel": "0",
        "probability": "0.71",
        "topCandidate": {
            "probability": "0.5",
            "semanticType": "Home",
            "placeID": "x",
            "placeLocation": "geo:46.160000,-1.150000",
        },
    },
}


def activity(word, end="geo:46.17,-1.16"):
    return {
        **HOURS,
        "activity": {
            "start": "geo:46.16,-1.15",
            "end": end,
            "distanceMeters": "1881.000000",
            "topCandidate": {"type": word, "probability": "0.000000"},
        },
    }


def test_numbers_are_texts():
    got = bring_text([VISIT, activity("in passenger vehicle")])
    found = got.evidence.claims
    assert got.report.format == "google-timeline-ios"
    assert [claim[2] for claim in got.claims] == ["STILL", "CAR"]
    assert found.distance_m[1] == np.float32(1881)
    assert np.isnan(found.probability_share[1])
    assert found.probability_share[0] == np.float32(0.71)


def test_inner_visits_are_left_out():
    inner = {**HOURS, "visit": {**VISIT["visit"], "hierarchyLevel": "1"}}  # type: ignore[dict-item]
    assert len(bring_text([VISIT, inner]).claims) == 1


def test_an_end_may_be_an_object():
    got = bring_text([activity("WALKING", {"latLng": "46.17°, -1.16°"})])
    assert got.evidence.claims.end_lat_deg.tolist() == [46.17]


def test_minutes_after_the_start_keep_their_order():
    points = [(46.10, "4"), (46.10, "4"), (46.30, "4"), (46.20, "4"), (46.40, "108")]
    path = {
        "startTime": "2025-01-01T20:00:00.000Z",
        "endTime": "2025-01-01T22:00:00.000Z",
        "timelinePath": [
            {"point": f"geo:{lat},-1.15", "durationMinutesOffsetFromStartTime": m}
            for lat, m in points
        ],
    }
    assert [(t, lat) for t, lat, _ in bring_text([path]).fixes("/path")] == [
        ("2025-01-01T20:04:00Z", 46.1),
        ("2025-01-01T20:04:01Z", 46.3),
        ("2025-01-01T20:04:02Z", 46.2),
        ("2025-01-01T21:48:00Z", 46.4),
    ]


def test_many_points_of_a_minute_stay_inside_it():
    points = [
        {"point": f"geo:46.{i:03d},-1.15", "durationMinutesOffsetFromStartTime": "1"}
        for i in range(200)
    ]
    got = bring_text([{**HOURS, "timelinePath": points}])
    times = [fix[0] for fix in got.fixes("/path")]
    assert len(set(times)) == 200
    assert all(t.startswith("2025-01-01T07:01:") for t in times)


def test_paths_may_stand_at_the_end_of_the_list():
    late = {
        "startTime": "2024-01-01T20:00:00Z",
        "endTime": "2024-01-01T22:00:00Z",
        "timelinePath": [{"point": "geo:46.1,-1.1", "durationMinutesOffsetFromStartTime": "1"}],
    }
    got = bring_text([VISIT, late])
    assert (np.diff(got.evidence.trace.time_us) >= 0).all()
    assert len(got.evidence.trace) == 3


def test_memories_are_passed_over():
    assert (
        bring_text([{**HOURS, "timelineMemory": {"distanceFromOriginKms": "9"}}]).refused
        == "file-without-positions"
    )
