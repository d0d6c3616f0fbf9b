"""Why a leg has its mode: pieces of evidence that a person can check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estran.journal import Mode, Reason
from estran.modes import tables
from estran.modes.claims import CONFIRMED_PROBABILITY_SHARE
from estran.modes.hints import MODES_SAID, class_of
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
"""Parameters of each sentence: name, feature, scale, digits kept."""

_LEAST = {
    "speed": ("top_kmh", 1.0),
    "distance": ("distance_km", 0.05),
    "wait-before": ("wait_before_s", 60.0),
    "coarse": ("coarse_share", 0.1),
    "unseen": ("unseen_share", 0.2),
    "other-rides": ("n_other_rides", 1.0),
}
"""Below this a feature is not worth a sentence, though it may have weighed."""

FITS_SHARE = 0.3
"""A word that fits a mode less well than this did not speak for it."""

_SAID = ("phone-still", "phone-foot", "phone-bike", "phone-vehicle")


@dataclass(frozen=True, slots=True)
class Seen:
    """What legs show, a row each.

    Parameters
    ----------
    mode : sequence of Mode
        What was chosen.
    facts : float32 array, shape (n, len(LEG_FEATURES))
    said_share : float32 array, shape (n, 5)
    claim : int64 array, shape (n,)
    claim_trust_share : float32 array, shape (n,)
    n_positions : int64 array, shape (n,)
    lasts_s : float64 array, shape (n,)
    """

    mode: Sequence[Mode]
    facts: NDArray[np.float32]
    said_share: NDArray[np.float32]
    claim: NDArray[np.int64]
    claim_trust_share: NDArray[np.float32]
    n_positions: NDArray[np.int64]
    lasts_s: NDArray[np.float64]


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
    index = {mode: column for column, mode in enumerate(curves.classes)}
    own = np.array([index.get(mode, -1) for mode in legs_modes], np.int64)
    known = np.flatnonzero(own >= 0)
    out = np.zeros((len(facts), len(curves.features)))
    told = facts[known]
    for j in range(len(curves.features)):
        # All legs at once: a call a leg and feature cost half of the whole analysis.
        part = curves.scores_of(j, told).astype(np.float64)
        mine = part[np.arange(known.size), own[known]]
        others = (part.sum(axis=1) - mine) / (len(curves.classes) - 1)
        out[known, j] = np.maximum(0.0, mine - others)
    return out


_CODES = tuple(dict.fromkeys(_OF_FEATURE.values()))
_COLUMN = {name: column for column, name in enumerate(LEG_FEATURES)}


def _shares_of(seen: Seen, facts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the share of each sentence in what movement says, shape (n, len(_CODES)).

    Margins of the features that one sentence tells together are added; what is not worth
    saying is 0.
    """
    margins = margins_of(seen.facts, seen.mode)
    weights = np.zeros((len(margins), len(_CODES)))
    for column, name in enumerate(tables.curves("legs").features):
        code = _OF_FEATURE.get(name)
        if code is not None:
            weights[:, _CODES.index(code)] += margins[:, column]
    for column, code in enumerate(_CODES):
        feature, least = _LEAST.get(code, ("top_kmh", 0.0))
        weights[facts[:, _COLUMN[feature]] < least, column] = 0.0
    total = weights.sum(axis=1, keepdims=True)
    np.divide(weights, total, out=weights, where=total > 0)
    return weights


_TOLD = tuple((code, *told) for code, sentence in _SENTENCE.items() for told in sentence)
"""Every parameter of every sentence: code, name, feature, scale, digits."""


_PARAMS = {
    code: tuple((name, k) for k, (of, name, *_) in enumerate(_TOLD) if of == code)
    for code in _SENTENCE
}


def _numbers(facts: NDArray[np.float64]) -> list[list[float]]:
    """Round every parameter of every sentence for reading, a row a leg."""
    # The fastest is a high quantile, which short legs have below their mean.
    facts = facts.copy()
    top, moving = _COLUMN["top_kmh"], _COLUMN["moving_kmh"]
    facts[:, top] = np.maximum(facts[:, top], facts[:, moving])
    columns = [
        np.round(facts[:, _COLUMN[feature]] * scale, digits)
        for _, _, feature, scale, digits in _TOLD
    ]
    return np.stack(columns, axis=1).tolist()  # type: ignore[no-any-return] # numpy says Any


def _percent(share: float) -> tuple[tuple[str, str | float], ...]:
    return (("percent", float(round(100 * share))),)


def _hint_reasons(
    mode: Mode, claim: int, trust_share: float, said: int, said_share: float
) -> list[Reason]:
    """Tell what phone and provider said, where it spoke for the mode and not against it."""
    out: list[Reason] = []
    if claim >= 0 and MODES_SAID.get(claim, {}).get(mode, 0.0) >= FITS_SHARE:
        confirmed = trust_share >= CONFIRMED_PROBABILITY_SHARE - 1e-6
        code = "label-confirmed" if confirmed else "label"
        out.append(Reason(code, round(trust_share, 2), _percent(trust_share)))
    if said_share > 0 and said == class_of(mode):
        out.append(Reason(_SAID[said], round(said_share / 2, 2), _percent(said_share)))
    return out


def reasons_of(seen: Seen) -> list[tuple[Reason, ...]]:
    """Tell the evidence for the mode of every leg, the weightiest first.

    All legs at once: numbers for every leg and sentence first, and words only for the few
    sentences that are told.
    """
    facts = np.nan_to_num(seen.facts).astype(np.float64)
    shares = _shares_of(seen, facts)
    said = seen.said_share[:, : len(_SAID)].argmax(axis=1)
    said_share = seen.said_share[np.arange(said.size), said]
    rows = zip(
        seen.mode, _numbers(facts), shares.tolist(), seen.claim.tolist(),
        seen.claim_trust_share.tolist(), said.tolist(), said_share.tolist(),
        seen.n_positions.tolist(), seen.lasts_s.tolist(), strict=True,
    )  # fmt: skip
    out: list[tuple[Reason, ...]] = []
    for mode, own, own_shares, claim, trust_share, at, at_share, n_positions, lasts_s in rows:
        if mode is Mode.WAIT:
            minutes = float(round(lasts_s / 60))
            out.append((Reason("standstill", 1.0, (("minutes", minutes),)),))
            continue
        hints = _hint_reasons(mode, claim, trust_share, at, at_share)
        told = _weightiest(hints, own_shares, own)
        if n_positions < THIN_N_POSITIONS:
            told.insert(0, Reason("thin-data", 0.0, (("n", float(n_positions)),)))
        out.append(tuple(told[:MOST_REASONS]))
    return out


def _weightiest(
    hints: Sequence[Reason], shares: Sequence[float], numbers: Sequence[float]
) -> list[Reason]:
    """Choose what weighs most among hints and sentences of movement."""
    weighed: list[tuple[float, Reason | str]] = [(h.weight_share, h) for h in hints]
    weighed += [
        (round(share, 2), code) for share, code in zip(shares, _CODES, strict=True) if share > 0
    ]
    weighed.sort(key=lambda pair: -pair[0])
    return [
        what
        if isinstance(what, Reason)
        else Reason(what, share, tuple((name, numbers[k]) for name, k in _PARAMS.get(what, ())))
        for share, what in weighed[:MOST_REASONS]
    ]
