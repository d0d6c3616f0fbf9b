"""The web child of ``estran run``: granian with the site as WSGI application."""

from __future__ import annotations

import argparse
import os
import signal

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from estran.web.running.lifeline import when_parent_dies

_N_THREADS = 8
"""Of each process: slow uploads hold some while the others answer pages."""


def main() -> None:
    """Serve until told to stop, or until the parent is gone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--processes", type=int, required=True)
    chosen = parser.parse_args()
    when_parent_dies(lambda: os.kill(os.getpid(), signal.SIGTERM))
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


if __name__ == "__main__":
    main()
