"""``estran vault list | verify | export``: looking after the vaults of a site, for its operator."""

from __future__ import annotations

import getpass
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from estran.errors import NotFound, Refusal, VaultKeyWrong
from estran.vault.seal import MAGIC, OVERHEAD_BYTES
from estran.vault.store import TABLES
from estran.web.config.environment import read_environment
from estran.web.running.prepare import is_prepared, prepare
from estran.web.store.file import FileVaultStore

_BOX_BYTES = 48
PASSWORD = "ESTRAN_PASSWORD"  # noqa: S105 - the name of a variable
"""Where a script puts a person's password; a person is asked."""


@dataclass(frozen=True, slots=True)
class Health:
    """What can be told of a vault's file without any key."""

    vault_id: str
    size_bytes: int
    n_rows: int
    wrong: tuple[str, ...]


def list_vaults() -> int:
    """Print each vault's id, size and rows, and the sum."""
    found = [look(path, vault_id) for vault_id, path in _paths()]
    for one in found:
        sys.stdout.write(f"{one.vault_id}  {one.size_bytes:>12} bytes  {one.n_rows:>8} rows\n")
    whole_bytes = sum(one.size_bytes for one in found)
    sys.stdout.write(f"{len(found)} vaults, {whole_bytes / 2**20:.1f} MiB\n")
    return 0


def verify(wanted: list[str]) -> int:
    """Check files of vaults; 0 when nothing is wrong, 1 when something is."""
    n_wrong = n_seen = 0
    for vault_id, path in _paths():
        if wanted and vault_id not in wanted:
            continue
        n_seen += 1
        found = look(path, vault_id)
        n_wrong += bool(found.wrong)
        words = "; ".join(found.wrong) or f"{found.n_rows} rows"
        sys.stdout.write(f"{'BAD ' if found.wrong else 'ok  '} {vault_id}  {words}\n")
    if wanted and n_seen < len(set(wanted)):
        raise NotFound
    sys.stdout.write(f"{n_seen} vaults, {n_wrong} damaged\n")
    return 1 if n_wrong else 0


def _paths() -> Iterator[tuple[str, Path]]:
    root = read_environment().data / "vaults"
    for vault_id in FileVaultStore(root).ids():
        yield vault_id, root / vault_id[:2] / f"{vault_id[2:]}.vault"


def look(path: Path, vault_id: str) -> Health:
    """Look at one file: its pages, its tables, and whether each row is sealed as rows are.

    Whether a row opens only its person's key can tell.
    """
    size_bytes = path.stat().st_size
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as db:
            wrong = list(_pages(db))
            n_rows = sum(_rows(db, table, wrong) for table in TABLES)
    except sqlite3.Error:
        return Health(vault_id, size_bytes, 0, ("not a vault's file, or its pages are broken",))
    try:
        FileVaultStore(path.parents[1]).meta(vault_id)
    except Refusal:
        wrong.append("its meta row is gone: nothing of it opens")
    return Health(vault_id, size_bytes, n_rows, tuple(wrong))


def _pages(db: sqlite3.Connection) -> Iterator[str]:
    (said,) = db.execute("PRAGMA integrity_check(1)").fetchone()
    if said != "ok":
        yield "pages are broken"
    (mark,) = db.execute("PRAGMA application_id").fetchone()
    if mark != int.from_bytes(b"ESTR", "big"):
        yield "not marked as a vault"


def _rows(db: sqlite3.Connection, table: str, wrong: list[str]) -> int:
    """Count the rows of a table; note those that are not sealed, or stand on a future clock."""
    head, shortest = ("", _BOX_BYTES) if table == "inbox" else (MAGIC[:4].hex(), OVERHEAD_BYTES)
    (n_rows,) = db.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - a closed list
    if table == "meta":
        return int(n_rows)
    (n_bad,) = db.execute(
        f"SELECT count(*) FROM {table} WHERE length(body) < ? "  # noqa: S608 - a closed list
        "OR (? != '' AND lower(hex(substr(body, 1, 4))) != ?) OR rev > (SELECT n FROM clock)",
        (shortest, head, head),
    ).fetchone()
    if n_bad:
        wrong.append(f"{n_bad} rows of {table} are not as rows are")
    return int(n_rows)


def export(email: str, file: str) -> int:
    """Write a person's archive to a file that only this user can read, whole or not at all."""
    if Path(file).exists():
        sys.stderr.write("There is a file of this name already: choose another.\n")
        return 1
    environment = read_environment()
    if not is_prepared(environment):
        prepare(environment)  # a backup that was put back may be of an earlier version
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estran.web.config.settings")
    import django  # noqa: PLC0415 - this command only

    django.setup()
    from estran.giving.archive import write_archive  # noqa: PLC0415 - Django is set up by now
    from estran.vault.audit import Act  # noqa: PLC0415 - same
    from estran.web.accounts.models import Person  # noqa: PLC0415 - same
    from estran.web.accounts.vaults import open_by_password, store  # noqa: PLC0415 - same
    from estran.web.me.access import note  # noqa: PLC0415 - same
    from estran.web.portability.gathering import contents  # noqa: PLC0415 - same
    from estran.web.store.opened import OpenVault  # noqa: PLC0415 - same

    password = os.environ.get(PASSWORD) or getpass.getpass()
    # Several unproved accounts may share an address: the password tells them apart.
    for person in Person.objects.filter(email=email):
        try:
            key = open_by_password(person, password)
        except VaultKeyWrong:
            continue
        vault = OpenVault(store(), person.vault.vault_id, key)
        part = Path(f"{file}.part")
        part.unlink(missing_ok=True)
        fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "wb") as out:
            manifest = write_archive(out, contents(vault, person))
        part.rename(file)
        note(vault, Act.EXPORTED, "estran")
        sys.stdout.write(f"{manifest.counts.positions} positions, {len(manifest.members)} files\n")
        return 0
    raise VaultKeyWrong
