"""What a worker does with an import: read, store piece by piece, analyse, report.

It may be killed at any moment. Each piece is stored in one transaction with the count of
pieces stored, so that the next attempt reads the files again and goes on where the last
one stopped: the same positions, the same counts, the same report.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar
from uuid import UUID

from django.utils import timezone

from estran import __version__
from estran.errors import Fault, Refusal
from estran.formats.bring import bring
from estran.formats.reading import Batch, FileReport, ImportReport
from estran.privacy import veiled, veiled_claims
from estran.trace import Activities, Claims, Columns, Marks, Positions, Source
from estran.vault.audit import Act
from estran.vault.seal import open_stream
from estran.web.jobs.models import Job
from estran.web.jobs.queue import JobLost
from estran.web.me.access import noting
from estran.web.me.documents import (
    FILES,
    REPORT,
    STATE,
    BroughtFile,
    ImportState,
    note_change,
    read_brought,
    read_report,
    read_state,
    write_report,
    write_state,
)
from estran.web.me.models import Import
from estran.web.me.remaking import remake
from estran.web.me.uploads import discard, incoming_path
from estran.web.retention.documents import zones_of
from estran.web.retention.lasting import drop_orphans, forget_owner
from estran.web.store.opened import OpenVault

_C = TypeVar("_C", bound=Columns)

PIECE_POSITIONS = 400_000
"""Rows stored at once: long enough that a day is merged once or twice, short enough that
nobody waits long for the vault."""


def _keep(kept: dict[Source, list[_C]], source: Source, rows: _C | None) -> int:
    if rows is None or not len(rows):
        return 0
    kept.setdefault(source, []).append(rows)
    return len(rows)


@dataclass(slots=True)
class _Piece:
    """Batches that wait to be stored together."""

    positions: dict[Source, list[Positions]] = field(default_factory=dict)
    activities: dict[Source, list[Activities]] = field(default_factory=dict)
    claims: dict[Source, list[Claims]] = field(default_factory=dict)
    marks: dict[Source, list[Marks]] = field(default_factory=dict)
    n_rows: int = 0

    def add(self, batch: Batch) -> None:
        """Keep a batch."""
        self.n_rows += sum(
            (
                _keep(self.positions, batch.source, batch.positions),
                _keep(self.activities, batch.source, batch.activities),
                _keep(self.claims, batch.source, batch.claims),
                _keep(self.marks, batch.source, batch.marks),
            )
        )

    def store(self, vault: OpenVault, import_id: str, state: ImportState) -> ImportState:
        """Store it, and that it is stored, together."""
        n_new = n_known = n_beside = n_never = 0
        zones = zones_of(vault)
        with vault.transaction():
            for source, positions in self.positions.items():
                seen = veiled(Positions.concatenate(positions), zones)
                n_never += seen.n_dropped
                added = vault.add_positions(source, seen.positions, import_id=import_id)
                n_new, n_known = n_new + added.n_new, n_known + added.n_known
            for source, activities in self.activities.items():
                n_beside += vault.add_activities(
                    source, Activities.concatenate(activities), import_id=import_id
                ).n_new
            for source, claims in self.claims.items():
                told, n_dropped = veiled_claims(Claims.concatenate(claims), zones)
                n_never += n_dropped
                n_beside += vault.add_claims(source, told, import_id=import_id).n_new
            for source, marks in self.marks.items():
                said = Marks.concatenate(marks)
                n_beside += vault.add_marks(source, said, import_id=import_id).n_new
            if n_new or n_beside:
                note_change(vault)
            after = replace(
                state,
                version=__version__,
                n_pieces=state.n_pieces + 1,
                n_new=state.n_new + n_new,
                n_known=state.n_known + n_known,
                n_never=state.n_never + n_never,
            )
            write_state(vault, import_id, after)
        return after


def run_import(row: Import, vault: OpenVault, tell: Teller) -> None:
    """Do an import from wherever it stands to its end."""
    import_id = str(row.pk)
    if read_report(vault, import_id) is None:
        report, state = _take_in(row, vault, tell)
        tell("positions", 1.0, force=True)
        remake(vault, tell)
        write_report(vault, import_id, report)
    else:
        # Killed between its report and its row: only the row is to be written.
        report, state = (
            read_report(vault, import_id) or ImportReport(),
            read_state(vault, import_id),
        )
    # Before the row says done: a worker killed in between finds the report and goes on.
    drop_uploads(row)
    done = Import.objects.filter(pk=row.pk, state=Import.State.RUNNING).update(
        state=Import.State.DONE,
        phase=Import.Phase.DONE,
        phase_share=1.0,
        n_positions_read=state.n_new + state.n_known,
        n_positions_new=state.n_new,
        n_positions_known=state.n_known,
        n_refused=sum(file.refused is not None for file in report.files),
        ended_at=timezone.now(),
    )
    if not done:
        raise JobLost


def _take_in(row: Import, vault: OpenVault, tell: Teller) -> tuple[ImportReport, ImportState]:
    import_id = str(row.pk)
    state = read_state(vault, import_id)
    if state.version not in {"", __version__}:
        state = ImportState()
    n_pieces, reports, piece = 0, [], _Piece()

    def full(piece: _Piece, state: ImportState) -> ImportState:
        return piece.store(vault, import_id, state) if n_pieces >= state.n_pieces else state

    for item in _read_all(row, vault, tell):
        if isinstance(item, FileReport):
            reports.append(item)
            continue
        piece.add(item)
        if piece.n_rows >= PIECE_POSITIONS:
            state = full(piece, state)
            n_pieces, piece = n_pieces + 1, _Piece()
            tell.counts(state)
    tell("positions", 0.0)
    if piece.n_rows:
        state = full(piece, state)
    tell.counts(state)
    return ImportReport(tuple(reports)), state


def _read_all(row: Import, vault: OpenVault, tell: Teller) -> Iterator[Batch | FileReport]:
    brought = read_brought(vault, str(row.pk))
    files = brought.files if brought else ()
    whole_bytes = max(1, sum(file.size_bytes for file in files))
    before_bytes = 0
    for file in files:

        def on_bytes(n_bytes: int, before_bytes: int = before_bytes) -> None:
            tell.read(before_bytes + n_bytes, whole_bytes)

        yield from _read_one(file, vault, on_bytes)
        before_bytes += file.size_bytes


def _read_one(
    file: BroughtFile, vault: OpenVault, on_bytes: Callable[[int], None]
) -> Iterator[Batch | FileReport]:
    """Read one sealed upload; a file that is gone or damaged is a report."""
    try:
        with incoming_path(UUID(file.upload_id)).open("rb") as sealed:
            stream = open_stream(sealed, vault.public_key, vault.secret_key)
            yield from bring(file.name, stream, on_bytes=on_bytes)
    except (FileNotFoundError, Refusal):
        fault = Fault("file-unreadable", 1, "")
        yield FileReport(file.name, "", 0, refused=fault, refused_params=(("file", file.name),))


def run_undo(row: Import, vault: OpenVault, tell: Teller) -> None:
    """Take back what an import brought, and remake the journal."""
    import_id = str(row.pk)
    with noting(vault), vault.transaction():
        if vault.remove_import(import_id).n_rows:
            note_change(vault)
            vault.audit(Act.ERASED, "import")
        forget_owner(vault, import_id)
        drop_orphans(vault)
        for kind in (STATE, REPORT):
            vault.delete_doc(kind, import_id)
    tell("positions", 1.0, force=True)
    remake(vault, tell)
    vault.delete_doc(FILES, import_id)
    Import.objects.filter(pk=row.pk, state=Import.State.UNDOING).update(
        state=Import.State.UNDONE,
        phase=Import.Phase.DONE,
        phase_share=1.0,
        n_positions_new=0,
        n_positions_known=0,
        ended_at=timezone.now(),
    )
    drop_uploads(row)


def drop_uploads(row: Import) -> None:
    """Delete the sealed files of an import: the vault has what was in them."""
    ids = list(row.uploads.values_list("pk", flat=True))
    discard(ids)
    with contextlib.suppress(Import.DoesNotExist):
        row.uploads.all().delete()


class Teller:
    """Writes an import's progress into its row, seldom, and learns there if it must stop.

    Parameters
    ----------
    row : Import
    state : str
        What the row must say for the work to go on.
    clock : callable
        Seconds, monotonic.
    check : callable
        Called before each write; it may raise to stop.
    """

    EVERY_S = 0.4

    def __init__(
        self, row: Import, state: str, *, clock: Callable[[], float], check: Callable[[], None]
    ) -> None:
        self._row, self._state, self._clock, self._check = row, state, clock, check
        self._phase, self._written_s = "", -1e9

    def __call__(self, phase: str, share: float, *, force: bool = False) -> None:
        """Tell a phase's share done.

        Raises
        ------
        JobLost
            The import was taken back or erased meanwhile.
        """
        self._write(phase, share, force=force)

    def read(self, n_bytes: int, whole_bytes: int) -> None:
        """Tell how much of the files was read."""
        self._write("reading", min(1.0, n_bytes / whole_bytes), n_read_bytes=n_bytes)

    def counts(self, state: ImportState) -> None:
        """Tell what was stored."""
        self._write(
            self._phase or "reading",
            None,
            force=True,
            n_positions_read=state.n_new + state.n_known,
            n_positions_new=state.n_new,
            n_positions_known=state.n_known,
        )

    def _write(
        self, phase: str, share: float | None, *, force: bool = False, **counts: int
    ) -> None:
        self._check()
        now_s = self._clock()
        if not force and phase == self._phase and now_s - self._written_s < self.EVERY_S:
            return
        self._phase, self._written_s = phase, now_s
        values: dict[str, object] = {"phase": phase, **counts}
        if share is not None:
            values["phase_share"] = share
        if not Import.objects.filter(pk=self._row.pk, state=self._state).update(**values):
            raise JobLost


def row_of(job: Job) -> Import:
    """Give the import that a job is about.

    Raises
    ------
    JobLost
        It is gone.
    """
    row = Import.objects.filter(pk=job.subject or UUID(int=0), person_id=job.person_id).first()
    if row is None:
        raise JobLost
    return row
