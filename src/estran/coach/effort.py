"""What moving by muscle takes: energy from the speed, for a person's weight.

METs as Coach CO2 states them, with bands that meet: a speed between two of theirs is in the
upper one, and none is left out. The e-bike is e-mission's.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, nan

from estran.journal import Leg, Mode

MEAN_WEIGHT_KG = 74.25
"""Mean of adults in France (Obépi 2020: women 67.3, men 81.2): for who does not say theirs."""

_MET: dict[Mode, tuple[tuple[float, float], ...]] = {
    Mode.WALK: ((3.0, 2.0), (5.0, 3.5), (6.5, 5.0), (inf, 7.0)),
    Mode.RUN: ((8.0, 7.0), (9.7, 9.8), (11.3, 11.0), (inf, 11.8)),
    Mode.BIKE: ((15.0, 5.8), (22.4, 8.0), (25.6, 10.0), (inf, 15.8)),
    Mode.E_BIKE: ((inf, 4.9),),
}
"""Up to a speed in km/h, the MET. Walking and cycling: Coach CO2; e-bike: e-mission; running:
Compendium of Physical Activities (2011), the first as walking above 6.5."""


@dataclass(frozen=True, slots=True)
class Effort:
    """Minutes moved by muscle, and the energy that they took, above none. [min, kcal]"""

    active_min: float
    kcal: float


def met(mode: Mode, speed_kmh: float) -> float:
    """Give the metabolic equivalent of moving at a speed; NaN where no muscle moves."""
    bands = _MET.get(mode)
    if bands is None or not isfinite(speed_kmh):
        return nan
    return next(value for up_to_kmh, value in bands if speed_kmh <= up_to_kmh + 1e-9)


def kcal(mode: Mode, distance_m: float, duration_s: float, weight_kg: float | None = None) -> float:
    """Tell what energy a way takes: MET x 3.5 x kg / 200 by the minute. [kcal]

    Examples
    --------
    >>> round(kcal(Mode.WALK, 2_500, 3_600)), round(kcal(Mode.BIKE, 12_000, 3_600))
    (156, 452)
    """
    if not duration_s > 0:
        return nan
    weight_kg = MEAN_WEIGHT_KG if weight_kg is None else weight_kg
    speed_kmh = distance_m / duration_s * 3.6
    return met(mode, speed_kmh) * 3.5 * weight_kg / 200.0 * duration_s / 60.0


def effort_of(leg: Leg, weight_kg: float | None = None) -> Effort | None:
    """Tell the effort of a leg; None where no muscle moves."""
    if leg.mode not in _MET:
        return None
    return Effort(leg.duration_s / 60.0, kcal(leg.mode, leg.distance_m, leg.duration_s, weight_kg))
