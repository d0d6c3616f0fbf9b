"""Vaults as files: a SQLite container of sealed rows a person, in a fan of 256 folders.

Nothing is kept open: a vault is opened, read or appended to, and closed. Rollback
journal and ``synchronous=EXTRA``: what was acknowledged survives a power cut, folder
entries included.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple, Self
from urllib.parse import quote

from estran.errors import NotFound, Refusal, VaultBusy, VaultDamaged, VaultFull
from estran.vault.store import META_KEY, TABLES, Row, Table, VaultMeta, decode_meta, encode_meta

_APPLICATION_ID = 0x45535452  # "ESTR"
_FORMAT_VERSION = 1
_ID = re.compile(r"[0-9a-f]{32}\Z")
_SUFFIX = ".vault"

_FULL = {
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_TRUNCATE,
    sqlite3.SQLITE_IOERR_DIR_FSYNC,
}  # fmt: skip
"""What SQLite says when the disk takes no more (a file-size limit comes as a write error)."""

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """How a store waits.

    ``busy_s``: a write of a year of positions holds the file for about two seconds here;
    five times that is a fault, not a queue.
    """

    busy_s: float = 10.0


def _refusal(error: sqlite3.Error) -> Refusal:
    """Name what the container's error means; the error's text stays out of it."""
    code = error.sqlite_errorcode
    if code in _FULL or code & 0xFF in _FULL:
        return VaultFull()
    if code & 0xFF in _BUSY:
        return VaultBusy()
    return VaultDamaged(part="container")


@contextlib.contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) is None:
            raise  # A wrong use of the module: a bug, not a refusal.
        raise _refusal(error) from error


class _Sql(NamedTuple):
    """The statements on one table."""

    get: str
    rev: str
    put: str
    delete: str
    rows: str
    names: str
    of_group: str


_COLUMNS = "key, grp, rev, name"

# Tables are ours, a closed tuple of names: nothing from outside enters a statement.
_SQL = {
    table: _Sql(
        get=f"SELECT {_COLUMNS}, body FROM {table} WHERE key = ?",  # noqa: S608 - as said above
        rev=f"SELECT rev FROM {table} WHERE key = ?",  # noqa: S608 - as said above
        put=f"INSERT INTO {table} ({_COLUMNS}, body) VALUES (?, ?, ?, ?, ?) "  # noqa: S608 - same
        "ON CONFLICT (key) DO UPDATE SET grp = excluded.grp, rev = excluded.rev, "
        "name = excluded.name, body = excluded.body",
        delete=f"DELETE FROM {table} WHERE key = ?",  # noqa: S608 - as said above
        rows=f"SELECT {_COLUMNS}, body FROM {table} ORDER BY rev, rowid",  # noqa: S608 - same
        names=f"SELECT {_COLUMNS}, x'' FROM {table} ORDER BY rev, rowid",  # noqa: S608 - same
        of_group=f"SELECT {_COLUMNS}, x'' FROM {table} WHERE grp = ? ORDER BY rev, rowid",  # noqa: S608 - same
    )
    for table in TABLES
}

_SCHEMA = (
    *(
        f"CREATE TABLE {table} (key BLOB PRIMARY KEY, grp BLOB NOT NULL, rev INTEGER NOT NULL, "
        "name BLOB NOT NULL, body BLOB NOT NULL)"
        for table in TABLES
    ),
    "CREATE INDEX doc_by_group ON doc (grp, rev)",
    "CREATE TABLE clock (n INTEGER NOT NULL)",
    "INSERT INTO clock VALUES (0)",
    f"PRAGMA application_id={_APPLICATION_ID}",
    f"PRAGMA user_version={_FORMAT_VERSION}",
)


class FileContainer:
    """One vault's file, open. Not shared between threads."""

    def __init__(self, path: Path, settings: StoreSettings) -> None:
        with _refusing():
            self._db = sqlite3.connect(
                f"file:{quote(str(path))}?mode=rw",
                uri=True,
                timeout=settings.busy_s,
                isolation_level=None,
            )
            try:
                # Of a new file only. A day of fixes is some kB: pages of 4 kB would leave
                # 2 bytes a position empty, and 49 kB in a vault that holds nothing.
                self._db.execute("PRAGMA page_size=1024")
                # No row, sealed or not, in a file of the machine's folder of temporary files.
                self._db.execute("PRAGMA temp_store=MEMORY")
                self._db.execute("PRAGMA journal_mode=DELETE")
                self._db.execute("PRAGMA synchronous=EXTRA")
                # What is removed is overwritten: undoing an import leaves no sealed rest.
                self._db.execute("PRAGMA secure_delete=ON")
            except sqlite3.Error:
                self._db.close()
                raise

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *exc: object) -> None:
        """Close; SQLite rolls back what was not committed."""
        self._db.close()

    def lay_out(self) -> None:
        """Make the tables of a new vault; inside a write transaction."""
        with _refusing():
            for statement in _SCHEMA:
                self._db.execute(statement)

    def begin(self, *, write: bool) -> None:
        """Begin: a writer takes its place at once, a reader sees one moment."""
        with _refusing():
            self._db.execute("BEGIN IMMEDIATE" if write else "BEGIN")

    def commit(self) -> None:
        """Make it lasting, or undo all of it."""
        try:
            with _refusing():
                self._db.execute("COMMIT")
        except Refusal:
            self.rollback()
            raise

    def rollback(self) -> None:
        """Forget what was not committed."""
        if self._db.in_transaction:
            with _refusing():
                self._db.execute("ROLLBACK")

    def _must_be_inside(self) -> None:
        """Refuse to write outside a transaction, also one that SQLite has given up itself."""
        if not self._db.in_transaction:
            msg = "a write outside a transaction"
            raise RuntimeError(msg)

    def dump(self) -> bytes:
        """Give the whole file as it is at one moment.

        Through SQLite: to open the file beside it and close it again would drop the locks
        that this process holds on it.
        """
        with _refusing():
            return self._db.serialize()

    def tick(self) -> int:
        """Give the next number of a write."""
        self._must_be_inside()
        with _refusing():
            (number,) = self._db.execute("UPDATE clock SET n = n + 1 RETURNING n").fetchone()
        return int(number)

    def get(self, table: Table, key: bytes) -> Row | None:
        """Read one row."""
        with _refusing():
            found = self._db.execute(_SQL[table].get, (key,)).fetchone()
        return Row(*found) if found else None

    def rev(self, table: Table, key: bytes) -> int | None:
        """Read a row's revision only."""
        with _refusing():
            found = self._db.execute(_SQL[table].rev, (key,)).fetchone()
        return int(found[0]) if found else None

    def put(self, table: Table, row: Row) -> None:
        """Write one row over what has its key."""
        self._must_be_inside()
        with _refusing():
            self._db.execute(_SQL[table].put, (row.key, row.group, row.rev, row.name, row.body))

    def delete(self, table: Table, key: bytes) -> bool:
        """Remove one row; tell whether there was one."""
        self._must_be_inside()
        with _refusing():
            return self._db.execute(_SQL[table].delete, (key,)).rowcount > 0

    def rows(self, table: Table) -> Iterator[Row]:
        """Read all rows, in the order of their revisions."""
        with _refusing():
            for found in self._db.execute(_SQL[table].rows):
                yield Row(*found)

    def names(self, table: Table, *, group: bytes | None = None) -> list[Row]:
        """List rows, without their bodies, in the order of their revisions."""
        sql = _SQL[table].names if group is None else _SQL[table].of_group
        with _refusing():
            return [
                Row(*found) for found in self._db.execute(sql, () if group is None else (group,))
            ]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class FileVaultStore:
    """Keeps each vault in ``root/ab/cd...vault``, readable by its owner only (0600).

    Parameters
    ----------
    root : Path
        A folder; made when missing, for its owner only.
    settings : StoreSettings
        How long to wait for others.
    """

    def __init__(self, root: Path, *, settings: StoreSettings = StoreSettings()) -> None:
        self._root = root
        self._settings = settings

    def _path(self, vault_id: str) -> Path:
        if not _ID.match(vault_id):
            raise NotFound
        return self._root / vault_id[:2] / (vault_id[2:] + _SUFFIX)

    def create(self, vault_id: str, meta: VaultMeta) -> None:
        """Make an empty vault under another name, then give it its own: all or nothing.

        Raises
        ------
        FileExistsError
            There is one of this id.
        VaultFull
            The disk takes no more; nothing is left behind.
        """
        path = self._path(vault_id)
        if path.exists():
            raise FileExistsError
        made = path.with_name(f".{secrets.token_hex(8)}.new")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                self._fill(made, meta)
                made.rename(path)
            finally:
                made.unlink(missing_ok=True)
            _sync_folder(path.parent)
            _sync_folder(self._root)
        except OSError as error:
            raise VaultFull from error

    def _fill(self, path: Path, meta: VaultMeta) -> None:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with FileContainer(path, self._settings) as container:
            container.begin(write=True)
            container.lay_out()
            container.put("meta", Row(META_KEY, b"", 0, b"", encode_meta(meta)))
            container.commit()

    def exists(self, vault_id: str) -> bool:
        """Tell whether there is a vault of this id."""
        return bool(_ID.match(vault_id)) and self._path(vault_id).is_file()

    def connect(self, vault_id: str) -> FileContainer:
        """Open a vault's file; use it in a ``with`` and shortly.

        Raises
        ------
        NotFound
            There is no such vault.
        VaultDamaged
            The file is no container of ours.
        """
        path = self._path(vault_id)
        if not path.is_file():
            raise NotFound
        return FileContainer(path, self._settings)

    def meta(self, vault_id: str) -> VaultMeta:
        """Read what the vault tells before it is opened.

        Raises
        ------
        NotFound, VaultDamaged
            There is no such vault, or its meta is gone.
        """
        with self.connect(vault_id) as container:
            row = container.get("meta", META_KEY)
        if row is None:
            raise VaultDamaged(part="meta")
        return decode_meta(row.body)

    def size_bytes(self, vault_id: str) -> int:
        """Tell how much room a vault takes.

        Raises
        ------
        NotFound
            There is no such vault.
        """
        try:
            return self._path(vault_id).stat().st_size
        except FileNotFoundError as error:
            raise NotFound from error

    def copy(self, vault_id: str, out: IO[bytes]) -> None:
        """Write a vault's file, sealed as it is.

        Raises
        ------
        NotFound
            There is no such vault.
        """
        with self.connect(vault_id) as container:
            out.write(container.dump())

    def erase(self, vault_id: str) -> bool:
        """Overwrite the meta, without which no row opens, then remove the file.

        May be called again after an interruption. Slots kept elsewhere are for the caller
        to destroy first.
        """
        path = self._path(vault_id)
        if not path.is_file():
            return False
        with contextlib.suppress(VaultDamaged, VaultBusy, VaultFull):
            self._overwrite_meta(path)
        for name in (path, path.with_name(path.name + "-journal")):
            name.unlink(missing_ok=True)
        _sync_folder(path.parent)
        return True

    def _overwrite_meta(self, path: Path) -> None:
        with FileContainer(path, self._settings) as container:
            container.begin(write=True)
            row = container.get("meta", META_KEY)
            if row is not None:
                container.put("meta", Row(META_KEY, b"", 0, b"", bytes(len(row.body))))
            container.commit()

    def ids(self) -> Iterator[str]:
        """List the vaults, in no useful order."""
        for folder in sorted(self._root.glob("[0-9a-f][0-9a-f]")):
            for path in sorted(folder.glob("*" + _SUFFIX)):
                vault_id = folder.name + path.name.removesuffix(_SUFFIX)
                if _ID.match(vault_id):
                    yield vault_id
