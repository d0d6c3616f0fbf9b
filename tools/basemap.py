# ruff: noqa: INP001 - a module beside a script, not a package
"""Cut Natural Earth (package ``world-atlas``) into the builtin, offline basemap.

Two levels: ``world.json``, the whole world at 1:110 million, and ``cells/<lon>_<lat>.json``,
squares of 5 degrees that a page fetches only where a journal goes: at 1:10 million in Europe
and overseas France, at 1:50 million elsewhere. Each is a GeoJSON collection of ``land``
polygons, ``coast`` lines and ``border`` lines. It is coarse (1 to 2 km), and no tile server
learns where a person looks.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

CELL_DEG = 5
"""Side of a cell. [°]"""

FINE_DEG = ((-25, 30, 45, 75), (-65, 10, -50, 20), (-55, 0, -50, 10), (45, -25, 60, -10))
"""West, south, east, north of what is cut from the finest scale: Europe, overseas France. [°]"""

Cell = tuple[int, int]
Point = tuple[float, float]
Line = list[Point]


def cut_basemap(atlas: Path, target: Path) -> None:
    """Write both levels.

    Parameters
    ----------
    atlas : Path
        The package ``world-atlas``.
    target : Path
        A folder to make.
    """
    (target / "cells").mkdir(parents=True)
    _write(target / "world.json", _features(*_layers(atlas, "110m"), digits=2))
    cells: set[Cell] = set()
    for scale, fine in (("10m", True), ("50m", False)):
        cells |= _cut_cells(_layers(atlas, scale), target / "cells", fine=fine)
    index = {"cell_deg": CELL_DEG, "cells": [f"{lon}_{lat}" for lon, lat in sorted(cells)]}
    (target / "index.json").write_text(json.dumps(index, separators=(",", ":")))


def _cut_cells(
    layers: tuple[list[list[Line]], list[Line], list[Line]], folder: Path, *, fine: bool
) -> set[Cell]:
    """Write the cells that one scale serves, and name them."""
    land, coast, border = layers
    land_in = _by_cell_rings(land, fine=fine)
    coast_in, border_in = _by_cell(coast), _by_cell(border)
    cells = {c for c in land_in.keys() | coast_in.keys() | border_in.keys() if _fine(*c) == fine}
    for cell in cells:
        features = _features(land_in[cell], coast_in[cell], border_in[cell], digits=3)
        _write(folder / f"{cell[0]}_{cell[1]}.json", features)
    return cells


def _fine(lon: int, lat: int) -> bool:
    return any(w <= lon < e and s <= lat < n for w, s, e, n in FINE_DEG)


def _layers(atlas: Path, scale: str) -> tuple[list[list[Line]], list[Line], list[Line]]:
    """Give land polygons, coast lines and border lines of one scale."""
    land = json.loads((atlas / f"land-{scale}.json").read_text())
    land_arcs = _arcs(land)
    polygons = [
        [_ring(ring, land_arcs) for ring in polygon]
        for geometry in land["objects"]["land"]["geometries"]
        for polygon in _polygons(geometry)
    ]
    countries = json.loads((atlas / f"countries-{scale}.json").read_text())
    arcs = _arcs(countries)
    uses = Counter(
        arc if arc >= 0 else ~arc
        for geometry in countries["objects"]["countries"]["geometries"]
        for polygon in _polygons(geometry)
        for ring in polygon
        for arc in ring
    )
    return (
        polygons,
        [arcs[arc] for arc, n in uses.items() if n == 1],
        [arcs[arc] for arc, n in uses.items() if n > 1],
    )


def _polygons(geometry: dict[str, object]) -> list[list[list[int]]]:
    arcs = geometry.get("arcs", [])
    return arcs if geometry["type"] == "MultiPolygon" else [arcs]  # type: ignore[list-item, return-value]  # TopoJSON's shape


def _arcs(topology: dict[str, object]) -> list[Line]:
    """Undo TopoJSON's delta and quantisation."""
    transform: dict[str, list[float]] = topology["transform"]  # type: ignore[assignment]  # TopoJSON's shape
    (scale_x, scale_y), (shift_x, shift_y) = transform["scale"], transform["translate"]
    lines = []
    for arc in topology["arcs"]:  # type: ignore[attr-defined]  # TopoJSON's shape
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * scale_x + shift_x, y * scale_y + shift_y))
        lines.append(line)
    return lines


def _ring(indices: Iterable[int], arcs: list[Line]) -> Line:
    """Join arcs end to start; ``~i`` runs arc ``i`` backwards."""
    ring: Line = []
    for index in indices:
        line = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(line[1:] if ring else line)
    return ring


def _cells_of(line: Line) -> Iterator[Cell]:
    """Name the cells that the bounding box of a line meets."""
    lons, lats = [p[0] for p in line], [p[1] for p in line]
    for lon in range(_floor(min(lons)), _end(max(lons)), CELL_DEG):
        for lat in range(_floor(min(lats)), _end(max(lats)), CELL_DEG):
            yield lon, lat


def _floor(value: float) -> int:
    return math.floor(value / CELL_DEG) * CELL_DEG


def _end(value: float) -> int:
    """Give the first cell wholly past a bound; what only touches a cell is not in it."""
    return math.ceil(value / CELL_DEG) * CELL_DEG


def _by_cell_rings(
    polygons: list[list[Line]], *, fine: bool
) -> defaultdict[Cell, list[list[Line]]]:
    """Clip polygons to each cell they meet, column by column for speed."""
    out: defaultdict[Cell, list[list[Line]]] = defaultdict(list)
    for polygon in polygons:
        lons = [p[0] for p in polygon[0]]
        for lon in range(_floor(min(lons)), _end(max(lons)), CELL_DEG):
            if fine and not any(w <= lon < e for w, _, e, _ in FINE_DEG):
                continue
            column = [_clip_ring(r, 0, lon, lon + CELL_DEG) for r in polygon]
            if not column[0]:
                continue
            for _, lat in {c for c in _cells_of(column[0]) if c[0] == lon}:
                rings = [_clip_ring(r, 1, lat, lat + CELL_DEG) for r in column if r]
                if rings[0]:
                    out[lon, lat].append([r for r in rings if r])
    return out


def _clip_ring(ring: Line, axis: int, low: float, high: float) -> Line:
    """Clip a ring to a band (Sutherland and Hodgman, one axis)."""
    for bound, sign in ((low, 1.0), (high, -1.0)):
        out: Line = []
        for before, here in zip([ring[-1], *ring[:-1]], ring, strict=True) if ring else ():
            inside, was = (here[axis] - bound) * sign >= 0, (before[axis] - bound) * sign >= 0
            if inside != was:
                out.append(_cross(before, here, axis, bound))
            if inside:
                out.append(here)
        ring = out
    if len(ring) < 3:  # noqa: PLR2004 - a ring of two points has no inside
        return []
    return ring if ring[0] == ring[-1] else [*ring, ring[0]]


def _cross(a: Point, b: Point, axis: int, bound: float) -> Point:
    share = (bound - a[axis]) / (b[axis] - a[axis])
    other = a[1 - axis] + share * (b[1 - axis] - a[1 - axis])
    return (bound, other) if axis == 0 else (other, bound)


def _by_cell(lines: list[Line]) -> defaultdict[Cell, list[Line]]:
    """Share out lines by the cell of each piece; a piece that crosses belongs to both."""
    out: defaultdict[Cell, list[Line]] = defaultdict(list)
    for line in lines:
        for a, b in pairwise(line):
            for cell in {(_floor(a[0]), _floor(a[1])), (_floor(b[0]), _floor(b[1]))}:
                parts = out[cell]
                if parts and parts[-1][-1] == a:
                    parts[-1].append(b)
                else:
                    parts.append([a, b])
    return out


def _features(
    land: list[list[Line]], coast: list[Line], border: list[Line], *, digits: int
) -> list[dict[str, object]]:
    """Make the three GeoJSON features of a level or cell."""
    polygons = [[_thin(ring, digits) for ring in polygon] for polygon in land]
    polygons = [[r for r in p if len(r) > 3] for p in polygons]  # noqa: PLR2004 - a closed triangle
    return [
        _feature("land", "MultiPolygon", [p for p in polygons if p]),
        _feature("coast", "MultiLineString", [_thin(line, digits) for line in coast]),
        _feature("border", "MultiLineString", [_thin(line, digits) for line in border]),
    ]


def _thin(line: Line, digits: int) -> list[list[float]]:
    """Round, and drop points that rounding made equal."""
    out: list[list[float]] = []
    for x, y in line:
        point = [round(x, digits), round(y, digits)]
        if not out or out[-1] != point:
            out.append(point)
    return out if len(out) > 1 else [*out, *out]


def _feature(kind: str, geometry: str, coordinates: object) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": {"kind": kind},
        "geometry": {"type": geometry, "coordinates": coordinates},
    }


def _write(path: Path, features: list[dict[str, object]]) -> None:
    collection = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(collection, separators=(",", ":")))
