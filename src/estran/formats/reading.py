"""What each format offers, and what it gives: the grammar of :mod:`estran.formats`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from estran.errors import Fault
from estran.trace import Activities, Claims, Marks, Positions, Source

BATCH_POSITIONS = 50_000
"""Rows a format gathers before it yields: bounds memory while files of any size stream."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A piece of what a file holds, all of one source; the ``source`` columns are 0."""

    source: Source
    positions: Positions | None = None
    activities: Activities | None = None
    claims: Claims | None = None
    marks: Marks | None = None


@dataclass(slots=True)
class Faults:
    """Counts what was wrong in a file, by code, with the place where it was first met."""

    _seen: dict[str, tuple[int, str]] = field(default_factory=dict)

    def add(self, code: str, where: str = "", count: int = 1) -> None:
        """Note a fault ``count`` times; ``where`` is kept from the first time only."""
        n, first = self._seen.get(code, (0, where))
        self._seen[code] = (n + count, first)

    def listed(self) -> tuple[Fault, ...]:
        """Give the faults in the order they were first met."""
        return tuple(Fault(code, n, where) for code, (n, where) in self._seen.items())


class Read(Protocol):
    """Read a stream from its beginning; yield batches of bounded size, note faults.

    A refusal of the whole file raises a class of :mod:`estran.errors`. A file that breaks
    after its first datum yields what was read and notes a fault (``truncated``, ``broken``).
    """

    def __call__(self, stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
        """Read."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its key (stable, stored), how to know it, how to read it.

    ``sniff`` gets the first :data:`HEAD_BYTES` of the file, decompressed, and answers by
    structure only; the first format of the table that says yes reads the file.
    """

    key: str
    sniff: Callable[[bytes], bool]
    read: Read


HEAD_BYTES = 65_536
"""How much of a file a sniffer sees."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file (or one member of an archive)."""

    name: str
    format: str
    n_positions: int
    n_activities: int = 0
    n_claims: int = 0
    first_us: int | None = None
    last_us: int | None = None
    first_tz: str = ""
    last_tz: str = ""
    """Zones of the places at these instants, ``""`` where no position tells: days are local."""
    faults: tuple[Fault, ...] = ()
    refused: Fault | None = None
    """Set when the file as a whole was refused; the code is that of the refusal."""
    refused_params: tuple[tuple[str, str | float], ...] = ()


def together_of(one: FileReport, other: FileReport) -> FileReport:
    """Add up two reports of files that were read."""
    faults = Faults()
    for fault in (*one.faults, *other.faults):
        faults.add(fault.code, fault.where, fault.count)
    dated = [r for r in (one, other) if r.first_us is not None and r.last_us is not None]
    first = min(dated, key=lambda r: r.first_us or 0, default=one)
    last = max(dated, key=lambda r: r.last_us or 0, default=one)
    return FileReport(
        one.name, one.format, one.n_positions + other.n_positions,
        n_activities=one.n_activities + other.n_activities, n_claims=one.n_claims + other.n_claims,
        first_us=first.first_us, last_us=last.last_us, first_tz=first.first_tz,
        last_tz=last.last_tz, faults=faults.listed(),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of everything brought at once."""

    files: tuple[FileReport, ...] = ()
