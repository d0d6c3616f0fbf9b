"""The bridge from MQTT, with a real broker where there is one: nothing acknowledged is lost."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest

from estran.errors import VaultFull
from estran.web.live import bridge
from estran.web.live.bridge import Outcome, deliver, token_in
from estran.web.live.setup import Broker
from estran.web.live.spool import folder, frames

from .bridging import PLAIN, TOKEN, Book, known_of
from .broker import MOSQUITTO, REASON, Phone, Running, broker
from .site import Browser, wait_for
from .site import running as on_folder

needs_broker = pytest.mark.skipif(MOSQUITTO is None, reason=REASON)
TOPIC = f"owntracks/phones/{TOKEN}"
ROOT = Path(__file__).resolve().parents[2]


def point(n: int) -> bytes:
    told = {"_type": "location", "lat": 46.0, "lon": -1.0, "tst": 1_780_000_000 + n}
    return json.dumps(told).encode()


def kept() -> set[bytes]:
    """Names of the parcels that are on the disk."""
    paths = [path for path in folder().glob("*.*") if path.suffix in {".log", ".taken"}]
    return {frame.batch for path in paths for frame in frames(path.read_bytes())}


@pytest.fixture
def one_device(monkeypatch):
    monkeypatch.setattr(bridge, "by_path", lambda _path: PLAIN)
    monkeypatch.setattr(bridge, "BOOK", Book(known_of()))
    monkeypatch.setattr(bridge, "REST_S", 0.1)


@pytest.fixture
def running(tmp_path) -> Iterator[Running]:
    with broker(tmp_path / "broker") as started:
        yield started


@contextlib.contextmanager
def bridging(running: Running, ca_file: str = "") -> Iterator[None]:
    stopping = threading.Event()
    made = bridge.Bridge(running.account("bridge"), ca_file=ca_file)
    thread = threading.Thread(target=made.run, args=(stopping,), daemon=True)
    thread.start()
    assert made.listens.wait(20)
    try:
        yield
    finally:
        stopping.set()
        thread.join(timeout=20)


@pytest.mark.parametrize(
    ("topic", "token"),
    [
        (TOPIC, TOKEN), (f"{TOPIC}/event", TOKEN), (f"{TOPIC}/a/b", ""),
        (f"other/phones/{TOKEN}", ""), ("owntracks/phones", ""), ("", ""),
    ],
)  # fmt: skip
def test_the_token_is_the_third_part_of_a_topic(topic, token):
    assert token_in(topic) == token


def test_a_message_goes_the_way_of_a_call(one_device, data):
    assert deliver(TOPIC, point(1), 0) is Outcome.KEPT
    assert deliver("owntracks/phones/another", point(2), 0) is Outcome.UNKNOWN
    assert deliver(TOPIC, b"not json", 0) is Outcome.NOTHING
    assert deliver(TOPIC, b"x" * 2_000_000, 0) is Outcome.NOTHING
    assert len(kept()) == 1


def test_a_paused_device_adds_nothing_by_mqtt(one_device, monkeypatch, data):
    monkeypatch.setattr(bridge, "BOOK", Book(known_of(takes=False)))
    assert deliver(TOPIC, point(1), 0) is Outcome.NOTHING
    assert kept() == set()


@needs_broker
def test_what_a_phone_publishes_is_kept(one_device, running, data):
    with bridging(running):
        phone = Phone(running.account("phones"), "phone")
        for n in range(20):
            phone.publish(TOPIC, point(n))
        phone.publish(TOPIC, point(0))  # the same again
        phone.publish(f"{TOPIC}/event", point(20))
        phone.publish("owntracks/phones/another", point(21))
        phone.publish(f"{TOPIC}/cmd", point(22))
        phone.close()
        wait_for(lambda: len(kept()) == 21, 30)
        time.sleep(0.5)
    assert len(kept()) == 21


@needs_broker
def test_nobody_posts_for_another(one_device, running, data):
    with bridging(running):
        for topic, n in ((TOPIC, 1), ("owntracks/mallory/guessed", 2)):
            # The broker lets nobody write there but its owner, and no token is guessed.
            mallory = Phone(running.account("mallory"), "mallory")
            mallory.attempt(topic, point(n))
            mallory.close()
        phone = Phone(running.account("phones"), "phone")
        phone.publish(TOPIC, point(3))
        wait_for(lambda: len(kept()) == 1, 30)
        phone.close()
    assert len(kept()) == 1


@needs_broker
def test_nobody_but_the_bridge_reads(running):
    heard: list[bytes] = []
    mallory = Phone(running.account("mallory"), "mallory")
    mallory.client.on_message = lambda _c, _d, message: heard.append(bytes(message.payload))
    mallory.client.subscribe("owntracks/#", qos=1)
    phone = Phone(running.account("phones"), "phone")
    phone.publish(TOPIC, point(1))
    time.sleep(0.5)
    mallory.close()
    phone.close()
    assert heard == []


@needs_broker
def test_what_cannot_be_kept_now_comes_again(one_device, running, monkeypatch, data):
    is_full = threading.Event()
    is_full.set()
    take = vars(bridge)["take"]

    def limited(*args):
        if is_full.is_set():
            raise VaultFull
        take(*args)

    monkeypatch.setattr(bridge, "take", limited)
    with bridging(running):
        phone = Phone(running.account("phones"), "phone")
        for n in range(5):
            phone.publish(TOPIC, point(n))
        time.sleep(1.0)
        assert kept() == set()
        is_full.clear()
        wait_for(lambda: len(kept()) == 5, 30)
        phone.close()


@needs_broker
def test_a_broker_is_reached_by_tls_and_its_certificate_is_checked(one_device, tmp_path, data):
    with broker(tmp_path / "broker", is_tls=True) as running:
        ca_file = str(running.folder / "certificate")
        with bridging(running, ca_file):
            phone = Phone(running.account("phones"), "phone", ca_file)
            phone.publish(TOPIC, point(1))
            wait_for(lambda: len(kept()) == 1, 30)
            phone.close()
        stopping = threading.Event()
        made = bridge.Bridge(running.account("bridge"))
        thread = threading.Thread(target=made.run, args=(stopping,), daemon=True)
        thread.start()
        assert not made.listens.wait(1.0)  # the system does not know who signed it
        stopping.set()
        thread.join(timeout=20)


@needs_broker
def test_a_broker_that_refuses_the_bridge_is_asked_again_and_told_once(
    one_device, running, caplog, data
):
    stopping = threading.Event()
    account = running.account("bridge")
    made = bridge.Bridge(Broker(account.host, account.port, is_tls=False, user="x", password="y"))
    thread = threading.Thread(target=made.run, args=(stopping,), daemon=True)
    thread.start()
    assert not made.listens.wait(1.0)
    stopping.set()
    thread.join(timeout=20)
    said = [record.getMessage() for record in caplog.records if "bridge" in record.name]
    assert len(said) == 1
    assert "lets the bridge not in" in said[0]


@needs_broker
def test_a_broker_that_restarts_keeps_what_waits(one_device, running, data):
    with bridging(running):
        phone = Phone(running.account("phones"), "phone")
        phone.publish(TOPIC, point(1))
        wait_for(lambda: len(kept()) == 1, 30)
        phone.close()
    # Nobody listens now; the broker keeps what comes, also over its own restart.
    phone = Phone(running.account("phones"), "phone")
    phone.publish(TOPIC, point(2))
    phone.close()
    running.stop()
    running.start()
    with bridging(running):
        wait_for(lambda: len(kept()) == 2, 30)


@needs_broker
def test_a_killed_bridge_loses_nothing(running, data):
    url = f"mqtt://bridge:{quote('bridge secret')}@127.0.0.1:{running.port}"
    env = {
        **os.environ, "ESTRAN_DATA": str(data), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "estran.web.config.settings",
    }  # fmt: skip

    def started() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.web.bridging", url]
        return subprocess.Popen(command, env=env, cwd=ROOT)  # noqa: S603 - our own

    phone = Phone(running.account("phones"), "phone")
    process = started()

    def began() -> bool:
        phone.publish(TOPIC, point(0))
        return bool(kept())

    wait_for(began, 60)  # it listens by now
    n_points, n_kills = 1, 5
    for _ in range(n_kills):
        before = len(kept())

        def goes_on(before: int = before) -> bool:
            return len(kept()) > before

        for _ in range(60):
            phone.publish(TOPIC, point(n_points))
            n_points += 1
        wait_for(goes_on, 30)
        process.send_signal(signal.SIGKILL)  # in the middle of what is acknowledged to phones
        process.wait()
        process = started()
    try:
        wait_for(lambda: len(kept()) == n_points, 60)
    finally:
        process.kill()
        process.wait()
        phone.close()
    assert len(kept()) == n_points


@needs_broker
def test_a_running_site_takes_in_what_owntracks_publishes(running, tmp_path, monkeypatch):
    port = running.port
    monkeypatch.setenv("ESTRAN_MQTT_URL", f"mqtt://bridge:bridge%20secret@127.0.0.1:{port}")
    monkeypatch.setenv("ESTRAN_MQTT_PHONES", f"mqtt://phones:phones%20secret@127.0.0.1:{port}")
    with on_folder(tmp_path / "site") as site:
        person = Browser(site).sign_up()
        values = {"name": "Pocket", "phone": "android", "sampling": "fine"}
        _, headers, _ = person.post("/devices/new/owntracks/", **values)
        page = unescape(person.ask("GET", headers["location"])[2].decode())
        links = re.findall(r'href="owntracks:///config\?inline=([^"]+)"', page)
        told = json.loads(base64.b64decode(links[1]))
        account = Broker(
            told["host"], told["port"], is_tls=False,
            user=told["username"], password=told["password"],
        )  # fmt: skip
        state = headers["location"].replace("connect", "state")

        def is_heard() -> bool:
            return bool(json.loads(person.ask("GET", state)[2])["heard"])

        phone = Phone(account, told["clientId"])

        def began() -> bool:
            phone.publish(told["pubTopicBase"], point(0))
            return is_heard()

        wait_for(began, 60)
        bridges = [pid for pid, line in site.children().items() if "running.bridge" in line]
        assert len(bridges) == 1
        os.kill(bridges[0], signal.SIGKILL)
        for n in range(1, 20):
            phone.publish(told["pubTopicBase"], point(n))
        phone.close()
        remove = headers["location"].replace("connect", "remove")

        def has_all() -> bool:
            return b'value="20-' in person.ask("GET", remove)[2]

        wait_for(has_all, 60)
