"""Fit the tables of the mode stage, and write them with where they come from.

``python tools/fit_modes.py`` reads the labelled sets of ``../shared/data`` (MobilityNet,
even runs; Aalto, odd persons, for which pyarrow must be installed; Utrecht, its last days),
fits additive piecewise-linear curves and boosted trees (scikit-learn, of the ``bench`` extra)
and writes ``windows.json``, ``legs.json`` and ``trees.json`` in ``src/estran/modes``.
Nothing here runs in the product. Geolife is never read:
its licence forbids what ships to be fitted on it.
"""

# ruff: noqa: INP001 - tools are scripts, not a package

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.truth import Recording, aalto, mobilitynet, utrecht  # noqa: E402 - same
from fit_legs import LabelledFacts, leg_table  # noqa: E402 - the path is set just above
from fit_trees import tree_table  # noqa: E402 - same

from estran.clean import clean  # noqa: E402 - same
from estran.journal import Mode  # noqa: E402 - same
from estran.modes.grid import FEATURES, Grid, TripBounds, grid_of  # noqa: E402 - same
from estran.modes.hints import class_of  # noqa: E402 - same
from estran.modes.rides import LEG_FEATURES, facts_of  # noqa: E402 - same
from estran.modes.settings import ModeSettings  # noqa: E402 - same
from estran.modes.windows import CLASSES, Runs  # noqa: E402 - same
from estran.scoring import LabelledLeg, LabelledTrip  # noqa: E402 - same
from estran.trace import Trace  # noqa: E402 - same

KNOTS = {
    "speed_mps": [0, 0.3, 0.7, 1.1, 1.6, 2.2, 3.2, 4.5, 6, 8, 11, 16, 25],
    "near_mean_mps": [0, 0.2, 0.4, 0.7, 1.0, 1.3, 1.6, 2.0, 2.6, 3.5, 4.5, 6, 8, 11, 16, 25],
    "near_top_mps": [0, 0.4, 0.8, 1.2, 1.6, 2.0, 2.6, 3.5, 4.5, 6, 8, 10, 13, 18, 26],
    "far_lesser_top_mps": [0, 0.5, 1.0, 1.5, 2.0, 2.6, 3.5, 5, 6.5, 8, 10, 13, 18, 26],
    "far_still_share": [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0],
    "near_change_mps": [0, 0.1, 0.25, 0.5, 0.9, 1.5, 2.5, 4],
    "far_straight_share": [0, 0.3, 0.6, 0.8, 0.9, 0.97, 1.0],
}
SPACINGS_S = (0, 5, 15, 30, 60)
"""Every recording is also thinned to these, so that the curves hold at any rate."""

LEAST_SUPPORT_SHARE = 0.05
"""A window in a longer gap shows nothing worth fitting."""

ROUGHNESS = 3.0
RIDGE = 0.3
CLASS_OF = {Mode.WAIT: "still", Mode.WALK: "walk", Mode.BIKE: "bike"}


def thinned(trace: Trace, spacing_s: float) -> Trace:
    """Keep one fix every ``spacing_s``."""
    if spacing_s == 0 or len(trace) == 0:
        return trace
    slot = trace.time_us // round(spacing_s * 1e6)
    keep = np.concatenate([[True], slot[1:] != slot[:-1]])
    return trace.take(keep)


def bounds_of(trace: Trace, true: tuple[LabelledTrip, ...]) -> TripBounds:
    """Give the true borders as the engine's."""
    start = np.array([t.start_us for t in true], np.int64)
    end = np.array([t.end_us for t in true], np.int64)
    first = np.searchsorted(trace.time_us, start)
    return TripBounds(first, np.searchsorted(trace.time_us, end), start, end)


def labels_of(grid: Grid, true: tuple[LabelledTrip, ...]) -> NDArray[np.int64]:
    """Give the class of each window by its middle; -1 near a border or without label."""
    middle = (grid.start_us + grid.end_us) // 2
    label = np.full(middle.size, -1)
    for leg in (leg for trip in true for leg in trip.legs):
        name = CLASS_OF.get(Mode(leg.mode), "motor")
        inside = (middle >= leg.start_us + 5_000_000) & (middle < leg.end_us - 5_000_000)
        label[inside] = CLASSES.index(name)
    return label


def samples(recordings: list[Recording]) -> Iterator[tuple[Grid, NDArray[np.int64]]]:
    """Give the windows of each recording at each spacing, with their classes."""
    for recording in recordings:
        for spacing_s in SPACINGS_S:
            trace = thinned(recording.evidence.trace, spacing_s)
            grid = grid_of(trace, bounds_of(trace, recording.true), settings=ModeSettings())
            label = labels_of(grid, recording.true)
            label[grid.support_share < LEAST_SUPPORT_SHARE] = -1
            yield grid, label


def basis(x: NDArray[np.float32], knots: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the weight of each knot for each value: linear between, flat outside."""
    clipped = np.clip(x, knots[0], knots[-1]).astype(float)
    out = np.empty((x.size, knots.size))
    for k in range(knots.size):
        out[:, k] = np.interp(clipped, knots, np.eye(knots.size)[k])
    return out


def fit(
    columns: NDArray[np.float32], label: NDArray[np.int64], weight: NDArray[np.float64], n: int
) -> list[NDArray[np.float64]]:
    """Fit the curves by penalised softmax regression (full-batch, Adam)."""
    knots = [np.array(KNOTS[name], float) for name in FEATURES]
    parts = [basis(columns[:, j], k) for j, k in enumerate(knots)]
    x = np.hstack(parts)
    penalty = np.zeros((x.shape[1], x.shape[1]))
    at = 0
    for k in knots:
        second = np.diff(np.eye(k.size), 2, axis=0)
        block = ROUGHNESS * second.T @ second + RIDGE * np.eye(k.size)
        penalty[at : at + k.size, at : at + k.size] = block
        at += k.size
    target = np.eye(n)[label] * weight[:, None]
    theta = np.zeros((x.shape[1], n))
    mean, square = np.zeros_like(theta), np.zeros_like(theta)
    for step in range(1, 701):
        z = x @ theta
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        gradient = x.T @ (p * weight[:, None] - target) + penalty @ theta
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        theta -= 0.08 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return np.split(theta, np.cumsum([k.size for k in knots])[:-1])


def _at_other_speeds(
    columns: NDArray[np.float32], label: NDArray[np.int64], support: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.float64]]:
    """Add windows again at other speeds: the labelled ones are few riders' and drivers'."""
    # Changes of speed stay: a fast bike is no jerkier, and a jam no smoother.
    speeds = [j for j, n in enumerate(FEATURES) if n.endswith("_mps") and "change" not in n]
    parts = [(columns, label, support)]
    for name, factor, worth in OTHER_SPEEDS:
        chosen = label == CLASSES.index(name)
        changed = columns[chosen].copy()
        changed[:, speeds] *= factor
        parts.append((changed, label[chosen], worth * support[chosen]))
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))  # type: ignore[return-value] # three columns


OTHER_SPEEDS = (
    ("bike", 1.25, 0.5), ("bike", 1.5, 0.35), ("bike", 1.8, 0.15), ("motor", 0.75, 0.3)
)  # fmt: skip
"""Class, times how fast, and what such a window is worth: e-bikes ride at 25 km/h, some at
40; a bus in a town's traffic is slower than any of the labelled ones."""


def fit_windows(recordings: list[Recording]) -> dict[str, object]:
    """Fit the window curves: still, walk, bike, motor from movement alone."""
    pairs = list(samples(recordings))
    columns = np.vstack([g.features for g, _ in pairs])
    label = np.concatenate([y for _, y in pairs])
    support = np.concatenate([g.support_share for g, _ in pairs]).astype(float)
    used = label >= 0
    used[::2] = False  # neighbours say the same, and the fit takes half the time
    columns, label, support = columns[used], label[used], support[used]
    columns, label, support = _at_other_speeds(columns, label, support)
    # Each class counts the same, and all windows together as a few hundred observations:
    # windows repeat each other, and one person's routes are few.
    weight = support.copy()
    for c in range(len(CLASSES)):
        weight[label == c] *= 300.0 / support[label == c].sum()
    values = fit(columns, label, weight, len(CLASSES))
    return {
        "what": "additive log-odds of a 10 s window by class, from movement alone",
        "made_by": "tools/fit_modes.py, version 1",
        "data": "MobilityNet (Shankari et al. 2020, BSD-3), even runs, true leg borders, "
        f"thinned to {list(SPACINGS_S)} s; {int(used.sum())} windows",
        "classes": list(CLASSES),
        "features": [
            {"name": name, "knots": KNOTS[name], "values": np.round(v, 3).tolist()}
            for name, v in zip(FEATURES, values, strict=True)
        ],
    }


def labelled_facts(recordings: list[Recording]) -> Iterator[LabelledFacts]:
    """Measure every labelled leg at every spacing, its borders and its trip being true."""
    for recording in recordings:
        for spacing_s in SPACINGS_S:
            trace = thinned(recording.evidence.trace, spacing_s)
            bounds = bounds_of(trace, recording.true)
            grid = grid_of(trace, bounds, settings=ModeSettings())
            legs, runs = true_runs(grid, recording.true)
            if not legs:
                continue
            facts = facts_of(grid, runs, trace, bounds, recording.evidence.activities)
            columns = np.hstack([facts.features, facts.shape])
            for leg, features in zip(legs, columns, strict=True):
                seen = features[LEG_FEATURES.index("distance_km")] > SHORTEST_KM
                if leg.mode == Mode.WAIT or not seen:
                    continue
                city = recording.key.split("/", maxsplit=1)[0]
                minutes = round((leg.end_us - leg.start_us) / 6e7 / ROUTE_MINUTES)
                route = f"{city}/{leg.mode}/{minutes}"
                yield LabelledFacts(str(leg.mode), route, features, 1 / len(SPACINGS_S))


SHORTEST_KM = 0.1
"""A leg of less saw no movement."""

ROUTE_MINUTES = 12
"""Legs of one place, one mode and about one duration are taken for one route."""


def true_runs(grid: Grid, true: tuple[LabelledTrip, ...]) -> tuple[list[LabelledLeg], Runs]:
    """Give the true legs as runs of windows."""
    legs, rows = [], []
    for number, trip in enumerate(true):
        low, high = grid.offset[number], grid.offset[number + 1]
        for leg in trip.legs:
            a, b = np.searchsorted(grid.start_us[low:high], [leg.start_us, leg.end_us])
            if b - a > 1:
                legs.append(leg)
                rows.append((number, low + a, low + b, class_of(leg.mode)))
    table = np.array(rows, np.int64).reshape(-1, 4)
    return legs, Runs(table[:, 0], table[:, 1], table[:, 2], table[:, 3].astype(np.int8))


def write(name: str, document: dict[str, object]) -> None:
    """Write a table beside the code that reads it."""
    path = ROOT / "src" / "estran" / "modes" / f"{name}.json"
    path.write_text(json.dumps(document, separators=(",", ":")) + "\n", "utf-8")


def main() -> None:
    """Fit and write."""
    fitted = [
        replace(r, evidence=clean(r.evidence))
        for read in (mobilitynet, aalto, utrecht)
        for r in read()
        if r.part == "fit" and not r.stationary
    ]
    if not any(r.group == "aalto" for r in fitted):
        sys.exit("pyarrow is needed to read the Aalto set: install it for this run")
    write("windows", fit_windows([r for r in fitted if r.group not in ("aalto", "utrecht")]))
    source = (
        "MobilityNet (BSD-3) even runs, Aalto (CC BY 4.0) odd persons, "
        "Utrecht (EUPL 1.2) days from 20 June"
    )
    labelled = list(labelled_facts(fitted))
    write("legs", leg_table(labelled, source))
    write("trees", tree_table(labelled, source))


if __name__ == "__main__":
    main()
