"""The web child of ``estran run``: granian with the site as WSGI application.

The site is loaded once, before granian forks its processes: they share what was loaded,
and a start costs the loading of one.
"""

from __future__ import annotations

import argparse
import gc
import os
import signal

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from estran.web.running.lifeline import when_parent_dies
from estran.web.running.memory import keep_out_of_dumps

_N_THREADS = 8
"""Of each process: slow uploads hold some while the others answer pages."""


def main() -> None:
    """Serve until told to stop, or until the parent is gone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--processes", type=int, required=True)
    chosen = parser.parse_args()
    keep_out_of_dumps()
    when_parent_dies(lambda: os.kill(os.getpid(), signal.SIGTERM))
    _load()
    Server(
        "estran.web.config.wsgi:application",
        address=chosen.host,
        port=chosen.port,
        interface=Interfaces.WSGI,
        workers=chosen.processes,
        blocking_threads=_N_THREADS,
        log_level=LogLevels.error,
        log_access=False,
        respawn_failed_workers=True,
    ).serve()


def _load() -> None:
    """Load the site and its addresses; what is loaded is for good, the collector may skip it."""
    gc.disable()
    from django.urls import get_resolver  # noqa: PLC0415 - same

    import estran.web.config.wsgi  # noqa: F401, PLC0415 - loaded here on purpose
    from estran.web.config.logs import quiet_hooks  # noqa: PLC0415 - same

    _ = get_resolver().url_patterns
    quiet_hooks()
    gc.freeze()
    gc.enable()


if __name__ == "__main__":
    main()
