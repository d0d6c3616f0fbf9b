"""Correcting the journal: what a person says, all of a press together, and taking it back."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from estran.coach.adding import room_us
from estran.coach.carving import overlaps
from estran.coach.checking import check, reach_us, zone_of
from estran.coach.corrections import Correction
from estran.coach.matching import lies_in
from estran.errors import (
    CorrectionEmpty,
    CorrectionFuture,
    CorrectionsMany,
    CorrectionTaken,
    NotFound,
    TimeErased,
)
from estran.journal import Journal, Mode
from estran.timebase import local_day
from estran.web.me.documents import CORRECTION, read_corrections, write_correction
from estran.web.me.summing import read_journal, refresh_months
from estran.web.retention.documents import read_erased
from estran.web.store.opened import OpenVault

SOON_US = 86_400_000_000
"""A trip is added once it was made; a day more, for those whose clock is elsewhere. [µs]"""

MOST_AT_ONCE = 1000
"""So much is said by one press."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What was said by one press."""

    id: str
    made_at_us: int
    said: tuple[Correction, ...]


def new_correction(**fields: Any) -> Correction:
    """Make a correction said now; ``fields`` are those of its kind."""
    return Correction(id=uuid.uuid4().hex, made_at_us=time.time_ns() // 1000, **fields)


def say(vault: OpenVault, said: Sequence[Correction]) -> str:
    """Keep what a person says by one press, apart from the analysis: all of it or nothing.

    Returns
    -------
    str
        What :func:`take_back` takes back.

    Raises
    ------
    ValueOutOfRange
        Nothing is said, or something that cannot be.
    CorrectionTaken
        A trip is to be added where another is.
    TimeErased
        In another window perhaps: it is a kind of NotFound.
    """
    if not said:
        raise CorrectionEmpty
    if len(said) > MOST_AT_ONCE:
        raise CorrectionsMany(limit=MOST_AT_ONCE)
    for one in said:
        check(one)
        if one.kind == "add" and one.end_us > time.time_ns() // 1000 + SOON_US:
            raise CorrectionFuture
    with vault.transaction():
        erased = read_erased(vault)
        if any(overlaps(*reach_us(one), erased) for one in said):
            raise TimeErased
        for one in (made := _made(vault, said)):
            if one.kind == "add" and room_us(_near(vault, one).entries, one) is None:
                raise CorrectionTaken
            write_correction(vault, one)
        refresh_months(vault, _days_near(made))
    return made[0].batch


def take_back(vault: OpenVault, batch: str) -> None:
    """Take back what was said by one press.

    Raises
    ------
    NotFound
        There is no such batch.
    """
    with vault.transaction():
        said = [c for c in read_corrections(vault) if batch in {c.batch, c.id}]
        if not batch or not said:
            raise NotFound
        for one in said:
            vault.delete_doc(CORRECTION, one.id)
        refresh_months(vault, _days_near(said))


def history(vault: OpenVault) -> tuple[Batch, ...]:
    """List all that was said, by press, the latest first."""
    batches: dict[str, list[Correction]] = {}
    for one in read_corrections(vault):
        batches.setdefault(one.batch or one.id, []).append(one)
    made = [Batch(key, said[-1].made_at_us, tuple(said)) for key, said in batches.items()]
    return tuple(sorted(made, key=lambda batch: (-batch.made_at_us, batch.id)))


def corrections(vault: OpenVault) -> tuple[Correction, ...]:
    """List what the person said, in the order in which it was said."""
    return read_corrections(vault)


def correct_mode(vault: OpenVault, *, start_us: int, end_us: int, mode: Mode) -> str:
    """Keep what a person says of the mode of a leg, and give what takes it back.

    Parameters
    ----------
    vault : OpenVault
    start_us, end_us : int
        Borders of the leg as it is shown. [µs since 1970, UTC]
    mode : Mode
    """
    return say(vault, [new_correction(start_us=start_us, end_us=end_us, mode=mode)])


def _made(vault: OpenVault, said: Sequence[Correction]) -> list[Correction]:
    """Give a press its name, and what it says the order in which it was said."""
    batch = said[0].batch or said[0].id
    before_us = 0
    out: list[Correction] = []
    for one in said:
        before_us = max(one.made_at_us, before_us + 1)
        is_trip = one.is_trip or (one.kind == "merge" and _is_of_trips(vault, one))
        tz = zone_of(one) if one.kind == "add" else one.tz
        out.append(replace(one, batch=batch, made_at_us=before_us, is_trip=is_trip, tz=tz))
    return out


def _is_of_trips(vault: OpenVault, one: Correction) -> bool:
    """Tell whether trips are to become one, and not legs of one trip."""
    span = one.start_us, one.end_us
    return len([trip for trip in _near(vault, one).trips if lies_in(trip, span)]) > 1


def _near(vault: OpenVault, one: Correction) -> Journal:
    first, last = (local_day(at_us, "UTC") for at_us in reach_us(one))
    return read_journal(vault, first - timedelta(days=1), last + timedelta(days=1))


def _days_near(said: Iterable[Correction]) -> list[date]:
    """Give days that hold them in whatever zone they were lived: their months change."""
    days: set[date] = set()
    for one in said:
        first, last = (local_day(t, "UTC") for t in reach_us(one))
        days |= {first - timedelta(days=1), first, last, last + timedelta(days=1)}
    return sorted(days)
