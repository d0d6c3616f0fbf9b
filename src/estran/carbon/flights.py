"""What a flight flies of each distance band, so that a longer one never shows less."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal


@dataclass(frozen=True, slots=True)
class FlightRule:
    """How the distance bands of planes are joined.

    Parameters
    ----------
    joining : {"midpoints", "steps"}
        ``"midpoints"``: the total is a line through the bands' midpoints. ``"steps"``: each
        band holds up to its edge, and the total falls there (historical sets only).
    detour_km : float
        What a flight adds to the great circle: 95 km in ISO 14083 and in French public
        reckoners; never more than the great circle itself.
    """

    joining: Literal["midpoints", "steps"]
    detour_km: float


def band_shares_km(
    bands_km: Sequence[tuple[float, float]], great_circle_km: float, rule: FlightRule
) -> tuple[float, ...]:
    """Share a flight between the distance bands.

    Parameters
    ----------
    bands_km : sequence of (float, float)
        Bands in order, each from the end of the one before.
    great_circle_km : float
        Between the two airports.
    rule : FlightRule

    Returns
    -------
    tuple of float, one a band
        Kilometres to be multiplied by the factor of each band and summed. They depend on
        the distance only, so each part of the total, and each end of its interval, is
        joined in the same way.

    Notes
    -----
    Between two midpoints ``m1 < m2`` the total ``T`` runs straight from ``f1 (m1 + detour)``
    to ``f2 (m2 + detour)``: it grows since the totals at the midpoints do, which the reader
    of the set checks. Below the first midpoint and above the last the band's own factor
    holds.

    Examples
    --------
    >>> rule = FlightRule("midpoints", 95.0)
    >>> band_shares_km([(0, 500), (500, 1000)], 250, rule)
    (345.0, 0.0)
    >>> band_shares_km([(0, 500), (500, 1000)], 500, rule)
    (172.5, 422.5)
    """
    if rule.joining == "steps":
        index = next((i for i, (_, end) in enumerate(bands_km) if great_circle_km <= end), -1)
        return _alone(len(bands_km), index, great_circle_km + rule.detour_km)
    midpoints = [(start + end) / 2 for start, end in bands_km]
    if great_circle_km <= midpoints[0]:
        detour_km = min(rule.detour_km, great_circle_km)
        return _alone(len(bands_km), 0, great_circle_km + detour_km)
    shares = [0.0] * len(bands_km)
    for i, (left, right) in enumerate(pairwise(midpoints)):
        if great_circle_km <= right:
            along = (great_circle_km - left) / (right - left)
            shares[i] = (1 - along) * (left + rule.detour_km)
            shares[i + 1] = along * (right + rule.detour_km)
            return tuple(shares)
    return _alone(len(bands_km), -1, great_circle_km + rule.detour_km)


def _alone(n_bands: int, index: int, distance_km: float) -> tuple[float, ...]:
    shares = [0.0] * n_bands
    shares[index] = float(distance_km)
    return tuple(shares)
