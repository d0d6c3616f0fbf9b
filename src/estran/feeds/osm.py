"""OpenStreetMap extracts: routes as relations, rails, ferries, stations and stops.

Three passes, each filtered before Python sees an object: relations, the ways they and
rails need, and the nodes of those ways. No index of all nodes is kept, so that a region
fits where a town does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import osmium
from numpy.typing import NDArray
from osmium.filter import IdFilter, KeyFilter

from estran.errors import NetworkDamaged, NetworkEmpty
from estran.feeds.route_types import OSM_RAILS, OSM_ROUTES
from estran.network import Line, Network, network_of
from estran.network.matching import StopsByPlace
from estran.travel import Mode

_STATIONS = ("station", "halt", "stop", "tram_stop")
_NOT_RUN = ("yard", "siding", "spur", "crossover")
"""Values of ``service`` on rails where nobody rides."""

_STOP_ROLES = ("stop", "platform")


def is_extract(head: bytes) -> bool:
    """Tell an ``.osm.pbf`` by its first bytes."""
    return head[4:16].find(b"OSMHeader") >= 0


@dataclass(slots=True)
class _Route:
    """A line: relations of one operator, name and mode are one line."""

    mode: Mode
    name: str
    ways: set[int] = field(default_factory=set)
    nodes: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Extract:
    """What the passes gather, by OpenStreetMap's identifiers."""

    routes: dict[tuple[str, str, Mode], _Route] = field(default_factory=dict)
    rails: dict[Mode, _Route] = field(default_factory=dict)
    way_nodes: dict[int, NDArray[np.int64]] = field(default_factory=dict)
    at: dict[int, tuple[float, float]] = field(default_factory=dict)
    bus_stops: list[int] = field(default_factory=list)


def read_osm(path: Path) -> Network:
    """Read an extract.

    Raises
    ------
    NetworkDamaged
        The file is cut short or broken.
    NetworkEmpty
        It holds no line.
    """
    extract = _Extract()
    try:
        _read_relations(path, extract)
        _read_ways(path, extract)
        _read_stops(path, extract)
        _read_places(path, extract)
    except (RuntimeError, osmium.InvalidLocationError) as error:
        raise NetworkDamaged(file=path.name) from error
    network = _network(extract)
    if not network.line_name:
        raise NetworkEmpty(file=path.name)
    return network


def _objects(path: Path, kind: Any, chosen: Any) -> Iterator[Any]:
    """Walk over the objects of one kind that a filter lets through."""
    return iter(osmium.FileProcessor(str(path), kind).with_filter(chosen))


def _read_relations(path: Path, extract: _Extract) -> None:
    for relation in _objects(path, osmium.osm.RELATION, KeyFilter("route")):
        tags = relation.tags
        mode = OSM_ROUTES.get(tags.get("route", ""))
        if mode is None or tags.get("type") != "route":
            continue
        name = tags.get("ref") or tags.get("name") or ""
        key = (tags.get("network") or tags.get("operator") or "", name, mode)
        route = extract.routes.setdefault(key, _Route(mode, name))
        for member in relation.members:
            is_stop = member.role.startswith(_STOP_ROLES)
            if member.type == "w" and not is_stop:
                route.ways.add(member.ref)
            elif member.type == "n" and is_stop:
                route.nodes.add(member.ref)


def _read_ways(path: Path, extract: _Extract) -> None:
    """Keep the nodes of the ways of routes, of rails in use and of ferries."""
    wanted = set().union(*(route.ways for route in extract.routes.values()))
    for way in _objects(path, osmium.osm.WAY, KeyFilter("railway", "route")):
        mode = OSM_RAILS.get(way.tags.get("railway", ""))
        if way.tags.get("route") == "ferry":
            mode = Mode.FERRY
        if mode is not None and way.tags.get("service") not in _NOT_RUN:
            extract.rails.setdefault(mode, _Route(mode, "")).ways.add(way.id)
            extract.way_nodes[way.id] = np.array([node.ref for node in way.nodes], np.int64)
    missing = wanted.difference(extract.way_nodes)
    if missing:
        for way in _objects(path, osmium.osm.WAY, IdFilter(missing)):
            extract.way_nodes[way.id] = np.array([node.ref for node in way.nodes], np.int64)


def _read_stops(path: Path, extract: _Extract) -> None:
    """Note stations for rails without a route, and where buses stop."""
    for node in _objects(path, osmium.osm.NODE, KeyFilter("railway", "highway", "amenity")):
        tags = node.tags
        mode = None
        if tags.get("railway") in _STATIONS:
            mode = _station_mode(tags)
        elif tags.get("amenity") == "ferry_terminal":
            mode = Mode.FERRY
        elif tags.get("highway") == "bus_stop":
            extract.bus_stops.append(node.id)
            extract.at[node.id] = (node.location.lat, node.location.lon)
        if mode in extract.rails:
            extract.rails[mode].nodes.add(node.id)


def _station_mode(tags: Any) -> Mode:
    kind = tags.get("station", "")
    if tags.get("railway") == "tram_stop" or "yes" in (tags.get("tram"), tags.get("light_rail")):
        return Mode.TRAM
    if kind in ("subway", "monorail") or tags.get("subway") == "yes":
        return Mode.METRO
    return Mode.TRAM if kind == "light_rail" else Mode.TRAIN


def _read_places(path: Path, extract: _Extract) -> None:
    wanted: set[int] = set()
    for nodes in extract.way_nodes.values():
        wanted.update(nodes.tolist())
    for route in (*extract.routes.values(), *extract.rails.values()):
        wanted |= route.nodes
    wanted.difference_update(extract.at)
    for node in _objects(path, osmium.osm.NODE, IdFilter(wanted)):
        extract.at[node.id] = (node.location.lat, node.location.lon)


def _network(extract: _Extract) -> Network:
    stop_ids = list(
        dict.fromkeys(
            node
            for route in (*extract.routes.values(), *extract.rails.values())
            for node in sorted(route.nodes)
            if node in extract.at
        )
    )
    stop_ids = list(dict.fromkeys([*stop_ids, *extract.bus_stops]))
    row = {node: i for i, node in enumerate(stop_ids)}
    stops = np.array([extract.at[node] for node in stop_ids], float).reshape(-1, 2)
    of_bus = [row[node] for node in extract.bus_stops]
    beside = StopsByPlace(stops[of_bus])
    lines = []
    # Routes first: a named line is preferred to the bare rails under it.
    for route in (*extract.routes.values(), *extract.rails.values()):
        pieces = list(_pieces(route, extract))
        calls = {row[node] for node in route.nodes if node in row}
        if not calls and route.mode in (Mode.BUS, Mode.COACH):
            calls = {of_bus[i] for i in beside.beside(pieces)}
        if pieces:
            lines.append(Line(route.mode, route.name, pieces, [False] * len(pieces), sorted(calls)))
    return network_of(lines, stops)


def _pieces(route: _Route, extract: _Extract) -> Iterator[NDArray[np.float64]]:
    """Give the parts of each way that are inside the extract."""
    parts: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for way in sorted(route.ways):
        nodes = extract.way_nodes.get(way)
        if nodes is None:
            continue
        part = [extract.at[node] for node in nodes.tolist() if node in extract.at]
        if len(part) > 1:
            parts[way] = part
    for part in parts.values():
        yield np.array(part)
