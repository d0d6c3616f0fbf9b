"""Statements of a provider or a person about intervals, turned into likelihoods."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from estran.history import Said, said_of
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
    low, high = _candidates(moves, start_us, end_us)
    for row in np.flatnonzero(high > low):
        for claim in range(low[row], high[row]):
            shared = min(end_us[row], moves.end_us[claim]) - max(
                start_us[row], moves.start_us[claim]
            )
            lasts_us = max(end_us[row] - start_us[row], 1)
            out[row] += row_log[claim] * (max(shared, 0) / lasts_us)
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
    """Give the instants where one named ride follows another: legs are cut there.

    Midway, where a pause is between them.
    """
    if len(moves) < 2:  # noqa: PLR2004 - a border has two sides
        return np.empty(0, np.int64)
    table = mode_table(tuple(Mode)) > 0
    # "In a vehicle" after "train" may still be the train: only words that exclude each
    # other make a border.
    follows = ~(table[moves.motion[1:]] & table[moves.motion[:-1]]).any(axis=1)
    pause_us = moves.start_us[1:] - moves.end_us[:-1]
    follows &= (pause_us >= 0) & (pause_us <= LONGEST_PAUSE_US)
    border: NDArray[np.int64] = (moves.end_us[:-1] + pause_us // 2)[follows]
    return border


LONGEST_PAUSE_US = 600_000_000
"""Rides farther apart in time do not share a border."""


def _candidates(
    moves: Claims, start_us: NDArray[np.int64], end_us: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Give, for each interval, the half-open range of the claims that may overlap it."""
    reach_us = np.maximum.accumulate(moves.end_us) if len(moves) else moves.end_us
    return (
        np.searchsorted(reach_us, start_us, "right"),
        np.searchsorted(moves.start_us, end_us, "left"),
    )


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
    low, high = _candidates(moves, start_us, end_us)
    for row in np.flatnonzero(high > low):
        for claim in range(low[row], high[row]):
            shared = min(end_us[row], moves.end_us[claim]) - max(
                start_us[row], moves.start_us[claim]
            )
            if 2 * shared >= max(end_us[row] - start_us[row], 1):
                motion[row], trust_share[row] = moves.motion[claim], trust[claim]
    return motion, trust_share


PLAIN_SHARE = 0.75
"""A word that fits a second mode as well as this names none."""


def said_to_provider(claims: Claims) -> Said:
    """Give what the person confirmed to a provider, where its word names one mode."""
    moves = moves_of(claims.take(np.flatnonzero(claims.confirmed)))
    plain = plain_modes()
    rows = zip(
        moves.start_us.tolist(), moves.end_us.tolist(), moves.motion.tolist(), strict=True
    )  # fmt: skip
    return said_of((start, end, plain[motion]) for start, end, motion in rows if motion in plain)


def plain_modes() -> dict[int, Mode]:
    """Give the mode of each motion whose word names one alone."""
    return {motion: mode for motion in MODES_SAID if (mode := _plain_mode(motion)) is not None}


def _plain_mode(motion: int) -> Mode | None:
    (best, _), *others = sorted(MODES_SAID[motion].items(), key=lambda pair: -pair[1])
    return None if any(fit >= PLAIN_SHARE for _, fit in others) else Mode(best)
