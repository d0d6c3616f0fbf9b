"""The summary of a trip that Cozy's coach shows: modes, sums, CO2 and calories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from types import MappingProxyType
from typing import Any

from estran.journal import Leg, Mode, Place, Trip
from estran.timebase import iso_utc
from estran.units import MPS_PER_KMH

G_PER_KG = 1000.0

COZY_MODES: Mapping[Mode, str] = MappingProxyType(
    {
        Mode.WALK: "WALKING", Mode.RUN: "RUNNING", Mode.BIKE: "BICYCLING",
        Mode.E_BIKE: "BICYCLING_ELECTRIC", Mode.E_SCOOTER: "SCOOTER_ELECTRIC",
        Mode.MOPED: "MOPED", Mode.MOTORCYCLE: "MOTO_SUP_250", Mode.CAR: "CAR", Mode.BUS: "BUS",
        Mode.COACH: "BUS", Mode.TRAM: "TRAMWAY", Mode.METRO: "SUBWAY", Mode.TRAIN: "TRAIN",
        Mode.PLANE: "AIR_OR_HSR",
    }
)  # fmt: skip
"""Cozy's word for each mode; it has none for ferries, and one for buses of all kinds."""

_ELECTRIC = "electric"
_CARPOOL_FROM = 2.0


def cozy_mode(leg: Leg) -> str:
    """Name the mode of a leg in Cozy's words.

    Examples
    --------
    >>> cozy_mode(Leg(Mode.CAR, 0, 1, 0.0, energy="electric", occupants=2.0))
    'CARPOOL_ELECTRIC'
    """
    word = COZY_MODES.get(leg.mode, "UNKNOWN")
    if leg.mode is Mode.CAR and leg.occupants >= _CARPOOL_FROM:
        word = "CARPOOL"
    if leg.mode in (Mode.CAR, Mode.BUS) and leg.energy == _ELECTRIC:
        word += "_ELECTRIC"
    return word


def aggregation(
    trip: Trip, rides: Sequence[tuple[str, Leg]], names: tuple[str, ...]
) -> dict[str, Any]:
    """Sum a trip up as Cozy's coach does, with our distances and our CO2e.

    Parameters
    ----------
    trip : Trip
    rides : sequence of (str, Leg)
        The sections: every leg but waits, with its identifier.
    names : tuple of str
        Of the two places, ``""`` where they have none.
    """
    sections = [_section(leg_id, leg) for leg_id, leg in rides]
    priced = [s["CO2"] for s in sections]
    told = [name for name in names if name]
    return {
        "automaticTitle": " ➝ ".join(told),
        "totalCO2": None if None in priced else sum(priced),
        "totalDistance": sum(leg.distance_m for _, leg in rides),
        "totalDuration": sum(leg.duration_s for _, leg in rides),
        "totalCalories": sum(s["calories"] for s in sections),
        "startPlaceDisplayName": names[0],
        "endPlaceDisplayName": names[-1],
        "coordinates": {"startPoint": _point(trip.origin), "endPoint": _point(trip.destination)},
        "purpose": "OTHER_PURPOSE",
        "modes": [s["mode"] for s in sections],
        "sections": sections,
    }


def _section(leg_id: str, leg: Leg) -> dict[str, Any]:
    speed_kmh = leg.distance_m / leg.duration_s / MPS_PER_KMH if leg.duration_s > 0.0 else 0.0
    mode = cozy_mode(leg)
    return {
        "id": leg_id,
        "mode": mode,
        "CO2": None if leg.co2e is None else leg.co2e.central_g / G_PER_KG,
        "calories": calories_kcal(mode, speed_kmh, leg.duration_s),
        "avgSpeed": speed_kmh,
        "distance": leg.distance_m,
        "duration": leg.duration_s,
        "startDate": iso_utc(leg.started_us),
        "endDate": iso_utc(leg.ended_us),
    }


def _point(at: Place) -> dict[str, float | None]:
    known = isfinite(at.lat_deg) and isfinite(at.lon_deg)
    return {"lon": at.lon_deg if known else None, "lat": at.lat_deg if known else None}


_METS = MappingProxyType(
    {
        "WALKING": ((3.0, 2.0), (5.0, 3.5), (6.5, 5.0), (float("inf"), 7.0)),
        "BICYCLING": ((15.0, 5.8), (22.4, 8.0), (25.6, 10.0), (float("inf"), 15.8)),
    }
)
"""Coach CO2's table: up to which speed [km/h], which metabolic equivalent."""

_KCAL_PER_MET_MIN = 74.25 * 3.5 / 200.0
"""Coach CO2's person weighs 74.25 kg."""


def calories_kcal(mode: str, speed_kmh: float, duration_s: float) -> float:
    """Give the calories of a section by Coach CO2's own table.

    The coach itself has used the table's top row for every speed since September 2023; this
    is what it means to say.

    Examples
    --------
    >>> round(calories_kcal("WALKING", 2.5, 3600.0)), calories_kcal("CAR", 50.0, 60.0)
    (156, 0.0)
    """
    word = "WALKING" if mode in ("RUNNING", "ON_FOOT") else mode
    met = next((met for up_to, met in _METS.get(word, ()) if speed_kmh < up_to), 0.0)
    return met * _KCAL_PER_MET_MIN * duration_s / 60.0
