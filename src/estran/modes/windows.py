"""The class of every window (still, walk, bike, motor), and the runs they make."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from estran.modes import _kernels, _window_kernels, tables
from estran.modes.grid import Grid
from estran.modes.hints import BIKE, CLASSES, MOTOR, STILL, WALK
from estran.modes.settings import ModeSettings
from estran.timebase import US_PER_S

__all__ = ["BIKE", "CLASSES", "MOTOR", "STILL", "WALK", "Runs", "movement_evidence", "runs_of"]

type_f32 = NDArray[np.float32]
type_i64 = NDArray[np.int64]

LASTS_S = np.array([240.0, 420.0, 900.0, 1200.0])
"""How long each class usually lasts (any value within a factor of two gives the same)."""

FOLLOWS_SHARE = np.array(
    [
        [0.00, 0.55, 0.06, 0.39],
        [0.40, 0.00, 0.15, 0.45],
        [0.25, 0.70, 0.00, 0.05],
        [0.35, 0.62, 0.03, 0.00],
    ]
)
"""What follows what: between a bike and a vehicle one walks."""

STARTS_SHARE = np.array([0.08, 0.5, 0.12, 0.3])
"""How trips begin: mostly on foot."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Stretches of windows of one class: half-open windows, in order, trip by trip."""

    trip: type_i64
    first: type_i64
    last: type_i64
    kind: NDArray[np.int8]


def movement_evidence(grid: Grid, *, settings: ModeSettings) -> type_f32:
    """Give what movement says of each window, shape (n_windows, n_classes), tempered."""
    scores = tables.curves("windows").scores(grid.features)
    weight = settings.kinematic_temper_factor * grid.support_share
    _window_kernels.centre(scores, weight)
    return scores


def _transition(settings: ModeSettings) -> NDArray[np.float64]:
    leaves = np.minimum(settings.step_s / LASTS_S, 0.5)
    table = FOLLOWS_SHARE * leaves[:, None] + np.diag(1 - leaves)
    out: NDArray[np.float64] = np.maximum(table, 1e-6)
    return out


def classes_of(
    grid: Grid, evidence: type_f32, *, settings: ModeSettings
) -> tuple[NDArray[np.int8], type_f32]:
    """Find the most probable classes along each trip, and the posterior of each window."""
    transition = _transition(settings)
    posterior = np.zeros(evidence.shape, np.float32)
    _kernels.posteriors(grid.offset, evidence, transition, STARTS_SHARE, posterior)
    return _window_kernels.best(posterior), posterior


def _longest_stop_s(before: int | None, after: int | None, settings: ModeSettings) -> float:
    """Give how long a standstill may last and still belong to what is beside it."""
    if before is None or after is None:
        return settings.longest_stop_at_rim_s
    if after == WALK:
        # Nobody waits between two walks, nor after a ride.
        within_walk = before == WALK
        return settings.longest_pause_in_walk_s if within_walk else settings.longest_stop_in_ride_s
    return settings.longest_stop_in_ride_s if before == after else settings.shortest_wait_s


def _too_short(
    run: list[int], before: int | None, after: int | None, step_s: float, settings: ModeSettings
) -> bool:
    lasts_s = (run[1] - run[0]) * step_s
    if run[2] == STILL:
        return lasts_s < _longest_stop_s(before, after, settings)
    shortest_s = (
        0.0, settings.shortest_walk_s, settings.shortest_bike_s, settings.shortest_ride_s
    )  # fmt: skip
    return lasts_s < shortest_s[run[2]]


def _heir(runs: list[list[int]], i: int) -> list[int]:
    """Choose the neighbour that takes a run: who walks up to a ride stands before it on foot.

    Otherwise a vehicle takes a short stop, and the longer neighbour does between equals.
    """
    sides = [runs[j] for j in (i - 1, i + 1) if 0 <= j < len(runs)]
    if runs[i][2] == STILL and sides[0][2] == WALK and i:
        return sides[0]
    return max(sides, key=lambda r: (r[2] != STILL, r[2] == MOTOR, r[1] - r[0]))


def _joined(runs: list[list[int]]) -> list[list[int]]:
    out: list[list[int]] = []
    for run in runs:
        if out and out[-1][2] == run[2]:
            out[-1][1] = run[1]
        else:
            out.append(list(run))
    return out


def _mended(
    runs: list[list[int]], step_s: float, weight: NDArray[np.float64], settings: ModeSettings
) -> list[list[int]]:
    """Give runs too short or too baseless to be legs to a neighbour, the shortest first.

    ``weight`` is the evidence heard up to each window: a run inside a gap that nothing
    tells of is a guess of when to cut, and there is no cut without evidence.
    """
    while len(runs) > 1:
        short = [
            (run[1] - run[0], i)
            for i, run in enumerate(runs)
            if weight[run[1]] - weight[run[0]] < settings.least_evidence
            or _too_short(
                run,
                runs[i - 1][2] if i else None,
                runs[i + 1][2] if i + 1 < len(runs) else None,
                step_s,
                settings,
            )
        ]
        if not short:
            break
        _, i = min(short)
        runs[i][2] = _heir(runs, i)[2]
        runs = _joined(runs)
    return runs


def _with_unseen_rides(
    state: NDArray[np.int8], grid: Grid, *, settings: ModeSettings
) -> NDArray[np.int8]:
    """Make rides of the gaps inside standstills that end far from where they began.

    A phone in a tunnel feels a smooth tram as standstill and has no fix to prove otherwise,
    but the first fix after the gap does.
    """
    unseen = (state == STILL) & (grid.gap_s > 6 * settings.step_s) & (grid.speed_mps > 1.0)
    unseen &= np.isfinite(grid.gap_s)
    if not unseen.any():
        return state
    step_s = (grid.end_us - grid.start_us) / US_PER_S
    out = state.copy()
    edges = np.flatnonzero(np.diff(np.concatenate([[0], unseen.view(np.int8), [0]])))
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        if (grid.speed_mps[a:b] * step_s[a:b]).sum() >= settings.unseen_ride_m:
            out[a:b] = MOTOR
    return out


def runs_of(
    state: NDArray[np.int8], grid: Grid, evidence: type_f32, *, settings: ModeSettings
) -> Runs:
    """Make stretches of one class from windows, short ones given to their neighbours."""
    state = _with_unseen_rides(state, grid, settings=settings)
    weight = _window_kernels.heard(evidence)
    rows: list[tuple[int, int, int, int]] = []
    found = zip(
        *(column.tolist() for column in _window_kernels.stretches(grid.offset, state)), strict=True
    )
    for trip, parts in groupby(found, key=itemgetter(0)):
        runs = [[first, last, kind] for _, first, last, kind in parts]
        if len(runs) > 1:
            low = runs[0][0]
            step_s = float(grid.end_us[low] - grid.start_us[low]) / US_PER_S
            runs = _mended(runs, step_s, weight, settings)
        rows += [(trip, first, last, kind) for first, last, kind in runs]
    table = np.array(rows, np.int64).reshape(-1, 4)
    return Runs(table[:, 0], table[:, 1], table[:, 2], table[:, 3].astype(np.int8))


def cut_at(runs: Runs, grid: Grid, border_us: NDArray[np.int64], *, settings: ModeSettings) -> Runs:
    """Cut runs where a claim says that another ride begins, both parts being rides long."""
    if border_us.size == 0:
        return runs
    window = np.searchsorted(grid.start_us, border_us)
    rows: list[tuple[int, int, int, int]] = []
    for trip, first, last, kind in zip(runs.trip, runs.first, runs.last, runs.kind, strict=True):
        step_s = float(grid.end_us[first] - grid.start_us[first]) / US_PER_S
        least = max(1, round(settings.shortest_ride_s / step_s))
        opens = int(first)
        for cut in window[(window > first) & (window < last)].tolist():
            if kind != STILL and cut - opens >= least and last - cut >= least:
                rows.append((int(trip), opens, cut, int(kind)))
                opens = cut
        rows.append((int(trip), opens, int(last), int(kind)))
    table = np.array(rows, np.int64).reshape(-1, 4)
    return Runs(table[:, 0], table[:, 1], table[:, 2], table[:, 3].astype(np.int8))
