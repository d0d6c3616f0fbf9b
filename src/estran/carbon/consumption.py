"""A footprint from what a vehicle is known to burn, in place of its size's average."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import inf, isfinite, isnan, nan

from estran.carbon.factors import FactorSet
from estran.carbon.pricing import DOUBT_SHARE
from estran.carbon.reckon import M_PER_KM
from estran.journal import Co2e, Leg

G_PER_UNIT: Mapping[str, float] = {
    "petrol": 2700.0,
    "diesel": 3070.0,
    "hybrid": 2700.0,
    "e85": 1110.0,
    "lpg": 1860.0,
    "electric": 51.9,
}
"""Well to wheel, by litre, by kWh where electric: Nos Gestes Climat 2026 (petrol E5/E10,
diesel mean of B7 and B10, French electricity with its upstream). A plug-in hybrid burns two
things, of which one figure says nothing: it keeps its size's average. [g CO2e/l or g/kWh]"""

READING_SHARE = 0.1
"""How far what a person reads on a dashboard or reckons at the pump is off, either way: ours."""


def by_consumption(leg: Leg, per_100km: float, *, factors: FactorSet) -> Leg:
    """Put what a vehicle burns in place of its size's average; manufacture stays.

    Parameters
    ----------
    leg : Leg
        Priced, with the energy of its vehicle.
    per_100km : float
        [l/100 km, or kWh/100 km where electric]
    factors : FactorSet
        Tells how many are aboard when nobody said.

    Returns
    -------
    Leg
        As it was where its energy has no factor by the unit.
    """
    factor_g = G_PER_UNIT.get(leg.energy)
    co2e = leg.co2e
    if factor_g is None or co2e is None or not isfinite(per_100km):
        return leg
    km = leg.distance_m / M_PER_KM
    rule = factors.occupants_rule(leg.mode, km) if isnan(leg.occupants) else None
    aboard = 1.0 if isnan(leg.occupants) else leg.occupants
    central, least, most = (
        (aboard, aboard, aboard) if rule is None else (rule.central, rule.least, rule.most)
    )
    burnt_g = factor_g * per_100km / 100.0 * km
    made_g = (0.0 if isnan(co2e.manufacture_g) else co2e.manufacture_g) * central
    whole_g = burnt_g + made_g
    low_g = whole_g * (1.0 - READING_SHARE) / most
    high_g = whole_g * (1.0 + READING_SHARE) / least
    other_low_g, other_high_g = _others(leg, co2e) if not leg.corrected else (inf, -inf)
    told = Co2e(
        central_g=whole_g / central,
        low_g=min(low_g, other_low_g),
        high_g=max(high_g, other_high_g),
        use_g=burnt_g / central,
        upstream_g=nan,
        manufacture_g=co2e.manufacture_g,
        contrails_g=co2e.contrails_g,
    )
    return replace(leg, co2e=told)


def _others(leg: Leg, co2e: Co2e) -> tuple[float, float]:
    """Keep the interval that other probable modes had widened."""
    others = [m for m, share in leg.probabilities if m is not leg.mode and share >= DOUBT_SHARE]
    return (co2e.low_g, co2e.high_g) if others else (inf, -inf)
