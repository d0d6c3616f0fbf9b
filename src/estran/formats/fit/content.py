"""What one FIT file held: its recorder, its sports, its positions."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from estran.formats.coordinates import Rows, dated_positions
from estran.formats.fields import veiled
from estran.formats.fit import profile
from estran.formats.fit.times import UNTOLD
from estran.formats.motions import motion_of
from estran.formats.reading import Faults
from estran.formats.statements import Statement, claims_of, ends_of
from estran.formats.times import NEVER
from estran.trace import (
    ClaimKind,
    Claims,
    MarkKind,
    Marks,
    Motion,
    Positions,
    Source,
    type_bool,
    type_f64,
    type_i64,
)

_MOST_SESSIONS = 10_000
_DEGREE = 180.0 / 2**31
_LONGEST_MS = 366 * 86_400_000
"""An outing of more than a year is a number that means something else."""

type_read = NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Session:
    """One sport of an outing, over an interval. [µs since 1970]"""

    start_us: int
    end_us: int
    sport: int
    sub_sport: int
    distance_m: float

    @property
    def motion(self) -> Motion:
        """Tell how somebody moved."""
        return motion_of(
            profile.SUB_SPORTS.get(self.sub_sport) or profile.SPORTS.get(self.sport, "")
        )

    @property
    def indoor(self) -> bool:
        """Tell whether nobody went anywhere."""
        return self.sub_sport in profile.INDOOR


@dataclass(slots=True)
class Content:
    """Gathers what one file holds, block by block."""

    faults: Faults
    type: int = profile.ACTIVITY
    recorder: tuple[int, int, int] = (0, 0, 0)
    sport: tuple[int, int] = (0, 0)
    n_records: int = 0
    n_held: int = 0
    _sessions: list[Session] = field(default_factory=list)
    _positions: list[Positions] = field(default_factory=list)

    def take(self, message: int, columns: type_read, time_s: type_i64) -> None:
        """Take records of one kind, with their times."""
        if message == profile.RECORD:
            self._records(columns, time_s)
        elif message == profile.SESSION:
            self._take_sessions(columns, time_s)
        elif message == profile.FILE_ID:
            kind, *recorder = (
                int(_told(columns, name, 0)[0])
                for name in ("type", "manufacturer", "product", "serial")
            )
            self.type = kind or profile.ACTIVITY
            self.recorder = (recorder[0], recorder[1], recorder[2])
        elif message == profile.SPORT:
            sport, sub_sport = (int(_told(columns, n, 0)[-1]) for n in ("sport", "sub_sport"))
            self.sport = sport, sub_sport

    def source(self) -> Source:
        """Make the source of what the recorder recorded."""
        tag = veiled("/".join(map(str, self.recorder)))
        return Source(f"fit/{tag}", "fit", profile.MAKERS.get(self.recorder[0], ""))

    def released(self) -> Positions | None:
        """Give the positions held, without those of sessions indoors, and forget them."""
        if not self._positions:
            return None
        held = Positions.concatenate(self._positions)
        self._positions, self.n_held = [], 0
        kept: type_bool = np.ones(len(held), dtype=np.bool_)
        for session in self.sessions():
            if session.indoor:
                kept &= (held.time_us < session.start_us) | (held.time_us > session.end_us)
        if not self._sessions and self.sport[1] in profile.INDOOR:
            kept[:] = False
        if not kept.all():
            self.faults.add("position-indoor", "", int(np.count_nonzero(~kept)))
        return held.take(kept)

    def sessions(self) -> list[Session]:
        """List the sports of the outing that have a beginning and an end."""
        return self._sessions

    def stated(self, positions: Positions | None) -> tuple[Claims | None, Marks | None]:
        """Claim how somebody moved, and mark where a way to work begins."""
        statements: list[Statement] = []
        commutes: list[int] = []
        for session in self._sessions_or_whole(positions):
            within = _within(positions, session)
            # A session that shows nowhere is of a room, or of a recorder without satellites.
            if session.indoor or within is None:
                continue
            if session.sub_sport == profile.COMMUTING:
                commutes.append(session.start_us)
            if session.motion is not Motion.UNKNOWN:
                ends = ends_of(within)
                statements.append(
                    Statement(
                        session.start_us,
                        session.end_us,
                        ClaimKind.MOVE,
                        session.motion,
                        *ends.first[1:],
                        *ends.last[1:],
                        distance_m=session.distance_m,
                    )
                )
        marks = Marks(
            time_us=np.array(commutes, dtype=np.int64),
            kind=np.full(len(commutes), MarkKind.COMMUTE_BEGAN, dtype=np.int8),
            source=np.zeros(len(commutes), dtype=np.int16),
        )
        return (claims_of(statements) if statements else None), (marks if commutes else None)

    def _sessions_or_whole(self, positions: Positions | None) -> list[Session]:
        """Let the sport alone speak of all positions where the file broke before its end."""
        if self._sessions or not self.sport[0] or not positions:
            return self._sessions
        ends = ends_of(positions)
        return [Session(ends.first[0], ends.last[0], *self.sport, np.nan)]

    def _records(self, columns: type_read, time_s: type_i64) -> None:
        self.n_records += columns.size
        if not {"lat", "lon"} <= set(columns.dtype.names or ()):
            return
        lat, lon = columns["lat"], columns["lon"]
        unknown = profile.UNKNOWN["i4"]
        at = np.flatnonzero((lat != unknown) & (lon != unknown))
        if not at.size:
            return
        columns, time_s = columns[at], time_s[at]
        time_us = instants_us(time_s)
        undated = time_us == NEVER
        if undated.any():
            self.faults.add("position-undated", "", int(np.count_nonzero(undated)))
            columns, time_us = columns[~undated], time_us[~undated]
        rows = Rows(
            time_us,
            columns["lat"] * _DEGREE,
            columns["lon"] * _DEGREE,
            _positive(_value(columns, "accuracy")),
            _first(_value(columns, "speed_fine", 1e-3), _value(columns, "speed", 1e-3)),
            None,
            _first(
                _value(columns, "altitude_fine", 0.2, -500.0),
                _value(columns, "altitude", 0.2, -500.0),
            ),
        )
        positions = dated_positions(rows, self.faults)
        self._positions.append(positions)
        self.n_held += len(positions)

    def _take_sessions(self, columns: type_read, time_s: type_i64) -> None:
        start_us = instants_us(_told(columns, "start", UNTOLD))
        elapsed_ms = _told(columns, "elapsed_ms", UNTOLD)
        # Where no length is told, a session is written when it ends.
        told = (elapsed_ms >= 0) & (elapsed_ms < _LONGEST_MS)
        end_us = np.where(told, start_us + elapsed_ms * 1000, instants_us(time_s))
        distance_m = _value(columns, "distance_cm", 1e-2)
        for row in range(columns.size):
            if len(self._sessions) >= _MOST_SESSIONS or start_us[row] == NEVER:
                continue
            if end_us[row] < start_us[row]:
                self.faults.add("claim-unreadable")
                continue
            self._sessions.append(
                Session(
                    int(start_us[row]),
                    int(end_us[row]),
                    int(_told(columns, "sport", 0)[row]),
                    int(_told(columns, "sub_sport", 0)[row]),
                    np.nan if distance_m is None else float(distance_m[row]),
                )
            )


def instants_us(time_s: type_i64) -> type_i64:
    """Turn FIT seconds into instants; counts since the device was switched on are none.

    Examples
    --------
    >>> from estran.timebase import iso_utc
    >>> iso_utc(int(instants_us(np.array([1_000_000_000]))[0]))
    '2021-09-08T01:46:40Z'
    """
    dated = time_s >= profile.LEAST_TIMESTAMP
    return np.where(dated, (time_s + profile.EPOCH_S) * 1_000_000, NEVER)


def _told(columns: type_read, name: str, untold: int) -> type_i64:
    """Read a column of whole numbers."""
    if name not in (columns.dtype.names or ()):
        return np.full(columns.size, untold, dtype=np.int64)
    raw = columns[name]
    return np.where(raw == _unknown(raw), untold, raw.astype(np.int64))


def _value(
    columns: type_read, name: str, scale: float = 1.0, offset: float = 0.0
) -> type_f64 | None:
    """Read a column of measures; None where the records have none."""
    if name not in (columns.dtype.names or ()):
        return None
    raw = columns[name]
    return np.where(raw == _unknown(raw), np.nan, raw * scale + offset)


def _unknown(raw: NDArray[np.generic]) -> int:
    return profile.UNKNOWN[f"{raw.dtype.kind}{raw.dtype.itemsize}"]


def _first(best: type_f64 | None, other: type_f64 | None) -> type_f64 | None:
    if best is None or other is None:
        return other if best is None else best
    return np.where(np.isnan(best), other, best)


def _positive(column: type_f64 | None) -> type_f64 | None:
    return None if column is None else np.where(column > 0.0, column, np.nan)


def _within(positions: Positions | None, session: Session) -> Positions | None:
    if positions is None:
        return None
    # Recorders write the first fix up to some seconds before the session's start.
    inside = (positions.time_us >= session.start_us - 60_000_000) & (
        positions.time_us <= session.end_us + 60_000_000
    )
    return positions.take(inside) if inside.any() else None
