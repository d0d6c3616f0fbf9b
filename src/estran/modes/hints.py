"""What phones and providers say of the movement, turned into likelihoods.

A hint is evidence and never a gate: it adds to what movement says, and nothing is lost
where there is none.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from estran.journal import Mode
from estran.modes import _kernels
from estran.modes.grid import Grid
from estran.modes.settings import ModeSettings
from estran.timebase import US_PER_S
from estran.trace import Activities, Motion

type_f32 = NDArray[np.float32]

STILL, WALK, BIKE, MOTOR = range(4)
CLASSES = ("still", "walk", "bike", "motor")
"""What a window is taken for before a ride's vehicle is asked."""

ON_FOOT = (Motion.ON_FOOT, Motion.WALK, Motion.RUN)
IN_VEHICLE = (
    Motion.VEHICLE, Motion.ROAD_VEHICLE, Motion.CAR, Motion.MOTORCYCLE, Motion.BUS, Motion.RAIL,
    Motion.TRAIN, Motion.METRO, Motion.TRAM, Motion.FERRY, Motion.PLANE, Motion.MOPED,
    Motion.COACH,
)  # fmt: skip

_SAID_AS: Mapping[int, int] = {
    Motion.STILL: 0,
    **dict.fromkeys(ON_FOOT, 1),
    Motion.BIKE: 2,
    Motion.E_BIKE: 2,
    Motion.E_SCOOTER: 2,
    **dict.fromkeys(IN_VEHICLE, 3),
    Motion.UNKNOWN: 4,
    Motion.OTHER: 4,
}
"""Column of :data:`SAID_SHARE` for each motion; those it lacks tell nothing."""

SAID_SHARE = np.array(
    [
        [0.62, 0.17, 0.02, 0.06, 0.13],
        [0.10, 0.72, 0.03, 0.03, 0.12],
        [0.06, 0.28, 0.46, 0.08, 0.12],
        [0.22, 0.05, 0.02, 0.57, 0.14],
    ]
)
"""How often a phone says still, on foot, bike, vehicle, unknown in each of CLASSES.

Google's IN_VEHICLE share inside logged rides is 29 % (tram) to 89 % (car) and STILL is the
usual error; iPhones call two rides of three on a bike walking. No class is ruled out.
"""

MODES_SAID: Mapping[int, Mapping[str, float]] = {
    Motion.WALK: {Mode.WALK: 1.0},
    Motion.ON_FOOT: {Mode.WALK: 1.0, Mode.RUN: 0.7},
    Motion.RUN: {Mode.RUN: 1.0},
    Motion.BIKE: {Mode.BIKE: 1.0, Mode.E_BIKE: 0.6},
    Motion.E_BIKE: {Mode.E_BIKE: 1.0},
    Motion.E_SCOOTER: {Mode.E_SCOOTER: 1.0},
    Motion.MOPED: {Mode.MOPED: 1.0},
    Motion.MOTORCYCLE: {Mode.MOTORCYCLE: 1.0},
    Motion.CAR: {Mode.CAR: 1.0},
    Motion.BUS: {Mode.BUS: 1.0},
    Motion.COACH: {Mode.COACH: 1.0},
    Motion.RAIL: {Mode.TRAIN: 1.0, Mode.METRO: 0.8, Mode.TRAM: 0.8},
    Motion.TRAIN: {Mode.TRAIN: 1.0},
    Motion.METRO: {Mode.METRO: 1.0},
    Motion.TRAM: {Mode.TRAM: 1.0},
    Motion.FERRY: {Mode.FERRY: 1.0},
    Motion.PLANE: {Mode.PLANE: 1.0},
    Motion.ROAD_VEHICLE: {Mode.CAR: 1.0, Mode.BUS: 0.8, Mode.COACH: 0.5, Mode.MOTORCYCLE: 0.5},
    Motion.VEHICLE: {
        Mode.CAR: 1.0, Mode.BUS: 0.9, Mode.COACH: 0.5, Mode.MOTORCYCLE: 0.4, Mode.TRAM: 0.6,
        Mode.METRO: 0.6, Mode.TRAIN: 0.8, Mode.FERRY: 0.3,
    },
}  # fmt: skip
"""Which modes a word names, and how well it fits each: a vehicle is any, and a car first."""

CLASS_OF_MODE: Mapping[str, int] = {
    Mode.WAIT: STILL,
    Mode.WALK: WALK,
    Mode.RUN: WALK,
    Mode.BIKE: BIKE,
    Mode.E_BIKE: BIKE,
    Mode.E_SCOOTER: BIKE,
}


def class_of(mode: str) -> int:
    """Give the window class of a mode: vehicles are one."""
    return CLASS_OF_MODE.get(mode, MOTOR)


def said_columns(activities: Activities) -> NDArray[np.int64]:
    """Give the column of :data:`SAID_SHARE` for each guess; -1 where it tells nothing."""
    lookup = np.full(len(Motion) + 1, -1, np.int64)
    for motion, column in _SAID_AS.items():
        lookup[motion] = column
    return lookup[np.clip(activities.motion, 0, len(Motion))]


def confidence_of(activities: Activities) -> type_f32:
    """Give each guess a confidence: the phone's, or that of most guesses."""
    said = np.nan_to_num(activities.confidence_share, nan=0.7)
    return np.clip(said, 0.05, 0.95).astype(np.float32)


def activity_evidence(activities: Activities, grid: Grid, *, settings: ModeSettings) -> type_f32:
    """Give what the phone's guesses say of each window.

    Returns
    -------
    float32 array, shape (n_windows, len(CLASSES))
        Log-likelihoods, already tempered; zero where no guess holds.
    """
    out = np.zeros((grid.start_us.size, len(CLASSES)), np.float32)
    if len(activities) == 0 or grid.start_us.size == 0:
        return out
    if bool((activities.time_us[1:] < activities.time_us[:-1]).any()):
        activities = activities.take(np.argsort(activities.time_us, kind="stable"))
    column = said_columns(activities)
    confidence = confidence_of(activities)
    likelihood = np.where(column[:, None] >= 0, SAID_SHARE[:, np.maximum(column, 0)].T, 1.0)
    mean = likelihood.mean(axis=1, keepdims=True)
    mixed = confidence[:, None] * likelihood + (1 - confidence[:, None]) * mean
    row_log = (settings.hint_temper_factor * np.log(mixed)).astype(np.float32)
    row_log -= row_log.mean(axis=1, keepdims=True)
    _kernels.hint_evidence(
        activities.time_us, row_log, column >= 0, grid.start_us, grid.end_us,
        round(settings.hint_holds_s * US_PER_S), settings.hint_fades_s * US_PER_S, out,
    )  # fmt: skip
    return out
