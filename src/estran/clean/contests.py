"""Why one source owns a stretch of time and another, which covers it too, does not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from estran.clean.arbitrate import ACCURACY_VALUE, DENSITY_VALUE, STREAM_VALUE, Owners

type_i64 = NDArray[np.int64]


class Why(IntEnum):
    """What decided between two sources. The codes are stored: never renumber them."""

    MOVES = 0
    """The owner moved, the other did not: it was left behind."""
    ORDER = 1
    """The person put the owner first."""
    STREAM = 2
    """The owner's kind of stream is better: recorded, raw, path, waypoints, declared."""
    DENSITY = 3
    """The owner has more fixes in the same time."""
    FINER = 4
    """The owner's fixes are more accurate."""
    TIE = 5
    """Both are as good: the first by key."""


@dataclass(frozen=True, slots=True)
class Contests:
    """Stretches that two sources cover, by start: equal-length arrays.

    Parameters
    ----------
    start_us, end_us : int64 array, shape (n,)
        The stretch.
    owner, other : int64 array, shape (n,)
        Indexes into the sources: who owns it, and who covers it too.
    why : int64 array, shape (n,)
        Codes of :class:`Why`.
    """

    start_us: type_i64
    end_us: type_i64
    owner: type_i64
    other: type_i64
    why: type_i64


def contests(owners: Owners) -> Contests:
    """Explain each stretch that more than one source covers.

    Parameters
    ----------
    owners : Owners
        As :func:`~estran.clean.arbitrate.own` decided.
    """
    pieces = owners.pieces
    first = np.searchsorted(owners.edges_us, pieces.start_us)
    n_stretches = np.searchsorted(owners.edges_us, pieces.end_us) - first
    piece = np.repeat(np.arange(n_stretches.size), n_stretches)
    within = np.arange(piece.size) - np.repeat(np.cumsum(n_stretches) - n_stretches, n_stretches)
    stretch = first[piece] + within
    lost = owners.source[stretch] != pieces.source[piece]
    loser, stretch = piece[lost], stretch[lost]
    order = np.lexsort((pieces.source[loser], stretch))
    loser, stretch = loser[order], stretch[order]
    winner = owners.piece[stretch]
    return Contests(
        owners.edges_us[stretch],
        owners.edges_us[stretch + 1],
        pieces.source[winner],
        pieces.source[loser],
        _why(owners, winner, loser),
    )


def _why(owners: Owners, winner: type_i64, loser: type_i64) -> type_i64:
    """Tell what decided: movement, then the order, then what weighed most for the winner."""
    pieces = owners.pieces
    weighed = np.stack(
        [
            value * (column[winner] - column[loser])
            for value, column in (
                (STREAM_VALUE, pieces.stream),
                (DENSITY_VALUE, pieces.density),
                (ACCURACY_VALUE, pieces.is_accurate),
            )
        ]
    )
    most = np.argmax(weighed, axis=0)
    why = np.where(weighed.max(axis=0) > 0, Why.STREAM + most, Why.TIE)
    why = np.where(pieces.rank[winner] > pieces.rank[loser], Why.ORDER, why)
    moved: type_i64 = np.where(pieces.moves[winner] > pieces.moves[loser], Why.MOVES, why)
    return moved
