"""What was just acknowledged, all people's together: sealed frames appended to one file a process.

A vault is a file of its own, and a commit in it costs several writes to the disk. Phones want an
answer now and come by hundreds; so their parcels, sealed each to its person, are first appended
to a file that many share, and one flush to the disk acknowledges all that came meanwhile. They
are moved into the vaults' inboxes later (:mod:`.draining`).

A frame is ``ESP1``, length, CRC-32, MessagePack. A file that was cut in the middle of a frame
ends before it: that frame was never acknowledged.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from django.conf import settings

from estran.errors import VaultBusy, VaultFull

_MAGIC = b"ESP1"
_HEAD = struct.Struct(">4sII")
OPEN, TAKEN = ".log", ".taken"
LONGEST_FILE_BYTES = 32 * 1024 * 1024
"""A round reads one file whole."""


class Frame(msgspec.Struct, array_like=True, frozen=True):
    """One sealed parcel, and what the control database may know of it."""

    vault_id: str
    batch: bytes
    sealed: bytes
    device: str
    person: str
    received_us: int
    last_point_us: int | None


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Frame)


def folder() -> Path:
    """Give the folder of the spool; made when missing, for its owner only."""
    path = Path(settings.ESTRAN_DATA) / "spool"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def encoded(frame: Frame) -> bytes:
    """Write a frame."""
    body = _encoder.encode(frame)
    return _HEAD.pack(_MAGIC, len(body), zlib.crc32(body)) + body


def len_of(frame: Frame) -> int:
    """Tell how long a frame is in its file."""
    return _HEAD.size + len(_encoder.encode(frame))


def frames(content: bytes) -> Iterator[Frame]:
    """Read the whole frames of a file, up to where it was cut."""
    at = 0
    while at + _HEAD.size <= len(content):
        magic, n_bytes, crc = _HEAD.unpack_from(content, at)
        body = content[at + _HEAD.size : at + _HEAD.size + n_bytes]
        if magic != _MAGIC or len(body) < n_bytes or zlib.crc32(body) != crc:
            return
        yield _decoder.decode(body)
        at += _HEAD.size + n_bytes


@dataclass(slots=True)
class _Entry:
    """What one thread wants written, and what became of it."""

    content: bytes
    still_true: Callable[[], bool]
    done: bool = False
    error: Exception | None = field(default=None)


class Spool:
    """Appends frames for all threads of a process; whoever comes first writes for all.

    Thread-safe, and safe over a fork: a child begins a file of its own.
    """

    def __init__(self) -> None:
        self._waiting: list[_Entry] = []
        self._add = threading.Lock()
        self._write = threading.Lock()
        self._fd = -1
        self._path = ""
        self._of = (0, "")

    def append(self, frame: Frame, still_true: Callable[[], bool] = lambda: True) -> None:
        """Keep a frame; when this returns, it is on the disk.

        Parameters
        ----------
        frame : Frame
        still_true : callable
            Asked at the last moment, when nobody can be moving frames: False where the vault
            has another key by now, so that the parcel must be sealed anew.

        Raises
        ------
        VaultFull
            The disk takes no more; nothing was kept.
        VaultBusy
            ``still_true`` said no; nothing was kept.
        """
        entry = _Entry(encoded(frame), still_true)
        with self._add:
            self._waiting.append(entry)
        with self._write:
            if not entry.done:
                with self._add:
                    batch, self._waiting = self._waiting, []
                self._flush(batch)
        if entry.error is not None:
            raise entry.error

    def _flush(self, batch: list[_Entry]) -> None:
        """Write entries together; one that is no longer true is left out."""
        try:
            fd = self._open()
            try:
                good = [entry for entry in batch if entry.still_true()]
                _write_whole(fd, b"".join(entry.content for entry in good))
            finally:
                fcntl.flock(fd, fcntl.LOCK_UN)
        except OSError as error:
            refusal = VaultFull()
            refusal.__cause__ = error
            for entry in batch:
                entry.error, entry.done = refusal, True
            return
        kept = {id(entry) for entry in good}
        for entry in batch:
            entry.error = None if id(entry) in kept else VaultBusy()
            entry.done = True

    def _open(self) -> int:
        """Give the file, locked: another one where a round has taken the former away."""
        of = (os.getpid(), str(settings.ESTRAN_DATA))
        if self._of != of:
            self._fd, self._of = -1, of  # the parent's file is not ours to close
        while True:
            if self._fd < 0:
                here = folder()
                self._path = f"{here}/{time.time_ns():020d}-{secrets.token_hex(4)}{OPEN}"
                flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC
                self._fd = os.open(self._path, flags, 0o600)
                sync_folder(here)
            fcntl.flock(self._fd, fcntl.LOCK_EX)
            if _size(self._path) < LONGEST_FILE_BYTES:
                return self._fd
            os.close(self._fd)
            self._fd = -1


def _size(path: str) -> int:
    """Give a file's size; one that is not there any more is too long for anything."""
    try:
        return os.stat(path).st_size  # noqa: PTH116 - asked for each flush: no Path is made
    except FileNotFoundError:
        return LONGEST_FILE_BYTES


def _write_whole(fd: int, content: bytes) -> None:
    """Append and flush; cut off what was written by half, so that what follows can be read."""
    before = os.fstat(fd).st_size
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(fd, view) :]
        os.fdatasync(fd)
    except OSError:
        os.ftruncate(fd, before)
        raise


def sync_folder(path: Path) -> None:
    """Make the names in a folder lasting."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


SPOOL = Spool()
