"""What of a person's things is a sealed document in the vault, and under what name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

from estran.coach.corrections import Correction
from estran.coach.summary import PeriodSummary
from estran.formats.reading import ImportReport
from estran.journal import Entry, MadeBy
from estran.web.me.records import (
    decode,
    decode_entries,
    decode_report,
    encode,
    encode_entries,
    encode_report,
)
from estran.web.store.opened import OpenVault

FILES = "import-files"
"""Names and sizes of what was brought, by import."""
STATE = "import-state"
"""How far an import has come, written with the positions it stored."""
REPORT = "import-report"
DAY = "day"
"""Entries of the journal that overlap a local day, as analysed: corrections stand apart."""
LONG = "long"
"""Entries of several days (an absence, a stay at home), once instead of in each day."""
MONTH = "month"
"""Summary of a month, corrections applied."""
CALENDAR = "calendar"
"""The days of which something is known, and what made the journal."""
CORRECTION = "correction"
CHANGED = "changed"
"""There while the vault holds evidence, or lacks some, that its journal was not made of."""

_ONE = "1"


@dataclass(frozen=True, slots=True)
class BroughtFile:
    """One uploaded file: the id of its sealed copy, its name, its size in clear."""

    upload_id: str
    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Brought:
    """The files of one import, in the order they were sent."""

    files: tuple[BroughtFile, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportState:
    """How much of an import is in the vault already.

    A worker that resumes reads the files again from their beginning, which is cheap, and
    skips the pieces that are counted here: each piece is stored exactly once.
    """

    version: str = ""
    """Of the program that stored them: another may cut other pieces."""
    n_pieces: int = 0
    n_new: int = 0
    n_known: int = 0
    n_never: int = 0
    """Positions and visits that lay in places never kept: dropped, and counted only."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The local days with entries that are more than unknown time, and the journal's maker."""

    days: tuple[int, ...] = ()
    """Proleptic ordinals, ascending."""
    made_by: MadeBy = field(default_factory=lambda: MadeBy("", "", ""))

    def dates(self) -> frozenset[date]:
        """Give the days as dates."""
        return frozenset(date.fromordinal(day) for day in self.days)


def write_brought(vault: OpenVault, import_id: str, brought: Brought) -> None:
    """Keep the names of an import's files."""
    vault.put_doc(FILES, import_id, encode(brought))


def read_brought(vault: OpenVault, import_id: str) -> Brought | None:
    """Read the names of an import's files."""
    record = vault.get_doc(FILES, import_id)
    return None if record is None else decode(record, Brought)


def write_state(vault: OpenVault, import_id: str, state: ImportState) -> None:
    """Keep how far an import has come."""
    vault.put_doc(STATE, import_id, encode(state))


def read_state(vault: OpenVault, import_id: str) -> ImportState:
    """Read how far an import has come."""
    record = vault.get_doc(STATE, import_id)
    return ImportState() if record is None else decode(record, ImportState)


def write_report(vault: OpenVault, import_id: str, report: ImportReport) -> None:
    """Keep the report of an import."""
    vault.put_doc(REPORT, import_id, encode_report(report))


def read_report(vault: OpenVault, import_id: str) -> ImportReport | None:
    """Read the report of an import."""
    record = vault.get_doc(REPORT, import_id)
    return None if record is None else decode_report(record)


def note_change(vault: OpenVault) -> None:
    """Note that evidence came or went; in the transaction in which it did."""
    vault.put_doc(CHANGED, _ONE, uuid4().bytes)


def read_change(vault: OpenVault) -> bytes:
    """Name the last change that no journal was made of yet, empty without one."""
    return vault.get_doc(CHANGED, _ONE) or b""


def forget_change(vault: OpenVault, change: bytes) -> None:
    """Note that a journal was made of all up to a change; a later one stays."""
    if change and read_change(vault) == change:
        vault.delete_doc(CHANGED, _ONE)


def write_calendar(vault: OpenVault, calendar: Calendar) -> None:
    """Keep which days are known."""
    vault.put_doc(CALENDAR, _ONE, encode(calendar))


def read_calendar(vault: OpenVault) -> Calendar:
    """Read which days are known."""
    record = vault.get_doc(CALENDAR, _ONE)
    return Calendar() if record is None else decode(record, Calendar)


def write_entries(vault: OpenVault, kind: str, doc_id: str, entries: Iterable[Entry]) -> None:
    """Keep entries: of a day, or the long ones."""
    vault.put_doc(kind, doc_id, encode_entries(entries))


def read_entries(vault: OpenVault, kind: str, doc_id: str) -> tuple[Entry, ...]:
    """Read entries; none where there is no document."""
    record = vault.get_doc(kind, doc_id)
    return () if record is None else decode_entries(record)


def write_long(vault: OpenVault, entries: Iterable[Entry]) -> None:
    """Keep the entries of several days."""
    write_entries(vault, LONG, _ONE, entries)


def read_long(vault: OpenVault) -> tuple[Entry, ...]:
    """Read the entries of several days."""
    return read_entries(vault, LONG, _ONE)


def month_id(day: date) -> str:
    """Name the document of a month."""
    return f"{day:%Y-%m}"


def write_month(vault: OpenVault, summary: PeriodSummary) -> None:
    """Keep the summary of a whole month."""
    vault.put_doc(MONTH, month_id(summary.first), encode(summary))


def read_month(vault: OpenVault, month: date) -> PeriodSummary | None:
    """Read the summary of a month."""
    record = vault.get_doc(MONTH, month_id(month))
    return None if record is None else decode(record, PeriodSummary)


def write_correction(vault: OpenVault, correction: Correction) -> None:
    """Keep what a person said."""
    vault.put_doc(CORRECTION, correction.id, encode(correction))


def read_corrections(vault: OpenVault) -> tuple[Correction, ...]:
    """Read all that the person said, in the order in which it was said."""
    said = [decode(record, Correction) for _, record in vault.docs(CORRECTION)]
    return tuple(sorted(said, key=lambda c: (c.made_at_us, c.id)))
