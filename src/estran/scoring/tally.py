"""Count how reported trips and legs stand to labelled ones (docs/algorithms/scoring.md).

Times are µs since 1970, so that nothing is rounded on the way. A true trip is a whole
journey, waits for a connection included; a true leg that is a wait is never scored for its
mode, since nobody moves in it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from estran.journal import Mode
from estran.scoring.values import UNCOVERED, LabelledLeg, LabelledTrip, canonical

MATCH_SHARE = 0.5
"""A reported trip is the true one when they overlap at least half of their union: the
definition of e-mission's published evaluation."""

N_BINS = 10
"""Probabilities are compared with what came true in tenths."""

Odometer = Callable[[NDArray[np.int64]], NDArray[np.float64]]
"""Metres travelled at instants (µs), never decreasing: weighs time by distance."""


@dataclass(slots=True)
class Tally:
    """What was counted over recordings; sums of it are tallies too.

    Times of ``seconds`` and metres of ``metres`` are by true and reported class; those of
    ``sure_s``, ``hoped_s`` and ``right_s`` are by tenth of the probability that the report
    gave its own mode: the time, the time weighed by that probability, and the time right.
    """

    n_recordings: int = 0
    n_true: int = 0
    n_reported: int = 0
    n_matched: int = 0
    n_once: int = 0
    n_split: int = 0
    n_merged: int = 0
    n_missed: int = 0
    n_false: int = 0
    n_moves: int = 0
    n_moves_right: int = 0
    n_stationary: int = 0
    n_false_stationary: int = 0
    co2e_true_g: float = 0.0
    co2e_said_g: float = 0.0
    brier_s: float = 0.0
    start_errors_s: list[float] = field(default_factory=list)
    end_errors_s: list[float] = field(default_factory=list)
    seconds: Counter[tuple[str, str]] = field(default_factory=Counter)
    metres: Counter[tuple[str, str]] = field(default_factory=Counter)
    sure_s: Counter[int] = field(default_factory=Counter)
    hoped_s: Counter[int] = field(default_factory=Counter)
    right_s: Counter[int] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Add another tally's counts to this one."""
        for column in fields(self):
            mine, theirs = getattr(self, column.name), getattr(other, column.name)
            if isinstance(mine, Counter):
                mine.update(theirs)
            else:
                setattr(self, column.name, mine + theirs)


def overlap_us(a_start: int, a_end: int, b_start: int, b_end: int) -> int:
    """Measure what two intervals share. [µs]"""
    return max(0, min(a_end, b_end) - max(a_start, b_start))


def _middle_us(trip: LabelledTrip) -> int:
    return (trip.start_us + trip.end_us) // 2


def _score_trips(tally: Tally, true: Sequence[LabelledTrip], said: Sequence[LabelledTrip]) -> None:
    for trip in true:
        shared = [overlap_us(trip.start_us, trip.end_us, s.start_us, s.end_us) for s in said]
        inside = [s for s in said if trip.start_us <= _middle_us(s) < trip.end_us]
        tally.n_split += len(inside) > 1
        tally.n_missed += not any(shared)
        matched = None
        for other, common in zip(said, shared, strict=True):
            union = max(trip.end_us, other.end_us) - min(trip.start_us, other.start_us)
            if common >= MATCH_SHARE * union:
                matched = other
        if matched is None:
            continue
        tally.n_matched += 1
        tally.n_once += len(inside) == 1
        tally.start_errors_s.append(abs(matched.start_us - trip.start_us) / 1e6)
        tally.end_errors_s.append(abs(matched.end_us - trip.end_us) / 1e6)
    for other in said:
        held = sum(other.start_us <= _middle_us(t) < other.end_us for t in true)
        met = any(overlap_us(t.start_us, t.end_us, other.start_us, other.end_us) for t in true)
        tally.n_merged += held > 1
        tally.n_false += not met


def _score_modes(
    tally: Tally,
    true: Iterable[LabelledTrip],
    said: Iterable[LabelledTrip],
    odometer: Odometer | None,
) -> None:
    said_legs = [leg for trip in said for leg in trip.legs]
    for leg in (leg for trip in true for leg in trip.legs):
        if leg.mode == Mode.WAIT or leg.end_us <= leg.start_us:
            continue
        truth, covered_us, covered_m = canonical(leg.mode), 0, 0.0
        by_mode: Counter[str] = Counter()
        whole_m = _metres(odometer, leg, leg.start_us, leg.end_us)
        for other in said_legs:
            start, end = max(leg.start_us, other.start_us), min(leg.end_us, other.end_us)
            if end <= start:
                continue
            pair = (truth, canonical(other.mode))
            length_m = _metres(odometer, leg, start, end)
            tally.seconds[pair] += (end - start) / 1e6  # type: ignore[assignment] # a Counter of floats
            tally.metres[pair] += length_m  # type: ignore[assignment] # same
            _weigh(tally, other, (end - start) / 1e6, right=pair[0] == pair[1])
            by_mode[pair[1]] += 0 if pair[1] == Mode.WAIT else end - start
            covered_us += end - start
            covered_m += length_m
        tally.n_moves += 1
        tally.n_moves_right += bool(by_mode) and by_mode.most_common(1)[0][0] == truth
        rest_us = leg.end_us - leg.start_us - covered_us
        tally.seconds[truth, UNCOVERED] += max(0, rest_us) / 1e6  # type: ignore[assignment] # same
        tally.metres[truth, UNCOVERED] += max(0.0, whole_m - covered_m)  # type: ignore[assignment] # same


def _weigh(tally: Tally, said: LabelledLeg, lasts_s: float, *, right: bool) -> None:
    """Count how sure the report was of a mode, and whether it was right; waits are no guess."""
    share = said.probability_share
    if math.isnan(share) or said.mode == Mode.WAIT:
        return
    tenth = min(int(share * N_BINS), N_BINS - 1)
    tally.sure_s[tenth] += lasts_s  # type: ignore[assignment] # a Counter of floats
    tally.hoped_s[tenth] += lasts_s * share  # type: ignore[assignment] # same
    tally.right_s[tenth] += lasts_s * right  # type: ignore[assignment] # same
    tally.brier_s += lasts_s * (share - right) ** 2


def _metres(odometer: Odometer | None, leg: LabelledLeg, start_us: int, end_us: int) -> float:
    """Measure a part of a true leg: by odometer, else by its own length spread over its time."""
    if odometer is not None:
        ends = odometer(np.array([start_us, end_us]))
        return float(ends[1] - ends[0])
    if math.isnan(leg.distance_m):
        return 0.0
    return leg.distance_m * (end_us - start_us) / (leg.end_us - leg.start_us)


def score(
    true: Sequence[LabelledTrip],
    said: Sequence[LabelledTrip],
    *,
    odometer: Odometer | None = None,
    stationary: bool = False,
) -> Tally:
    """Score what was reported in one recording.

    Parameters
    ----------
    true, said : sequence of LabelledTrip
        The labelled trips and the reported ones, each in time order. Cut ``said`` to the
        recording first: what is said outside is not counted here.
    odometer : callable, optional
        Weighs time by distance; without it the true legs' own lengths do, and where they
        have none, distance-weighted figures are unknown.
    stationary : bool
        The recording has no movement at all: whatever is reported is false.

    Examples
    --------
    >>> truth = LabelledTrip(0, 100, (LabelledLeg(0, 100, "walk"),))
    >>> tally = score([truth], [LabelledTrip(0, 80, (LabelledLeg(0, 80, "walk"),))])
    >>> tally.n_matched, tally.n_once, tally.seconds["walk", "walk"]
    (1, 1, 8e-05)
    """
    tally = Tally(n_recordings=1, n_true=len(true), n_reported=len(said))
    if stationary:
        tally.n_stationary, tally.n_false_stationary = 1, len(said)
        return tally
    _score_trips(tally, true, said)
    _score_modes(tally, true, said, odometer)
    return tally


def count_co2e(tally: Tally, true: Iterable[LabelledTrip], said: Iterable[LabelledTrip]) -> None:
    """Add what true and reported legs emit, where both have a figure to give.

    A reported leg counts by the share of its time that lies in true trips: where labels
    cover a part of the time, both sides are of that part. An unknown figure counts nothing.
    """
    spans = [(trip.start_us, trip.end_us) for trip in true]
    tally.co2e_true_g += sum(_known(leg.co2e_g) for trip in true for leg in trip.legs)
    for leg in (leg for trip in said for leg in trip.legs):
        inside_us = sum(overlap_us(leg.start_us, leg.end_us, a, b) for a, b in spans)
        lasts_us = max(leg.end_us - leg.start_us, 1)
        tally.co2e_said_g += _known(leg.co2e_g) * inside_us / lasts_us


def _known(co2e_g: float) -> float:
    return 0.0 if math.isnan(co2e_g) else co2e_g
