"""Statements of a provider or a person about intervals, turned into likelihoods."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from estran.journal import Mode
from estran.modes.grid import Grid
from estran.modes.hints import CLASSES, MODES_SAID, class_of
from estran.trace import ClaimKind, Claims

type_f32 = NDArray[np.float32]
type_f64 = NDArray[np.float64]

UNSAID_PROBABILITY_SHARE = 0.75
"""Weight of a claim that comes without one: providers' own labels are mostly right."""

CONFIRMED_PROBABILITY_SHARE = 0.995

WINDOW_WEIGHT_FACTOR = 0.3
"""A claim speaks once of its whole interval; over windows it only has to set borders."""


def moves_of(claims: Claims) -> Claims:
    """Choose the moves that name a motion, in time order."""
    named = np.isin(claims.motion, list(MODES_SAID))
    chosen = claims.take(np.flatnonzero(named & (claims.kind == ClaimKind.MOVE)))
    return chosen.take(np.argsort(chosen.start_us, kind="stable"))


def trust_of(moves: Claims) -> type_f64:
    """Give each move's probability of being right, 0 to 1, never certain."""
    told = moves.probability_share.astype(float)
    told = np.where(np.isfinite(told) & (told > 0), told, UNSAID_PROBABILITY_SHARE)
    return np.where(moves.confirmed, CONFIRMED_PROBABILITY_SHARE, np.clip(told, 0.3, 0.97))


def mode_table(modes: tuple[Mode, ...]) -> type_f64:
    """Give how well each motion's word fits each mode, shape (n_motions, n_modes)."""
    table = np.zeros((max(MODES_SAID) + 1, len(modes)))
    for motion, fits in MODES_SAID.items():
        for mode, fit in fits.items():
            table[motion, modes.index(Mode(mode))] = fit
    return table


def mode_evidence(
    moves: Claims, start_us: NDArray[np.int64], end_us: NDArray[np.int64], modes: tuple[Mode, ...]
) -> type_f64:
    """Give what claims say of the mode of intervals.

    Each claim weighs by the share of the interval that it covers.

    Returns
    -------
    float64 array, shape (n_intervals, n_modes)
        Log-likelihoods; zero where no claim is.
    """
    out = np.zeros((start_us.size, len(modes)))
    if len(moves) == 0:
        return out
    trust = trust_of(moves)[:, None]
    fit = mode_table(modes)[moves.motion]
    wrong = (1 - trust) / len(modes)
    row_log = np.log(wrong + trust * fit / fit.sum(axis=1, keepdims=True).clip(1e-9))
    row_log -= row_log.max(axis=1, keepdims=True)
    for row in range(start_us.size):
        inside = np.flatnonzero((moves.start_us < end_us[row]) & (moves.end_us > start_us[row]))
        for claim in inside:
            shared = min(end_us[row], moves.end_us[claim]) - max(
                start_us[row], moves.start_us[claim]
            )
            out[row] += row_log[claim] * (shared / max(end_us[row] - start_us[row], 1))
    return out


def window_evidence(moves: Claims, grid: Grid) -> type_f32:
    """Give what claims say of the class of each window, shape (n_windows, n_classes)."""
    out = np.zeros((grid.start_us.size, len(CLASSES)), np.float32)
    trust = trust_of(moves)
    for claim in range(len(moves)):
        first = np.searchsorted(grid.start_us, moves.start_us[claim])
        last = np.searchsorted(grid.end_us, moves.end_us[claim], "right")
        classes = {class_of(mode) for mode in MODES_SAID[int(moves.motion[claim])]}
        odds = np.log(trust[claim] / (1 - trust[claim]) * (len(CLASSES) - 1))
        for c in classes:
            out[first:last, c] += WINDOW_WEIGHT_FACTOR * max(odds, 0.0)
    return out


def borders_us(moves: Claims) -> NDArray[np.int64]:
    """Give the instants where one named ride follows another: legs are cut there."""
    return np.unique(np.concatenate([moves.start_us, moves.end_us]))


def most_said(
    moves: Claims, start_us: NDArray[np.int64], end_us: NDArray[np.int64]
) -> tuple[NDArray[np.int64], type_f32]:
    """Find the motion that claims state for most of each interval.

    Returns
    -------
    motion : int64 array, shape (n_intervals,)
        Code of :class:`estran.trace.Motion`; -1 when no claim covers half of it.
    trust_share : float32 array, shape (n_intervals,)
    """
    motion = np.full(start_us.size, -1, np.int64)
    trust_share = np.full(start_us.size, np.nan, np.float32)
    trust = trust_of(moves)
    for claim in range(len(moves)):
        shared = np.minimum(end_us, moves.end_us[claim]) - np.maximum(
            start_us, moves.start_us[claim]
        )
        most = 2 * shared >= np.maximum(end_us - start_us, 1)
        motion[most] = moves.motion[claim]
        trust_share[most] = trust[claim]
    return motion, trust_share
