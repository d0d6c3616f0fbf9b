"""Days covered as a strip of months, drawn on the server; the same as a table by year."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial

CELL_PX, TALL_PX = 10, 18
LEVELS = 4
"""Shades: a month with some days, up to all of them."""


@dataclass(frozen=True, slots=True)
class Shade:
    """All months of one shade, as one path."""

    level: int
    path: str


@dataclass(frozen=True, slots=True)
class YearMark:
    """Where a year begins."""

    x: int
    label: str


@dataclass(frozen=True, slots=True)
class Strip:
    """Months from the first to the last of all sources. [px]"""

    width: int
    shades: tuple[Shade, ...]
    years: tuple[YearMark, ...]
    height: int = TALL_PX


@dataclass(frozen=True, slots=True)
class YearRow:
    """Days covered in a year."""

    year: int
    n_days: int


def strip(days: Sequence[int], first: date, last: date) -> Strip:
    """Draw the days of a source by month, between the first and the last day of all.

    Parameters
    ----------
    days : sequence of int
        Proleptic ordinals, ascending.
    first, last : date

    Examples
    --------
    >>> drawn = strip([date(2026, 2, 1).toordinal()], date(2026, 1, 5), date(2026, 3, 1))
    >>> drawn.width, [(s.level, s.path) for s in drawn.shades]
    (30, [(1, 'M10 0h10v18h-10z')])
    """
    begin, end = (on.year * 12 + on.month - 1 for on in (first, last))
    paths: dict[int, list[str]] = {}
    for month in range(begin, end + 1):
        n = _n_within(days, _starts(month), _starts(month + 1))
        if n:
            whole = _starts(month + 1) - _starts(month)
            level = min(LEVELS, 1 + (LEVELS * n - 1) // whole)
            x = (month - begin) * CELL_PX
            paths.setdefault(level, []).append(f"M{x} 0h{CELL_PX}v{TALL_PX}h-{CELL_PX}z")
    shades = tuple(Shade(level, "".join(paths[level])) for level in sorted(paths))
    years = tuple(
        YearMark((month - begin) * CELL_PX, str(month // 12))
        for month in range(begin, end + 1)
        if month % 12 == 0
    )
    return Strip((end - begin + 1) * CELL_PX, shades, years)


def _n_within(days: Sequence[int], first: int, after: int) -> int:
    return bisect_left(days, after) - bisect_left(days, first)


@lru_cache(maxsize=4096)
def _starts(month: int) -> int:
    """Give the first day of a month that is counted from the year 0."""
    return date(month // 12, month % 12 + 1, 1).toordinal()


def by_year(days: Sequence[int]) -> tuple[YearRow, ...]:
    """Count the days of each year; ``days`` are ascending."""
    if not days:
        return ()
    years = range(date.fromordinal(days[0]).year, date.fromordinal(days[-1]).year + 1)
    starts = [_starts(year * 12) for year in (*years, years.stop)]
    counted = zip(years, map(partial(_n_within, days), starts, starts[1:]), strict=False)
    return tuple(YearRow(year, n) for year, n in counted if n)
