"""The words that Cozy and e-mission use for a section's mode."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from estran.formats.motions import motion_of
from estran.trace import Motion

MOTION_TYPES = MappingProxyType(
    {
        0: Motion.VEHICLE, 1: Motion.BIKE, 2: Motion.ON_FOOT, 3: Motion.STILL, 4: Motion.UNKNOWN,
        5: Motion.TILTING, 7: Motion.WALK, 8: Motion.RUN, 9: Motion.UNKNOWN, 10: Motion.VEHICLE,
        11: Motion.UNKNOWN,
    }
)  # fmt: skip
"""e-mission's numbers for what was sensed; 11 is a plane or a fast train, which says neither."""

PREDICTED_TYPES = MappingProxyType(
    {
        0: Motion.UNKNOWN, 1: Motion.WALK, 2: Motion.BIKE, 3: Motion.BUS, 4: Motion.TRAIN,
        5: Motion.CAR, 6: Motion.UNKNOWN, 7: Motion.METRO, 8: Motion.TRAM, 9: Motion.TRAM,
    }
)  # fmt: skip
"""e-mission's numbers for what was inferred."""


AIR_OR_HSR = "AIR_OR_HSR"
"""What e-mission calls anything very fast: the speed alone can tell a train from a plane."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How a section was travelled, and whether the person said so."""

    motion: Motion
    confirmed: bool = False


def told_mode(value: Any) -> Motion | None:
    """Read a mode that a person told; None when it says nothing.

    Examples
    --------
    >>> told_mode("BICYCLING_ELECTRIC").name, told_mode("AIR_OR_HSR").name, told_mode("UNKNOWN")
    ('E_BIKE', 'PLANE', None)
    """
    if value == AIR_OR_HSR:
        return Motion.PLANE  # the coach offers it under the name of a plane
    motion = motion_of(value) if isinstance(value, str) else Motion.UNKNOWN
    return None if motion is Motion.UNKNOWN else motion


def sensed_motion(value: Any) -> Motion:
    """Read a sensed mode, with or without the name of its list, or as a number.

    Examples
    --------
    >>> sensed_motion("PredictedModeTypes.BUS").name, sensed_motion("MotionTypes.IN_VEHICLE").name
    ('BUS', 'VEHICLE')
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return MOTION_TYPES.get(value, Motion.UNKNOWN)
    if not isinstance(value, str) or value.endswith(AIR_OR_HSR):
        return Motion.UNKNOWN
    return motion_of(value.rpartition(".")[2])


def moved_of(properties: dict[str, Any]) -> Moved:
    """Read how a section was travelled: as told, else as sensed.

    Our own documents name the mode once more in our words, which are finer than Cozy's.
    """
    ours = properties.get("estran")
    ours = ours if isinstance(ours, dict) else {}
    finer, told = told_mode(ours.get("mode")), told_mode(properties.get("manual_mode"))
    if told is not None or (finer is not None and ours.get("corrected") is True):
        return Moved(finer or told or Motion.UNKNOWN, confirmed=True)
    return Moved(finer or sensed_motion(properties.get("sensed_mode")))
