"""What a person chose, laid over what an analysis made: kept days, erased time, zones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from estran.carbon import price
from estran.coach.carving import erased, joined, merged, overlaps, replaced
from estran.journal import Entry, Journal, Unknown
from estran.privacy import crossed, named, veiled_entries
from estran.timebase import local_day
from estran.trace import Evidence
from estran.vault.selecting import instants_in
from estran.web.me.documents import (
    DAY,
    Calendar,
    read_calendar,
    read_entries,
    read_long,
    write_calendar,
    write_entries,
    write_long,
)
from estran.web.me.summing import factors_of, refresh_months
from estran.web.retention.documents import read_erased, read_kept, read_zones, write_erased
from estran.web.store.opened import OpenVault

type_spans = Sequence[tuple[int, int]]
type_pare = Callable[[Sequence[Entry]], list[Entry]]


def stored_entries(vault: OpenVault, spans: type_spans | None = None) -> list[Entry]:
    """Read entries as analysed, each once, in order: all, or those that touch spans."""
    wanted = None if spans is None else {day.isoformat() for day in days_of(spans)}
    found: dict[tuple[int, int, str], Entry] = {}
    for doc_id in vault.doc_ids(DAY):
        if wanted is None or doc_id in wanted:
            for entry in read_entries(vault, DAY, doc_id):
                found[entry.started_us, entry.ended_us, type(entry).__name__] = entry
    for entry in read_long(vault):
        found[entry.started_us, entry.ended_us, type(entry).__name__] = entry
    return [
        found[key]
        for key in sorted(found)
        if spans is None or overlaps(found[key].started_us, found[key].ended_us, spans)
    ]


def days_of(spans: type_spans) -> set[date]:
    """Give the local days that spans may touch in whatever zone they were lived."""
    days: set[date] = set()
    for start_us, end_us in spans:
        first = local_day(start_us, "UTC") - timedelta(days=1)
        n_days = (local_day(end_us, "UTC") - first).days + 2
        days |= {first + timedelta(days=n) for n in range(n_days)}
    return days


def for_engine(vault: OpenVault, evidence: Evidence) -> Evidence:
    """Make evidence ready to be analysed: edges of zones are crossed at a walk, not a jump."""
    zones = [kept.zone for kept in read_zones(vault)]
    return replace(evidence, trace=crossed(evidence.trace, zones)) if zones else evidence


def as_chosen(vault: OpenVault, journal: Journal, evidence: Evidence) -> Journal:
    """Lay over an analysis what the person chose."""
    entries: list[Entry] = list(journal.entries)
    kept = joined(one.span for one in read_kept(vault))
    if kept:
        entries = replaced(entries, kept, stored_entries(vault, kept))
    gone = still_erased(vault, evidence)
    if gone:
        entries = merged(erased(entries, gone))
    zones = read_zones(vault)
    if zones:
        entries = veiled_entries(entries, [one.zone for one in zones if one.for_all])
        entries = named(entries, [one.zone for one in zones])
    return replace(journal, entries=tuple(entries))


def still_erased(vault: OpenVault, evidence: Evidence) -> tuple[tuple[int, int], ...]:
    """Tell which erased times stay so: not those of which the person brought data again."""
    spans = read_erased(vault)
    if not spans:
        return spans
    told = np.concatenate([evidence.trace.time_us, evidence.claims.start_us])
    return tuple(span for span in spans if not bool(instants_in(told, [span]).any()))


def forget_brought_again(vault: OpenVault, evidence: Evidence) -> None:
    """Forget that times were erased of which data came again."""
    spans = read_erased(vault)
    left = still_erased(vault, evidence)
    if left != spans:
        write_erased(vault, left)


def pare_journal(vault: OpenVault, pare: type_pare, days: Iterable[date] | None = None) -> None:
    """Change the kept journal in place, in the transaction that changes the evidence.

    Pages then show nothing of what is gone, before a worker has made the journal anew.

    Parameters
    ----------
    vault : OpenVault
    pare : callable
        Changes each entry by itself: one that is kept in two days stays the same in both.
    days : iterable of date, optional
        Which days may change; all by default.
    """
    made_by = read_calendar(vault).made_by
    factors = factors_of(made_by)

    def pared(old: Sequence[Entry]) -> tuple[Entry, ...] | None:
        new = tuple(pare(old))
        return None if new == tuple(old) else price(Journal(new), factors=factors).entries

    wanted = None if days is None else {day.isoformat() for day in days}
    changed = set() if wanted is None else {date.fromisoformat(day) for day in wanted}
    long = pared(read_long(vault))
    if long is not None:
        write_long(vault, long)
        changed |= days_of([(entry.started_us, entry.ended_us) for entry in long])
    for doc_id in vault.doc_ids(DAY):
        if wanted is not None and doc_id not in wanted:
            continue
        new = pared(read_entries(vault, DAY, doc_id))
        if new is not None:
            write_entries(vault, DAY, doc_id, new)
            changed.add(date.fromisoformat(doc_id))
    _keep_calendar(vault, changed)
    refresh_months(vault, changed)


def _keep_calendar(vault: OpenVault, changed: set[date]) -> None:
    calendar = read_calendar(vault)
    long = read_long(vault)
    unknown = {
        day.toordinal()
        for day in changed
        if not any(
            not isinstance(entry, Unknown) and _touches(entry, day)
            for entry in (*read_entries(vault, DAY, day.isoformat()), *long)
        )
    }
    left = tuple(day for day in calendar.days if day not in unknown)
    if left != calendar.days:
        write_calendar(vault, Calendar(left, calendar.made_by))


def _touches(entry: Entry, day: date) -> bool:
    last_us = max(entry.ended_us - 1, entry.started_us)
    return local_day(entry.started_us, entry.tz) <= day <= local_day(last_us, entry.tz)
