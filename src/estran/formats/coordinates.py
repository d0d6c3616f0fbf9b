"""Coordinates as files write them, and the check that every format's positions pass."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from estran.formats.reading import Faults
from estran.formats.times import plausible
from estran.trace import Positions, type_bool, type_f64, type_i16, type_i64

_E7 = 1e-7
_WRAP_E7 = 4_294_967_296.0
_LAT_LIMIT_E7 = 900_000_000.0
_LON_LIMIT_E7 = 1_800_000_000.0
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_TEXT_LIMIT = 120


def lat_from_e7(values: type_f64) -> type_f64:
    """Convert latitudes counted in 1e-7 degrees, repairing 32-bit overflow.

    Some of Google's exports wrote negative numbers as if they had no sign.

    Examples
    --------
    >>> lat_from_e7(np.array([461_600_000.0, -338_000_000.0 + 2**32]))
    array([ 46.16, -33.8 ])
    """
    return np.where(values > _LAT_LIMIT_E7, values - _WRAP_E7, values) * _E7


def lon_from_e7(values: type_f64) -> type_f64:
    """Convert longitudes counted in 1e-7 degrees, repairing 32-bit overflow."""
    return np.where(values > _LON_LIMIT_E7, values - _WRAP_E7, values) * _E7


def pair_from_e7(lat_e7: float, lon_e7: float) -> tuple[float, float]:
    """Convert one place as :func:`lat_from_e7` and :func:`lon_from_e7` do many.

    Examples
    --------
    >>> pair_from_e7(461_600_000, 2**32 - 11_500_000)
    (46.16, -1.15)
    """
    lat_e7 -= _WRAP_E7 if lat_e7 > _LAT_LIMIT_E7 else 0.0
    lon_e7 -= _WRAP_E7 if lon_e7 > _LON_LIMIT_E7 else 0.0
    return lat_e7 * _E7, lon_e7 * _E7


def pair_of(text: str) -> tuple[float, float]:
    """Read a latitude and a longitude out of a text, whatever stands around them.

    Returns
    -------
    tuple of float
        NaN twice when the text does not hold two numbers.

    Examples
    --------
    >>> pair_of("48.86°, 2.34°"), pair_of("geo:48.86,-2.34"), pair_of("48.86Â°, 2.34Â°")
    ((48.86, 2.34), (48.86, -2.34), (48.86, 2.34))
    """
    numbers = _NUMBER.findall(text[:_TEXT_LIMIT])
    if len(numbers) < 2:  # noqa: PLR2004 - a pair
        return float("nan"), float("nan")
    return float(numbers[0]), float(numbers[1])


def floats(values: Sequence[float | None]) -> type_f64:
    """Make a column of numbers in which what is missing is NaN.

    Examples
    --------
    >>> floats([1, None])
    array([ 1., nan])
    """
    return np.array(values, dtype=np.float64)


def unless_negative(values: type_f64) -> type_f64:
    """Turn negative numbers into NaN: phones write -1 for an unknown speed or bearing."""
    return np.where(values < 0, np.nan, values)


@dataclass(frozen=True, slots=True)
class Rows:
    """Positions as read, before they are checked: equal-length float columns or None."""

    time_us: type_i64
    lat_deg: type_f64
    lon_deg: type_f64
    accuracy_m: type_f64 | None = None
    speed_mps: type_f64 | None = None
    bearing_deg: type_f64 | None = None
    altitude_m: type_f64 | None = None
    source: type_i16 | None = None


def good_rows(rows: Rows, faults: Faults, where: str) -> type_bool:
    """Tell which rows are dated positions on the globe, and count why the others are not.

    The point (0, 0) is refused: it is what broken software writes, and lies in the sea.

    Parameters
    ----------
    rows : Rows
        What was read.
    faults : Faults
        Where the refused rows are counted.
    where : str
        Said of the first row refused.
    """
    lat_deg, lon_deg = rows.lat_deg, rows.lon_deg
    placed = np.isfinite(lat_deg) & np.isfinite(lon_deg)
    # NaN compares as false, which is what is wanted here.
    inside = (np.abs(lat_deg) <= 90.0) & (np.abs(lon_deg) <= 180.0)  # noqa: PLR2004 - the globe
    zero = (lat_deg == 0.0) & (lon_deg == 0.0)
    dated = plausible(rows.time_us)
    _count(faults, "position-missing", ~placed, where)
    _count(faults, "position-outside-globe", placed & ~inside, where)
    _count(faults, "position-zero", zero, where)
    _count(faults, "time-impossible", placed & inside & ~zero & ~dated, where)
    good: type_bool = placed & inside & ~zero & dated
    return good


def dated_positions(rows: Rows, faults: Faults, where: str = "") -> Positions:
    """Keep the good rows as positions; see :func:`good_rows`."""
    good = good_rows(rows, faults, where)
    every = bool(good.all())

    def kept(column: type_f64 | None) -> type_f64 | None:
        return column if column is None or every else column[good]

    def finite(column: type_f64 | None) -> type_f64 | None:
        column = kept(column)
        return None if column is None else np.where(np.abs(column) < 1e9, column, np.nan)  # noqa: PLR2004 - beyond any unit

    return Positions.of(
        rows.time_us if every else rows.time_us[good],
        rows.lat_deg if every else rows.lat_deg[good],
        rows.lon_deg if every else rows.lon_deg[good],
        accuracy_m=_single(finite(rows.accuracy_m)),
        speed_mps=_single(finite(rows.speed_mps)),
        bearing_deg=_single(finite(rows.bearing_deg)),
        altitude_m=_single(finite(rows.altitude_m)),
        source=rows.source if rows.source is None or every else rows.source[good],
    )


def _single(column: type_f64 | None) -> np.ndarray | None:
    return None if column is None else column.astype(np.float32)


def _count(faults: Faults, code: str, bad: type_bool, where: str) -> None:
    n_bad = int(np.count_nonzero(bad))
    if n_bad:
        faults.add(code, where, n_bad)
