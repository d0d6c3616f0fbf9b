"""A vault with its key: documents, evidence, inbox and audit, in transactions."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator

import msgspec

from estran.errors import VaultBusy, VaultConflict, VaultDamaged, VaultFull, VaultKeyWrong
from estran.trace import Activities, Claims, Evidence, Marks, Positions, Source
from estran.vault.audit import AuditEntry
from estran.vault.chunks import Chunk, Kind
from estran.vault.keys import open_box, public_key_of
from estran.vault.store import META_KEY, Row, VaultStore, decode_meta, opened_meta
from estran.web.store import evidence, logbook, rewriting
from estran.web.store.evidence import Added, DamagedChunk, Removed
from estran.web.store.findings import InboxBatch, Verification
from estran.web.store.logbook import Log
from estran.web.store.packing import pack, unpack
from estran.web.store.rewriting import EVERYTHING, Reach, Rewritten, type_change
from estran.web.store.session import Session, doc_name, read_doc_name

_BODIES_AT_ONCE = 64


def _now_us() -> int:
    return time.time_ns() // 1000


class OpenVault:
    """One person's vault, opened with its key.

    Nothing stays open between calls: each opens the container, does its work in one
    transaction and closes. Threads may share an instance; each has its own transaction.

    Parameters
    ----------
    store : VaultStore
        Where the vault is.
    vault_id : str
        Which.
    vault_key : bytes
        Its key, from a slot.
    now_us : callable
        The clock of the audit. [µs since 1970, UTC]

    Raises
    ------
    VaultKeyWrong
        The key is not this vault's.
    NotFound
        There is no such vault.
    """

    def __init__(
        self,
        store: VaultStore,
        vault_id: str,
        vault_key: bytes,
        *,
        now_us: Callable[[], int] = _now_us,
    ) -> None:
        self._store = store
        self._now_us = now_us
        self._local = threading.local()
        self.vault_id = vault_id
        with store.connect(vault_id) as container:
            row = container.get("meta", META_KEY)
        if row is None:
            raise VaultDamaged(part="meta")
        self._meta_rev = row.rev
        meta = decode_meta(row.body)
        try:
            found = opened_meta(meta, vault_id, vault_key)
        except VaultDamaged as error:
            raise VaultKeyWrong from error
        self._sealer, self._secret_key = found.sealer, found.secret_key
        self._public_key = public_key_of(self._secret_key)
        self._former = (meta.former_public_key, found.former_secret_key)

    def __repr__(self) -> str:
        """Show nothing of the vault."""
        return "OpenVault()"

    @property
    def public_key(self) -> bytes:
        """The key that closed doors seal to."""
        return self._public_key

    @property
    def secret_key(self) -> bytes:
        """The key that opens what was sealed at a closed door."""
        return self._secret_key

    @property
    def pairs(self) -> tuple[tuple[bytes, bytes], ...]:
        """Public and secret keys that open what was sealed for this vault, the latest first.

        Two only while the vault gets another key.
        """
        pairs = ((self._public_key, self._secret_key), self._former)
        return pairs if self._former[0] else pairs[:1]

    # Transactions --------------------------------------------------------------------------

    @contextlib.contextmanager
    def _session(self, *, write: bool) -> Iterator[Session]:
        current: Session | None = getattr(self._local, "session", None)
        if current is None:
            with self._store.connect(self.vault_id) as container:
                container.begin(write=write)
                if container.rev("meta", META_KEY) != self._meta_rev:
                    raise VaultBusy  # it got another key since it was opened
                session = Session(container, self._sealer, write=write)
                self._local.session = session
                try:
                    yield session
                    session.finish()
                    container.commit()
                except BaseException:
                    container.rollback()
                    raise
                finally:
                    self._local.session = None
            return
        if write and not current.write:
            msg = "a write inside reading()"
            raise RuntimeError(msg)
        if current.doomed is not None:
            raise current.doomed
        try:
            yield current
        except (VaultFull, VaultBusy) as refusal:
            # The container has given the transaction up: whoever catches this inside it
            # can do nothing more, and commits nothing.
            current.doomed = refusal
            raise

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Group writes: all of them are kept, or none. One writer at a time.

        Transactions inside one another are one.

        Raises
        ------
        VaultFull
            At the end: the disk takes no more, nothing was stored.
        VaultBusy
            At the beginning: somebody else writes for longer than one waits.
        """
        with self._session(write=True):
            yield

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Group reads: all see one moment, over one connection. Do not write inside."""
        with self._session(write=False):
            yield

    def generation(self) -> int:
        """Give a number that grows with each change: kept elsewhere, it tells a rollback."""
        with self._session(write=False) as session:
            return session.generation()

    # Documents -----------------------------------------------------------------------------

    def _doc_key(self, kind: str, doc_id: str) -> bytes:
        return self._sealer.row_key("doc", kind, doc_id)

    def put_doc(
        self, kind: str, doc_id: str, plain: bytes, *, expected_rev: int | None = None
    ) -> int:
        """Keep a document over what has its kind and id.

        Parameters
        ----------
        kind, doc_id : str
            Its name; both are hidden in the vault.
        plain : bytes
            Its content.
        expected_rev : int, optional
            The revision that was read, 0 for none: refuse when it is another by now.

        Returns
        -------
        int
            The new revision.

        Raises
        ------
        VaultConflict
            Somebody changed it meanwhile.
        """
        key = self._doc_key(kind, doc_id)
        with self._session(write=True) as session:
            if expected_rev is not None and (
                (session.container.rev("doc", key) or 0) != expected_rev
            ):
                raise VaultConflict
            group = self._sealer.row_key("docs", kind)
            session.put("doc", key, pack(plain), group=group, name=doc_name(kind, doc_id))
            return session.rev

    def get_doc(self, kind: str, doc_id: str) -> bytes | None:
        """Read a document; None when there is none.

        Raises
        ------
        VaultDamaged
            It does not open.
        """
        found = self.get_doc_rev(kind, doc_id)
        return found[0] if found else None

    def get_doc_rev(self, kind: str, doc_id: str) -> tuple[bytes, int] | None:
        """Read a document with its revision, for ``put_doc(..., expected_rev=...)``."""
        with self._session(write=False) as session:
            found = session.read("doc", self._doc_key(kind, doc_id))
        return (unpack(found[1]), found[0]) if found else None

    def _names(self, session: Session, kind: str) -> list[tuple[str, bytes]]:
        """List ids and row keys, by id."""
        group = self._sealer.row_key("docs", kind)
        return sorted(
            (self._name(row, kind), row.key) for row in session.container.names("doc", group=group)
        )

    def _name(self, row: Row, kind: str) -> str:
        _, doc_id = read_doc_name(self._sealer.open("doc name", row.key, row.rev, row.name))
        if self._doc_key(kind, doc_id) != row.key:
            raise VaultDamaged(part="doc")
        return doc_id

    def doc_ids(self, kind: str) -> list[str]:
        """List the ids of a kind, in order."""
        with self._session(write=False) as session:
            return [doc_id for doc_id, _ in self._names(session, kind)]

    def docs(self, kind: str, *, prefix: str = "") -> Iterator[tuple[str, bytes]]:
        """Read the documents of a kind in the order of their ids.

        No lock is held between two of them, so that the reader may write; one that is
        deleted meanwhile is left out.
        """
        wanted = [doc_id for doc_id in self.doc_ids(kind) if doc_id.startswith(prefix)]
        for start in range(0, len(wanted), _BODIES_AT_ONCE):
            with self.reading():
                some = [
                    (doc_id, self.get_doc(kind, doc_id))
                    for doc_id in wanted[start : start + _BODIES_AT_ONCE]
                ]
            for doc_id, plain in some:
                if plain is not None:
                    yield doc_id, plain

    def delete_doc(self, kind: str, doc_id: str) -> bool:
        """Remove a document; tell whether there was one."""
        with self._session(write=True) as session:
            return session.delete("doc", self._doc_key(kind, doc_id))

    # Evidence ------------------------------------------------------------------------------

    def add_positions(self, source: Source, positions: Positions, *, import_id: str) -> Added:
        """Merge positions of one source; their ``source`` column is not looked at.

        Positions are kept to 1e-7 degree (11 mm). The same row (all columns) twice, from
        whichever import, is kept once and counted as known.

        Raises
        ------
        VaultFull
            Nothing was stored.
        VaultDamaged
            A day to merge with does not open; nothing was stored.
        """
        with self._session(write=True) as session:
            return evidence.add(session, source, positions, import_id)

    def add_activities(self, source: Source, activities: Activities, *, import_id: str) -> Added:
        """Merge activities, as :meth:`add_positions`."""
        with self._session(write=True) as session:
            return evidence.add(session, source, activities, import_id)

    def add_claims(self, source: Source, claims: Claims, *, import_id: str) -> Added:
        """Merge claims, as :meth:`add_positions`; a claim belongs to the day it begins."""
        with self._session(write=True) as session:
            return evidence.add(session, source, claims, import_id)

    def add_marks(self, source: Source, marks: Marks, *, import_id: str) -> Added:
        """Merge marks, as :meth:`add_positions`."""
        with self._session(write=True) as session:
            return evidence.add(session, source, marks, import_id)

    def evidence(
        self,
        first_us: int | None = None,
        last_us: int | None = None,
        *,
        skip_damaged: Callable[[DamagedChunk], None] | None = None,
    ) -> Evidence:
        """Read what was brought, in time order, each row once.

        Parameters
        ----------
        first_us, last_us : int, optional
            The span ``[first_us, last_us)``; claims that overlap it are in it.
        skip_damaged : callable, optional
            Called with each day that does not open, which is then left out.

        Raises
        ------
        VaultDamaged
            A day does not open and ``skip_damaged`` is not given, or the index does not.
        """
        with self._session(write=False) as session:
            return evidence.read(session, first_us, last_us, skip_damaged)

    def chunks(
        self,
        kind: Kind,
        *,
        first_us: int | None = None,
        last_us: int | None = None,
        skip_damaged: Callable[[DamagedChunk], None] | None = None,
    ) -> Iterator[Chunk]:
        """Read the days of a kind that touch ``[first_us, last_us)``, some in memory at once.

        No lock is held between some and the next; a day that is removed meanwhile is left out.
        """
        with self._session(write=False) as session:
            waiting = evidence.named(session, kind, (first_us, last_us))
        for start in range(0, len(waiting), _BODIES_AT_ONCE):
            with self._session(write=False) as session:
                some = waiting[start : start + _BODIES_AT_ONCE]
                opened = list(evidence.of_days(session, kind, some, skip_damaged))
            yield from opened

    def remove_import(self, import_id: str) -> Removed:
        """Remove the rows that only this import brought; what others brought too stays."""
        with self._session(write=True) as session:
            return evidence.remove_import(session, import_id)

    def rewrite(self, change: type_change, reach: Reach = EVERYTHING) -> Rewritten:
        """Put evidence through a change: all of it, or nothing. What is gone is overwritten."""
        with self._session(write=True) as session:
            return rewriting.rewrite(session, change, reach)

    def would_rewrite(self, change: type_change, reach: Reach = EVERYTHING) -> Rewritten:
        """Tell what a change of evidence would do; nothing is written."""
        with self._session(write=False) as session:
            return rewriting.rewrite(session, change, reach, for_good=False)

    def evidence_rev(self) -> int:
        """Give a number that grows with each change of the evidence."""
        with self._session(write=False) as session:
            return session.manifest.index_rev

    def n_rows(self, kind: Kind) -> int:
        """Count the rows of a kind, by the index."""
        with self._session(write=False) as session:
            return sum(e.n for place, e in session.index.entries.items() if place.kind == kind)

    def sources(self) -> tuple[Source, ...]:
        """List the sources that have rows, by key."""
        with self._session(write=False) as session:
            return evidence.sources(session.index)

    def imports(self) -> tuple[str, ...]:
        """List the imports that have rows."""
        with self._session(write=False) as session:
            return tuple(sorted(session.index.imports))

    # Inbox ---------------------------------------------------------------------------------

    def inbox(self, *, skip_damaged: Callable[[bytes], None] | None = None) -> Iterator[InboxBatch]:
        """Open the batches that wait, oldest first.

        Parameters
        ----------
        skip_damaged : callable, optional
            Called with the number of a batch that does not open, which is then left out.
        """
        with self._session(write=False) as session:
            waiting = [row.key for row in session.container.names("inbox")]
        for key in waiting:
            with self._session(write=False) as session:
                row = session.container.get("inbox", key)
            if row is None:
                continue
            try:
                yield self._batch(row)
            except VaultDamaged:
                if skip_damaged is None:
                    raise
                skip_damaged(key)

    def _batch(self, row: Row) -> InboxBatch:
        try:
            plain = open_box(self._public_key, self._secret_key, row.body)
        except VaultDamaged:
            if not self._former[0]:
                raise
            plain = open_box(*self._former, row.body)
        try:
            vault_id, batch_id, content = msgspec.msgpack.decode(plain, type=tuple[str, str, bytes])
        except msgspec.MsgspecError as error:
            raise VaultDamaged(part="inbox") from error
        if vault_id != self.vault_id:
            raise VaultDamaged(part="inbox")
        return InboxBatch(row.key, batch_id, content)

    def clear_inbox(self, numbers: Iterable[bytes]) -> int:
        """Remove batches that were taken in; those that came since stay."""
        with self._session(write=True) as session:
            return sum(session.container.delete("inbox", number) for number in numbers)

    # Audit ---------------------------------------------------------------------------------

    def audit(self, action: str, why: str) -> AuditEntry:
        """Write what is done and why, bound to all that was written before."""
        with self._session(write=True) as session:
            return logbook.write(session, self._now_us(), action, why)

    def audit_entries(self) -> tuple[AuditEntry, ...]:
        """Read the audit, oldest first.

        Raises
        ------
        VaultDamaged
            An entry was changed, removed, added or cut off.
        """
        with self._session(write=False) as session:
            return logbook.read(session)

    def log(self, kept_head: bytes | None) -> Log:
        """Read what can be read of the audit and tell how far it holds; never refuse."""
        with self._session(write=False) as session:
            return logbook.look(session, kept_head)

    def log_head(self) -> bytes:
        """Seal the audit's head, to be kept outside the vault."""
        with self._session(write=False) as session:
            return logbook.seal_head(session)

    def log_follows(self, kept_head: bytes | None) -> bool:
        """Tell whether the audit holds what a head that was kept outside knows."""
        with self._session(write=False) as session:
            return logbook.follows(session, kept_head)

    # Care ----------------------------------------------------------------------------------

    def verify(self) -> Verification:
        """Open every row and check that none is missing, older or foreign."""
        damaged: list[DamagedChunk] = []
        with self._session(write=False) as session:
            as_left = session.holds_what_it_must()
            for kind in Kind:
                for _ in evidence.chunks(session, kind, (None, None), damaged.append):
                    pass
            n_docs = sum(not self._doc_opens(row) for row in session.container.rows("doc"))
            try:
                self.audit_entries()
            except VaultDamaged:
                audit_whole = False
            else:
                audit_whole = True
        return Verification(as_left, audit_whole, tuple(damaged), n_docs)

    def _doc_opens(self, row: Row) -> bool:
        try:
            self._sealer.open("doc name", row.key, row.rev, row.name)
            unpack(self._sealer.open("doc", row.key, row.rev, row.body))
        except VaultDamaged:
            return False
        return True
