"""Sealed files of passages: what is made or comes lies in the data folder, never in clear."""

from __future__ import annotations

import errno
import io
import os
import uuid
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings

from estran.errors import NotFound, VaultFull
from estran.vault.seal import StreamLock, StreamSealer, open_locked, open_stream
from estran.web.store.opened import OpenVault

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def folder() -> Path:
    """Give the folder of sealed passages, made when missing."""
    path = Path(settings.ESTRAN_DATA) / "passages"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def path_of(passage_id: uuid.UUID) -> Path:
    """Give the sealed file of a passage."""
    return folder() / f"{passage_id}.sealed"


def discard(passage_ids: list[uuid.UUID]) -> None:
    """Delete the sealed files of passages."""
    for passage_id in passage_ids:
        path_of(passage_id).unlink(missing_ok=True)
        path_of(passage_id).with_suffix(".new").unlink(missing_ok=True)


class Sealing(io.RawIOBase):
    """A file that seals what is written to it; :meth:`finish` makes it whole.

    Parameters
    ----------
    out : binary file
        Gets sealed bytes.
    sealers : StreamSealer
        Each seals what the one before gives: the person's passphrase, then a public key.
    """

    def __init__(self, out: BinaryIO, *sealers: StreamSealer) -> None:
        self._out, self._sealers = out, sealers
        self.n_plain_bytes = 0
        """What the last seal closes: the size of the file that comes out again."""

    def writable(self) -> bool:
        """Say yes."""
        return True

    def write(self, piece: Any) -> int:
        """Seal a piece."""
        plain = bytes(piece)
        self._pass(plain, 0)
        return len(plain)

    def _pass(self, piece: bytes, rank: int) -> None:
        for sealer in self._sealers[rank:]:
            if sealer is self._sealers[-1]:
                self.n_plain_bytes += len(piece)
            piece = sealer.update(piece) if piece else b""
        if piece:
            self._give(piece)

    def _give(self, piece: bytes) -> None:
        try:
            self._out.write(piece)
        except OSError as error:
            if error.errno in _FULL:
                raise VaultFull from error
            raise

    def finish(self) -> None:
        """End each seal; what is not finished counts as truncated."""
        for rank, sealer in enumerate(self._sealers):
            self._pass(sealer.finish(), rank + 1)


def sealers(public_key: bytes, lock: StreamLock | None) -> tuple[StreamSealer, ...]:
    """Give the seals of a file: a passphrase's where one was chosen, then the public key's."""
    outer = StreamSealer(public_key)
    return (StreamSealer(lock=lock), outer) if lock else (outer,)


def new_file(path: Path) -> BinaryIO:
    """Make a file for the owner of the process only, over one that was left behind."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return cast("BinaryIO", os.fdopen(fd, "wb"))


def keep(part: Path, path: Path, file: BinaryIO) -> None:
    """Make a finished file lasting, under its own name."""
    try:
        file.flush()
        os.fsync(file.fileno())
    except OSError as error:
        if error.errno in _FULL:
            raise VaultFull from error
        raise
    file.close()
    part.rename(path)


def opened(vault: OpenVault, passage_id: uuid.UUID, key: bytes = b"") -> BinaryIO:
    """Open the sealed file of a passage; ``key`` opens what a passphrase closed inside.

    Raises
    ------
    NotFound
        The file is gone.
    VaultDamaged
        It is not whole, or not of this vault.
    """
    try:
        sealed = path_of(passage_id).open("rb")
    except FileNotFoundError as error:
        raise NotFound from error
    plain = open_stream(sealed, vault.public_key, vault.secret_key)
    return open_locked(plain, key) if key else plain
