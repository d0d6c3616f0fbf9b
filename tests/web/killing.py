"""Kill a worker before each thing it writes, let another go on, and compare what comes of it.

A program: ``python -m tests.web.killing FOLDER WHAT EVERY``, WHAT one of ``import``,
``reanalyse``, ``undo``. It prints one line of JSON for each point at which it killed, and
one first for the undisturbed run. Each point begins with the same copy of the data folder.
"""

# ruff: noqa: PLC0415, T201 - Django is set up here; a program prints

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

SECRET = bytes(range(32))
PASSWORD = "marée basse 7 heures"
WORKER = "worker-1"
KINDS = ("day", "long", "month", "calendar", "correction", "import-report", "import-state")
_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|BEGIN|COMMIT)", re.IGNORECASE)


def prepared(folder: Path) -> Any:
    """Make a site with one person; give a browser of theirs."""
    os.environ["ESTRAN_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "estran.web.config.settings"
    os.environ["ESTRAN_HOSTS"] = "testserver"
    from estran.web.config.environment import prepare_data_folder, read_environment
    from estran.web.running.prepare import prepare

    prepare_data_folder(folder)
    prepare(read_environment())
    from django.test import Client

    from estran.web.jobs.grants import PUBLIC_KEY_VARIABLE, WorkerKeys

    os.environ[PUBLIC_KEY_VARIABLE] = WorkerKeys.of_secret(SECRET).name

    browser = Client()
    browser.post("/account/signup/", {"email": "ann@example.org", "password1": PASSWORD})
    browser.post("/recovery/", {"noted": "yes"})
    return browser


def bring(browser: Any, n_days: int) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.web.conftest import track

    days = [f"2026-06-{n:02d}" for n in range(1, n_days + 1)]
    files = [SimpleUploadedFile(f"{day}.json", track(day=day)) for day in days]
    answer = browser.post("/import/", {"files": files})
    assert answer.status_code == 302, answer.content


def begin(browser: Any, what: str) -> None:
    """Leave one job in the queue."""
    from estran.web.jobs.models import Job
    from estran.web.me.models import Import

    bring(browser, 3)
    if what == "import":
        return
    in_child(work_off)
    if what == "undo":
        browser.post(f"/import/{Import.objects.get().pk}/undo/")
        return
    day = browser.get("/journal/2026-06-02/").content.decode()
    said = re.search(r'name="start_us" value="(\d+)".*?name="end_us" value="(\d+)"', day, re.DOTALL)
    assert said is not None
    values = {"day": "2026-06-02", "start_us": said[1], "end_us": said[2], "mode": "ferry"}
    assert browser.post("/journal/correct/", values).status_code == 302
    assert Job.objects.filter(state="queued").update(not_before=None) == 1


def work_off() -> None:
    """Be a worker until there is nothing to do."""
    from estran.web.jobs import queue
    from estran.web.jobs.doing import do
    from estran.web.jobs.grants import WorkerKeys
    from estran.web.me import bringing

    bringing.PIECE_POSITIONS = 1000  # a piece is more than one of the files, less than two
    keys = WorkerKeys.of_secret(SECRET)
    queue.release(WORKER)
    while job := queue.claim(WORKER, keys.name, n_workers=1):
        do(job, keys, WORKER, must_stop=lambda: False)


def in_child(work: Callable[[], object]) -> int:
    """Do it in a process of its own; give how that ended."""
    from django.db import connection

    connection.close()
    pid = os.fork()
    if not pid:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


class Steps:
    """Counts what a worker writes, before and after each; kills it at one of them."""

    def __init__(self, kill_at: int, told: Path) -> None:
        self.n, self.kill_at, self.told = 0, kill_at, told

    def step(self) -> None:
        self.n += 1
        self.told.write_text(str(self.n))
        if self.n == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner: Any, name: str) -> None:
        plain = getattr(owner, name)

        def stepped(*args: Any, **kwargs: Any) -> Any:
            self.step()
            result = plain(*args, **kwargs)
            self.step()
            return result

        setattr(owner, name, stepped)

    def __call__(self, execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        if _WRITES.match(sql):
            self.step()
        result = execute(sql, params, many, context)
        if _WRITES.match(sql):
            self.step()
        return result


def work_and_die(kill_at: int, told: Path) -> None:
    """Be a worker that dies at one of its steps."""
    from django.db import connection

    from estran.web.jobs import doing
    from estran.web.me import bringing
    from estran.web.store.file import FileContainer

    doing._beat = lambda *_: None  # its writes come by the clock
    bringing.Teller.EVERY_S = 1e9  # so do these
    steps = Steps(kill_at, told)
    for name in ("begin", "put", "delete", "commit"):
        steps.around(FileContainer, name)
    steps.around(bringing, "discard")
    with connection.execute_wrapper(steps):
        work_off()


def what_is_left(folder: Path, vault_key: bytes) -> dict[str, Any]:
    """Tell all that matters of the person's things."""
    from estran.web.accounts.models import Vault
    from estran.web.accounts.vaults import store
    from estran.web.jobs.models import Job
    from estran.web.me.models import Import
    from estran.web.store import OpenVault

    row = Import.objects.get()
    vault = OpenVault(store(), Vault.objects.get().vault_id, vault_key)
    digests = {
        kind: hashlib.sha256(repr(list(vault.docs(kind))).encode()).hexdigest()[:16]
        for kind in KINDS
    }
    trace = vault.evidence().trace
    return {
        "state": row.state, "new": row.n_positions_new, "known": row.n_positions_known,
        "jobs": sorted(Job.objects.values_list("state", flat=True)),
        "positions": len(trace), "instants": len(set(trace.time_us.tolist())),
        "docs": digests, "sound": vault.verify().sound,
        "incoming": len(list((folder / "incoming").iterdir())),
    }  # fmt: skip


def points(folder: Path, what: str, every: int) -> Iterator[dict[str, Any]]:
    """Run undisturbed, then killed at each point."""
    browser = prepared(folder)
    warm()
    begin(browser, what)
    from django.db import connection

    from estran.web.accounts.models import Person
    from estran.web.accounts.vaults import open_by_password

    key = open_by_password(Person.objects.get(), PASSWORD)
    kept, told = folder.with_name("kept"), folder.with_name("told")
    connection.close()
    shutil.copytree(folder, kept)
    assert in_child(partial(work_and_die, 0, told)) == 0
    n_steps = int(told.read_text())
    yield {"steps": n_steps, **what_is_left(folder, key)}
    for kill_at in range(1, n_steps + 1, every):
        connection.close()
        shutil.rmtree(folder)
        shutil.copytree(kept, folder)
        ended = in_child(partial(work_and_die, kill_at, told))
        again = in_child(work_off)
        yield {"at": kill_at, "ended": ended, "again": again, **what_is_left(folder, key)}


def warm() -> None:
    """Load the engine once, for all children."""
    from estran.analyse import analyse
    from estran.web.running.warming import small_evidence

    analyse(small_evidence())


def main() -> None:
    """Print what came of each point."""
    folder, what, every = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    began_s = time.monotonic()
    for found in points(folder, what, every):
        print(json.dumps(found, sort_keys=True), flush=True)
    print(f"{time.monotonic() - began_s:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
