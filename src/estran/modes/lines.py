"""What the lines around say of a leg's mode: docs/algorithms/network.md gives the method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estran.journal import Mode, Reason
from estran.network import LINE_MODES, Followed, LaidNetwork, Walked, follow
from estran.trace import Trace

type_f64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LineEvidence:
    """How a ride of one mode differs from one by private vehicle, as log-ratios.

    Parameters
    ----------
    share : tuple of float
        Knots of the share of the way near the best line of the mode.
    share_score : tuple of float
        Log of how much likelier that share is for a ride on a line than for a car.
    ends_score : tuple of float
        The same for 0, 1 and 2 ends of the leg being at stops of that line.
    stop_m : float
        How near a stop is the end of a leg: an end is found to within a minute or so. [m]
    full_m : float
        Seen way from which the share counts in full: one shares a street for a while. [m]
    """

    share: tuple[float, ...]
    share_score: tuple[float, ...]
    ends_score: tuple[float, float, float]
    stop_m: float
    full_m: float


_RAIL = LineEvidence(
    share=(0.0, 0.45, 0.65, 0.85, 1.0),
    share_score=(-2.4, -2.0, 0.0, 1.8, 2.2),
    ends_score=(-2.4, -0.6, 1.6),
    stop_m=300.0,
    full_m=1500.0,
)

EVIDENCE: dict[Mode, LineEvidence] = {
    # A street with a bus line is nothing rare: it is keeping to one line that tells.
    Mode.BUS: LineEvidence(
        share=(0.0, 0.5, 0.7, 0.85, 1.0),
        share_score=(-2.5, -2.0, -0.7, 1.0, 1.8),
        ends_score=(-0.5, -0.1, 0.3),
        stop_m=200.0,
        full_m=2000.0,
    ),
    Mode.TRAM: _RAIL,
    Mode.METRO: _RAIL,
    Mode.TRAIN: _RAIL,
    # Boats stray from a drawn line, but only they go from pier to pier.
    Mode.FERRY: LineEvidence(
        share=(0.0, 0.3, 0.8),
        share_score=(-1.0, 0.0, 1.5),
        ends_score=(-3.0, -1.0, 4.0),
        stop_m=300.0,
        full_m=1000.0,
    ),
}
"""Stated from knowledge (docs/algorithms/network.md), not fitted."""

COACH_OF_BUS_FACTOR = 0.5
"""Coaches go on lines of buses where a feed tells them not apart, and elsewhere too."""


def scores_of(followed: Followed) -> type_f64:
    """Give what lines say of each leg and line mode, shape (n_legs, len(LINE_MODES)).

    0 where the network knows no line of the mode around.
    """
    out = np.zeros(followed.line.shape)
    for column, mode in enumerate(LINE_MODES):
        out[:, column] = _score(
            followed, column, EVIDENCE[Mode.BUS if mode is Mode.COACH else mode]
        )
    bus, coach = LINE_MODES.index(Mode.BUS), LINE_MODES.index(Mode.COACH)
    out[:, coach] = np.where(out[:, coach] > 0, out[:, coach], COACH_OF_BUS_FACTOR * out[:, bus])
    return out


def _score(followed: Followed, column: int, knows: LineEvidence) -> type_f64:
    share = np.interp(followed.near_share[:, column], knows.share, knows.share_score)
    share *= np.minimum(1.0, followed.seen_m / knows.full_m)
    at_start = followed.start_m[:, column] <= knows.stop_m
    at_end = followed.end_m[:, column] <= knows.stop_m
    ends = np.array(knows.ends_score)[at_start.astype(int) + at_end]
    out: type_f64 = share + ends
    return np.where(
        followed.covered[:, column], out, np.maximum(out, 0.0) * (followed.line[:, column] >= 0)
    )


def followed_by(
    trace: Trace, start_us: NDArray[np.int64], end_us: NDArray[np.int64], laid: LaidNetwork
) -> Followed:
    """Find the lines that legs follow."""
    walked = Walked(
        trace.time_us, trace.lat_deg, trace.lon_deg,
        trace.accuracy_m.astype(np.float32), start_us, end_us,
    )  # fmt: skip
    return follow(walked, laid)


def mode_scores(followed: Followed, modes: tuple[Mode, ...], ride_share: type_f64) -> type_f64:
    """Give what lines say of each mode, shape (n_legs, len(modes)); 0 for private ones.

    What speaks for a line counts as far as the leg moved like a ride (``ride_share``, shape
    (n_legs,)): who walks along a tram line walks.
    """
    out = np.zeros((len(followed.line), len(modes)))
    scores = scores_of(followed)
    out[:, [modes.index(mode) for mode in LINE_MODES]] = np.where(
        scores > 0, scores * ride_share[:, None], scores
    )
    return out


WEIGHED_NAT = 6.0
"""Evidence of so many nats is as good as all that movement may say."""

MOST_REASONS = 4


def reasons_of(
    followed: Followed | None, laid: LaidNetwork | None, chosen: Sequence[Mode]
) -> NDArray[np.object_]:
    """Tell for each leg which line it followed, or that it kept to none, where that counted."""
    out = np.full(len(chosen), None, np.object_)
    if followed is None or laid is None:
        return out
    scores = scores_of(followed)
    for row, mode in enumerate(chosen):
        if mode in LINE_MODES:
            out[row] = _line_reason(followed, laid, row, LINE_MODES.index(mode), scores)
        else:
            out[row] = _private_reason(followed, row, mode, scores)
    return out


def _weight(score: float) -> float:
    return round(min(score / WEIGHED_NAT, 1.0), 2)


def _line_reason(
    followed: Followed, laid: LaidNetwork, row: int, column: int, scores: type_f64
) -> Reason | None:
    score, line = float(scores[row, column]), int(followed.line[row, column])
    if score <= 0 or line < 0:
        return None
    name, n = laid.line_name[line], int(followed.n_stood_at_stop[row, column])
    if not name:
        return Reason("line-unnamed", _weight(score))
    if n == 0:
        return Reason("line-followed", _weight(score), (("name", name),))
    return Reason("line", _weight(score), (("name", name), ("n", float(n))))


def _private_reason(followed: Followed, row: int, mode: Mode, scores: type_f64) -> Reason | None:
    if mode not in _ON_ROADS or not followed.covered[row, LINE_MODES.index(Mode.BUS)]:
        return None
    best = float(scores[row].max())
    return Reason("no-line", _weight(-best)) if best < 0 else None


_ON_ROADS = (Mode.CAR, Mode.MOTORCYCLE, Mode.MOPED)


def beside(told: list[tuple[Reason, ...]], said: NDArray[np.object_]) -> list[tuple[Reason, ...]]:
    """Put what lines say among the other reasons of each leg, the weightiest first."""
    out = []
    for reasons, line in zip(told, said.tolist(), strict=True):
        if line is None:
            out.append(reasons)
            continue
        at = next(
            (i for i, r in enumerate(reasons) if 0 < r.weight_share <= line.weight_share),
            len(reasons),
        )
        out.append((*reasons[:at], line, *reasons[at:])[:MOST_REASONS])
    return out
