"""Single values as trackers write them: lenient, and quicker for one than a column is."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

from estran.formats.fields import instants
from estran.formats.fields import number as number_of_text
from estran.formats.times import NEVER
from estran.timebase import from_datetime

_UNITS = ((1e11, 1e6), (1e14, 1e3), (1e17, 1.0), (1e20, 1e-3))
"""Below which size a count since 1970 is in s, ms, µs or ns; see ``times.epoch_us``."""

_SHORTEST_INSTANT = len("2000-01-01T00")
_LONGEST_INSTANT = 48


def number(value: Any) -> float:
    """Read a number, or a text that is one; NaN for anything else, infinity included.

    Examples
    --------
    >>> number("12.5"), number("unknown"), number(True), number(10**400)
    (12.5, nan, nan, nan)
    """
    if type(value) is float:
        return value if math.isfinite(value) else math.nan
    if type(value) is str:
        read = number_of_text(value)
        return read if math.isfinite(read) else math.nan
    if type(value) is int:
        try:
            return float(value)
        except OverflowError:
            return math.nan
    return math.nan


def instant_us(value: Any) -> int:
    """Read an instant: an epoch in s, ms, µs or ns, or ISO 8601; without zone it is UTC.

    Returns
    -------
    int
        [µs since 1970, UTC]; ``NEVER`` where there is none. A date alone is no instant.

    Examples
    --------
    >>> instant_us("1760000010"), instant_us(1760000010123), instant_us("2025-10-09 08:53:30")
    (1760000010000000, 1760000010123000, 1760000010000000)
    >>> instant_us("2025-10-09") == instant_us(None) == NEVER
    True
    """
    if type(value) is str:
        text = value.strip()
        count = number(text)
        return _text_us(text) if math.isnan(count) else _epoch_us(count)
    return _epoch_us(number(value))


def _epoch_us(count: float) -> int:
    size = abs(count)
    for limit, scale in _UNITS:
        if size < limit:
            return round(count * scale)
    return NEVER


def _text_us(text: str) -> int:
    if not _SHORTEST_INSTANT <= len(text) <= _LONGEST_INSTANT:
        return NEVER
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return int(instants([text]).time_us[0])
    return from_datetime(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def flag(value: Any) -> bool | None:
    """Read yes or no in the ways of URLs and JSON; None where it is neither.

    Examples
    --------
    >>> flag("true"), flag(0), flag("maybe")
    (True, False, None)
    """
    word = str(value).strip().lower() if isinstance(value, str | bool | int) else ""
    if word in {"true", "1", "yes"}:
        return True
    return False if word in {"false", "0", "no"} else None


def words_of(value: Any) -> list[str]:
    """Give the texts of a list, or a single one; what is no text is left out.

    Examples
    --------
    >>> words_of("walking"), words_of(["driving", 3]), words_of(None)
    (['walking'], ['driving'], [])
    """
    listed = value if isinstance(value, list) else [value]
    return [word for word in listed[:_MOST_WORDS] if isinstance(word, str)]


_MOST_WORDS = 8
