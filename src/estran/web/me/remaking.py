"""From evidence to the documents of a journal: what the worker does after each change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from estran.carbon import factor_set, price
from estran.coach.summary import summarise
from estran.journal import Entry, Journal, Unknown
from estran.timebase import local_day
from estran.web.me.documents import (
    DAY,
    MONTH,
    Calendar,
    month_id,
    read_corrections,
    write_calendar,
    write_entries,
    write_long,
    write_month,
)
from estran.web.me.summing import corrected, month_of, overlaps
from estran.web.store.opened import OpenVault

LONG_DAYS = 3
"""An entry on more days than this is kept once, not in each of its days."""

type_tell = Callable[[str, float], None]


def remake(vault: OpenVault, tell: type_tell) -> Journal:
    """Analyse all the evidence of a vault anew and keep the journal.

    Parameters
    ----------
    vault : OpenVault
    tell : callable
        Told the phase and its share done; it may raise to stop.

    Returns
    -------
    Journal
        As kept, without corrections.
    """
    from estran.analyse import analyse  # noqa: PLC0415 - the engine is loaded by workers only

    evidence = vault.evidence()
    tell("trips", 0.0)
    journal = analyse(evidence, on_progress=lambda share: tell("trips", share))
    del evidence
    tell("carbon", 0.0)
    journal = price(journal, factors=factor_set())
    tell("carbon", 0.5)
    keep_journal(vault, journal)
    tell("carbon", 1.0)
    return journal


def keep_journal(vault: OpenVault, journal: Journal) -> None:
    """Keep a journal as documents in place of the one before: all of it, or nothing."""
    by_day, long = _by_day(journal.entries)
    known = {
        day
        for entry in journal.entries
        if not isinstance(entry, Unknown)
        for day in _days_of(entry)
    }
    with vault.transaction():
        _forget_others(vault, DAY, {day.isoformat() for day in by_day})
        for day, entries in by_day.items():
            write_entries(vault, DAY, day.isoformat(), entries)
        write_long(vault, long)
        write_calendar(
            vault, Calendar(tuple(sorted(day.toordinal() for day in known)), journal.made_by)
        )
        _keep_months(vault, journal)


def _keep_months(vault: OpenVault, journal: Journal) -> None:
    said = read_corrections(vault)
    whole = corrected(journal.entries, said, journal.made_by)
    months = list(_months(whole.entries))
    _forget_others(vault, MONTH, {month_id(first) for first, _ in months})
    for first, entries in months:
        of_month = Journal(entries, journal.made_by)
        write_month(vault, summarise(of_month, *month_of(first)))


def _months(entries: tuple[Entry, ...]) -> Iterator[tuple[date, tuple[Entry, ...]]]:
    """Give each month that entries touch, with those entries."""
    if not entries:
        return
    first = min(local_day(e.started_us, e.tz) for e in (entries[0], entries[-1])).replace(day=1)
    last = max(_last_day(e) for e in entries[-3:])
    while first <= last:
        month = month_of(first)
        inside = tuple(e for e in entries if overlaps(e, *month))
        if inside:
            yield first, inside
        first = month[1] + timedelta(days=1)


def _forget_others(vault: OpenVault, kind: str, kept: set[str]) -> None:
    for doc_id in vault.doc_ids(kind):
        if doc_id not in kept:
            vault.delete_doc(kind, doc_id)


def _by_day(entries: Iterable[Entry]) -> tuple[dict[date, list[Entry]], list[Entry]]:
    by_day: dict[date, list[Entry]] = {}
    long: list[Entry] = []
    for entry in entries:
        days = list(_days_of(entry)) if _span_days(entry) <= LONG_DAYS else []
        if not days:
            long.append(entry)
        for day in days:
            by_day.setdefault(day, []).append(entry)
    return by_day, long


def _span_days(entry: Entry) -> int:
    return (_last_day(entry) - local_day(entry.started_us, entry.tz)).days + 1


def _last_day(entry: Entry) -> date:
    return local_day(max(entry.ended_us - 1, entry.started_us), entry.tz)


def _days_of(entry: Entry) -> Iterator[date]:
    """Give the local days that an entry touches."""
    first = local_day(entry.started_us, entry.tz)
    for n in range(_span_days(entry)):
        yield first + timedelta(days=n)
