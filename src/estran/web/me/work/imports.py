"""Bringing files: start, follow, read the report, undo."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.http import HttpRequest

from estran.errors import FileTooLarge, NotFound, ValueOutOfRange, VaultConflict, VaultLocked
from estran.formats.reading import ImportReport
from estran.web.accounts import keylife
from estran.web.accounts.models import Person, Vault
from estran.web.jobs import queue
from estran.web.jobs.grants import is_void
from estran.web.jobs.models import Job
from estran.web.me.documents import (
    REPORT,
    Brought,
    BroughtFile,
    read_brought,
    read_report,
    read_state,
    write_brought,
)
from estran.web.me.models import Import, SealedUpload
from estran.web.me.uploads import SealedFile, discard
from estran.web.retention.pausing import check_collects
from estran.web.store.opened import OpenVault

PHASES = tuple(Import.Phase.values)
"""The phases in order."""

_SHARES = {"received": 0.0, "reading": 0.05, "positions": 0.55, "trips": 0.65, "carbon": 0.95}
"""Where each phase begins on the whole way, from the times measured on a year of a phone."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is.

    ``phase_share`` is the true share of the phase's own work, ``done_share`` that of the
    whole way, both 0 to 1. ``waits`` tells that it cannot go on before its person opens a
    page: the site was started again and no longer has the key. ``may_retry`` tells that it
    stopped and its files are still there.
    """

    id: uuid.UUID
    state: str
    phase: str
    phase_share: float
    done_share: float
    is_over: bool
    waits: bool
    may_retry: bool
    n_files: int
    size_bytes: int
    n_read_bytes: int
    n_positions_read: int
    n_positions_new: int
    n_positions_known: int
    n_refused: int
    error: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


def start_import(request: HttpRequest, uploads: Sequence[SealedFile]) -> Import:
    """Take uploaded files into the queue of work.

    Parameters
    ----------
    request : HttpRequest
        Of the person who brings them, vault open.
    uploads : sequence of SealedFile
        As the upload handler sealed them.

    Raises
    ------
    VaultLocked
        Nobody is here who can open the vault.
    ValueOutOfRange
        There is no file.
    FileTooLarge
        Too much of this person's waits already.
    CollectionPaused
        The person has paused.
    VaultConflict
        The vault got another key while the files came: nobody could read them.
    """
    if not uploads:
        raise ValueOutOfRange(name="files", expected="1 or more")
    person, key = _opener(request)
    check_collects(person)
    _check_room(person, uploads)
    import_id = uuid.uuid4()
    files = tuple(BroughtFile(str(u.upload_id), u.name or "", u.size or 0) for u in uploads)
    # The names first, in the vault: a row without them would lose its words.
    write_brought(keylife.open_vault(request), str(import_id), Brought(files))
    size_bytes = sum(file.size_bytes for file in files)
    with transaction.atomic():
        _check_pair(person, uploads)
        row = Import.objects.create(
            id=import_id, person=person, n_files=len(files), size_bytes=size_bytes
        )
        SealedUpload.objects.bulk_create(
            SealedUpload(id=u.upload_id, of_import=row, rank=rank, size_bytes=u.size or 0)
            for rank, u in enumerate(uploads)
        )
        queue.enqueue(
            person,
            Job.Kind.IMPORT,
            subject=row.pk,
            vault_key=key,
            is_big=size_bytes > queue.SETTINGS.big_bytes,
        )
    return row


def _opener(request: HttpRequest) -> tuple[Person, bytes]:
    """Give who asks, with the key that a worker needs."""
    key = keylife.key_of(request)
    if key is None:
        raise VaultLocked
    return keylife.person_of(request), key


def _check_pair(person: Person, uploads: Sequence[SealedFile]) -> None:
    """Refuse what is sealed to a former key; the row stays locked until the files are named."""
    vault = Vault.objects.select_for_update().get(person=person)
    if any(upload.public_key != bytes(vault.public_key) for upload in uploads):
        raise VaultConflict


WAITING_BYTES = 8 * 1024**3
"""Uploads of one person that may wait at once: twice the largest."""


def _check_room(person: Person, uploads: Sequence[SealedFile]) -> None:
    waiting = SealedUpload.objects.filter(of_import__person=person)
    whole_bytes = waiting.aggregate(n=Sum("size_bytes"))["n"] or 0
    if whole_bytes + sum(upload.size or 0 for upload in uploads) > WAITING_BYTES:
        raise FileTooLarge(file=uploads[0].name or "", limit_mib=WAITING_BYTES // 2**20)


def _row(person: Person, import_id: uuid.UUID | str) -> Import:
    row = Import.objects.filter(person=person, pk=import_id).first()
    if row is None:
        raise NotFound
    return row


def import_progress(person: Person, import_id: uuid.UUID | str) -> Progress:
    """Tell how far an import is.

    Raises
    ------
    NotFound
        This person has no such import.
    """
    row = _row(person, import_id)
    jobs = Job.objects.filter(person=person, subject=row.pk).order_by("-created_at")
    return _progress(row, jobs.first())


def _progress(row: Import, job: Job | None) -> Progress:
    begins = _SHARES.get(row.phase, 1.0)
    following = [share for share in (*_SHARES.values(), 1.0) if share > begins]
    done_share = begins + row.phase_share * (following[0] - begins) if following else 1.0
    return Progress(
        id=row.pk,
        state=row.state,
        phase=row.phase,
        phase_share=row.phase_share,
        done_share=1.0 if row.is_over else done_share,
        is_over=row.is_over,
        waits=job is not None and is_void(job),
        may_retry=row.state == Import.State.FAILED and row.uploads.exists(),
        n_files=row.n_files,
        size_bytes=row.size_bytes,
        n_read_bytes=row.n_read_bytes,
        n_positions_read=row.n_positions_read,
        n_positions_new=row.n_positions_new,
        n_positions_known=row.n_positions_known,
        n_refused=row.n_refused,
        error=row.error,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )


def imports(person: Person) -> list[Progress]:
    """List what a person brought, the latest first."""
    rows = list(Import.objects.filter(person=person))
    jobs = {job.subject: job for job in Job.objects.filter(person=person).order_by("created_at")}
    return [_progress(row, jobs.get(row.pk)) for row in rows]


def missing_imports(vault: OpenVault, person: Person) -> frozenset[uuid.UUID]:
    """List what the database says is done and the vault does not hold: an older copy of it."""
    kept = set(vault.doc_ids(REPORT))
    done = Import.objects.filter(person=person, state=Import.State.DONE)
    return frozenset(pk for pk in done.values_list("pk", flat=True) if str(pk) not in kept)


def import_report(vault: OpenVault, import_id: uuid.UUID | str) -> ImportReport | None:
    """Read the report of an import, None while there is none."""
    return read_report(vault, str(import_id))


def brought(vault: OpenVault, import_id: uuid.UUID | str) -> Brought:
    """Tell the names and sizes of the files of an import."""
    return read_brought(vault, str(import_id)) or Brought()


def never_kept(vault: OpenVault, import_id: uuid.UUID | str) -> int:
    """Count what of an import lay in places that are never kept."""
    return read_state(vault, str(import_id)).n_never


def retry_import(request: HttpRequest, import_id: uuid.UUID | str) -> Import:
    """Begin an import anew that stopped: what it brought already is known and counts once.

    Raises
    ------
    NotFound
        This person has no such import, or its files are gone.
    VaultLocked
        Nobody is here who can open the vault.
    """
    person, key = _opener(request)
    with transaction.atomic():
        row = Import.objects.select_for_update().filter(person=person, pk=import_id).first()
        if row is None or not row.uploads.exists():
            raise NotFound
        if row.state == Import.State.FAILED:
            Import.objects.filter(pk=row.pk).update(
                state=Import.State.QUEUED, phase=Import.Phase.RECEIVED, phase_share=0.0,
                error="", ended_at=None,
            )  # fmt: skip
            queue.enqueue(
                person, Job.Kind.IMPORT, subject=row.pk, vault_key=key,
                is_big=row.size_bytes > queue.SETTINGS.big_bytes,
            )  # fmt: skip
    row.refresh_from_db()
    return row


def undo_import(request: HttpRequest, import_id: uuid.UUID | str) -> Import:
    """Take back what an import brought: what other imports brought too stays.

    The positions are removed and the journal is remade by a worker.

    Raises
    ------
    NotFound
        This person has no such import.
    VaultLocked
        Nobody is here who can open the vault.
    """
    person, key = _opener(request)
    with transaction.atomic():
        row = Import.objects.select_for_update().filter(person=person, pk=import_id).first()
        if row is None:
            raise NotFound
        if row.state in {Import.State.UNDOING, Import.State.UNDONE}:
            return row
        unstarted = Job.objects.filter(person=person, subject=row.pk, state=Job.State.QUEUED)
        unstarted.delete()
        Import.objects.filter(pk=row.pk).update(
            state=Import.State.UNDOING, phase=Import.Phase.POSITIONS, phase_share=0.0, error=""
        )
        queue.enqueue(person, Job.Kind.UNDO, subject=row.pk, vault_key=key)
        discard(list(row.uploads.values_list("pk", flat=True)))
    row.refresh_from_db()
    return row
