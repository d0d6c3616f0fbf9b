"""From a vault and its rows to all that an archive holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

import msgspec

from estran.coach.garage import EMPTY, equipped
from estran.errors import VaultDamaged
from estran.giving.archive import Contents
from estran.journal import Entry
from estran.timebase import day_bounds_us, local_day
from estran.vault.audit import AuditEntry
from estran.vault.chunks import Chunk, Kind
from estran.web import papers
from estran.web.accounts.models import Person
from estran.web.garage.documents import read_garage
from estran.web.me.documents import (
    DAY,
    read_brought,
    read_calendar,
    read_corrections,
    read_entries,
    read_long,
    read_report,
)
from estran.web.me.models import Import
from estran.web.me.summing import added_days, corrected, factors_of, month_of, overlaps
from estran.web.portability.kinds import KINDS
from estran.web.store.evidence import DamagedChunk
from estran.web.store.opened import OpenVault

type_key = tuple[int, int, str]


def entries(vault: OpenVault, *, with_corrections: bool) -> Iterator[Entry]:
    """Read the whole journal in time order, a month in memory at once."""
    long = read_long(vault)
    said = read_corrections(vault) if with_corrections else ()
    garage = read_garage(vault) if with_corrections else EMPTY
    made_by = read_calendar(vault).made_by
    days = [date.fromisoformat(doc_id) for doc_id in vault.doc_ids(DAY)]
    before: set[type_key] = set()
    months = _months(days, long)
    for day in added_days(said):
        months.setdefault(day.replace(day=1), [])
    for month, of_month in sorted(months.items()):
        found = {
            _key(entry): entry
            for day in sorted(of_month)
            for entry in read_entries(vault, DAY, day.isoformat())
        }
        found |= {_key(entry): entry for entry in long if overlaps(entry, *month_of(month))}
        ordered = [found[key] for key in sorted(found)]
        first, last = month_of(month)
        within_us = day_bounds_us(first, "UTC")[0], day_bounds_us(last, "UTC")[1]
        told = corrected(ordered, said, made_by, within_us)
        whole = equipped(told, garage, factors=factors_of(made_by)).entries
        yield from (entry for entry in whole if _key(entry) not in before)
        before = {_key(entry) for entry in whole}


def _key(entry: Entry) -> type_key:
    return entry.started_us, entry.ended_us, type(entry).__name__


def _months(days: list[date], long: Iterable[Entry]) -> dict[date, list[date]]:
    """Give the days of each month that has any, and the months in which a long entry is."""
    months: dict[date, list[date]] = {}
    for day in days:
        months.setdefault(day.replace(day=1), []).append(day)
    for entry in long:
        for instant_us in (entry.started_us, max(entry.ended_us - 1, entry.started_us)):
            months.setdefault(local_day(instant_us, entry.tz).replace(day=1), [])
    return months


def n_rows(vault: OpenVault) -> int:
    """Count all evidence, without opening it."""
    with vault.reading():
        return sum(vault.n_rows(kind) for kind in Kind)


def contents(vault: OpenVault, person: Person) -> Contents:
    """Gather everything that a person has."""
    lost: list[dict[str, str]] = []

    def note(damaged: DamagedChunk) -> None:
        lost.append({"kind": damaged.kind, "source": damaged.source.key, "day": f"{damaged.day}"})

    def chunks(kind: Kind) -> Iterator[Chunk]:
        return vault.chunks(kind, skip_damaged=note)

    told = documents(vault, person)
    return Contents(
        chunks=chunks,
        entries=lambda: entries(vault, with_corrections=False),
        corrected=lambda: entries(vault, with_corrections=True),
        made_by=read_calendar(vault).made_by,
        corrections=read_corrections(vault),
        made_at_us=time.time_ns() // 1000,
        documents=told | {"left-out": lost},
        access_log=access_log(vault),
        account=account(person),
        n_rows=n_rows(vault),
    )


def documents(vault: OpenVault, person: Person) -> dict[str, Any]:
    """Gather the further documents by name."""
    told: dict[str, Any] = {"imports": _imports(vault, person)}
    for name, kind in KINDS.items():
        found = {doc_id: kind.value(record) for doc_id, record in vault.docs(kind.stored_as)}
        told[name] = found
    return told


def _imports(vault: OpenVault, person: Person) -> list[dict[str, Any]]:
    rows = {str(row.pk): row for row in Import.objects.filter(person=person)}
    known = sorted({*rows, *vault.imports()})
    return [
        {
            "id": import_id,
            "created_at": rows[import_id].created_at if import_id in rows else None,
            "state": rows[import_id].state if import_id in rows else "",
            "files": _soft(lambda i=import_id: read_brought(vault, i)),  # type: ignore[misc]
            "report": _soft(lambda i=import_id: read_report(vault, i)),  # type: ignore[misc]
        }
        for import_id in known
    ]


def _soft(read: Callable[[], Any]) -> Any:
    """Read a paper; one that is damaged is left out, for the rest still can go."""
    try:
        return read()
    except VaultDamaged:
        return None


def access_log(vault: OpenVault) -> list[dict[str, Any]]:
    """Give the access log as values that JSON knows."""
    return [_logged(entry) for entry in vault.audit_entries()]


def _logged(entry: AuditEntry) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(entry)
    return told | {"previous": entry.previous.hex()}


def account(person: Person) -> dict[str, Any]:
    """Give what the site's database knows of a person."""
    told: dict[str, Any] = {
        model._meta.label: paper.export(person)  # noqa: SLF001 - Django's public-by-habit
        for model, paper in papers.all_papers().items()
    }
    return told
