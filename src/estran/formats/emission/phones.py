"""Tell apart the phones whose entries come mixed: by their account, then by their clocks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from estran.formats.emission.entries import Entry

CLOCK_S = 60.0
"""Two instants of starting this close are one: clocks are set right, and drift by seconds."""

MOST_PHONES = 8
"""Of one account; a clock that makes no sense shall not make more."""


@dataclass(slots=True)
class _Phone:
    started_s: float
    last_s: float


@dataclass(slots=True)
class Phones:
    """Numbers the phones of an account as their entries come.

    An Android fix tells how long the phone had been running, hence when it was started. A
    fix of a phone that was started while another start was still giving fixes is of another
    phone; one started later may be the same phone started anew. Entries without such a
    clock are of phone 0.

    Examples
    --------
    >>> phones = Phones()
    >>> [phones._number(s, t) for s, t in ((0.0, 900.0), (500.0, 910.0), (0.0, 920.0))]
    [0, 1, 0]
    """

    _phones: list[_Phone] = field(default_factory=list)

    def number_of(self, entry: Entry) -> int:
        """Tell which phone of its account an entry is of."""
        running_ns, instant_s = entry.data.running_ns, entry.data.ts
        if not running_ns or running_ns < 0 or not instant_s:
            return 0
        instant_s = instant_s / 1e3 if instant_s > _MILLISECONDS_FROM else instant_s
        return self._number(instant_s - running_ns / 1e9, instant_s)

    def _number(self, started_s: float, instant_s: float) -> int:
        phones = self._phones
        for number, phone in enumerate(phones):
            if abs(phone.started_s - started_s) <= CLOCK_S:
                phone.started_s = started_s
                phone.last_s = max(phone.last_s, instant_s)
                return number
        over = [n for n, phone in enumerate(phones) if phone.last_s <= started_s + CLOCK_S]
        if over or len(phones) == MOST_PHONES:
            number = max(over or [0], key=lambda n: phones[n].last_s)
            phones[number] = _Phone(started_s, instant_s)
            return number
        phones.append(_Phone(started_s, instant_s))
        return len(phones) - 1


_MILLISECONDS_FROM = 1e11
"""Seconds pass this in the year 5138."""


def owner_of(entry: Entry) -> str:
    """Name an account by a digest, ``""`` where the entry does not tell it."""
    told = entry.user_id
    told = told.get("$uuid", "") if isinstance(told, dict) else told
    if not told:
        return ""
    return hashlib.sha256(f"e-mission\0{told}".encode()).hexdigest()[:12]
