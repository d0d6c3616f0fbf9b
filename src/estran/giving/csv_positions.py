"""Positions as CSV (RFC 4180), units in the names of columns; empty is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isnan

from estran.giving.csv_legs import line_of
from estran.timebase import iso_utc
from estran.trace import Positions, Source

COLUMNS = (
    "time_utc", "lat_deg", "lon_deg", "accuracy_m", "speed_mps", "bearing_deg", "altitude_m",
    "source", "format",
)  # fmt: skip


def csv_pieces(parts: Iterable[tuple[Source, str, Positions]]) -> Iterator[str]:
    """Write positions line by line."""
    yield line_of(COLUMNS)
    for source, _, positions in parts:
        told = [[_short(v) for v in getattr(positions, name).tolist()] for name in COLUMNS[1:7]]
        for time_us, *values in zip(positions.time_us.tolist(), *told, strict=True):
            yield line_of([iso_utc(time_us), *values, source.key, source.format])


def _short(value: float) -> str:
    return "" if isnan(value) else f"{value:.7f}".rstrip("0").rstrip(".")
