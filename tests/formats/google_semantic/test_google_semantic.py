from __future__ import annotations

import json

import numpy as np
import pytest
from tests.formats.bringing import bring_text

from estran.trace import Stream

HOME = {"latitudeE7": 461600000, "longitudeE7": -11500000}
WORK = {"latitudeE7": 461700000, "longitudeE7": -11500000}
MORNING = {"startTimestamp": "2022-03-01T08:00:00Z", "endTimestamp": "2022-03-01T08:30:00Z"}


def segment(**parts):
    return {
        "activitySegment": {
            "startLocation": HOME,
            "endLocation": WORK,
            "duration": MORNING,
            **parts,
        }
    }


def visit(**parts):
    return {"placeVisit": {"location": WORK, "duration": MORNING, **parts}}


def brought(*objects):
    return bring_text({"timelineObjects": list(objects)})


def test_a_segment_is_a_claim_with_its_ends():
    got = brought(
        segment(
            activityType="IN_BUS",
            distance=1200,
            activities=[{"activityType": "IN_BUS", "probability": 83.5}],
        )
    )
    claims = got.evidence.claims
    assert got.claims == [("2022-03-01T08:00:00Z", "2022-03-01T08:30:00Z", "BUS", False)]
    assert float(claims.distance_m[0]) == 1200
    assert float(claims.probability_share[0]) == pytest.approx(0.835)
    assert got.fixes("/claims") == [
        ("2022-03-01T08:00:00Z", 46.16, -1.15),
        ("2022-03-01T08:30:00Z", 46.17, -1.15),
    ]


def test_a_confirmed_mode_is_the_persons_word():
    got = brought(
        segment(activityType="CYCLING", editConfirmationStatus="CONFIRMED"),
        visit(placeConfidence="USER_CONFIRMED"),
    )
    assert sorted(claim[2:] for claim in got.claims) == [("BIKE", True), ("STILL", True)]


def test_a_mode_may_stand_in_the_guesses_or_in_the_route():
    got = brought(
        segment(activities=[{"activityType": "WALKING", "probability": 50}]),
        segment(
            duration={
                "startTimestamp": "2022-03-01T09:00:00Z",
                "endTimestamp": "2022-03-01T09:10:00Z",
            },
            waypointPath={"waypoints": [], "travelMode": "DRIVE"},
        ),
        segment(
            duration={
                "startTimestamp": "2022-03-02T09:00:00Z",
                "endTimestamp": "2022-03-02T09:10:00Z",
            }
        ),
    )
    assert [claim[2] for claim in got.claims] == ["WALK", "CAR", "UNKNOWN"]
    assert np.isnan(got.evidence.claims.probability_share[1:]).all()


def test_waypoints_are_spread_by_distance():
    points = [{"latE7": 461625000, "lngE7": -11500000}, {"latE7": 461650000, "lngE7": -11500000}]
    got = brought(segment(waypointPath={"waypoints": points}))
    times = [fix[0] for fix in got.fixes("/waypoints")]
    assert times[0].startswith("2022-03-01T08:07:30")
    assert times[1].startswith("2022-03-01T08:15:00")
    assert {s.stream for s in got.evidence.sources} == {Stream.WAYPOINTS, Stream.DECLARED}


def test_stops_of_a_line_stand_in_for_waypoints():
    stops = [{"latitudeE7": 461650000, "longitudeE7": -11500000, "name": "Gare"}]
    got = brought(
        segment(activityType="IN_TRAM", transitPath={"transitStops": stops, "name": "T1"})
    )
    assert len(got.fixes("/waypoints")) == 1
    assert "Gare" not in repr(got.evidence)


def test_the_thinned_path_has_times_of_its_own():
    points = [
        {
            "latE7": 461610000,
            "lngE7": -11500000,
            "accuracyMeters": 9,
            "timestampMs": "1646121660000",
        },
        {"latE7": 461620000, "lngE7": -11500000, "timestamp": "2022-03-01T08:02:00Z"},
    ]
    got = brought(
        segment(simplifiedRawPath={"points": points}),
        visit(simplifiedRawPath={"points": points[:1]}),
    )
    assert [fix[0] for fix in got.fixes("/path")] == [
        "2022-03-01T08:01:00Z",
        "2022-03-01T08:02:00Z",
    ]


@pytest.mark.parametrize(
    "duration",
    [
        {"startTimestampMs": "1646121600000", "endTimestampMs": "1646123400000"},
        {"startTimestamp": "1646121600", "endTimestamp": "1646123400"},
        {"startTimestamp": "2022-03-01 09:00:00 +0100", "endTimestamp": "2022-03-01T08:30:00.000Z"},
    ],
)
def test_every_way_of_writing_an_interval(duration):
    assert brought(visit(duration=duration)).claims[0][:2] == (
        "2022-03-01T08:00:00Z",
        "2022-03-01T08:30:00Z",
    )


def test_places_may_be_missing_and_the_claim_stays():
    got = brought(
        segment(startLocation={}, endLocation=None),
        visit(location={}, centerLatE7=461600000, centerLngE7=-11500000),
    )
    assert len(got.claims) == 2
    assert len(got.fixes("/claims")) == 2


def test_an_interval_that_ends_before_it_starts_is_counted():
    backwards = {"startTimestamp": "2022-03-01T09:00:00Z", "endTimestamp": "2022-03-01T08:00:00Z"}
    got = brought(visit(duration=backwards), visit(duration={}), visit(duration=None), visit())
    assert got.faults == {"claim-unreadable": 3}
    assert len(got.claims) == 1


def test_a_byte_order_mark_is_dropped():
    text = json.dumps({"timelineObjects": [visit()]})
    assert len(bring_text("\ufeff" + text).claims) == 1


def test_an_interval_without_end_is_an_instant():
    got = brought(visit(duration={"startTimestamp": "2022-03-01T08:00:00Z"}))
    assert got.claims[0][:2] == ("2022-03-01T08:00:00Z", "2022-03-01T08:00:00Z")
