"""Scoring: how right a journal is, against labelled legs (docs/algorithms/scoring.md)."""

from __future__ import annotations

from estran.scoring.carbon import priced
from estran.scoring.figures import (
    ModeRow,
    Tenth,
    brier_score,
    calibration_error_share,
    co2e_error_share,
    macro_f1,
    mode_rows,
    quantiles_s,
    right_share,
    said_share,
    tenths,
    uncovered_share,
    without_waits,
)
from estran.scoring.reading import Labels, labels_of
from estran.scoring.tally import Odometer, Tally, count_co2e, score
from estran.scoring.values import (
    UNCOVERED,
    LabelledLeg,
    LabelledTrip,
    canonical,
    five_classes,
    merged,
    motor_merged,
    trips_of,
    type_counts,
)

__all__ = [
    "UNCOVERED",
    "LabelledLeg",
    "LabelledTrip",
    "Labels",
    "ModeRow",
    "Odometer",
    "Tally",
    "Tenth",
    "brier_score",
    "calibration_error_share",
    "canonical",
    "co2e_error_share",
    "count_co2e",
    "five_classes",
    "labels_of",
    "macro_f1",
    "merged",
    "mode_rows",
    "motor_merged",
    "priced",
    "quantiles_s",
    "right_share",
    "said_share",
    "score",
    "tenths",
    "trips_of",
    "type_counts",
    "uncovered_share",
    "without_waits",
]
