"""Why a leg has its mode: pieces of evidence that a person can check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estran.journal import Mode, Reason
from estran.modes import tables
from estran.modes.claims import CONFIRMED_PROBABILITY_SHARE
from estran.modes.rides import LEG_FEATURES

THIN_N_POSITIONS = 3
MOST_REASONS = 4

_OF_FEATURE = {
    "top_kmh": "speed",
    "moving_kmh": "speed",
    "stops_per_km": "stops",
    "still_share": "stops",
    "unseen_share": "unseen",
    "coarse_share": "coarse",
    "wait_before_s": "wait-before",
    "walk_before_s": "walk-beside",
    "walk_after_s": "walk-beside",
    "n_other_rides": "other-rides",
    "distance_km": "distance",
}
"""Which sentence tells of each feature; those it lacks are told in other words or not."""

_SENTENCE: dict[str, tuple[tuple[str, str, float, int], ...]] = {
    "speed": (("moving_kmh", "moving_kmh", 1, 0), ("top_kmh", "top_kmh", 1, 0)),
    "stops": (("stops_per_km", "stops_per_km", 1, 1),),
    "unseen": (("percent", "unseen_share", 100, 0),),
    "coarse": (("percent", "coarse_share", 100, 0),),
    "wait-before": (("minutes", "wait_before_s", 1 / 60, 0),),
    "other-rides": (("n", "n_other_rides", 1, 0),),
    "distance": (("distance_km", "distance_km", 1, 1),),
}
"""Parameters of each sentence: name, feature, scale, digits."""

_LEAST = {
    "wait-before": ("wait_before_s", 60.0),
    "coarse": ("coarse_share", 0.1),
    "unseen": ("unseen_share", 0.2),
    "other-rides": ("n_other_rides", 1.0),
}
"""Below this a feature is not worth a sentence, though it may have weighed."""

_SAID = ("phone-still", "phone-foot", "phone-bike", "phone-vehicle")


@dataclass(frozen=True, slots=True)
class Seen:
    """What one leg shows."""

    mode: Mode
    facts: NDArray[np.float32]
    margins: NDArray[np.float64]
    said_share: NDArray[np.float32]
    claim: int
    claim_trust_share: float
    n_positions: int
    lasts_s: float


def margins_of(facts: NDArray[np.float32], legs_modes: Sequence[Mode]) -> NDArray[np.float64]:
    """Give how much each feature spoke for each leg's mode, against the mean of the others.

    Parameters
    ----------
    facts : float32 array, shape (n, n_features)
        What the legs show.
    legs_modes : sequence of Mode, length n
        What was chosen.

    Returns
    -------
    float64 array, shape (n, n_features)
        Never negative; 0 for a mode that the table of legs does not know.
    """
    curves = tables.curves("legs")
    own = np.array([curves.classes.index(m) if m in curves.classes else -1 for m in legs_modes])
    known = np.flatnonzero(own >= 0)
    out = np.zeros((len(facts), len(curves.features)))
    for j in range(len(curves.features)):
        # All legs at once: a call a leg and feature cost half of the whole analysis.
        part = curves.scores_of(j, np.ascontiguousarray(facts[known, j])).astype(np.float64)
        mine = part[np.arange(known.size), own[known]]
        others = (part.sum(axis=1) - mine) / (len(curves.classes) - 1)
        out[known, j] = np.maximum(0.0, mine - others)
    return out


def _weights(margins: NDArray[np.float64]) -> dict[str, float]:
    """Add the margins of the features that one sentence tells together."""
    weights: dict[str, float] = {}
    for name, margin in zip(tables.curves("legs").features, margins.tolist(), strict=True):
        code = _OF_FEATURE.get(name)
        if code is not None:
            weights[code] = weights.get(code, 0.0) + margin
    return weights


def _params(code: str, facts: dict[str, float]) -> tuple[tuple[str, str | float], ...]:
    """Give what a sentence needs, rounded for reading."""
    return tuple(
        (
            name,
            round(facts[feature] * scale, digits)
            if digits
            else float(round(facts[feature] * scale)),
        )
        for name, feature, scale, digits in _SENTENCE.get(code, ())
    )


def _worth_saying(code: str, facts: dict[str, float]) -> bool:
    feature, least = _LEAST.get(code, ("top_kmh", 0.0))
    return facts[feature] >= least


def _hint_reasons(seen: Seen) -> list[Reason]:
    out: list[Reason] = []
    if seen.claim >= 0:
        confirmed = seen.claim_trust_share >= CONFIRMED_PROBABILITY_SHARE - 1e-6
        code = "label-confirmed" if confirmed else "label"
        percent = float(round(100 * seen.claim_trust_share))
        out.append(Reason(code, round(seen.claim_trust_share, 2), (("percent", percent),)))
    said = int(np.argmax(seen.said_share[: len(_SAID)]))
    share = float(seen.said_share[said])
    if share > 0:
        percent = float(round(100 * share))
        out.append(Reason(_SAID[said], round(share / 2, 2), (("percent", percent),)))
    return out


def reasons_of(seen: Seen) -> tuple[Reason, ...]:
    """Tell the evidence for a mode, the weightiest first."""
    minutes = float(round(seen.lasts_s / 60))
    if seen.mode == Mode.WAIT:
        return (Reason("standstill", 1.0, (("minutes", minutes),)),)
    facts = dict(zip(LEG_FEATURES, (float(x) for x in np.nan_to_num(seen.facts)), strict=True))
    weights = {c: w for c, w in _weights(seen.margins).items() if w > 0 and _worth_saying(c, facts)}
    total = sum(weights.values())
    out = _hint_reasons(seen)
    out += [Reason(c, round(w / total, 2), _params(c, facts)) for c, w in weights.items()]
    out.sort(key=lambda reason: -reason.weight_share)
    if seen.n_positions < THIN_N_POSITIONS:
        out.insert(0, Reason("thin-data", 0.0, (("n", float(seen.n_positions)),)))
    return tuple(out[:MOST_REASONS])
