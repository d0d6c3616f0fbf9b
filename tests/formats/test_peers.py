"""What other self-hosted servers and albums give out: Dawarich, Traccar, Immich, Polarsteps."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from estran.formats.bring import bring
from estran.formats.reading import FileReport
from estran.trace import ClaimKind, Stream
from tests.formats.bringing import bring_text

NOON = 1_714_564_800


def point(second, **told):
    return {
        "timestamp": NOON + second, "latitude": 46.16, "longitude": -1.15, "velocity": "2.5",
        "accuracy": 8, "altitude": 12, "tracker_id": "phone", "topic": "owntracks/x/y", "mode": 1,
        "raw_data": {"lat": 1, "lon": 2, "tst": 3}, "geodata": {}, "inrids": [],
        "lonlat": "POINT(-1.15 46.16)", "created_at": "2024-06-01T00:00:00Z", **told,
    }  # fmt: skip


def visit(status="confirmed", place=True):
    at = {"name": "Home", "latitude": "46.16", "longitude": "-1.15", "source": "manual"}
    return {
        "name": "Home", "status": status, "started_at": "2024-05-01T08:00:00Z",
        "ended_at": "2024-05-01T10:00:00Z", "duration": 120,
        "created_at": "2024-06-01T00:00:00Z", "place_reference": at if place else None,
    }  # fmt: skip


def dawarich():
    return {
        "counts": {"areas": 1, "points": 2, "visits": 3, "places": 1},
        "settings": {"timezone": "UTC"},
        "areas": [{"name": "x", "latitude": "1", "longitude": "1", "created_at": "2024-01-01"}],
        "trips": [{"name": "x", "started_at": "2024-05-01T08:00:00Z", "path": None}],
        "points": [point(0), point(60)],
        "visits": [visit(), visit("declined"), visit(place=False)],
        "places": [{"name": "x", "latitude": "2", "longitude": "2"}],
    }


def test_dawarichs_whole_archive_gives_points_and_visits():
    got = bring_text(dawarich())
    assert got.refused is None
    assert [fix[0] for fix in got.fixes("")] == ["2024-05-01T12:00:00Z", "2024-05-01T12:01:00Z"]
    assert got.evidence.trace.speed_mps.tolist() == [2.5, 2.5]
    claims = got.evidence.claims
    assert claims.kind.tolist() == [ClaimKind.VISIT]
    assert claims.lat_deg.tolist() == [46.16]
    assert (claims.end_us - claims.start_us).tolist() == [7200 * 10**6]


def test_its_newer_archive_is_a_file_a_month():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        points = "\n".join(json.dumps(point(60 * n)) for n in range(3))
        packed.writestr("points/2024/2024-05.jsonl", points)
        packed.writestr("visits/2024/2024-05.jsonl", json.dumps(visit()))
        packed.writestr("settings.jsonl", json.dumps({"timezone": "UTC"}))
    reports = {
        item.name: (item.n_positions, item.n_claims)
        for item in bring("all.zip", io.BytesIO(out.getvalue()))
        if isinstance(item, FileReport) and item.refused is None
    }
    assert reports == {
        "all.zip/points/2024/2024-05.jsonl": (3, 0),
        "all.zip/visits/2024/2024-05.jsonl": (0, 1),
        "all.zip": (0, 0),
    }


def traccar(**told):
    return {
        "id": 7, "deviceId": 3, "protocol": "osmand", "serverTime": "2024-05-01T12:00:09.000+00:00",
        "deviceTime": "2024-05-01T12:00:00.000+00:00", "fixTime": "2024-05-01T12:00:00.000+00:00",
        "valid": True, "latitude": 46.16, "longitude": -1.15, "altitude": 10.0, "speed": 10.0,
        "course": 90.0, "address": None, "accuracy": 5.0, "attributes": {"batteryLevel": 80},
        **told,
    }  # fmt: skip


def test_traccars_positions_are_in_knots():
    got = bring_text([traccar(), traccar(fixTime="2024-05-01T12:01:00.000+00:00", speed=0.0)])
    assert [fix[0] for fix in got.fixes("")] == ["2024-05-01T12:00:00Z", "2024-05-01T12:01:00Z"]
    assert got.evidence.trace.speed_mps.tolist() == pytest.approx([5.14444, 0.0], abs=1e-4)


def test_so_is_its_table():
    got = bring_text(
        "id,deviceId,protocol,serverTime,deviceTime,fixTime,valid,latitude,longitude,altitude,"
        "speed,course,address,accuracy,batteryLevel\n"
        "7,3,osmand,2024-05-01 12:00:09,2024-05-01 12:00:00,2024-05-01 12:00:00,true,46.16,-1.15,"
        "10.0,10.0,90.0,,5.0,80\n"
    )
    assert [fix[0] for fix in got.fixes("")] == ["2024-05-01T12:00:00Z"]
    assert got.evidence.trace.speed_mps.tolist() == pytest.approx([5.14444], abs=1e-4)
    assert got.faults == {"zone-missing": 1}


def test_traccars_gpx_is_read():
    got = bring_text(
        '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.0"><trk><name>phone</name><trkseg>'
        '<trkpt lat="46.16" lon="-1.15"><ele>10.0</ele><time>2024-05-01T12:00:00.000Z</time>'
        "</trkpt></trkseg></trk></gpx>"
    )
    assert len(got.evidence.trace) == 1


PICTURES = {
    "immich_memories": [
        [
            {
                "title": "1 year ago",
                "assets": [
                    {"exifInfo": {"dateTimeOriginal": "2022-12-31T23:17:06.170Z", "make": "Fair",
                                  "model": "Phone", "latitude": 52.0, "longitude": 13.0}},
                    {"exifInfo": {"dateTimeOriginal": "2022-12-31T23:18:06.170Z",
                                  "latitude": None, "longitude": None}},
                ],
            }
        ]
    ],
    "immich_search": {
        "assets": {
            "total": 1,
            "items": [{"id": "a", "fileCreatedAt": "2022-12-31T23:17:06.170Z",
                       "exifInfo": {"latitude": 52.0, "longitude": 13.0}}],
        }
    },
    "photoprism": [{"UID": "p", "TakenAt": "2022-12-31T23:17:06Z", "Lat": 52.0, "Lng": 13.0,
                    "CameraModel": "Phone"}],
}  # fmt: skip


@pytest.mark.parametrize("kind", PICTURES)
def test_lists_of_pictures_are_read(kind):
    got = bring_text(PICTURES[kind])
    assert got.refused is None
    assert len(got.evidence.trace) == 1
    assert got.fixes("")[0][0].startswith("2022-12-31T23:17:06")
    [source] = got.evidence.sources
    assert source.stream is Stream.WAYPOINTS
    assert source.key.startswith("photos")


def step(**told):
    return {
        "id": 1, "name": "Ville", "start_time": float(NOON), "timezone_id": "Europe/Paris",
        "location": {"name": "Ville", "lat": 46.16, "lon": -1.15, "country": "France"}, **told,
    }  # fmt: skip


@pytest.mark.parametrize("key", ["all_steps", "steps"])
def test_steps_of_polarsteps_are_read(key):
    got = bring_text({"id": 5, "start_date": NOON, "total_km": 5.5, key: [step(), None, 3]})
    assert got.fixes("") == [("2024-05-01T12:00:00Z", 46.16, -1.15)]
    assert got.evidence.sources[0].stream is Stream.WAYPOINTS


@pytest.mark.parametrize(
    "points",
    [
        [{"lat": 46.16, "lon": -1.15, "time": NOON + 0.5}],
        [{"lat": 46.16, "lon": -1.15, "time": "2024-05-01T12:00:00.5Z"}],
    ],
)
def test_locations_of_polarsteps_are_read(points):
    got = bring_text({"locations": points})
    assert got.fixes("") == [("2024-05-01T12:00:00.500Z", 46.16, -1.15)]


def test_a_segment_list_is_read():
    segment = {"id": 1, "lat": 46.16, "lng": -1.15, "timestamp": NOON, "type": "step"}
    assert len(bring_text([segment]).evidence.trace) == 1


def test_a_trip_without_steps_is_told_so():
    told = {"id": 5, "start_date": NOON, "total_km": 5.5, "all_steps": []}
    assert bring_text(told).refused == "file-without-positions"
