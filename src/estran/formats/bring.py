"""Read whatever somebody brings: open it, know it by its structure, give out what it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from estran.errors import (
    Fault,
    FileEmpty,
    FileHostile,
    FileOther,
    FileTooLarge,
    FileUnknown,
    FileUnreadable,
    FileWithoutPositions,
    Refusal,
)  # fmt: skip
from estran.formats import photos
from estran.formats.containers import (
    GZIP,
    ZIP,
    ZIP_EMPTY,
    Gunzip,
    Member,
    is_tar,
    tar_members,
    zip_members,
)  # fmt: skip
from estran.formats.feeds import Budget, Feed, Limits, Metered, as_text
from estran.formats.other import EVERYDAY, binary_kind_of, kind_of
from estran.formats.reading import HEAD_BYTES, Batch, Faults, FileReport, Format, together_of
from estran.formats.table import FORMATS
from estran.geo.zones import zone_at

__all__ = ["Limits", "bring", "shown_name"]

type_i64 = NDArray[np.int64]
type_f64 = NDArray[np.float64]

_NAME_LIMIT = 300
_N_REPORTS = 200
"""Refused members of one archive that are told one by one; the others are counted."""


def bring(
    name: str,
    stream: BinaryIO,
    *,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    on_bytes: Callable[[int], None] | None = None,
) -> Iterator[Batch | FileReport]:
    """Read a file of any known kind, packed or not.

    Parameters
    ----------
    name : str
        What to call it in reports; it decides nothing.
    stream : BinaryIO
        Read forward only, once, and left open.
    limits : Limits
        How much it may ask of the machine.
    on_bytes : callable, optional
        Told the number of bytes consumed of ``stream`` so far.

    Yields
    ------
    Batch or FileReport
        The batches of a file, then its report; an archive's own report is the last. A
        file that is refused, or breaks, is a report too: no Refusal leaves this function.

    Examples
    --------
    >>> from io import BytesIO
    >>> [report] = bring("notes.txt", BytesIO(b"hello"))
    >>> report.refused.code
    'file-unknown'
    """
    budget = Budget(limits)
    yield from _opened(shown_name(name), Feed(Metered(stream, on_bytes)), budget, depth=0)


def shown_name(name: str) -> str:
    r"""Make a name fit to be shown: its end if it is long, nothing that a terminal obeys.

    Examples
    --------
    >>> shown_name("a\x1b[31m.gpx") == "a\ufffd[31m.gpx"
    True
    """
    kept = name[-_NAME_LIMIT:]
    return kept if kept.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in kept)


def _opened(name: str, feed: Feed, budget: Budget, *, depth: int) -> Iterator[Batch | FileReport]:
    """Read a file or a container; turn a refusal into a report."""
    try:
        head = feed.peek(_TAR_HEAD)
        if depth > budget.limits.depth:
            raise FileHostile
        if not head:
            raise FileUnreadable if budget.taken_flaws() else FileEmpty
        if head.startswith(GZIP):
            inner = name[:-3] if name.lower().endswith(".gz") else name
            yield from _opened(inner, Feed(Gunzip(feed, budget)), budget, depth=depth + 1)
        elif head.startswith((ZIP, ZIP_EMPTY)):
            yield from _archive(name, "zip", zip_members(feed, budget), budget, depth=depth)
        elif is_tar(head):
            yield from _archive(name, "tar", tar_members(feed, budget), budget, depth=depth)
        else:
            yield from _file(name, feed, budget)
    except Refusal as refusal:
        yield _refused(FileReport(name, "", 0), refusal)


_TAR_HEAD = 512


def _refused(report: FileReport, refusal: Refusal) -> FileReport:
    params = {"file": report.name, **refusal.params}
    return replace(
        report,
        refused=Fault(refusal.code, 1, ""),
        refused_params=tuple(sorted(params.items())),
    )


@dataclass(slots=True)
class _Members:
    """What became of an archive's members."""

    n_read: int = 0
    n_refused: int = 0
    unknown: Faults = field(default_factory=Faults)
    folded: dict[str, tuple[int, FileReport]] = field(default_factory=dict)

    def tells(self, report: FileReport) -> bool:
        """Note a member's report; tell whether it is worth handing on."""
        if report.refused is None:
            self.n_read += 1
            return not self._folds(report)
        kind = dict(report.refused_params).get("kind")
        if report.refused.code in ("file-unknown", "file-empty") or kind in EVERYDAY:
            self.unknown.add("member-unknown", report.name)
            return False
        self.n_refused += 1
        if self.n_refused > _N_REPORTS:
            self.unknown.add("member-refused", report.name)
        return self.n_refused <= _N_REPORTS

    def _folds(self, report: FileReport) -> bool:
        """Put the reports of files that come by the thousand together, a format one."""
        if report.format not in BY_THE_THOUSAND:
            return False
        n_before, before = self.folded.get(report.format, (0, report))
        together = together_of(before, report) if n_before else report
        self.folded[report.format] = n_before + 1, together
        return True

    def put_together(self, archive: str) -> Iterator[FileReport]:
        """Give the reports that were put together."""
        for key, (n_files, report) in self.folded.items():
            name = report.name if n_files == 1 else shown_name(f"{archive} ({n_files} × {key})")
            yield replace(report, name=name)


BY_THE_THOUSAND = frozenset({"photos", "cozy"})
"""Formats of which an archive holds a file for each picture or trip."""


def _archive(
    name: str, kind: str, members: Iterator[Member], budget: Budget, *, depth: int
) -> Iterator[Batch | FileReport]:
    """Read the members of an archive, then report on the archive itself."""
    seen = _Members()
    refusal: Refusal | None = None
    try:
        for member in members:
            inner = shown_name(f"{name}/{member.name}")
            for item in _opened(inner, member.feed, budget, depth=depth + 1):
                if isinstance(item, Batch) or seen.tells(item):
                    yield item
                if isinstance(item, FileReport) and _stops(item):
                    yield _refused(FileReport(name, kind, 0), _again(item))
                    return
    except Refusal as caught:
        refusal = caught
    yield from seen.put_together(name)
    flaws = budget.taken_flaws()
    for flaw in flaws:
        seen.unknown.add(flaw)
    report = FileReport(name, kind, 0, faults=seen.unknown.listed())
    if refusal is None and not seen.n_read and not seen.n_refused:
        refusal = _nothing_in(report, broken=bool(flaws))
    yield report if refusal is None else _refused(report, refusal)


def _stops(report: FileReport) -> bool:
    """Tell whether a member's refusal is that of the whole archive: a limit was passed."""
    return report.refused is not None and report.refused.code == "file-too-large"


def _again(report: FileReport) -> Refusal:
    """Say of the archive what was said of its member."""
    return FileTooLarge(**{k: v for k, v in report.refused_params if k != "file"})


def _nothing_in(report: FileReport, *, broken: bool) -> Refusal:
    if broken:
        return FileUnreadable()
    return FileUnknown() if report.faults else FileEmpty()


class _End(NamedTuple):
    """The first or the last instant of a file, and where it was."""

    time_us: int
    lat_deg: float
    lon_deg: float

    def zone(self) -> str:
        """Name the zone there, ``""`` where no position tells."""
        return "" if self.lat_deg != self.lat_deg else zone_at(self.lat_deg, self.lon_deg)


@dataclass(slots=True)
class _Tally:
    """Counts what a file gave."""

    n_positions: int = 0
    n_activities: int = 0
    n_claims: int = 0
    n_marks: int = 0
    first: _End | None = None
    last: _End | None = None

    def count(self, batch: Batch) -> None:
        """Count a batch."""
        rows = batch.positions
        if rows is not None and len(rows):
            self.n_positions += len(rows)
            self._span(rows.time_us, rows.time_us, rows.lat_deg, rows.lon_deg)
        claims = batch.claims
        if claims is not None and len(claims):
            self.n_claims += len(claims)
            self._span(claims.start_us, claims.end_us, claims.lat_deg, claims.lon_deg)
        self.n_activities += len(batch.activities or ())
        self.n_marks += len(batch.marks or ())

    def _span(
        self, start_us: type_i64, end_us: type_i64, lat_deg: type_f64, lon_deg: type_f64
    ) -> None:
        a, b = int(start_us.argmin()), int(end_us.argmax())
        first = _End(int(start_us[a]), float(lat_deg[a]), float(lon_deg[a]))
        last = _End(int(end_us[b]), float(lat_deg[b]), float(lon_deg[b]))
        if self.first is None or first.time_us < self.first.time_us:
            self.first = first
        if self.last is None or last.time_us > self.last.time_us:
            self.last = last

    @property
    def nothing(self) -> bool:
        """Tell whether the file gave nothing at all."""
        return not (self.n_positions or self.n_activities or self.n_claims or self.n_marks)

    def report(self, name: str, key: str, faults: Faults) -> FileReport:
        """Put the counts into a report."""
        report = FileReport(
            name, key, self.n_positions, n_activities=self.n_activities, n_claims=self.n_claims,
            faults=faults.listed(),
        )  # fmt: skip
        if self.first is None or self.last is None:
            return report
        return replace(
            report,
            first_us=self.first.time_us,
            last_us=self.last.time_us,
            first_tz=self.first.zone() or self.last.zone(),
            last_tz=self.last.zone() or self.first.zone(),
        )


def _file(name: str, feed: Feed, budget: Budget) -> Iterator[Batch | FileReport]:
    """Read one file that is no container."""
    # A binary file may begin with bytes that are blanks in a text.
    kind = binary_kind_of(feed.peek(HEAD_BYTES))
    if kind == "picture" and photos.FORMAT.sniff(feed.peek(HEAD_BYTES)):
        yield from _read(name, photos.FORMAT, feed, budget)
        return
    text = as_text(feed, budget.limits)
    head = text.peek(HEAD_BYTES)
    if not head:
        raise FileUnreadable if budget.taken_flaws() else FileEmpty
    kind = kind or kind_of(head)
    if kind is not None:
        raise FileOther(kind=kind)
    known = _format_of(head)
    if known is None:
        raise FileUnknown
    yield from _read(name, known, text, budget)


def _read(name: str, known: Format, text: Feed, budget: Budget) -> Iterator[Batch | FileReport]:
    """Read one file with the format that knows it."""
    faults, tally = Faults(), _Tally()
    refusal: Refusal | None = None
    try:
        for batch in known.read(text, faults):
            tally.count(batch)
            yield batch
        # Most archives tell at the very end whether what they gave is whole.
        text.read(1)
    except Refusal as caught:
        refusal = caught
    known_codes = {fault.code for fault in faults.listed()}
    for flaw in {*budget.taken_flaws()} - known_codes:
        faults.add(flaw)
    if refusal is None and tally.nothing:
        refusal = _why_nothing(faults)
    report = tally.report(name, known.key, faults)
    yield report if refusal is None else _refused(report, refusal)


def _format_of(head: bytes) -> Format | None:
    return next((known for known in FORMATS if known.sniff(head)), None)


def _why_nothing(faults: Faults) -> Refusal:
    codes = {fault.code for fault in faults.listed()}
    if codes & {"truncated", "damaged", "record-broken"}:
        return FileUnreadable()
    return FileWithoutPositions()
