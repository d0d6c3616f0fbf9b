from __future__ import annotations

import numpy as np

from estran.geo.compiled import plain
from estran.modes import tables, trees
from estran.modes.rides import LEG_FEATURES, SHAPE_FEATURES

COLUMNS = (*LEG_FEATURES, *SHAPE_FEATURES)


def walked(bins):
    """Walk every tree from its root, fork by fork, as the table of numbers is written."""
    document = tables.load("trees")
    leaves = iter(np.array(document["leaf"], np.float32) / document["value_scale"])
    value = [next(leaves) if node == 0 else None for node in document["node"]]
    out = np.tile(np.array(document["start"], float), (len(bins), 1))
    for row, told in enumerate(bins):
        for tree, root in enumerate(document["root"]):
            at = root
            while (node := document["node"][at]) != 0:
                feature, edge = node % 32, node // 64 % 64
                is_blind, skip = node // 32 % 2, node // 4096
                own = told[feature]
                yes = is_blind if own == trees.UNKNOWN_BIN else own <= edge
                at += 1 if yes else skip
            out[row, tree % out.shape[1]] += value[at]
    return out


def test_intersected_leaves_are_where_a_walk_down_every_tree_ends():
    rng = np.random.default_rng(9)
    model = trees.load(COLUMNS)
    bins = rng.integers(0, 64, (20, len(model.features))).astype(np.uint8)
    bins[rng.random(bins.shape) < 0.3] = trees.UNKNOWN_BIN
    bins[0], bins[1], bins[2] = 0, 63, trees.UNKNOWN_BIN
    for add in (trees.add_trees, plain(trees.add_trees)):
        got = np.tile(model.start, (len(bins), 1))
        add(bins, model.open_leaves, model.value, got)
        assert np.array_equal(got, walked(bins))
