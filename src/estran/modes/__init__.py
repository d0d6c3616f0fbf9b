"""Legs and modes of trips: docs/algorithms/modes.md gives the method.

Layers of evidence are summed as log-likelihoods: how one moves, what phone and provider
say, what the lines around allow, and what the person said of similar trips.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from estran.history import Recall
from estran.journal import Reason
from estran.modes import claims as claimed
from estran.modes import hints, lines, reasons, rides, waits, windows
from estran.modes.grid import Grid, TripBounds, grid_of
from estran.modes.rides import MODES
from estran.modes.settings import ModeSettings
from estran.network import Followed, LaidNetwork
from estran.trace import Activities, Claims, Columns, Trace, _check_columns

T = TypeVar("T")

__all__ = ["MODES", "Legs", "ModeSettings", "TripBounds", "legs", "reasons_of"]


@dataclass(frozen=True, eq=False)
class Legs(Columns):
    """Legs of trips in time order; those of a trip tile it.

    Parameters
    ----------
    trip : int64 array, shape (n,)
        Row in the :class:`TripBounds` given.
    start_us, end_us : int64 array, shape (n,)
        [µs since 1970, UTC]
    first, last : int64 array, shape (n,)
        Half-open rows of the trace.
    mode : int8 array, shape (n,)
        Index into :data:`MODES`.
    probability : float32 array, shape (n, len(MODES))
        Posterior of each mode, rows sum to 1.
    facts : float32 array, shape (n, len(LEG_FEATURES))
        What the leg looks like; see :data:`estran.modes.rides.LEG_FEATURES`.
    said_share : float32 array, shape (n, 5)
        Shares of the phone's guesses: still, on foot, bike, vehicle, unknown; all 0 when
        there is none.
    claim : int64 array, shape (n,)
        Code of :class:`estran.trace.Motion` that a claim states for most of the leg, -1
        without one.
    claim_trust_share : float32 array, shape (n,)
        How far that claim is trusted, 0 to 1.
    line_reason : object array, shape (n,)
        What the lines around say of each leg: a :class:`estran.journal.Reason`, or None.
    """

    trip: NDArray[np.int64]
    start_us: NDArray[np.int64]
    end_us: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    mode: NDArray[np.int8]
    probability: NDArray[np.float32]
    facts: NDArray[np.float32]
    said_share: NDArray[np.float32]
    claim: NDArray[np.int64]
    claim_trust_share: NDArray[np.float32]
    line_reason: NDArray[np.object_]

    def __post_init__(self) -> None:
        """Check and freeze the columns."""
        _check_columns(
            self,
            {"trip": "i8", "start_us": "i8", "end_us": "i8", "first": "i8", "last": "i8",
             "mode": "i1", "claim": "i8", "claim_trust_share": "f4"},
        )  # fmt: skip
        for name in ("probability", "facts", "said_share"):
            table = np.asarray(getattr(self, name), np.float32).view()
            table.flags.writeable = False
            object.__setattr__(self, name, table)


def legs(  # noqa: PLR0913 - what may be given, the last three by name
    trace: Trace,
    trips: TripBounds,
    activities: Activities,
    claims: Claims,
    *,
    settings: ModeSettings = ModeSettings(),  # noqa: B008 - a frozen value
    network: LaidNetwork | None = None,
    history: Recall | None = None,
) -> Legs:
    """Cut trips into legs and give each a mode with its probabilities.

    Parameters
    ----------
    trace : Trace
        Cleaned positions of one person.
    trips : TripBounds
        The trips in it, in time order.
    activities, claims
        What the phone and the provider say; may be empty.
    network : LaidNetwork, optional
        Lines and stops around, as the operator loaded them.
    history : Recall, optional
        What the person said of earlier trips.

    Returns
    -------
    Legs
        At least one leg a trip; the legs of a trip tile it.
    """
    grid = grid_of(trace, trips, settings=settings)
    moves = claimed.moves_of(claims)
    evidence = windows.movement_evidence(grid, settings=settings)
    if len(activities):
        evidence += hints.activity_evidence(activities, grid, settings=settings)
    if len(moves):
        evidence += claimed.window_evidence(moves, grid)
    state, posterior = windows.classes_of(grid, evidence, settings=settings)
    runs = windows.runs_of(state, grid, evidence, settings=settings)
    runs = windows.cut_at(runs, grid, claimed.borders_us(moves), settings=settings)
    brought = _Brought(trace, trips, activities, network, history)

    def judge(some: windows.Runs) -> _Judged:
        return _judge(grid, some, posterior, brought, moves)

    judged = judge(runs)
    whole = rides.merged(runs, judged.probability.argmax(axis=1))
    if whole.trip.size < runs.trip.size:
        runs, judged = whole, _judged_again(judged, runs, whole, judge)
    return _told(runs, judged, brought, moves, settings=settings)


def _told(
    runs: windows.Runs,
    judged: _Judged,
    brought: _Brought,
    moves: Claims,
    *,
    settings: ModeSettings,
) -> Legs:
    """Tell the legs as a person would: short waits are part of the walk beside them."""
    best = judged.probability.argmax(axis=1)
    told = waits.told_together(
        runs, best, (judged.end_us - judged.start_us) / 1e6, MODES,
        shortest_beside_walk_s=settings.shortest_told_wait_s,
        shortest_in_drive_s=settings.shortest_stop_in_drive_s,
    )  # fmt: skip
    trip, row = told.runs.trip, told.row
    start_us, end_us = judged.start_us[told.head], judged.end_us[told.tail]
    claim, trust = claimed.most_said(moves, start_us, end_us)
    first, last = _rows_of(brought.trace, brought.trips, trip, start_us, end_us)
    said_share = judged.facts.said_share[row]
    mute = (said_share.sum(axis=1) == 0) & (claim < 0)
    probability = rides.with_doubt(
        judged.probability[row],
        mute & (last - first < settings.thin_n_positions),
        unknown_below_share=settings.unknown_below_share,
    )
    mode = probability.argmax(axis=1).astype(np.int8)
    line_reason = lines.reasons_of(
        judged.followed, brought.network, [MODES[m] for m in best.tolist()]
    )
    return Legs(
        trip=trip, start_us=start_us, end_us=end_us, first=first, last=last,
        mode=mode, probability=probability,
        facts=judged.facts.features[row], said_share=said_share,
        claim=claim, claim_trust_share=trust, line_reason=line_reason[row],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Brought:
    """What modes are told from."""

    trace: Trace
    trips: TripBounds
    activities: Activities
    network: LaidNetwork | None
    history: Recall | None


@dataclass(frozen=True, slots=True)
class _Judged:
    """Runs with their borders, what they look like, and what mode they have."""

    start_us: NDArray[np.int64]
    end_us: NDArray[np.int64]
    facts: rides.LegFacts
    probability: NDArray[np.float32]
    followed: Followed | None


def _judged_again(
    judged: _Judged,
    runs: windows.Runs,
    whole: windows.Runs,
    judge: Callable[[windows.Runs], _Judged],
) -> _Judged:
    """Judge the trips anew whose runs were joined; the others stand, for trips are apart."""
    n_trips = int(runs.trip[-1]) + 1
    joined = np.bincount(runs.trip, minlength=n_trips) > np.bincount(whole.trip, minlength=n_trips)
    again = joined[whole.trip]
    fresh = judge(
        windows.Runs(whole.trip[again], whole.first[again], whole.last[again], whole.kind[again])
    )
    return _laid(judged, np.flatnonzero(~joined[runs.trip]), fresh, again)


def _laid(old: T, rows: NDArray[np.intp], fresh: T, again: NDArray[np.bool_]) -> T:
    """Put fresh rows where ``again`` says so, and rows of the old between, field by field."""
    if old is None:
        return old
    if isinstance(old, np.ndarray):
        out = np.empty((again.size, *old.shape[1:]), old.dtype)
        out[~again], out[again] = old[rows], fresh
        return out  # type: ignore[return-value] # an array for an array
    parts = {
        f.name: _laid(getattr(old, f.name), rows, getattr(fresh, f.name), again)
        for f in fields(old)  # type: ignore[arg-type] # arrays, or dataclasses of arrays
    }
    return type(old)(**parts)


def _judge(
    grid: Grid,
    runs: windows.Runs,
    posterior: NDArray[np.float32],
    brought: _Brought,
    moves: Claims,
) -> _Judged:
    """Sum the evidence of each run's mode."""
    trace, trips = brought.trace, brought.trips
    facts = rides.facts_of(grid, runs, trace, trips, brought.activities)
    start_us, end_us = grid.start_us[runs.first], grid.end_us[runs.last - 1]
    # The last window's end may fall short of the trip's by a rounding of the step.
    closes = np.flatnonzero(np.diff(runs.trip, append=-1))
    end_us[closes] = trips.end_us[runs.trip[closes]]
    start_us[1:] = np.where(runs.trip[1:] == runs.trip[:-1], end_us[:-1], start_us[1:])
    score = rides.movement_scores(facts) + claimed.mode_evidence(moves, start_us, end_us, MODES)
    score += rides.class_scores(posterior, runs)
    followed = None
    if brought.network is not None:
        followed = lines.followed_by(trace, start_us, end_us, brought.network)
        score += lines.mode_scores(followed, MODES, rides.ride_share(posterior, runs))
    if brought.history is not None:
        score = brought.history.added(score, start_us, end_us)
    return _Judged(start_us, end_us, facts, rides.probabilities(score, runs), followed)


def _rows_of(
    trace: Trace,
    trips: TripBounds,
    trip: NDArray[np.int64],
    start_us: NDArray[np.int64],
    end_us: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the rows of each leg: those of a trip are shared out among its legs."""
    opens = np.concatenate([[True], trip[1:] != trip[:-1]]) if trip.size else np.zeros(0, bool)
    closes = np.concatenate([opens[1:], [True]]) if trip.size else opens
    low, high = trips.first[trip], trips.last[trip]
    first = np.clip(np.searchsorted(trace.time_us, start_us), low, high)
    first = np.where(opens, low, first)
    last = np.where(closes, high, np.clip(np.searchsorted(trace.time_us, end_us), low, high))
    return first, last


def reasons_of(found: Legs) -> list[tuple[Reason, ...]]:
    """Tell the evidence for the mode of every leg, the weightiest first.

    The codes are keys of :data:`estran.wording.REASONS`.
    """
    told = reasons.reasons_of(
        reasons.Seen(
            mode=[MODES[mode] for mode in found.mode.tolist()],
            facts=found.facts,
            said_share=found.said_share,
            claim=found.claim,
            claim_trust_share=found.claim_trust_share,
            n_positions=found.last - found.first,
            lasts_s=(found.end_us - found.start_us) / 1e6,
        )
    )
    return lines.beside(told, found.line_reason)
