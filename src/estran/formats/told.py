"""What trackers tell, gathered message by message: fixes, guesses, claims and marks."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from estran.formats.emission.entries import FLAT_PERCENT
from estran.formats.motions import motion_of
from estran.formats.statements import Statement, claims_of
from estran.formats.times import FIRST_US, LAST_US, NEVER
from estran.trace import Activities, Claims, MarkKind, Marks, Motion, Positions

_LARGEST = 1e9
"""Beyond any unit of accuracy, speed or altitude."""

_SILENT = frozenset({Motion.UNKNOWN, Motion.TILTING, Motion.OTHER})


class Fix(NamedTuple):
    """One position as a message tells it; what it does not tell is NaN.

    Zero and less mean an unknown accuracy; less than zero an unknown speed or bearing.
    """

    time_us: int
    lat_deg: float
    lon_deg: float
    accuracy_m: float = math.nan
    speed_mps: float = math.nan
    bearing_deg: float = math.nan
    altitude_m: float = math.nan


def fault_of(fix: Fix) -> str:
    """Tell what is wrong with a position, as a code of a fault; ``""`` for a good one.

    Examples
    --------
    >>> fault_of(Fix(10**15, 46.16, -1.15)), fault_of(Fix(10**15, 0.0, 0.0))
    ('', 'position-zero')
    """
    lat_deg, lon_deg = fix.lat_deg, fix.lon_deg
    if math.isnan(lat_deg) or math.isnan(lon_deg):
        return "position-missing"
    if not (-90.0 <= lat_deg <= 90.0 and -180.0 <= lon_deg <= 180.0):  # noqa: PLR2004 - the globe
        return "position-outside-globe"
    if lat_deg == 0.0 and lon_deg == 0.0:
        return "position-zero"
    if fix.time_us == NEVER:
        return "position-undated"
    return "" if is_plausible(fix.time_us) else "time-impossible"


def is_plausible(time_us: int) -> bool:
    """Tell whether an instant may be that of a position."""
    return FIRST_US <= time_us < LAST_US


def _within(value: float, least: float, most: float) -> float:
    return value if least <= value < most else math.nan


@dataclass(slots=True)
class Told:
    """Rows as they come; columns are made once, at the end.

    Examples
    --------
    >>> told = Told()
    >>> told.fix(Fix(10**15, 46.16, -1.15, accuracy_m=0.0)), told.fix(Fix(10**15, 91.0, 0.0))
    ('', 'position-outside-globe')
    >>> told.positions().accuracy_m
    array([nan], dtype=float32)
    """

    fixes: list[Fix] = field(default_factory=list)
    hints: list[tuple[int, int]] = field(default_factory=list)
    """Instant and code of a motion; these messages give no confidence."""
    statements: list[Statement] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)
    n_dropped: int = 0

    @property
    def n_rows(self) -> int:
        """Count what was told."""
        return len(self.fixes) + len(self.hints) + len(self.statements) + len(self.marks)

    def fix(self, fix: Fix) -> str:
        """Keep a position, or tell what is wrong with it."""
        fault = fault_of(fix)
        if fault:
            self.n_dropped += 1
            return fault
        time_us, lat_deg, lon_deg, accuracy_m, speed_mps, bearing_deg, altitude_m = fix
        self.fixes.append(
            Fix(
                time_us,
                lat_deg,
                lon_deg,
                accuracy_m if 0.0 < accuracy_m < _LARGEST else math.nan,
                _within(speed_mps, 0.0, _LARGEST),
                0.0 if bearing_deg == 360.0 else _within(bearing_deg, 0.0, 360.0),  # noqa: PLR2004 - a whole turn
                _within(altitude_m, -_LARGEST, _LARGEST),
            )
        )
        return ""

    def motion(self, time_us: int, words: Iterable[str]) -> None:
        """Keep the phone's guesses of one instant; unknown words say nothing."""
        if not is_plausible(time_us):
            return
        for word in words:
            motion = motion_of(word)
            if motion not in _SILENT:
                self.hints.append((time_us, int(motion)))

    def mark(self, time_us: int, kind: MarkKind | None) -> None:
        """Keep what the tracker said of itself."""
        if kind is not None and is_plausible(time_us):
            self.marks.append((time_us, int(kind)))

    def battery(self, time_us: int, level_percent: float) -> None:
        """Keep that a battery is about to end."""
        if 0.0 <= level_percent <= FLAT_PERCENT:
            self.mark(time_us, MarkKind.BATTERY_FLAT)

    def state(self, statement: Statement) -> bool:
        """Keep a statement whose interval is sound, and tell whether it is."""
        start_us, end_us = statement.start_us, statement.end_us
        sound = is_plausible(start_us) and is_plausible(end_us) and start_us <= end_us
        if sound:
            self.statements.append(statement)
        else:
            self.n_dropped += 1
        return sound

    def positions(self) -> Positions | None:
        """Give the positions as columns, None without one."""
        if not self.fixes:
            return None
        time_us, lat, lon, accuracy, speed, bearing, altitude = zip(*self.fixes, strict=True)
        return Positions.of(
            np.array(time_us, np.int64), np.array(lat), np.array(lon),
            accuracy_m=np.array(accuracy, np.float32), speed_mps=np.array(speed, np.float32),
            bearing_deg=np.array(bearing, np.float32), altitude_m=np.array(altitude, np.float32),
        )  # fmt: skip

    def activities(self) -> Activities | None:
        """Give the guesses as columns, None without one."""
        if not self.hints:
            return None
        n = len(self.hints)
        return Activities(
            time_us=np.array([row[0] for row in self.hints], np.int64),
            motion=np.array([row[1] for row in self.hints], np.int8),
            confidence_share=np.full(n, np.nan, np.float32),
            source=np.zeros(n, np.int16),
        )

    def claims(self) -> Claims | None:
        """Give the statements as columns, None without one."""
        return claims_of(self.statements) if self.statements else None

    def marked(self) -> Marks | None:
        """Give the marks as columns, None without one."""
        if not self.marks:
            return None
        return Marks(
            time_us=np.array([row[0] for row in self.marks], np.int64),
            kind=np.array([row[1] for row in self.marks], np.int8),
            source=np.zeros(len(self.marks), np.int16),
        )
