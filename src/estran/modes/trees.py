"""Boosted trees over leg features, read from a table of numbers.

``trees.json`` beside this module is written by ``tools/fit_trees.py``, which trains on rides
made up from what is known of each mode and on the labelled ones that may be shipped.
"""

# ruff: noqa: PLR0913, PLR0917 - a compiled loop takes arrays one by one

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from estran.geo.compiled import compiled
from estran.modes import tables

FLOOR_SHARE = 3e-4
"""No ride is so unlike what was made up that a mode is ruled out."""

LEAST_N_KNOWN = 5
"""With fewer features known the trees would tell how rides get lost, not how they go."""

UNKNOWN_BIN = 255
"""Where a value is unknown."""


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees in preorder: a node's first child is the next row.

    Parameters
    ----------
    classes, features : tuple of str
    columns : int64 array, shape (n_features,)
        Where the features are in the columns given to :func:`scores`.
    edges : tuple of float32 array
        Per feature, the values that bins end at.
    start : float64 array, shape (n_classes,)
        Score of each class before any tree.
    feature, edge, skip : int16 array, shape (n_nodes,)
        Feature asked (-1: a leaf), bin up to which one goes to the next row, rows to skip
        otherwise.
    blind : bool array, shape (n_nodes,)
        Whether an unknown value goes to the next row.
    value : float32 array, shape (n_nodes,)
        What a leaf adds.
    root : int64 array, shape (n_trees,)
        First node of each tree; trees take classes in turn.
    """

    classes: tuple[str, ...]
    features: tuple[str, ...]
    columns: NDArray[np.int64]
    edges: tuple[NDArray[np.float32], ...]
    start: NDArray[np.float64]
    feature: NDArray[np.int16]
    edge: NDArray[np.int16]
    skip: NDArray[np.int16]
    blind: NDArray[np.bool_]
    value: NDArray[np.float32]
    root: NDArray[np.int64]


def packed(feature: int, edge: int, skip: int, *, blind: bool) -> int:
    """Write a fork as one number above 0; a leaf is 0.

    Examples
    --------
    >>> [int(part[0]) for part in _unpacked(np.array([packed(3, 40, 7, blind=True)]))]
    [3, 40, 7, 1]
    """
    return ((skip * 64 + edge) * 2 + blind) * 32 + feature


def _unpacked(node: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    """Give feature (-1 in leaves), edge, skip and blindness of nodes."""
    feature = np.where(node > 0, node % 32, -1)
    return feature, node // 64 % 64, node // 4096, node // 32 % 2


@lru_cache(maxsize=2)
def load(columns: tuple[str, ...]) -> Trees:
    """Read the trees that ship with this package, for the columns that they will be given."""
    document = tables.load("trees")
    feature, edge, skip, blind = _unpacked(np.array(document["node"], np.int64))
    value = np.zeros(feature.size, np.float32)
    value[feature < 0] = np.array(document["leaf"], np.float32) / document["value_scale"]
    return Trees(
        classes=tuple(document["classes"]),
        features=tuple(document["features"]),
        columns=np.array([columns.index(name) for name in document["features"]], np.int64),
        edges=tuple(np.array(e, np.float32) for e in document["edges"]),
        start=np.array(document["start"], float),
        feature=feature.astype(np.int16),
        edge=edge.astype(np.int16),
        skip=skip.astype(np.int16),
        blind=blind.astype(bool),
        value=value,
        root=np.array(document["root"], np.int64),
    )


@compiled
def add_trees(
    bins: NDArray[np.uint8],
    feature: NDArray[np.int16],
    edge: NDArray[np.int16],
    skip: NDArray[np.int16],
    blind: NDArray[np.bool_],
    value: NDArray[np.float32],
    root: NDArray[np.int64],
    out: NDArray[np.float64],
) -> None:
    """Add what the trees say of each row to ``out``, shape (n, n_classes)."""
    n_classes = out.shape[1]
    for row in range(bins.shape[0]):
        for tree in range(root.size):
            at = root[tree]
            while feature[at] >= 0:
                told = bins[row, feature[at]]
                left = blind[at] if told == UNKNOWN_BIN else told <= edge[at]
                at += 1 if left else skip[at]
            out[row, tree % n_classes] += value[at]


def scores(
    columns: NDArray[np.float32], names: tuple[str, ...], classes: tuple[str, ...]
) -> NDArray[np.float64]:
    """Give the log-likelihood of each class.

    Parameters
    ----------
    columns : float32 array, shape (n, len(names))
        NaN is unknown, which the trees know how to take.
    names : tuple of str
    classes : tuple of str
        In this order.

    Returns
    -------
    float64 array, shape (n, len(classes))
        The same for all classes where hardly anything is known.
    """
    model = load(names)
    bins = np.empty((len(columns), len(model.features)), np.uint8)
    for j, (column, edges) in enumerate(zip(model.columns, model.edges, strict=True)):
        x = columns[:, column]
        bins[:, j] = np.where(np.isnan(x), UNKNOWN_BIN, np.searchsorted(edges, x, "left"))
    out = np.tile(model.start, (len(columns), 1))
    add_trees(
        bins, model.feature, model.edge, model.skip, model.blind, model.value, model.root, out
    )
    out -= out.max(axis=1, keepdims=True)
    share = np.exp(out)
    share /= share.sum(axis=1, keepdims=True)
    told: NDArray[np.float64] = np.log(share + FLOOR_SHARE)
    told[(bins != UNKNOWN_BIN).sum(axis=1) < LEAST_N_KNOWN] = 0.0
    return told[:, [model.classes.index(name) for name in classes]]
