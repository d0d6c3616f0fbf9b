"""Commands of the command line that need the site. Importing this brings no Django."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping

type_command = Callable[[list[str]], int]


def run(argv: list[str]) -> int:
    """Start the site and its workers."""
    from estran.web.running.start import start  # noqa: PLC0415 - only this command pays for it

    parser = argparse.ArgumentParser("estran run", description="Start the site and its workers.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on")
    parser.add_argument("--workers", type=int, help="processes that import and analyse")
    parser.add_argument("--processes", type=int, default=2, help="processes that answer pages")
    chosen = parser.parse_args(argv)
    workers = None if chosen.workers is None else max(1, chosen.workers)
    return start(chosen.host, chosen.port, workers, max(1, chosen.processes))


def manage(argv: list[str]) -> int:
    """Pass a command on to Django's management."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estran.web.config.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - as above

    execute_from_command_line(["estran manage", *argv])
    return 0


def doctor(argv: list[str]) -> int:
    """Look at the data folder, the database, the disk and the jobs; say what is wrong."""
    from estran.web.running.doctor import examine  # noqa: PLC0415 - as above

    argparse.ArgumentParser("estran doctor", description=doctor.__doc__).parse_args(argv)
    return examine()


COMMANDS: Mapping[str, type_command] = {"run": run, "manage": manage, "doctor": doctor}
"""What the command line hands over, by name."""
