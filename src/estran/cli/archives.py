"""Archives of Estran among the files that are brought."""

from __future__ import annotations

import contextlib
import getpass
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from estran.cli.speech import _
from estran.coach.corrections import Correction
from estran.errors import ArchiveDamaged, ArchiveLocked, Fault, Refusal, VaultDamaged, VaultKeyWrong
from estran.formats.reading import Batch, FileReport
from estran.giving.manifest import HEAD_AT, is_archive
from estran.giving.opening import Archive
from estran.trace import Evidence
from estran.vault.chunks import Kind
from estran.vault.seal import HEADER_BYTES, PASSPHRASE_MAGIC, key_by_passphrase, open_locked

FORMAT = "estran"
PASSPHRASE = "ESTRAN_PASSPHRASE"  # noqa: S105 - the name of a variable
"""Where a script puts a passphrase; a person is asked."""


def is_archive_file(path: str) -> bool:
    """Tell whether a path is an archive of Estran, closed by a passphrase or not."""
    try:
        if not Path(path).is_file():
            return False
        with Path(path).open("rb") as file:
            first = file.read(HEAD_AT)
    except OSError:
        return False
    return is_archive(first) or first.startswith(PASSPHRASE_MAGIC)


@contextlib.contextmanager
def opened(path: str) -> Iterator[Archive]:
    """Open an archive that was checked as a whole; ask for its passphrase where it has one.

    Raises
    ------
    Refusal
        It is none, is not whole, or the passphrase is another.
    """
    with Path(path).open("rb") as file:
        first = file.read(HEADER_BYTES)
        inner = file
        if first.startswith(PASSPHRASE_MAGIC):
            try:
                inner = open_locked(file, key_by_passphrase(first, _passphrase()))  # type: ignore[assignment]
            except VaultKeyWrong as error:
                raise ArchiveLocked from error
            except VaultDamaged as error:
                raise ArchiveDamaged from error
        try:
            archive = Archive(inner)
            archive.check()
        except VaultDamaged as error:
            raise ArchiveDamaged from error
        yield archive


def _passphrase() -> str:
    if PASSPHRASE in os.environ:
        return os.environ[PASSPHRASE]
    if not sys.stdin.isatty():
        raise ArchiveLocked
    return getpass.getpass(_("Passphrase of the archive: "))


def report_of(path: str, archive: Archive) -> FileReport:
    """Tell what an archive gave."""
    counts = archive.manifest.counts
    return FileReport(
        path, FORMAT, counts.positions, n_activities=counts.activities, n_claims=counts.claims
    )


def archive_evidence(path: str) -> tuple[Evidence, FileReport, tuple[Correction, ...]]:
    """Read the evidence of one archive as its vault gave it, and what the person said."""
    with opened(path) as archive:
        return archive.evidence(), report_of(path, archive), archive.corrections()


def archive_items(path: str) -> Iterator[Batch | FileReport]:
    """Read an archive as one file among others; a refusal is a report."""
    try:
        with opened(path) as archive:
            for kind, name in _FIELDS.items():
                for rows in archive.rows(kind):
                    yield Batch(rows.source, **{name: rows.values})  # type: ignore[arg-type]
            yield report_of(path, archive)
    except Refusal as refusal:
        fault = Fault(refusal.code, 1, "")
        yield FileReport(path, FORMAT, 0, refused=fault, refused_params=(("file", path),))


_FIELDS = {
    Kind.POSITIONS: "positions",
    Kind.ACTIVITIES: "activities",
    Kind.CLAIMS: "claims",
    Kind.MARKS: "marks",
}


def corrections_in(paths: Sequence[str]) -> tuple[Correction, ...]:
    """Gather what archives among some files tell that the person said."""
    said: dict[str, Correction] = {}
    for path in paths:
        if is_archive_file(path):
            with contextlib.suppress(Refusal), opened(path) as archive:
                said |= {correction.id: correction for correction in archive.corrections()}
    return tuple(said.values())
