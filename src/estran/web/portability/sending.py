"""The worker's part of a move: an archive, sealed to the person at another site, over HTTP."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, cast

from django.utils import timezone

from estran.giving.archive import write_archive
from estran.vault.audit import Act
from estran.vault.seal import StreamSealer
from estran.web.me.access import note
from estran.web.portability.files import Sealing, discard, keep, new_file, path_of
from estran.web.portability.gathering import contents
from estran.web.portability.models import Passage
from estran.web.portability.notes import read_notes, write_notes
from estran.web.portability.peers import Address, answered, connected, read_address
from estran.web.store.opened import OpenVault

_AT_ONCE = 256 * 1024
_MADE_SHARE = 0.6


def run_send(row: Passage, vault: OpenVault, tell: Callable[[float], None]) -> None:
    """Send everything to the address that the person agreed to.

    Raises
    ------
    PeerForbidden, PeerSilent, PeerRefused
    """
    notes = read_notes(vault, row.pk)
    address = read_address(notes.address)
    size_bytes = _make(row, vault, notes.other_key, lambda share: tell(_MADE_SHARE * share))
    _send(address, path_of(row.pk), lambda share: tell(_MADE_SHARE + 0.4 * share))
    note(vault, Act.SHARED, address.shown, _digest(path_of(row.pk)), size_bytes)
    # The address was used: what is left of it is only where things went.
    write_notes(vault, row.pk, replace(notes, address="", other_key=b""))
    discard([row.pk])
    Passage.objects.filter(pk=row.pk).update(
        state=Passage.State.DONE, done_share=1.0, size_bytes=size_bytes, ended_at=timezone.now()
    )


def _make(row: Passage, vault: OpenVault, other_key: bytes, tell: Callable[[float], None]) -> int:
    """Write the archive, sealed so that only the person at the other site can open it."""
    path = path_of(row.pk)
    part = path.with_suffix(".new")
    try:
        with new_file(part) as file:
            sealing = Sealing(file, StreamSealer(other_key))
            write_archive(cast("BinaryIO", sealing), contents(vault, row.person), tell=tell)
            sealing.finish()
            keep(part, path, file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return sealing.n_plain_bytes


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _send(address: Address, path: Path, tell: Callable[[float], None]) -> None:
    size_bytes = path.stat().st_size

    def pieces() -> Iterator[bytes]:
        done = 0
        with path.open("rb") as file:
            while piece := file.read(_AT_ONCE):
                yield piece
                done += len(piece)
                tell(done / size_bytes)

    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Length": str(size_bytes),
        "Accept": "application/json",
    }
    with connected(address) as connection:
        connection.request("POST", address.path, body=pieces(), headers=headers)
        answered(connection)
