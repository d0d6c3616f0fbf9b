"""Coordinates as KML writes them: longitude, latitude and altitude in one text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from estran.formats.fields import numbers
from estran.trace import type_f64


def tuples_of(text: str) -> list[str]:
    r"""Part the places of a ``coordinates`` text.

    Examples
    --------
    >>> tuples_of(" -1.1,46.1,5\n -1.2, 46.2 ")
    ['-1.1,46.1,5', '-1.2,46.2']
    """
    # Some programs put a blank beside the comma, which the norm forbids. Blanks are made one
    # first: a pattern over any number of them takes a time that grows with its square.
    return " ".join(text.split()).replace(" ,", ",").replace(", ", ",").split()


def columns_of(places: Sequence[str], separator: str | None) -> tuple[type_f64, type_f64, type_f64]:
    """Read longitudes, latitudes and altitudes; NaN where missing or unreadable.

    Parameters
    ----------
    places : sequence of str
        One text a place.
    separator : str or None
        A comma, or None for blanks.

    Examples
    --------
    >>> [column.tolist() for column in columns_of(["1 2 3", "", "4 5"], None)]
    [[1.0, nan, 4.0], [2.0, nan, 5.0], [3.0, nan, nan]]
    """
    split = [[*place.split(separator)[:3], "", "", ""] for place in places]
    lon_deg, lat_deg, altitude_m = (
        numbers([parts[i] for parts in split]) if split else np.empty(0) for i in range(3)
    )
    return lon_deg, lat_deg, altitude_m
