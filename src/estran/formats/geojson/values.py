"""Columns of JSON values, which may be numbers, texts, null or anything, into arrays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from estran.formats.fields import Instants, instants, number
from estran.formats.times import epoch_us
from estran.trace import type_f64


def floats_of(values: Sequence[Any]) -> type_f64:
    """Read a column of numbers; NaN where there is none.

    Examples
    --------
    >>> floats_of([1, "2,5", None, True, [3], 10**400])
    array([1. , 2.5, nan, nan, nan, nan])
    """
    kinds = set(map(type, values))
    try:
        if kinds <= {int, float}:
            return np.array(values, dtype=np.float64)
        if kinds <= {int, float, type(None)}:
            return np.array([math.nan if v is None else v for v in values], dtype=np.float64)
    except OverflowError:
        pass
    return np.array([_float(value) for value in values], dtype=np.float64)


def _float(value: Any) -> float:
    if isinstance(value, str):
        return number(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.nan


def instants_of(values: Sequence[Any]) -> Instants:
    """Read a column of instants written as texts or as epoch numbers.

    Examples
    --------
    >>> read = instants_of(["1970-01-01T00:00:01Z", 2, 1355581289460, None])
    >>> read.time_us[:3].tolist(), bool(read.time_us[3] < 0)
    ([1000000, 2000000, 1355581289460000], True)
    """
    kinds = set(map(type, values))
    if kinds == {str}:
        return instants([value.strip() for value in values])
    if str not in kinds:
        return Instants(epoch_us(floats_of(values)), np.zeros(len(values), dtype=np.bool_))
    read = instants([value.strip() if isinstance(value, str) else "" for value in values])
    numbers = [i for i, value in enumerate(values) if not isinstance(value, str)]
    read.time_us[numbers] = epoch_us(floats_of([values[i] for i in numbers]))
    return read


def text_of(value: Any) -> str:
    """Give a text or a number as text; anything else is empty."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 63:
        return str(value)
    return ""


def pairs_of(coordinates: Any) -> list[tuple[Any, Any, Any, Any]]:
    """Read a list of coordinates as longitude, latitude, altitude and a fourth, None if missing.

    Examples
    --------
    >>> pairs_of([[1, 2], "x", [3, 4, 5, 6, 7]])
    [(1, 2, None, None), (None, None, None, None), (3, 4, 5, 6)]
    """
    if not isinstance(coordinates, list):
        return []
    return [_quadruple(point) for point in coordinates]


def _quadruple(point: Any) -> tuple[Any, Any, Any, Any]:
    if not isinstance(point, list):
        return (None, None, None, None)
    lon, lat, altitude, fourth, *_ = [*point[:4], None, None, None, None]
    return lon, lat, altitude, fourth
