"""What a person told of exactly one leg decides its mode: nobody knows it better."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from estran.modes.claims import moves_of, plain_modes
from estran.trace import Claims

if TYPE_CHECKING:
    from estran.modes import Legs

ALIKE_SHARE = 0.8
"""Intersection over union from which a statement is of one leg and not of a trip around it:
labels of phones are told of whole trips, with the walks to the stop in them."""


def as_told(legs: Legs, claims: Claims) -> Legs:
    """Give each leg the mode that the person confirmed of it, where a claim is of that leg.

    Parameters
    ----------
    legs : Legs
    claims : Claims
        Those that are not confirmed, or whose word names several modes, decide nothing.
    """
    # Late: the package that holds the list of modes rests on this module.
    from estran.modes import MODES  # noqa: PLC0415

    moves = moves_of(claims.take(np.flatnonzero(claims.confirmed)))
    if not len(moves) or not len(legs):
        return legs
    plain = plain_modes()
    mode, probability = legs.mode.copy(), legs.probability.copy()
    for start_us, end_us, motion in zip(
        moves.start_us.tolist(), moves.end_us.tolist(), moves.motion.tolist(), strict=True
    ):
        if motion not in plain:
            continue
        shared_us = np.minimum(legs.end_us, end_us) - np.maximum(legs.start_us, start_us)
        whole_us = np.maximum(legs.end_us, end_us) - np.minimum(legs.start_us, start_us)
        best = int(np.argmax(shared_us / np.maximum(whole_us, 1)))
        if shared_us[best] >= ALIKE_SHARE * max(int(whole_us[best]), 1):
            index = MODES.index(plain[motion])
            mode[best], probability[best] = index, 0.0
            probability[best, index] = 1.0
    return replace(legs, mode=mode, probability=probability)
