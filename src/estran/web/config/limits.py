"""What rate limits count, shared by the web processes: a small file of its own.

Not Django's table in the control database: a sign-in counts seven times, and each count
would wait for the disk. Nothing here need survive a power cut. Keys are hashed under the
site's secret, since they name addresses of the network; what ran out is deleted at the next
write. Values are plain: numbers, texts, lists.
"""

from __future__ import annotations

import contextlib
import hmac
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

from estran.errors import VaultFull

_T = TypeVar("_T")

FILE = "limits.sqlite3"
_BUSY_S = 5.0
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS kept "
    "(key BLOB PRIMARY KEY, value BLOB NOT NULL, until REAL NOT NULL) WITHOUT ROWID"
)
_NEVER_S = 1e18
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_CANTOPEN}


class LimitsCache(BaseCache):
    """Django's cache, as far as limits need one."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:  # noqa: ARG002 - Django's signature
        super().__init__(params)

    def _path(self) -> Path:
        return Path(settings.ESTRAN_DATA) / FILE

    def _key(self, key: str, version: int | None) -> bytes:
        told = self.make_and_validate_key(key, version=version).encode()
        return hmac.digest(settings.SECRET_KEY.encode(), b"limits\0" + told, "sha256")

    def _until_s(self, timeout: float | object | None) -> float:
        until_s = self.get_backend_timeout(timeout)  # type: ignore[arg-type] # its own sentinel
        return _NEVER_S if until_s is None else float(until_s)

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self._path(), timeout=_BUSY_S, isolation_level=None)
        try:
            database.execute("PRAGMA synchronous=OFF")
            database.execute("PRAGMA temp_store=MEMORY")
            database.execute("PRAGMA secure_delete=ON")
            database.execute("BEGIN IMMEDIATE")
            database.execute(_SCHEMA)
            yield database
            database.execute("COMMIT")
        finally:
            database.close()

    def _do(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Work inside one transaction; begin anew where a power cut broke the file."""
        try:
            with self._open() as database:
                return work(database)
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", 0)
            if code in _FULL or code & 0xFF in _FULL:
                raise VaultFull from error
            if code & 0xFF not in _BROKEN:
                raise
        self._path().unlink(missing_ok=True)
        with self._open() as database:
            return work(database)

    def add(
        self,
        key: str,
        value: Any,
        timeout: float | object | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """Keep a value unless there is one; tell whether it was kept. One of many wins."""
        row = (self._key(key, version), msgspec.msgpack.encode(value), self._until_s(timeout))

        def work(database: sqlite3.Connection) -> bool:
            _drop_old(database)
            put = database.execute("INSERT INTO kept VALUES (?, ?, ?) ON CONFLICT DO NOTHING", row)
            return put.rowcount > 0

        return self._do(work)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Give what is kept and has not run out."""
        wanted = (self._key(key, version), time.time())
        query = "SELECT value FROM kept WHERE key = ? AND until > ?"
        found = self._do(lambda database: database.execute(query, wanted).fetchone())
        return msgspec.msgpack.decode(found[0]) if found else default

    def set(
        self,
        key: str,
        value: Any,
        timeout: float | object | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        """Keep a value over what is there."""
        row = (self._key(key, version), msgspec.msgpack.encode(value), self._until_s(timeout))

        def work(database: sqlite3.Connection) -> None:
            _drop_old(database)
            database.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", row)

        self._do(work)

    def touch(
        self,
        key: str,
        timeout: float | object | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """Keep for longer what is there."""
        row = (self._until_s(timeout), self._key(key, version), time.time())
        query = "UPDATE kept SET until = ? WHERE key = ? AND until > ?"
        return self._do(lambda database: database.execute(query, row).rowcount > 0)

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget; tell whether there was anything."""
        row = (self._key(key, version),)
        query = "DELETE FROM kept WHERE key = ?"
        return self._do(lambda database: database.execute(query, row).rowcount > 0)

    def clear(self) -> None:
        """Forget all."""
        self._do(lambda database: database.execute("DELETE FROM kept"))


def _drop_old(database: sqlite3.Connection) -> None:
    database.execute("DELETE FROM kept WHERE until <= ?", (time.time(),))
