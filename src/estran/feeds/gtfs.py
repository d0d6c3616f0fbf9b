"""GTFS, complete or not: lines from routes, shapes, trips, stops and stop times."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from estran.errors import NetworkEmpty, NetworkUnknown
from estran.feeds.route_types import mode_of
from estran.feeds.tables import Tables
from estran.network import Line, Network, network_of
from estran.network.matching import StopsByPlace
from estran.travel import Mode

type_f64 = NDArray[np.float64]

TRIPS_OF_A_WAY = 3
"""Without shapes, so many trips of a route and headsign are looked at for their stops."""

STATION_SPACING_M = 600.0
"""A shape whose points are further apart than this is drawn from station to station."""


@dataclass(slots=True)
class _Route:
    """A line being gathered: routes of one agency, name and mode are one line."""

    mode: Mode
    name: str
    shapes: set[str] = field(default_factory=set)
    trips: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Feed:
    """What the tables say, by their own identifiers."""

    routes: dict[str, _Route] = field(default_factory=dict)
    shapes: dict[str, type_f64] = field(default_factory=dict)
    stop_row: dict[str, int] = field(default_factory=dict)
    stops: list[tuple[float, float]] = field(default_factory=list)
    calls: dict[str, list[int]] = field(default_factory=dict)


def is_feed(path: Path) -> bool:
    """Tell whether a folder or zip has the one table that no feed lacks."""
    return "routes.txt" in Tables(path)


def read_gtfs(path: Path) -> tuple[Network, int]:
    """Read a feed; tell also how many rows were left out as unreadable.

    Raises
    ------
    NetworkUnknown
        There is no ``routes.txt``.
    NetworkEmpty
        No line has a way or a stop.
    NetworkColumnMissing, NetworkTableBroken, NetworkDamaged, FileHostile, FileTooLarge
        As :mod:`estran.feeds.tables` says.
    """
    tables = Tables(path)
    if "routes.txt" not in tables:
        raise NetworkUnknown(file=tables.name)
    feed = _Feed()
    _read_routes(tables, feed)
    _read_stops(tables, feed)
    _read_shapes(tables, feed)
    _read_trips(tables, feed)
    _read_calls(tables, feed)
    network = _network(feed)
    if not network.line_name:
        raise NetworkEmpty(file=tables.name)
    return network, tables.n_left_out


def _read_routes(tables: Tables, feed: _Feed) -> None:
    lines: dict[tuple[str, str, Mode], _Route] = {}
    wished = ("agency_id", "route_short_name", "route_long_name")
    for route_id, kind, agency, short, long in tables.rows(
        "routes.txt", ("route_id", "route_type"), wished
    ):
        mode = mode_of(kind)
        if mode is None:
            continue
        name = short or long or route_id
        feed.routes[route_id] = lines.setdefault((agency, name, mode), _Route(mode, name))


def _position(lat_text: str, lon_text: str) -> tuple[float, float] | None:
    try:
        at = float(lat_text), float(lon_text)
    except ValueError:
        return None
    inside = abs(at[0]) <= 90 and abs(at[1]) <= 180 and at != (0.0, 0.0)  # noqa: PLR2004
    return at if inside else None


def _read_stops(tables: Tables, feed: _Feed) -> None:
    if "stops.txt" not in tables:
        return
    columns = ("stop_id", "stop_lat", "stop_lon")
    for stop_id, lat, lon, kind in tables.rows("stops.txt", columns, ("location_type",)):
        at = _position(lat, lon)
        if at is None:
            tables.n_left_out += kind in {"", "0", "1"}
        elif kind in {"", "0", "1"} and stop_id not in feed.stop_row:
            feed.stop_row[stop_id] = len(feed.stops)
            feed.stops.append(at)


def _read_shapes(tables: Tables, feed: _Feed) -> None:
    if "shapes.txt" not in tables:
        return
    points: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    columns = ("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence")
    for shape_id, lat, lon, order in tables.rows("shapes.txt", columns):
        at = _position(lat, lon)
        if at is None or not order.isdigit():
            tables.n_left_out += 1
            continue
        points[shape_id].append((float(order), *at))
    for shape_id, rows in points.items():
        way = np.array(rows)
        feed.shapes[shape_id] = way[np.argsort(way[:, 0], kind="stable")][:, 1:]


def _read_trips(tables: Tables, feed: _Feed) -> None:
    """Note the shapes of each line, and some trips of each way it takes."""
    if "trips.txt" not in tables:
        _match_shapes(feed)
        return
    looked_at: dict[tuple[str, ...], int] = defaultdict(int)
    wished = ("shape_id", "direction_id", "trip_headsign")
    for route_id, trip_id, shape_id, *way in tables.rows(
        "trips.txt", ("route_id", "trip_id"), wished
    ):
        route = feed.routes.get(route_id)
        if route is None:
            continue
        shape = shape_id if shape_id in feed.shapes else ""
        key = (route_id, shape) if shape else (route_id, *way)
        if looked_at[key] < (1 if shape else TRIPS_OF_A_WAY):
            looked_at[key] += 1
            route.trips.append(trip_id)
        if shape:
            route.shapes.add(shape)


def _match_shapes(feed: _Feed) -> None:
    """Give shapes to routes by their identifiers, where no trip says which is whose."""
    modes = {route.mode for route in feed.routes.values()}
    unnamed: _Route | None = None
    for shape_id in feed.shapes:
        fits = [r for r in feed.routes if r and (shape_id == r or shape_id.startswith(r))]
        if fits:
            feed.routes[max(fits, key=len)].shapes.add(shape_id)
        elif len(modes) == 1:
            unnamed = unnamed or _Route(next(iter(modes)), "")
            unnamed.shapes.add(shape_id)
    if unnamed is not None:
        feed.routes[""] = unnamed


def _read_calls(tables: Tables, feed: _Feed) -> None:
    if "stop_times.txt" not in tables:
        return
    wanted = {trip for route in feed.routes.values() for trip in route.trips}
    rows: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for trip_id, stop_id, order in tables.rows(
        "stop_times.txt", ("trip_id", "stop_id", "stop_sequence")
    ):
        if trip_id in wanted:
            stop = feed.stop_row.get(stop_id)
            if stop is None or not order.isdigit():
                tables.n_left_out += 1
                continue
            rows[trip_id].append((int(order), stop))
    feed.calls = {trip: [stop for _, stop in sorted(own)] for trip, own in rows.items()}


def _network(feed: _Feed) -> Network:
    stops = list(feed.stops)
    by_place = StopsByPlace(np.array(stops, float).reshape(-1, 2))
    routes = {id(route): route for route in feed.routes.values()}.values()
    alone = {route.mode for route in routes} if not feed.shapes and not feed.calls else set()
    lines = []
    for route in routes:
        calls = {stop for trip in route.trips for stop in feed.calls.get(trip, ())}
        pieces = [feed.shapes[shape] for shape in sorted(route.shapes)]
        straight = [False] * len(pieces)
        if not pieces:
            ways = {tuple(feed.calls.get(trip, ())) for trip in route.trips}
            pieces = [np.array([feed.stops[s] for s in way]) for way in sorted(ways) if way]
            straight = [True] * len(pieces)
        if not calls:
            calls = set(by_place.beside(pieces))
            if route.mode not in (Mode.BUS, Mode.COACH):
                calls |= _own_stations(pieces, stops)
        if len(alone) == 1:  # stops and one kind of line: nobody says more
            calls = set(range(len(feed.stops)))
        if pieces or calls:
            lines.append(Line(route.mode, route.name, pieces, straight, sorted(calls)))
        if len(alone) == 1:
            break
    return network_of(lines, np.array(stops, float).reshape(-1, 2))


def _own_stations(pieces: Iterable[type_f64], stops: list[tuple[float, float]]) -> set[int]:
    """Make stops of the points of ways that are drawn from station to station."""
    own: set[int] = set()
    for piece in pieces:
        if spacing_m(piece) > STATION_SPACING_M:
            own.update(range(len(stops), len(stops) + len(piece)))
            stops += [(float(lat), float(lon)) for lat, lon in piece]
    return own


def spacing_m(way: type_f64) -> float:
    """Measure the mean spacing of a way's points, well enough to tell streets from chords."""
    if len(way) < 2:  # noqa: PLR2004 - a point is no way
        return 0.0
    north, east = np.diff(way, axis=0).T
    east = east * math.cos(math.radians(float(way[0, 0])))
    return float(np.hypot(north, east).mean()) * 111_195.0
