"""Correcting the journal: what a person says, all of a press together, and taking it back."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import isfinite
from typing import Any

from estran.coach.carving import overlaps
from estran.coach.corrections import KINDS, Correction
from estran.errors import NotFound, ValueOutOfRange
from estran.journal import Mode
from estran.timebase import local_day
from estran.web.me.documents import CORRECTION, read_corrections, write_correction
from estran.web.me.summing import refresh_months
from estran.web.retention.documents import read_erased
from estran.web.store.opened import OpenVault

LONGEST_US = 7 * 86_400_000_000
"""A trip that a person adds or moves lasts a week at most. [µs]"""

LONGEST_M = 41_000_000.0
"""Nothing said of one leg is longer than once around the globe. [m]"""

MOST_OCCUPANTS = 100
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
    NotFound
        A time was erased.
    """
    if not 0 < len(said) <= MOST_AT_ONCE:
        raise ValueOutOfRange(name="trips", expected=f"1 to {MOST_AT_ONCE}")
    for one in said:
        _check(one)
    batch = said[0].batch or said[0].id
    with vault.transaction():
        erased = read_erased(vault)
        if any(overlaps(*_reach(one), erased) for one in said):
            raise NotFound  # Erased in another window: nothing is said of it any more.
        for one in said:
            write_correction(vault, replace(one, batch=batch))
        refresh_months(vault, _days_near(said))
    return batch


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


def _check(one: Correction) -> None:
    """Refuse what no trip can be."""
    _check_times(one)
    if one.kind not in KINDS:
        raise ValueOutOfRange(name="kind", expected=", ".join(sorted(KINDS)))
    if one.kind == "mode" and one.mode is None:
        raise ValueOutOfRange(name="mode", expected="a mode")
    if one.occupants is not None and not (
        one.occupants != one.occupants or 1 <= one.occupants <= MOST_OCCUPANTS
    ):
        raise ValueOutOfRange(name="occupants", expected=f"1 to {MOST_OCCUPANTS}")
    if one.distance_m is not None and not 0 <= one.distance_m <= LONGEST_M:
        raise ValueOutOfRange(name="distance", expected="0 to 41,000 km")
    if one.kind == "add" and not one.legs:
        raise ValueOutOfRange(name="legs", expected="1 or more")
    places = [p for leg in one.legs for p in (leg.from_deg, leg.to_deg)]
    places += [p for p in (one.from_deg, one.to_deg) if p is not None]
    for lat_deg, lon_deg in [*places, *one.path_deg]:
        if not (_within(lat_deg, 90.0) and _within(lon_deg, 180.0)):
            raise ValueOutOfRange(name="place", expected="a place on the globe")


def _within(value: float, bound: float) -> bool:
    return isfinite(value) and abs(value) <= bound


def _check_times(one: Correction) -> None:
    start_us, end_us = _reach(one)
    if one.end_us < one.start_us:
        raise ValueOutOfRange(name="end", expected="on or after the start")
    new_start_us = one.start_us if one.new_start_us is None else one.new_start_us
    new_end_us = one.end_us if one.new_end_us is None else one.new_end_us
    is_moved = one.new_start_us is not None or one.new_end_us is not None
    if is_moved and not new_start_us < new_end_us:
        raise ValueOutOfRange(name="end", expected="after the start")
    if one.kind in {"add", "times"} and end_us - start_us > LONGEST_US:
        raise ValueOutOfRange(name="end", expected="within a week of the start")
    if one.at_us is not None and not one.start_us < one.at_us < one.end_us:
        raise ValueOutOfRange(name="time", expected="between the start and the end")
    at_us = one.start_us
    for leg in one.legs:
        if leg.start_us < at_us or leg.end_us <= leg.start_us or leg.end_us > one.end_us:
            raise ValueOutOfRange(name="legs", expected="one after the other")
        at_us = leg.end_us


def _reach(one: Correction) -> tuple[int, int]:
    """Give the time that a correction may change. [µs since 1970, UTC]"""
    instants = [one.start_us, one.end_us, one.new_start_us, one.new_end_us]
    known = [at_us for at_us in instants if at_us is not None]
    return min(known), max(known)


def _days_near(said: Iterable[Correction]) -> list[date]:
    """Give days that hold them in whatever zone they were lived: their months change."""
    days: set[date] = set()
    for one in said:
        first, last = (local_day(t, "UTC") for t in _reach(one))
        days |= {first - timedelta(days=1), first, last, last + timedelta(days=1)}
    return sorted(days)
