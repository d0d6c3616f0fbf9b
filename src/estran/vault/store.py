"""What a place that keeps vaults offers: rows of sealed bytes, nothing more.

A store knows no key and opens nothing. One conformance suite
(``tests/unit/vault/conformance.py``) holds for every store.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol, Self

import msgspec

from estran.errors import VaultDamaged
from estran.vault.keys import SALT_BYTES, VaultKeys
from estran.vault.seal import Sealer

FORMAT_VERSION = 1
"""Of the container and of all that is in it."""

Table = Literal["meta", "chunk", "doc", "audit", "inbox"]
TABLES: tuple[Table, ...] = ("meta", "chunk", "doc", "audit", "inbox")


@dataclass(frozen=True, slots=True)
class Row:
    """One sealed record.

    Parameters
    ----------
    key : bytes
        Unique in its table; a keyed hash that tells nothing.
    group : bytes
        Rows that are listed together share it; ``b""`` when there is no such thing.
    rev : int
        Number of the write that made it; never twice the same in a vault.
    name, body : bytes
        Sealed. ``name`` may be read without the body.
    """

    key: bytes
    group: bytes
    rev: int
    name: bytes = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class VaultMeta:
    """What a vault's file tells before it is opened.

    The salt enters every derived key: without it, nothing of the file opens again. The
    ``former`` fields and ``bridge`` are there only while a vault gets another key: the
    former pair opens what was sealed to it at the door meanwhile, the bridge is the new
    vault key sealed under the former one.
    """

    public_key: bytes
    salt: bytes = field(repr=False)
    sealed_secret_key: bytes = field(repr=False)
    format_version: int = FORMAT_VERSION
    former_public_key: bytes = b""
    sealed_former_secret_key: bytes = field(default=b"", repr=False)
    bridge: bytes = field(default=b"", repr=False)


class Container(Protocol):
    """One vault, connected: rows by table and key, in transactions.

    Reads outside a transaction see the last commit. Errors are those of
    :mod:`estran.errors`: VaultBusy, VaultFull, VaultDamaged.
    """

    def __enter__(self) -> Self:
        """Give itself."""
        ...

    def __exit__(self, *exc: object) -> None:
        """Close; what was not committed is gone."""
        ...

    def begin(self, *, write: bool) -> None:
        """Begin: one writer at a time, readers see one moment. Writes are inside only."""
        ...

    def commit(self) -> None:
        """Make all of it lasting, or nothing of it."""
        ...

    def rollback(self) -> None:
        """Forget all of it."""
        ...

    def tick(self) -> int:
        """Give the next number of a write; inside a write transaction."""
        ...

    def get(self, table: Table, key: bytes) -> Row | None:
        """Read one row."""
        ...

    def rev(self, table: Table, key: bytes) -> int | None:
        """Read a row's revision only."""
        ...

    def put(self, table: Table, row: Row) -> None:
        """Write one row over what has its key."""
        ...

    def delete(self, table: Table, key: bytes) -> bool:
        """Remove one row; tell whether there was one."""
        ...

    def rows(self, table: Table) -> Iterator[Row]:
        """Read all rows, in the order of their revisions."""
        ...

    def names(self, table: Table, *, group: bytes | None = None) -> list[Row]:
        """List rows, without their bodies, in the order of their revisions."""
        ...


class VaultStore(Protocol):
    """A place that keeps vaults."""

    def create(self, vault_id: str, meta: VaultMeta) -> None:
        """Make an empty vault; all of it or nothing."""
        ...

    def exists(self, vault_id: str) -> bool:
        """Tell whether there is a vault of this id."""
        ...

    def meta(self, vault_id: str) -> VaultMeta:
        """Read what the vault tells before it is opened."""
        ...

    def erase(self, vault_id: str) -> bool:
        """Destroy what opens the vault, then the vault; tell whether there was one."""
        ...

    def connect(self, vault_id: str) -> AbstractContextManager[Container]:
        """Connect to a vault for a short time."""
        ...

    def ids(self) -> Iterator[str]:
        """List the vaults."""
        ...


META_KEY = b"meta"
_SECRET_KEY = b"secret key"
_FORMER_KEY = b"former secret key"


def new_meta(keys: VaultKeys) -> VaultMeta:
    """Make what a new vault keeps in clear, and its secret key sealed under its own.

    Examples
    --------
    >>> from estran.vault.keys import create_vault
    >>> keys = create_vault()
    >>> open_meta(new_meta(keys), keys.vault_id, keys.vault_key)[1] == keys.secret_key
    True
    """
    salt = secrets.token_bytes(2 * SALT_BYTES)
    sealed = Sealer(keys.vault_id, keys.vault_key, salt).seal(
        "meta", _SECRET_KEY + keys.public_key, 0, keys.secret_key
    )
    return VaultMeta(keys.public_key, salt, sealed)


@dataclass(frozen=True, slots=True)
class OpenedMeta:
    """What a vault key opens of a vault's meta; ``vault_key`` is the one in force.

    ``former_secret_key`` is ``b""`` but while the vault gets another key.
    """

    sealer: Sealer
    vault_key: bytes = field(repr=False)
    secret_key: bytes = field(repr=False)
    former_secret_key: bytes = field(repr=False)


def open_meta(meta: VaultMeta, vault_id: str, vault_key: bytes) -> tuple[Sealer, bytes]:
    """Open a vault's meta: its sealer and its secret key.

    Raises
    ------
    VaultDamaged
        The key is not this vault's, or the meta was altered.
    """
    found = opened_meta(meta, vault_id, vault_key)
    return found.sealer, found.secret_key


def opened_meta(meta: VaultMeta, vault_id: str, vault_key: bytes) -> OpenedMeta:
    """Open a vault's meta, over its bridge where the key is the former one.

    Raises
    ------
    VaultDamaged
        The key is not this vault's, or the meta was altered.
    """
    if meta.bridge:
        with contextlib.suppress(VaultDamaged):
            vault_key = _bridge(vault_id, vault_key, meta.salt).open(
                "bridge", meta.public_key, 0, meta.bridge
            )
    sealer = Sealer(vault_id, vault_key, meta.salt)
    secret = sealer.open("meta", _SECRET_KEY + meta.public_key, 0, meta.sealed_secret_key)
    former = b""
    if meta.former_public_key:
        key = _FORMER_KEY + meta.former_public_key
        former = sealer.open("meta", key, 0, meta.sealed_former_secret_key)
    return OpenedMeta(sealer, vault_key, secret, former)


def _bridge(vault_id: str, former_key: bytes, salt: bytes) -> Sealer:
    return Sealer(vault_id, former_key, salt)


def bridged_meta(
    keys: VaultKeys, former: VaultMeta, former_key: bytes, former_secret_key: bytes
) -> VaultMeta:
    """Make the meta of a vault that gets other keys; its former key still opens it."""
    made = new_meta(keys)
    sealer = Sealer(keys.vault_id, keys.vault_key, made.salt)
    key = _FORMER_KEY + former.public_key
    over = _bridge(keys.vault_id, former_key, made.salt)
    return replace(
        made,
        former_public_key=former.public_key,
        sealed_former_secret_key=sealer.seal("meta", key, 0, former_secret_key),
        bridge=over.seal("bridge", keys.public_key, 0, keys.vault_key),
    )


def without_bridge(meta: VaultMeta) -> VaultMeta:
    """Forget the former keys: from here on they open nothing."""
    return replace(meta, former_public_key=b"", sealed_former_secret_key=b"", bridge=b"")


def encode_meta(meta: VaultMeta) -> bytes:
    """Write the meta as it is kept."""
    return msgspec.msgpack.encode(meta)


def decode_meta(body: bytes) -> VaultMeta:
    """Read the meta.

    Raises
    ------
    VaultDamaged
        It is not a meta, or of a format that this version does not know.
    """
    try:
        meta = msgspec.msgpack.decode(body, type=VaultMeta)
    except msgspec.MsgspecError as error:
        raise VaultDamaged(part="meta") from error
    if meta.format_version != FORMAT_VERSION:
        raise VaultDamaged(part="meta")
    return meta
