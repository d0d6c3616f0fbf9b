"""Public holidays of France, computed: eleven days of the Code du travail, L. 3133-1."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_AFTER_EASTER_DAYS = (1, 39, 50)
"""Easter Monday, Ascension, Whit Monday."""


def easter(year: int) -> date:
    """Compute Easter Sunday (Meeus, Jones and Butcher).

    Examples
    --------
    >>> easter(2026).isoformat(), easter(2024).isoformat()
    ('2026-04-05', '2024-03-31')
    """
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    n = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * n) // 451
    month, day = divmod(h + n - 7 * m + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=256)
def holidays(year: int, *, alsace_moselle: bool = False) -> frozenset[date]:
    """Give the public holidays of a year.

    Parameters
    ----------
    year : int
    alsace_moselle : bool
        With Good Friday and 26 December, of the local law there (L. 3134-13).

    Examples
    --------
    >>> len(holidays(2026)), date(2026, 5, 14) in holidays(2026)
    (11, True)
    """
    sunday = easter(year)
    days = {date(year, month, day) for month, day in _FIXED}
    days |= {sunday + timedelta(days=n) for n in _AFTER_EASTER_DAYS}
    if alsace_moselle:
        days |= {sunday - timedelta(days=2), date(year, 12, 26)}
    return frozenset(days)


def is_holiday(day: date, *, alsace_moselle: bool = False) -> bool:
    """Tell whether a day is a public holiday in France.

    Examples
    --------
    >>> is_holiday(date(2026, 7, 14)), is_holiday(date(2026, 4, 3), alsace_moselle=True)
    (True, True)
    """
    return day in holidays(day.year, alsace_moselle=alsace_moselle)
