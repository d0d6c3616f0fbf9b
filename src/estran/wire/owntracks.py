"""OwnTracks by HTTP (and, behind a bridge, MQTT): one message a call.

The iPhone's app deletes a message that is answered with 4xx, so a token that opens nothing is
answered 503 there: the points wait until the person has mended the address.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from typing import Any

import msgspec
from nacl.secret import SecretBox

from estran.formats.owntracks.messages import Message, tell
from estran.formats.told import Told
from estran.units import MPS_PER_KMH
from estran.wire.calling import json_of, posted_of, refusing, usual_token
from estran.wire.values import NOTHING, Answer, Call, Extra, Protocol, Reply, Trouble

KEY = "owntracks"
CLOSED = "owntracks-closed"
"""Kind of the extras that hold a message which the app encrypted itself."""

_TAKEN = Reply(body=b"[]")
_OVERLAND_TAKEN = Reply(body=b'{"result":"ok"}')
_LONGEST_CLOSED = 65_536


def message_of(value: Any) -> Message | None:
    """Make a message of JSON, None where it is no object."""
    if not isinstance(value, dict):
        return None
    try:
        return msgspec.convert(value, Message)
    except msgspec.MsgspecError:
        return None


def read(call: Call, received_us: int) -> Answer | None:
    """Read a message; an empty body is one too (a friend was deleted)."""
    if not call.body.strip():
        return Answer(NOTHING, _TAKEN)
    value = json_of(call)
    messages = value if isinstance(value, list) else [value]
    read_ones = [message for one in messages if (message := message_of(one)) is not None]
    if not read_ones:
        return None
    told, closed = Told(), []
    for message in read_ones:
        if message.type == "encrypted":
            closed += _closed(message)
        else:
            tell(message, told, before_us=received_us, mps_per_vel=_unit(call))
    posted = posted_of(told, received_us)
    return Answer(replace(posted, extras=tuple(closed)), _reply(call, read_ones[0]))


def _unit(call: Call) -> float:
    """Tell the unit of ``vel``: Colota borrows this shape and writes m/s."""
    return 1.0 if "colota" in call.headers.get("user-agent", "").lower() else MPS_PER_KMH


def _reply(call: Call, message: Message) -> Reply:
    """Answer Overland, in its OwnTracks mode, with the object that it wants."""
    is_overland = "overland" in call.headers.get("user-agent", "").lower()
    return _OVERLAND_TAKEN if is_overland and not (message.tid or message.id) else _TAKEN


def _closed(message: Message) -> list[Extra]:
    try:
        content = base64.b64decode(message.data, validate=True)
    except (binascii.Error, TypeError, ValueError):
        return []
    is_one = SecretBox.NONCE_SIZE + SecretBox.MACBYTES < len(content) <= _LONGEST_CLOSED
    return [Extra(CLOSED, content)] if is_one else []


_refuse = refusing([], challenge=True)


def refuse(call: Call, trouble: Trouble) -> Reply:
    """Answer trouble; an iPhone keeps its message only at 5xx."""
    agent = call.headers.get("user-agent", "").lower()
    on_iphone = "cfnetwork" in agent or "darwin" in agent or "ios" in agent
    if trouble is Trouble.UNREADABLE:
        return _TAKEN  # Sent again it reads no better, and others wait behind it.
    if on_iphone and trouble in {Trouble.UNKNOWN, Trouble.TOO_LARGE}:
        trouble = Trouble.BUSY if trouble is Trouble.UNKNOWN else Trouble.PAUSED
    return _refuse(call, trouble)


def token(call: Call) -> str:
    """Find the token: the password, a bearer, or in the query."""
    return usual_token(call)


PROTOCOL = Protocol(
    KEY, ("/ingest/owntracks", "/pub", "/api/v1/owntracks/points"), token, read, refuse
)
