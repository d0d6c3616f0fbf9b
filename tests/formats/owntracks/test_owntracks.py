"""OwnTracks' own archives: lines of the recorder, its JSON, bare lists."""

from __future__ import annotations

import json

import pytest
from tests.formats.bringing import bring_text
from tests.formats.reading_whole import FIXTURES

START_S = 1_714_550_400


def message(n: int, **more: object) -> dict[str, object]:
    return {
        "_type": "location", "lat": 46.16 + n * 1e-3, "lon": -1.15, "tst": START_S + n * 60,
        "acc": 8, "vel": 36, "SSID": "home", **more,
    }  # fmt: skip


def test_lines_of_the_recorder_are_read_by_the_hour_of_the_fix() -> None:
    lines = [
        f"2024-05-02T09:00:00Z\t*                 \t{json.dumps(message(0))}",
        f"2024-05-02T09:00:01Z  *  {json.dumps(message(1, tst=str(START_S + 60), vel=-1))}",
        '2024-05-02T09:00:02Z\tlwt\t{"_type":"lwt","tst":1714550400}',
        "2024-05-02T09:00:03Z\t*\t{broken",
    ]
    got = bring_text("\n".join(lines).encode())
    assert got.report.format == "owntracks"
    assert got.fixes("") == [
        ("2024-05-01T08:00:00Z", 46.16, -1.15), ("2024-05-01T08:01:00Z", 46.161, -1.15),
    ]  # fmt: skip
    assert got.faults == {"record-broken": 1}
    assert got.evidence.trace.speed_mps.tolist()[0] == 10.0


@pytest.mark.parametrize("wrap", [lambda m: {"count": len(m), "locations": m}, list])
def test_the_recorders_json_and_a_bare_list_are_read(wrap) -> None:
    messages = [message(n, topic="owntracks/ann/pixel") for n in range(3)]
    got = bring_text(json.dumps(wrap(messages)).encode())
    assert got.report.n_positions == 3
    assert b"ann" not in got.evidence.sources[0].key.encode()


def test_two_phones_are_two_sources() -> None:
    messages = [message(n, topic=f"owntracks/ann/{'ab'[n % 2]}") for n in range(4)]
    assert len(bring_text(json.dumps(messages).encode()).evidence.sources) == 2


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="../shared/data is absent")
@pytest.mark.parametrize("path", sorted(FIXTURES.glob("owntracks/*")), ids=lambda p: p.name)
def test_files_of_others_are_read(path) -> None:
    got = bring_text(path.read_bytes())
    assert got.refused is None
    assert got.report.n_positions > 1
