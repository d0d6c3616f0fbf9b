"""Boosted trees over leg features, read from a table of numbers.

``trees.json`` beside this module is written by ``tools/fit_trees.py``, which trains on rides
made up from what is known of each mode and on the labelled ones that may be shipped.
"""

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

UNKNOWN_BIN = 64
"""Where a value is unknown: a fork names 63 edges at most, between bins 0 to 63."""

MOST_LEAVES = 32
"""Leaves of a tree are the bits of one number."""


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees as tables of the leaves that each value leaves open.

    Parameters
    ----------
    classes, features : tuple of str
    columns : int64 array, shape (n_features,)
        Where the features are in the columns given to :func:`scores`.
    edges : tuple of float32 array
        Per feature, the values that bins end at.
    start : float64 array, shape (n_classes,)
        Score of each class before any tree.
    open_leaves : uint32 array, shape (n_features, UNKNOWN_BIN + 1, n_trees)
        Leaves of each tree that a feature's bin does not rule out, a bit each, the first leaf
        the lowest.
    value : float32 array, shape (n_trees, MOST_LEAVES)
        What a leaf adds. Trees take classes in turn.
    """

    classes: tuple[str, ...]
    features: tuple[str, ...]
    columns: NDArray[np.int64]
    edges: tuple[NDArray[np.float32], ...]
    start: NDArray[np.float64]
    open_leaves: NDArray[np.uint32]
    value: NDArray[np.float32]


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
    node, root = np.array(document["node"], np.int64), np.array(document["root"], np.int64)
    tree = np.searchsorted(root, np.arange(node.size), "right") - 1
    is_leaf = node == 0
    place = np.cumsum(is_leaf) - is_leaf
    place -= place[root][tree]
    value = np.zeros((root.size, MOST_LEAVES), np.float32)
    leaves = np.array(document["leaf"], np.float32) / document["value_scale"]
    value[tree[is_leaf], place[is_leaf]] = leaves
    return Trees(
        classes=tuple(document["classes"]),
        features=tuple(document["features"]),
        columns=np.array([columns.index(name) for name in document["features"]], np.int64),
        edges=tuple(np.array(e, np.float32) for e in document["edges"]),
        start=np.array(document["start"], float),
        open_leaves=_open_leaves(node, root.size, tree, place, len(document["features"])),
        value=value,
    )


def _open_leaves(
    node: NDArray[np.int64],
    n_trees: int,
    tree: NDArray[np.int64],
    place: NDArray[np.int64],
    n_features: int,
) -> NDArray[np.uint32]:
    """Tell which leaves of each tree every bin of every feature leaves open.

    A node's first child is the next row. A fork whose answer is no closes the leaves under
    it: what stays open after all forks begins with the leaf that a walk down would end in.
    """
    feature, edge, skip, blind = _unpacked(node)
    fork = np.flatnonzero(feature >= 0)
    closed = (1 << place[fork + skip[fork]]) - (1 << place[fork + 1])
    left_open = (~closed).astype(np.uint32)
    out = np.full((n_features, UNKNOWN_BIN + 1, n_trees), 2**MOST_LEAVES - 1, np.uint32)
    at = (feature[fork], edge[fork] + 1, tree[fork])
    np.bitwise_and.at(out, at, left_open)
    out[:, UNKNOWN_BIN] = 2**MOST_LEAVES - 1  # an answer is never no beyond the last edge
    np.bitwise_and.accumulate(out[:, :UNKNOWN_BIN], axis=1, out=out[:, :UNKNOWN_BIN])
    sees = blind[fork] == 0
    unknown = (feature[fork][sees], UNKNOWN_BIN, tree[fork][sees])
    np.bitwise_and.at(out, unknown, left_open[sees])
    return out


_DE_BRUIJN = 0x077CB531
_BIT = np.zeros(32, np.uint8)
_BIT[[(_DE_BRUIJN << k & 0xFFFFFFFF) >> 27 for k in range(32)]] = np.arange(32)
"""Number of a lone bit, by the upper five bits of its product with De Bruijn's number."""


@compiled
def add_trees(
    bins: NDArray[np.uint8],
    open_leaves: NDArray[np.uint32],
    value: NDArray[np.float32],
    out: NDArray[np.float64],
) -> None:
    """Add what the trees say of each row to ``out``, shape (n, n_classes).

    No walk from fork to fork, which a processor cannot foresee: tables of open leaves are
    intersected, all trees at once (Lucchese et al., QuickScorer, 2015).
    """
    n_features, _, n_trees = open_leaves.shape
    n_classes = out.shape[1]
    still_open = np.empty(n_trees, np.uint32)
    for row in range(bins.shape[0]):
        own = open_leaves[0, bins[row, 0]]
        for tree in range(n_trees):
            still_open[tree] = own[tree]
        for f in range(1, n_features):
            own = open_leaves[f, bins[row, f]]
            for tree in range(n_trees):
                still_open[tree] &= own[tree]
        c = 0
        for tree in range(n_trees):
            left = np.int64(still_open[tree])
            leaf = _BIT[((left & -left) * _DE_BRUIJN & 0xFFFFFFFF) >> 27]
            out[row, c] += value[tree, leaf]
            c += 1
            if c == n_classes:
                c = 0


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
    add_trees(bins, model.open_leaves, model.value, out)
    out -= out.max(axis=1, keepdims=True)
    share = np.exp(out)
    share /= share.sum(axis=1, keepdims=True)
    told: NDArray[np.float64] = np.log(share + FLOOR_SHARE)
    told[(bins != UNKNOWN_BIN).sum(axis=1) < LEAST_N_KNOWN] = 0.0
    return told[:, [model.classes.index(name) for name in classes]]
