"""Whatever the bytes: a report, never a traceback; whatever the order: the same evidence."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from estran.formats.bring import bring
from estran.formats.coordinates import lat_from_e7, lon_from_e7
from estran.formats.gather import Gatherer
from estran.formats.reading import Batch, FileReport
from estran.trace import (
    Activities,
    ClaimKind,
    Claims,
    Evidence,
    MarkKind,
    Marks,
    Motion,
    Positions,
    Source,
    Stream,
)
from estran.wording import FAULTS, OTHER_FILES, REFUSALS

RECORDS = {
    "locations": [
        {
            "latitudeE7": 461_600_000 + 100 * i,
            "longitudeE7": -11_500_000,
            "accuracy": 12,
            "deviceTag": -7,
            "activity": [
                {
                    "timestamp": f"2024-05-01T08:{i:02d}:10.5Z",
                    "activity": [{"type": "ON_BICYCLE", "confidence": 80}],
                }
            ],
            "timestamp": f"2024-05-01T08:{i:02d}:00.000Z",
        }
        for i in range(6)
    ]
}
SEMANTIC = {
    "timelineObjects": [
        {
            "activitySegment": {
                "startLocation": {"latitudeE7": 461600000, "longitudeE7": -11500000},
                "endLocation": {"latitudeE7": 461700000, "longitudeE7": -11600000},
                "duration": {
                    "startTimestamp": "2022-03-01T08:00:00Z",
                    "endTimestamp": "2022-03-01T08:30:00Z",
                },
                "activityType": "CYCLING",
                "activities": [{"activityType": "CYCLING", "probability": 91.0}],
                "waypointPath": {"waypoints": [{"latE7": 461650000, "lngE7": -11550000}]},
            }
        },
        {
            "placeVisit": {
                "location": {"latitudeE7": 461700000, "longitudeE7": -11600000},
                "duration": {
                    "startTimestampMs": "1646123400000",
                    "endTimestampMs": "1646130600000",
                },
            }
        },
    ]
}
ANDROID = {
    "semanticSegments": [
        {
            "startTime": "2025-01-01T08:00:00.000+01:00",
            "endTime": "2025-01-01T10:00:00.000+01:00",
            "timelinePath": [
                {"point": "46.1600000°, -1.1500000°", "time": "2025-01-01T08:10:00.000+01:00"}
            ],
        },
        {
            "startTime": "2025-01-01T08:00:00.000+01:00",
            "endTime": "2025-01-01T08:20:00.000+01:00",
            "activity": {
                "start": {"latLng": "46.16°, -1.15°"},
                "end": {"latLng": "46.17°, -1.16°"},
                "topCandidate": {"type": "WALKING", "probability": 0.9},
            },
        },
    ],
    "rawSignals": [
        {
            "position": {
                "LatLng": "46.1600000°, -1.1500000°",
                "accuracyMeters": 13,
                "timestamp": "2025-01-01T08:10:02.000+01:00",
            }
        }
    ],
}
IOS = [
    {
        "startTime": "2025-01-01T08:00:00.000Z",
        "endTime": "2025-01-01T10:00:00.000Z",
        "timelinePath": [
            {"point": "geo:46.16,-1.15", "durationMinutesOffsetFromStartTime": "4"},
            {"point": "geo:46.17,-1.15", "durationMinutesOffsetFromStartTime": "4"},
        ],
    }
]
EMISSION = [
    {
        "metadata": {"key": key, "platform": "android", "write_ts": 1700000000 + i},
        "data": {"latitude": 46.16, "longitude": -1.15 + i / 1000, "ts": 1700000000 + i},
    }
    for i, key in enumerate(["background/location", "background/filtered_location"] * 3)
]
GPX = (
    '<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1"><trk>'
    '<trkseg><trkpt lat="46.16" lon="-1.15"><time>2024-05-01T08:00:00Z</time></trkpt>'
    '<trkpt lat="46.17" lon="-1.15"><time>2024-05-01T08:01:00Z</time></trkpt></trkseg></trk></gpx>'
)
CSV = "time,latitude,longitude\n2024-05-01T08:00:00Z,46.16,-1.15\n2024-05-01T08:01:00Z,46.2,-1.1\n"


def _zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


WHOLE: dict[str, bytes] = {
    "records": json.dumps(RECORDS, indent=2).encode(),
    "records-minified": json.dumps(RECORDS, separators=(",", ":")).encode(),
    "semantic": json.dumps(SEMANTIC, indent=1).encode(),
    "android": json.dumps(ANDROID, ensure_ascii=False).encode(),
    "ios": json.dumps(IOS).encode(),
    "emission": json.dumps(EMISSION).encode(),
    "emission-lines": b"\n".join(json.dumps(entry).encode() for entry in EMISSION),
    "gpx": GPX.encode(),
    "csv": CSV.encode(),
    "utf-16": json.dumps(RECORDS).encode("utf-16"),
    "gzip": gzip.compress(json.dumps(RECORDS).encode(), mtime=0),
    "zip": _zipped(a=json.dumps(RECORDS).encode(), b=GPX.encode()),
    "zip-in-zip": _zipped(inner=_zipped(b=GPX.encode()), c=json.dumps(IOS).encode()),
}


def brought(content: bytes) -> tuple[list[Batch], list[FileReport]]:
    """Bring bytes, checking what every answer must be."""
    items = list(bring("x", io.BytesIO(content)))
    batches = [item for item in items if isinstance(item, Batch)]
    reports = [item for item in items if isinstance(item, FileReport)]
    assert isinstance(items[-1], FileReport)
    for report in reports:
        assert all(fault.code in FAULTS for fault in report.faults), report
        if report.refused is not None:
            assert report.refused.code in REFUSALS
            params = dict(report.refused_params)
            assert REFUSALS[report.refused.code].format(**params)
            assert params.get("kind") in {None, *OTHER_FILES}
    n_positions = sum(len(batch.positions or ()) for batch in batches)
    assert n_positions == sum(report.n_positions for report in reports)
    return batches, reports


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_file_is_read(kind: str) -> None:
    batches, reports = brought(WHOLE[kind])
    assert sum(len(batch.positions or ()) for batch in batches) >= 2
    assert not any(report.refused for report in reports)


@pytest.mark.parametrize("kind", WHOLE)
def test_a_file_cut_anywhere_gives_what_it_holds(kind: str) -> None:
    content = WHOLE[kind]
    n_rows: list[int] = []
    for end in range(0, len(content), max(1, len(content) // 400)):
        batches, _ = brought(content[:end])
        n_rows.append(sum(len(batch.positions or ()) for batch in batches))
    whole = sum(len(batch.positions or ()) for batch in brought(content)[0])
    assert max(n_rows) <= whole


@given(st.sampled_from(sorted(WHOLE)), st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_never_raises(kind: str, data: st.DataObject) -> None:
    content = bytearray(WHOLE[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        junk = data.draw(st.binary(max_size=6))
        content[at : at + data.draw(st.integers(0, 8))] = junk
        if not content:
            break
    brought(bytes(content))


@given(st.binary(max_size=400), st.sampled_from([b"", b"\x1f\x8b\x08", b"PK\x03\x04", b"{", b"["]))
@settings(max_examples=200, deadline=None)
def test_any_bytes_end_in_a_report(content: bytes, head: bytes) -> None:
    brought(head + content)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["2024-05-01T08:00:00Z", "46.1, -1.1", 461600000, 1e300, "9" * 50]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["timestamp", "data", "visit", "point", "x"]), inner)
    ),
    max_leaves=6,
)


def _wrecked(value: object, at: int, junk: object) -> tuple[object, int]:
    """Put junk in place of the ``at``-th value of a tree."""
    if at == 0:
        return junk, -1
    at -= 1
    if isinstance(value, dict):
        out: dict[str, object] = {}
        for key, inner in value.items():
            out[key], at = _wrecked(inner, at, junk) if at >= 0 else (inner, at)
        return out, at
    if isinstance(value, list):
        items: list[object] = []
        for inner in value:
            done, at = _wrecked(inner, at, junk) if at >= 0 else (inner, at)
            items.append(done)
        return items, at
    return value, at


@given(st.sampled_from([RECORDS, SEMANTIC, ANDROID, IOS, EMISSION]), st.integers(0, 60), JSON)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_wrong_type_anywhere_costs_a_record_at_most(whole: object, at: int, junk: object) -> None:
    wrecked, _ = _wrecked(whole, at, junk)
    brought(json.dumps(wrecked).encode("utf-8", "replace"))


@given(st.integers(-900_000_000, 900_000_000), st.integers(-1_800_000_000, 1_800_000_000))
def test_an_overflow_is_undone(lat_e7: int, lon_e7: int) -> None:
    lat = np.array([lat_e7, lat_e7 % 2**32], dtype=np.float64)
    lon = np.array([lon_e7, lon_e7 % 2**32], dtype=np.float64)
    assert np.allclose(lat_from_e7(lat), lat_e7 / 1e7, atol=1e-9)
    assert np.allclose(lon_from_e7(lon), lon_e7 / 1e7, atol=1e-9)


times = st.integers(10**15, 10**15 + 5)
degrees = st.sampled_from([1.0, 2.0])
sources = st.sampled_from([Source(f"s/{i}", "s", "", Stream.RAW) for i in range(3)])


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    fixes = draw(st.lists(st.tuples(times, degrees, degrees, degrees), max_size=6))
    hints = draw(st.lists(times, max_size=3))
    n = len(fixes)
    columns = list(zip(*fixes, strict=True)) if n else [(), (), (), ()]
    return Batch(
        draw(sources),
        positions=Positions.of(columns[0], columns[1], columns[2], accuracy_m=columns[3]),
        activities=Activities(
            np.array(hints),
            np.full(len(hints), Motion.BIKE),
            np.full(len(hints), np.nan),
            np.zeros(len(hints), np.int16),
        ),
        marks=Marks(
            np.array(hints), np.full(len(hints), MarkKind.BOOTED), np.zeros(len(hints), np.int16)
        ),
        claims=_claims(hints),
    )


def _claims(starts: list[int]) -> Claims:
    n = len(starts)
    unknown = np.full(n, np.nan)
    return Claims(
        np.array(starts), np.array(starts) + 5, np.full(n, ClaimKind.MOVE), np.full(n, Motion.CAR),
        unknown, np.zeros(n, bool), unknown, unknown, unknown, unknown, unknown, np.zeros(n, np.int16),
    )  # fmt: skip


def gathered(given_batches: list[Batch]) -> Evidence:
    gatherer = Gatherer()
    for batch in given_batches:
        gatherer.add(batch)
    return gatherer.finish()


@given(st.lists(batches(), max_size=5), st.randoms())
@settings(deadline=None)
def test_neither_order_nor_repetition_changes_the_evidence(
    several: list[Batch], random: object
) -> None:
    shuffled = several + several[:2]
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis's Random
    assert gathered(shuffled) == gathered(several)


@given(st.lists(batches(), max_size=5))
@settings(deadline=None)
def test_nothing_but_repetition_is_lost(several: list[Batch]) -> None:
    evidence = gathered(several)
    keys = {
        (batch.source.key, t, lat, lon)
        for batch in several
        if batch.positions is not None
        for t, lat, lon in zip(
            batch.positions.time_us, batch.positions.lat_deg, batch.positions.lon_deg, strict=True
        )
    }
    trace = evidence.trace
    found = {
        (evidence.sources[source].key, t, lat, lon)
        for source, t, lat, lon in zip(
            trace.source, trace.time_us, trace.lat_deg, trace.lon_deg, strict=True
        )
    }
    assert found == keys
    assert len(trace) == len(keys)
