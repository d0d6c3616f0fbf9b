"""``estran backup FILE`` and ``estran restore FILE``: the database and the vaults together.

A backup is a tar: the database as it was at one moment, then what phones sent that is not in
a vault yet, then each vault that the database names, each as it was at one moment, then the
sealed files that wait, then a list with digests. What was written between the two moments is
work that is begun anew. The site may run meanwhile. Nothing in it is opened: vaults stay sealed.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import re
import secrets
import shutil
import sqlite3
import tarfile
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import quote

from estran.errors import BackupDamaged, BackupImpossible
from estran.web.config.environment import Environment, prepare_data_folder

SCHEMA = "estran.backup/1"
DATABASE = "estran.sqlite3"
LIST = "backup.json"
_VAULT = re.compile(r"vaults/([0-9a-f]{2})/([0-9a-f]{30})\.vault\Z")
_SEALED = re.compile(r"(incoming|passages)/[0-9a-f-]{36}\.sealed\Z")
_SPOOLED = re.compile(r"spool/[0-9]{20}-[0-9a-f]{8}\.taken\Z")
_AT_ONCE = 1 << 20


@dataclass(slots=True)
class Copied:
    """What a backup holds."""

    made_at: str
    files: dict[str, str] = field(default_factory=dict)
    """SHA-256 by name."""

    @property
    def n_vaults(self) -> int:
        """How many vaults."""
        return sum(bool(_VAULT.match(name)) for name in self.files)


def _must_be_sqlite(environment: Environment) -> None:
    if environment.database_url:
        raise BackupImpossible


def back_up(environment: Environment, file: Path) -> Copied:
    """Write a backup; a broken one is not left under this name.

    Raises
    ------
    BackupImpossible
        The control database is not SQLite, or there is none yet.
    FileExistsError
    """
    _must_be_sqlite(environment)
    data = environment.data
    if not (data / DATABASE).is_file():
        raise BackupImpossible
    if file.exists():
        raise FileExistsError
    copied = Copied(datetime.now(UTC).isoformat(timespec="seconds"))
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.new")
    fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(fd, "wb") as out:
            _write(out, data, copied)
            out.flush()
            os.fsync(out.fileno())
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    return copied


def _write(out: BinaryIO, data: Path, copied: Copied) -> None:
    snapshot = data / f".backup.{secrets.token_hex(8)}"
    try:
        _snapshot(data / DATABASE, snapshot)
        with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
            _add(tar, DATABASE, snapshot.open("rb"), copied)
            # Before the vaults: what a round moves meanwhile is in both, and counts once.
            for path in sorted(data.glob("spool/*-*.*")):
                with contextlib.suppress(FileNotFoundError):
                    spooled = io.BytesIO(path.read_bytes())
                    _add(tar, f"spool/{path.stem}.taken", spooled, copied)
            for vault_id in _vault_ids(snapshot):
                _add_vault(tar, data, vault_id, copied)
            for path in [*data.glob("incoming/*.sealed"), *data.glob("passages/*.sealed")]:
                name = path.relative_to(data).as_posix()
                if _SEALED.match(name) and path.is_file():
                    _add(tar, name, path.open("rb"), copied)
            told = {"schema": SCHEMA, "made_at": copied.made_at, "files": copied.files}
            _add(tar, LIST, io.BytesIO(json.dumps(told).encode()), copied)
    finally:
        snapshot.unlink(missing_ok=True)


def _snapshot(database: Path, copy: Path) -> None:
    """Copy the database as of one moment, while others write in it."""
    os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    source = sqlite3.connect(f"file:{quote(str(database))}?mode=ro", uri=True, timeout=20)
    with closing(source), closing(sqlite3.connect(copy)) as target:
        source.backup(target)


def _vault_ids(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as db:
        return [vault_id for (vault_id,) in db.execute("SELECT vault_id FROM accounts_vault")]


def _add_vault(tar: tarfile.TarFile, data: Path, vault_id: str, copied: Copied) -> None:
    name = f"vaults/{vault_id[:2]}/{vault_id[2:]}.vault"
    path = data / name
    if not _VAULT.match(name) or not path.is_file():
        return  # erased meanwhile: its rows go when this is restored
    # A reader's lock holds writers off the file for the moment that the copy takes.
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True, timeout=20)) as db:
        db.isolation_level = None
        db.execute("BEGIN")
        db.execute("SELECT n FROM clock").fetchone()
        _add(tar, name, path.open("rb"), copied)
        db.execute("ROLLBACK")


def _add(tar: tarfile.TarFile, name: str, file: BinaryIO, copied: Copied) -> None:
    with file:
        info = tarfile.TarInfo(name)
        info.size = file.seek(0, io.SEEK_END)
        info.mode = 0o600
        file.seek(0)
        told = _Digested(file)
        tar.addfile(info, cast("BinaryIO", told))
        copied.files[name] = told.digest()


class _Digested(io.RawIOBase):
    """Reads on, and keeps the digest of what was read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._sha256 = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._sha256.update(piece)
        return piece

    def digest(self) -> str:
        return self._sha256.hexdigest()


# Restoring ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did."""

    made_at: str
    n_vaults: int
    n_left_out: int
    """People who had deleted everything since: they were not brought back."""
    set_aside: Path | None
    """Where what was here before lies, for the operator to delete."""


def restore(environment: Environment, file: Path) -> Restored:
    """Put a backup in place of what the data folder holds. The site must not run.

    All of it is unpacked and compared beside the data before anything is moved.

    Raises
    ------
    BackupDamaged
        Nothing was changed.
    BackupImpossible
        The control database is not SQLite.
    """
    _must_be_sqlite(environment)
    data = environment.data
    prepare_data_folder(data)
    fresh = data / f".restoring.{secrets.token_hex(4)}"
    fresh.mkdir(mode=0o700)
    try:
        made_at = _unpack(file, fresh)
        gone = _erased_since(data / DATABASE, fresh / DATABASE)
        _forget(fresh, gone)
        n_vaults = sum(1 for _ in fresh.glob("vaults/??/*.vault"))
        set_aside = _swap(data, fresh)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    told = {"made_at": made_at, "restored_at": datetime.now(UTC).isoformat(timespec="seconds")}
    (data / "restored").write_text(json.dumps(told), encoding="ascii")
    return Restored(made_at, n_vaults, len(gone), set_aside)


def _unpack(file: Path, fresh: Path) -> str:
    """Unpack into an empty folder; only names that backups have, each as the list says."""
    found: dict[str, str] = {}
    told: dict[str, object] = {}
    try:
        with tarfile.open(file, "r:") as tar:
            for info in tar:
                body = tar.extractfile(info) if info.isreg() else None
                if body is None:
                    raise BackupDamaged
                if info.name == LIST:
                    told = json.loads(body.read(256 * 1024 * 1024))
                    continue
                found[info.name] = _take(info.name, cast("BinaryIO", body), fresh)
    except (tarfile.TarError, OSError, ValueError) as error:
        raise BackupDamaged from error
    if told.get("schema") != SCHEMA or told.get("files") != found or DATABASE not in found:
        raise BackupDamaged
    return str(told["made_at"])


def _take(name: str, body: BinaryIO, fresh: Path) -> str:
    if name != DATABASE and not any(kind.match(name) for kind in (_VAULT, _SEALED, _SPOOLED)):
        raise BackupDamaged
    path = fresh / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "wb") as out:
        while piece := body.read(_AT_ONCE):
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _erased_since(now: Path, then: Path) -> set[str]:
    """Find the vaults that people have deleted since the backup: they do not come back."""
    if not now.is_file():
        return set()
    try:
        return set(_vault_ids(then)) - set(_vault_ids(now))
    except sqlite3.Error:
        return set()  # what is here is broken: that is why one restores


def _forget(fresh: Path, gone: set[str]) -> None:
    """Void sign-ins and grants of that time, and what opens the vaults of who has left since.

    Their other rows go at the first start: see :func:`estran.web.running.prepare.prepare`.
    """
    for vault_id in gone:
        (fresh / "vaults" / vault_id[:2] / f"{vault_id[2:]}.vault").unlink(missing_ok=True)
    with closing(sqlite3.connect(fresh / DATABASE)) as db:
        known = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
        for statement in _VOID:
            if statement.split()[2 if statement.startswith("DELETE") else 1] in known:
                db.execute(statement)
        for vault_id in gone:
            db.execute(
                "DELETE FROM accounts_keyslot WHERE vault_id IN "
                "(SELECT id FROM accounts_vault WHERE vault_id = ?)",
                (vault_id,),
            )
        db.commit()
        db.execute("VACUUM")


_VOID = (
    "DELETE FROM django_session",
    "UPDATE jobs_job SET grant = x'', grant_key = ''",
    "DELETE FROM portability_invitation",
    "DELETE FROM me_serviceslot",
)
"""A sign-in that was ended since, or an address that was used since, must not live again; nor may
the coach whom somebody has shut out since."""


def _swap(data: Path, fresh: Path) -> Path | None:
    """Move what is here aside and the restored in its place."""
    names = (DATABASE, "vaults", "incoming", "passages", "spool", "prepared")
    here = [name for name in names if (data / name).exists()]
    aside = data / f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S}" if here else None
    if aside is not None:
        aside.mkdir(mode=0o700)
        for name in here:
            (data / name).rename(aside / name)
    for name in names:
        if (fresh / name).exists():
            (fresh / name).rename(data / name)
    prepare_data_folder(data)
    return aside
