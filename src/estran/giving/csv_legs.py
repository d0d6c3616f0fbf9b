"""A journal as CSV (RFC 4180): one leg a row, units in the names of columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from math import isnan

from estran.giving.facts import rounded
from estran.journal import Entry, Journal, Leg, Trip
from estran.timebase import iso_utc, to_datetime

COLUMNS = (
    "trip", "leg", "start_utc", "end_utc", "start_local", "end_local", "tz", "mode",
    "mode_probability_share", "distance_m", "duration_s", "co2e_central_g", "co2e_low_g",
    "co2e_high_g", "start_lat_deg", "start_lon_deg", "end_lat_deg", "end_lon_deg", "quality",
    "vehicle", "energy", "train_kind", "occupants", "positions", "corrected",
)  # fmt: skip


def csv_document(journal: Journal) -> str:
    """Write the table; an empty field is what is not known."""
    return "".join(csv_pieces(journal.entries))


def csv_pieces(entries: Iterable[Entry]) -> Iterator[str]:
    """Write the same row by row, in the memory of one trip."""
    yield line_of(COLUMNS)
    trips = (entry for entry in entries if isinstance(entry, Trip))
    for n_trip, trip in enumerate(trips, 1):
        for n_leg, leg in enumerate(trip.legs, 1):
            yield line_of("" if v is None else v for v in _row(n_trip, n_leg, trip, leg))


def line_of(values: Iterable[object]) -> str:
    """Write one line of a table."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(values)
    return text.getvalue()


def _row(n_trip: int, n_leg: int, trip: Trip, leg: Leg) -> list[object]:
    co2e = leg.co2e
    figures_g = (co2e.central_g, co2e.low_g, co2e.high_g) if co2e else ()
    return [
        n_trip,
        n_leg,
        iso_utc(leg.started_us),
        iso_utc(leg.ended_us),
        _local(leg.started_us, trip.tz),
        _local(leg.ended_us, trip.tz),
        trip.tz,
        leg.mode.value,
        rounded(leg.probability_share, 4),
        rounded(leg.distance_m, 1),
        rounded(leg.duration_s, 3),
        *([rounded(figure_g, 1) for figure_g in figures_g] or [None] * 3),
        *_ends(trip, leg),
        trip.quality.value,
        leg.vehicle,
        leg.energy,
        leg.train_kind,
        None if isnan(leg.occupants) else leg.occupants,
        leg.n_positions,
        "true" if leg.corrected else "false",
    ]


def _local(time_us: int, tz: str) -> str:
    return to_datetime(time_us, tz).isoformat(timespec="seconds")


def _ends(trip: Trip, leg: Leg) -> list[float | None]:
    """Give where a leg begins and ends; the first and the last end where the trip does."""
    path = leg.path
    seen = len(path) > 0
    start = (path.lat_deg[0], path.lon_deg[0]) if seen else None
    end = (path.lat_deg[-1], path.lon_deg[-1]) if seen else None
    if start is None and leg is trip.legs[0]:
        start = (trip.origin.lat_deg, trip.origin.lon_deg)
    if end is None and leg is trip.legs[-1]:
        end = (trip.destination.lat_deg, trip.destination.lon_deg)
    return [None if at is None else rounded(at[i], 7) for at in (start, end) for i in (0, 1)]
