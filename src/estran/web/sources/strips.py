"""Days covered as a strip of months, drawn on the server; the same as a table by year."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

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


def strip(days: Iterable[int], first: date, last: date) -> Strip:
    """Draw the days of a source by month, between the first and the last day of all.

    Examples
    --------
    >>> drawn = strip([date(2026, 2, 1).toordinal()], date(2026, 1, 5), date(2026, 3, 1))
    >>> drawn.width, [(s.level, s.path) for s in drawn.shades]
    (30, [(1, 'M10 0h9v18h-9z')])
    """
    begin = _month(first.toordinal())
    n_months = _month(last.toordinal()) - begin + 1
    paths: dict[int, list[str]] = {}
    for month, n in sorted(Counter(_month(day) for day in days).items()):
        whole = monthrange(month // 12, month % 12 + 1)[1]
        level = min(LEVELS, 1 + (LEVELS * n - 1) // whole)
        x = (month - begin) * CELL_PX
        paths.setdefault(level, []).append(f"M{x} 0h{CELL_PX - 1}v{TALL_PX}h-{CELL_PX - 1}z")
    shades = tuple(Shade(level, "".join(paths[level])) for level in sorted(paths))
    years = tuple(
        YearMark((month - begin) * CELL_PX, str(month // 12))
        for month in range(begin, begin + n_months)
        if month % 12 == 0
    )
    return Strip(n_months * CELL_PX, shades, years)


def _month(day: int) -> int:
    on = date.fromordinal(day)
    return on.year * 12 + on.month - 1


def by_year(days: Iterable[int]) -> tuple[YearRow, ...]:
    """Count the days of each year."""
    counted = Counter(date.fromordinal(day).year for day in days)
    return tuple(YearRow(year, counted[year]) for year in sorted(counted))
