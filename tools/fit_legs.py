"""Fit the curves of legs: what is known of modes, moved by labelled legs."""

# ruff: noqa: INP001 - tools are scripts, not a package

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from leg_knowledge import (
    CORNERS_PER_KM,
    KNOTS,
    LIMIT_KMH,
    PRIOR_SHARE,
    SPREADS,
    STATED,
    TEMPER_FACTOR,
    Mixture,
)
from numpy.typing import NDArray

from estran.modes.rides import LEG_FEATURES

FLOOR = -4.5
"""No feature alone rules a mode out."""

KNOWLEDGE_LEGS = 16.0
"""How many labelled legs the stated spread of a mode is worth."""

MOST_LEGS_OF_A_ROUTE = 3.0
"""A route travelled ten times by one person is not ten routes."""


@dataclass(frozen=True, slots=True)
class LabelledFacts:
    """One labelled leg: its mode, the route it repeats, its features, its share of a leg."""

    mode: str
    route: str
    features: NDArray[np.float32]
    weight: float


def route_weights(legs: list[LabelledFacts]) -> NDArray[np.float64]:
    """Give each leg its weight, no route having more than that of a few legs."""
    of_route = Counter[str]()
    for leg in legs:
        of_route[leg.route] += leg.weight  # type: ignore[assignment] # a Counter of floats
    return np.array(
        [leg.weight * min(1.0, MOST_LEGS_OF_A_ROUTE / of_route[leg.route]) for leg in legs]
    )


def _known_mass(
    mixture: Mixture, at: NDArray[np.float64], width: NDArray[np.float64]
) -> NDArray[np.float64]:
    total = np.full(at.size, 1e-9)
    for weight, median, spread in mixture:
        z = (np.log(at) - np.log(median)) / spread
        total += weight * np.exp(-0.5 * z * z) / spread
    mass = total * width
    return mass / mass.sum()


def _seen_mass(
    x: NDArray[np.float64], weight: NDArray[np.float64], at: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Share values out over knots, linearly in the logarithm, then blur by a knot."""
    mass = np.zeros(at.size)
    where = np.interp(np.log(np.clip(x, at[0], at[-1])), np.log(at), np.arange(at.size))
    for k in range(at.size):
        mass[k] = (weight * np.exp(-0.5 * ((where - k) / 0.9) ** 2)).sum()
    return mass / mass.sum() * weight.sum() if mass.sum() else mass


def _curve(
    name: str, mode: str, legs: list[LabelledFacts], weight: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    at = np.array(KNOTS[name], float)
    width = np.gradient(np.log(at))
    column = LEG_FEATURES.index(name)
    mine = np.array([leg.mode == mode and np.isfinite(leg.features[column]) for leg in legs], bool)
    known = SPREADS[name].get(mode)
    if known is None:
        return None
    mass = KNOWLEDGE_LEGS * _known_mass(known, at, width)
    if mine.any():
        x = np.array([leg.features[column] for leg in legs], float)[mine]
        mass = mass + _seen_mass(np.maximum(x, at[0]), weight[mine], at)
    return np.maximum(np.log(mass / mass.sum() / width), FLOOR)


def leg_table(legs: Iterable[LabelledFacts], source: str) -> dict[str, object]:
    """Make the document of ``legs.json``."""
    labelled = list(legs)
    weight = route_weights(labelled)
    classes = [str(mode) for mode in PRIOR_SHARE]
    features: list[dict[str, object]] = []
    for name in LEG_FEATURES:
        if name in SPREADS:
            knots = np.array(KNOTS[name], float)
            curves = [_curve(name, mode, labelled, weight) for mode in classes]
            # A mode without a spread for this feature gets the others' mean: no evidence.
            mean = np.mean([c for c in curves if c is not None], axis=0)
            values = np.array([mean if c is None else c for c in curves]).T
        else:
            steps, said = STATED[name]
            knots = np.array(steps, float)
            values = np.array([said.get(mode, [0.0] * knots.size) for mode in classes]).T
        values = values * TEMPER_FACTOR.get(name, 1.0)
        features.append(
            {"name": name, "knots": knots.tolist(), "values": np.round(values, 3).tolist()}
        )
    return {
        "what": "additive log-score of a leg by mode",
        "made_by": "tools/fit_modes.py, version 1",
        "data": f"tools/leg_knowledge.py, moved by {source}: {len(labelled)} legs "
        f"counting as {weight.sum():.0f}",
        "classes": classes,
        "prior": np.round(np.log(list(PRIOR_SHARE.values())), 3).tolist(),
        "corners_per_km": [CORNERS_PER_KM.get(mode) for mode in PRIOR_SHARE],
        "limit_kmh": [LIMIT_KMH[mode] for mode in PRIOR_SHARE],
        "features": features,
    }
