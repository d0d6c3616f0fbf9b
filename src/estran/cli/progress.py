"""What the command line is doing, on standard error, when somebody looks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from estran.cli.speech import _

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID


class Progress:
    """Takes note of the work done, and shows nothing."""

    def expect(self, total_bytes: int) -> None:
        """Note how much there is to read; 0 when nobody knows."""

    def reading(self, done_bytes: int) -> None:
        """Note how much was read."""

    def analysing(self, done_share: float) -> None:
        """Note how much was analysed, 0 to 1."""


class _Bar(Progress):
    """Shows the work as a bar."""

    def __init__(self, bar: RichProgress) -> None:
        self._bar = bar
        self._reading: TaskID = bar.add_task(_("Reading"), total=None)
        self._analysing: TaskID | None = None

    def expect(self, total_bytes: int) -> None:
        self._bar.update(self._reading, total=total_bytes or None)

    def reading(self, done_bytes: int) -> None:
        self._bar.update(self._reading, completed=done_bytes)

    def analysing(self, done_share: float) -> None:
        if self._analysing is None:
            self._bar.update(self._reading, total=1, completed=1)
            self._analysing = self._bar.add_task(_("Understanding"), total=1.0)
        self._bar.update(self._analysing, completed=done_share)


@contextmanager
def progress() -> Iterator[Progress]:
    """Show a bar on standard error while something is done, when it is a terminal."""
    if not sys.stderr.isatty():
        yield Progress()
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal pays for it
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - as above
    from rich.progress import Progress as RichProgress  # noqa: PLC0415 - as above

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with RichProgress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield _Bar(bar)
