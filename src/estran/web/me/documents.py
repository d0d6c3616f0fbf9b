"""What of a person's things is a sealed document in the vault, and under what name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from estran.formats.reading import ImportReport
from estran.web.me.records import decode, decode_report, encode, encode_report
from estran.web.store.opened import OpenVault

FILES = "import-files"
"""Names and sizes of what was brought, by import."""
STATE = "import-state"
"""How far an import has come, written with the positions it stored."""
REPORT = "import-report"
DAY = "day"
"""Entries of the journal that overlap a local day, as analysed: corrections stand apart."""
MONTH = "month"
"""Summary of a month, corrections applied."""
CALENDAR = "calendar"
"""The days of which something is known, and what made the journal."""
CORRECTION = "correction"

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

    n_pieces: int = 0
    n_new: int = 0
    n_known: int = 0


@dataclass(frozen=True, slots=True)
class Calendar:
    """The local days with entries that are more than unknown time, and the journal's maker."""

    days: tuple[int, ...] = ()
    """Proleptic ordinals, ascending."""
    made_by: tuple[str, str, str] = ("", "", "")
    n_trips: int = 0

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


def write_calendar(vault: OpenVault, calendar: Calendar) -> None:
    """Keep which days are known."""
    vault.put_doc(CALENDAR, _ONE, encode(calendar))


def read_calendar(vault: OpenVault) -> Calendar:
    """Read which days are known."""
    record = vault.get_doc(CALENDAR, _ONE)
    return Calendar() if record is None else decode(record, Calendar)
