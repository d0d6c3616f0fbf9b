"""Figures of tallies: shares right, F1, calibration (docs/algorithms/scoring.md)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from estran.journal import Mode
from estran.scoring.tally import Tally
from estran.scoring.values import UNCOVERED, type_counts


def right_share(counts: type_counts) -> float:
    """Give the share on the diagonal of a confusion; NaN when nothing was counted."""
    whole = sum(counts.values())
    right = sum(n for (truth, said), n in counts.items() if truth == said)
    return right / whole if whole else math.nan


def said_share(counts: type_counts, mode: str) -> float:
    """Give the share of true movement that was reported as a class; NaN without movement."""
    whole = sum(counts.values())
    return sum(n for (_, said), n in counts.items() if said == mode) / whole if whole else math.nan


def uncovered_share(counts: type_counts) -> float:
    """Give the share of true movement that no reported leg covers."""
    return said_share(counts, UNCOVERED)


def without_waits(counts: type_counts) -> Counter[tuple[str, str]]:
    """Leave out waits reported inside true walks: for diaries that know no waits."""
    kept: Counter[tuple[str, str]] = Counter()
    for (truth, said), n in counts.items():
        if (truth, said) != (Mode.WALK, Mode.WAIT):
            kept[truth, said] += n  # type: ignore[assignment] # a Counter of floats
    return kept


@dataclass(frozen=True, slots=True)
class ModeRow:
    """How one class fared.

    Parameters
    ----------
    mode : str
    truth_s : float
        Time truly spent in it. [s]
    recall_share, precision_share, f1_share : float
        NaN where there is nothing to divide by.
    """

    mode: str
    truth_s: float
    recall_share: float
    precision_share: float
    f1_share: float


def mode_rows(counts: type_counts) -> tuple[ModeRow, ...]:
    """Give recall, precision and F1 of each class that truth holds, by name.

    Examples
    --------
    >>> rows = mode_rows({("walk", "walk"): 3.0, ("walk", "bus"): 1.0, ("bus", "bus"): 1.0})
    >>> [(row.mode, row.recall_share, row.precision_share) for row in rows]
    [('bus', 1.0, 0.5), ('walk', 0.75, 1.0)]
    """
    rows = []
    for mode in sorted({truth for truth, _ in counts}):
        right = counts.get((mode, mode), 0.0)
        truth_s = sum(n for (t, _), n in counts.items() if t == mode)
        said_s = sum(n for (_, s), n in counts.items() if s == mode)
        if truth_s:
            rows.append(
                ModeRow(
                    mode,
                    truth_s,
                    right / truth_s,
                    right / said_s if said_s else math.nan,
                    2 * right / (truth_s + said_s),
                )
            )
    return tuple(rows)


def macro_f1(counts: type_counts) -> float:
    """Give the plain mean of the classes' F1; NaN when there is no class."""
    rows = mode_rows(counts)
    return sum(row.f1_share for row in rows) / len(rows) if rows else math.nan


@dataclass(frozen=True, slots=True)
class Tenth:
    """How often modes came true to which a report gave about the same probability."""

    lasts_s: float
    mean_probability_share: float
    right_share: float


def tenths(tally: Tally) -> tuple[Tenth, ...]:
    """Compare probabilities with what came true, from the least sure tenth to the surest."""
    return tuple(
        Tenth(
            lasts_s,
            tally.hoped_s[tenth] / lasts_s,
            tally.right_s[tenth] / lasts_s,
        )
        for tenth, lasts_s in sorted(tally.sure_s.items())
        if lasts_s > 0
    )


def calibration_error_share(tally: Tally) -> float:
    """Give the mean gap between probability and what came true, by time; NaN without any.

    The expected calibration error of Naeini, Cooper and Hauskrecht (2015), over tenths.
    """
    rows = tenths(tally)
    whole_s = sum(row.lasts_s for row in rows)
    gap_s = sum(abs(row.mean_probability_share - row.right_share) * row.lasts_s for row in rows)
    return gap_s / whole_s if whole_s else math.nan


def brier_score(tally: Tally) -> float:
    """Give the mean squared gap of probability and truth, by time; NaN without any."""
    whole_s = sum(tally.sure_s.values())
    return tally.brier_s / whole_s if whole_s else math.nan


def co2e_error_share(tally: Tally) -> float:
    """Give how far the reported CO2e is off the true one, signed; NaN without a true one."""
    if not tally.co2e_true_g:
        return math.nan
    return (tally.co2e_said_g - tally.co2e_true_g) / tally.co2e_true_g


def quantiles_s(errors_s: Sequence[float]) -> tuple[float, float]:
    """Give median and ninth decile of errors; NaN without any. [s]"""
    if not errors_s:
        return math.nan, math.nan
    median_s, p90_s = np.quantile(errors_s, (0.5, 0.9))
    return float(median_s), float(p90_s)
