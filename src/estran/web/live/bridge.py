"""From a broker of MQTT to the door: what phones publish in the manner of OwnTracks.

The last part of the topic is the device's token, as the bearer's is in HTTP: the broker decides
who may write there at all, and nobody adds to a vault whose token they do not know. A message is
acknowledged to the broker once it is on the disk; until then the broker keeps it and sends it
again, so that neither a killed bridge nor a full disk loses one.
"""

from __future__ import annotations

import hmac
import logging
import threading
import time
from enum import StrEnum
from typing import Any

import paho.mqtt.client as mqtt
from django.conf import settings
from django.db import DatabaseError
from paho.mqtt.enums import CallbackAPIVersion

from estran.errors import Refusal
from estran.web.live.door import take
from estran.web.live.known import BOOK
from estran.web.live.setup import PATHS, Broker
from estran.wire.table import by_path
from estran.wire.values import Call

_log = logging.getLogger(__name__)

TOPICS = tuple(
    f"owntracks/+/+{kind}" for kind in ("", "/event", "/step", "/waypoint", "/waypoints")
)
"""What OwnTracks publishes of moves: neither its commands nor its pictures of people."""

KEPT_ALIVE_S = 60
REST_S = 5.0
"""Before the next attempt, where the broker or the disk refused."""
TOLD_EVERY_S = 600.0
_POLL_S = 0.2
_AT_LEAST_ONCE = 1
_LONGEST_BYTES = 1024 * 1024
"""A message of OwnTracks has a few hundred; one with a photo some hundred thousand."""


class Outcome(StrEnum):
    """What became of a message."""

    KEPT = "kept"
    NOTHING = "nothing"
    """It held nothing to keep, or its device is paused."""
    UNKNOWN = "unknown"
    """Its topic names no device: the token was renewed, or never was."""
    LATER = "later"
    """Nothing can be kept now: the broker shall send it again."""


def token_in(topic: str) -> str:
    """Give the token in a topic, ``""`` where it is none of OwnTracks'.

    Examples
    --------
    >>> token_in("owntracks/phones/abc/event"), token_in("owntracks/phones")
    ('abc', '')
    """
    parts = topic.split("/")
    is_one = len(parts) in {3, 4} and parts[0] == "owntracks"
    return parts[2] if is_one else ""


def deliver(topic: str, payload: bytes, received_us: int) -> Outcome:
    """Take in one message, along the very way of a call by HTTP."""
    address = PATHS["owntracks"]
    protocol = by_path(address)
    if protocol is None:
        return Outcome.LATER
    try:
        known = BOOK.find(token_in(topic))
        if known is None:
            return Outcome.UNKNOWN
        if not known.takes or len(payload) > _LONGEST_BYTES:
            return Outcome.NOTHING
        call = Call("POST", address, headers={"content-type": "application/json"}, body=payload)
        answer = protocol.read(call, received_us)
        if answer is None or answer.posted.is_empty:
            return Outcome.NOTHING
        take(known, protocol.key, answer.posted, received_us)
    except (Refusal, DatabaseError, OSError):
        return Outcome.LATER
    return Outcome.KEPT


def client_id() -> str:
    """Name this site to the broker, always the same: it keeps for it what comes meanwhile."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), b"mqtt", "sha256")
    return f"estran-{digest.hex()[:16]}"


class Bridge:
    """One connection to the broker, made again until told to stop."""

    def __init__(self, broker: Broker, *, ca_file: str = "") -> None:
        self._broker = broker
        self._ca_file = ca_file
        self._broken = threading.Event()
        self.listens = threading.Event()
        """Set once the broker keeps for this bridge what phones publish."""
        self._n_unknown = 0
        self._told_s = -TOLD_EVERY_S
        self._is_told = False

    def run(self, stopping: threading.Event) -> None:
        """Take in what comes until ``stopping`` is set."""
        while not stopping.is_set():
            self._broken.clear()
            client = self._client()
            try:
                client.connect(self._broker.host, self._broker.port, KEPT_ALIVE_S)
            except (OSError, ValueError) as error:
                self._tell("the broker is not reached: %s", type(error).__qualname__)
                stopping.wait(REST_S)
                continue
            client.loop_start()
            while not (self._broken.is_set() or stopping.wait(_POLL_S)):
                pass
            client.disconnect()
            client.loop_stop()
            if self._broken.is_set():
                stopping.wait(REST_S)

    def _client(self) -> mqtt.Client:
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id(),
            clean_session=False,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        if self._broker.user:
            client.username_pw_set(self._broker.user, self._broker.password)
        if self._broker.is_tls:
            client.tls_set(ca_certs=self._ca_file or None)
        client.on_connect = self._connected
        client.on_disconnect = self._disconnected
        client.on_message = self._came
        client.on_subscribe = self._subscribed
        return client

    def _connected(self, client: mqtt.Client, _data: Any, _flags: Any, code: Any, _p: Any) -> None:
        if code.is_failure:
            self._tell("the broker lets the bridge not in: %s", str(code))
            self._broken.set()
            return
        client.subscribe([(topic, _AT_LEAST_ONCE) for topic in TOPICS])

    def _subscribed(self, _client: Any, _data: Any, _mid: Any, codes: Any, _p: Any) -> None:
        if any(code.is_failure for code in codes):
            self._tell("the broker lets the bridge not read: look at its list of rights%s", "")
            self._broken.set()
            return
        self.listens.set()
        if self._is_told:
            _log.warning("the broker is reached again")
            self._is_told = False

    def _disconnected(self, _client: Any, _data: Any, _flags: Any, _code: Any, _p: Any) -> None:
        self._broken.set()

    def _came(self, client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        if self._broken.is_set():
            return  # What follows one that was not kept comes again after it.
        outcome = deliver(message.topic, bytes(message.payload), time.time_ns() // 1000)
        if outcome is Outcome.LATER:
            self._tell("what phones published stays with the broker%s", "")
            self._broken.set()
            return
        if outcome is Outcome.UNKNOWN:
            self._count_unknown()
        client.ack(message.mid, message.qos)

    def _count_unknown(self) -> None:
        self._n_unknown += 1
        now_s = time.monotonic()
        if now_s - self._told_s >= TOLD_EVERY_S:
            _log.warning("%d messages named no device of this site", self._n_unknown)
            self._told_s, self._n_unknown = now_s, 0

    def _tell(self, words: str, why: str) -> None:
        """Log once what is wrong, not at each attempt."""
        if not self._is_told:
            _log.error(words, why)
        self._is_told = True
