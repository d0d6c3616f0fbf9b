"""Reads Overland's batches and lines, and keeps phones apart."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import partial
from typing import Any, BinaryIO

import msgspec

from estran.formats.fields import veiled
from estran.formats.json_stream import ROOT, records
from estran.formats.overland.messages import tell
from estran.formats.phones import NAME_LIMIT, Phones, lines_of
from estran.formats.reading import Batch, Faults
from estran.trace import Source, Stream

_LIST = msgspec.json.Decoder(list[Any])


class Layout(Enum):
    """How features stand in an archive."""

    BATCHES = 1
    LIST = 2
    LINES = 3


def _source_of(phone: str) -> Source:
    key = f"overland/{veiled(phone)}" if phone else "overland"
    return Source(key, "overland", phone, Stream.RECORDED)


def _phone_of(feature: Any) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    name = properties.get("device_id") if isinstance(properties, dict) else None
    return name.strip()[:NAME_LIMIT] if isinstance(name, str) else ""


def batches_of(stream: BinaryIO, faults: Faults, layout: Layout) -> Iterator[Batch]:
    """Read batches, or features each on its line, behind an instant."""
    read_on = {Layout.LINES: _on_lines, Layout.LIST: _in_list, Layout.BATCHES: _in_batches}
    phones = Phones(faults, _source_of)
    for number, feature in enumerate(read_on[layout](stream, faults), 1):
        phones.take(_phone_of(feature), f"record {number}", partial(tell, feature))
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
    for number, line in enumerate(lines_of(stream), 1):
        start = line.find(b"{")
        if start < 0:
            if line.strip():
                faults.add("record-broken", f"line {number}")
            continue
        try:
            yield msgspec.json.decode(line[start:].strip())
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            faults.add("record-broken", f"line {number}")
