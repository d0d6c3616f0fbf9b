"""What each app sends becomes the same evidence, and each is answered as it needs."""

from __future__ import annotations

import base64
import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.trace import ClaimKind, MarkKind, Motion
from estran.wire.owntracks import CLOSED
from estran.wire.table import PROTOCOLS, by_path
from estran.wire.values import Answer, Call, Protocol, Trouble

SAMPLES = Path(__file__).resolve().parents[4] / "shared/data/import-fixtures/synthetic/live"
AT_S = 1_760_000_010
NOW_US = (AT_S + 60) * 1_000_000
JSON = {"content-type": "application/json"}


def post(path: str, body: Any, agent: str = "", query: str = "") -> Call:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Call("POST", path, query, {**JSON, "user-agent": agent}, content)


def protocol(path: str) -> Protocol:
    found = by_path(path)
    assert found is not None
    return found


def read(call: Call, now_us: int = NOW_US) -> Answer:
    answer = protocol(call.path).read(call, now_us)
    assert answer is not None
    return answer


def the_fix(answer: Answer) -> dict[str, float]:
    rows = answer.posted.positions
    assert rows is not None
    assert len(rows) == 1
    names = ("lat_deg", "lon_deg", "accuracy_m", "speed_mps", "bearing_deg", "altitude_m")
    told = {name: round(float(getattr(rows, name)[0]), 4) for name in names}
    return {"time_s": rows.time_us[0] / 1e6, **{k: v for k, v in told.items() if not math.isnan(v)}}


WHOLE = {
    "time_s": AT_S, "lat_deg": 46.16, "lon_deg": -1.15, "accuracy_m": 8.0, "speed_mps": 10.0,
    "bearing_deg": 90.0, "altitude_m": 12.0,
}  # fmt: skip
ISO = "2025-10-09T08:53:30Z"

CALLS: dict[str, Call] = {
    "owntracks": post(
        "/ingest/owntracks",
        {"_type": "location", "lat": 46.16, "lon": -1.15, "tst": AT_S, "acc": 8, "vel": 36,
         "cog": 90, "alt": 12, "vac": 3, "SSID": "home", "tid": "ab"},
    ),
    "owntracks as texts": post(
        "/pub",
        {"_type": "location", "lat": "46.16", "lon": "-1.15", "tst": str(AT_S), "acc": "8.0",
         "vel": "36", "cog": "90", "alt": "12", "bs": "false", "batt": "71"},
    ),
    "colota in the manner of owntracks": post(
        "/api/v1/owntracks/points",
        {"lat": 46.16, "lon": -1.15, "tst": AT_S, "acc": 8, "vel": 10, "bear": 90, "alt": 12},
        agent="Colota/1.2",
    ),
    "overland": post(
        "/ingest/overland",
        {"locations": [{"type": "Feature", "geometry": {"coordinates": [-1.15, 46.16]},
         "properties": {"timestamp": ISO, "speed": 10, "course": 90, "altitude": 12,
                        "horizontal_accuracy": 8, "vertical_accuracy": 4, "wifi": "home"}}]},
    ),
    "gpslogger by query": Call(
        "GET", "/ingest/gpslogger",
        f"lat=46.16&lon=-1.15&time={ISO}&s=10&spd=10&acc=8&dir=90&alt=12",
    ),
    "gpslogger by form": Call(
        "POST", "/ingest/gpslogger", "",
        {"content-type": "application/x-www-form-urlencoded"},
        f"lat=46.16&lon=-1.15&timestamp={AT_S}&spd=10.0&acc=8.0&dir=90.0&alt=12.0".encode(),
    ),
    "gpslogger by json": post(
        "/ingest/gpslogger",
        {"_type": "location", "lat": "46.16", "lon": "-1.15", "tst": str(AT_S), "acc": "8.0",
         "vel": "36.0", "cog": "90", "alt": "12"},
    ),
    "gpslogger to dawarich": post(
        "/api/v1/overland/batches",
        {"locations": [{"geometry": {"coordinates": [-1.15, 46.16]}, "properties": {
            "timestamp": "2025-10-09T10:53:30.000+02:00", "speed": 10, "course": 90,
            "altitude": 12, "horizontal_accuracy": 8, "battery_level": 71}}]},
        query="api_key=abc",
    ),
    "old traccar": Call(
        "POST", "/ingest/osmand",
        f"id=abc&timestamp={AT_S}&lat=46.16&lon=-1.15&speed=19.438445&bearing=90&altitude=12"
        "&accuracy=8&batt=71",
    ),
    "osmand": Call(
        "GET", "/ingest/osmand",
        f"deviceid=abc&timestamp={AT_S}000&location=46.16,-1.15&hdop=1&speed=10&heading=90"
        "&altitude=12&accuracy=8",
    ),
    "new traccar": post(
        "/ingest/traccar",
        {"device_id": "abc", "location": {"timestamp": ISO, "coords": {
            "latitude": 46.16, "longitude": -1.15, "accuracy": 8, "speed": 10, "heading": 90,
            "altitude": 12}, "battery": {"level": 0.7, "is_charging": False}}},
    ),
    "flat traccar": post(
        "/api/v1/traccar/points",
        {"device_id": "abc", "location": {"timestamp": ISO, "latitude": 46.16,
         "longitude": -1.15, "accuracy": 8, "speed": 10, "heading": 90, "altitude": 12}},
    ),
    "traccar's server": post(
        "/ingest/traccar",
        {"position": {"fixTime": "2025-10-09T08:53:30.000+00:00", "valid": True,
         "latitude": 46.16, "longitude": -1.15, "speed": 19.438445, "course": 90.0,
         "accuracy": 8.0, "altitude": 12.0}, "device": {"uniqueId": "abc"}},
    ),
    "home assistant": post(
        "/ingest/homeassistant",
        {"device_id": "x", "timestamp": "2025-10-09T10:53:30+02:00", "location": {
            "latitude": 46.16, "longitude": -1.15, "accuracy": 8, "altitude": 12, "speed": 10,
            "course": 90}, "battery": {"level": 71}},
    ),
    "phonetrack": Call(
        "GET", "/log/gpslogger/abc/phone",
        f"lat=46.16&lon=-1.15&timestamp={AT_S}&acc=8&alt=12&speed=10&bearing=90&bat=50",
    ),
    "phonetrack of ours": Call(
        "GET", "/ingest/phonetrack/abc/phone",
        f"lat=46.16&lon=-1.15&timestamp={AT_S}&acc=8&alt=12&speed=10&bearing=90",
    ),
    "phonetrack, several": post(
        "/log/any/abc/phone/logPostMultiple",
        {"points": [[46.16, -1.15, AT_S, 12, 8, 50, 9, "x", 10, 90]]},
    ),
    "points": post(
        "/ingest/points",
        {"points": [{"id": "1", "time": ISO, "lat": 46.16, "lon": -1.15, "accuracy": 8,
                     "speed": 10, "bearing": 90, "altitude": 12}]},
    ),
    "points in geojson": post(
        "/ingest/points",
        {"type": "FeatureCollection", "features": [{"id": "1", "type": "Feature",
         "geometry": {"type": "Point", "coordinates": [-1.15, 46.16, 12]},
         "properties": {"time": AT_S, "accuracy": 8, "speed": 10, "bearing": 90}}]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_every_app_says_the_same_of_one_fix(name: str) -> None:
    answer = read(CALLS[name])
    assert the_fix(answer) == WHOLE
    assert answer.reply.status == 200


def test_no_two_protocols_have_an_address_or_a_key_in_common() -> None:
    paths = [path for known in PROTOCOLS for path in known.paths]
    assert len(paths) == len(set(paths))
    assert len({known.key for known in PROTOCOLS}) == len(PROTOCOLS)


@pytest.mark.parametrize(
    ("path", "query", "headers", "body"),
    [
        ("/ingest/owntracks", "", {"authorization": "Bearer abc"}, b""),
        ("/ingest/owntracks", "", {"authorization": "Basic " + base64.b64encode(b"u:abc").decode()},
         b""),
        ("/ingest/owntracks", "", {"authorization": "Basic " + base64.b64encode(b"abc:").decode()},
         b""),
        ("/ingest/overland", "token=abc", {}, b""),
        ("/api/v1/overland/batches", "api_key=abc", {}, b""),
        ("/ingest/traccar", "", JSON, b'{"device_id": "abc", "location": {}}'),
        ("/ingest/traccar", "", JSON, b'{"device": {"uniqueId": "abc"}, "position": {}}'),
        ("/ingest/osmand", "id=abc&lat=1", {}, b""),
        ("/ingest/osmand", "", {"content-type": "application/x-www-form-urlencoded"},
         b"deviceid=abc&lat=1"),
        ("/log/osmand/abc/phone", "", {}, b""),
        ("/ingest/phonetrack/abc", "", {}, b""),
        ("/index.php/apps/phonetrack/logPost/abc/phone", "", {}, b""),
        ("/ingest/points", "", {"authorization": "bearer abc"}, b""),
    ],
)  # fmt: skip
def test_a_token_is_found_where_each_app_puts_it(
    path: str, query: str, headers: dict[str, str], body: bytes
) -> None:
    assert protocol(path).token(Call("POST", path, query, headers, body)) == "abc"


@pytest.mark.parametrize("known", PROTOCOLS, ids=lambda p: p.key)
def test_nothing_is_a_token_where_there_is_none(known: Protocol) -> None:
    path = known.paths[0]
    for headers in ({}, {"authorization": "Basic %%%"}, {"authorization": "Digest abc"}):
        assert known.token(Call("POST", path, "", headers)) == ""


def test_an_empty_body_of_owntracks_is_well() -> None:
    assert read(post("/ingest/owntracks", b"")).reply.body == b"[]"


@pytest.mark.parametrize(
    "kind", ["waypoint", "waypoints", "card", "cmd", "configuration", "dump", "status", "steps",
             "beacon", "lwt", "request", "unheard-of"],
)  # fmt: skip
def test_other_messages_of_owntracks_are_taken_and_hold_nothing(kind: str) -> None:
    answer = read(post("/ingest/owntracks", {"_type": kind, "lat": 46.0, "lon": 1.0, "tst": AT_S}))
    assert answer.posted.is_empty
    assert answer.reply.status == 200


def test_what_an_iphone_felt_and_a_region_are_evidence() -> None:
    felt = read(
        post(
            "/ingest/owntracks",
            {"_type": "location", "lat": 46.1, "lon": -1.1, "tst": AT_S,
             "motionactivities": ["walking"]},
        )
    ).posted  # fmt: skip
    assert felt.activities is not None
    assert felt.activities.motion.tolist() == [Motion.WALK]
    left = read(
        post("/ingest/owntracks", {"_type": "transition", "event": "leave", "tst": AT_S})
    ).posted
    assert left.marks is not None
    assert left.marks.kind.tolist() == [MarkKind.VISIT_ENDED]


def test_an_encrypted_message_stays_closed() -> None:
    content = bytes(range(60))
    posted = read(
        post(
            "/ingest/owntracks",
            {"_type": "encrypted", "data": base64.b64encode(content).decode()},
        )
    ).posted
    assert [(extra.kind, extra.body) for extra in posted.extras] == [(CLOSED, content)]


def test_an_iphone_is_never_told_to_forget_a_point() -> None:
    iphone = post("/ingest/owntracks", {}, agent="OwnTracks/18 CFNetwork/1490 Darwin/23")
    android = post("/ingest/owntracks", {}, agent="Owntracks-Android/gms/420")
    refuse = protocol("/ingest/owntracks").refuse
    assert refuse(android, Trouble.UNKNOWN).status == 401
    assert refuse(iphone, Trouble.UNKNOWN).status == 503
    for trouble in Trouble:
        status = refuse(iphone, trouble).status
        assert status == 200 or status >= 500


@pytest.mark.parametrize("known", PROTOCOLS, ids=lambda p: p.key)
def test_a_busy_site_keeps_points_on_the_phone_and_a_pause_does_not(known: Protocol) -> None:
    call = post(known.paths[0], {})
    assert known.refuse(call, Trouble.BUSY).status == 503
    assert known.refuse(call, Trouble.PAUSED).status == 200


def test_overland_in_its_owntracks_mode_is_mended_and_answered_as_it_wants() -> None:
    body = {"_type": "location", "lat": 45.2, "lon": 5.7, "tst": 806_434_679, "acc": 10}
    now_us = (806_434_679 + 978_307_200 + 30) * 1_000_000
    answer = read(post("/ingest/owntracks", body, agent="Overland/1.4"), now_us)
    assert the_fix(answer)["time_s"] == 806_434_679 + 978_307_200
    assert json.loads(answer.reply.body) == {"result": "ok"}


def test_overlands_visit_trip_and_doings() -> None:
    def feature(**properties: Any) -> dict[str, Any]:
        return {"geometry": {"coordinates": [5.73, 45.19]}, "properties": properties}

    body = {
        "locations": [
            feature(timestamp=ISO, action="visit", arrival_date="2025-10-09T08:00:00Z",
                    departure_date="2025-10-09T08:53:00Z"),
            feature(timestamp=ISO, speed=-1, course=-1, horizontal_accuracy=-1,
                    motion=["driving", "stationary"]),
            feature(timestamp=ISO, action="will_terminate"),
            {"geometry": None, "properties": {"timestamp": "soon"}},
            "nonsense",
        ],
        "current": feature(timestamp=ISO),
        "trip": {"mode": "bicycle", "start": "2025-10-09T08:53:00Z"},
    }  # fmt: skip
    answer = read(post("/ingest/overland", body))
    posted = answer.posted
    assert json.loads(answer.reply.body) == {"result": "ok"}
    assert posted.positions is not None
    assert len(posted.positions) == 1
    assert math.isnan(posted.positions.speed_mps[0])
    assert posted.claims is not None
    assert posted.claims.kind.tolist() == [ClaimKind.VISIT, ClaimKind.MOVE]
    assert posted.claims.motion.tolist() == [Motion.STILL, Motion.BIKE]
    assert posted.claims.confirmed.tolist() == [False, True]
    assert posted.marks is not None
    assert posted.marks.kind.tolist() == [MarkKind.TRACKING_STOPPED]
    assert posted.activities is not None
    assert len(posted.activities) == 2


def test_a_batch_that_cannot_be_read_does_not_block_overland_for_ever() -> None:
    known = protocol("/ingest/overland")
    call = post("/ingest/overland", b"{")
    assert known.read(call, NOW_US) is None
    assert known.refuse(call, Trouble.UNREADABLE).status == 200


def test_a_clock_that_runs_ahead_is_set_to_the_hour_of_receipt() -> None:
    body = {"_type": "location", "lat": 46.0, "lon": 1.0, "tst": AT_S + 86_400}
    assert the_fix(read(post("/ingest/owntracks", body)))["time_s"] == NOW_US / 1e6


def test_nowhere_is_refused() -> None:
    for lat, lon in ((0, 0), (91, 0), (46, 181), (None, 1), ("nan", 1)):
        body = {"_type": "location", "lat": lat, "lon": lon, "tst": AT_S}
        assert read(post("/ingest/owntracks", body)).posted.is_empty


def test_a_sign_of_life_of_traccar_holds_no_point() -> None:
    answer = read(Call("GET", "/ingest/osmand", f"id=1&timestamp={AT_S}&cell=208,01,16,2224"))
    assert answer.posted.positions is None
    assert answer.reply.status == 200


def test_points_tell_what_is_kept_and_what_is_not() -> None:
    body = {
        "points": [
            {"id": "a", "time": ISO, "lat": 46.1, "lon": -1.1},
            {"id": "b", "time": ISO, "lat": 0, "lon": 0},
            {"id": "c", "lat": 46.1, "lon": -1.1},
            7,
        ],
        "trips": [
            {"id": "t", "start": "2025-10-09T08:00:00Z", "end": ISO, "mode": "bike"},
            {"id": "u", "start": "2025-10-09T07:00:00Z", "end": "2025-10-09T07:30:00Z"},
            {"id": "v", "start": ISO, "end": "2025-10-09T08:00:00Z", "mode": "bike"},
        ],
    }
    answer = read(post("/ingest/points", body))
    told = json.loads(answer.reply.body)
    assert told["accepted"] == ["a", "t", "u"]
    assert [(r["id"], r["code"]) for r in told["refused"]] == [
        ("b", "position-zero"), ("c", "position-undated"), ("", "record-broken"),
        ("v", "claim-unreadable"),
    ]  # fmt: skip
    claims = answer.posted.claims
    assert claims is not None
    assert (claims.motion.tolist(), claims.confirmed.tolist()) == ([Motion.BIKE], [True])
    assert answer.posted.marks is not None
    assert len(answer.posted.marks) == 4


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["_type", "lat", "lon", "tst", "locations", "properties", "geometry", "coordinates",
             "timestamp", "location", "coords", "latitude", "longitude", "position", "points",
             "trips", "features", "id", "time", "data", "trip", "mode", "start", "action",
             "activity", "battery", "level", "motion", "speed"]
        ),
        inner, max_size=6,
    ),
    max_leaves=20,
)  # fmt: skip


@pytest.mark.parametrize("known", PROTOCOLS, ids=lambda p: p.key)
@given(value=_json, query=st.text(max_size=40))
@settings(max_examples=80, deadline=None)
def test_whatever_is_sent_raises_nothing(known: Protocol, value: Any, query: str) -> None:
    call = post(known.paths[0], json.dumps(value).encode(), query=query)
    known.token(call)
    known.read(call, NOW_US)


@pytest.mark.parametrize("known", PROTOCOLS, ids=lambda p: p.key)
@given(body=st.binary(max_size=200))
@settings(max_examples=40, deadline=None)
def test_whatever_bytes_are_sent_raise_nothing(known: Protocol, body: bytes) -> None:
    for kind in ("application/json", "application/x-www-form-urlencoded", ""):
        call = Call("POST", known.paths[0], "", {"content-type": kind}, body)
        known.token(call)
        known.read(call, NOW_US)


OF_SAMPLE = {
    "colota.json": ("/ingest/owntracks", 1),
    "gpslogger_dawarich_batch.json": ("/api/v1/overland/batches", 1),
    "homeassistant_rest_command.json": ("/ingest/homeassistant", 1),
    "overland_batch.json": ("/ingest/overland", 2),
    "overland_owntracks_mode_wrong_epoch.json": ("/ingest/owntracks", 1),
    "owntracks_android.json": ("/ingest/owntracks", 1),
    "owntracks_ios.json": ("/ingest/owntracks", 1),
    "traccar_client_9.json": ("/ingest/traccar", 1),
    "traccar_forward.json": ("/ingest/traccar", 1),
}


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared/data is absent")
@pytest.mark.parametrize("name", OF_SAMPLE)
def test_the_samples_of_each_app_are_read(name: str) -> None:
    path, n_points = OF_SAMPLE[name]
    now_us = 1_800_000_000_000_000
    answer = read(post(path, (SAMPLES / name).read_bytes()), now_us)
    assert answer.posted.positions is not None
    assert len(answer.posted.positions) == n_points
    if name == "traccar_forward.json":
        assert answer.posted.positions.speed_mps[0] == pytest.approx(4.9, abs=0.01)
    if name == "owntracks_android.json":
        assert answer.posted.positions.speed_mps[0] == pytest.approx(5.0)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared/data is absent")
def test_the_queries_of_osmand_are_read() -> None:
    lines = (SAMPLES / "osmand_queries.txt").read_text().split()
    got = [read(Call("GET", "/ingest/osmand", line.lstrip("?"))).posted for line in lines]
    speeds = [
        None if p.positions is None else round(float(p.positions.speed_mps[0]), 2) for p in got
    ]
    assert speeds[:2] == [4.9, 4.9]
    assert got[3].positions is None
    assert math.isnan(speeds[2] or 0.0)
