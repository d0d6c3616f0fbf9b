"""A worker process: claims jobs and does them, one at a time.

Started by ``estran run`` as ``python -m estran.web.worker NAME``; the workers' secret key
comes as the first line of standard input, which then stays open as the lifeline.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

import django

from estran.web.config.logs import quiet_hooks
from estran.web.running.lifeline import when_parent_dies
from estran.web.running.memory import keep_out_of_dumps

if TYPE_CHECKING:
    from estran.web.jobs.grants import WorkerKeys

_log = logging.getLogger("estran.web.worker")

IDLE_S = 0.25
"""How long a worker without work waits before it looks again."""

TIDY_S = 600.0
"""How often an idle worker does what can wait."""

REST_S = 5.0
"""How long a worker leaves a database alone that takes nothing: a full disk, a restart."""

_NICE = 5
"""Pages come first on a busy machine."""


def main() -> None:
    """Work until told to stop, or until the parent is gone."""
    keep_out_of_dumps()
    name = sys.argv[1]
    secret_key = bytes.fromhex(sys.stdin.readline().strip())
    stopping = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    os.nice(_NICE)
    # Nothing is lost by leaving at once: whatever was begun is begun again.
    when_parent_dies(lambda: os._exit(1))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estran.web.config.settings")
    django.setup()
    quiet_hooks()
    is_first = name.endswith("-1")
    threading.Thread(target=_warm, kwargs={"is_first": is_first}, daemon=True).start()
    if is_first:
        from estran.web.live.rounds import go_round  # noqa: PLC0415 - Django is set up by now

        threading.Thread(target=go_round, args=(stopping,), daemon=True).start()
    work(name, secret_key, stopping)


def work(name: str, secret_key: bytes, stopping: threading.Event) -> None:
    """Claim and do jobs until ``stopping`` is set."""
    from django.db import DatabaseError, connection  # noqa: PLC0415 - Django is set up by now

    from estran.web.jobs import queue  # noqa: PLC0415 - same
    from estran.web.jobs.grants import WorkerKeys  # noqa: PLC0415 - same

    keys = WorkerKeys.of_secret(secret_key)
    tidied_s, is_new, is_told = -TIDY_S, True, False
    while not stopping.is_set():
        try:
            if is_new:
                # There is one worker of this name: what it holds was held by one that died,
                # or by this one before the database refused.
                queue.release(name)
                is_new = False
            if _do_one(name, keys, stopping):
                continue
            is_told = False
            if time.monotonic() - tidied_s >= TIDY_S:
                tidied_s = time.monotonic()
                _tidy(keys.name)
        except DatabaseError as error:
            if not is_told:
                _log.error("the database takes nothing: %s", type(error).__qualname__)
            is_new = is_told = True
            connection.close()
            stopping.wait(REST_S)
        stopping.wait(IDLE_S)


def _do_one(name: str, keys: WorkerKeys, stopping: threading.Event) -> bool:
    """Do the next job; tell whether there was one."""
    from django.conf import settings  # noqa: PLC0415 - Django is set up by now

    from estran.web.jobs import queue  # noqa: PLC0415 - same
    from estran.web.jobs.doing import do  # noqa: PLC0415 - same

    job = queue.claim(name, keys.name, n_workers=settings.ESTRAN_WORKERS)
    if job is not None:
        do(job, keys, name, must_stop=stopping.is_set)
    return job is not None


def _tidy(worker_key: str) -> None:
    """Do what can wait."""
    from estran.web.jobs.queue import clear_ended  # noqa: PLC0415 - Django is set up by now
    from estran.web.me.service import look_after  # noqa: PLC0415 - same
    from estran.web.me.uploads import clear_forgotten  # noqa: PLC0415 - same
    from estran.web.portability.work import tidy  # noqa: PLC0415 - same
    from estran.web.recaps import sending  # noqa: PLC0415 - same
    from estran.web.retention import dormancy  # noqa: PLC0415 - same
    from estran.web.retention.lasting import look_after_rules  # noqa: PLC0415 - same
    from estran.web.tickets import reminding  # noqa: PLC0415 - same

    clear_forgotten()
    tidy()
    clear_ended()
    look_after(worker_key)
    dormancy.step()
    reminding.step()
    sending.step()
    look_after_rules()


def _warm(*, is_first: bool) -> None:
    """Load the engine and its compiled kernels while nobody waits for them.

    The first worker then says which engine runs here, and makes the example of the public
    pages where it is old.
    """
    from estran.analyse import analyse  # noqa: PLC0415 - seconds of loading
    from estran.web.me.staleness import tell_engine  # noqa: PLC0415 - same
    from estran.web.public.keeping import keep_example  # noqa: PLC0415 - same
    from estran.web.running.warming import small_evidence  # noqa: PLC0415 - same

    analyse(small_evidence())
    gc.freeze()  # what is loaded is for good: the collector need not go over it again
    if is_first:
        tell_engine()
        keep_example()


if __name__ == "__main__":
    main()
