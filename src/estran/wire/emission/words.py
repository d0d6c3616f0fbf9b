"""Modes in the words of e-mission's server, of its phones' labels and of Coach CO2."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from estran.formats.motions import motion_of
from estran.trace import Motion
from estran.travel import Mode, Purpose

_PREDICTED = "PredictedModeTypes"
_MOTION = "MotionTypes"

SENSED: Mapping[Mode, str] = MappingProxyType(
    {
        Mode.WALK: f"{_PREDICTED}.WALKING", Mode.RUN: f"{_MOTION}.RUNNING",
        Mode.BIKE: f"{_PREDICTED}.BICYCLING", Mode.E_BIKE: f"{_PREDICTED}.BICYCLING",
        Mode.E_SCOOTER: f"{_PREDICTED}.UNKNOWN", Mode.MOPED: f"{_MOTION}.IN_VEHICLE",
        Mode.MOTORCYCLE: f"{_MOTION}.IN_VEHICLE", Mode.CAR: f"{_PREDICTED}.CAR",
        Mode.BUS: f"{_PREDICTED}.BUS", Mode.COACH: f"{_PREDICTED}.BUS",
        Mode.TRAM: f"{_PREDICTED}.TRAM", Mode.METRO: f"{_PREDICTED}.SUBWAY",
        Mode.TRAIN: f"{_PREDICTED}.TRAIN", Mode.FERRY: f"{_PREDICTED}.UNKNOWN",
        Mode.PLANE: f"{_PREDICTED}.AIR_OR_HSR", Mode.OTHER: f"{_PREDICTED}.UNKNOWN",
        Mode.UNKNOWN: f"{_PREDICTED}.UNKNOWN", Mode.WAIT: f"{_PREDICTED}.UNKNOWN",
    }
)  # fmt: skip
"""The text that the clients take apart; what they cannot say is unknown, not a car."""

INFERRED: Mapping[Mode, int] = MappingProxyType(
    {
        Mode.WALK: 1, Mode.RUN: 1, Mode.BIKE: 2, Mode.E_BIKE: 2, Mode.BUS: 3, Mode.COACH: 3,
        Mode.TRAIN: 4, Mode.CAR: 5, Mode.MOPED: 5, Mode.MOTORCYCLE: 5, Mode.PLANE: 6,
        Mode.METRO: 7, Mode.TRAM: 8,
    }
)  # fmt: skip
"""Numbers of ``PredictedModeTypes``; 0 stands for unknown."""

CLEANED: Mapping[Mode, int] = MappingProxyType(
    {
        Mode.WALK: 7, Mode.RUN: 8, Mode.BIKE: 1, Mode.E_BIKE: 1, Mode.BUS: 0, Mode.COACH: 0,
        Mode.TRAIN: 0, Mode.CAR: 0, Mode.MOPED: 0, Mode.MOTORCYCLE: 0, Mode.METRO: 0,
        Mode.TRAM: 0, Mode.PLANE: 11,
    }
)  # fmt: skip
"""Numbers of ``MotionTypes``; 4 stands for unknown."""

NAMES: Mapping[int, str] = MappingProxyType(
    {
        0: "UNKNOWN", 1: "WALKING", 2: "BICYCLING", 3: "BUS", 4: "TRAIN", 5: "CAR",
        6: "AIR_OR_HSR", 7: "SUBWAY", 8: "TRAM",
    }
)  # fmt: skip
"""Names of the numbers of :data:`INFERRED`, which summaries use as keys."""

COACH: Mapping[Mode, str] = MappingProxyType(
    {
        Mode.WALK: "WALKING", Mode.RUN: "RUNNING", Mode.BIKE: "BICYCLING",
        Mode.E_BIKE: "BICYCLING_ELECTRIC", Mode.E_SCOOTER: "SCOOTER_ELECTRIC",
        Mode.MOPED: "MOPED", Mode.MOTORCYCLE: "MOTO_SUP_250", Mode.CAR: "CAR",
        Mode.BUS: "BUS", Mode.COACH: "BUS", Mode.TRAM: "TRAMWAY", Mode.METRO: "SUBWAY",
        Mode.TRAIN: "TRAIN", Mode.PLANE: "AIR_OR_HSR",
    }
)  # fmt: skip
"""What Coach CO2 calls a mode that a person said of a section."""

_OF_MOTION: Mapping[Motion, Mode] = MappingProxyType(
    {
        Motion.ON_FOOT: Mode.WALK, Motion.WALK: Mode.WALK, Motion.RUN: Mode.RUN,
        Motion.BIKE: Mode.BIKE, Motion.E_BIKE: Mode.E_BIKE, Motion.E_SCOOTER: Mode.E_SCOOTER,
        Motion.MOPED: Mode.MOPED, Motion.MOTORCYCLE: Mode.MOTORCYCLE, Motion.CAR: Mode.CAR,
        Motion.BUS: Mode.BUS, Motion.COACH: Mode.COACH, Motion.TRAIN: Mode.TRAIN,
        Motion.METRO: Mode.METRO, Motion.TRAM: Mode.TRAM, Motion.FERRY: Mode.FERRY,
        Motion.PLANE: Mode.PLANE,
    }
)  # fmt: skip


_PURPOSES: Mapping[str, Purpose] = MappingProxyType(
    {
        "home": Purpose.HOME, "work": Purpose.WORK, "to_work": Purpose.WORK,
        "at_work": Purpose.BUSINESS, "business": Purpose.BUSINESS,
        "school": Purpose.STUDY, "pick_drop": Purpose.ESCORT, "pick_drop_person": Purpose.ESCORT,
        "pick_drop_item": Purpose.ERRAND, "shopping": Purpose.SHOPPING, "meal": Purpose.MEAL,
        "personal_med": Purpose.HEALTH, "entertainment": Purpose.LEISURE,
        "access_recreation": Purpose.LEISURE, "religious": Purpose.OTHER,
        "exercise": Purpose.EXERCISE, "sport": Purpose.SPORT, "travel": Purpose.HOLIDAY,
        "vacation": Purpose.HOLIDAY, "other": Purpose.OTHER, "other_purpose": Purpose.OTHER,
    }
)  # fmt: skip
"""Purposes of e-mission's phones (``purposeOptions`` of its default label options) and of Coach
CO2. A change of vehicle is none: the journal tells one trip through it. Nor is Coach CO2's
``COMMUTE``: it is said of both ways, and a purpose is what one does where one arrives."""


def purpose_of_label(label: object) -> Purpose | None:
    """Tell which purpose a label means; None where it means none that the journal has.

    Examples
    --------
    >>> [purpose_of_label(word) for word in ("to_work", "Shopping", "transit_transfer", 3)]
    [<Purpose.WORK: 'work'>, <Purpose.SHOPPING: 'shopping'>, None, None]
    """
    return _PURPOSES.get(label.strip().lower()) if isinstance(label, str) else None


def mode_of_label(label: object) -> Mode | None:
    """Tell which mode a label means; None where it means none that the journal has.

    Examples
    --------
    >>> [mode_of_label(word) for word in ("drove_alone", "e-bike", "not_a_trip", 3)]
    [<Mode.CAR: 'car'>, <Mode.E_BIKE: 'e_bike'>, None, None]
    """
    return _OF_MOTION.get(motion_of(label)) if isinstance(label, str) else None


def name_of(mode: Mode) -> str:
    """Name a mode as summaries do."""
    return NAMES[INFERRED.get(mode, 0)]
