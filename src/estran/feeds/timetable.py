"""The timetable of a GTFS feed, for a usual week: columns from times of stops."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from estran.feeds.route_types import mode_of
from estran.feeds.tables import Tables
from estran.network.timetable import Timetable
from estran.network.values import LINE_MODES

_NEEDED = ("routes.txt", "trips.txt", "stops.txt", "stop_times.txt")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ALL_DAYS = 127

LONGEST = timedelta(days=800)
"""A service is looked at for so long: feeds with no end name the year 2099."""

type_runs = dict[str, tuple[int, int, str]]
"""Of each run: its row, its mode and its service."""


def read_timetable(path: Path) -> Timetable | None:
    """Read when things run; None where the feed does not say, or this is no feed.

    A usual Monday is that on which most runs are made, and so for each weekday: outside of
    holidays, for most feeds. Runs told by frequencies are left out.
    """
    if not (path.is_dir() or path.suffix.lower() == ".zip"):
        return None
    tables = Tables(path)
    if not all(name in tables for name in _NEEDED):
        return None
    stops, lat_e6, lon_e6 = _stops(tables)
    runs, modes = _runs(tables)
    days = _usual_days(tables, Counter(service for _, _, service in runs.values()))
    run_days = [days.get(service, 0) for _, _, service in runs.values()]
    run, start, stop, departs_s, arrives_s = _connections(tables, stops, runs)
    if not run.size:
        return None
    order = np.argsort(departs_s, kind="stable")
    return Timetable(
        lat_e6, lon_e6, np.array(modes, np.int8), np.array(run_days, np.uint8),
        run[order], start[order], stop[order], departs_s[order], arrives_s[order],
    )  # fmt: skip


def _stops(tables: Tables) -> tuple[dict[str, int], NDArray[np.int32], NDArray[np.int32]]:
    rows: dict[str, int] = {}
    at: list[tuple[int, int]] = []
    for stop_id, lat, lon in tables.rows("stops.txt", ("stop_id", "stop_lat", "stop_lon")):
        try:
            here = round(float(lat) * 1e6), round(float(lon) * 1e6)
        except ValueError:
            continue
        if stop_id not in rows and abs(here[0]) <= 90e6 and abs(here[1]) <= 180e6:  # noqa: PLR2004
            rows[stop_id] = len(at)
            at.append(here)
    columns = np.array(at, np.int32).reshape(-1, 2)
    return rows, columns[:, 0], columns[:, 1]


def _runs(tables: Tables) -> tuple[type_runs, list[int]]:
    modes = {r: mode_of(kind) for r, kind in tables.rows("routes.txt", ("route_id", "route_type"))}
    runs: type_runs = {}
    columns: list[int] = []
    for route, trip, service in tables.rows("trips.txt", ("route_id", "trip_id"), ("service_id",)):
        mode = modes.get(route)
        if mode is not None and trip not in runs:
            runs[trip] = len(columns), LINE_MODES.index(mode), service
            columns.append(LINE_MODES.index(mode))
    return runs, columns


def _usual_days(tables: Tables, n_runs: Counter[str]) -> dict[str, int]:
    """Give the weekdays of each service, as bits, in a usual week."""
    if "calendar.txt" not in tables and "calendar_dates.txt" not in tables:
        return dict.fromkeys(n_runs, ALL_DAYS)
    on: dict[date, set[str]] = defaultdict(set)
    if "calendar.txt" in tables:
        wished = ("start_date", "end_date", *_DAYS)
        for service, first, last, *runs in tables.rows("calendar.txt", ("service_id",), wished):
            start, end = _date(first), _date(last)
            if start is None or end is None:
                continue
            for n in range((min(end, start + LONGEST) - start).days + 1):
                day = start + timedelta(days=n)
                if runs[day.weekday()] == "1":
                    on[day].add(service)
    if "calendar_dates.txt" in tables:
        wanted = ("service_id", "date", "exception_type")
        for service, text, kind in tables.rows("calendar_dates.txt", wanted):
            told = _date(text)
            if told is not None:
                (on[told].add if kind == "1" else on[told].discard)(service)
    return _bits(on, n_runs)


def _bits(on: dict[date, set[str]], n_runs: Counter[str]) -> dict[str, int]:
    bits: dict[str, int] = defaultdict(int)
    for weekday in range(7):
        days = sorted(day for day in on if day.weekday() == weekday)
        if days:
            usual = max(days, key=lambda day: sum(n_runs[s] for s in on[day]))
            for service in on[usual]:
                bits[service] |= 1 << weekday
    return bits


def _date(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


def _seconds(text: str) -> int:
    """Read ``25:10:00``; -1 where a stop has no time of its own."""
    parts = text.split(":")
    if len(parts) != 3 or not all(part.strip().isdigit() for part in parts):  # noqa: PLR2004
        return -1
    hours, minutes, seconds = map(int, parts)
    return hours * 3600 + minutes * 60 + seconds if hours < 72 else -1  # noqa: PLR2004


def _connections(
    tables: Tables, stops: dict[str, int], runs: type_runs
) -> tuple[NDArray[np.int32], ...]:
    """Join each stop of a run to its next; stops without times are passed by."""
    columns = [array("i") for _ in range(5)]
    needed, times = ("trip_id", "stop_id", "stop_sequence"), ("arrival_time", "departure_time")
    for trip, stop_id, order, arrives, departs in tables.rows("stop_times.txt", needed, times):
        known, stop = runs.get(trip), stops.get(stop_id)
        arrives_s, departs_s = _seconds(arrives), _seconds(departs)
        told_s = max(arrives_s, departs_s)
        if known is None or stop is None or told_s < 0 or not order.isdigit() or len(order) > 9:  # noqa: PLR2004
            continue
        values = known[0], int(order), stop, arrives_s, departs_s
        for column, value in zip(columns, values, strict=True):
            column.append(value if value >= 0 else told_s)
    run, order_, stop_, arr, dep = (np.array(column, np.int32) for column in columns)
    rows = np.lexsort((order_, run))
    run, stop_, arr, dep = run[rows], stop_[rows], arr[rows], dep[rows]
    fits = (run[:-1] == run[1:]) & (arr[1:] >= dep[:-1]) & (stop_[:-1] != stop_[1:])
    at = np.flatnonzero(fits)
    return run[at], stop_[at], stop_[at + 1], dep[at], arr[at + 1]
