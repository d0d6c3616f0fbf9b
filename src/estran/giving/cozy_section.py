"""A leg as a section of a trip of Cozy's, and a wait as a stop between two."""

from __future__ import annotations

from math import isfinite
from typing import Any

import numpy as np

from estran.geo.distance import distances_m
from estran.giving.cozy_times import times_of
from estran.giving.facts import co2e_g, rounded
from estran.journal import Leg, Path, Trip
from estran.timebase import US_PER_S
from estran.trace import type_f64, type_i64

US_PER_MS = 1000
TOLD = frozenset({"corrected", "label-confirmed"})
"""Reasons that say that the person told the mode, here or to an earlier service."""


def is_told(leg: Leg) -> bool:
    """Tell whether the mode of a leg is the person's word."""
    return leg.corrected or any(reason.code in TOLD for reason in leg.reasons)


def section(leg_id: str, leg: Leg, trip: Trip, trip_id: str, mode: str) -> dict[str, Any]:
    """Write a leg: a collection that holds one line with a time for each of its points.

    Parameters
    ----------
    leg_id, trip_id : str
    leg : Leg
    trip : Trip
        Its ends stand for the line of a leg that was not seen.
    mode : str
        In Cozy's words.
    """
    time_us, lat_deg, lon_deg = _line(leg, trip)
    steps_m = distances_m(lat_deg[:-1], lon_deg[:-1], lat_deg[1:], lon_deg[1:])
    lasts_s = np.diff(time_us) / US_PER_S
    speeds_mps = np.divide(steps_m, lasts_s, out=np.zeros(steps_m.size), where=lasts_s > 0.0)
    properties: dict[str, Any] = {
        "feature_type": "section",
        "source": "Estran",
        "trip_id": {"$oid": trip_id},
        **times_of("start", leg.started_us, trip.tz),
        **times_of("end", leg.ended_us, trip.tz),
        "duration": leg.duration_s,
        "distance": leg.distance_m,
        "sensed_mode": f"PredictedModeTypes.{mode}",
        "times": (time_us / US_PER_S).tolist(),
        "timestamps": (time_us // US_PER_MS).tolist(),
        "speeds": [0.0, *_rounded(speeds_mps)] if time_us.size else [],
        "distances": [0.0, *_rounded(steps_m)] if time_us.size else [],
        "estran": _ours(leg),
    }
    if is_told(leg):
        properties["manual_mode"] = mode
    line = {
        "type": "Feature",
        "id": leg_id,
        "geometry": {"type": "LineString", "coordinates": _pairs(lon_deg, lat_deg)},
        "properties": properties,
    }
    return {"type": "FeatureCollection", "features": [line]}


def _ours(leg: Leg) -> dict[str, Any]:
    """Say in our words what Cozy's cannot."""
    told = {
        "mode": leg.mode.value,
        "mode_probability": rounded(leg.probability_share, 4),
        "corrected": is_told(leg),
        "positions": leg.n_positions,
        "co2e_g": co2e_g(leg.co2e),
        "vehicle": leg.vehicle,
        "energy": leg.energy,
        "train_kind": leg.train_kind,
        "occupants": rounded(leg.occupants, 2),
    }
    return {key: value for key, value in told.items() if value not in (None, "")}


def stop(leg_id: str, leg: Leg, trip: Trip, trip_id: str) -> dict[str, Any]:
    """Write a wait."""
    _, lat_deg, lon_deg = _line(leg, trip)
    pairs = _pairs(lon_deg, lat_deg)
    ends = [pairs[0], pairs[-1]] if pairs else []
    properties = {
        "feature_type": "stop",
        "source": "Estran",
        "trip_id": {"$oid": trip_id},
        **times_of("enter", leg.started_us, trip.tz),
        **times_of("exit", leg.ended_us, trip.tz),
        "duration": leg.duration_s,
        "distance": leg.distance_m,
        "enter_loc": {"type": "Point", "coordinates": ends[0]} if ends else None,
        "exit_loc": {"type": "Point", "coordinates": ends[-1]} if ends else None,
    }
    geometry = {"type": "LineString", "coordinates": ends} if ends else None
    return {"type": "Feature", "id": leg_id, "geometry": geometry, "properties": properties}


def _line(leg: Leg, trip: Trip) -> tuple[type_i64, type_f64, type_f64]:
    """Give the drawn line; a leg alone in its trip that was not seen goes straight."""
    path: Path = leg.path
    if len(path) >= 2 or len(trip.legs) > 1:  # noqa: PLR2004 - a line has two ends
        return path.time_us, path.lat_deg, path.lon_deg
    ends = [at for at in (trip.origin, trip.destination) if isfinite(at.lat_deg + at.lon_deg)]
    if len(ends) < 2:  # noqa: PLR2004 - as above
        return path.time_us, path.lat_deg, path.lon_deg
    return (
        np.array([leg.started_us, leg.ended_us], dtype=np.int64),
        np.array([at.lat_deg for at in ends]),
        np.array([at.lon_deg for at in ends]),
    )


def _pairs(lon_deg: type_f64, lat_deg: type_f64) -> list[list[float]]:
    return [
        [round(float(lon), 7), round(float(lat), 7)]
        for lon, lat in zip(lon_deg, lat_deg, strict=True)
    ]


def _rounded(values: type_f64) -> list[float]:
    return [round(float(value), 3) for value in values]
