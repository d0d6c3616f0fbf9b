"""Overland's archives: batches, and features on lines."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.formats.bringing import bring_text
from tests.formats.reading_whole import FIXTURES


def feature(minute: int, **more: Any) -> dict[str, Any]:
    told = {
        "timestamp": f"2024-05-01T08:{minute:02d}:00Z", "speed": 5, "horizontal_accuracy": 8,
        "motion": ["cycling"], "battery_state": "unplugged", "wifi": "home", **more,
    }  # fmt: skip
    place = [-1.15, 46.16 + minute * 1e-3]
    return {"type": "Feature", "geometry": {"coordinates": place}, "properties": told}


def test_batches_one_after_the_other_are_read_and_current_counts_once() -> None:
    batches = [
        {"locations": [feature(0), feature(1)], "current": feature(1)},
        {"locations": [feature(2)]},
    ]
    got = bring_text("\n".join(json.dumps(batch) for batch in batches).encode())
    assert got.report.format == "overland"
    assert [time for time, *_ in got.fixes("")] == [
        "2024-05-01T08:00:00Z", "2024-05-01T08:01:00Z", "2024-05-01T08:02:00Z",
    ]  # fmt: skip
    assert [motion for _, motion, _ in got.hints] == ["BIKE"] * 3


def test_lines_that_a_server_kept_are_read() -> None:
    lines = [f"2024-05-01 08:{n:02d}:00.000 {json.dumps(feature(n))}" for n in range(3)]
    assert bring_text("\n".join(lines).encode()).report.n_positions == 3


def test_a_finished_trip_is_the_persons_word() -> None:
    trip = feature(
        9, type="trip", mode="bus", start="2024-05-01T08:00:00Z", end="2024-05-01T08:09:00Z"
    )
    got = bring_text(json.dumps({"locations": [feature(0), trip]}).encode())
    assert got.claims == [("2024-05-01T08:00:00Z", "2024-05-01T08:09:00Z", "BUS", True)]


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="../shared/data is absent")
def test_a_file_of_others_is_read() -> None:
    got = bring_text((FIXTURES / "overland/geodata.json").read_bytes())
    # Its second feature only says that the app ends.
    assert (got.refused, got.report.n_positions) == (None, 1)
