"""Another key for a vault: every row is sealed again, in one transaction.

A kill in the middle leaves the vault as it was, under its former key. Once that transaction
is kept, the former key opens the vault over a bridge in its meta, until :func:`settle`
removes the bridge: between the two, whoever keeps slots and public keys changes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import msgspec

from estran.errors import VaultBusy, VaultDamaged, VaultKeyWrong
from estran.vault.keys import VaultKeys, open_box, seal_to
from estran.vault.seal import Sealer, batch_key
from estran.vault.store import (
    META_KEY,
    Container,
    OpenedMeta,
    Row,
    Table,
    VaultMeta,
    VaultStore,
    bridged_meta,
    decode_meta,
    encode_meta,
    opened_meta,
    without_bridge,
)
from estran.web.store.session import (
    COUNTED,
    INDEX_KEY,
    MANIFEST_KEY,
    Session,
    doc_name,
    read_doc_name,
)

type_tell = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class _Turn:
    """One vault between two keys, inside a transaction."""

    container: Container
    old: OpenedMeta
    new: Sealer
    tell: type_tell

    def move(self, table: Table, row: Row, key: bytes, group: bytes, name: bytes | None) -> None:
        """Seal a row again under its new name, of the same revision."""
        try:
            plain = self.old.sealer.open(table, row.key, row.rev, row.body)
        except VaultDamaged:
            body = row.body  # Nobody can open it, before or after: it stays and is told.
        else:
            body = self.new.seal(table, key, row.rev, plain)
        sealed_name = b"" if name is None else self.new.seal(f"{table} name", key, row.rev, name)
        self.container.delete(table, row.key)
        self.container.put(table, Row(key, group, row.rev, sealed_name, body))


def turn(
    store: VaultStore,
    keys: VaultKeys,
    former_key: bytes,
    *,
    kinds: Iterable[str] = (),
    tell: type_tell = lambda _share: None,
) -> None:
    """Seal a vault again under other keys; all of it, or nothing.

    Parameters
    ----------
    store : VaultStore
    keys : VaultKeys
        The vault's id and its new keys.
    former_key : bytes
        The vault key in force.
    kinds : iterable of str
        Kinds of documents, for those whose names do not tell them yet.
    tell : callable
        Told the share done; it may raise to stop.

    Raises
    ------
    VaultKeyWrong
        ``former_key`` does not open the vault.
    VaultBusy
        Another turn was not settled yet.
    VaultDamaged
        The index or the manifest does not open, or a document is of no known kind: nothing
        was changed.
    """
    with store.connect(keys.vault_id) as container:
        container.begin(write=True)
        meta = _meta_of(container)
        if meta.public_key == keys.public_key:
            return  # A turn that was interrupted after it was kept.
        if meta.former_public_key:
            raise VaultBusy  # Another turn was not settled yet.
        try:
            old = opened_meta(meta, keys.vault_id, former_key)
        except VaultDamaged as error:
            raise VaultKeyWrong from error
        made = bridged_meta(keys, meta, old.vault_key, old.secret_key)
        new = Sealer(keys.vault_id, keys.vault_key, made.salt)
        _turn_rows(_Turn(container, old, new, tell), meta, keys, tuple(kinds))
        container.put("meta", Row(META_KEY, b"", container.tick(), b"", encode_meta(made)))
        container.commit()


def _meta_of(container: Container) -> VaultMeta:
    row = container.get("meta", META_KEY)
    if row is None:
        raise VaultDamaged(part="meta")
    return decode_meta(row.body)


def _turn_rows(turn: _Turn, meta: VaultMeta, keys: VaultKeys, kinds: tuple[str, ...]) -> None:
    session = Session(turn.container, turn.old.sealer, write=False)
    manifest, index = session.manifest, session.index
    steps: list[Iterator[None]] = [
        _turn_chunks(turn, [(p.kind, index.sources[p.source].key, p.day) for p in index.entries]),
        _turn_docs(turn, kinds),
        _turn_audit(turn),
        _turn_inbox(turn.container, meta, turn.old.secret_key, keys.public_key),
    ]
    n_rows = sum(len(turn.container.names(t)) for t in (*COUNTED, "inbox"))
    n_done = 0
    for step in steps:
        for _ in step:
            n_done += 1
            turn.tell(n_done / max(n_rows, 1))
    _turn_singles(turn)
    marks = Session(turn.container, turn.new, write=False)
    total = marks.sum_of_rows()
    sealed = turn.container.rev("meta", MANIFEST_KEY)
    if sealed is not None:
        body = msgspec.msgpack.encode(replace(manifest, total=total))
        row = Row(MANIFEST_KEY, b"", sealed, b"", turn.new.seal("meta", MANIFEST_KEY, sealed, body))
        turn.container.put("meta", row)


def _turn_chunks(turn: _Turn, places: list[tuple[int, str, int]]) -> Iterator[None]:
    for kind, source, day in places:
        parts = ("chunk", int(kind), source, day)
        row = turn.container.get("chunk", turn.old.sealer.row_key(*parts))
        if row is not None:
            turn.move("chunk", row, turn.new.row_key(*parts), b"", None)
        yield


def _turn_docs(turn: _Turn, kinds: tuple[str, ...]) -> Iterator[None]:
    by_group = {turn.old.sealer.row_key("docs", kind): kind for kind in kinds}
    for key in [row.key for row in turn.container.names("doc")]:
        row = turn.container.get("doc", key)
        if row is None:
            continue
        yield
        try:
            name = turn.old.sealer.open("doc name", row.key, row.rev, row.name)
        except VaultDamaged:
            continue  # Nobody can tell what it was: it stays as it is.
        kind, doc_id = read_doc_name(name)
        kind = kind or by_group.get(row.group, "")
        if not kind:
            raise VaultDamaged(part="doc")
        new_key, group = turn.new.row_key("doc", kind, doc_id), turn.new.row_key("docs", kind)
        turn.move("doc", row, new_key, group, doc_name(kind, doc_id))


def _turn_audit(turn: _Turn) -> Iterator[None]:
    for key in [row.key for row in turn.container.names("audit")]:
        row = turn.container.get("audit", key)
        if row is not None:
            turn.move("audit", row, key, b"", None)
        yield


def _turn_inbox(
    container: Container, former: VaultMeta, former_secret: bytes, public_key: bytes
) -> Iterator[None]:
    """Seal to the new pair what is sealed to the former one."""
    for key in [row.key for row in container.names("inbox")]:
        row = container.get("inbox", key)
        yield
        if row is None:
            continue
        try:
            plain = open_box(former.public_key, former_secret, row.body)
            _, batch_id, _ = msgspec.msgpack.decode(plain, type=tuple[str, str, bytes])
        except (VaultDamaged, msgspec.MsgspecError):
            continue  # Sealed to another key already, or to none.
        container.delete("inbox", key)
        new_key = batch_key(public_key, batch_id)
        container.put("inbox", Row(new_key, b"", row.rev, b"", seal_to(public_key, plain)))


def _turn_singles(turn: _Turn) -> None:
    row = turn.container.get("meta", INDEX_KEY)
    if row is not None:
        turn.move("meta", row, INDEX_KEY, b"", None)


def settle(store: VaultStore, vault_id: str, vault_key: bytes) -> bool:
    """Take in what was sealed to the former pair meanwhile, then forget the former keys.

    Call it once nobody is told the former public key any more. Tell whether there was
    anything to forget.

    Raises
    ------
    VaultKeyWrong
        The key does not open the vault.
    """
    with store.connect(vault_id) as container:
        container.begin(write=True)
        meta = _meta_of(container)
        try:
            found = opened_meta(meta, vault_id, vault_key)
        except VaultDamaged as error:
            raise VaultKeyWrong from error
        if not meta.former_public_key:
            return False
        former = replace(meta, public_key=meta.former_public_key)
        for _ in _turn_inbox(container, former, found.former_secret_key, meta.public_key):
            pass
        rev = container.rev("meta", META_KEY) or 0
        container.put("meta", Row(META_KEY, b"", rev, b"", encode_meta(without_bridge(meta))))
        container.commit()
    return True


def key_in_force(store: VaultStore, vault_id: str, vault_key: bytes) -> bytes:
    """Give the vault key in force for one that opens the vault, over the bridge or not.

    Raises
    ------
    VaultKeyWrong
        The key does not open the vault.
    """
    try:
        return opened_meta(store.meta(vault_id), vault_id, vault_key).vault_key
    except VaultDamaged as error:
        raise VaultKeyWrong from error
