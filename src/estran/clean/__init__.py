"""Clean: from all that one person brought to one trace (docs/algorithms/clean.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from estran.clean._kernels import blanks
from estran.clean.arbitrate import Owners, own
from estran.clean.points import rows_kept
from estran.clean.settings import CleanSettings
from estran.preference import NO_PREFERENCE, Preference
from estran.trace import Columns, Evidence, Trace

__all__ = ["NO_PREFERENCE", "CleanSettings", "Cleaned", "Preference", "clean", "cleaned"]

T = TypeVar("T", bound=Columns)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Evidence whose trace is one, and what was dropped for it, by reason."""

    evidence: Evidence
    dropped: tuple[tuple[str, int], ...]
    owners: Owners | None = None
    """Which source owns each stretch; None where at most one has positions."""


def clean(
    evidence: Evidence,
    *,
    settings: CleanSettings = CleanSettings(),  # noqa: B008 - a frozen value
    preference: Preference = NO_PREFERENCE,
) -> Evidence:
    """Make one trace of all that was brought: see :func:`cleaned`."""
    return cleaned(evidence, settings=settings, preference=preference).evidence


def cleaned(
    evidence: Evidence,
    *,
    settings: CleanSettings = CleanSettings(),  # noqa: B008 - a frozen value
    preference: Preference = NO_PREFERENCE,
) -> Cleaned:
    """Drop what cannot be true, and give each stretch of time to one source.

    Parameters
    ----------
    evidence : Evidence
        All that one person brought; sources in any order.
    settings : CleanSettings
    preference : Preference
        What the person said of their sources.

    Returns
    -------
    Cleaned
        Its trace holds only fixes that were brought. Sources are ordered by key, so that
        neither the order of import nor a second import changes anything.

    Examples
    --------
    >>> from estran.trace import Source
    >>> evidence = Evidence(
    ...     trace=Trace.of([10**15, 10**15 + 10**7], [46.1, 0.0], [-1.1, 0.0]),
    ...     sources=(Source("gpx/a", "gpx"),),
    ... )
    >>> result = cleaned(evidence)
    >>> len(result.evidence.trace), result.dropped
    (1, (('zero-island', 1),))
    """
    evidence = _canonical(evidence)
    dropped: Counter[str] = Counter()
    evidence = _used(evidence, preference, dropped)
    trace = _possible(evidence.trace, dropped, settings)
    one = len(trace) == 0 or bool((trace.source == trace.source[0]).all())
    present = [] if one else np.unique(trace.source).tolist()
    if len(present) <= 1:
        rows, gone = rows_kept(trace, settings=settings)
        dropped.update(gone)
        trace = trace if rows is None else trace.take(rows)
        return Cleaned(replace(evidence, trace=trace), _listed(dropped))
    per_source: list[tuple[int, Trace]] = []
    for source in present:
        mine = trace.take(trace.source == source)
        rows, gone = rows_kept(mine, settings=settings)
        dropped.update(gone)
        per_source.append((source, mine if rows is None else mine.take(rows)))
    owners = own(per_source, evidence.sources, settings=settings, preference=preference)
    owned = [mine.take(owners.at(mine.time_us) == source) for source, mine in per_source]
    dropped["other-source"] += sum(len(mine) for _, mine in per_source) - sum(map(len, owned))
    merged = Trace.sorted_from(_joined(owned))
    activities = evidence.activities
    activities = activities.take(
        _speaks(activities.time_us, activities.source, owners, {s for s, _ in per_source})
    )
    found = replace(evidence, trace=merged, activities=activities)
    return Cleaned(found, _listed(dropped), owners)


def _used(evidence: Evidence, preference: Preference, dropped: Counter[str]) -> Evidence:
    """Leave out what the person does not want used; the sources stay in their places."""
    unused = [row for row, s in enumerate(evidence.sources) if s.key in set(preference.unused)]
    if not unused:
        return evidence

    def without(rows: T) -> T:
        return rows.take(~np.isin(rows.source, unused))  # type: ignore[attr-defined] # all four have it

    trace = without(evidence.trace)
    dropped["set-aside"] += len(evidence.trace) - len(trace)
    return replace(
        evidence,
        trace=trace,
        activities=without(evidence.activities),
        claims=without(evidence.claims),
        marks=without(evidence.marks),
    )


def _listed(dropped: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((reason, n) for reason, n in dropped.items() if n))


def _joined(parts: Sequence[Trace]) -> Trace:
    """Put traces one after the other, then in order (their instants interleave)."""
    columns = {
        f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Trace)
    }
    order = np.argsort(columns["time_us"], kind="stable")
    return Trace(**{name: column[order] for name, column in columns.items()})


def _speaks(
    time_us: NDArray[np.int64],
    source: NDArray[np.int16],
    owners: Owners,
    with_fixes: set[int],
) -> NDArray[np.bool_]:
    """Tell which activities count: the owner's own where it has any, else everybody's."""
    owner = owners.at(time_us)
    telling = np.isin(owner, np.unique(source))
    rival = np.isin(source, np.array(sorted(with_fixes), np.int64))
    speaks: NDArray[np.bool_] = ~(telling & rival & (owner != source))
    return speaks


def _possible(trace: Trace, dropped: Counter[str], settings: CleanSettings) -> Trace:
    """Set right clocks that count from 2001; drop impossible instants and blanks."""
    time_us = trace.time_us
    if time_us.size and time_us[0] < settings.earliest_us:
        apple = (time_us >= settings.apple_earliest_us) & (time_us < settings.earliest_us)
        if apple.any():
            time_us = np.where(apple, time_us + settings.apple_shift_us, time_us)
            columns = {f.name: getattr(trace, f.name) for f in fields(trace)} | {"time_us": time_us}
            order = np.lexsort((trace.source, time_us))
            trace = Trace(**{name: column[order] for name, column in columns.items()})
            dropped["clock-set-right"] += int(np.count_nonzero(apple))
    early = int(np.searchsorted(trace.time_us, settings.earliest_us))
    late = int(np.searchsorted(trace.time_us, settings.latest_us))
    if early > 0 or late < len(trace):
        dropped["clock"] += early + len(trace) - late
        trace = trace.take(slice(early, late))
    blank = blanks(trace.lat_deg, trace.lon_deg, settings.zero_island_deg)
    n_blank = int(np.count_nonzero(blank))
    if n_blank:
        dropped["zero-island"] += n_blank
        trace = trace.take(~blank)
    return trace


def _canonical(evidence: Evidence) -> Evidence:
    """Order sources by key, and rows by what they say; drop exact repeats."""
    keys = sorted({source.key for source in evidence.sources})
    place = {key: row for row, key in enumerate(keys)}
    first = {source.key: source for source in reversed(evidence.sources)}
    new = np.array([place[source.key] for source in evidence.sources], np.int16)
    same = new.size == len(keys) and bool((new == np.arange(new.size)).all())
    trace = evidence.trace
    if not same and len(trace):
        trace = _joined([trace.take(slice(None))]) if new.size == 0 else _renamed(trace, new)
    return Evidence(
        trace=trace,
        activities=_distinct(evidence.activities, new),
        claims=_distinct(evidence.claims, new),
        marks=_distinct(evidence.marks, new),
        sources=tuple(first[key] for key in keys),
    )


def _renamed(rows: T, new: NDArray[np.int16]) -> T:
    columns = {f.name: getattr(rows, f.name) for f in fields(rows)}
    return type(rows)(**columns | {"source": new[columns["source"]]})


def _distinct(rows: T, new: NDArray[np.int16]) -> T:
    """Rename sources, order rows by all their columns, and drop exact repeats."""
    if len(rows) == 0:
        return rows
    rows = _renamed(rows, new) if new.size else rows
    columns = [np.nan_to_num(getattr(rows, f.name), nan=-1e9) for f in fields(rows)]
    order = np.lexsort(columns[::-1])
    repeat = np.zeros(len(rows), bool)
    repeat[1:] = True
    for column in columns:
        repeat[1:] &= column[order][1:] == column[order][:-1]
    return rows.take(order[~repeat])
