"""Score reported trips and legs against labelled ones (docs/algorithms/scoring.md).

Times are µs since 1970, so that nothing is rounded on the way. A true trip is a whole
journey, waits for a connection included; a true leg that is a wait is never scored for its
mode, since nobody moves in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from estran.journal import Journal, Mode

MATCH_SHARE = 0.5
"""A reported trip is the true one when they overlap at least half of their union."""

MOTOR = frozenset(
    {
        Mode.CAR, Mode.BUS, Mode.COACH, Mode.TRAM, Mode.METRO, Mode.TRAIN, Mode.MOTORCYCLE,
        Mode.MOPED, Mode.FERRY, Mode.PLANE,
    }
)  # fmt: skip
"""Modes that are one when motor modes are merged."""

SAME: Mapping[str, str] = {Mode.E_BIKE: Mode.BIKE, Mode.COACH: Mode.BUS, Mode.RUN: Mode.WALK}
"""Modes that truth does not tell apart: e-bike is bike, a coach is a bus, a run is on foot."""

UNCOVERED = "uncovered"


@dataclass(frozen=True, slots=True)
class LabelledLeg:
    """A leg with the mode somebody states for it: the truth's, or a report's."""

    start_us: int
    end_us: int
    mode: str


@dataclass(frozen=True, slots=True)
class LabelledTrip:
    """A journey from one stay to the next, with its legs in time order."""

    start_us: int
    end_us: int
    legs: tuple[LabelledLeg, ...]


Odometer = Callable[[np.ndarray], np.ndarray]
"""Metres travelled at instants (µs), never decreasing: weighs time by distance."""


@dataclass(slots=True)
class Tally:
    """What was counted over recordings; sums of it are tallies too."""

    n_recordings: int = 0
    n_true: int = 0
    n_reported: int = 0
    n_matched: int = 0
    n_once: int = 0
    n_split: int = 0
    n_missed: int = 0
    n_moves: int = 0
    n_moves_right: int = 0
    n_false_stationary: int = 0
    n_stationary: int = 0
    start_errors_s: list[float] = field(default_factory=list)
    end_errors_s: list[float] = field(default_factory=list)
    seconds: Counter[tuple[str, str]] = field(default_factory=Counter)
    metres: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Add another tally's counts to this one."""
        for name in (
            "n_moves",
            "n_moves_right",
            "n_recordings", "n_true", "n_reported", "n_matched", "n_once", "n_split", "n_missed",
            "n_false_stationary", "n_stationary",
        ):  # fmt: skip
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.start_errors_s += other.start_errors_s
        self.end_errors_s += other.end_errors_s
        self.seconds.update(other.seconds)
        self.metres.update(other.metres)


def canonical(mode: str) -> str:
    """Give the class under which a mode is scored."""
    return str(SAME.get(mode, mode))


def merged(mode: str) -> str:
    """Give the class of a mode when all motor modes are one."""
    return "motor" if mode in MOTOR else mode


def reported_trips(journal: Journal) -> tuple[LabelledTrip, ...]:
    """Take from a journal what is scored."""
    return tuple(
        LabelledTrip(
            trip.started_us,
            trip.ended_us,
            tuple(LabelledLeg(leg.started_us, leg.ended_us, leg.mode) for leg in trip.legs),
        )
        for trip in journal.trips
    )


def overlap_us(a_start: int, a_end: int, b_start: int, b_end: int) -> int:
    """Measure what two intervals share. [µs]"""
    return max(0, min(a_end, b_end) - max(a_start, b_start))


def _score_trips(tally: Tally, true: Sequence[LabelledTrip], said: Sequence[LabelledTrip]) -> None:
    for trip in true:
        shared = [overlap_us(trip.start_us, trip.end_us, s.start_us, s.end_us) for s in said]
        inside = [s for s in said if trip.start_us <= (s.start_us + s.end_us) // 2 < trip.end_us]
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
        whole_m = _metres(odometer, leg.start_us, leg.end_us)
        for other in said_legs:
            start, end = max(leg.start_us, other.start_us), min(leg.end_us, other.end_us)
            if end <= start:
                continue
            pair = (truth, canonical(other.mode))
            length_m = _metres(odometer, start, end)
            tally.seconds[pair] += (end - start) / 1e6  # type: ignore[assignment] # a Counter of floats
            tally.metres[pair] += length_m  # type: ignore[assignment] # same
            by_mode[pair[1]] += 0 if pair[1] == Mode.WAIT else end - start
            covered_us += end - start
            covered_m += length_m
        tally.n_moves += 1
        tally.n_moves_right += bool(by_mode) and by_mode.most_common(1)[0][0] == truth
        rest_us = leg.end_us - leg.start_us - covered_us
        tally.seconds[truth, UNCOVERED] += max(0, rest_us) / 1e6  # type: ignore[assignment] # same
        tally.metres[truth, UNCOVERED] += max(0.0, whole_m - covered_m)  # type: ignore[assignment] # same


def _metres(odometer: Odometer | None, start_us: int, end_us: int) -> float:
    if odometer is None:
        return 0.0
    ends = odometer(np.array([start_us, end_us]))
    return float(ends[1] - ends[0])


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
        Weighs time by distance; without it distance-weighted figures are unknown.
    stationary : bool
        The recording has no movement at all: whatever is reported is false.

    Examples
    --------
    >>> truth = LabelledTrip(0, 100, (LabelledLeg(0, 100, "walk"),))
    >>> tally = score([truth], [LabelledTrip(0, 80, (LabelledLeg(0, 80, "walk"),))])
    >>> tally.n_matched, tally.n_once, right_share(tally.seconds)
    (1, 1, 0.8)
    """
    tally = Tally(n_recordings=1, n_true=len(true), n_reported=len(said))
    if stationary:
        tally.n_stationary, tally.n_false_stationary = 1, len(said)
        return tally
    _score_trips(tally, true, said)
    _score_modes(tally, true, said, odometer)
    return tally


def merge_motor(counts: Mapping[tuple[str, str], float]) -> Counter[tuple[str, str]]:
    """Make one class of all motor modes."""
    out: Counter[tuple[str, str]] = Counter()
    for (truth, said), n in counts.items():
        out[merged(truth), merged(said)] += n  # type: ignore[assignment] # a Counter of floats
    return out


def right_share(counts: Mapping[tuple[str, str], float]) -> float:
    """Give the share on the diagonal of a confusion; NaN when nothing was counted."""
    whole = sum(counts.values())
    right = sum(n for (truth, said), n in counts.items() if truth == said)
    return right / whole if whole else float("nan")


def uncovered_share(counts: Mapping[tuple[str, str], float]) -> float:
    """Give the share of true movement that no reported leg covers."""
    whole = sum(counts.values())
    return (
        sum(n for (_, s), n in counts.items() if s == UNCOVERED) / whole if whole else float("nan")
    )


def without_waits(counts: Mapping[tuple[str, str], float]) -> Counter[tuple[str, str]]:
    """Leave out waits reported inside true walks: for diaries that know no waits."""
    kept: Counter[tuple[str, str]] = Counter()
    for (truth, said), n in counts.items():
        if (truth, said) != (Mode.WALK, Mode.WAIT):
            kept[truth, said] += n  # type: ignore[assignment] # a Counter of floats
    return kept


def f1_of(counts: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """Give the F1 of each class that truth holds.

    Examples
    --------
    >>> f1_of({("walk", "walk"): 3.0, ("walk", "bus"): 1.0, ("bus", "bus"): 1.0})
    {'bus': 0.6666666666666666, 'walk': 0.8571428571428571}
    """
    out: dict[str, float] = {}
    for name in sorted({truth for truth, _ in counts}):
        right = counts.get((name, name), 0.0)
        true = sum(n for (t, _), n in counts.items() if t == name)
        said = sum(n for (_, s), n in counts.items() if s == name)
        if true:
            out[name] = 2 * right / (true + said)
    return out


def macro_f1(counts: Mapping[tuple[str, str], float]) -> float:
    """Give the plain mean of the classes' F1; NaN when there is no class."""
    scores = f1_of(counts)
    return sum(scores.values()) / len(scores) if scores else float("nan")
