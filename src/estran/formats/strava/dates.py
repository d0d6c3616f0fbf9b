"""The dates of the list, as each language writes them; all are UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from estran.formats.strava.headers import plain
from estran.formats.times import NEVER
from estran.timebase import from_datetime

_MONTHS = (
    "jan janv ene gen", "feb fevr fev", "mar mars marz mrz mrt maart", "apr avr abr",
    "may mai mei mag", "jun juin giu", "jul juil lug", "aug aout ago", "sep sept set",
    "oct okt ott out", "nov", "dec dez dic",
)  # fmt: skip
"""How months begin in English, French, German, Spanish, Italian, Dutch and Portuguese."""

_MONTH: dict[str, int] = {
    word[:4]: number for number, words in enumerate(_MONTHS, 1) for word in words.split()
}
_CLOCK = re.compile(r"\b(\d{1,2})[:h](\d{2})(?::(\d{2}))?\s*([ap])?\.?\s*m?\b")
_NUMBERS = re.compile(r"\d+")
_WORDS = re.compile(r"[a-z]{3,}")
_TEXT_LIMIT = 64
_NOON = 12
_YEAR_DIGITS = 4


def instant_us(text: str) -> int:
    """Read a date with its time of day; a date alone is no instant.

    Examples
    --------
    >>> from estran.timebase import iso_utc
    >>> for text in ("Mar 9, 2025, 6:12:08 PM", "9 mars 2025, 18:12:08", "09.03.2025, 18:12:08"):
    ...     print(iso_utc(instant_us(text)))
    2025-03-09T18:12:08Z
    2025-03-09T18:12:08Z
    2025-03-09T18:12:08Z
    """
    folded = plain(text[:_TEXT_LIMIT])
    clock = _CLOCK.search(folded)
    if clock is None:
        return NEVER
    day = _day(folded[: clock.start()] + " " + folded[clock.end() :])
    if day is None:
        return NEVER
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    if clock[4]:
        hour = hour % _NOON + (_NOON if clock[4] == "p" else 0)
    try:
        return from_datetime(datetime(*day, hour, minute, second, tzinfo=UTC))
    except ValueError:
        return NEVER


def _day(text: str) -> tuple[int, int, int] | None:
    """Find year, month and day; two numbers alone are day and month, unless that cannot be."""
    found = _NUMBERS.findall(text)
    years = [number for number in found if len(number) == _YEAR_DIGITS]
    others = [int(number) for number in found if len(number) < _YEAR_DIGITS - 1]
    named = [_month(word) for word in _WORDS.findall(text)]
    month = next((number for number in named if number), 0)
    if len(years) != 1:
        return None
    if month and len(others) == 1:
        return int(years[0]), month, others[0]
    if len(others) != 2:  # noqa: PLR2004 - a day and a month
        return None
    first, second = others
    if found[0] == years[0]:
        return int(years[0]), first, second
    return (int(years[0]), first, second) if second > _NOON else (int(years[0]), second, first)


def _month(word: str) -> int:
    return _MONTH.get(word[:4]) or _MONTH.get(word[:3], 0)
