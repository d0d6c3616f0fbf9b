"""One column of a chunk as bytes that compress well, and back, bit for bit.

Integers become differences, folded so that small ones of either sign are small, then laid
out in planes: all lowest bytes, then all second bytes and so on. Decimal numbers in
float32 (12.3 m, 4.75 m/s) become integers first, where that is exact.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

type_column = NDArray[Any]

_MAX_GRAIN = 2**62
_MAX_DECIMALS = 3
_NAN = -(2**31)
"""NaN, among decimal numbers as integers."""

RAW = 0
"""Packing of a float32 column: its bits. One and more: decimals plus one."""


def _zigzag(differences: type_column) -> type_column:
    bits = differences.dtype.itemsize * 8
    folded: type_column = (differences << 1) ^ (differences >> (bits - 1))
    return folded.view(f"u{differences.dtype.itemsize}")


def _unzigzag(folded: type_column) -> type_column:
    signed = f"i{folded.dtype.itemsize}"
    differences: type_column = (folded >> 1).view(signed) ^ -(folded & 1).view(signed)
    return differences


def _differences(column: type_column) -> type_column:
    """Take each value less the one before, wrapping round; the first less zero."""
    out = np.empty_like(column)
    out[:1] = column[:1]
    np.subtract(column[1:], column[:-1], out=out[1:])
    return out


def _grain(differences: type_column) -> int:
    """Find what divides all differences but the first: 1000 where times are milliseconds."""
    # The magnitude of the lowest integer is itself; seen as unsigned it is right.
    grain = int(np.gcd.reduce(np.abs(differences[1:]).view("u8")))
    return grain if 0 < grain < _MAX_GRAIN else 1


def _as_decimals(column: type_column) -> tuple[int, type_column] | None:
    """Find the fewest decimals with which integers give the same bits back."""
    unknown = np.isnan(column)
    with np.errstate(over="ignore", invalid="ignore"):
        for decimals in range(_MAX_DECIMALS + 1):
            scaled = np.rint(np.where(unknown, 0.0, column.astype("f8")) * 10.0**decimals)
            if not bool((np.abs(scaled) < -_NAN).all()):
                return None
            integers = scaled.astype("i4")
            integers[unknown] = _NAN
            if np.array_equal(_from_decimals(integers, decimals).view("i4"), column.view("i4")):
                return decimals, integers
    return None


def _from_decimals(integers: type_column, decimals: int) -> type_column:
    column = (integers / 10.0**decimals).astype("f4")
    column[integers == _NAN] = np.nan
    return column


def _planes(coded: type_column) -> bytes:
    little = coded.astype(f"<u{coded.dtype.itemsize}", copy=False)
    return little.view("u1").reshape(coded.size, coded.dtype.itemsize).T.tobytes()


def pack(column: type_column) -> tuple[int, bytes]:
    """Write a column.

    Parameters
    ----------
    column : array, shape (n,)
        int8, int16, int32, int64, uint16 or float32.

    Returns
    -------
    tuple of int and bytes
        How it is packed, and ``n * itemsize`` bytes.

    Examples
    --------
    >>> packing, planes = pack(np.array([1.5, np.nan, 2.25], "f4"))
    >>> packing, unpack(np.frombuffer(planes, "u1"), 3, "f4", packing)
    (3, array([1.5 ,  nan, 2.25], dtype=float32))
    """
    packing = 1
    if column.dtype.kind == "f":
        found = _as_decimals(column)
        if found is None:
            return RAW, _planes(column.view("u4"))
        packing, column = found[0] + 1, found[1]
    differences = _differences(column.view(f"i{column.dtype.itemsize}"))
    if column.dtype == np.int64:
        packing = _grain(differences)
        differences[1:] //= packing
    return packing, _planes(_zigzag(differences))


def unpack(planes: NDArray[np.uint8], n: int, dtype: str, packing: int) -> type_column:
    """Read what :func:`pack` wrote.

    Raises
    ------
    ValueError
        The planes are not ``n`` values long.
    """
    width = np.dtype(dtype).itemsize
    coded = np.ascontiguousarray(planes.reshape(width, n).T).view(f"<u{width}").ravel()
    if dtype == "f4" and packing == RAW:
        return coded.astype("u4", copy=False).view("f4")
    differences = _unzigzag(coded)
    if dtype == "i8" and packing > 1:
        differences[1:] *= packing
    integers = np.cumsum(differences, dtype=f"i{width}")
    return _from_decimals(integers, packing - 1) if dtype == "f4" else integers.view(dtype)
