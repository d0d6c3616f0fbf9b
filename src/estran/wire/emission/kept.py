"""Entries of phones that are kept as they came: labels, surveys, transitions, settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from estran.wire.emission.stamps import (
    a_uuid,
    an_oid,
    fmt_time,
    known_zone,
    local_dt,
    micros,
    oid,
    seconds,
    type_json,
)

MODE_LABEL = "manual/mode_confirm"
PURPOSE_LABEL = "manual/purpose_confirm"
LONGEST_ENTRY_BYTES = 256 * 1024
"""A survey with the XML of all its answers takes some tens of KiB."""
_LONGEST_KEY = 100
_INSTANTS = ("ts", "start_ts", "end_ts", "enter_ts", "exit_ts")


@dataclass(frozen=True, slots=True)
class Kept:
    """One entry as it came.

    Parameters
    ----------
    id : str
        24 hexadecimal digits, made of the content: what is sent again has the same.
    key : str
        Such as ``manual/mode_confirm``.
    write_us : int
        When the phone wrote it; 0 where it does not tell. [µs since 1970, UTC]
    raw : str
        The JSON text, untouched.
    """

    id: str
    key: str
    write_us: int
    raw: str = field(repr=False)

    def opened(self) -> type_json:
        """Read the text."""
        found: type_json = msgspec.json.decode(self.raw)
        return found


def span_of(kept: Kept) -> tuple[int, int]:
    """Give the time that an entry speaks of: its interval, its instant, or when it was written."""
    data = _mapping(kept.opened(), "data")
    instants = [at_us for name in _INSTANTS if (at_us := micros(data.get(name))) is not None]
    return min(instants, default=kept.write_us), max(instants, default=kept.write_us)


def keep(raw: bytes) -> Kept | None:
    """Make an entry of a JSON text; None where it is none, or beyond all measure."""
    if len(raw) > LONGEST_ENTRY_BYTES:
        return None
    try:
        text = bytes(raw).decode()
        entry = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    metadata = _mapping(entry, "metadata")
    key = metadata.get("key")
    if not isinstance(key, str) or not key or len(key) > _LONGEST_KEY:
        return None
    data = entry.get("data")
    told = msgspec.json.encode([metadata.get("write_ts"), data], order="deterministic")
    return Kept(oid(key, told.hex()), key, _written_us(metadata, entry), text)


def _mapping(value: Any, name: str) -> type_json:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _written_us(metadata: type_json, entry: type_json) -> int:
    data = _mapping(entry, "data")
    for value in (metadata.get("write_ts"), data.get("ts"), data.get("start_ts")):
        if at_us := micros(value):
            return at_us
    return 0


def distinct(entries: Iterable[Kept]) -> list[Kept]:
    """Give each entry once, in the order of writing."""
    by_id = {entry.id: entry for entry in entries}
    return sorted(by_id.values(), key=lambda entry: (entry.write_us, entry.id))


def served(kept: Kept, user: str, tz: str = "") -> type_json:
    """Give an entry as the server tells it: what the phone wrote, and times in words.

    Parameters
    ----------
    kept : Kept
    user : str
        32 hexadecimal digits.
    tz : str
        Zone of the trip that it is about; the phone's own otherwise.
    """
    entry = kept.opened()
    metadata, data = dict(_mapping(entry, "metadata")), entry.get("data")
    tz = tz or known_zone(metadata.get("time_zone"))
    metadata.update(
        write_ts=seconds(kept.write_us),
        write_fmt_time=fmt_time(kept.write_us, tz),
        write_local_dt=local_dt(kept.write_us, tz),
    )
    if isinstance(data, dict):
        data = _with_times(data, tz)
    return {"_id": an_oid(kept.id), "user_id": a_uuid(user), "metadata": metadata, "data": data}


def _with_times(data: type_json, tz: str) -> type_json:
    told = dict(data)
    for name in _INSTANTS:
        at_us = micros(data.get(name))
        if at_us is None:
            continue
        base = name.removesuffix("ts").removesuffix("_")
        prefix = f"{base}_" if base else ""
        told[name] = seconds(at_us)
        told[f"{prefix}fmt_time"] = fmt_time(at_us, tz)
        told[f"{prefix}local_dt"] = local_dt(at_us, tz)
    return told
