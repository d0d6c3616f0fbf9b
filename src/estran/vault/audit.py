"""The audit: what was done to a vault, each entry bound to the one before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from estran.errors import VaultDamaged

FIRST = bytes(32)
"""What the first entry is bound to."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that was done.

    Parameters
    ----------
    number : int
        1 for the first.
    at_us : int
        When. [µs since 1970, UTC]
    action : str
        A stable code: ``"import-added"``, ``"slot-used"``.
    why : str
        The purpose, in words or as a code.
    previous : bytes
        Digest of the entry before.
    """

    number: int
    at_us: int
    action: str
    why: str
    previous: bytes = field(repr=False)


def digest(entry: AuditEntry) -> bytes:
    """Give the SHA-256 of an entry, which the next one carries."""
    return hashlib.sha256(b"estran audit 1\0" + encode_entry(entry)).digest()


def encode_entry(entry: AuditEntry) -> bytes:
    """Write an entry: one way only, so that its digest is one."""
    return msgspec.msgpack.encode(
        (entry.number, entry.at_us, entry.action, entry.why, entry.previous)
    )


def decode_entry(plain: bytes) -> AuditEntry:
    """Read an entry.

    Raises
    ------
    VaultDamaged
        It is none.
    """
    try:
        return AuditEntry(*msgspec.msgpack.decode(plain, type=tuple[int, int, str, str, bytes]))
    except msgspec.MsgspecError as error:
        raise VaultDamaged(part="audit") from error


def check_chain(entries: Iterable[AuditEntry], n_entries: int, head: bytes) -> None:
    """Check that nothing was changed, removed, added or cut off.

    Parameters
    ----------
    entries : iterable of AuditEntry
        All, in order.
    n_entries : int
        How many there must be.
    head : bytes
        Digest of the last, kept apart from the entries.

    Raises
    ------
    VaultDamaged
        The chain is broken.

    Examples
    --------
    >>> one = AuditEntry(1, 0, "import-added", "", FIRST)
    >>> check_chain([one], 1, digest(one))
    """
    previous, n = FIRST, 0
    for entry in entries:
        n += 1
        if entry.previous != previous or entry.number != n:
            raise VaultDamaged(part="audit")
        previous = digest(entry)
    if n != n_entries or previous != head:
        raise VaultDamaged(part="audit")
