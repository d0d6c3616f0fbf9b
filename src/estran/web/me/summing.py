"""Whole months kept ready, and periods put together from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from estran.carbon import FactorSet, factor_set
from estran.coach.checking import reach_us
from estran.coach.corrections import Correction, apply
from estran.coach.facts import Facts, facts_of, joined_facts
from estran.coach.garage import Garage, equipped
from estran.coach.places import NamedPlace, told_by_places
from estran.coach.summary import ModeSummary, MonthSummary, PeriodSummary, summarise
from estran.journal import Entry, Journal, MadeBy, Mode
from estran.timebase import day_bounds_us, local_day
from estran.web.garage.costs import costs_of
from estran.web.garage.documents import read_garage
from estran.web.learning.documents import read_places
from estran.web.me.documents import (
    DAY,
    read_calendar,
    read_corrections,
    read_entries,
    read_long,
    read_month,
    write_month,
)
from estran.web.store.opened import OpenVault


def factors_of(made_by: MadeBy) -> FactorSet:
    """Give the factor set that a journal was priced with."""
    return factor_set(made_by.factor_set) if made_by.factor_set else factor_set()


def corrected(
    entries: Sequence[Entry],
    said: Iterable[Correction],
    made_by: MadeBy,
    within_us: tuple[int, int] | None = None,
) -> Journal:
    """Make a journal of some entries, with what was said of their time.

    ``within_us`` is the time that is asked for; that of the entries when it is left out.
    """
    journal = Journal(tuple(entries), made_by)
    if within_us is None:
        if not entries:
            return journal
        within_us = entries[0].started_us, entries[-1].ended_us
    start_us, end_us = within_us
    near = [c for c in said if _is_near(c, start_us, end_us)]
    return apply(journal, near, factors=factors_of(made_by)) if near else journal


def _is_near(one: Correction, start_us: int, end_us: int) -> bool:
    first_us, last_us = reach_us(one)
    return first_us <= end_us and last_us >= start_us


AROUND = timedelta(days=1)
"""What was said of a trip over midnight needs the day beside it."""


def read_journal(
    vault: OpenVault, first: date, last: date, said: Sequence[Correction] | None = None
) -> Journal:
    """Read the entries that overlap local days: corrected, equipped and priced.

    ``said`` is all that was said, where it was read already.
    """
    with vault.reading():
        garage = read_garage(vault)
        places = read_places(vault)
        made_by = read_calendar(vault).made_by
        said = read_corrections(vault) if said is None else said
        start, end = _around(first, last, said) if said else (first, last)
        found = {
            (e.started_us, e.ended_us, type(e).__name__): e
            for day in _days(start, end)
            for e in read_entries(vault, DAY, day.isoformat())
        }
        for entry in read_long(vault):
            if overlaps(entry, start, end):
                found[entry.started_us, entry.ended_us, type(entry).__name__] = entry
    ordered = [found[key] for key in sorted(found)]
    if not said:
        whole = Journal(tuple(ordered), made_by)
        return _told(whole, garage, places)
    within_us = day_bounds_us(start, "UTC")[0], day_bounds_us(end, "UTC")[1]
    whole = corrected(ordered, said, made_by, within_us)
    inside = replace(whole, entries=tuple(e for e in whole.entries if overlaps(e, first, last)))
    return _told(inside, garage, places)


def _told(journal: Journal, garage: Garage, places: Sequence[NamedPlace]) -> Journal:
    """Price a journal with a person's vehicles, and tell it by the names of their places."""
    equipped_journal = equipped(journal, garage, factors=factors_of(journal.made_by))
    return told_by_places(equipped_journal, places)


def _around(first: date, last: date, said: Sequence[Correction]) -> tuple[date, date]:
    """Give the days that what was said of some days needs: it is the same on each of them.

    A trip of three days, or one made of several, is looked at whole, with a day beside it.
    """
    while True:
        start, end = first - AROUND, last + AROUND
        within_us = day_bounds_us(start, "UTC")[0], day_bounds_us(end, "UTC")[1]
        for one in said:
            if one.kind in WIDE and _is_near(one, *within_us):
                first_us, last_us = reach_us(one)
                first = min(first, local_day(first_us, "UTC"))
                last = max(last, local_day(last_us, "UTC"))
        if (start, end) == (first - AROUND, last + AROUND):
            return start, end


WIDE = frozenset({"add", "merge", "times", "delete", "split"})
"""Kinds that change more than one entry, or where one ends."""


def added_days(said: Iterable[Correction]) -> frozenset[date]:
    """Give the local days on which a person put trips."""
    return frozenset(
        day
        for one in said
        if one.kind == "add"
        for day in _days(local_day(one.start_us, one.tz), local_day(one.end_us, one.tz))
    )


def overlaps(entry: Entry, first: date, last: date) -> bool:
    """Tell whether an entry has a part in local days."""
    return (
        local_day(entry.started_us, entry.tz) <= last
        and local_day(max(entry.ended_us - 1, entry.started_us), entry.tz) >= first
    )


def _days(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + timedelta(days=n)


def month_of(day: date) -> tuple[date, date]:
    """Give the first and the last day of a month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def refresh_months(vault: OpenVault, days: Iterable[date]) -> None:
    """Sum up anew the months of these days; inside a transaction."""
    costs = costs_of(vault)
    said = read_corrections(vault)
    for first in sorted({day.replace(day=1) for day in days}):
        first, last = month_of(first)  # noqa: PLW2901 - the same day
        journal = read_journal(vault, first, last, said)
        if journal.entries or read_month(vault, first) is not None:
            write_month(vault, summarise(journal, first, last, costs=costs))


def read_period(vault: OpenVault, first: date, last: date) -> PeriodSummary:
    """Sum up local days: whole months from what is kept ready, the rest from the journal."""
    parts: list[PeriodSummary] = []
    with vault.reading():
        at = first
        while at <= last:
            month_first, month_last = month_of(at)
            until = min(last, month_last)
            if at == month_first and until == month_last:
                parts.append(read_month(vault, at) or _nothing(at, until))
            else:
                journal = read_journal(vault, at, until)
                parts.append(summarise(journal, at, until, costs=costs_of(vault)))
            at = until + timedelta(days=1)
    return joined(parts)


def read_facts(vault: OpenVault, first: date, last: date) -> Facts:
    """Read the rows of local days, from whole months that are kept ready."""
    parts: list[Facts] = []
    with vault.reading():
        at = first.replace(day=1)
        while at <= last:
            month_first, month_last = month_of(at)
            parts.append(_month_facts(vault, month_first, month_last))
            at = month_last + timedelta(days=1)
    return joined_facts(parts).between(first, last)


def _month_facts(vault: OpenVault, first: date, last: date) -> Facts:
    kept = read_month(vault, first)
    if kept is None:
        return Facts(first, last)
    if kept.facts is None:
        entries = read_journal(vault, first, last).entries
        return facts_of(entries, first, last, costs=costs_of(vault))
    return kept.facts


def _nothing(first: date, last: date) -> PeriodSummary:
    return summarise(Journal(), first, last)


def joined(parts: Sequence[PeriodSummary]) -> PeriodSummary:
    """Put periods that follow each other together.

    Examples
    --------
    >>> june, july = _nothing(*month_of(date(2026, 6, 1))), _nothing(*month_of(date(2026, 7, 1)))
    >>> both = joined([june, july])
    >>> both.first, both.last, len(both.months)
    (datetime.date(2026, 6, 1), datetime.date(2026, 7, 31), 2)
    """
    months: dict[date, list[ModeSummary]] = {}
    for part in parts:
        for month in part.months:
            months.setdefault(month.month, []).extend(month.modes)
    return replace(
        parts[0],
        last=parts[-1].last,
        modes=_summed(m for part in parts for m in part.modes),
        months=tuple(MonthSummary(month, _summed(modes)) for month, modes in months.items()),
        days=tuple(day for part in parts for day in part.days),
        known_s=sum(part.known_s for part in parts),
        unknown_s=sum(part.unknown_s for part in parts),
        unpriced_m=sum(part.unpriced_m for part in parts),
        facts=None,
    )


def _summed(rows: Iterable[ModeSummary]) -> tuple[ModeSummary, ...]:
    """Add rows of the same mode; the longest distance first, as :func:`summarise` orders."""
    sums: dict[Mode, ModeSummary] = {}
    for row in rows:
        sums[row.mode] = sums[row.mode] + row if row.mode in sums else row
    return tuple(sorted(sums.values(), key=lambda m: (-m.distance_m, -m.duration_s, m.mode)))
