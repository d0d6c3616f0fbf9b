"""The access log inside an open vault: written, read, examined, and its head told apart."""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec

from estran.errors import VaultDamaged
from estran.vault.audit import (
    AuditEntry,
    Examined,
    check_chain,
    decode_entry,
    digest,
    encode_entry,
    examine,
)
from estran.web.store.session import Session

_NUMBER_BYTES = 8
_HEAD = b"head"


@dataclass(frozen=True, slots=True)
class Log:
    """The log as it is found, oldest first, and what became of its chain.

    ``n_taken`` counts lines that a head kept elsewhere knows and the vault does not: an
    older copy of the vault was put back. None when no head was kept, or it does not open.
    """

    entries: tuple[AuditEntry, ...]
    examined: Examined
    n_taken: int | None

    @property
    def is_as_left(self) -> bool:
        """Tell that nothing is missing, moved, changed, added or put back."""
        return self.examined.is_whole and not self.n_taken


def write(session: Session, at_us: int, action: str, why: str) -> AuditEntry:
    """Add a line, bound to all lines before it."""
    manifest = session.manifest
    number = manifest.n_audit + 1
    entry = AuditEntry(number, at_us, str(action), why, manifest.audit_head)
    session.put("audit", number.to_bytes(_NUMBER_BYTES, "big"), encode_entry(entry))
    session.set_manifest(replace(session.manifest, n_audit=number, audit_head=digest(entry)))
    return entry


def read(session: Session) -> tuple[AuditEntry, ...]:
    """Read all lines, or refuse when the chain does not hold."""
    entries = tuple(
        decode_entry(session.sealer.open("audit", row.key, row.rev, row.body))
        for row in sorted(session.container.rows("audit"), key=lambda row: row.key)
    )
    check_chain(entries, session.manifest.n_audit, session.manifest.audit_head)
    return entries


def look(session: Session, kept_head: bytes | None) -> Log:
    """Read what can be read and tell how far the chain holds."""
    found: dict[int, AuditEntry] = {}
    for row in session.container.rows("audit"):
        number = int.from_bytes(row.key, "big")
        try:
            found[number] = decode_entry(session.sealer.open("audit", row.key, row.rev, row.body))
        except VaultDamaged:
            continue
    manifest = session.manifest
    return Log(
        tuple(found[number] for number in sorted(found)),
        examine(found, manifest.n_audit, manifest.audit_head),
        _n_taken(session, kept_head, found),
    )


def _n_taken(session: Session, kept_head: bytes | None, found: dict[int, AuditEntry]) -> int | None:
    """Count the lines that a kept head knows and that are not here."""
    kept = open_head(session, kept_head)
    if kept is None:
        return None
    number, known = kept
    if number == 0 or (number in found and digest(found[number]) == known):
        return 0
    # Lines that were written since an older copy came back have taken the numbers of others.
    return max(number - session.manifest.n_audit, 1)


def seal_head(session: Session) -> bytes:
    """Seal how many lines there are and the digest of the last, to be kept elsewhere."""
    manifest = session.manifest
    plain = msgspec.msgpack.encode((manifest.n_audit, manifest.audit_head))
    return session.sealer.seal("head", _HEAD, 0, plain)


def open_head(session: Session, sealed: bytes | None) -> tuple[int, bytes] | None:
    """Open a kept head; None when there is none, or it is of another key."""
    if not sealed:
        return None
    try:
        plain = session.sealer.open("head", _HEAD, 0, sealed)
        return msgspec.msgpack.decode(plain, type=tuple[int, bytes])
    except (VaultDamaged, msgspec.MsgspecError):
        return None


def follows(session: Session, sealed: bytes | None) -> bool:
    """Tell whether the vault holds the last line that a kept head knows."""
    kept = open_head(session, sealed)
    if kept is None or kept[0] == 0:
        return kept is not None
    number, known = kept
    try:
        found = session.read("audit", number.to_bytes(_NUMBER_BYTES, "big"))
        return found is not None and digest(decode_entry(found[1])) == known
    except VaultDamaged:
        return False
