"""The worker's part of a restore: an archive into a vault, merged, nothing doubled.

The archive is read as a whole before anything is stored. What is stored is stored in
pieces, each whole: a worker that dies begins anew, and what is there already counts once.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import msgspec
from django.utils import timezone

from estran.carbon import factor_set
from estran.coach.checking import check
from estran.coach.corrections import KINDS as SAID
from estran.coach.corrections import Correction
from estran.errors import (
    ArchiveDamaged,
    FactorSetUnknown,
    ValueOutOfRange,
    VaultDamaged,
    ZoneUnknown,
)
from estran.formats.reading import ImportReport
from estran.giving.opening import Archive, Rows
from estran.privacy import Zone, veiled, veiled_claims
from estran.trace import Activities, Claims, Columns, Marks, Positions, Source
from estran.vault.audit import Act
from estran.vault.chunks import Kind
from estran.web.me.access import note
from estran.web.me.documents import (
    CORRECTION,
    FILES,
    REPORT,
    Brought,
    forget_change,
    note_change,
    read_calendar,
    read_change,
    write_brought,
    write_correction,
    write_report,
)
from estran.web.me.models import Import
from estran.web.me.records import encode
from estran.web.me.remaking import keep_journal, remake
from estran.web.me.staleness import is_stale
from estran.web.portability.files import discard, opened
from estran.web.portability.kinds import KINDS
from estran.web.portability.models import Passage
from estran.web.portability.notes import EARLIER_LOG, Notes, read_notes, write_notes
from estran.web.retention.documents import zones_of
from estran.web.store.evidence import Added
from estran.web.store.opened import OpenVault

PIECE_ROWS = 200_000
"""Rows that are merged in one transaction; as imports do."""

_ID = re.compile(r"[0-9A-Za-z_.:-]{1,64}\Z")

_DOC_ID = re.compile(r"[^\x00-\x1f]{1,200}\Z")

type_tell = Callable[[float], None]


class ImportDoc(msgspec.Struct, frozen=True):
    """One import, as an archive tells it."""

    id: str
    created_at: datetime | None = None
    state: str = ""
    files: Brought | None = None
    report: ImportReport | None = None


def run_restore(row: Passage, vault: OpenVault, tell: type_tell) -> None:
    """Read an archive that was brought or sent, and take in what it holds."""
    notes = read_notes(vault, row.pk)
    if notes.was_empty < 0:
        notes = replace(notes, was_empty=int(_is_empty(vault)))
        write_notes(vault, row.pk, notes)
    try:
        with opened(vault, row.pk, notes.lock_key) as file:
            archive = Archive(file)
            archive.check(tell=lambda share: tell(0.3 * share))
            taken = take_in(archive, vault, lambda share: tell(0.3 + 0.3 * share))
            _journal(archive, vault, notes, lambda share: tell(0.6 + 0.4 * share))
            made_at = archive.manifest.made_at
    except VaultDamaged as error:
        raise ArchiveDamaged from error
    note_imports(row, taken)
    n_corrections = taken.n_corrections
    note(vault, Act.RESTORED, row.kind, made_at)
    write_notes(
        vault, row.pk,
        replace(
            notes, lock_key=b"", lock_header=b"", n_positions=taken.n_new, n_known=taken.n_known,
            n_corrections=n_corrections,
        ),
    )  # fmt: skip
    discard([row.pk])
    Passage.objects.filter(pk=row.pk).update(
        state=Passage.State.DONE, done_share=1.0, ended_at=timezone.now(), expires_at=None
    )


def _is_empty(vault: OpenVault) -> bool:
    held = vault.imports() or read_calendar(vault).days or vault.doc_ids(CORRECTION)
    return not (held or zones_of(vault))


@dataclass(slots=True)
class Taken:
    """What was taken in."""

    n_new: int = 0
    n_known: int = 0
    n_corrections: int = 0
    imports: list[tuple[ImportDoc, int]] = field(default_factory=list)
    """Imports under the ids that they have here, with their new positions."""


def take_in(archive: Archive, vault: OpenVault, tell: type_tell = lambda _: None) -> Taken:
    """Merge what a checked archive holds into a vault; twice the same counts once."""
    told = _imports(archive)
    here = import_ids(vault, {doc.id for doc in told} | _named(archive))
    papers = _papers(archive)
    taken = Taken()
    by_import: dict[str, int] = {}
    waiting = _Waiting()
    n_done = 0
    for kind in Kind:
        for rows in archive.rows(kind):
            waiting.add(rows)
            n_done += len(rows.values)
            if waiting.n_rows >= PIECE_ROWS:
                waiting.store(vault, here, taken, by_import)
                tell(n_done / max(1, archive.n_rows))
        waiting.store(vault, here, taken, by_import)
    with vault.transaction():
        taken.n_corrections = _corrections(archive, vault)
        _store_papers(vault, papers)
        for doc in told:
            _store_import(vault, here[doc.id], doc)
    taken.imports = [
        (msgspec.structs.replace(doc, id=here[doc.id]), by_import.get(here[doc.id], 0))
        for doc in told
    ]
    return taken


def _imports(archive: Archive) -> list[ImportDoc]:
    told: list[ImportDoc] = archive.document("imports", list[ImportDoc]) or []
    if not all(_ID.match(doc.id) for doc in told):
        raise ArchiveDamaged
    return told


def _named(archive: Archive) -> set[str]:
    named = {import_id for owners in archive.sources().import_sets for import_id in owners}
    if not all(_ID.match(import_id) for import_id in named):
        raise ArchiveDamaged
    return named


def import_ids(vault: OpenVault, named: set[str]) -> dict[str, str]:
    """Name the imports of an archive here: as there where this vault knows them, else anew.

    The ids of imports are unique on a site, and an archive may come to a second account of
    the same site: a new id is made of the vault's and the old one, always the same.
    """
    known = {*vault.imports(), *vault.doc_ids(FILES)}
    space = uuid.UUID(hex=vault.vault_id)
    return {name: name if name in known else str(uuid.uuid5(space, name)) for name in sorted(named)}


@dataclass(slots=True)
class _Waiting:
    """Rows of one kind that wait to be merged, by source and imports."""

    rows: dict[tuple[str, tuple[str, ...]], list[Rows]] = field(default_factory=dict)
    n_rows: int = 0

    def add(self, rows: Rows) -> None:
        self.rows.setdefault((rows.source.key, rows.import_ids), []).append(rows)
        self.n_rows += len(rows.values)

    def store(
        self, vault: OpenVault, here: dict[str, str], taken: Taken, by_import: dict[str, int]
    ) -> None:
        with vault.transaction():
            zones = zones_of(vault)
            note_change(vault)
            for (_, import_ids), parts in self.rows.items():
                whole = type(parts[0].values).concatenate([part.values for part in parts])
                values = _veiled(whole, zones)
                is_position = isinstance(values, Positions)
                for rank, import_id in enumerate(import_ids):
                    added = _add(vault, parts[0].source, values, here[import_id])
                    if is_position and rank == 0:
                        taken.n_new += added.n_new
                        taken.n_known += added.n_known
                        total = by_import.get(here[import_id], 0) + added.n_new
                        by_import[here[import_id]] = total
        self.rows, self.n_rows = {}, 0


def _veiled(values: Columns, zones: tuple[Zone, ...]) -> Columns:
    """Blur or drop what lies in the private places of the vault that it comes to."""
    if isinstance(values, Positions):
        return veiled(values, zones).positions
    return veiled_claims(values, zones)[0] if isinstance(values, Claims) else values


def _add(vault: OpenVault, source: Source, values: Columns, import_id: str) -> Added:
    if isinstance(values, Positions):
        return vault.add_positions(source, values, import_id=import_id)
    if isinstance(values, Activities):
        return vault.add_activities(source, values, import_id=import_id)
    if isinstance(values, Claims):
        return vault.add_claims(source, values, import_id=import_id)
    assert isinstance(values, Marks)  # noqa: S101 - there is no fifth kind
    return vault.add_marks(source, values, import_id=import_id)


def _corrections(archive: Archive, vault: OpenVault) -> int:
    """Keep what the person said there and not here; count it."""
    n_new = 0
    for said in archive.corrections():
        _check(said)
        if vault.get_doc(CORRECTION, said.id) is None:
            write_correction(vault, said)
            n_new += 1
    return n_new


def _check(said: Correction) -> None:
    """Refuse what no site lets a person say; a kind of a later release is kept as it is."""
    if not _ID.match(said.id) or said.end_us < said.start_us:
        raise ArchiveDamaged
    if said.kind in SAID:
        try:
            check(said)
        except (ValueOutOfRange, ZoneUnknown) as error:
            raise ArchiveDamaged from error
        if said.kind == "add" and not said.tz:
            raise ArchiveDamaged


def _papers(archive: Archive) -> dict[tuple[str, str], bytes]:
    """Read the further documents that this version knows; refuse those that do not fit."""
    papers: dict[tuple[str, str], bytes] = {}
    for name, kind in KINDS.items():
        found: dict[str, Any] = archive.document(name, dict[str, kind.holds]) or {}  # type: ignore[name-defined]
        if not all(_DOC_ID.match(doc_id) for doc_id in found):
            raise ArchiveDamaged
        for doc_id, value in found.items():
            papers[kind.restored_as or kind.stored_as, doc_id] = encode(value)
    log = archive.access_log()
    if log and isinstance(log, list):
        made_at = archive.manifest.made_at.replace(":", "")
        papers[EARLIER_LOG, made_at[:64]] = encode(log)
    return papers


def _store_papers(vault: OpenVault, papers: dict[tuple[str, str], bytes]) -> None:
    """Keep papers that are not here; of two of one name, the one that is here stays."""
    for (kind, doc_id), record in papers.items():
        if vault.get_doc(kind, doc_id) is None:
            vault.put_doc(kind, doc_id, record)


def _store_import(vault: OpenVault, import_id: str, doc: ImportDoc) -> None:
    if doc.files is not None and vault.get_doc(FILES, import_id) is None:
        write_brought(vault, import_id, doc.files)
    if doc.report is not None and vault.get_doc(REPORT, import_id) is None:
        write_report(vault, import_id, doc.report)


def note_imports(row: Passage, taken: Taken) -> None:
    """Let imports that came be seen and taken back as those that were brought here."""
    for doc, n_new in taken.imports:
        if doc.state != Import.State.DONE:
            continue
        made, is_new = Import.objects.get_or_create(
            pk=uuid.UUID(doc.id),
            defaults={
                "person": row.person, "state": Import.State.DONE, "phase": Import.Phase.DONE,
                "phase_share": 1.0, "n_files": len(doc.files.files) if doc.files else 0,
                "n_positions_read": n_new, "n_positions_new": n_new, "ended_at": timezone.now(),
            },
        )  # fmt: skip
        if is_new and doc.created_at is not None:
            Import.objects.filter(pk=made.pk).update(created_at=doc.created_at)


def _journal(archive: Archive, vault: OpenVault, notes: Notes, tell: type_tell) -> None:
    """Keep the archive's journal where nothing was before, else make one of everything."""
    if notes.was_empty == 1 and _is_usable(archive):
        change = read_change(vault)
        with vault.transaction():
            keep_journal(vault, archive.journal())
            forget_change(vault, change)
        tell(1.0)
        return
    remake(vault, lambda _, share: tell(share))


def _is_usable(archive: Archive) -> bool:
    made_by = archive.made_by
    try:
        factor_set(made_by.factor_set)
    except FactorSetUnknown:
        return False
    return bool(made_by.algorithm) and not is_stale(made_by)
