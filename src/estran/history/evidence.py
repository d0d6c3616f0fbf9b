"""What a person's history says of each leg, as log-likelihoods and in reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from estran.history.values import MODES, History
from estran.history.ways import Track, Ways, apart_m
from estran.journal import Mode, Reason
from estran.trace import Trace

type_f64 = NDArray[np.float64]
type_i64 = NDArray[np.int64]

NEAR_M = 100.0
"""Ways so near are one: a street's width and the error of fixes and borders. Places of a
person are told apart from about there on (docs/algorithms/history.md)."""

NEAR_SHARE = 0.05
"""Borders of a ride are found to within a minute or so, which moves points by this share."""

NEAR_MOST_M = 400.0
"""Beyond this another road or line is another way, however long both are."""

LIKE_SPEED_FACTOR, UNLIKE_SPEED_FACTOR = 1.4, 2.5
"""The same ride varies by up to the first with traffic; beyond the second it was another
vehicle, whatever the way."""

DOUBT_N = 0.04
"""What one statement is weighed against: log(1 + 1 / 0.04) is 3.3 nat, which turns a guess
of 0.9 against 0.05 and not one of 0.99; three say 4.3 nat, ten 5.5."""

TOLD_SHARE = 0.5
"""A remembered way more alike than this is named in the evidence."""

TWIN: dict[Mode, Mode] = {
    Mode.E_BIKE: Mode.BIKE,
    Mode.MOPED: Mode.CAR,
    Mode.MOTORCYCLE: Mode.CAR,
    Mode.COACH: Mode.BUS,
    Mode.OTHER: Mode.CAR,
}
"""Modes that no table of movement knows, and which they move like: a person's word is all
that tells them apart."""

M_PER_DEG = 111_000.0
"""A little less than a degree of latitude is long, so that nothing near is passed over. [m]"""

WEIGHED_NAT = 6.0
"""Evidence of so many nats is as good as all that movement may say."""


@dataclass(frozen=True)
class Recall:
    """A person's history, ready to be asked about intervals of a trace.

    Parameters
    ----------
    trace : Trace
        Where the legs asked about were travelled.
    history : History
    """

    trace: Trace
    history: History

    @cached_property
    def _track(self) -> Track:
        return Track.of(self.trace)

    def likeness(
        self, start_us: type_i64, end_us: type_i64
    ) -> Iterator[tuple[int, NDArray[np.intp], type_f64]]:
        """Give, for each remembered way, the legs like it and how alike they are.

        Yields
        ------
        mode : int
            Index into the modes.
        row : int array, shape (k,)
            Legs that are alike at all.
        share : float64 array, shape (k,)
            0 to 1; never of the leg that was spoken of itself: taking back what was said
            must undo it.
        """
        legs, known = self._track.ways(start_us, end_us), self.history.ways
        order = np.argsort(legs.lat_deg.mean(axis=1), kind="stable")
        legs = legs.take(order)
        near_m = np.clip(NEAR_M + NEAR_SHARE * known.length_m, NEAR_M, NEAR_MOST_M)
        # The middles of two ways are no farther apart than their points are on average.
        (leg_lat, leg_lon), (lat, lon) = _middles(legs), _middles(known)
        reach_deg = 2 * near_m / M_PER_DEG
        first = np.searchsorted(leg_lat, lat - reach_deg)
        last = np.searchsorted(leg_lat, lat + reach_deg, "right")
        across_deg = reach_deg / np.maximum(np.cos(np.radians(lat)), 0.01)
        speed_mps = known.speed_mps
        for row in np.flatnonzero(last > first).tolist():
            away_deg = np.abs(leg_lon[first[row] : last[row]] - lon[row])
            some = np.flatnonzero(np.abs((away_deg + 180) % 360 - 180) <= across_deg[row])
            some += first[row]
            ways = legs.take(some)
            far_m = apart_m(ways, known.lat_deg[row], known.lon_deg[row])
            share = np.clip(2.0 - far_m / near_m[row], 0.0, 1.0)
            share *= _like_speed_share(ways, float(speed_mps[row]))
            share[(ways.start_us < known.end_us[row]) & (ways.end_us > known.start_us[row])] = 0.0
            alike = np.flatnonzero(share)
            if alike.size:
                yield int(self.history.mode[row]), order[some[alike]], share[alike]

    def counts(self, start_us: type_i64, end_us: type_i64) -> tuple[type_f64, NDArray[np.int64]]:
        """Count what was said of ways like each leg, by mode.

        Returns
        -------
        weighed : float64 array, shape (n, len(MODES))
            Sum of likenesses.
        told : int64 array, shape (n, len(MODES))
            How many are alike enough to be named.
        """
        weighed = np.zeros((start_us.size, len(MODES)))
        told = np.zeros(weighed.shape, np.int64)
        if not len(self.trace) or not start_us.size:
            return weighed, told
        for mode, rows, share in self.likeness(start_us, end_us):
            weighed[rows, mode] += share
            told[rows, mode] += share >= TOLD_SHARE
        return weighed, told

    def added(self, score: type_f64, start_us: type_i64, end_us: type_i64) -> type_f64:
        """Add what was said of similar ways to the log-scores of legs.

        Parameters
        ----------
        score : float64 array, shape (n, len(MODES))
            What all other evidence says; -inf for modes that it does not know.
        start_us, end_us : int64 array, shape (n,)
            The legs. [µs since 1970, UTC]

        Returns
        -------
        float64 array, shape (n, len(MODES))
            The same where nothing similar was spoken of.
        """
        weighed, _ = self.counts(start_us, end_us)
        out = score + np.log1p(weighed / DOUBT_N)
        for mode, twin in TWIN.items():
            own, like = MODES.index(mode), MODES.index(twin)
            spoken = (weighed[:, own] > 0) & ~np.isfinite(score[:, own])
            told = score[:, like] + np.log1p(weighed[:, own] / DOUBT_N)
            out[spoken, own] = told[spoken]
        return out

    def reasons(
        self, start_us: type_i64, end_us: type_i64, chosen: Sequence[Mode]
    ) -> list[Reason | None]:
        """Tell for each leg what the person said of ways like it, where it spoke for the mode."""
        weighed, told = self.counts(start_us, end_us)
        return [
            None if mode is Mode.WAIT else _reason(weighed[row], told[row], MODES.index(mode))
            for row, mode in enumerate(chosen)
        ]


def _middles(ways: Ways) -> tuple[type_f64, type_f64]:
    return ways.lat_deg.mean(axis=1), ways.lon_deg.mean(axis=1)


def _like_speed_share(legs: Ways, speed_mps: float) -> type_f64:
    """Tell how alike the mean speeds are, 0 to 1."""
    both = np.maximum(legs.speed_mps, 0.1), max(speed_mps, 0.1)
    factor = np.abs(np.log(both[0] / both[1]))
    most, least = np.log(LIKE_SPEED_FACTOR), np.log(UNLIKE_SPEED_FACTOR)
    share: type_f64 = np.clip((least - factor) / (least - most), 0.0, 1.0)
    return share


def _reason(weighed: type_f64, told: NDArray[np.int64], mode: int) -> Reason | None:
    n, of = int(told[mode]), int(told.sum())
    if n == 0 or 2 * n < of:
        return None
    weight = round(min(float(np.log1p(weighed[mode] / DOUBT_N)) / WEIGHED_NAT, 1.0), 2)
    if n < of:
        return Reason("history-mostly", weight, (("n", float(n)), ("of", float(of))))
    if n == 1:
        return Reason("history-once", weight)
    return Reason("history", weight, (("n", float(n)),))


MOST_REASONS = 4


def with_history(
    told: Sequence[tuple[Reason, ...]], said: Sequence[Reason | None]
) -> list[tuple[Reason, ...]]:
    """Put what the person said of similar trips before the other reasons of each leg."""
    return [
        reasons if own is None else (own, *reasons)[:MOST_REASONS]
        for reasons, own in zip(told, said, strict=True)
    ]
