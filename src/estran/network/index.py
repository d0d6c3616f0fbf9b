"""A network laid over cells, so that what is near a position is found by its number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estran.geo.compiled import frozen
from estran.network import _kernels
from estran.network.values import Network, degrees

LINE_CELL_M = 50.0
"""Receivers in streets err by 5 to 30 m, and streets are 15 m wide. A line is near when it
is in the position's own cell or one beside it, thus within 50 to 100 m."""

STOP_CELL_M = 300.0

AREA_CELL_M = 5000.0
"""Where a mode has a line or a stop within one cell of this, it is said to be covered."""

_WIDE_M = ((150.0, 0), (600.0, 1), (np.inf, 5))
"""Mean spacing of a piece's points up to which it is drawn so many cells wider on each side:
the longer the straight parts, the further the way may be from them."""

type_i64 = NDArray[np.int64]
type_f64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cells:
    """Numbers held in numbered cells: cell ``key[i]`` holds ``held[offset[i]:offset[i+1]]``."""

    key: type_i64
    offset: type_i64
    held: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Index:
    """What :mod:`estran.network.following` asks a network.

    Parameters
    ----------
    lines, stops : Cells
        Lines by cells of :data:`LINE_CELL_M`, stops by cells of :data:`STOP_CELL_M`.
    stop_lat_deg, stop_lon_deg : float64 array, shape (n_stops,)
    call_offset : int64 array, shape (n_stops + 1,)
        Lines of stop ``i`` are ``call_line[call_offset[i]:call_offset[i + 1]]``.
    call_line : int32 array
    line_stop_offset, line_stop : int64 and int32 array
        The same the other way round: stops of each line.
    line_mode : int8 array, shape (n_lines,)
    area : Cells
        Modes by cells of :data:`AREA_CELL_M`.
    """

    lines: Cells
    stops: Cells
    stop_lat_deg: type_f64
    stop_lon_deg: type_f64
    call_offset: type_i64
    call_line: NDArray[np.int32]
    line_stop_offset: type_i64
    line_stop: NDArray[np.int32]
    line_mode: NDArray[np.int8]
    area: Cells


@dataclass(frozen=True, slots=True)
class LaidNetwork:
    """A network ready to be asked: made once, used for any number of persons.

    Parameters
    ----------
    line_name : tuple of str
    digest : str
        Of the network it was made from.
    index : Index
    """

    line_name: tuple[str, ...]
    digest: str
    index: Index


def lay(network: Network) -> LaidNetwork:
    """Lay a network over cells, its names kept."""
    return LaidNetwork(network.line_name, network.digest, index_of(network))


def cells_of(lat_deg: type_f64, lon_deg: type_f64, cell_m: float) -> type_i64:
    """Give the number of the cell of each position."""
    out = np.empty(lat_deg.size, np.int64)
    _kernels.cells_of(frozen(lat_deg), frozen(lon_deg), cell_m, out)
    return out


def _held(cell: type_i64, what: NDArray[np.signedinteger]) -> Cells:
    """Sort pairs of a cell and what it holds; neighbours that say the same are one."""
    order = np.argsort(cell, kind="stable")
    cell, what = cell[order], what[order]
    new = np.ones(cell.size, bool)
    new[1:] = (cell[1:] != cell[:-1]) | (what[1:] != what[:-1])
    cell, what = cell[new], what[new]
    heads = np.flatnonzero(np.diff(cell, prepend=-1))
    offset = np.append(heads, cell.size).astype(np.int64)
    return Cells(frozen(cell[heads]), frozen(offset), frozen(what.astype(np.int32)))


def _wide_of(lat_deg: type_f64, lon_deg: type_f64) -> int:
    """Tell by how many cells a piece is to be drawn wider."""
    north = np.diff(lat_deg)
    east = np.diff(lon_deg) * np.cos(np.radians(lat_deg[:-1]))
    spacing_m = float(np.hypot(north, east).mean()) * _kernels.M_PER_DEG if north.size else 0.0
    return next(wide for limit_m, wide in _WIDE_M if spacing_m <= limit_m)


def _line_cells(network: Network) -> Cells:
    lat, lon = degrees(network.lat_e6), degrees(network.lon_e6)
    of_line: list[list[type_i64]] = [[] for _ in network.line_name]
    for piece, line in enumerate(network.piece_line.tolist()):
        a, b = network.piece_offset[piece], network.piece_offset[piece + 1]
        wide = _wide_of(lat[a:b], lon[a:b])
        if network.piece_straight[piece]:
            wide = max(wide, 1)
        along = _kernels.cells_along(frozen(lat[a:b]), frozen(lon[a:b]), LINE_CELL_M, wide)
        of_line[line].append(np.unique(along))
    cells = [np.unique(np.concatenate(own)) if own else np.zeros(0, np.int64) for own in of_line]
    line = np.repeat(np.arange(len(cells), dtype=np.int32), [own.size for own in cells])
    return _held(np.concatenate([np.zeros(0, np.int64), *cells]), line)


def _area_cells(network: Network) -> Cells:
    n_points = np.diff(network.piece_offset)
    mode = network.line_mode[np.repeat(network.piece_line, n_points)]
    called = network.line_mode[network.call_line]
    lat = degrees(np.concatenate([network.lat_e6, network.stop_lat_e6[network.call_stop]]))
    lon = degrees(np.concatenate([network.lon_e6, network.stop_lon_e6[network.call_stop]]))
    both = np.concatenate([mode, called])
    order = np.argsort(both, kind="stable")
    return _held(cells_of(lat[order], lon[order], AREA_CELL_M), both[order])


def _grouped(of: NDArray[np.int32], n: int) -> tuple[type_i64, NDArray[np.intp]]:
    """Tell where each of ``n`` groups begins, and the order that puts them together."""
    count = np.bincount(of, minlength=n)
    offset = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    return frozen(offset), np.argsort(of, kind="stable")


def index_of(network: Network) -> Index:
    """Lay a network over cells."""
    stop_lat, stop_lon = degrees(network.stop_lat_e6), degrees(network.stop_lon_e6)
    call_offset, by_stop = _grouped(network.call_stop, network.n_stops)
    line_stop_offset, by_line = _grouped(network.call_line, len(network.line_name))
    return Index(
        lines=_line_cells(network),
        stops=_held(cells_of(stop_lat, stop_lon, STOP_CELL_M), np.arange(network.n_stops)),
        stop_lat_deg=frozen(stop_lat),
        stop_lon_deg=frozen(stop_lon),
        call_offset=call_offset,
        call_line=frozen(network.call_line[by_stop]),
        line_stop_offset=line_stop_offset,
        line_stop=frozen(network.call_stop[by_line]),
        line_mode=frozen(network.line_mode),
        area=_area_cells(network),
    )
