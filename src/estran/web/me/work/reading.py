"""Reading the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from estran.coach.facts import Facts
from estran.coach.summary import PeriodSummary
from estran.errors import ValueOutOfRange
from estran.journal import Journal
from estran.web.me.documents import read_calendar, read_corrections
from estran.web.me.summing import added_days, read_facts, read_journal, read_period
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
    days = read_calendar(vault).dates() | added_days(read_corrections(vault))
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


def period_facts(vault: OpenVault, first: date, last: date) -> Facts:
    """Read the rows of local days, corrections applied.

    Raises
    ------
    ValueOutOfRange
        The period ends before it begins.
    """
    _check(first, last)
    return read_facts(vault, first, last)


def _check(first: date, last: date) -> None:
    if not 0 <= (last - first).days <= _LONGEST_PERIOD_DAYS:
        raise ValueOutOfRange(name="last", expected="on or after the first day")
