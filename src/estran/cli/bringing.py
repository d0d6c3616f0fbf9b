"""Files, folders, archives and standard input, brought together in a fixed order."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from estran.cli.archives import (
    archive_evidence,
    archive_items,
    corrections_in,
    is_archive_file,
)
from estran.cli.progress import Progress
from estran.coach.corrections import Correction
from estran.errors import Fault, FileUnreadable
from estran.formats.bring import bring, shown_name
from estran.formats.gather import Gatherer
from estran.formats.reading import Batch, FileReport, ImportReport
from estran.trace import Evidence

STDIN = "-"
"""The path that means standard input."""

_NOT_DATA = {"__MACOSX", "Thumbs.db", "desktop.ini"}
"""What systems leave beside files; nobody brings it on purpose."""


@dataclass(frozen=True, slots=True)
class Brought:
    """Everything that was brought, and what became of it."""

    evidence: Evidence
    report: ImportReport
    n_duplicates: int
    said: tuple[Correction, ...] = ()
    """What the person said, where archives of Estran tell it."""

    @property
    def holds_anything(self) -> bool:
        """Tell whether any file gave anything; an archive of refused files gave nothing."""
        return any(
            report.refused is None
            and (report.n_positions or report.n_activities or report.n_claims)
            for report in self.report.files
        )


def missing(paths: Sequence[str]) -> list[str]:
    """Tell which of the paths do not exist."""
    return [path for path in paths if path != STDIN and not Path(path).exists()]


def bring_all(paths: Sequence[str], progress: Progress) -> Brought:
    """Read every file of every path.

    Parameters
    ----------
    paths : sequence of str
        Files, folders (walked in sorted order), archives, or ``-`` for standard input.
    progress : Progress
        Told the bytes read so far.
    """
    files = list(_files(paths))
    if len(files) == 1 and is_archive_file(files[0]):
        evidence, told, said = archive_evidence(files[0])
        return Brought(evidence, ImportReport((told,)), 0, said)
    progress.expect(sum(_size_bytes(path) for path in files))
    gatherer = Gatherer()
    reports: list[FileReport] = []
    done_bytes = 0
    for path in files:

        def on_bytes(n_bytes: int, before_bytes: int = done_bytes) -> None:
            progress.reading(before_bytes + n_bytes)

        for item in _items(path, on_bytes):
            if isinstance(item, Batch):
                gatherer.add(item)
            else:
                reports.append(item)
        done_bytes += _size_bytes(path)
        progress.reading(done_bytes)
    evidence = gatherer.finish()
    report = ImportReport(tuple(reports))
    return Brought(evidence, report, gatherer.n_duplicates, corrections_in(files))


def _items(path: str, on_bytes: Callable[[int], None]) -> Iterator[Batch | FileReport]:
    if path == STDIN:
        yield from bring(_stdin_name(), sys.stdin.buffer, on_bytes=on_bytes)
        return
    try:
        if is_archive_file(path):
            yield from archive_items(path)
            return
        with _opened(path) as stream:
            yield from bring(path, stream, on_bytes=on_bytes)
    except OSError:
        fault, name = Fault(FileUnreadable.code, 1, ""), shown_name(path)
        yield FileReport(name, "", 0, refused=fault, refused_params=(("file", name),))


def _opened(path: str) -> BinaryIO:
    return Path(path).open("rb")


def _stdin_name() -> str:
    return "stdin"


def _files(paths: Sequence[str]) -> Iterator[str]:
    seen: set[str] = set()
    for path in paths:
        for file in _walk(path) if Path(path).is_dir() and path != STDIN else (path,):
            if file not in seen:
                seen.add(file)
                yield file


def _walk(folder: str) -> Iterator[str]:
    """Give the regular files under a folder in sorted order; links to folders are not followed.

    A folder that cannot be read is given itself, so that it is told like an unreadable file.
    """
    try:
        inside = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield folder
        return
    for entry in inside:
        if not _is_data(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path)
        elif entry.is_file():
            yield entry.path


def _is_data(name: str) -> bool:
    return not name.startswith(".") and name not in _NOT_DATA


def _size_bytes(path: str) -> int:
    """Tell the size of a regular file; 0 for what has none beforehand."""
    if path == STDIN:
        return 0
    try:
        known = os.stat(path)  # noqa: PTH116 - a path as given
    except OSError:
        return 0
    return known.st_size if stat.S_ISREG(known.st_mode) else 0
