"""Analyse years of evidence part by part, in the memory of one part (docs/algorithms/analyse.md).

Parts are joined where somebody stayed for long: what comes after a night at home changes
nothing before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from estran.analyse import Analysis, Context
from estran.geo.distance import distance_m
from estran.journal import Entry, Journal, MadeBy, Stay
from estran.segment import KnownPlaces
from estran.timebase import US_PER_S
from estran.trace import Activities, Claims, Evidence, Marks, Trace

LONG_N_POSITIONS = 3_000_000
"""More fixes than this are analysed month by month: the rest of the memory is for them."""

MONTH_US = 30 * 86_400 * US_PER_S
"""A part of :func:`months_of`: long enough to hold many nights, and short beside a life."""

ANCHOR_S = 3 * 3600.0
"""A stay this long parts what was before from what comes after: a night, a day at work."""

SAME_PLACE_M = 150.0
"""A stay seen from both sides of a join is one, when nearer than two stays are told apart."""

CELL_DEG = 0.001
"""Places told already are remembered by cells of about a hundred metres."""


class Understand(Protocol):
    """Analyses one part, told what is known beside it."""

    def __call__(self, evidence: Evidence, /, *, context: Context) -> Analysis:
        """Understand it: :func:`estran.analyse.analyse_report`, with its settings."""


@dataclass(slots=True)
class Stream:
    """A person's evidence on its way through the engine.

    Parameters
    ----------
    understand : callable
        Analyses one part, e.g. :func:`estran.analyse.analyse_report` with its settings.
    context : Context
        Given with each part; places known from parts before it, and trips that the person
        spoke of, are added.

    Examples
    --------
    >>> from estran.analyse import analyse_report
    >>> stream = Stream(analyse_report)
    >>> [entry for part in months_of(Evidence()) for entry in stream.take(part)]
    []
    >>> list(stream.finish())
    []
    """

    understand: Understand
    context: Context = field(default_factory=Context)
    dropped: Counter[str] = field(default_factory=Counter)
    """How many fixes cleaning dropped, by reason."""
    made_by: MadeBy | None = None
    _open: Evidence | None = None
    _waiting: tuple[Entry, ...] = ()
    _anchor: Stay | None = None
    _told_us: int = -(2**62)
    _places: dict[tuple[float, float], float] = field(default_factory=dict)

    def take(self, part: Evidence) -> Iterator[Entry]:
        """Take the evidence that follows, and give the entries that nothing can change any more.

        All parts share their sources, and none has a row that belongs before the last part.
        """
        pool = part if self._open is None else _joined(self._open, part)
        entries, places = self._understood(pool)
        settled = _settled(entries)
        if settled < 0:
            self._open, self._waiting = pool, entries
            return
        anchor = entries[settled]
        assert isinstance(anchor, Stay)  # noqa: S101 - that is what settles
        yield from self._tell(entries[:settled])
        self._open, self._waiting = _since(pool, anchor.started_us), entries[settled:]
        self._anchor = anchor
        self._remember(places, anchor.started_us)

    def finish(self) -> Iterator[Entry]:
        """Give what is left when nothing follows."""
        yield from self._tell(self._waiting)
        self._open, self._waiting, self._anchor = None, (), None

    def _understood(self, pool: Evidence) -> tuple[tuple[Entry, ...], KnownPlaces]:
        analysis = self.understand(pool, context=replace(self.context, known=self._known()))
        self.dropped.update(dict(analysis.dropped))
        self.made_by = analysis.journal.made_by
        self.context = replace(self.context, history=analysis.history)
        return _after(self._anchor, analysis.journal.entries), analysis.places

    def _tell(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        for entry in entries:
            if entry.started_us >= self._told_us:
                self._told_us = entry.ended_us
                yield entry

    def _remember(self, places: KnownPlaces, until_us: int) -> None:
        """Add up how long the person was at each place before an instant."""
        over = places.start_us < until_us
        cells = np.round(np.stack([places.lat_deg, places.lon_deg])[:, over] / CELL_DEG)
        for lat, lon, lasts_s in zip(*cells.tolist(), places.duration_s[over], strict=True):
            self._places[lat, lon] = self._places.get((lat, lon), 0.0) + float(lasts_s)

    def _known(self) -> KnownPlaces:
        cells = np.array(list(self._places), float).reshape(-1, 2) * CELL_DEG
        lasts_s = np.array(list(self._places.values()))
        return KnownPlaces(np.zeros(len(cells), np.int64), cells[:, 0], cells[:, 1], lasts_s)


def _after(anchor: Stay | None, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Lay entries behind the stay that they begin with, as it was seen from before."""
    if anchor is None:
        return entries
    later = tuple(entry for entry in entries if entry.ended_us > anchor.started_us)
    if not later:
        return (anchor,)
    first = later[0]
    if isinstance(first, Stay) and _near(anchor, first):
        return (replace(first, started_us=anchor.started_us), *later[1:])
    if first.started_us <= anchor.started_us:
        return later
    until_us = max(anchor.started_us, min(anchor.ended_us, first.started_us))
    return (replace(anchor, ended_us=until_us), *later)


def _near(a: Stay, b: Stay) -> bool:
    return distance_m(a.at.lat_deg, a.at.lon_deg, b.at.lat_deg, b.at.lon_deg) <= SAME_PLACE_M


def _settled(entries: tuple[Entry, ...]) -> int:
    """Find the last long stay that something follows; -1 without one."""
    for row in range(len(entries) - 2, 0, -1):
        entry = entries[row]
        if isinstance(entry, Stay) and entry.ended_us - entry.started_us >= ANCHOR_S * US_PER_S:
            return row
    return -1


def _since(evidence: Evidence, from_us: int) -> Evidence:
    """Keep what is not over before an instant."""
    return _cut(evidence, from_us, 2**62)


def _cut(evidence: Evidence, from_us: int, to_us: int) -> Evidence:
    trace, acts, claims, marks = (
        evidence.trace, evidence.activities, evidence.claims, evidence.marks,
    )  # fmt: skip
    a, b = np.searchsorted(trace.time_us, (from_us, to_us))
    return replace(
        evidence,
        trace=trace.take(slice(a, b)),
        activities=acts.take(_within(acts.time_us, from_us, to_us)),
        claims=claims.take((claims.end_us > from_us) & (claims.start_us < to_us)),
        marks=marks.take(_within(marks.time_us, from_us, to_us)),
    )


def _within(time_us: NDArray[np.int64], from_us: int, to_us: int) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = (time_us >= from_us) & (time_us < to_us)
    return inside


def _joined(before: Evidence, after: Evidence) -> Evidence:
    """Put evidence together; a claim over the border may be in both."""
    return Evidence(
        trace=Trace.concatenate((before.trace, after.trace)),
        activities=Activities.concatenate((before.activities, after.activities)),
        claims=Claims.concatenate((before.claims, after.claims)),
        marks=Marks.concatenate((before.marks, after.marks)),
        sources=after.sources,
    )


def months_of(evidence: Evidence, *, part_us: int = MONTH_US) -> Iterator[Evidence]:
    """Cut evidence into consecutive parts of about a month, without empty ones.

    Parameters
    ----------
    evidence : Evidence
        Of one person.
    part_us : int
        How long a part is. [µs]
    """
    times = (evidence.trace.time_us, evidence.activities.time_us, evidence.claims.start_us)
    known = [column for column in times if column.size]
    if not known:
        if len(evidence.marks):
            yield evidence
        return
    at_us = min(int(column.min()) for column in known)
    last_us = max(int(column.max()) for column in known)
    while at_us <= last_us:
        part = _begun(evidence, at_us, at_us + part_us)
        at_us += part_us
        if len(part.trace) or len(part.claims):
            yield part


def _begun(evidence: Evidence, from_us: int, to_us: int) -> Evidence:
    """Give the rows that begin in an interval, so that each is in one part."""
    part = _cut(evidence, from_us, to_us)
    starts_us = part.claims.start_us
    return replace(part, claims=part.claims.take(_within(starts_us, from_us, to_us)))


def analyse_by_month(
    evidence: Evidence,
    understand: Understand,
    *,
    context: Context = Context(),  # noqa: B008 - a frozen value
    on_progress: Callable[[float], None],
) -> Analysis:
    """Analyse month by month, in working memory that does not grow with the years.

    Parameters
    ----------
    evidence : Evidence
    understand : Understand
    context : Context
        Given with each month; places known from months before it are added.
    on_progress : callable
        Called with the share done, 0 to 1, growing.

    Returns
    -------
    Analysis
        As of the whole at once, but that a place is known from what came before only: the
        past does not change with what is brought later.
    """
    stream, entries, taken = Stream(understand, context), list[Entry](), 0
    for part in months_of(evidence):
        entries += stream.take(part)
        taken += len(part.trace)
        on_progress(taken / max(len(evidence.trace), 1))
    entries += stream.finish()
    made_by = stream.made_by or understand(Evidence(), context=context).journal.made_by
    journal, dropped = Journal(tuple(entries), made_by), tuple(sorted(stream.dropped.items()))
    return Analysis(journal, dropped, history=stream.context.history)
