"""A trip's ends are movement: waits there belong to the stays beside it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from estran.geo.distance import distance_m
from estran.segment.settings import SegmentSettings
from estran.segment.values import GAP, PLAIN, STAY, TRIP, UNKNOWN, Row, Segments
from estran.trace import Trace

type_i64 = NDArray[np.int64]


def trimmed(  # noqa: PLR0913, PLR0917 - a leg's columns
    segments: Segments,
    trace: Trace,
    trip: type_i64,
    start_us: type_i64,
    end_us: type_i64,
    waits: NDArray[np.bool_],
    *,
    settings: SegmentSettings = SegmentSettings(),  # noqa: B008 - a frozen value
) -> tuple[Segments, NDArray[np.intp], type_i64]:
    """Take waits off both ends of trips, and trips that are nothing but a wait.

    Parameters
    ----------
    segments : Segments
    trace : Trace, shape (n,)
        The one that was segmented.
    trip, start_us, end_us : int64 array, shape (m,)
        Legs: which trip of the segments (counted among trips), and when. [µs]
    waits : bool array, shape (m,)
        Which legs are waits.

    Returns
    -------
    segments : Segments
        The same time, with the waits given to stays.
    rows : intp array, shape (k,)
        The legs that remain.
    trip : int64 array, shape (k,)
        The trip that each of them belongs to now.
    """
    # What a claim tells, or a plane's silence, was not seen to wait.
    plain = segments.reason[segments.kind == TRIP] == PLAIN
    n_trips = plain.size
    moving = np.flatnonzero(~(waits & plain[trip]))
    # The first and the last moving leg of each trip; -1 where there is none.
    opens = np.full(n_trips, -1, np.intp)
    closes = np.full(n_trips, -1, np.intp)
    opens[trip[moving[::-1]]] = moving[::-1]
    closes[trip[moving]] = moving
    legs = np.arange(trip.size)
    kept = (legs >= opens[trip]) & (legs <= closes[trip]) & (opens[trip] >= 0)
    if bool(kept.all()):
        return segments, legs, trip
    begins_us = np.where(opens >= 0, start_us[opens], np.iinfo(np.int64).max)
    ends_us = np.where(opens >= 0, end_us[closes], np.iinfo(np.int64).min)
    rows = _laid(segments, trace, begins_us.tolist(), ends_us.tolist(), settings)
    number = np.cumsum(opens >= 0) - 1
    rows = [_placed(row) for row in rows]
    return Segments.of(rows), np.flatnonzero(kept), number[trip[kept]].astype(np.int64)


def _laid(
    segments: Segments,
    trace: Trace,
    begins_us: list[int],
    ends_us: list[int],
    settings: SegmentSettings,
) -> list[Row]:
    """Lay the rows again, with trips between their new borders."""
    columns = (getattr(segments, name).tolist() for name in Row._fields)
    rows: list[Row] = []
    firsts = trace.time_us.searchsorted(begins_us, "left").tolist()
    lasts = trace.time_us.searchsorted(ends_us, "right").tolist()
    nth = -1
    for row in (Row(*values) for values in zip(*columns, strict=True)):
        if row.kind != TRIP:
            _put(rows, row, settings)
            continue
        nth += 1
        begin_us, end_us = begins_us[nth], ends_us[nth]
        if begin_us > end_us:
            _put(rows, _pause(trace, row, row.start_us, row.end_us), settings)
            continue
        if begin_us > row.start_us:
            _put(rows, _pause(trace, row, row.start_us, begin_us), settings)
        seen = row.last > row.first
        rows.append(
            row._replace(
                start_us=begin_us,
                end_us=end_us,
                first=max(row.first, firsts[nth]) if seen else row.first,
                last=min(row.last, lasts[nth]) if seen else row.last,
            )
        )
        if end_us < row.end_us:
            _put(rows, _pause(trace, row, end_us, row.end_us), settings)
    return rows


def _pause(trace: Trace, trip: Row, start_us: int, end_us: int) -> Row:
    """Make a stay of a part of a trip; where it is, is known only if a fix saw it."""
    first, last = np.searchsorted(trace.time_us, (start_us, end_us), "left").tolist()
    first, last = max(first, trip.first), min(last, trip.last)
    if last <= first:
        return Row(STAY, start_us, end_us, first, first, np.nan, np.nan, np.nan, PLAIN)
    lat_deg = float(np.median(trace.lat_deg[first:last]))
    turn_deg = (trace.lon_deg[first:last] - trace.lon_deg[first] + 180.0) % 360.0 - 180.0
    lon_deg = float((trace.lon_deg[first] + np.median(turn_deg) + 180.0) % 360.0 - 180.0)
    return Row(STAY, start_us, end_us, first, last, lat_deg, lon_deg, 0.0, PLAIN)


def _placed(row: Row) -> Row:
    """Call a stay that no fix saw and no other holds unknown time."""
    lost = row.kind == STAY and np.isnan(row.lat_deg)
    return row._replace(kind=UNKNOWN, reason=GAP) if lost else row


def _put(rows: list[Row], row: Row, settings: SegmentSettings) -> None:
    """Add a stay or unknown time; a stay that goes on where one ends is the same one."""
    before = rows[-1] if rows else None
    if before is None or row.kind != STAY or before.kind != STAY or before.end_us != row.start_us:
        rows.append(row)
        return
    whole = before if before.end_us - before.start_us >= row.end_us - row.start_us else row
    unseen = np.isnan(before.lat_deg) or np.isnan(row.lat_deg)
    if unseen:
        whole = row if np.isnan(before.lat_deg) else before
    elif (
        distance_m(before.lat_deg, before.lon_deg, row.lat_deg, row.lon_deg) > settings.weak_m
        and min(before.end_us - before.start_us, row.end_us - row.start_us)
        > settings.wait_any_s * 1e6
    ):
        rows.append(row)
        return
    rows[-1] = whole._replace(
        start_us=before.start_us, end_us=row.end_us, first=before.first, last=row.last
    )
