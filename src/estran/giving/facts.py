"""What is told of a leg in every document: names with units, and nothing unknown as 0."""

from __future__ import annotations

from math import isfinite
from typing import Any

from estran.journal import Co2e, Leg
from estran.timebase import iso_utc


def rounded(value: float, n_decimals: int) -> float | None:
    """Round a number; None when it is not one."""
    return round(float(value), n_decimals) if isfinite(value) else None


def co2e_g(co2e: Co2e | None) -> dict[str, float | None] | None:
    """Give a footprint's central figure and interval; None when it is not priced."""
    if co2e is None:
        return None
    return {
        "central": rounded(co2e.central_g, 1),
        "low": rounded(co2e.low_g, 1),
        "high": rounded(co2e.high_g, 1),
    }


def leg_facts(leg: Leg) -> dict[str, Any]:
    """Give what is known of a leg, the keys of its vehicle only where they are."""
    facts: dict[str, Any] = {
        "mode": leg.mode.value,
        "mode_probability": rounded(leg.probability_share, 4),
        "start": iso_utc(leg.started_us),
        "end": iso_utc(leg.ended_us),
        "distance_m": rounded(leg.distance_m, 1),
        "duration_s": rounded(leg.duration_s, 3),
        "co2e_g": co2e_g(leg.co2e),
        "positions": leg.n_positions,
    }
    known = {
        "vehicle": leg.vehicle,
        "energy": leg.energy,
        "train_kind": leg.train_kind,
        "occupants": rounded(leg.occupants, 2),
        "shared": leg.shared,
        "corrected": leg.corrected,
    }
    return facts | {key: value for key, value in known.items() if value}
