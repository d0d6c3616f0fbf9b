"""Uploads are sealed while they arrive: no byte of them touches a disk in clear."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import time
import uuid
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

from estran.errors import FileTooLarge, Refusal, VaultDamaged, VaultFull
from estran.vault.seal import StreamSealer, open_stream
from estran.web.accounts.models import Person, Vault
from estran.web.me.models import SealedUpload
from estran.web.store.opened import OpenVault

MAX_UPLOAD_BYTES = 4 * 1024**3
"""All files of one request together. A whole life of Google's Records.json is 1 to 2 GB."""

UPLOADS_TO = frozenset({"import", "restore", "ticket-message", "ticket-table"})
"""Pages that take files, by the names of their addresses."""

_CHUNK_BYTES = 256 * 1024
_AGAIN = ".again"
_log = logging.getLogger(__name__)


def incoming_folder() -> Path:
    """Give the folder of sealed uploads that wait for a worker."""
    return Path(settings.ESTRAN_DATA) / "incoming"


def incoming_path(upload_id: uuid.UUID) -> Path:
    """Give the file of one sealed upload."""
    return incoming_folder() / f"{upload_id}.sealed"


class SealedFile(UploadedFile):  # type: ignore[type-arg]  # generic in the stubs only
    """What a view gets: the id of the sealed file, its name as sent, its size in clear.

    ``public_key`` is what it is sealed to: the vault may have another one by now.
    """

    def __init__(self, upload_id: uuid.UUID, name: str, size_bytes: int, public_key: bytes) -> None:
        super().__init__(BytesIO(), name, "application/octet-stream", size_bytes)
        self.upload_id = upload_id
        self.public_key = public_key


class SealingUploadHandler(FileUploadHandler):
    """Seal each file to the public key of the person who sends it.

    Files sent by nobody, or to a page that takes none, are thrown away as they come.
    What goes wrong is noted on the request for the view to say: see :func:`refusal_of`.
    """

    chunk_size = _CHUNK_BYTES

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._public_key: bytes | None = None
        self._sealer: StreamSealer | None = None
        self._file: BinaryIO | None = None
        self._id = uuid.UUID(int=0)
        self._made: list[uuid.UUID] = []
        self._n_bytes = 0

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Begin a sealed file, or skip what nobody may send here."""
        super().new_file(*args, **kwargs)  # type: ignore[arg-type] # passed on as it came
        self._public_key = self._public_key or _public_key_of_sender(self.request)
        if self._public_key is None:
            raise SkipFile
        self._id = uuid.uuid4()
        self._made.append(self._id)
        self._sealer = StreamSealer(self._public_key)
        with self._refusing():
            path = incoming_path(self._id)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            self._file = os.fdopen(fd, "wb", buffering=0)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - Django's signature
        """Seal a piece and write it."""
        self._n_bytes += len(raw_data)
        if self._n_bytes > MAX_UPLOAD_BYTES:
            self._give_up(
                FileTooLarge(file=self.file_name or "", limit_mib=MAX_UPLOAD_BYTES // 2**20)
            )
        if self._sealer is not None:
            self._write(self._sealer.update(raw_data))

    def file_complete(self, file_size: int) -> SealedFile | None:
        """End the sealed file: from here on it is on the disk for good."""
        if self._sealer is None or self._file is None:
            return None
        self._write(self._sealer.finish())
        with self._refusing():
            os.fsync(self._file.fileno())
        self._file.close()
        self._file, self._sealer = None, None
        return SealedFile(self._id, self.file_name or "", file_size, self._public_key or b"")

    def upload_interrupted(self) -> None:
        """Throw away what came of a request that broke."""
        if self._file is not None:
            self._file.close()
            self._file = None
        discard(self._made)

    def _write(self, sealed: bytes) -> None:
        view = memoryview(sealed)
        with self._refusing():
            while view and self._file is not None:
                view = view[self._file.write(view) :]

    @contextlib.contextmanager
    def _refusing(self) -> Iterator[None]:
        """Stop the upload, in words, where the disk takes no more."""
        try:
            yield
        except OSError as error:
            if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
                raise
            self._give_up(VaultFull())

    def _give_up(self, refusal: Refusal) -> None:
        """Stop the upload and tell the view why: exceptions do not reach it from here."""
        self.upload_interrupted()
        if self.request is not None:
            self.request._upload_refusal = refusal  # type: ignore[attr-defined] # noqa: SLF001 - ours
        raise StopUpload(connection_reset=False)


def _public_key_of_sender(request: HttpRequest | None) -> bytes | None:
    match = getattr(request, "resolver_match", None)
    person = getattr(request, "user", None)
    if match is None or match.url_name not in UPLOADS_TO or not isinstance(person, Person):
        return None
    vault = Vault.objects.filter(person=person).only("public_key").first()
    return bytes(vault.public_key) if vault else None


def refusal_of(request: HttpRequest) -> Refusal | None:
    """Tell why the uploads of a request were stopped, None when they were not."""
    return getattr(request, "_upload_refusal", None)


def discard(upload_ids: list[uuid.UUID]) -> None:
    """Delete sealed files."""
    for upload_id in upload_ids:
        for path in (incoming_path(upload_id), incoming_path(upload_id).with_suffix(_AGAIN)):
            path.unlink(missing_ok=True)


def seal_upload_again(upload_id: uuid.UUID, vault: OpenVault) -> None:
    """Seal a file that waits to the vault's latest pair; all of it, or it stays as it was."""
    path = incoming_path(upload_id)
    if not path.is_file():
        return
    (public_key, secret_key), *former = vault.pairs
    with path.open("rb") as sealed:
        try:
            open_stream(sealed, public_key, secret_key)
        except VaultDamaged:
            pass
        else:
            return
    for pair in former:
        made = path.with_suffix(_AGAIN)
        fd = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with path.open("rb") as sealed, os.fdopen(fd, "wb") as out:
            plain, sealer = open_stream(sealed, *pair), StreamSealer(public_key)
            while piece := plain.read(_CHUNK_BYTES):
                out.write(sealer.update(piece))
            out.write(sealer.finish())
            out.flush()
            os.fsync(out.fileno())
        made.replace(path)


FORGOTTEN_S = 3600.0
"""A sealed file that no row names, untouched for as long, belongs to a request that died."""


def clear_forgotten() -> int:
    """Delete sealed files that no import waits for; count them."""
    n_cleared = 0
    for path in incoming_folder().glob("*.sealed"):
        try:
            is_old = time.time() - path.stat().st_mtime > FORGOTTEN_S
            upload_id = uuid.UUID(path.stem)
        except (FileNotFoundError, ValueError):
            continue
        if is_old and not SealedUpload.objects.filter(pk=upload_id).exists():
            path.unlink(missing_ok=True)
            n_cleared += 1
    return n_cleared
