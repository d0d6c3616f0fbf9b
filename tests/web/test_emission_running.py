"""The same conversations with a site that really runs: a phone, a lost reply, a konnector."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import re
import socket
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from .emitting import Konnector, Phone, label, ride
from .site import Browser, Site, running, wait_for

MOBILITYNET = Path(__file__).parents[3] / "shared" / "data" / "mobilitynet"


def join(site: Site) -> tuple[Phone, Browser]:
    browser = Browser(site).sign_up()
    browser.post("/recovery/", noted="yes")
    status, headers, _ = browser.post("/devices/emission/", name="pocket")
    assert status == 302
    where = headers["location"]
    _, _, page = browser.ask("GET", where)
    found = re.search(rb"login_token\?token=(nrelop_[a-z0-9_]+)", page)
    assert found is not None
    assert browser.post(where, what="allow", days="30")[0] == 302

    def post(path: str, body: bytes) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()

    return Phone(post, found[1].decode()), browser


def lose_reply(site: Site, phone: Phone, entries: list[dict[str, Any]]) -> None:
    """Send a batch and hang up before its answer comes."""
    body = json.dumps({"user": phone.token, "phone_to_server": entries}).encode()
    head = (
        "POST /usercache/put HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with contextlib.closing(socket.create_connection(("127.0.0.1", site.port))) as connection:
        connection.sendall(head.encode() + body)


def rest_no_longer(site: Site) -> None:
    """Let the next job begin at once: between two the site rests, which nobody waits for here."""
    with contextlib.closing(sqlite3.connect(site.data / "estran.sqlite3", timeout=20)) as database:
        database.execute("update jobs_job set not_before = null")
        database.commit()


def test_a_phone_and_a_cozy_with_a_running_site(tmp_path):
    with running(tmp_path / "data") as site:
        phone, _ = join(site)
        assert phone.ask("/profile/create") == phone.ask("/profile/create")
        entries = ride()
        lose_reply(site, phone, entries)
        phone.put(*entries)
        cozy = Konnector(phone)

        def fetched() -> bool:
            cozy.run()
            return bool(cozy.saved)

        wait_for(fetched, 120)
        [trip] = phone.find("analysis/cleaned_trip")
        written_s = trip["metadata"]["write_ts"] + 1
        phone.put(label("mode_confirm", trip, "bus", written_s))
        phone.ask("/cozy/run/pipeline")

        def labelled() -> bool:
            rest_no_longer(site)
            cozy.run()
            return bool(cozy.saved[0]["properties"].get("manual_mode") == "bus")

        wait_for(labelled, 120)
        assert len(cozy.saved) == 1
        positions = phone.find("background/location", key_time="data.ts")
        assert len(positions) == len(entries)


@pytest.mark.data
@pytest.mark.skipif(not MOBILITYNET.is_dir(), reason="the shared data are not here")
def test_a_whole_stream_of_a_real_phone_becomes_trips(tmp_path):
    folder = MOBILITYNET / "unimodal_trip_car_bike_mtv_la" / "ucb-sdb-android-2"
    path = max(folder.glob("*.jsonl.gz"), key=lambda p: p.stat().st_size)
    entries = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    with running(tmp_path / "data") as site:
        phone, _ = join(site)
        for n in range(0, len(entries), 10_000):
            phone.put(*entries[n : n + 10_000])
        cozy = Konnector(phone)

        def fetched() -> bool:
            cozy.run()
            return bool(cozy.saved)

        wait_for(fetched, 180)
        assert len(cozy.saved) == len(phone.find("analysis/composite_trip"))
