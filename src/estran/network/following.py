"""Which lines legs follow: the question that the mode stage asks a network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estran.geo.compiled import frozen
from estran.network import _kernels
from estran.network.index import AREA_CELL_M, LINE_CELL_M, STOP_CELL_M, Index, LaidNetwork, cells_of
from estran.network.values import LINE_MODES
from estran.travel import Mode

type_i64 = NDArray[np.int64]
type_f32 = NDArray[np.float32]

BESIDE_US = 60_000_000
"""How far the border of a leg may be from the instant of boarding or alighting: half of the
borders found are nearer."""

USABLE_M = 100.0
"""A fix worse than this tells no street from the next one."""

LEAST_STEP_M, MOST_STEP_M = 30.0, 300.0
"""Fixes nearer than this to the last one add nothing; a step longer than this is not known
between its ends."""

SLOW_MPS = 0.8
"""The wander of a receiver in a vehicle that stands."""

STOP_REACH_M = {Mode.BUS: 60.0, Mode.COACH: 100.0, Mode.TRAM: 80.0}
"""How near a standstill at a stop is; elsewhere :data:`STATION_REACH_M`, platforms being long."""

STATION_REACH_M = 250.0

REACH_M = 300.0
"""A stop further than this from the ends of a leg is not one it boarded or left at."""


@dataclass(frozen=True, slots=True)
class Followed:
    """How well each leg fits the best line of each mode; shape of all (n_legs, n_modes).

    Columns are those of :data:`estran.network.values.LINE_MODES`.

    Parameters
    ----------
    line : int32 array
        The line that fits best; -1 where none is near.
    near_share : float32 array
        Share of the way seen that is near it.
    start_m, end_m : float32 array
        Least distance of a stop of it from where the leg begins and ends; infinite beyond
        :data:`REACH_M`. [m]
    seen_m : float32 array, shape (n_legs,)
        How much of the way was seen. [m]
    n_stood, n_stood_at_stop : int32 array
        How often the leg stood still, and how often at a stop of the line.
    covered : bool array
        The network knows lines of this mode about both ends of the leg.
    """

    line: NDArray[np.int32]
    near_share: type_f32
    start_m: type_f32
    end_m: type_f32
    seen_m: type_f32
    n_stood: NDArray[np.int32]
    n_stood_at_stop: NDArray[np.int32]
    covered: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Walked:
    """The fixes of a trace, and the legs in it.

    Parameters
    ----------
    time_us : int64 array, shape (n,)
    lat_deg, lon_deg : float64 array, shape (n,)
    accuracy_m : float32 array, shape (n,)
        NaN where not known.
    start_us, end_us : int64 array, shape (n_legs,)
    """

    time_us: type_i64
    lat_deg: NDArray[np.float64]
    lon_deg: NDArray[np.float64]
    accuracy_m: type_f32
    start_us: type_i64
    end_us: type_i64


def _rows(walked: Walked, low_us: type_i64, high_us: type_i64) -> tuple[type_i64, type_i64]:
    """Give half-open rows of the fixes within instants, the ones just outside included."""
    low = np.searchsorted(walked.time_us, low_us) - 1
    high = np.searchsorted(walked.time_us, high_us, side="right") + 1
    return np.maximum(low, 0), np.minimum(high, walked.time_us.size)


def follow(walked: Walked, laid: LaidNetwork) -> Followed:
    """Find the line of each mode that fits each leg best."""
    index = laid.index
    n = walked.start_us.size
    first = np.searchsorted(walked.time_us, walked.start_us)
    last = np.searchsorted(walked.time_us, walked.end_us, side="right")
    middle_us = (walked.start_us + walked.end_us) // 2
    start = _rows(
        walked, walked.start_us - BESIDE_US, np.minimum(walked.start_us + BESIDE_US, middle_us)
    )
    end = _rows(walked, np.maximum(walked.end_us - BESIDE_US, middle_us), walked.end_us + BESIDE_US)
    shape = (n, len(LINE_MODES))
    line = np.full(shape, -1, np.int32)
    share = np.zeros(shape, np.float32)
    start_m, end_m = np.full(shape, np.inf, np.float32), np.full(shape, np.inf, np.float32)
    seen_m = np.zeros(n, np.float32)
    lat, lon = frozen(walked.lat_deg), frozen(walked.lon_deg)
    _kernels.follow(
        first, last, *start, *end, lat, lon, frozen(walked.accuracy_m),
        USABLE_M, LEAST_STEP_M, MOST_STEP_M,
        LINE_CELL_M, index.lines.key, index.lines.offset, index.lines.held,
        REACH_M, STOP_CELL_M, index.stops.key, index.stops.offset, index.stops.held,
        index.stop_lat_deg, index.stop_lon_deg, index.call_offset, index.call_line,
        index.line_mode, line, share, start_m, end_m, seen_m,
    )  # fmt: skip
    stood = np.zeros((n, len(LINE_MODES), 2), np.int32)
    for column, mode in enumerate(LINE_MODES):
        made = np.zeros((n, 2), np.int32)
        reach = np.full(n, STOP_REACH_M.get(mode, STATION_REACH_M), np.float32)
        _kernels.stops_made(
            first, last, frozen(walked.time_us), lat, lon,
            np.ascontiguousarray(line[:, column]), reach, index.line_stop_offset,
            index.line_stop, index.stop_lat_deg, index.stop_lon_deg, SLOW_MPS, made,
        )  # fmt: skip
        stood[:, column] = made
    return Followed(
        line, share, start_m, end_m, seen_m, stood[:, :, 0], stood[:, :, 1],
        _covered(walked, first, last, index),
    )  # fmt: skip


def _covered(walked: Walked, first: type_i64, last: type_i64, index: Index) -> NDArray[np.bool_]:
    """Tell of which modes the network knows lines about both ends of each leg."""
    out = np.ones((first.size, len(LINE_MODES)), bool)
    n = walked.time_us.size
    if n == 0:
        return np.zeros(out.shape, bool)
    for row in (np.minimum(first, n - 1), np.clip(last - 1, 0, n - 1)):
        about = np.zeros(out.shape, bool)
        lat, lon = walked.lat_deg[row], walked.lon_deg[row]
        for shift in (-1, 0, 1):
            moved = lat + shift * AREA_CELL_M / _kernels.M_PER_DEG
            cell = cells_of(moved, lon, AREA_CELL_M)
            for side in (-1, 0, 1):
                _note_modes(cell + side, index, about)
        out &= about
    return out


def _note_modes(cell: type_i64, index: Index, about: NDArray[np.bool_]) -> None:
    area = index.area
    if area.key.size == 0:
        return
    at = np.minimum(np.searchsorted(area.key, cell), area.key.size - 1)
    for leg in np.flatnonzero(area.key[at] == cell):
        about[leg, area.held[area.offset[at[leg]] : area.offset[at[leg] + 1]]] = True
