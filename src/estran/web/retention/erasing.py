"""Erasing a time, a place or a source: what it would take, and taking it, all or nothing."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import numpy as np

from estran.coach.carving import carved, joined, overlaps, without
from estran.coach.checking import reach_us
from estran.errors import ImportUnderWay, ValueOutOfRange
from estran.journal import Entry, Place, Stay, Trip
from estran.privacy import Keeps, Zone, veiled_entries, within
from estran.timebase import day_bounds_us, to_datetime
from estran.vault.audit import Act
from estran.vault.chunks import DAY_US
from estran.web.accounts.models import Person
from estran.web.emission import documents as phone_entries
from estran.web.jobs.models import Job
from estran.web.me.access import noting, told
from estran.web.me.documents import (
    DAY,
    REPORT,
    note_change,
    read_corrections,
    read_entries,
    read_report,
    write_report,
)
from estran.web.retention.changes import both, in_zones, without_all, without_time
from estran.web.retention.documents import (
    read_erased,
    read_kept,
    write_erased,
    write_kept,
)
from estran.web.retention.lasting import drop_corrections, drop_orphans
from estran.web.retention.overlay import days_of, pare_journal, stored_entries
from estran.web.sources.documents import forget_source
from estran.web.store.opened import OpenVault
from estran.web.store.rewriting import Reach, Rewritten, type_change
from estran.web.tickets import stating

_MAX_DAYS = 400 * 366


@dataclass(frozen=True, slots=True)
class Wanted:
    """What shall be erased: days, a circle, or a source; one of them.

    Parameters
    ----------
    days : tuple of date or None
        The first and the last day, both included.
    circle : Zone or None
        All positions in it; ``with_trips`` also the trips that begin or end there.
    source : str or None
        Everything that one source told.
    """

    days: tuple[date, date] | None = None
    circle: Zone | None = None
    with_trips: bool = True
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes, exactly."""

    spans: tuple[tuple[int, int], ...]
    n_positions: int
    n_days: int
    n_trips: int
    n_corrections: int

    @property
    def is_empty(self) -> bool:
        """Nothing is there to be erased."""
        return not (self.n_positions or self.n_days or self.n_trips or self.n_corrections)

    @property
    def mark(self) -> str:
        """Tell one plan from another, for the form that confirms it."""
        return f"{self.n_positions}-{self.n_days}-{self.n_trips}-{self.n_corrections}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a person keeps of an erasure: counts, an instant, a number; no place, no name."""

    number: str
    erased_at: datetime
    plan: Plan


def plan(vault: OpenVault, wanted: Wanted) -> Plan:
    """Tell exactly what would go.

    Raises
    ------
    ValueOutOfRange
        The days run backwards, or nothing was chosen.
    """
    with vault.reading():
        return _plan(vault, wanted)


def erase(vault: OpenVault, wanted: Wanted, *, mark: str) -> Receipt | None:
    """Erase what was previewed, with all that was derived of it, in one transaction.

    Parameters
    ----------
    vault : OpenVault
    wanted : Wanted
    mark : str
        :attr:`Plan.mark` of the plan that was shown.

    Returns
    -------
    Receipt or None
        None where by now something else would go: nothing was erased, show it again.
    """
    with noting(vault), vault.transaction():
        found = _plan(vault, wanted)
        if found.mark != mark:
            return None
        if found.is_empty:
            return Receipt("", datetime.now(UTC), found)
        # The bytes first: they are overwritten where they stand, with the commit.
        gone = vault.rewrite(_change(wanted, found.spans), _reach(wanted, found.spans))
        _forget(vault, wanted, found.spans, gone)
        note_change(vault)
        number = secrets.token_hex(8)
        vault.audit(Act.ERASED, told(_what(wanted), number, found.n_positions))
    return Receipt(number, datetime.fromtimestamp(time.time(), UTC), found)


def _what(wanted: Wanted) -> str:
    if wanted.days:
        return "day" if wanted.days[0] == wanted.days[1] else "period"
    return "place" if wanted.circle else "source"


def check_nothing_comes(person: Person) -> None:
    """Refuse to erase while files are read: what they bring would stay.

    Raises
    ------
    ImportUnderWay
        An import is being read or taken back.
    """
    busy = Job.objects.filter(
        person=person,
        kind__in=[Job.Kind.IMPORT, Job.Kind.UNDO, Job.Kind.REKEY],
        state__in=[Job.State.QUEUED, Job.State.RUNNING],
    )
    if busy.exists():
        raise ImportUnderWay


def _plan(vault: OpenVault, wanted: Wanted) -> Plan:
    entries, spans = _touched(vault, wanted)
    gone = vault.would_rewrite(_change(wanted, spans), _reach(wanted, spans))
    trips = [e for e in entries if isinstance(e, Trip)]
    days = {to_datetime(e.started_us, e.tz).date() for e in entries} | set(gone.days)
    if wanted.days:
        days = {day for day in days if wanted.days[0] <= day <= wanted.days[1]}
    said = [c for c in read_corrections(vault) if overlaps(*reach_us(c), spans)]
    return Plan(spans, gone.n_positions, len(days), len(trips), len(said))


def _touched(vault: OpenVault, wanted: Wanted) -> tuple[list[Entry], tuple[tuple[int, int], ...]]:
    """Find the entries that go, and the time that goes with them."""
    spans: tuple[tuple[int, int], ...]
    if wanted.days:
        spans = (_bounds(vault, *wanted.days),)
        return _seen(stored_entries(vault, spans)), spans
    if wanted.circle:
        entries = _at(stored_entries(vault), wanted.circle, with_trips=wanted.with_trips)
        return entries, joined((entry.started_us, entry.ended_us) for entry in entries)
    if wanted.source is None:
        raise ValueOutOfRange(name="what", expected="days, a place or a source")
    spans = joined(one.span for one in read_kept(vault) if one.source == wanted.source)
    return _seen(stored_entries(vault, spans)) if spans else [], spans


def _seen(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if isinstance(entry, (Stay, Trip))]


def _bounds(vault: OpenVault, first: date, last: date) -> tuple[int, int]:
    """Give the instants of local days, in the zones in which they were lived."""
    if not 0 <= (last - first).days <= _MAX_DAYS:
        raise ValueOutOfRange(name="last", expected="on or after the first day")
    start_us, _ = day_bounds_us(first, _tz_of(vault, first))
    _, end_us = day_bounds_us(last, _tz_of(vault, last))
    return start_us, max(end_us, start_us + 1)


def _tz_of(vault: OpenVault, day: date) -> str:
    entries = read_entries(vault, DAY, day.isoformat())
    return next((entry.tz for entry in entries), "UTC")


def _at(entries: Iterable[Entry], circle: Zone, *, with_trips: bool) -> list[Entry]:
    def inside(place: Place) -> bool:
        return bool(within(np.array([place.lat_deg]), np.array([place.lon_deg]), circle)[0])

    return [
        entry
        for entry in entries
        if (isinstance(entry, Stay) and inside(entry.at))
        or (
            with_trips
            and isinstance(entry, Trip)
            and (inside(entry.origin) or inside(entry.destination))
        )
    ]


def _nothing_inside(circle: Zone) -> Zone:
    return replace(circle, keeps=Keeps.NOTHING)


def _change(wanted: Wanted, spans: Sequence[tuple[int, int]]) -> type_change:
    if wanted.circle:
        return both(without_time(spans), in_zones([_nothing_inside(wanted.circle)]))
    return without_all if wanted.source is not None else without_time(spans)


def _reach(wanted: Wanted, spans: Sequence[tuple[int, int]]) -> Reach:
    if wanted.days:
        return Reach(*spans[0], if_damaged="drop")
    return Reach(source=wanted.source, if_damaged="skip" if wanted.circle else "drop")


def _forget(
    vault: OpenVault, wanted: Wanted, spans: tuple[tuple[int, int], ...], gone: Rewritten
) -> None:
    """Take the time out of everything that was derived from it."""
    kept = [one for one in read_kept(vault) if one.source != wanted.source]
    write_kept(
        vault,
        [
            replace(one, start_us=span[0], end_us=span[1])
            for one in kept
            for span in without([one.span], spans)
        ],
    )
    if wanted.source is None:
        write_erased(vault, joined([*read_erased(vault), *spans]))
        drop_corrections(vault, lambda start, end: overlaps(start, end, spans))
        stating.forget_time(vault, spans)
        phone_entries.forget_time(vault, spans)
    else:
        drop_orphans(vault)
        starts = [int(datetime(d.year, d.month, d.day, tzinfo=UTC).timestamp()) for d in gone.days]
        spans = joined([*spans, *((s * 1_000_000, s * 1_000_000 + DAY_US) for s in starts)])
    forget_source(vault, wanted.source or "")
    if wanted.source is not None and wanted.source.startswith("live/"):
        phone_entries.forget_device(vault, wanted.source.removeprefix("live/"))
    _forget_bounds(vault, spans)
    circle = wanted.circle

    def pare(entries: Sequence[Entry]) -> list[Entry]:
        # Without a word on the gaps: what fills them would tell where an entry ended. The
        # worker tells of the erased time from its whole span.
        left = carved(entries, spans)
        return veiled_entries(left, [_nothing_inside(circle)]) if circle else left

    pare_journal(vault, pare, None if circle else days_of(spans))


def _forget_bounds(vault: OpenVault, spans: Sequence[tuple[int, int]]) -> None:
    """Take out of reports of imports when a file began or ended, where that is erased."""

    def left(time_us: int | None) -> int | None:
        return None if time_us is None or overlaps(time_us, time_us, spans) else time_us

    for import_id in vault.doc_ids(REPORT):
        report = read_report(vault, import_id)
        if report is None:
            continue
        files = tuple(
            replace(file, first_us=left(file.first_us), last_us=left(file.last_us))
            for file in report.files
        )
        if files != report.files:
            write_report(vault, import_id, replace(report, files=files))
