"""What segmentation gives: stays, trips, unknown time as equal-length arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

STAY, TRIP, UNKNOWN = 0, 1, 2
"""Codes of ``Segments.kind``."""

REASONS = (
    "", "gap", "tracking-off", "claim", "flight",
    "no-permission", "battery-flat", "phone-off", "no-position", "phone-silent",
)  # fmt: skip
"""Why, by ``Segments.reason``: what unknown time is due to (``silences.py``); a stay or a trip
that only a claim tells, a flight proposed in a gap."""
PLAIN, GAP, TRACKING_OFF, CLAIM, FLIGHT = range(5)
NO_PERMISSION, BATTERY_FLAT, PHONE_OFF, NO_POSITION, PHONE_SILENT = range(5, 10)


@dataclass(frozen=True, slots=True)
class KnownPlaces:
    """Where somebody was, short stops on the way included.

    Parameters
    ----------
    start_us : int64 array, shape (n,)
        When they came. [µs since 1970, UTC]
    lat_deg, lon_deg : float64 array, shape (n,)
    duration_s : float64 array, shape (n,)
        How long they were there, together. [s]
    """

    start_us: NDArray[np.int64]
    lat_deg: NDArray[np.float64]
    lon_deg: NDArray[np.float64]
    duration_s: NDArray[np.float64]

    @classmethod
    def none(cls) -> KnownPlaces:
        """Know no place."""
        return cls(np.empty(0, np.int64), np.empty(0), np.empty(0), np.empty(0))


class Row(NamedTuple):
    """One row of :class:`Segments`, while they are made."""

    kind: int
    start_us: int
    end_us: int
    first: int
    last: int
    lat_deg: float
    lon_deg: float
    radius_m: float
    reason: int


@dataclass(frozen=True, eq=False)
class Segments:
    """Stays, trips and unknown time in order; none overlaps another.

    Parameters
    ----------
    kind : int8 array, shape (n,)
        :data:`STAY`, :data:`TRIP` or :data:`UNKNOWN`.
    start_us, end_us : int64 array, shape (n,)
        [µs since 1970, UTC]
    first, last : int64 array, shape (n,)
        Rows of the trace inside, half-open; equal when there is none.
    lat_deg, lon_deg, radius_m : float64 array, shape (n,)
        Where a stay is; NaN for the others. [°, m]
    reason : int8 array, shape (n,)
        Index into :data:`REASONS`.

    Raises
    ------
    ValueError
        Lengths differ, or rows overlap or run backwards.
    """

    kind: NDArray[np.int8]
    start_us: NDArray[np.int64]
    end_us: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    lat_deg: NDArray[np.float64]
    lon_deg: NDArray[np.float64]
    radius_m: NDArray[np.float64]
    reason: NDArray[np.int8]

    def __post_init__(self) -> None:
        """Check lengths and order, and make the columns read-only."""
        n = self.kind.size
        for f in fields(self):
            column = getattr(self, f.name)
            if column.shape != (n,):
                msg = f"Segments.{f.name}: shape {column.shape}, want ({n},)"
                raise ValueError(msg)
            column.flags.writeable = False
        if bool((self.end_us < self.start_us).any()) or bool(
            (self.start_us[1:] < self.end_us[:-1]).any()
        ):
            msg = "segments overlap or run backwards"
            raise ValueError(msg)

    def __len__(self) -> int:
        """Count the rows."""
        return int(self.kind.size)

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Segments:
        """Make columns of rows."""
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(Row._fields)
        dtypes = ("i1", "i8", "i8", "i8", "i8", "f8", "f8", "f8", "i1")
        return cls(
            **{
                name: np.array(column, dtype)
                for name, column, dtype in zip(Row._fields, columns, dtypes, strict=True)
            }
        )
