"""A child lives as long as its parent: a pipe that closes when the parent is gone."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable


def when_parent_dies(then: Callable[[], None]) -> None:
    """Call ``then`` in a thread once standard input ends.

    The parent keeps the other end open and writes nothing more: the end comes when it
    stops, whatever way it stops.
    """
    fd = sys.stdin.fileno()

    def watch() -> None:
        while os.read(fd, 4096):
            pass
        then()

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
