"""Fitted curves as data: an additive score by class, piecewise linear in each feature.

``windows.json`` and ``legs.json`` beside this module are written by
``tools/fit_modes.py``, which records in them the data and the split they come from.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from estran.geo.compiled import compiled

type_f32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Curves:
    """An additive model: the score of a class is the sum of one curve a feature.

    Parameters
    ----------
    classes : tuple of str
    features : tuple of str
        Names, in the order of the columns given to :meth:`scores`.
    knots : tuple of float64 array
        Per feature, where its curves bend; flat outside.
    values : tuple of float64 array, shape (n_knots, n_classes)
        Per feature, the curves at the knots.
    """

    classes: tuple[str, ...]
    features: tuple[str, ...]
    knots: tuple[NDArray[np.float64], ...]
    values: tuple[NDArray[np.float64], ...]

    def scores(self, columns: NDArray[np.float32]) -> type_f32:
        """Sum the curves.

        Parameters
        ----------
        columns : float32 array, shape (n, n_features)
            NaN says nothing and adds nothing.

        Returns
        -------
        float32 array, shape (n, n_classes)
        """
        out = np.zeros((len(columns), len(self.classes)), np.float32)
        for j, (knots, values) in enumerate(zip(self.knots, self.values, strict=True)):
            add_curves(columns[:, j], knots, values, out)
        return out

    def scores_of(self, feature: int, x: NDArray[np.float32]) -> type_f32:
        """Give one feature's part of the scores, shape (n, n_classes)."""
        out = np.zeros((x.size, len(self.classes)), np.float32)
        add_curves(x, self.knots[feature], self.values[feature], out)
        return out


@compiled
def add_curves(
    x: NDArray[np.float32],
    knots: NDArray[np.float64],
    values: NDArray[np.float64],
    out: NDArray[np.float32],
) -> None:
    """Add piecewise-linear curves, flat outside their knots; NaN adds nothing."""
    n_knots, n_classes = values.shape
    for row in range(x.size):
        if np.isnan(x[row]):
            continue
        at = 0
        while at < n_knots - 2 and x[row] >= knots[at + 1]:
            at += 1
        share = (x[row] - knots[at]) / (knots[at + 1] - knots[at])
        share = min(max(share, 0.0), 1.0)
        for c in range(n_classes):
            out[row, c] += values[at, c] + share * (values[at + 1, c] - values[at, c])


def curves_from(document: dict[str, Any]) -> Curves:
    """Make curves from their JSON form."""
    return Curves(
        classes=tuple(document["classes"]),
        features=tuple(f["name"] for f in document["features"]),
        knots=tuple(np.asarray(f["knots"], float) for f in document["features"]),
        values=tuple(np.asarray(f["values"], float) for f in document["features"]),
    )


@lru_cache(maxsize=8)
def load(name: str) -> dict[str, Any]:
    """Read a table that ships with this package."""
    text = resources.files(__package__).joinpath(f"{name}.json").read_text("utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


@lru_cache(maxsize=8)
def curves(name: str) -> Curves:
    """Read the curves of a table that ships with this package."""
    return curves_from(load(name))
