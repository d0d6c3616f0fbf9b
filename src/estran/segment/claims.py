"""Claims where fixes are rare: virtual fixes for visits and moves, barriers for round trips."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estran.geo._kernels import near_m
from estran.segment.settings import SegmentSettings
from estran.trace import ClaimKind, Claims, Motion, Positions, Trace

type_i64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Claimed:
    """The trace with virtual fixes, and the moves that claims tell and fixes do not deny.

    ``move_start_us`` and ``move_end_us`` are in time order and do not overlap.
    """

    trace: Trace
    move_start_us: type_i64
    move_end_us: type_i64

    def parts(self) -> type_i64:
        """Give each fix the number of claimed moves that were half over before it."""
        middles = (self.move_start_us + self.move_end_us) // 2
        return np.searchsorted(middles, self.trace.time_us).astype(np.int64)

    def covers(self, start_us: int, end_us: int) -> bool:
        """Tell whether claimed moves fill at least half of an interval."""
        if self.move_start_us.size == 0:
            return False
        a = int(self.move_end_us.searchsorted(start_us, "right"))
        b = int(self.move_start_us.searchsorted(end_us, "left"))
        if b <= a:
            return False
        shared = np.minimum(self.move_end_us[a:b], end_us) - np.maximum(
            self.move_start_us[a:b], start_us
        )
        return bool(2 * shared.sum() >= end_us - start_us)


def woven(trace: Trace, claims: Claims, *, settings: SegmentSettings) -> Claimed:
    """Put claims into the trace where it has hardly a fix of its own.

    Parameters
    ----------
    trace : Trace, shape (n,)
    claims : Claims
        May overlap: the longer of two that begin together wins, and what is nested or
        covers the same minutes is left out, so that nothing counts twice.
    settings : SegmentSettings

    Returns
    -------
    Claimed
        The very same trace when no claim adds to it.
    """
    none = np.empty(0, np.int64)
    if len(claims) == 0:
        return Claimed(trace, none, none)
    rows: list[tuple[int, float, float]] = []
    moves: list[tuple[int, int]] = []
    apart_us = round(settings.claim_apart_s * 1e6)
    for row, start_us, end_us in _tiled(claims):
        inside = slice(*np.searchsorted(trace.time_us, (start_us, end_us)))
        ends = _ends(claims, row)
        if claims.kind[row] == ClaimKind.VISIT:
            if np.isnan(ends[0]) or _denied(trace, inside, ends[0], ends[1], settings):
                continue
            steps = max(2, 2 + (end_us - start_us) // 43_200_000_000)
            rows += [
                (at_us, ends[0], ends[1])
                for at_us in np.linspace(start_us, end_us, steps).astype(np.int64).tolist()
                if _silent(trace, max(at_us - apart_us, start_us), min(at_us + apart_us, end_us))
            ]
            continue
        seen = inside.stop - inside.start
        if seen * settings.claim_apart_s * 1e6 > end_us - start_us or not _goes(
            claims, row, ends, settings
        ):
            continue
        moves.append((start_us, end_us))
        rows += [
            (at_us, lat, lon)
            for at_us, lat, lon in ((start_us, *ends[:2]), (end_us, *ends[2:]))
            if not np.isnan(lat) and _silent(trace, at_us - apart_us, at_us + apart_us)
        ]
    table = np.array(moves, np.int64).reshape(-1, 2)
    return Claimed(_with(trace, rows, settings), table[:, 0].copy(), table[:, 1].copy())


def _tiled(claims: Claims) -> list[tuple[int, int, int]]:
    """Choose claims that do not overlap: (row, start, end) in time order."""
    length_us = claims.end_us - claims.start_us
    order = np.lexsort((claims.kind, -length_us, claims.start_us))
    kept: list[tuple[int, int, int]] = []
    until_us = None
    for row in order.tolist():
        start_us, end_us = int(claims.start_us[row]), int(claims.end_us[row])
        if until_us is not None and start_us < until_us:
            if 2 * (end_us - until_us) < end_us - start_us:
                continue
            start_us = until_us
        if end_us <= start_us:
            continue
        kept.append((row, start_us, end_us))
        until_us = end_us
    return kept


def _ends(claims: Claims, row: int) -> tuple[float, float, float, float]:
    return (
        float(claims.lat_deg[row]),
        float(claims.lon_deg[row]),
        float(claims.end_lat_deg[row]),
        float(claims.end_lon_deg[row]),
    )


def _goes(
    claims: Claims, row: int, ends: tuple[float, float, float, float], settings: SegmentSettings
) -> bool:
    """Tell whether a claimed move goes anywhere at all."""
    if claims.motion[row] in (Motion.STILL, Motion.TILTING):
        return False
    told_m = float(claims.distance_m[row])
    if not np.isnan(told_m):
        return told_m >= settings.claim_move_m
    return bool(np.isnan(ends).any()) or near_m(*ends) >= settings.claim_move_m


def _silent(trace: Trace, from_us: int, to_us: int) -> bool:
    """Tell whether no fix is in an interval."""
    a = np.searchsorted(trace.time_us, from_us, "left")
    return bool(a == np.searchsorted(trace.time_us, to_us, "right"))


def _denied(
    trace: Trace, inside: slice, lat_deg: float, lon_deg: float, settings: SegmentSettings
) -> bool:
    """Tell whether most fixes during a visit were clearly elsewhere."""
    rows = range(inside.start, inside.stop)[:: max(1, (inside.stop - inside.start) // 32)]
    away = sum(
        near_m(lat_deg, lon_deg, float(trace.lat_deg[i]), float(trace.lon_deg[i]))
        > settings.claim_denied_m
        for i in rows
    )
    return 2 * away > len(rows)


def _with(trace: Trace, rows: list[tuple[int, float, float]], settings: SegmentSettings) -> Trace:
    if not rows:
        return trace
    table = sorted(set(rows))
    virtual = Positions.of(
        [r[0] for r in table],
        [r[1] for r in table],
        [r[2] for r in table],
        accuracy_m=np.full(len(table), settings.claim_accuracy_m, np.float32),
        source=np.full(len(table), -1, np.int16),
    )
    plain = Positions(**{name: getattr(trace, name) for name in _COLUMNS})
    return Trace.sorted_from(Positions.concatenate([plain, virtual]))


_COLUMNS = (
    "time_us", "lat_deg", "lon_deg", "accuracy_m", "speed_mps", "bearing_deg", "altitude_m",
    "source",
)  # fmt: skip


def told_distances_m(
    claims: Claims, start_us: NDArray[np.int64], end_us: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Give how long claims say that intervals were, by the claim that covers most of each.

    Parameters
    ----------
    claims : Claims
    start_us, end_us : int64 array, shape (n,)
        Intervals, in time order. [µs since 1970, UTC]

    Returns
    -------
    float64 array, shape (n,)
        The share of the claim's length that falls into the interval; NaN where no claim
        with a length covers at least half of it. [m]
    """
    told = np.full(start_us.size, np.nan)
    rows = np.flatnonzero((claims.kind == ClaimKind.MOVE) & (claims.distance_m > 0.0))
    rows = rows[np.argsort(claims.start_us[rows], kind="stable")]
    begins, ends = claims.start_us[rows], claims.end_us[rows]
    reach = np.maximum.accumulate(ends) if rows.size else ends
    for k in range(start_us.size):
        a = int(np.searchsorted(reach, start_us[k], "right"))
        b = int(np.searchsorted(begins, end_us[k], "left"))
        if b <= a:
            continue
        shared = np.minimum(ends[a:b], end_us[k]) - np.maximum(begins[a:b], start_us[k])
        best = int(shared.argmax())
        if 2 * shared[best] < end_us[k] - start_us[k]:
            continue
        length_us = max(int(ends[a + best] - begins[a + best]), 1)
        told[k] = float(claims.distance_m[rows[a + best]]) * min(1.0, shared[best] / length_us)
    return told
