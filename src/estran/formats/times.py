"""Instants as files write them: epochs of any unit, ISO 8601 of any dialect."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from estran.timebase import from_datetime
from estran.trace import type_bool, type_f64, type_i64

NEVER = int(np.iinfo(np.int64).min)
"""Stands for an instant that could not be read; no format lets it out."""

FIRST_US = 473_385_600_000_000
"""1985-01-01: no civilian position is older (the first GPS receivers were sold then)."""

LAST_US = 4_102_444_800_000_000
"""2100-01-01: beyond it a number is in another unit or wrong."""

_TEXT_WIDTH = 32
_TEXT_LIMIT = 48
_ZERO, _NINE = ord("0"), ord("9")


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
    # Seconds stay below 1e11 until the year 5138, milliseconds pass it in March 1973.
    scale = np.select([size < 1e11, size < 1e14, size < 1e17], [1e6, 1e3, 1.0], 1e-3)
    fine = np.isfinite(number) & (size < 1e20)  # noqa: PLR2004 - nanoseconds of the year 5138
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
    if not len(texts):
        return out
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    try:
        cells = np.array(texts, dtype=f"S{_TEXT_WIDTH}")
    except UnicodeEncodeError:
        cells = np.array([t if t.isascii() else "" for t in texts], dtype=f"S{_TEXT_WIDTH}")
    matrix = cells.view(np.uint8).reshape(len(texts), _TEXT_WIDTH)
    for length in np.unique(lengths[(lengths >= 19) & (lengths <= _TEXT_WIDTH)]):  # noqa: PLR2004 - the shortest full instant
        rows = np.flatnonzero(lengths == length)
        out[rows] = _same_length_us(matrix[rows, :length])
    for row in np.flatnonzero(out == NEVER):
        out[row] = _one_us(texts[row])
    return out


def instants_us(values: Sequence[str | float | None]) -> type_i64:
    """Read instants each of which is a text, a number or missing.

    Examples
    --------
    >>> instants_us(["1970-01-01T00:00:00Z", "1355581289460", 3, None]).tolist()[:3]
    [0, 1355581289460000, 3000000]
    """
    if all(type(value) is str for value in values):
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


def _digits(rows: np.ndarray, first: int, last: int) -> tuple[type_i64, type_bool]:
    """Read the digits of columns ``first:last``; also tell where they are digits."""
    cells = rows[:, first:last]
    fine = ((cells >= _ZERO) & (cells <= _NINE)).all(axis=1)
    powers = 10 ** np.arange(last - first - 1, -1, -1, dtype=np.int64)
    return (cells.astype(np.int64) - _ZERO) @ powers, fine


def _same_length_us(rows: np.ndarray) -> type_i64:
    """Read instants written with the same number of characters."""
    zulu = rows[:, -1] == ord("Z")
    out = np.full(len(rows), NEVER, dtype=np.int64)
    for chosen, width in ((zulu, 1), (~zulu & _offset_rows(rows), 6)):
        at = np.flatnonzero(chosen)
        if at.size:
            out[at] = _zoned_us(rows[at], rows.shape[1] - width)
    return out


def _offset_rows(rows: np.ndarray) -> type_bool:
    if rows.shape[1] < 25:  # noqa: PLR2004 - 19 characters and +hh:mm
        return np.zeros(len(rows), dtype=bool)
    sign = rows[:, -6]
    return ((sign == ord("+")) | (sign == ord("-"))) & (rows[:, -3] == ord(":"))


def _zoned_us(rows: np.ndarray, end: int) -> type_i64:
    """Read instants whose zone starts at column ``end``."""
    parts = [
        _digits(rows, a, b) for a, b in ((0, 4), (5, 7), (8, 10), (11, 13), (14, 16), (17, 19))
    ]
    year, month, day, hour, minute, second = (value for value, _ in parts)
    fine = np.logical_and.reduce([ok for _, ok in parts])
    fine &= (rows[:, 4] == ord("-")) & (rows[:, 7] == ord("-"))
    fine &= (rows[:, 10] == ord("T")) | (rows[:, 10] == ord(" "))
    fine &= (rows[:, 13] == ord(":")) & (rows[:, 16] == ord(":"))
    fine &= (month >= 1) & (month <= 12) & (hour < 24) & (minute < 60) & (second <= 60)  # noqa: PLR2004 - the clock
    months = np.where(fine, (year - 1970) * 12 + month - 1, 0)
    first_day = months.astype("M8[M]").astype("M8[D]").astype(np.int64)
    n_days = (months + 1).astype("M8[M]").astype("M8[D]").astype(np.int64) - first_day
    fine &= (day >= 1) & (day <= n_days)
    total_s = (first_day + day - 1) * 86_400 + hour * 3_600 + minute * 60 + second
    micros, fraction_fine = _fraction_us(rows, end)
    total_s -= _offset_s(rows, end)
    return np.where(fine & fraction_fine, total_s * 1_000_000 + micros, NEVER)


def _fraction_us(rows: np.ndarray, end: int) -> tuple[type_i64, type_bool]:
    n_digits = end - 20
    if end == 19:  # noqa: PLR2004 - no fraction
        return np.zeros(len(rows), dtype=np.int64), np.ones(len(rows), dtype=bool)
    if n_digits < 1:
        return np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=bool)
    kept = min(n_digits, 6)
    value, fine = _digits(rows, 20, 20 + kept)
    return value * 10 ** (6 - kept), fine & (rows[:, 19] == ord("."))


def _offset_s(rows: np.ndarray, end: int) -> type_i64:
    if rows.shape[1] - end == 1:
        return np.zeros(len(rows), dtype=np.int64)
    hours, _ = _digits(rows, end + 1, end + 3)
    minutes, _ = _digits(rows, end + 4, end + 6)
    return np.where(rows[:, end] == ord("-"), -1, 1) * (hours * 3_600 + minutes * 60)


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
