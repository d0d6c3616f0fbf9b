"""From an analysis to what is told of sources: arrays in, values out. Workers only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from estran.analyse import Analysis
from estran.clean.arbitrate import Owners
from estran.clean.contests import Contests, Why, contests
from estran.coach.carving import overlaps
from estran.journal import Entry, Journal
from estran.timebase import day_bounds_us, local_day
from estran.trace import Evidence, MarkKind
from estran.web.sources.documents import (
    DayDecided,
    Gap,
    Overlap,
    Overview,
    SourceFacts,
    Won,
)

type_i64 = NDArray[np.int64]
type_days = dict[int, set[int]]

STEADY_SHARE = 0.7
"""A source of which so many known days are followed by another within two tells of every day;
one of fewer tells of rides or journeys, and has no gaps."""
MOST_GAPS = 5
_DAY_US = 86_400_000_000

MARKS = {
    MarkKind.TRACKING_STOPPED: "tracking-off",
    MarkKind.TRACKING_REFUSED: "no-permission",
    MarkKind.BATTERY_FLAT: "battery-flat",
}
"""What a tracker said of itself before it was silent, as unknown time is explained."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the pages of sources show."""

    overview: Overview
    days: tuple[DayDecided, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Local days by their first instants, as the person lived them."""

    first: int
    starts_us: type_i64

    @classmethod
    def of(cls, entries: Sequence[Entry], first_us: int, last_us: int) -> Calendar:
        """Lay out the days from one instant to another, in the zones of a journal."""
        zones: dict[int, str] = {}
        for entry in entries:
            zones.setdefault(local_day(entry.started_us, entry.tz).toordinal(), entry.tz)
        tz = next(iter(zones.values()), "UTC")
        first = local_day(first_us, "UTC").toordinal() - 1
        starts: list[int] = []
        for day in range(first, local_day(last_us, "UTC").toordinal() + 3):
            tz = zones.get(day, tz)
            starts.append(day_bounds_us(date.fromordinal(day), tz)[0])
        return cls(first, np.maximum.accumulate(np.array(starts, np.int64)))

    def days(self, time_us: type_i64) -> type_i64:
        """Give the day of each instant."""
        return self.first + np.searchsorted(self.starts_us, time_us, side="right") - 1

    def parts(self, start_us: type_i64, end_us: type_i64) -> tuple[type_i64, type_i64, type_i64]:
        """Part stretches by day: their rows, the days, and how long each part is. [µs]"""
        first, last = self.days(start_us), self.days(np.maximum(end_us - 1, start_us))
        n = last - first + 1
        row = np.repeat(np.arange(n.size), n)
        day = first[row] + np.arange(row.size) - np.repeat(np.cumsum(n) - n, n)
        at = np.clip(day - self.first, 0, self.starts_us.size - 2)
        lasts_us = np.minimum(end_us[row], self.starts_us[at + 1]) - np.maximum(
            start_us[row], self.starts_us[at]
        )
        return row, day, np.maximum(lasts_us, 0)


def told(
    evidence: Evidence,
    analysis: Analysis,
    journal: Journal,
    *,
    kept: Iterable[tuple[str, int, int]] = (),
    erased: Sequence[tuple[int, int]] = (),
) -> Told:
    """Tell what each source covers, and what decided between them.

    Parameters
    ----------
    evidence : Evidence
        All that is in the vault.
    analysis : Analysis
        Of this evidence.
    journal : Journal
        As it is kept.
    kept : iterable of (source key, start_us, end_us)
        Times of which only the journal is left, by source.
    erased : sequence of (start_us, end_us)
        Times that the person erased, in order and apart.
    """
    kept = list(kept)
    times = [evidence.trace.time_us, evidence.claims.start_us, evidence.claims.end_us,
             np.array([t for one in kept for t in one[1:]], np.int64)]  # fmt: skip
    known = [column for column in times if column.size]
    if not known:
        return Told(Overview(), ())
    lived = Calendar.of(
        journal.entries, min(int(c.min()) for c in known), max(int(c.max()) for c in known)
    )
    covered = _covered(evidence, kept, lived)
    found = contests(analysis.owners) if analysis.owners is not None else None
    trips, owned_s = _made_of(evidence, analysis, journal)
    sources = tuple(
        SourceFacts(
            source.key, source.format, source.device, int(source.stream),
            int(np.count_nonzero(evidence.trace.source == row)),
            int(np.count_nonzero(evidence.claims.source == row)),
            tuple(sorted(covered[row])), trips.get(row, 0), owned_s.get(row, 0),
            *_gaps(evidence, row, covered, lived, erased),
        )
        for row, source in enumerate(evidence.sources)
    )  # fmt: skip
    keys = [source.key for source in evidence.sources]
    both = ((a, b, len(covered[a] & covered[b])) for a, b in combinations(range(len(keys)), 2))
    shared = tuple(Overlap(keys[a], keys[b], n) for a, b, n in both if n)
    won = _won_by_day(found, lived, keys) if found is not None else {}
    days = _decided(evidence, analysis.owners, won, lived, keys)
    return Told(Overview(sources, shared, _summed(won)), days)


def _covered(evidence: Evidence, kept: list[tuple[str, int, int]], lived: Calendar) -> type_days:
    """Give the days of which each source tells."""
    covered: type_days = defaultdict(set)
    claims = evidence.claims
    days = lived.days(evidence.trace.time_us)
    row, over, _ = lived.parts(claims.start_us, claims.end_us)
    for source, one in enumerate(evidence.sources):
        covered[source] |= set(np.unique(days[evidence.trace.source == source]).tolist())
        covered[source] |= set(np.unique(over[claims.source[row] == source]).tolist())
        for key, start_us, end_us in kept:
            if key == one.key:
                at = lived.days(np.array([start_us, max(end_us - 1, start_us)]))
                covered[source] |= set(range(int(at[0]), int(at[1]) + 1))
    return covered


def _made_of(
    evidence: Evidence, analysis: Analysis, journal: Journal
) -> tuple[dict[int, int], dict[int, int]]:
    """Count the trips made mostly of each source, and how long it owned. [s]"""
    owners = analysis.owners
    if owners is None:
        alone = np.unique(evidence.trace.source).tolist()
        if not alone:
            return {}, {}
        span_us = int(evidence.trace.time_us[-1] - evidence.trace.time_us[0])
        return {alone[0]: len(journal.trips)}, {alone[0]: span_us // 1_000_000}
    lasts_us = np.diff(owners.edges_us)
    owned_us = np.bincount(owners.source + 1, lasts_us, minlength=len(evidence.sources) + 1)[1:]
    trips: dict[int, int] = defaultdict(int)
    for trip in journal.trips:
        a = max(int(np.searchsorted(owners.edges_us, trip.started_us, "right")) - 1, 0)
        b = int(np.searchsorted(owners.edges_us, trip.ended_us))
        if b > a:
            part = np.bincount(owners.source[a:b] + 1, lasts_us[a:b])[1:]
            if part.size and part.max() > 0:
                trips[int(np.argmax(part))] += 1
    return dict(trips), {row: int(us // 1_000_000) for row, us in enumerate(owned_us)}


def _gaps(
    evidence: Evidence,
    source: int,
    covered: type_days,
    lived: Calendar,
    erased: Sequence[tuple[int, int]],
) -> tuple[bool, int, tuple[Gap, ...]]:
    """Find the runs of whole days without data, the longest first, where days are expected."""
    days = np.array(sorted(covered[source]), np.int64)
    steps = np.diff(days)
    steady = steps.size > 0 and float(np.mean(steps <= 2)) >= STEADY_SHARE  # noqa: PLR2004 - see STEADY_SHARE
    if not steady:
        return False, 0, ()
    rows = np.flatnonzero(steps > 1)
    longest = sorted(rows.tolist(), key=lambda row: (-int(steps[row]), row))[:MOST_GAPS]
    others = set().union(*(told for row, told in covered.items() if row != source))
    gaps = []
    for row in longest:
        first, last = int(days[row]) + 1, int(days[row + 1]) - 1
        reason = _why_silent(evidence, source, lived, (first, last), erased)
        gaps.append(Gap(first, last, reason, len(others & set(range(first, last + 1)))))
    return True, int(rows.size), tuple(gaps)


def _why_silent(
    evidence: Evidence,
    source: int,
    lived: Calendar,
    gap: tuple[int, int],
    erased: Sequence[tuple[int, int]],
) -> str:
    """Tell from marks what came before a silence; ``""`` where nothing does."""
    before_us, start_us, end_us = (
        int(lived.starts_us[min(max(day - lived.first, 0), lived.starts_us.size - 1)])
        for day in (gap[0] - 1, gap[0], gap[1] + 1)
    )
    if overlaps(start_us, end_us, erased):
        return "erased"
    marks = evidence.marks
    near = (marks.source == source) & (marks.time_us >= before_us) & (marks.time_us < end_us)
    kinds = [MarkKind(kind) for kind in marks.kind[near].tolist()]
    return next((MARKS[kind] for kind in reversed(kinds) if kind in MARKS), "")


def _won_by_day(found: Contests, lived: Calendar, keys: Sequence[str]) -> dict[int, list[Won]]:
    """Sum up by day how long who counted beside whom, and why."""
    row, day, lasts_us = lived.parts(found.start_us, found.end_us)
    n, m = len(keys), len(Why)
    code = ((day * n + found.owner[row]) * n + found.other[row]) * m + found.why[row]
    code, at = np.unique(code, return_inverse=True)
    sums_us = np.bincount(at, lasts_us, minlength=code.size)
    won: dict[int, list[Won]] = defaultdict(list)
    for one, us in zip(code.tolist(), sums_us.tolist(), strict=True):
        rest, why = divmod(one, m)
        rest, other = divmod(rest, n)
        on, owner = divmod(rest, n)
        if us >= 1e6:  # noqa: PLR2004 - a second
            won[on].append(Won(keys[owner], keys[other], Why(why).name.lower(), int(us // 1e6)))
    return won


def _summed(won: dict[int, list[Won]]) -> tuple[Won, ...]:
    sums: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for some in won.values():
        for one in some:
            told = sums[one.owner, one.other, one.why]
            told[0] += one.lasts_s
            told[1] += 1
    return tuple(Won(*key, *sums[key]) for key in sorted(sums))


def _decided(
    evidence: Evidence,
    owners: Owners | None,
    won: dict[int, list[Won]],
    lived: Calendar,
    keys: Sequence[str],
) -> tuple[DayDecided, ...]:
    """Tell by day which sources it is made of, the longest first."""
    if owners is None:
        alone = np.unique(evidence.trace.source).tolist()
        days = np.unique(lived.days(evidence.trace.time_us)).tolist()
        return tuple(DayDecided(day, tuple(keys[row] for row in alone)) for day in days)
    mine = owners.source >= 0
    row, day, lasts_us = lived.parts(owners.edges_us[:-1][mine], owners.edges_us[1:][mine])
    code, at = np.unique(day * len(keys) + owners.source[mine][row], return_inverse=True)
    sums_us = np.bincount(at, lasts_us, minlength=code.size)
    by_day: dict[int, list[tuple[float, str]]] = defaultdict(list)
    for one, us in zip(code.tolist(), sums_us.tolist(), strict=True):
        on, source = divmod(one, len(keys))
        by_day[on].append((-us, keys[source]))
    return tuple(
        DayDecided(on, tuple(key for _, key in sorted(by_day[on])), tuple(won.get(on, ())))
        for on in sorted(by_day)
    )
