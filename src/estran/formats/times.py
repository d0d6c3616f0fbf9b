"""Instants as files write them: epochs of any unit, ISO 8601 of any dialect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from estran.timebase import from_datetime
from estran.trace import type_bool, type_f64, type_i64

NEVER = int(np.iinfo(np.int64).min)
"""Stands for an instant that could not be read; no format lets it out."""

FIRST_US = 473_385_600_000_000
"""1985-01-01: no civilian position is older (the first GPS receivers were sold then)."""

LAST_US = 4_102_444_800_000_000
"""2100-01-01: beyond it a number is in another unit or wrong."""

_UNIT_LIMITS = (1e11, 1e14, 1e17)
"""Seconds stay below the first until the year 5138; milliseconds pass it in March 1973."""

_TEXT_WIDTH = 32
_SHORTEST = len("2000-01-01T00:00:00")
_TEXT_LIMIT = 48
_DAY_US = 86_400_000_000
_MONTHS, _MONTH, _DAYS, _CLOCK_US, _ZONE_US, _N_NUMBERS = range(6)

type_bytes = NDArray[np.uint8]


def epoch_us(values: type_f64 | Sequence[float]) -> type_i64:
    """Read numbers since 1970 whose size tells the unit: s, ms, µs or ns.

    Parameters
    ----------
    values : float array, shape (n,)
        Counts since 1970, each in its own unit; NaN for unknown.

    Returns
    -------
    int64 array, shape (n,)
        Microseconds; :data:`NEVER` where there is no instant.

    Examples
    --------
    >>> epoch_us([1.5, 1_564_274_558.354, 1_355_581_289_460.0])
    array([      1500000, 1564274558354000, 1355581289460000])
    """
    number = np.asarray(values, dtype=np.float64)
    size = np.abs(number)
    scale = np.select([size < limit for limit in _UNIT_LIMITS], [1e6, 1e3, 1.0], 1e-3)
    fine = size < _UNIT_LIMITS[-1] * 1e3
    scaled = np.where(fine, number, 0.0) * scale
    return np.where(fine, np.rint(scaled).astype(np.int64), NEVER)


def iso_us(texts: Sequence[str]) -> type_i64:
    """Read ISO 8601 instants; a text without zone is UTC.

    The common layouts are read by array, the others one by one.

    Parameters
    ----------
    texts : sequence of str, length n
        Such as ``2012-12-15T14:21:29.460Z``, ``2025-03-24 20:07:24 +0100``, or the digits
        of an epoch.

    Returns
    -------
    int64 array, shape (n,)
        Microseconds since 1970, UTC; :data:`NEVER` where the text is no instant.

    Examples
    --------
    >>> iso_us(["1970-01-01T00:00:01.5Z", "1970-01-01T01:00:00+01:00", "soon"])
    array([             1500000,                    0, -9223372036854775808])
    """
    out = np.full(len(texts), NEVER, dtype=np.int64)
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    try:
        cells = np.array(texts, dtype=f"S{_TEXT_WIDTH}")
    except UnicodeEncodeError:
        cells = np.array([t if t.isascii() else "" for t in texts], dtype=f"S{_TEXT_WIDTH}")
    matrix = cells.view(np.uint8).reshape(len(texts), _TEXT_WIDTH)
    for length in sorted(set(lengths.tolist())):
        if _SHORTEST <= length <= _TEXT_WIDTH:
            rows = lengths == length
            chosen = matrix if rows.all() else matrix[rows]
            out[rows] = _same_length_us(chosen[:, :length])
    for row in np.flatnonzero(out == NEVER).tolist():
        out[row] = _one_us(texts[row])
    return out


def instants_us(values: Sequence[str | float | None]) -> type_i64:
    """Read instants each of which is a text, a number or missing.

    Examples
    --------
    >>> instants_us(["1970-01-01T00:00:00Z", "1355581289460", 3, None]).tolist()[:3]
    [0, 1355581289460000, 3000000]
    """
    if set(map(type, values)) <= {str}:
        return iso_us(values)  # type: ignore[arg-type]  # just checked, which mypy cannot see
    out = np.full(len(values), NEVER, dtype=np.int64)
    texts = [i for i, value in enumerate(values) if isinstance(value, str)]
    out[texts] = iso_us([str(values[i]) for i in texts])
    numbers = [i for i, value in enumerate(values) if isinstance(value, int | float)]
    out[numbers] = epoch_us([_float(values[i]) for i in numbers])
    return out


def plausible(time_us: type_i64) -> type_bool:
    """Tell which instants may be those of a position (see the two bounds above)."""
    return (time_us >= FIRST_US) & (time_us < LAST_US)


def _float(value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]  # numbers only come here
    except OverflowError:
        return float("nan")


def _same_length_us(rows: type_bytes) -> type_i64:
    """Read instants written with the same number of characters."""
    zulu = rows[:, -1] == ord("Z")
    out = np.full(len(rows), NEVER, dtype=np.int64)
    for chosen, width in ((zulu, 1), (~zulu & _offset_rows(rows), 6)):
        if chosen.all():
            return _zoned_us(rows, rows.shape[1] - width)
        at = np.flatnonzero(chosen)
        if at.size:
            out[at] = _zoned_us(rows[at], rows.shape[1] - width)
    return out


def _offset_rows(rows: type_bytes) -> type_bool:
    if rows.shape[1] < 25:  # noqa: PLR2004 - 19 characters and +hh:mm
        return np.zeros(len(rows), dtype=bool)
    sign = rows[:, -6]
    signed: type_bool = (sign == ord("+")) | (sign == ord("-"))
    signed &= rows[:, -3] == ord(":")
    return signed


@dataclass(frozen=True)
class _Layout:
    """Which columns hold digits, what each digit weighs, and what stands between them.

    The weights make six numbers: months, days and microseconds of the local clock, then
    the zone's microseconds, then the month and the day by themselves for a check.
    """

    columns: type_i64
    weights: type_f64
    marks: dict[int, bytes]


@lru_cache(maxsize=64)
def _layout(end: int, width: int) -> _Layout:
    """Describe instants whose zone stands in the columns from ``end`` to ``width``."""
    weighed: list[tuple[int, dict[int, float]]] = [
        (column, {_MONTHS: 12.0 * 10**power})
        for column, power in zip(range(4), (3, 2, 1, 0), strict=True)
    ]
    weighed += [(5, {_MONTHS: 10.0, _MONTH: 10.0}), (6, {_MONTHS: 1.0, _MONTH: 1.0})]
    weighed += [(8, {_DAYS: 10.0}), (9, {_DAYS: 1.0})]
    clock_us = ((11, 3.6e10), (12, 3.6e9), (14, 6e8), (15, 6e7), (17, 1e7), (18, 1e6))
    weighed += [(column, {_CLOCK_US: us}) for column, us in clock_us]
    weighed += [(column, {_CLOCK_US: 10.0 ** (25 - column)}) for column in range(20, min(end, 26))]
    zone_us = ((1, 3.6e10), (2, 3.6e9), (4, 6e8), (5, 6e7)) if width - end > 1 else ()
    weighed += [(end + column, {_ZONE_US: us}) for column, us in zone_us]
    weights = np.zeros((len(weighed), _N_NUMBERS))
    for row, (_, numbers) in enumerate(weighed):
        for number, weight in numbers.items():
            weights[row, number] = weight
    marks = {4: b"-", 7: b"-", 10: b"T ", 13: b":", 16: b":"}
    if end > 19:  # noqa: PLR2004 - where the fraction begins
        marks[19] = b"." if end > 20 else b""  # noqa: PLR2004 - a point without digits
    return _Layout(np.array([column for column, _ in weighed]), weights, marks)


def _zoned_us(rows: type_bytes, end: int) -> type_i64:
    """Read instants whose zone starts at column ``end``."""
    layout = _layout(end, rows.shape[1])
    digits = rows[:, layout.columns] - np.uint8(ord("0"))
    fine = (digits <= 9).all(axis=1)  # noqa: PLR2004 - a digit
    for column, allowed in layout.marks.items():
        mark = rows[:, column]
        fine &= np.logical_or.reduce([mark == byte for byte in allowed] or [mark < 0])
    # Microseconds of a day need 37 bits: float64 is exact.
    numbers = (digits.astype(np.float64) @ layout.weights).astype(np.int64)
    month, day, clock_us = numbers[:, _MONTH], numbers[:, _DAYS], numbers[:, _CLOCK_US]
    months = np.where(fine, numbers[:, _MONTHS] - 1970 * 12 - 1, 0)
    first_day = months.astype("M8[M]").astype("M8[D]").astype(np.int64)
    n_days = (months + 1).astype("M8[M]").astype("M8[D]").astype(np.int64) - first_day
    fine &= (month >= 1) & (month <= 12) & (day >= 1) & (day <= n_days)  # noqa: PLR2004 - a year
    fine &= (rows[:, 14] < ord("6")) & (rows[:, 17] < ord("6")) & (clock_us < _DAY_US)
    zone_us = numbers[:, _ZONE_US]
    if rows.shape[1] - end > 1:
        fine &= (rows[:, end + 4] < ord("6")) & (zone_us < _DAY_US)
        zone_us = np.where(rows[:, end] == ord("-"), -zone_us, zone_us)
    return np.where(fine, (first_day + day - 1) * _DAY_US + clock_us - zone_us, NEVER)


def _one_us(text: str) -> int:
    """Read one instant in whichever dialect, or give :data:`NEVER`."""
    text = text[:_TEXT_LIMIT].strip()
    try:
        return int(epoch_us([float(text)])[0])
    except ValueError:
        pass
    try:
        instant = datetime.fromisoformat(
            text.replace(" +", "+").replace(" -", "-").replace(",", ".")
        )
        return from_datetime(instant if instant.tzinfo else instant.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return NEVER
