"""Overland's features: a fix, a visit, a finished trip, or what the app says of itself."""

from __future__ import annotations

import math
from typing import Any

from estran.formats.motions import motion_of
from estran.formats.scalars import instant_us, number, words_of
from estran.formats.statements import Statement
from estran.formats.told import Fix, Told, fault_of, is_plausible
from estran.trace import ClaimKind, MarkKind, Motion

_ACTIONS = {
    "paused_location_updates": MarkKind.TRACKING_STOPPED,
    "resumed_location_updates": MarkKind.TRACKING_STARTED,
    "exited_pause_region": MarkKind.TRIP_STARTED,
    "will_terminate": MarkKind.TRACKING_STOPPED,
    "tracking_started": MarkKind.TRACKING_STARTED,
    "tracking_stopped": MarkKind.TRACKING_STOPPED,
}
"""What of the app's doings tells why nothing was recorded; the others are its inner life."""

_STOPS = frozenset({"paused_location_updates"})
"""iOS pauses by itself where the phone lies still."""


def tell(feature: Any, told: Told) -> str:
    """Read a feature of ``locations``.

    Returns
    -------
    str
        What was wrong, as a code of a fault; ``""`` where all is well.

    Examples
    --------
    >>> told = Told()
    >>> properties = {"timestamp": "2025-10-09T08:53:30Z", "speed": -1, "motion": ["walking"]}
    >>> tell({"geometry": {"coordinates": [-1.15, 46.16]}, "properties": properties}, told)
    ''
    >>> told.fixes[0].speed_mps, len(told.hints)
    (nan, 1)
    """
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        return "record-broken"
    properties = feature["properties"]
    time_us = instant_us(properties.get("timestamp"))
    if properties.get("type") == "trip":
        return _trip(properties, told)
    if properties.get("action") == "visit":
        return _visit(_fix_of(feature, properties, time_us), properties, told)
    if isinstance(properties.get("action"), str):
        _act(properties["action"], time_us, told)
        return ""
    told.motion(time_us, words_of(properties.get("motion")))
    if properties.get("battery_state") == "unplugged":
        told.battery(time_us, percent_of(properties.get("battery_level")))
    return told.fix(_fix_of(feature, properties, time_us))


def percent_of(value: Any) -> float:
    """Read a battery's level: a share from 0 to 1, or a percentage where it is more.

    Examples
    --------
    >>> percent_of(0.71), percent_of(71)
    (71.0, 71.0)
    """
    level = number(value)
    return level * 100.0 if level <= 1.0 else level


def _fix_of(feature: dict[str, Any], properties: dict[str, Any], time_us: int) -> Fix:
    lon_deg, lat_deg, third_m = _coordinates(feature.get("geometry"))
    altitude_m = number(properties.get("altitude"))
    if math.isnan(altitude_m):
        altitude_m = third_m
    vertical_m = number(properties.get("vertical_accuracy"))
    # -1 voids the altitude; GPSLogger writes 0 for both where it knows none.
    if vertical_m < 0.0 or (vertical_m == 0.0 and altitude_m == 0.0):
        altitude_m = math.nan
    accuracy_m = number(properties.get("horizontal_accuracy", properties.get("accuracy")))
    return Fix(
        time_us, lat_deg, lon_deg, accuracy_m, number(properties.get("speed")),
        number(properties.get("course")), altitude_m,
    )  # fmt: skip


def _coordinates(geometry: Any) -> tuple[float, float, float]:
    place = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if not isinstance(place, list) or len(place) < 2:  # noqa: PLR2004 - longitude and latitude
        return math.nan, math.nan, math.nan
    return number(place[0]), number(place[1]), number(place[2]) if place[2:] else math.nan


def _act(action: str, time_us: int, told: Told) -> None:
    if action in _STOPS:
        # Said first: a stop that a trip's end goes with is the system's, not the person's.
        told.mark(time_us, MarkKind.TRIP_ENDED)
    told.mark(time_us, _ACTIONS.get(action))


def _visit(fix: Fix, properties: dict[str, Any], told: Told) -> str:
    """Read a stay: iOS writes the far past or future for an end that it does not know."""
    fault = fault_of(fix)
    if fault:
        told.n_dropped += 1
        return fault
    ends_us = [instant_us(properties.get(key)) for key in ("arrival_date", "departure_date")]
    known = sorted(end_us for end_us in (*ends_us, fix.time_us) if is_plausible(end_us))
    start_us = ends_us[0] if is_plausible(ends_us[0]) else known[0]
    end_us = ends_us[1] if is_plausible(ends_us[1]) else known[-1]
    visit = Statement(
        start_us, end_us, ClaimKind.VISIT, Motion.STILL, lat_deg=fix.lat_deg, lon_deg=fix.lon_deg
    )
    return "" if told.state(visit) else "claim-unreadable"


def _trip(properties: dict[str, Any], told: Told) -> str:
    """Read a finished trip: its mode is the person's own word."""
    start_us, end_us = instant_us(properties.get("start")), instant_us(properties.get("end"))
    motion = motion_of(str(properties.get("mode")))
    distance_m = number(properties.get("distance"))
    trip = Statement(
        start_us, end_us, ClaimKind.MOVE, motion, confirmed=motion is not Motion.UNKNOWN,
        distance_m=distance_m if 0.0 <= distance_m < _FARTHEST_M else math.nan,
    )  # fmt: skip
    if not told.state(trip):
        return "claim-unreadable"
    told.mark(start_us, MarkKind.TRIP_STARTED)
    told.mark(end_us, MarkKind.TRIP_ENDED)
    return ""


_FARTHEST_M = 2e8
"""Half the Earth's round is the longest way between two points; nobody goes ten times that."""
