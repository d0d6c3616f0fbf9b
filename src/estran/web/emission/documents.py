"""What a vault keeps for phones that speak e-mission's protocol."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from estran.coach.carving import overlaps
from estran.timebase import local_day
from estran.web.me.records import decode, encode
from estran.web.store.opened import OpenVault
from estran.wire.emission.issues import Book
from estran.wire.emission.kept import Kept, distinct, span_of

ENTRIES = "phone-entries"
"""Entries as they came (labels, surveys, transitions), by device and day of writing in UTC."""
PROFILE = "phone-profile"
"""What an app said of itself and its phone, by device: JSON."""
WORDS = "phone-words"
"""A person's own labels by kind of label: JSON."""
BOOK = "told-trips"
"""Which trips were told when."""
WRAPPING = "app-key"
"""By device: the key made of its token, so that a new vault key can be wrapped again."""
SETTLED = "settled-labels"
"""Labels that became corrections, by their id; one that was undone does not come back."""
HOOK = "app-hook"
"""By device: whom to tell when the journal was made."""

_ONE = "1"
MOST_A_DAY = 20_000
"""Entries of one device and day of writing: a battery and a transition each ten seconds."""


def add_entries(vault: OpenVault, device: str, entries: Iterable[Kept]) -> None:
    """Keep entries, each once, in the transaction of whoever calls."""
    by_day: dict[str, list[Kept]] = {}
    for entry in entries:
        by_day.setdefault(local_day(entry.write_us, "UTC").isoformat(), []).append(entry)
    for day, some in by_day.items():
        name = f"{device}/{day}"
        before = _read(vault.get_doc(ENTRIES, name))
        after = distinct([*before, *some])[:MOST_A_DAY]
        if len(after) != len(before):
            vault.put_doc(ENTRIES, name, encode(tuple(after)))


def _read(record: bytes | None) -> tuple[Kept, ...]:
    return () if record is None else decode(record, tuple[Kept, ...])


def entries_of(
    vault: OpenVault, first: date | None = None, last: date | None = None
) -> Iterator[Kept]:
    """Read entries of all devices that were written on some days."""
    for name in vault.doc_ids(ENTRIES):
        day = date.fromisoformat(name.rpartition("/")[2])
        if (first is None or day >= first) and (last is None or day <= last):
            yield from _read(vault.get_doc(ENTRIES, name))


def forget_time(vault: OpenVault, spans: Sequence[tuple[int, int]]) -> None:
    """Drop entries that speak of erased time, and when its trips were told."""
    for name in vault.doc_ids(ENTRIES):
        before = _read(vault.get_doc(ENTRIES, name))
        after = tuple(one for one in before if not overlaps(*span_of(one), spans))
        if not after:
            vault.delete_doc(ENTRIES, name)
        elif len(after) != len(before):
            vault.put_doc(ENTRIES, name, encode(after))
    book = read_book(vault)
    left = book.without(spans)
    if left != book:
        write_book(vault, left)


def forget_device(vault: OpenVault, device: str) -> None:
    """Drop all that a phone sent beside its positions, and the key of its token."""
    for name in vault.doc_ids(ENTRIES):
        if name.startswith(f"{device}/"):
            vault.delete_doc(ENTRIES, name)
    for kind in (PROFILE, WRAPPING, HOOK):
        vault.delete_doc(kind, device)


def read_json(vault: OpenVault, kind: str, doc_id: str = _ONE) -> dict[str, Any]:
    """Read a document of JSON; empty where there is none."""
    record = vault.get_doc(kind, doc_id)
    found: dict[str, Any] = {} if record is None else json.loads(decode(record, str))
    return found


def write_json(vault: OpenVault, kind: str, value: dict[str, Any], doc_id: str = _ONE) -> None:
    """Keep a document of JSON."""
    vault.put_doc(kind, doc_id, encode(json.dumps(value)))


def read_book(vault: OpenVault) -> Book:
    """Read which trips were told when."""
    record = vault.get_doc(BOOK, _ONE)
    return Book() if record is None else decode(record, Book)


def write_book(vault: OpenVault, book: Book) -> None:
    """Keep which trips were told when."""
    vault.put_doc(BOOK, _ONE, encode(book))


def read_settled(vault: OpenVault) -> dict[str, str]:
    """Read which labels became which corrections."""
    record = vault.get_doc(SETTLED, _ONE)
    return {} if record is None else decode(record, dict[str, str])


def write_settled(vault: OpenVault, settled: dict[str, str]) -> None:
    """Keep which labels became which corrections."""
    vault.put_doc(SETTLED, _ONE, encode(settled))
