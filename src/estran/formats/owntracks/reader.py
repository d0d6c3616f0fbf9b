"""Reads OwnTracks' lines and lists, and keeps phones apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import BinaryIO

import msgspec

from estran.formats.fields import veiled
from estran.formats.json_stream import records
from estran.formats.owntracks.messages import Message, tell
from estran.formats.phones import NAME_LIMIT, Phones, lines_of
from estran.formats.reading import Batch, Faults
from estran.trace import Source, Stream

_DECODER = msgspec.json.Decoder(Message)
_LIST = msgspec.json.Decoder(list[Message])


def source_of(phone: str) -> Source:
    """Make the source of a phone, ``user/device``."""
    key = f"owntracks/{veiled(phone)}" if phone else "owntracks"
    return Source(key, "owntracks", phone.rpartition("/")[2], Stream.RECORDED)


def _phone_of(message: Message) -> str:
    """Name the phone: ``user/device`` of the topic, else its two letters."""
    if isinstance(message.topic, str):
        parts = [part for part in message.topic.split("/") if part]
        if len(parts) > 2 and parts[0] == "owntracks":  # noqa: PLR2004 - owntracks/user/device
            return f"{parts[1]}/{parts[2]}"[:NAME_LIMIT]
        if parts:
            return "/".join(parts[:2])[:NAME_LIMIT]
    return message.tid[:NAME_LIMIT] if isinstance(message.tid, str) else ""


def written(stream: BinaryIO, phones: Phones, faults: Faults) -> Iterator[Batch]:
    """Read the recorder's lines; tabs or blanks may stand between their parts."""
    for number, line in enumerate(lines_of(stream), 1):
        start = line.find(b"{")
        where = f"line {number}"
        message = _message_of(line[start:]) if start >= 0 else None
        if message is not None:
            phones.take(_phone_of(message), where, partial(tell, message))
        elif line.strip():
            faults.add("record-broken", where)
        yield from phones.ripe()


def _message_of(text: bytes) -> Message | None:
    try:
        return _DECODER.decode(text.strip())
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def listed(
    stream: BinaryIO, keys: Sequence[str], phones: Phones, faults: Faults
) -> Iterator[Batch]:
    """Read a list of messages, the recorder's wrapping around one, or messages in a row."""
    n_before = 0
    for _, messages in records(stream, dict.fromkeys(keys, _LIST), faults):
        for message in messages:
            n_before += 1
            phones.take(_phone_of(message), f"record {n_before}", partial(tell, message))
        yield from phones.ripe()
