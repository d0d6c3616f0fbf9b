"""The parent: starts the children, starts them again when they die, stops them cleanly."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait.

    ``stop_s``: a request or a piece of a job ends within; then the child is killed, which
    jobs survive. ``respawn_s``: a child that dies at once is not started in a tight loop.
    """

    stop_s: float = 8.0
    respawn_s: float = 1.0
    poll_s: float = 0.2


@dataclass(slots=True)
class Child:
    """A process to keep alive.

    Parameters
    ----------
    name : str
        For messages.
    arguments : sequence of str
        After ``python -m``.
    first_line : str
        Written to its standard input, which then stays open as its lifeline. Never logged.
    """

    name: str
    arguments: Sequence[str]
    first_line: str = field(default="", repr=False)
    process: subprocess.Popen[bytes] | None = None
    started_s: float = 0.0

    def start(self) -> None:
        """Start the process in a session of its own: Ctrl-C reaches the parent only."""
        self.process = subprocess.Popen(  # noqa: S603 - our own modules
            [sys.executable, "-m", *self.arguments], stdin=subprocess.PIPE, start_new_session=True
        )
        self.started_s = time.monotonic()
        pipe = self.process.stdin
        if pipe is not None and self.first_line:
            with contextlib.suppress(BrokenPipeError):
                pipe.write(self.first_line.encode() + b"\n")
                pipe.flush()

    @property
    def is_alive(self) -> bool:
        """Tell whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def stop(self, how: signal.Signals) -> None:
        """Send a signal to the process, or to all of its session when it must die."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            if how == signal.SIGKILL:
                os.killpg(self.process.pid, how)
            elif self.is_alive:
                self.process.send_signal(how)


def supervise(
    children: Sequence[Child],
    *,
    when_started: Callable[[], None] = lambda: None,
    patience: Patience = Patience(),
) -> int:
    """Keep the children alive until SIGINT or SIGTERM; give the exit status.

    ``when_started`` runs once the first child is started and before the others are: these
    do not slow it down.
    """
    stopping = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopping.set())
    children[0].start()
    first = threading.Thread(target=when_started, daemon=True)
    first.start()
    while first.is_alive() and not stopping.is_set() and children[0].is_alive:
        first.join(patience.poll_s)
    for child in children[1:]:
        child.start()
    while not stopping.wait(patience.poll_s):
        for child in children:
            if not child.is_alive:
                _start_again(child, patience)
    _stop(children, patience)
    return 0


def _start_again(child: Child, patience: Patience) -> None:
    if time.monotonic() - child.started_s < patience.respawn_s:
        return
    status = child.process.returncode if child.process else None
    _log.warning("%s stopped (%s); starting it again", child.name, status)
    child.stop(signal.SIGKILL)  # what it may have left in its session
    child.start()


def _stop(children: Sequence[Child], patience: Patience) -> None:
    for child in children:
        child.stop(signal.SIGTERM)
    until_s = time.monotonic() + patience.stop_s
    while time.monotonic() < until_s and any(child.is_alive for child in children):
        time.sleep(0.05)
    for child in children:
        child.stop(signal.SIGKILL)
