"""Turn what is known of modes into the curves of legs (called by ``fit_modes.py``)."""

from __future__ import annotations

import numpy as np
from leg_knowledge import KNOTS, PRIOR_SHARE, SPREADS, STATED, Mixture
from numpy.typing import NDArray

from estran.modes.rides import LEG_FEATURES

FLOOR = -6.0
"""No feature alone rules a mode out."""


def log_density(mixture: Mixture, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the log-density of a mixture of log-normals over log(value)."""
    total = np.zeros(at.size)
    for weight, median, spread in mixture:
        z = (np.log(at) - np.log(median)) / spread
        total += weight * np.exp(-0.5 * z * z) / spread
    return np.maximum(np.log(total + 1e-12), FLOOR)


def leg_table(temper: dict[str, float]) -> dict[str, object]:
    """Make the document of ``legs.json``."""
    classes = [str(mode) for mode in PRIOR_SHARE]
    features: list[dict[str, object]] = []
    prior = np.log(np.array(list(PRIOR_SHARE.values())))
    for name in LEG_FEATURES:
        if name in SPREADS:
            knots = np.array(KNOTS[name], float)
            values = np.zeros((knots.size, len(classes)))
            for column, mode in enumerate(PRIOR_SHARE):
                if mode in SPREADS[name]:
                    values[:, column] = log_density(SPREADS[name][mode], knots)
            spoken = [c for c, mode in enumerate(PRIOR_SHARE) if mode in SPREADS[name]]
            silent = [c for c in range(len(classes)) if c not in spoken]
            # A mode without a spread for this feature gets the others' mean: no evidence.
            values[:, silent] = values[:, spoken].mean(axis=1, keepdims=True)
        else:
            steps, said = STATED[name]
            knots = np.array(steps, float)
            values = np.zeros((knots.size, len(classes)))
            for column, mode in enumerate(PRIOR_SHARE):
                values[:, column] = said.get(mode, [0.0] * knots.size)
        values = values * temper.get(name, 1.0)
        features.append(
            {"name": name, "knots": knots.tolist(), "values": np.round(values, 3).tolist()}
        )
    return {
        "what": "additive log-score of a leg by mode",
        "made_by": "tools/fit_modes.py, version 1",
        "classes": classes,
        "prior": np.round(prior, 3).tolist(),
        "features": features,
    }
