"""Which stops a line calls at, when nobody says: those beside the way it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from estran.geo.compiled import frozen
from estran.network import _kernels
from estran.network.index import cells_of

MATCH_CELL_M = 30.0
"""A stop in a cell of the way or in one beside it, thus within 30 to 60 m, is called at: a
pole on the pavement of a wide street, not one of the next street."""

type_f64 = NDArray[np.float64]


class StopsByPlace:
    """Stops, found by where they stand.

    Parameters
    ----------
    stops : float64 array, shape (n, 2)
        Latitudes and longitudes. [°]
    """

    def __init__(self, stops: type_f64) -> None:
        lat, lon = frozen(stops[:, 0]), frozen(stops[:, 1])
        cells, rows = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for north, east in product((-1, 0, 1), repeat=2):
            moved = frozen(lat + north * MATCH_CELL_M / _kernels.M_PER_DEG)
            cells.append(cells_of(moved, lon, MATCH_CELL_M) + east)
            rows.append(np.arange(lat.size))
        cell, row = np.concatenate(cells), np.concatenate(rows)
        order = np.argsort(cell, kind="stable")
        self._cell, self._row = cell[order], row[order]

    def beside(self, pieces: Sequence[type_f64]) -> list[int]:
        """Give the stops beside drawn ways, each shape (n, 2). [°]"""
        found = [np.zeros(0, np.int64)]
        for piece in pieces:
            lat, lon = frozen(piece[:, 0]), frozen(piece[:, 1])
            along = np.unique(_kernels.cells_along(lat, lon, MATCH_CELL_M, 0))
            low = np.searchsorted(self._cell, along)
            high = np.searchsorted(self._cell, along, side="right")
            found += [self._row[a:b] for a, b in zip(low, high, strict=True) if b > a]
        out: list[int] = np.unique(np.concatenate(found)).tolist()
        return out
