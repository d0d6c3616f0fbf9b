"""The door at which an archive from another site comes, once, sealed to its person."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import BinaryIO

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from estran.errors import ArchiveDamaged, FileTooLarge, NotFound, PeerRefused, VaultFull
from estran.vault.seal import STREAM_MAGIC
from estran.web.accounts.models import Person, Vault
from estran.web.jobs.models import Job
from estran.web.me.uploads import MAX_UPLOAD_BYTES
from estran.web.portability.files import keep, new_file, path_of
from estran.web.portability.models import Invitation, Passage
from estran.web.portability.peers import SCHEMA, fingerprint

LASTS = timedelta(hours=24)
"""How long an address may be used."""

_TAKES = timedelta(hours=1)
"""A transfer that is silent for longer is over: another may begin."""

_AT_ONCE = 256 * 1024


def _digest(code: str) -> str:
    return hashlib.sha256(b"estran invitation\0" + code.encode()).hexdigest()


def invite(person: Person) -> tuple[Invitation, str]:
    """Make an address for one archive; the one before is void.

    Returns
    -------
    tuple of Invitation and str
        The row, and the path with the code, which is nowhere else.
    """
    code = secrets.token_hex(16)
    with transaction.atomic():
        Invitation.objects.filter(person=person, used_at=None).delete()
        row = Invitation.objects.create(
            person=person, code_digest=_digest(code), expires_at=timezone.now() + LASTS
        )
    key = bytes(Vault.objects.get(person=person).public_key)
    return row, f"/receive/{row.pk}/{code}/{fingerprint(key)}/"


def _valid(invitation_id: uuid.UUID, code: str) -> tuple[Invitation, bytes]:
    """Find an invitation and the key of its person."""
    row = Invitation.objects.select_related("person").filter(pk=invitation_id).first()
    if row is None or not hmac.compare_digest(row.code_digest, _digest(code)):
        raise NotFound
    if row.used_at is not None or row.expires_at < timezone.now():
        raise PeerRefused
    return row, bytes(Vault.objects.get(person=row.person).public_key)


def offer(invitation_id: uuid.UUID, code: str) -> dict[str, str | int]:
    """Tell a sender which key to seal to.

    Raises
    ------
    NotFound, PeerRefused
    """
    _, key = _valid(invitation_id, code)
    return {
        "schema": SCHEMA,
        "public_key": base64.b64encode(key).decode(),
        "most_bytes": MAX_UPLOAD_BYTES,
    }


def take(
    invitation_id: uuid.UUID, code: str, body: Callable[[int], bytes], n_bytes: int
) -> Passage:
    """Take a sealed archive; a worker reads it as soon as its person is there with the key.

    Parameters
    ----------
    invitation_id : UUID
    code : str
    body : callable
        Reads so many bytes of what is sent.
    n_bytes : int
        How many the sender announces.

    Raises
    ------
    NotFound, PeerRefused, FileTooLarge, ArchiveDamaged, VaultFull
        Nothing was kept.
    """
    row, _ = _valid(invitation_id, code)
    if n_bytes > MAX_UPLOAD_BYTES:
        raise FileTooLarge(file="", limit_mib=MAX_UPLOAD_BYTES // 2**20)
    if not _begin(row, timezone.now()):
        raise PeerRefused
    passage_id = uuid.uuid4()
    part = path_of(passage_id).with_suffix(".new")
    try:
        with new_file(part) as file:
            _copy(body, file, n_bytes)
            keep(part, path_of(passage_id), file)
    except BaseException:
        part.unlink(missing_ok=True)
        Invitation.objects.filter(pk=row.pk).update(receiving_since=None)
        raise
    with transaction.atomic():
        Invitation.objects.filter(pk=row.pk).update(used_at=timezone.now())
        made = Passage.objects.create(
            id=passage_id, person=row.person, kind=Passage.Kind.RECEIVE, size_bytes=n_bytes
        )
        # Without a grant: the person's next page gives the worker the key.
        Job.objects.create(
            person=row.person, kind=Passage.Kind.RECEIVE.value, subject=passage_id, is_big=True
        )
    return made


def _begin(row: Invitation, now: datetime) -> bool:
    free = Q(receiving_since=None) | Q(receiving_since__lt=now - _TAKES)
    mine = Invitation.objects.filter(free, pk=row.pk, used_at=None)
    return bool(mine.update(receiving_since=now))


def _copy(body: Callable[[int], bytes], file: BinaryIO, announced_bytes: int) -> None:
    n_bytes = 0
    while piece := body(_AT_ONCE):
        if not n_bytes and not piece.startswith(STREAM_MAGIC[: len(piece)]):
            raise ArchiveDamaged
        n_bytes += len(piece)
        if n_bytes > announced_bytes:
            raise ArchiveDamaged
        try:
            file.write(piece)
        except OSError as error:
            raise VaultFull from error
    if not n_bytes or n_bytes != announced_bytes:
        raise ArchiveDamaged
