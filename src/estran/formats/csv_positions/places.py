"""Coordinates of tables: decimal, in 1e-7 degrees, with a compass letter, in a text of both."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np

from estran.formats.coordinates import lat_from_e7, lon_from_e7, pair_of
from estran.formats.fields import number, numbers
from estran.trace import type_f64

_LETTERED = re.compile(
    r"([NSEW])?\s*([+-]?\d{1,3}(?:[.,]\d+)?)\s*[°d]?\s*"
    r"(?:(\d{1,2}(?:[.,]\d+)?)\s*['′m]\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|″|''|s)\s*)?)?([NSEW])?",
    re.IGNORECASE,
)
_POINT = re.compile(
    r"(?:SRID=4326;)?\s*POINT\s*Z?M?\s*\(\s*([-+0-9.eE]{1,30})\s+([-+0-9.eE]{1,30})", re.IGNORECASE
)
_E7_FROM = 1e6
_TEXT_LIMIT = 200


def degrees(text: str) -> float:
    r"""Read degrees with a compass letter, or degrees, minutes and seconds; NaN otherwise.

    Examples
    --------
    >>> degrees("46.16 N"), degrees("W1,15"), round(degrees("46°09'36\"N"), 4)
    (46.16, -1.15, 46.16)
    """
    found = _LETTERED.fullmatch(text[:_TEXT_LIMIT].strip())
    if found is None or (found[1] and found[5]):
        return math.nan
    whole = number(found[2])
    minutes = number(found[3]) if found[3] else 0.0
    seconds = number(found[4]) if found[4] else 0.0
    size = abs(whole) + minutes / 60.0 + seconds / 3600.0
    letter = (found[1] or found[5] or "").upper()
    south_or_west = letter in {"S", "W"} or found[2].startswith("-")
    return -size if south_or_west else size


def _lettered(texts: Sequence[str]) -> type_f64:
    values = numbers(texts)
    for row in np.flatnonzero(np.isnan(values)).tolist():
        if texts[row]:
            values[row] = degrees(texts[row])
    return values


def _signed(values: type_f64, letters: Sequence[str] | None, negative: str) -> type_f64:
    if letters is None:
        return values
    minus = np.fromiter((t.strip().upper() == negative for t in letters), np.bool_, len(letters))
    return np.where(minus, -np.abs(values), values)


def lat_lon(
    lat_texts: Sequence[str],
    lon_texts: Sequence[str],
    *,
    north_south: Sequence[str] | None = None,
    east_west: Sequence[str] | None = None,
) -> tuple[type_f64, type_f64]:
    """Read latitudes and longitudes; NaN where unreadable.

    Numbers beyond a million are taken as 1e-7 degrees, as phones store them.

    Examples
    --------
    >>> [c.tolist() for c in lat_lon(["461600000"], ["-11500000"])]
    [[46.16], [-1.15]]
    >>> [c.tolist() for c in lat_lon(["46.16"], ["1.15"], north_south=["N"], east_west=["W"])]
    [[46.16], [-1.15]]
    """
    lat_deg, lon_deg = _lettered(lat_texts), _lettered(lon_texts)
    if _is_e7(lat_deg) or _is_e7(lon_deg):
        lat_deg, lon_deg = lat_from_e7(lat_deg), lon_from_e7(lon_deg)
    return _signed(lat_deg, north_south, "S"), _signed(lon_deg, east_west, "W")


def _is_e7(values: type_f64) -> bool:
    known = np.abs(values[np.isfinite(values)])
    return bool(known.size) and bool(np.median(known) > _E7_FROM)


def pairs(texts: Sequence[str]) -> tuple[type_f64, type_f64]:
    """Read places written in one column: ``POINT (lon lat)``, else a latitude and a longitude.

    Examples
    --------
    >>> [c.tolist() for c in pairs(["POINT(-1.15 46.16)", "46.16, -1.15", "home"])]
    [[46.16, 46.16, nan], [-1.15, -1.15, nan]]
    """
    read = [_pair(text) for text in texts]
    return np.array([lat for lat, _ in read]), np.array([lon for _, lon in read])


def _pair(text: str) -> tuple[float, float]:
    point = _POINT.match(text[:_TEXT_LIMIT])
    if point is None:
        return pair_of(text)
    return number(point[2]), number(point[1])
