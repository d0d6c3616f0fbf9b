"""The audit: what was done to a vault, each entry bound to the one before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from estran.errors import VaultDamaged

FIRST = bytes(32)
"""What the first entry is bound to."""


class Act(StrEnum):
    """What can be done to a vault. ``why`` begins with one of the words named here."""

    OPENED = "opened"
    """The person opened it, once a sign-in: password, recovery-code, passkey, new-account."""
    WORKED = "worked"
    """A worker, for the person who asked: the kind of the job."""
    APP_READ = "app-read"
    """An app, with its own token, once a day: the first digits of the device."""
    COACH_WORKED = "coach-worked"
    """The coach, while the person was away: the kind of the job."""
    CONSENT_GIVEN = "consent-given"
    """Purpose, then the digest of the consent."""
    CONSENT_WITHDRAWN = "consent-withdrawn"
    """Purpose, then the digest of the consent as withdrawn."""
    SHARED = "shared"
    """Recipient, then the digest of what was sent, then its bytes."""
    EXPORTED = "exported"
    """Format of the copy that the person took."""
    RESTORED = "restored"
    """An archive was taken in."""
    ERASED = "erased"
    """What was erased: day, place, period, source, import; then the receipt, then positions."""
    ZONE_SET = "zone-set"
    """What is kept of a private place: blur, never; then positions."""
    ZONE_REMOVED = "zone-removed"
    """A place is private no longer."""
    RULE_SET = "rule-set"
    """How long a source is kept: all, trips, nothing; then days."""
    RULE_APPLIED = "rule-applied"
    """What such a rule took: trips, nothing; then positions."""
    PAUSED = "paused"
    """Nothing new is taken in."""
    WENT_ON = "went-on"
    """Things are taken in again."""
    KEY_CHANGED = "key-changed"
    """The vault has another key."""
    SLOT_CHANGED = "slot-changed"
    """Another way to open: password, recovery-code, passkey."""
    RESUMED = "resumed"
    """The person saw that lines were missing, and goes on: how many."""


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


@dataclass(frozen=True, slots=True)
class Examined:
    """What a look at the whole chain found.

    Parameters
    ----------
    n_entries : int
        How many there must be.
    unbroken_from : int
        From this number on, up to the last, nothing was changed, moved or removed;
        ``n_entries + 1`` when not even the last is as it was left.
    missing : tuple of int
        Numbers that are not there, or do not open.
    n_foreign : int
        Entries of numbers that nobody gave.
    """

    n_entries: int
    unbroken_from: int
    missing: tuple[int, ...] = ()
    n_foreign: int = 0

    @property
    def is_whole(self) -> bool:
        """Tell that the chain holds from its first entry to its last, and nothing beside."""
        return self.unbroken_from == 1 and not self.missing and not self.n_foreign


def examine(found: Mapping[int, AuditEntry], n_entries: int, head: bytes) -> Examined:
    """Follow the chain from its last entry backwards, as far as it holds.

    Parameters
    ----------
    found : mapping
        What opens, by the number of its row.
    n_entries : int
        How many there must be.
    head : bytes
        Digest of the last, kept apart from the entries.

    Examples
    --------
    >>> one = AuditEntry(1, 0, "opened", "password", FIRST)
    >>> examine({1: one}, 1, digest(one)).is_whole
    True
    >>> examine({}, 1, digest(one)).missing
    (1,)
    """
    missing = tuple(n for n in range(1, n_entries + 1) if n not in found)
    n_foreign = sum(not 1 <= n <= n_entries for n in found)
    expected, number = head, n_entries
    while number > 0:
        entry = found.get(number)
        if entry is None or entry.number != number or digest(entry) != expected:
            break
        expected, number = entry.previous, number - 1
    if number == 0 and expected != FIRST:
        number = n_entries  # A chain that begins elsewhere is not this one.
    return Examined(n_entries, number + 1, missing, n_foreign)
