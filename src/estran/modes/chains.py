"""The rides of a trip hang together: who leaves a car does not find a bus without a walk.

A forward-backward pass over the rides of each trip: the score of each ride stands for what
was seen of it, a table of ratios for what follows what (docs/algorithms/modes.md).
"""

# ruff: noqa: PLR0913, PLR0917 - a compiled loop takes arrays one by one

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from estran.geo.compiled import compiled
from estran.journal import Mode

type_f64 = NDArray[np.float64]

_GROUPS: tuple[frozenset[Mode], ...] = (
    frozenset({Mode.BIKE, Mode.E_BIKE, Mode.E_SCOOTER}),
    frozenset({Mode.CAR, Mode.MOTORCYCLE, Mode.MOPED}),
    frozenset({Mode.BUS, Mode.COACH, Mode.TRAM, Mode.METRO, Mode.TRAIN, Mode.FERRY}),
)

SAME_VEHICLE = 1.5
"""Two rides with only a standstill between are one vehicle's more often than not: a jam, a
station, a child dropped off. [nat]"""

SEATED = ((0.0, -2.5, -1.0), (-2.5, 0.0, -2.5), (-1.0, -2.5, 0.0))
"""From bike, private vehicle, public transport to each, with no step on foot between: one
has to leave a car to board a bus. [nat]"""

ON_FOOT = ((0.0, -1.5, -0.3), (-1.5, 0.3, -2.0), (-0.3, -2.0, 0.5))
"""The same with a walk between. In household surveys one journey by car in fifty has another
ride by public transport, one by public transport in three; bikes feed stations. [nat]"""


TRAIN_AFTER_TRAIN = -0.7
"""... and who leaves a train on foot takes a metro, tram or bus of the town more often than
another train. [nat]"""


def follows(modes: tuple[Mode, ...]) -> type_f64:
    """Give how much likelier each mode is after each, shape (2, n, n).

    The first table is for rides with no walk between, the second with one. Modes outside the
    three groups (on foot, planes) say nothing.
    """
    group = np.array([next((i for i, g in enumerate(_GROUPS) if mode in g), -1) for mode in modes])
    known = (group[:, None] >= 0) & (group[None, :] >= 0)
    out = np.empty((2, len(modes), len(modes)))
    for at, table in enumerate((SEATED, ON_FOOT)):
        out[at] = np.where(known, np.array(table)[group[:, None], group[None, :]], 0.0)
    if Mode.TRAIN in modes:
        train = modes.index(Mode.TRAIN)
        out[1, train, train] += TRAIN_AFTER_TRAIN
    out[0] += np.where(known & np.eye(len(modes), dtype=bool), SAME_VEHICLE, 0.0)
    return np.exp(out)


@compiled
def heard_before(
    trip: NDArray[np.int64],
    is_ride: NDArray[np.bool_],
    is_walk: NDArray[np.bool_],
    follow: NDArray[np.float64],
    share: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """Fill what the rides before each ride say of its modes; 1 where there is none."""
    m = share.shape[1]
    walked, last = 0, -1
    for row in range(trip.size):
        if row > 0 and trip[row] != trip[row - 1]:
            walked, last = 0, -1
        if is_walk[row]:
            walked = 1
        if not is_ride[row]:
            continue
        if last >= 0:
            total = 0.0
            for b in range(m):
                out[row, b] = 0.0
                for a in range(m):
                    out[row, b] += out[last, a] * share[last, a] * follow[walked, a, b]
                total += out[row, b] * share[row, b]
            for b in range(m):
                out[row, b] /= total
        walked, last = 0, row


def chained(
    trip: NDArray[np.int64],
    is_ride: NDArray[np.bool_],
    is_walk: NDArray[np.bool_],
    follow: type_f64,
    share: type_f64,
) -> type_f64:
    """Turn the shares of each ride's modes into those given the other rides of its trip.

    Parameters
    ----------
    trip : int64 array, shape (n,)
        In ascending order.
    is_ride, is_walk : bool array, shape (n,)
    follow : float64 array, shape (2, n_modes, n_modes)
        :func:`follows`'s table.
    share : float64 array, shape (n, n_modes)
        Rows sum to 1.

    Returns
    -------
    float64 array, shape (n, n_modes)
        Rows sum to 1; those that are no rides are as they were.
    """
    before, after = np.ones_like(share), np.ones_like(share)
    heard_before(trip, is_ride, is_walk, follow, share, before)
    heard_before(
        np.ascontiguousarray(trip[::-1]),
        np.ascontiguousarray(is_ride[::-1]),
        np.ascontiguousarray(is_walk[::-1]),
        np.ascontiguousarray(follow.transpose(0, 2, 1)),
        np.ascontiguousarray(share[::-1]),
        after,
    )
    out = share * np.where(is_ride[:, None], before * after[::-1], 1.0)
    out /= out.sum(axis=1, keepdims=True)
    return out
