"""What a set-up app sends is what the door takes: addresses, tokens and units of one another."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from estran.vault.chunks import Kind
from estran.web.live import setup
from estran.web.live.calls import trackers_first
from estran.web.live.connecting import code_for
from estran.web.live.draining import drain
from estran.web.live.setup import Connection
from estran.wire.table import by_path
from estran.wire.values import Call

from .test_devices import add, link_in
from .test_imports import vault_of

TOKEN = "abcdefghijkmnpqrstuvwxyz23456789"
TO = Connection("https://estran.example", TOKEN)
TST = 1_780_300_800
WHEN = datetime.fromtimestamp(TST, UTC).isoformat()
NOW_US = (TST + 60) * 1_000_000
JSON = {"content-type": "application/json"}
BEARER = {**JSON, "authorization": f"Bearer {TOKEN}"}


def basic(user: str, password: str) -> dict[str, str]:
    proof = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {**JSON, "authorization": f"Basic {proof}"}


def overland() -> Call:
    told = parse_qs(urlsplit(setup.overland_link(TO)).query)
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [-1.15, 46.16]},
        "properties": {
            "timestamp": WHEN, "speed": 10, "horizontal_accuracy": 8, "battery_level": 0.5,
            "device_id": told["device_id"][0], "motion": ["cycling"], "wifi": None,
        },
    }  # fmt: skip
    headers = {**JSON, "authorization": f"Bearer {told['token'][0]}"}
    path = urlsplit(told["url"][0]).path
    return Call("POST", path, "", headers, json.dumps({"locations": [feature]}).encode())


def colota() -> Call:
    told = setup.colota_configuration(TO)
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [-1.15, 46.16]},
        "properties": {
            "timestamp": WHEN.replace("+00:00", "Z"), "horizontal_accuracy": 12, "speed": 10,
            "course": 180.5, "battery_level": 0.85, "battery_state": "charging",
        },
    }  # fmt: skip
    body = json.dumps({"locations": [feature], "device_id": "phone"}).encode()
    return Call("POST", urlsplit(str(told["endpoint"])).path, "", BEARER, body)


def owntracks() -> Call:
    told: Any = setup.owntracks_configuration(TO)
    point = {
        "_type": "location", "lat": 46.16, "lon": -1.15, "tst": TST, "acc": 9, "vel": 36, "bs": 1,
        "t": "t", "topic": "owntracks/estran/phone", "_id": "a1",
    }  # fmt: skip
    headers = basic(told["username"], told["password"])
    return Call("POST", urlsplit(told["url"]).path, "", headers, json.dumps(point).encode())


def gpslogger() -> Call:
    lines = [line.split("=", 1) for line in setup.gpslogger_profile(TO).splitlines() if "=" in line]
    told = {name: value for name, value in lines}  # noqa: C416 - of two, as mypy sees it
    filled = told["log_customurl_body"]
    for name, value in (
        ("%SPD_KPH", "36.0"), ("%LAT", "46.16"), ("%LON", "-1.15"), ("%TIMESTAMP", str(TST)),
        ("%ACC", "8.0"), ("%ALT", "12.0"), ("%DIR", "90.0"), ("%BATT", "50"),
        ("%ISCHARGING", "false"),
    ):  # fmt: skip
        filled = filled.replace(name, value)
    headers = basic(
        told["log_customurl_basicauth_username"], told["log_customurl_basicauth_password"]
    )
    path = urlsplit(told["log_customurl_url"]).path
    return Call(told["log_customurl_method"], path, "", headers, filled.encode())


def traccar() -> Call:
    told = parse_qs(urlsplit(setup.traccar_link(TO)).query)
    coords = {
        "latitude": 46.16, "longitude": -1.15, "accuracy": 8, "speed": 10, "heading": 90,
        "altitude": 12,
    }  # fmt: skip
    location = {
        "timestamp": WHEN.replace("+00:00", ".000Z"), "coords": coords, "is_moving": True,
        "odometer": 0, "event": "", "battery": {"level": 0.5, "is_charging": False},
        "activity": {"type": "on_bicycle"}, "extras": {},
    }  # fmt: skip
    body = {"location": location, "device_id": told["id"][0]}
    path = urlsplit(told["url"][0]).path
    return Call("POST", path, "", JSON, json.dumps(body).encode())


def homeassistant() -> Call:
    files = setup.homeassistant_files(TO)
    address = re.search(r'url: "([^"]+)"', files["configuration.yaml"])
    proof = re.search(r'estran_authorization: "([^"]+)"', files["secrets.yaml"])
    assert address is not None
    assert proof is not None
    body = {
        "device_id": "device_tracker.my_phone", "timestamp": WHEN,
        "location": {
            "latitude": 46.16, "longitude": -1.15, "accuracy": 8, "altitude": None, "speed": None,
        },
    }  # fmt: skip
    headers = {**JSON, "authorization": proof[1]}
    return Call("POST", urlsplit(address[1]).path, "", headers, json.dumps(body).encode())


def phonetrack() -> Call:
    address = setup.phonetrack_query(TO)
    for name, value in (
        ("%LAT", "46.16"), ("%LON", "-1.15"), ("%TIMESTAMP", str(TST)), ("%ACC", "8"),
        ("%ALT", "12"), ("%SPD", "10"), ("%DIR", "90"), ("%BATT", "50"),
    ):  # fmt: skip
        address = address.replace(name, value)
    parts = urlsplit(address)
    return Call("GET", parts.path, parts.query)


def script() -> Call:
    words = setup.curl_example(TO)
    address = re.match(r"curl (\S+)", words)
    body = re.search(r"-d '(.*)'", words)
    assert address is not None
    assert body is not None
    return Call("POST", urlsplit(address[1]).path, "", BEARER, body[1].encode())


CALLS = (owntracks, overland, colota, gpslogger, traccar, homeassistant, phonetrack, script)


@pytest.mark.parametrize("make", CALLS, ids=lambda make: make.__name__)
def test_what_a_set_up_app_sends_is_taken(make):
    call = make()
    protocol = by_path(call.path)
    assert protocol is not None, call.path
    assert protocol.token(call) == TOKEN
    answer = protocol.read(call, NOW_US)
    assert answer is not None
    assert answer.reply.status in {200, 201}
    rows = answer.posted.positions
    assert rows is not None
    assert len(rows) == 1
    assert round(float(rows.lat_deg[0]), 5) == 46.16
    assert round(float(rows.lon_deg[0]), 5) == -1.15
    if make is not script:
        assert int(rows.time_us[0]) == TST * 1_000_000
    if make not in {script, homeassistant}:
        # Kilometres an hour here, metres a second there: the door knows whose are whose.
        assert round(float(rows.speed_mps[0]), 2) == 10.0


def post(address: str, headers: dict[str, str], body: bytes) -> int:
    """Call the site as a phone does."""
    statuses: list[int] = []
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": urlsplit(address).path, "QUERY_STRING": "",
        "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": headers["content-type"],
        "HTTP_AUTHORIZATION": headers["authorization"], "wsgi.input": BytesIO(body),
    }  # fmt: skip

    def start(status: str, _headers: Any) -> None:
        statuses.append(int(status.split(maxsplit=1)[0]))

    def nobody(_environ: Any, _start: Any) -> Iterator[bytes]:
        pytest.fail("no tracker answers there")

    list(trackers_first(nobody)(environ, start))
    return statuses[0]


@pytest.mark.django_db
def test_the_code_on_the_page_is_that_very_link(alice):
    _, page, _ = add(alice)
    drawn = re.search(r' d="([^"]+)"/></svg>', code_for(link_in(page), ""))
    assert drawn is not None
    assert f' d="{drawn[1]}"' in page


@pytest.mark.django_db
def test_a_point_sent_with_what_the_code_holds_lands_in_the_vault(alice, work_off):
    _, page, _ = add(alice)
    link = link_in(page)
    told = json.loads(base64.b64decode(unescape(link).partition("inline=")[2]))
    point = {"_type": "location", "lat": 46.16, "lon": -1.15, "tst": TST, "acc": 9}
    headers = basic(told["username"], told["password"])
    assert post(told["url"], headers, json.dumps(point).encode()) == 200
    drain()
    alice.client.get("/journal/")
    work_off()
    assert vault_of(alice).n_rows(Kind.POSITIONS) == 1
