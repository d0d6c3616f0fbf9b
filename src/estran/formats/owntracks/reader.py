"""Reads OwnTracks' lines and lists, and keeps phones apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import msgspec

from estran.errors import FileHostile
from estran.formats.fields import veiled
from estran.formats.json_stream import records
from estran.formats.owntracks.messages import Message, tell
from estran.formats.piling import Pile
from estran.formats.reading import Batch, Faults
from estran.formats.told import Told
from estran.trace import Source, Stream

_DECODER = msgspec.json.Decoder(Message)
_LIST = msgspec.json.Decoder(list[Message])
_LINE_LIMIT_BYTES = 1 << 20
"""A message with a picture of the person's own comes near; no other does."""
_DEVICE_LIMIT = 256
_HELD_ROWS = 20_000
_NAME_LIMIT = 64


class Phones:
    """What each phone told, given out when there is enough of it."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._told: dict[str, Told] = {}
        self._pile = Pile()
        self._n_held = 0

    def take(self, message: Message, where: str) -> None:
        """Read a message."""
        phone = _phone_of(message)
        if phone not in self._told and len(self._told) >= _DEVICE_LIMIT:
            self._faults.add("device-too-many", where)
            phone = ""
        told = self._told.setdefault(phone, Told())
        fault = tell(message, told)
        if fault:
            self._faults.add(fault, where)
        self._n_held += 1

    def ripe(self) -> Iterator[Batch]:
        """Give out what there is, once it is enough."""
        if self._n_held >= _HELD_ROWS:
            self._flush()
            yield from self._pile.ripe()

    def rest(self) -> Iterator[Batch]:
        """Give out everything."""
        self._flush()
        yield from self._pile.rest()

    def _flush(self) -> None:
        for phone, told in self._told.items():
            key = f"owntracks/{veiled(phone)}" if phone else "owntracks"
            source = Source(key, "owntracks", phone.rpartition("/")[2], Stream.RECORDED)
            self._pile.add(
                source, positions=told.positions(), activities=told.activities(),
                marks=told.marked(),
            )  # fmt: skip
        self._told = {phone: Told() for phone in self._told}
        self._n_held = 0


def _phone_of(message: Message) -> str:
    """Name the phone: ``user/device`` of the topic, else its two letters."""
    if isinstance(message.topic, str):
        parts = [part for part in message.topic.split("/") if part]
        if len(parts) > 2 and parts[0] == "owntracks":  # noqa: PLR2004 - owntracks/user/device
            return f"{parts[1]}/{parts[2]}"[:_NAME_LIMIT]
        if parts:
            return "/".join(parts[:2])[:_NAME_LIMIT]
    return message.tid[:_NAME_LIMIT] if isinstance(message.tid, str) else ""


def written(stream: BinaryIO, phones: Phones, faults: Faults) -> Iterator[Batch]:
    """Read the recorder's lines; tabs or blanks may stand between their parts."""
    for number, line in enumerate(_lines(stream), 1):
        start = line.find(b"{")
        where = f"line {number}"
        message = _message_of(line[start:]) if start >= 0 else None
        if message is not None:
            phones.take(message, where)
        elif line.strip():
            faults.add("record-broken", where)
        yield from phones.ripe()


def _message_of(text: bytes) -> Message | None:
    try:
        return _DECODER.decode(text.strip())
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    held = b""
    while piece := stream.read(1 << 16):
        *lines, held = (held + piece).split(b"\n")
        yield from lines
        if len(held) > _LINE_LIMIT_BYTES:
            raise FileHostile
    yield held


def listed(
    stream: BinaryIO, keys: Sequence[str], phones: Phones, faults: Faults
) -> Iterator[Batch]:
    """Read a list of messages, the recorder's wrapping around one, or messages in a row."""
    n_before = 0
    for _, messages in records(stream, dict.fromkeys(keys, _LIST), faults):
        for message in messages:
            n_before += 1
            phones.take(message, f"record {n_before}")
        yield from phones.ripe()
