"""Seals: one record under the vault's keys, or a stream to its public key.

AES-256-GCM. What a record is (vault, table, row, revision) is bound to it, so that one
that was swapped, moved, truncated or altered fails to open instead of giving wrong data.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import secrets
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from estran.errors import VaultDamaged, VaultKeyWrong
from estran.vault.keys import (
    KEY_BYTES,
    NONCE_BYTES,
    SALT_BYTES,
    KdfSettings,
    derive,
    open_box,
    seal_to,
    stretched,
)

MAGIC = b"EST\x01\x01\x00"
"""``EST``, version of the seal, algorithm (1: AES-256-GCM), generation of the vault key."""

TAG_BYTES = 16
OVERHEAD_BYTES = len(MAGIC) + NONCE_BYTES + TAG_BYTES
ROW_KEY_BYTES = 16


def _joined(*parts: bytes) -> bytes:
    """Join parts so that no two lists of parts give the same bytes."""
    return b"".join([len(part).to_bytes(4, "big") + part for part in parts])


class Sealer:
    """Seals and opens the records of one vault.

    Parameters
    ----------
    vault_id : str
        Bound to each record.
    vault_key : bytes
        32 bytes.
    salt : bytes
        The vault's own, kept in its meta row: destroying it destroys every record.
    """

    def __init__(self, vault_id: str, vault_key: bytes, salt: bytes) -> None:
        self._vault = vault_id.encode()
        self._root = vault_key
        self._salt = salt
        self._ciphers: dict[str, AESGCM] = {}
        self._row_secret = derive(vault_key, salt=salt, purpose="rows")
        self._mark_secret = derive(vault_key, salt=salt, purpose="manifest")

    def __repr__(self) -> str:
        """Show nothing."""
        return "Sealer()"

    def _cipher(self, table: str) -> AESGCM:
        if table not in self._ciphers:
            purpose = f"seal {table}"
            self._ciphers[table] = AESGCM(derive(self._root, salt=self._salt, purpose=purpose))
        return self._ciphers[table]

    def _bound(self, table: str, key: bytes, rev: int) -> bytes:
        return MAGIC + _joined(self._vault, table.encode(), key, rev.to_bytes(8, "big"))

    def seal(self, table: str, key: bytes, rev: int, plain: bytes) -> bytes:
        """Seal one record; :data:`OVERHEAD_BYTES` longer than ``plain``."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._cipher(table).encrypt(nonce, plain, self._bound(table, key, rev))
        return MAGIC + nonce + sealed

    def open(self, table: str, key: bytes, rev: int, sealed: bytes) -> bytes:
        """Open one record.

        Raises
        ------
        VaultDamaged
            Altered, truncated, or not the record of this vault, table, key and revision.
        """
        start = len(MAGIC) + NONCE_BYTES
        if not sealed.startswith(MAGIC) or len(sealed) < OVERHEAD_BYTES:
            raise VaultDamaged(part=table)
        try:
            return self._cipher(table).decrypt(
                sealed[len(MAGIC) : start], sealed[start:], self._bound(table, key, rev)
            )
        except InvalidTag as error:
            raise VaultDamaged(part=table) from error

    def row_key(self, *parts: str | int) -> bytes:
        """Hide what a row is behind a keyed hash (HMAC-SHA256, 16 bytes)."""
        told = _joined(*[str(part).encode() for part in parts])
        return hmac.digest(self._row_secret, told, "sha256")[:ROW_KEY_BYTES]

    def mark(self, table: str, key: bytes, rev: int) -> bytes:
        """Give 32 bytes that stand for a row and its revision in the manifest's sum."""
        return hmac.digest(self._mark_secret, self._bound(table, key, rev), "sha256")


def batch_key(public_key: bytes, batch_id: str) -> bytes:
    """Name a batch of the inbox without the vault key: the same batch, the same name."""
    return hashlib.sha256(_joined(b"inbox", public_key, batch_id.encode())).digest()[:ROW_KEY_BYTES]


# Streams -----------------------------------------------------------------------------------

STREAM_MAGIC = b"ESTS\x01"
PASSPHRASE_MAGIC = b"ESTP\x01"
"""Of a stream that a passphrase opens."""
BLOCK_BYTES = 256 * 1024
_WRAPPED = struct.Struct(">HBB16s12s48s")
_KDF = KdfSettings()
_TOLD = struct.Struct(">HBB")
_MAX_MEMORY_MIB, _MAX_PASSES = 1024, 16
"""A head that asks for more is not of ours: it would only tire the machine."""
_HEADER = struct.Struct(">5sI80s")
HEADER_BYTES = _HEADER.size
_SEALED_BLOCK = BLOCK_BYTES + TAG_BYTES


def _nonce(index: int, *, last: bool) -> bytes:
    """Make the nonce of a block from its number; the key serves one file only."""
    return index.to_bytes(NONCE_BYTES - 1, "big") + bytes([last])


@dataclass(frozen=True, slots=True)
class StreamLock:
    """The key of one stream and the head that tells its owner how to come by that key."""

    key: bytes = field(repr=False)
    header: bytes = field(repr=False)


def lock_to(public_key: bytes) -> StreamLock:
    """Draw a key for one stream and box it to a public key."""
    key = secrets.token_bytes(KEY_BYTES)
    return StreamLock(key, _HEADER.pack(STREAM_MAGIC, BLOCK_BYTES, seal_to(public_key, key)))


def lock_by_passphrase(passphrase: str, *, settings: KdfSettings = _KDF) -> StreamLock:
    """Draw a key for one stream and wrap it under a passphrase (Argon2id).

    Examples
    --------
    >>> cheap = KdfSettings(memory_kib=1024, passes=1)
    >>> sealer = StreamSealer(lock=lock_by_passphrase("ebb and flow", settings=cheap))
    >>> sealed = sealer.update(b"low tide") + sealer.finish()
    >>> key = key_by_passphrase(sealed[:HEADER_BYTES], "ebb and flow")
    >>> open_locked(io.BytesIO(sealed), key).read()
    b'low tide'
    """
    key = secrets.token_bytes(KEY_BYTES)
    told = (settings.memory_kib // 1024, settings.passes, settings.lanes)
    salt, nonce = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(NONCE_BYTES)
    cipher = AESGCM(stretched(passphrase, salt, settings))
    wrapped = cipher.encrypt(nonce, key, PASSPHRASE_MAGIC + _TOLD.pack(*told))
    box = _WRAPPED.pack(*told, salt, nonce, wrapped)
    return StreamLock(key, _HEADER.pack(PASSPHRASE_MAGIC, BLOCK_BYTES, box))


def key_by_passphrase(header: bytes, passphrase: str) -> bytes:
    """Give the key of a stream that was locked by a passphrase.

    Raises
    ------
    VaultKeyWrong
        The passphrase is another.
    VaultDamaged
        The head is none of ours.
    """
    if len(header) != HEADER_BYTES or not header.startswith(PASSPHRASE_MAGIC):
        raise VaultDamaged(part="stream")
    *told, salt, nonce, wrapped = _WRAPPED.unpack(_HEADER.unpack(header)[2])
    memory_mib, passes, lanes = told
    if not (0 < memory_mib <= _MAX_MEMORY_MIB and 0 < passes <= _MAX_PASSES and lanes == 1):
        raise VaultDamaged(part="stream")
    settings = KdfSettings(memory_mib * 1024, passes, lanes)
    try:
        return AESGCM(stretched(passphrase, salt, settings)).decrypt(
            nonce, wrapped, PASSPHRASE_MAGIC + _TOLD.pack(*told)
        )
    except InvalidTag as error:
        raise VaultKeyWrong from error


class StreamSealer:
    """Seals a file as it arrives, to a public key; nothing of it need touch a disk in clear.

    Parameters
    ----------
    public_key : bytes, optional
        Whose; or ``lock``, drawn before.

    Examples
    --------
    >>> from estran.vault.keys import create_vault
    >>> keys = create_vault()
    >>> sealer = StreamSealer(keys.public_key)
    >>> sealed = sealer.update(b"low ") + sealer.update(b"tide") + sealer.finish()
    >>> open_stream(io.BytesIO(sealed), keys.public_key, keys.secret_key).read()
    b'low tide'
    """

    def __init__(self, public_key: bytes = b"", *, lock: StreamLock | None = None) -> None:
        lock = lock or lock_to(public_key)
        self._cipher = AESGCM(lock.key)
        self._header = lock.header
        self._begun = False
        self._waiting = bytearray()
        self._index = 0

    def _sealed(self, block: bytes, *, last: bool) -> bytes:
        sealed = self._cipher.encrypt(_nonce(self._index, last=last), block, self._header)
        self._index += 1
        return sealed

    def _head(self) -> bytes:
        head = b"" if self._begun else self._header
        self._begun = True
        return head

    def update(self, plain: bytes) -> bytes:
        """Take a piece of any size; give the sealed bytes that are ready (maybe none)."""
        out = [self._head()]
        self._waiting += plain
        # The last block may be full: one is sealed only when more follows.
        while len(self._waiting) > BLOCK_BYTES:
            out.append(self._sealed(bytes(self._waiting[:BLOCK_BYTES]), last=False))
            del self._waiting[:BLOCK_BYTES]
        return b"".join(out)

    def finish(self) -> bytes:
        """Give the last sealed bytes; without them the stream counts as truncated."""
        return self._head() + self._sealed(bytes(self._waiting), last=True)


class _Opened(io.RawIOBase):
    """A sealed stream as a readable, seekable file: blocks are opened where one reads."""

    def __init__(self, sealed: BinaryIO, magic: bytes, unbox: Callable[[bytes], bytes]) -> None:
        self._file = sealed
        start = sealed.seek(0, io.SEEK_END)
        size_bytes = start - _HEADER.size
        sealed.seek(0)
        self._header = sealed.read(_HEADER.size)
        if size_bytes < TAG_BYTES or not self._header.startswith(magic):
            raise VaultDamaged(part="stream")
        _, block_bytes, boxed = _HEADER.unpack(self._header)
        n_whole, rest = divmod(size_bytes, _SEALED_BLOCK)
        if block_bytes != BLOCK_BYTES or 0 < rest < TAG_BYTES:
            raise VaultDamaged(part="stream")
        self._cipher = AESGCM(unbox(boxed))
        self._n_blocks = n_whole + (rest > 0)
        self._size_bytes = size_bytes - TAG_BYTES * self._n_blocks
        self._at = 0
        self._index, self._block = -1, b""
        # The last block says that it is the last: a truncated file is known at once.
        self._load(self._n_blocks - 1)

    def _load(self, index: int) -> bytes:
        if index != self._index:
            self._file.seek(_HEADER.size + index * _SEALED_BLOCK)
            nonce = _nonce(index, last=index == self._n_blocks - 1)
            try:
                self._block = self._cipher.decrypt(
                    nonce, self._file.read(_SEALED_BLOCK), self._header
                )
            except InvalidTag as error:
                raise VaultDamaged(part="stream") from error
            self._index = index
        return self._block

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size_bytes}[whence]
        if base + offset < 0:
            msg = "before the beginning of the file"
            raise ValueError(msg)
        self._at = base + offset
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if self._at >= self._size_bytes or not len(buffer):
            return 0
        index, start = divmod(self._at, BLOCK_BYTES)
        piece = self._load(index)[start : start + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def open_stream(sealed: BinaryIO, public_key: bytes, secret_key: bytes) -> BinaryIO:
    """Open a sealed stream as a readable and seekable file; at most one block is in memory.

    Parameters
    ----------
    sealed : binary file
        Seekable; it stays open until the reader is done.
    public_key, secret_key : bytes
        The vault's pair.

    Raises
    ------
    VaultDamaged
        At once when the stream is truncated or sealed to another key; while reading when
        a block was altered or moved.
    """

    def unbox(boxed: bytes) -> bytes:
        return open_box(public_key, secret_key, boxed)

    return io.BufferedReader(_Opened(sealed, STREAM_MAGIC, unbox), BLOCK_BYTES)


def open_locked(sealed: BinaryIO, key: bytes) -> BinaryIO:
    """Open a stream that was locked by a passphrase, with its key; as :func:`open_stream`."""
    return io.BufferedReader(_Opened(sealed, PASSPHRASE_MAGIC, lambda _: key), BLOCK_BYTES)
