"""What a person can do to take their data along: one function an action."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from estran.errors import ArchiveLocked, NotFound, ValueOutOfRange, VaultDamaged, VaultKeyWrong
from estran.vault.chunks import Kind
from estran.vault.seal import (
    HEADER_BYTES,
    PASSPHRASE_MAGIC,
    key_by_passphrase,
    lock_by_passphrase,
)
from estran.web.accounts import keylife
from estran.web.accounts.models import Person
from estran.web.jobs import queue
from estran.web.jobs.grants import is_void
from estran.web.jobs.models import Job
from estran.web.me.documents import CORRECTION, read_calendar
from estran.web.me.uploads import SealedFile, incoming_path
from estran.web.portability.files import discard, opened, path_of
from estran.web.portability.models import Invitation, Passage
from estran.web.portability.notes import FORMS, Notes, read_notes, write_notes
from estran.web.portability.peers import key_at, read_address
from estran.web.retention.pausing import check_collects
from estran.web.store.opened import OpenVault

MIN_PASSPHRASE = 8
"""An archive lies where nobody limits guesses; each guess costs 0.2 s of a core."""

BIG_ROWS = 500_000
"""A vault with more is a big job: some seconds of work."""


@dataclass(frozen=True, slots=True)
class Whole:
    """What goes along with everything: the preview of an export or a move."""

    n_positions: int
    n_days: int
    first: date | None
    last: date | None
    n_corrections: int
    n_imports: int
    n_log: int


def whole(vault: OpenVault) -> Whole:
    """Count what there is."""
    with vault.reading():
        days = read_calendar(vault).dates()
        return Whole(
            vault.n_rows(Kind.POSITIONS), len(days), min(days, default=None),
            max(days, default=None), len(vault.doc_ids(CORRECTION)), len(vault.imports()),
            len(vault.audit_entries()),
        )  # fmt: skip


def _begin(
    request: HttpRequest, kind: str, notes: Notes, *, passage_id: uuid.UUID | None = None
) -> Passage:
    """Write what it is about into the vault, then the row and the job."""
    person, key = keylife.person_of(request), keylife.key_of(request)
    vault = keylife.open_vault(request)
    assert key is not None  # noqa: S101 - the vault is open
    row_id = passage_id or uuid.uuid4()
    write_notes(vault, row_id, notes)
    is_big = vault.n_rows(Kind.POSITIONS) > BIG_ROWS
    with transaction.atomic():
        row, _ = Passage.objects.update_or_create(
            pk=row_id, defaults={"person": person, "kind": kind, "state": Passage.State.QUEUED}
        )
        queue.enqueue(person, kind, subject=row.pk, vault_key=key, is_big=is_big)
    return row


def start_export(
    request: HttpRequest, *, form: str, first: str = "", last: str = "", passphrase: str = ""
) -> Passage:
    """Ask for an export.

    Raises
    ------
    ValueOutOfRange
        The form, a day or the passphrase is none.
    VaultLocked
        Nobody is here who can open the vault.
    """
    if form not in FORMS:
        raise ValueOutOfRange(name="form", expected=", ".join(FORMS))
    _check_days(first, last)
    lock_key = lock_header = b""
    if form == "estran":
        first = last = ""
        if passphrase:
            if len(passphrase) < MIN_PASSPHRASE:
                raise ValueOutOfRange(name="passphrase", expected=f">= {MIN_PASSPHRASE}")
            lock = lock_by_passphrase(passphrase)
            lock_key, lock_header = lock.key, lock.header
    notes = Notes(form=form, first=first, last=last, lock_key=lock_key, lock_header=lock_header)
    return _begin(request, Passage.Kind.EXPORT, notes)


def _check_days(first: str, last: str) -> None:
    try:
        days = [date.fromisoformat(day) for day in (first, last) if day]
    except ValueError as error:
        raise ValueOutOfRange(name="day", expected="YYYY-MM-DD") from error
    if len(days) == 2 and days[1] < days[0]:  # noqa: PLR2004 - a first and a last
        raise ValueOutOfRange(name="last", expected="on or after the first day")


def start_restore(request: HttpRequest, upload: SealedFile, passphrase: str = "") -> Passage:
    """Take an uploaded archive into the queue.

    Raises
    ------
    ArchiveLocked
        It is closed by a passphrase, and this one does not open it.
    CollectionPaused
        The person has paused.
    VaultLocked
    """
    passage_id = uuid.uuid4()
    check_collects(keylife.person_of(request))
    vault = keylife.open_vault(request)
    incoming_path(upload.upload_id).rename(path_of(passage_id))
    try:
        key = _key_of_upload(vault, passage_id, passphrase)
        notes = Notes(lock_key=key, name=upload.name or "")
        return _begin(request, Passage.Kind.RESTORE, notes, passage_id=passage_id)
    except BaseException:
        discard([passage_id])
        raise


def _key_of_upload(vault: OpenVault, passage_id: uuid.UUID, passphrase: str) -> bytes:
    with opened(vault, passage_id) as plain:
        header = plain.read(HEADER_BYTES)
    if not header.startswith(PASSPHRASE_MAGIC):
        return b""
    try:
        return key_by_passphrase(header, passphrase)
    except (VaultKeyWrong, VaultDamaged) as error:
        raise ArchiveLocked from error


def ask_to_send(request: HttpRequest, address: str) -> Passage:
    """Look at another site's address; keep it for the person to agree, after the preview.

    Raises
    ------
    PeerAddressWrong, PeerForbidden, PeerSilent, PeerRefused
    """
    person, vault = keylife.person_of(request), keylife.open_vault(request)
    there = read_address(address)
    key = key_at(there)
    row = Passage.objects.create(person=person, kind=Passage.Kind.SEND, state=Passage.State.ASKED)
    write_notes(vault, row.pk, Notes(host=there.shown, address=address.strip(), other_key=key))
    return row


def agree_to_send(request: HttpRequest, passage_id: uuid.UUID) -> Passage:
    """Send, now that the person agreed.

    Raises
    ------
    NotFound
    """
    person, vault = keylife.person_of(request), keylife.open_vault(request)
    row = _row(person, passage_id)
    if row.kind != Passage.Kind.SEND or row.state != Passage.State.ASKED:
        raise NotFound
    notes = read_notes(vault, passage_id)
    return _begin(request, Passage.Kind.SEND, notes, passage_id=passage_id)


def _row(person: Person, passage_id: uuid.UUID) -> Passage:
    row = Passage.objects.filter(person=person, pk=passage_id).first()
    if row is None:
        raise NotFound
    return row


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a passage is, and what it is about."""

    row: Passage
    notes: Notes
    waits: bool
    """It cannot go on before its person opens a page."""

    @property
    def has_file(self) -> bool:
        """Tell whether there is a file to download."""
        row = self.row
        done = row.kind == Passage.Kind.EXPORT and row.state == Passage.State.DONE
        return done and path_of(row.pk).exists()


def progress(vault: OpenVault, person: Person, passage_id: uuid.UUID) -> Progress:
    """Tell how far a passage is.

    Raises
    ------
    NotFound
    """
    row = _row(person, passage_id)
    return _progress(vault, row)


def _progress(vault: OpenVault, row: Passage) -> Progress:
    job = None if row.is_over else Job.objects.filter(subject=row.pk).order_by("created_at").last()
    return Progress(row, read_notes(vault, row.pk), job is not None and is_void(job))


def passages(vault: OpenVault, person: Person) -> list[Progress]:
    """List what left and what came, the latest first."""
    rows = Passage.objects.filter(person=person).exclude(state=Passage.State.ASKED)[:30]
    return [_progress(vault, row) for row in rows]


def drop(request: HttpRequest, passage_id: uuid.UUID) -> None:
    """Delete a made export, or a move not agreed to, at once."""
    row = _row(keylife.person_of(request), passage_id)
    discard([row.pk])
    if row.state == Passage.State.ASKED:
        row.delete()
    else:
        Passage.objects.filter(pk=row.pk).update(expires_at=timezone.now())


def tidy() -> int:
    """Delete sealed files whose time is over, and addresses that ran out; count them."""
    now = timezone.now()
    over = list(Passage.objects.filter(expires_at__lt=now).values_list("pk", flat=True))
    gone = [pk for pk in over if path_of(pk).exists()]
    discard(gone)
    Passage.objects.filter(state=Passage.State.ASKED, created_at__lt=now - _FORGOTTEN).delete()
    Invitation.objects.filter(expires_at__lt=now - _FORGOTTEN).delete()
    return len(gone)


_FORGOTTEN = timedelta(days=1)
