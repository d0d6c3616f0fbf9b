"""Trackers that put a fix into a query or a form: GPSLogger, OsmAnd, Traccar, PhoneTrack, uLogger.

One normaliser, whichever names an app has for latitude, hour and speed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from estran.formats.scalars import instant_us, number
from estran.formats.times import NEVER
from estran.formats.told import Fix, Told
from estran.units import MPS_PER_KMH

_NAMES: dict[str, tuple[str, ...]] = {
    "time": ("timestamp", "tst", "time", "timestamp_ms", "datetime", "date"),
    "lat": ("lat", "latitude"),
    "lon": ("lon", "lng", "longitude"),
    "accuracy": ("acc", "accuracy", "horizontal_accuracy", "gps_accuracy"),
    "bearing": ("bearing", "bear", "heading", "dir", "direction", "course", "cog"),
    "altitude": ("alt", "altitude", "ele", "elevation"),
    "battery": ("batt", "bat", "battery", "batproc"),
}


def _first(told: Mapping[str, Any], name: str) -> Any:
    return next((told[key] for key in _NAMES[name] if told.get(key) not in (None, "")), None)


def tell(told: Mapping[str, Any], into: Told, received_us: int, *, unit_mps: float = 1.0) -> str:
    """Read one fix; without a place it only says that the phone lives.

    Parameters
    ----------
    told : mapping
        Names in small letters.
    into : Told
    received_us : int
        Stands for the hour where none is told. [µs since 1970, UTC]
    unit_mps : float
        The unit of ``speed`` and ``spd``; ``vel`` is in km/h, as in OwnTracks, and
        ``speed_kmh`` says so itself.

    Examples
    --------
    >>> into = Told()
    >>> tell({"lat": "46.16", "lon": "-1.15", "timestamp": "1760000010", "speed": "5"}, into, 0)
    ''
    >>> into.fixes[0].speed_mps
    5.0
    """
    lat_deg, lon_deg = number(_first(told, "lat")), number(_first(told, "lon"))
    if math.isnan(lat_deg) and isinstance(told.get("location"), str):
        before, _, after = told["location"].partition(",")
        lat_deg, lon_deg = number(before), number(after)
    if math.isnan(lat_deg) and math.isnan(lon_deg):
        return ""
    when = _first(told, "time")
    time_us = received_us if when is None else instant_us(when)
    if time_us == NEVER:
        return "position-undated"
    level = number(_first(told, "battery"))
    if not _is_charging(told):
        into.battery(time_us, level)
    return into.fix(
        Fix(
            time_us, lat_deg, lon_deg, number(_first(told, "accuracy")),
            _speed_mps(told, unit_mps),
            number(_first(told, "bearing")), number(_first(told, "altitude")),
        )
    )  # fmt: skip


def _speed_mps(told: Mapping[str, Any], unit_mps: float) -> float:
    for name, unit in (
        ("speed_kmh", MPS_PER_KMH), ("spd_kph", MPS_PER_KMH), ("speed", unit_mps),
        ("spd", unit_mps), ("vel", MPS_PER_KMH),
    ):  # fmt: skip
        value = number(told.get(name))
        if not math.isnan(value):
            return value * unit if value >= 0.0 else math.nan
    return math.nan


def _is_charging(told: Mapping[str, Any]) -> bool:
    words = {str(told.get(name, "")).lower() for name in ("charge", "is_charging", "ischarging")}
    return bool(words & {"true", "1"})
