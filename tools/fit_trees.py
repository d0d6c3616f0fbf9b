"""Train the trees of legs: on rides made up from knowledge, and on the labelled ones."""

# ruff: noqa: INP001, SLF001 - tools are scripts, not a package; the trees of scikit-learn are
# to be had from its private parts only, and this is run by hand

from __future__ import annotations

from typing import Any

import numpy as np
from fit_legs import LabelledFacts, route_weights
from imagined_modes import MAKERS
from imagined_rides import rides
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from estran.modes.grid import TripBounds, grid_of
from estran.modes.hints import class_of
from estran.modes.rides import LEG_FEATURES, SHAPE_FEATURES, facts_of
from estran.modes.settings import ModeSettings
from estran.modes.trees import packed
from estran.modes.windows import Runs
from estran.trace import Activities, Trace

FEATURES = (
    "top_kmh", "moving_kmh", "stops_per_km", "still_share", "change_mps", "unseen_share",
    "distance_km", "top_factor", "turns_per_km",
    *(name for name in SHAPE_FEATURES if name != "turns_seen_km"),
)  # fmt: skip
"""Movement only: what phones say and what is beside a leg cannot be made up."""

N_EACH = 1500
LABELLED_WORTH_SHARE = 0.35
"""What all labelled legs are worth beside all made-up ones."""

SEED = 11
N_ROUNDS = 80
N_LEAVES = 10
N_BINS = 64
VALUE_SCALE = 1000


def _made_up() -> tuple[NDArray[np.float32], list[str]]:
    columns, modes = [], []
    for mode, trace in rides(SEED, N_EACH):
        columns.append(_measured(trace, mode))
        modes.append(str(mode))
    return np.array(columns), modes


def _measured(trace: Trace, mode: str) -> NDArray[np.float32]:
    bounds = TripBounds(
        np.array([0]), np.array([len(trace)]), trace.time_us[:1], trace.time_us[-1:]
    )
    grid = grid_of(trace, bounds, settings=ModeSettings())
    whole = Runs(np.array([0]), np.array([0]), grid.offset[1:], np.array([class_of(mode)], np.int8))
    facts = facts_of(grid, whole, trace, bounds, Activities.empty())
    out: NDArray[np.float32] = np.hstack([facts.features, facts.shape])[0]
    return out


def tree_table(labelled: list[LabelledFacts], source: str) -> dict[str, object]:
    """Make the document of ``trees.json``."""
    made, modes = _made_up()
    classes = [str(mode) for mode in MAKERS]
    known = [leg for leg in labelled if leg.mode in classes]
    worth = route_weights(known)
    worth *= LABELLED_WORTH_SHARE * len(made) / worth.sum()
    names = (*LEG_FEATURES, *SHAPE_FEATURES)
    chosen = [names.index(name) for name in FEATURES]
    columns = np.vstack([made, np.array([leg.features for leg in known])])[:, chosen]
    target = [classes.index(mode) for mode in [*modes, *(leg.mode for leg in known)]]
    model = HistGradientBoostingClassifier(
        max_iter=N_ROUNDS, learning_rate=0.075, max_leaf_nodes=N_LEAVES, max_bins=N_BINS,
        l2_regularization=5.0, min_samples_leaf=30, random_state=0,
    )  # fmt: skip
    model.fit(columns, target, sample_weight=np.concatenate([np.ones(len(made)), worth]))
    return {
        "what": "boosted trees: log-likelihood of a leg's movement by mode",
        "made_by": "tools/fit_modes.py, version 2",
        "data": f"tools/imagined_rides.py, {N_EACH} rides a mode, seed {SEED}; {source}, worth "
        f"{LABELLED_WORTH_SHARE:.0%} of them, by {worth.size} measurements",
        "classes": classes,
        "features": list(FEATURES),
        "value_scale": VALUE_SCALE,
        **_columns_of(model),
    }


def _columns_of(model: Any) -> dict[str, list[Any]]:
    """Lay the nodes of all trees out in preorder; :mod:`estran.modes.trees` reads them."""
    out: dict[str, list[Any]] = {"node": [], "leaf": [], "root": []}

    def lay(nodes: Any, at: int) -> None:
        node, row = nodes[at], len(out["node"])
        out["node"].append(0)
        if node["is_leaf"]:
            out["leaf"].append(round(float(node["value"]) * VALUE_SCALE))
            return
        lay(nodes, int(node["left"]))
        out["node"][row] = packed(
            int(node["feature_idx"]),
            int(node["bin_threshold"]),
            len(out["node"]) - row,
            blind=bool(node["missing_go_to_left"]),
        )
        lay(nodes, int(node["right"]))

    for of_round in model._predictors:
        for tree in of_round:
            out["root"].append(len(out["node"]))
            lay(tree.nodes, 0)
    out["start"] = np.round(model._baseline_prediction.ravel(), 4).tolist()
    out["edges"] = [
        [float(f"{edge:.5g}") for edge in edges] for edges in model._bin_mapper.bin_thresholds_
    ]
    return out
