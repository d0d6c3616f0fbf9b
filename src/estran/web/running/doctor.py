"""``estran doctor``: what an operator would look at first."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from estran.web.config.environment import Environment, read_environment

_LATE_S = 1800.0
"""A round comes every ten minutes; a full disk or a stopped worker makes it late."""
_LOW_DISK_BYTES = 2 * 1024**3
"""Less free than half of one upload at the limit."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    is_well: bool
    words: str


def examine() -> int:
    """Print what was found; 0 when all is well, 1 when something is not."""
    environment = read_environment()
    findings = list(look(environment))
    for finding in findings:
        sys.stdout.write(f"{'ok  ' if finding.is_well else 'BAD '} {finding.words}\n")
    return 0 if all(finding.is_well for finding in findings) else 1


def look(environment: Environment) -> Iterator[Finding]:
    """Look at the data folder, the key, the disk, the running site and the database."""
    data = environment.data
    if not data.is_dir():
        yield Finding(False, "no data folder yet: start the site once")
        return
    yield from _rights(data)
    yield from _service_key(environment)
    free_bytes = shutil.disk_usage(data).free
    yield Finding(free_bytes >= _LOW_DISK_BYTES, f"{free_bytes // 2**20} MiB free on the disk")
    yield Finding(True, "the site is running" if _is_running(data) else "the site is not running")
    yield from _networks(data)
    yield from _stations(data)
    yield from _database(environment)


def _networks(data: Path) -> Iterator[Finding]:
    from estran.web.running import networks, territory  # noqa: PLC0415 - load the engine's arrays

    kept = networks.kept(data)
    if not kept:
        yield Finding(True, "no network is loaded (estran load-territory)")
    for one in kept:
        if one.network is None:
            yield Finding(False, f"network {one.name}: damaged, load it again")
            continue
        yield Finding(True, f"network {one.name}: {territory.words_of(one.network)}")


def _stations(data: Path) -> Iterator[Finding]:
    from estran.web.running import stations  # noqa: PLC0415 - load the engine's arrays

    kept = stations.kept(data)
    if not kept:
        yield Finding(True, "no list of stations is loaded (estran load-stations)")
    for one in kept:
        words = stations.words_of(one.stations) if one.stations else "damaged, load it again"
        yield Finding(one.stations is not None, f"stations {one.name}: {words}")


def _rights(data: Path) -> Iterator[Finding]:
    closed = not data.stat().st_mode & 0o077
    yield Finding(closed, "the data folder is " + ("closed" if closed else "open to others"))
    key = data / "secret.key"
    if key.exists():
        kept = not key.stat().st_mode & 0o077
        yield Finding(kept, "the secret key is " + ("closed" if kept else "readable by others"))
    else:
        yield Finding(False, "there is no secret key")


def _service_key(environment: Environment) -> Iterator[Finding]:
    """Look at the key that lets the coach in; there is none before somebody asks for it."""
    path = Path(environment.service_key_file or environment.data / "service.key")
    if not path.exists():
        return
    kept = not path.stat().st_mode & 0o077
    yield Finding(kept, "the service key is " + ("closed" if kept else "readable by others"))
    if path.resolve().is_relative_to(environment.data):
        yield Finding(True, "the service key lies beside the vaults: a copy of the folder has both")


def _is_running(data: Path) -> bool:
    lock = data / "run.lock"
    if not lock.exists():
        return False
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _database(environment: Environment) -> Iterator[Finding]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estran.web.config.settings")
    import django  # noqa: PLC0415 - only this check pays for it
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - same
    from django.db import Error, connection  # noqa: PLC0415 - same
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415 - same

    if not environment.database_url:
        yield Finding(True, f"SQLite {sqlite3.sqlite_version}, rollback journal")
    try:
        django.setup()
        if environment.database_url:
            version = ".".join(str(part) for part in connection.get_database_version())
            yield Finding(True, f"PostgreSQL {version}")
        executor = MigrationExecutor(connection)
        n_due = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        yield Finding(n_due == 0, f"database: {n_due} migrations due")
        if n_due == 0:
            yield from _jobs()
            yield from _vaults(environment.data)
            yield from _key_changes()
            yield from _spool()
    except (Error, ImproperlyConfigured) as error:
        yield Finding(False, f"database: {type(error).__name__}")


def _jobs() -> Iterator[Finding]:
    from estran.web.jobs.models import Job  # noqa: PLC0415 - needs Django

    counts = {state: Job.objects.filter(state=state).count() for state in Job.State.values}
    told = ", ".join(f"{n} {state}" for state, n in counts.items())
    yield Finding(True, f"jobs: {told}")


def _spool() -> Iterator[Finding]:
    """Look at what phones sent and no vault has yet: a worker moves it within seconds."""
    from estran.web.live.spool import folder  # noqa: PLC0415 - needs Django

    sizes = [(path.stat().st_size, path.stat().st_mtime) for path in folder().glob("*-*.*")]
    waiting = [(n_bytes, at_s) for n_bytes, at_s in sizes if n_bytes]
    kib = sum(n_bytes for n_bytes, _ in waiting) // 1024
    late = any(time.time() - at_s > _LATE_S for _, at_s in waiting)
    yield Finding(not late, f"phones: {kib} KiB on the way to the vaults")


def _key_changes() -> Iterator[Finding]:
    """Look for vaults that stay between two keys: both open them, which nobody wants."""
    from django.utils import timezone  # noqa: PLC0415 - needs Django

    from estran.web.me.models import KeyChange  # noqa: PLC0415 - same

    running = KeyChange.objects.filter(state=KeyChange.State.RUNNING)
    before = timezone.now() - timedelta(hours=1)
    n_stuck = running.filter(asked_at__lt=before).count()
    if n_stuck:
        words = f"{n_stuck} vaults are between two keys for over an hour: their people must sign in"
        yield Finding(False, words)
    else:
        yield Finding(True, f"vaults getting another key: {running.count()}")


def _vaults(data: Path) -> Iterator[Finding]:
    """Compare the people of the database with the files: copies of two days may be mixed."""
    from estran.web.accounts.models import Vault  # noqa: PLC0415 - needs Django
    from estran.web.store.file import FileVaultStore  # noqa: PLC0415 - same

    told = set(Vault.objects.values_list("vault_id", flat=True))
    there = set(FileVaultStore(data / "vaults").ids())
    words = f"vaults: {len(told & there)} whole"
    if told - there:
        words += f", {len(told - there)} people without their file (put back a copy of vaults/)"
    if there - told:
        words += f", {len(there - told)} files of nobody (nobody can open them)"
    yield Finding(told == there, words)
