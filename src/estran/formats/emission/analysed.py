"""What e-mission's server made of a phone's entries: places, sections, labelled trips."""

from __future__ import annotations

import math
from typing import Any

from estran.formats.claiming import NOWHERE, Claimed, ClaimList, type_place
from estran.formats.cozy.modes import PREDICTED_TYPES, sensed_motion, told_mode
from estran.formats.emission.entries import Entry
from estran.formats.reading import Faults
from estran.trace import ClaimKind, Claims, Motion

POINTS = frozenset({"analysis/recreated_location"})
"""Positions smoothed and thinned to one in half a minute."""

_PLACES = frozenset({"analysis/cleaned_place", "analysis/confirmed_place"})
_SECTIONS = frozenset({"analysis/cleaned_section"})
_INFERRED = frozenset({"analysis/inferred_section"})
_TRIPS = frozenset({"analysis/confirmed_trip", "analysis/composite_trip"})
STATED = _PLACES | _SECTIONS | _INFERRED | _TRIPS


def stated_of(entries: list[Entry], faults: Faults, where: str = "") -> Claims:
    """Turn the server's places and sections, and the labels of trips, into claims.

    A trip without the person's label says nothing that its sections do not.
    """
    claims = ClaimList()
    for entry in entries:
        claimed = _claimed(entry)
        if claimed is not None:
            claims.add(claimed)
    return claims.made(faults, where)


def _claimed(entry: Entry) -> Claimed | None:
    key, data = entry.metadata.key, entry.data
    if key in _PLACES:
        begun, ended = data.enter_ts or data.exit_ts, data.exit_ts or data.enter_ts
        at = _place(data.location)
        return Claimed(ClaimKind.VISIT, Motion.STILL, begun, ended, place=at) if begun else None
    told: dict[str, Any] = {
        "start": data.start_ts, "end": data.end_ts, "place": _place(data.start_loc),
        "end_place": _place(data.end_loc), "distance_m": _length(data.distance),
    }  # fmt: skip
    if key in _TRIPS:
        label = data.user_input.get("mode_confirm") if isinstance(data.user_input, dict) else None
        motion = told_mode(label)
        return None if motion is None else Claimed(ClaimKind.MOVE, motion, confirmed=True, **told)
    sensed = data.sensed_mode
    if key in _INFERRED and isinstance(sensed, int):
        return Claimed(ClaimKind.MOVE, PREDICTED_TYPES.get(sensed, Motion.UNKNOWN), **told)
    return Claimed(ClaimKind.MOVE, sensed_motion(sensed), **told)


def _place(told: Any) -> type_place:
    pair = told.get("coordinates") if isinstance(told, dict) else None
    if not isinstance(pair, list) or len(pair) < 2:  # noqa: PLR2004 - a pair
        return NOWHERE
    try:
        return float(pair[1]), float(pair[0])
    except (TypeError, ValueError, OverflowError):
        return NOWHERE


def _length(told: Any) -> float:
    return float(told) if isinstance(told, int | float) and abs(told) < 1e9 else math.nan  # noqa: PLR2004 - beyond any way
