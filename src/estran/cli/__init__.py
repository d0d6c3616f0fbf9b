"""The command line: the same verbs as the site, on files, without account or database.

``docs/command-line.md`` is the contract. Exit status: 0 done, 1 refused, 2 wrong use; 130
and 141 when interrupted or when nobody reads any more, 70 for a fault of Estran itself.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import PurePath
from typing import NoReturn, Protocol

import estran
from estran.cli.speech import _, complain
from estran.errors import Refusal
from estran.wording import N_, REFUSALS, say

DONE, REFUSED, WRONG_USE = 0, 1, 2
BUG, INTERRUPTED, UNREAD = 70, 130, 141
"""EX_SOFTWARE of sysexits, and 128 plus the numbers of SIGINT and SIGPIPE."""

OWN: Mapping[str, tuple[str, str]] = {
    "analyse": (
        "estran.cli.analyse",
        N_("Understand positions: stays, trips, legs, modes and CO2e."),
    ),
    "footprint": (
        "estran.cli.footprint",
        N_("Tell what a distance by one mode emits, and why."),
    ),
    "score": (
        "estran.cli.score",
        N_("Tell how right a journal is, against labelled legs."),
    ),
    "vault": (
        "estran.cli.vault",
        N_("Open an archive that you took along; look after the vaults of a site."),
    ),
}
"""Module and summary of each command that needs no site; a module is loaded when called."""

SITE = "estran.web.commands"
"""Module that offers the commands of the site, each taking the rest of the line."""


class Command(Protocol):
    """What the module of a command offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare its arguments."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it; give the exit status."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments after the name of the program; those of the process when left out.

    Returns
    -------
    int
        The exit status.
    """
    try:
        status = _run(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
    except Refusal as refusal:
        complain(say(REFUSALS, refusal.code, refusal.params, _))
        return REFUSED
    except KeyboardInterrupt:
        complain(_("Stopped. Nothing was kept."))
        return INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return UNREAD
    except Exception as bug:
        # The border: a bug is told without anybody's data.
        if os.environ.get("ESTRAN_TRACEBACK"):
            raise
        complain(_bug_sentence(bug))
        return BUG
    return status


def _run(argv: list[str]) -> int:
    name = argv[0] if argv else ""
    if name in OWN:
        module, summary = OWN[name]
        command: Command = importlib.import_module(module)
        parser = argparse.ArgumentParser(f"estran {name}", description=_(summary))
        command.add_arguments(parser)
        return command.run(parser.parse_args(argv[1:]))
    site = {} if not name or name.startswith("-") else _site_commands()
    return site[name](argv[1:]) if name in site else _front(argv)


def _front(argv: list[str]) -> NoReturn:
    """Answer ``--help`` and ``--version``, and refuse a command that is none."""
    parser = argparse.ArgumentParser(
        "estran",
        description=_("Your mobility data, understood on your own machine."),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_epilog() if {"-h", "--help"} & set(argv) or not argv else None,
    )
    parser.add_argument("--version", action="version", version=f"estran {estran.__version__}")
    parser.add_argument("command", help=_("what to do"), metavar="COMMAND")
    if not argv:
        parser.print_help(sys.stderr)
        raise SystemExit(WRONG_USE)
    name = parser.parse_args(argv[:1]).command
    known = ", ".join([*OWN, *_site_commands()])
    parser.error(
        _("there is no command {name}. Commands: {known}.").format(name=name[:40], known=known)
    )


def _epilog() -> str:
    lines = [_("commands:")]
    lines.extend(f"  {name:<12} {_(summary)}" for name, (_module, summary) in OWN.items())
    for name, function in _site_commands().items():
        summary = (function.__doc__ or "").strip().partition("\n")[0]
        lines.append(f"  {name:<12} {_(summary) if summary else ''}".rstrip())
    return "\n".join(lines)


def _site_commands() -> Mapping[str, Callable[[list[str]], int]]:
    """Ask the site for its commands; a library without the site has none."""
    if find_spec("estran.web") is None or find_spec(SITE) is None:
        return {}
    commands: Mapping[str, Callable[[list[str]], int]] = importlib.import_module(SITE).COMMANDS
    return commands


def _forget_output() -> None:
    """Point standard output nowhere, so that the interpreter does not fail on its way out."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _bug_sentence(bug: Exception) -> str:
    """Tell a fault of Estran by its kind and place: its message may hold a datum."""
    trace = bug.__traceback__
    place = ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if "estran" in PurePath(code.co_filename).parts:
            place = f"{PurePath(code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return _(
        "Estran itself failed ({kind} at {place}). Please report it; "
        "ESTRAN_TRACEBACK=1 shows the details, which may hold places."
    ).format(kind=type(bug).__name__, place=place)
