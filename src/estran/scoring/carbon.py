"""What true legs emit, by the factors that the journal was priced with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from estran.carbon import FactorSet, footprint
from estran.journal import Mode
from estran.scoring.tally import Odometer
from estran.scoring.values import LabelledLeg, LabelledTrip


def priced(
    trips: Sequence[LabelledTrip], *, factors: FactorSet, odometer: Odometer | None = None
) -> tuple[LabelledTrip, ...]:
    """Give true legs their length and their footprint.

    Parameters
    ----------
    trips : sequence of LabelledTrip
    factors : FactorSet
    odometer : callable, optional
        Metres travelled at instants; without it legs keep the length they have, and one
        without a length has no footprint.
    """
    return tuple(
        replace(trip, legs=tuple(_priced(leg, factors, odometer) for leg in trip.legs))
        for trip in trips
    )


def _priced(leg: LabelledLeg, factors: FactorSet, odometer: Odometer | None) -> LabelledLeg:
    length_m = leg.distance_m
    if odometer is not None:
        ends = odometer(np.array([leg.start_us, leg.end_us]))
        length_m = float(ends[1] - ends[0])
    if not np.isfinite(length_m):
        return leg
    if leg.mode == Mode.WAIT:
        return replace(leg, distance_m=0.0, co2e_g=0.0)
    co2e = footprint(Mode(leg.mode), length_m, factors=factors)
    return replace(leg, distance_m=length_m, co2e_g=co2e.central_g)
