from __future__ import annotations

from tests.formats.bringing import bring_text


def test_positions_and_activities_are_read():
    fix = {
        "position": {
            "point": {"latE7": 461600000, "lngE7": -11500000},
            "accuracyMm": 12000,
            "timestamp": "2025-08-15T14:32:18.000Z",
        }
    }
    felt = {
        "activityRecord": {
            "detectedActivities": [{"activityType": "ON_BICYCLE", "probability": 0.9}],
            "timestamp": "2025-08-15T14:33:00Z",
        }
    }
    edits = [
        {"deviceId": "-16", "rawSignal": {"signal": signal}}
        for signal in (fix, felt, {"wifiScan": {"time": 1}})
    ]
    got = bring_text({"timelineEdits": [*edits, {"placeAggregates": {}}]})
    assert got.fixes("google-edits/-16") == [("2025-08-15T14:32:18Z", 46.16, -1.15)]
    assert float(got.evidence.trace.accuracy_m[0]) == 12
    assert got.hints == [("2025-08-15T14:33:00Z", "BIKE", 0.9)]
    assert not got.faults


def test_edits_without_signals_hold_no_positions():
    assert (
        bring_text({"timelineEdits": [{"placeAggregates": {}}]}).refused == "file-without-positions"
    )
