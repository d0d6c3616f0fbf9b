"""What a phone posts: readings become evidence, all else is kept as it came."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec

from estran.formats.emission import positions_of
from estran.formats.emission.entries import Entry, marks_of, motions_of
from estran.formats.reading import Faults
from estran.wire.emission.kept import Kept, distinct, keep
from estran.wire.values import Extra, Posted

ENTRIES = "emission.entries"
"""Kind of the extra that bears entries, as a JSON list of their own texts."""

MOST_ENTRIES = 60_000
"""In one post: twice what the longest client sends; what is beyond is refused as a whole, so
that the phone keeps it."""

_LOCATIONS = frozenset({"background/location", "background/filtered_location"})
_ACTIVITIES = frozenset({"background/motion_activity", "background/activity"})
_MARKS = frozenset({"statemachine/transition", "background/battery"})

_readings = msgspec.json.Decoder(Entry, strict=False)
_raws = msgspec.json.Decoder(list[msgspec.Raw])


class _Named(msgspec.Struct):
    key: str = ""


class _Head(msgspec.Struct):
    metadata: _Named


class _Body(msgspec.Struct):
    user: Any = None
    phone_to_server: list[msgspec.Raw] | None = None
    the_entry: msgspec.Raw | None = None


_head = msgspec.json.Decoder(_Head)
_body = msgspec.json.Decoder(_Body)


class UnreadableError(ValueError):
    """The body is none of this protocol's."""


class TooManyError(ValueError):
    """There are more entries than one post may bear."""


@dataclass(frozen=True, slots=True)
class Put:
    """One post of a phone."""

    user: str = field(repr=False)
    entries: list[msgspec.Raw] = field(repr=False)


def read_put(body: bytes) -> Put:
    """Read the body of ``/usercache/put`` or ``/usercache/putone``.

    Raises
    ------
    UnreadableError
        It is no such body.
    TooManyError
        More than :data:`MOST_ENTRIES`.
    """
    try:
        read = _body.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableError from error
    entries = list(read.phone_to_server or [])
    if read.the_entry is not None:
        entries.append(read.the_entry)
    if len(entries) > MOST_ENTRIES:
        raise TooManyError
    return Put(read.user if isinstance(read.user, str) else "", entries)


@dataclass(slots=True)
class _Sorted:
    locations: list[Entry] = field(default_factory=list)
    activities: list[Entry] = field(default_factory=list)
    marks: list[Entry] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    n_dropped: int = 0


def posted(put: Put) -> Posted:
    """Sort the entries of a post; a bad one never costs the others.

    Locations and activities are columns from here on. Everything else, and a reading that
    does not read, is kept whole, unknown keys too. The order of entries means nothing.
    """
    rest = _Sorted()
    for raw in put.entries:
        _sort(bytes(raw), rest)
    faults = Faults()
    kept = distinct(rest.kept)
    positions = positions_of(rest.locations, faults) if rest.locations else None
    activities = motions_of(rest.activities, faults) if rest.activities else None
    marks = marks_of(rest.marks, faults) if rest.marks else None
    text = "[" + ",".join(entry.raw for entry in kept) + "]"
    extras = (Extra(ENTRIES, text.encode()),) if kept else ()
    n_bad = rest.n_dropped + sum(fault.count for fault in faults.listed())
    return Posted(
        positions=positions, activities=activities, marks=marks, extras=extras, n_dropped=n_bad
    )


def _sort(raw: bytes, rest: _Sorted) -> None:
    key = _key_of(raw)
    reading = _reading(raw) if key in _LOCATIONS | _ACTIVITIES | _MARKS else None
    if reading is not None and key in _LOCATIONS and None not in reading.data.place():
        rest.locations.append(reading)
        return
    if reading is not None and key in _ACTIVITIES:
        rest.activities.append(reading)
        return
    if reading is not None and key in _MARKS:
        rest.marks.append(reading)
    whole = keep(raw)
    if whole is None:
        rest.n_dropped += 1
    else:
        rest.kept.append(whole)


def _key_of(raw: bytes) -> str:
    try:
        return _head.decode(raw).metadata.key
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""


def _reading(raw: bytes) -> Entry | None:
    try:
        return _readings.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def entries_in(extra: Extra) -> list[Kept]:
    """Read back what :func:`posted` put into an extra."""
    found = (keep(bytes(raw)) for raw in _raws.decode(extra.body))
    return [entry for entry in found if entry is not None]
