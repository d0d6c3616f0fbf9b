"""One transaction on an open vault: sealed rows, the index, the manifest that counts them."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace

import msgspec

from estran.errors import Refusal, VaultDamaged
from estran.vault.audit import FIRST
from estran.vault.index import Index, decode_index, encode_index
from estran.vault.seal import Sealer
from estran.vault.store import Container, Row, Table

INDEX_KEY = b"index"
MANIFEST_KEY = b"manifest"
_MODULUS = 1 << 256
COUNTED: tuple[Table, ...] = ("chunk", "doc", "audit")
"""Tables whose rows the manifest sums up, beside the index."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the vault must hold: a sealed sum over all rows and the audit's head.

    ``total`` is the sum, modulo 2^256, of a keyed hash of each row's table, key and
    revision: a row that is put back to an older state, removed or added from outside
    changes it.
    """

    index_rev: int = 0
    n_audit: int = 0
    audit_head: bytes = FIRST
    total: bytes = field(default=bytes(32))


def doc_name(kind: str, doc_id: str) -> bytes:
    """Name a document by its kind and id: its row's key tells neither."""
    return f"{kind}\0{doc_id}".encode()


def read_doc_name(plain: bytes) -> tuple[str, str]:
    """Give kind and id; the kind is "" in names of before 2026-12."""
    kind, mark, doc_id = plain.decode().partition("\0")
    return (kind, doc_id) if mark else ("", kind)


class Session:
    """Reads and writes sealed rows inside one transaction of a container."""

    def __init__(self, container: Container, sealer: Sealer, *, write: bool) -> None:
        self.container = container
        self.sealer = sealer
        self.write = write
        self.doomed: Refusal | None = None
        self._rev = 0
        self._index: Index | None = None
        self._index_touched = False
        self._manifest: Manifest | None = None
        self._manifest_touched = False

    @property
    def rev(self) -> int:
        """Number of this transaction; the revision of all rows that it writes."""
        if not self._rev:
            self._rev = self.container.tick()
        return self._rev

    # Rows

    def read(self, table: Table, key: bytes) -> tuple[int, bytes] | None:
        """Open a row: its revision and its content."""
        row = self.container.get(table, key)
        if row is None:
            return None
        return row.rev, self.sealer.open(table, key, row.rev, row.body)

    def put(
        self,
        table: Table,
        key: bytes,
        body: bytes,
        *,
        group: bytes = b"",
        name: bytes | None = None,
    ) -> None:
        """Seal and write a row."""
        self._count(table, key, self.container.rev(table, key), self.rev)
        sealed_name = (
            self.sealer.seal(f"{table} name", key, self.rev, name) if name is not None else b""
        )
        sealed = self.sealer.seal(table, key, self.rev, body)
        self.container.put(table, Row(key, group, self.rev, sealed_name, sealed))

    def delete(self, table: Table, key: bytes) -> bool:
        """Remove a row."""
        self._count(table, key, self.container.rev(table, key), None)
        return self.container.delete(table, key)

    # Manifest

    def row_sum(self, table: Table, key: bytes, rev: int) -> int:
        """Give what a row adds to the manifest's total."""
        return int.from_bytes(self.sealer.mark(table, key, rev), "big")

    def _count(self, table: Table, key: bytes, old_rev: int | None, new_rev: int | None) -> None:
        total = int.from_bytes(self.manifest.total, "big")
        if old_rev is not None:
            total -= self.row_sum(table, key, old_rev)
        if new_rev is not None:
            total += self.row_sum(table, key, new_rev)
        self.set_manifest(replace(self.manifest, total=(total % _MODULUS).to_bytes(32, "big")))

    @property
    def manifest(self) -> Manifest:
        """The manifest as this transaction sees it."""
        if self._manifest is None:
            self._manifest = self._read_manifest()
        return self._manifest

    def set_manifest(self, manifest: Manifest) -> None:
        """Change the manifest; it is written at the end."""
        self._manifest = manifest
        self._manifest_touched = True

    def _read_manifest(self) -> Manifest:
        found = self.read("meta", MANIFEST_KEY)
        if found is not None:
            try:
                return msgspec.msgpack.decode(found[1], type=Manifest)
            except msgspec.MsgspecError as error:
                raise VaultDamaged(part="manifest") from error
        if any(self.container.names(table) for table in COUNTED):
            raise VaultDamaged(part="manifest")
        return Manifest()

    def generation(self) -> int:
        """Give the number of the last write that changed something; 0 in a new vault."""
        return self.container.rev("meta", MANIFEST_KEY) or 0

    def holds_what_it_must(self) -> bool:
        """Sum all rows again and compare."""
        return hmac.compare_digest(self.sum_of_rows(), self.manifest.total)

    def sum_of_rows(self) -> bytes:
        """Sum all rows as the manifest does."""
        total = sum(
            self.row_sum(table, row.key, row.rev)
            for table in COUNTED
            for row in self.container.names(table)
        )
        return (total % _MODULUS).to_bytes(32, "big")

    # Index

    @property
    def index(self) -> Index:
        """The list of chunks as this transaction sees it; do not change it in place."""
        if self._index is None:
            self._index = self._read_index()
        return self._index

    def _read_index(self) -> Index:
        found = self.read("meta", INDEX_KEY)
        if (found[0] if found else 0) != self.manifest.index_rev:
            raise VaultDamaged(part="index")
        return decode_index(found[1]) if found else Index()

    def touch_index(self, index: Index) -> None:
        """Set the index; it is written at the end."""
        self._index = index
        self._index_touched = True

    def finish(self) -> None:
        """Write the index and the manifest where they changed."""
        if self.doomed is not None:
            raise self.doomed
        if self._index_touched:
            sealed = self.sealer.seal("meta", INDEX_KEY, self.rev, encode_index(self.index))
            self.container.put("meta", Row(INDEX_KEY, b"", self.rev, b"", sealed))
            self.set_manifest(replace(self.manifest, index_rev=self.rev))
        if self._manifest_touched:
            body = msgspec.msgpack.encode(self.manifest)
            sealed = self.sealer.seal("meta", MANIFEST_KEY, self.rev, body)
            self.container.put("meta", Row(MANIFEST_KEY, b"", self.rev, b"", sealed))
