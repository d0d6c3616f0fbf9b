"""Fitted curves as data: an additive score by class, piecewise linear in each feature.

``windows.json`` and ``legs.json`` beside this module are written by
``tools/fit_modes.py``, which records in them the data and the split they come from.
"""

from __future__ import annotations

import json
import math
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
    n_knots : int64 array, shape (n_features,)
    knots : float64 array, shape (n_features, most knots)
        Per feature, where its curves bend; flat outside.
    values : float64 array, shape (n_features, most knots, n_classes)
        Per feature, the curves at the knots.
    """

    classes: tuple[str, ...]
    features: tuple[str, ...]
    n_knots: NDArray[np.int64]
    knots: NDArray[np.float64]
    values: NDArray[np.float64]

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
        add_curves(columns, 0, self.n_knots, self.knots, self.values, out)
        return out

    def scores_of(self, feature: int, columns: NDArray[np.float32]) -> type_f32:
        """Give one feature's part of the scores, shape (n, n_classes)."""
        out = np.zeros((len(columns), len(self.classes)), np.float32)
        one = slice(feature, feature + 1)
        add_curves(columns, feature, self.n_knots[one], self.knots[one], self.values[one], out)
        return out


@compiled
def add_curves(  # noqa: PLR0913, PLR0917 - a compiled loop takes arrays one by one
    columns: NDArray[np.float32],
    first: int,
    n_knots: NDArray[np.int64],
    knots: NDArray[np.float64],
    values: NDArray[np.float64],
    out: NDArray[np.float32],
) -> None:
    """Add piecewise-linear curves, flat outside their knots; NaN adds nothing.

    The curves are those of the columns from ``first`` on.
    """
    n_classes = values.shape[2]
    for row in range(columns.shape[0]):
        for f in range(n_knots.size):
            x = columns[row, first + f]
            if math.isnan(x):
                continue
            at = 0
            while at < n_knots[f] - 2 and x >= knots[f, at + 1]:
                at += 1
            share = (x - knots[f, at]) / (knots[f, at + 1] - knots[f, at])
            share = min(max(share, 0.0), 1.0)
            for c in range(n_classes):
                out[row, c] += values[f, at, c] + share * (values[f, at + 1, c] - values[f, at, c])


def curves_from(document: dict[str, Any]) -> Curves:
    """Make curves from their JSON form."""
    features, classes = document["features"], tuple(document["classes"])
    n_knots = np.array([len(f["knots"]) for f in features], np.int64)
    knots = np.zeros((n_knots.size, int(n_knots.max())))
    values = np.zeros((*knots.shape, len(classes)))
    for row, (n, f) in enumerate(zip(n_knots, features, strict=True)):
        knots[row, :n], values[row, :n] = f["knots"], f["values"]
    return Curves(classes, tuple(f["name"] for f in features), n_knots, knots, values)


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
