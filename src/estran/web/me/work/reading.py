"""Reading the journal, and correcting it."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from estran.coach.carving import overlaps
from estran.coach.corrections import Correction
from estran.coach.summary import PeriodSummary
from estran.errors import NotFound, ValueOutOfRange
from estran.journal import Journal, Mode
from estran.timebase import local_day
from estran.web.me.documents import (
    CORRECTION,
    read_calendar,
    read_corrections,
    write_correction,
)
from estran.web.me.summing import read_journal, read_period, refresh_months
from estran.web.retention.documents import read_erased
from estran.web.store.opened import OpenVault

_LONGEST_PERIOD_DAYS = 400 * 366


@dataclass(frozen=True, slots=True)
class KnownDays:
    """The local days of which something is known."""

    first: date | None
    last: date | None
    days: frozenset[date]


def known_days(vault: OpenVault) -> KnownDays:
    """Tell of which local days something is known."""
    days = read_calendar(vault).dates()
    return KnownDays(min(days, default=None), max(days, default=None), days)


def journal(vault: OpenVault, first: date, last: date) -> Journal:
    """Read the entries that overlap local days, corrections applied, priced.

    Raises
    ------
    ValueOutOfRange
        The period ends before it begins.
    """
    _check(first, last)
    return read_journal(vault, first, last)


def period_summary(vault: OpenVault, first: date, last: date) -> PeriodSummary:
    """Sum up local days, corrections applied.

    Raises
    ------
    ValueOutOfRange
        The period ends before it begins.
    """
    _check(first, last)
    return read_period(vault, first, last)


def _check(first: date, last: date) -> None:
    if not 0 <= (last - first).days <= _LONGEST_PERIOD_DAYS:
        raise ValueOutOfRange(name="last", expected="on or after the first day")


def corrections(vault: OpenVault) -> tuple[Correction, ...]:
    """List what the person said, in the order in which it was said."""
    return read_corrections(vault)


def correct_mode(vault: OpenVault, *, start_us: int, end_us: int, mode: Mode) -> str:
    """Keep what a person says of a leg, apart from the analysis, and give its id.

    Parameters
    ----------
    vault : OpenVault
    start_us, end_us : int
        Borders of the leg as it is shown. [µs since 1970, UTC]
    mode : Mode

    Raises
    ------
    ValueOutOfRange
        The interval runs backwards.
    NotFound
        The time was erased.
    """
    if end_us < start_us:
        raise ValueOutOfRange(name="end", expected="on or after the start")
    correction = Correction(
        id=uuid.uuid4().hex,
        start_us=start_us,
        end_us=end_us,
        mode=mode,
        made_at_us=time.time_ns() // 1000,
    )
    with vault.transaction():
        if overlaps(start_us, end_us, read_erased(vault)):
            raise NotFound  # Erased in another window: nothing is said of it any more.
        write_correction(vault, correction)
        refresh_months(vault, _days_near(correction))
    return correction.id


def undo_correction(vault: OpenVault, correction_id: str) -> None:
    """Take back what was said.

    Raises
    ------
    NotFound
        There is no such correction.
    """
    with vault.transaction():
        said = {c.id: c for c in read_corrections(vault)}
        if correction_id not in said:
            raise NotFound
        vault.delete_doc(CORRECTION, correction_id)
        refresh_months(vault, _days_near(said[correction_id]))


def _days_near(correction: Correction) -> list[date]:
    """Give days that hold it in whatever zone it was lived, their months being summed anew."""
    start, end = (local_day(t, "UTC") for t in (correction.start_us, correction.end_us))
    return [start - timedelta(days=1), start, end, end + timedelta(days=1)]
