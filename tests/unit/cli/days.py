"""Small files written for these tests."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

START = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
LAT_DEG, LON_DEG = 46.16, -1.15


def a_morning() -> list[tuple[datetime, float, float]]:
    """Give a stay of 40 minutes, a ride of 12 km in 20 minutes, and a stay of 40 minutes."""
    fixes = [(START + timedelta(seconds=30 * i), LAT_DEG, LON_DEG) for i in range(80)]
    ride = START + timedelta(minutes=40)
    fixes += [(ride + timedelta(seconds=10 * i), LAT_DEG + 0.0009 * i, LON_DEG) for i in range(120)]
    there = ride + timedelta(minutes=20)
    fixes += [(there + timedelta(seconds=30 * i), LAT_DEG + 0.108, LON_DEG) for i in range(80)]
    return fixes


def records_json() -> bytes:
    """Write the morning as Google's Records.json."""
    locations = [
        {
            "latitudeE7": round(lat * 1e7),
            "longitudeE7": round(lon * 1e7),
            "accuracy": 8,
            "timestamp": time.isoformat().replace("+00:00", "Z"),
            "deviceTag": 7,
        }
        for time, lat, lon in a_morning()
    ]
    return json.dumps({"locations": locations}).encode()
