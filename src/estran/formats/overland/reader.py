"""Reads Overland's batches and lines, and keeps phones apart."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any, BinaryIO

import msgspec

from estran.errors import FileHostile
from estran.formats.fields import veiled
from estran.formats.json_stream import ROOT, records
from estran.formats.overland.messages import tell
from estran.formats.piling import Pile
from estran.formats.reading import Batch, Faults
from estran.formats.told import Told
from estran.trace import Source, Stream

_LIST = msgspec.json.Decoder(list[Any])
_LINE_LIMIT_BYTES = 1 << 20
_DEVICE_LIMIT = 256
_HELD_ROWS = 20_000
_NAME_LIMIT = 64


class Layout(Enum):
    """How features stand in an archive."""

    BATCHES = 1
    LIST = 2
    LINES = 3


class _Phones:
    """What each phone told, given out when there is enough of it."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._told: dict[str, Told] = {}
        self._pile = Pile()
        self._n_read = 0
        self._n_held = 0

    def take(self, feature: Any) -> None:
        """Read a feature."""
        self._n_read += 1
        self._n_held += 1
        where = f"record {self._n_read}"
        phone = _phone_of(feature)
        if phone not in self._told and len(self._told) >= _DEVICE_LIMIT:
            self._faults.add("device-too-many", where)
            phone = ""
        fault = tell(feature, self._told.setdefault(phone, Told()))
        if fault:
            self._faults.add(fault, where)

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
            key = f"overland/{veiled(phone)}" if phone else "overland"
            self._pile.add(
                Source(key, "overland", phone, Stream.RECORDED),
                positions=told.positions(), activities=told.activities(), claims=told.claims(),
                marks=told.marked(),
            )  # fmt: skip
        self._told = {phone: Told() for phone in self._told}
        self._n_held = 0


def _phone_of(feature: Any) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    name = properties.get("device_id") if isinstance(properties, dict) else None
    return name.strip()[:_NAME_LIMIT] if isinstance(name, str) else ""


def batches_of(stream: BinaryIO, faults: Faults, layout: Layout) -> Iterator[Batch]:
    """Read batches, or features each on its line, behind an instant."""
    read_on = {Layout.LINES: _on_lines, Layout.LIST: _in_list, Layout.BATCHES: _in_batches}
    phones = _Phones(faults)
    for feature in read_on[layout](stream, faults):
        phones.take(feature)
        yield from phones.ripe()
    yield from phones.rest()


def _in_batches(stream: BinaryIO, faults: Faults) -> Iterator[Any]:
    """Give the features of a batch, and of those that stand behind it.

    Its ``current`` is left where it is: it comes again among the locations.
    """
    for _, features in records(stream, {"locations": _LIST}, faults):
        yield from features


def _in_list(stream: BinaryIO, faults: Faults) -> Iterator[Any]:
    for _, batches in records(stream, {ROOT: _LIST}, faults):
        for batch in batches:
            listed = batch.get("locations") if isinstance(batch, dict) else None
            if isinstance(listed, list):
                yield from listed
            else:
                faults.add("record-broken")


def _on_lines(stream: BinaryIO, faults: Faults) -> Iterator[Any]:
    for number, line in enumerate(_lines(stream), 1):
        start = line.find(b"{")
        if start < 0:
            if line.strip():
                faults.add("record-broken", f"line {number}")
            continue
        try:
            yield msgspec.json.decode(line[start:].strip())
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            faults.add("record-broken", f"line {number}")


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    held = b""
    while piece := stream.read(1 << 16):
        *lines, held = (held + piece).split(b"\n")
        yield from lines
        if len(held) > _LINE_LIMIT_BYTES:
            raise FileHostile
    yield held
