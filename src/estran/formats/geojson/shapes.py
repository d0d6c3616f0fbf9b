"""Takes features apart into points and lines, whatever they are wrapped in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

_MOST_NESTED = 8


class PointShape(NamedTuple):
    """A point with what is said of it."""

    coordinates: Any
    properties: dict[str, Any]


class LineShape(NamedTuple):
    """A line with what is said of it; ``part`` counts the lines of one feature from 0."""

    coordinates: Any
    properties: dict[str, Any]
    part: int
    n_parts: int


type_shape = PointShape | LineShape


def shapes_of(element: Any, depth: int = 0) -> Iterator[type_shape]:
    """Take one element apart: a feature, a geometry, a collection, or a flat point.

    Examples
    --------
    >>> feature = {"geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": {"t": 3}}
    >>> list(shapes_of(feature))
    [PointShape(coordinates=[1, 2], properties={'t': 3})]
    >>> list(shapes_of({"lat": 2, "lon": 1, "tst": 3}))[0].coordinates is None
    True
    """
    if not isinstance(element, dict) or depth > _MOST_NESTED:
        return
    geometry, properties = element.get("geometry"), element.get("properties")
    if type(geometry) is dict and type(properties) is dict and geometry.get("type") == "Point":
        # By far the most frequent: said again below for all the others.
        yield PointShape(geometry.get("coordinates"), properties)
        return
    for key in ("features", "locations"):
        if isinstance(element.get(key), list):
            for feature in element[key]:
                yield from shapes_of(feature, depth + 1)
            return
    if "geometry" in element or element.get("type") == "Feature":
        yield from _geometry(geometry, properties if isinstance(properties, dict) else {}, depth)
    elif "coordinates" in element or "geometries" in element:
        yield from _geometry(element, element, depth)
    elif "place_reference" in element:
        yield from _visit(element)
    else:
        yield PointShape(None, element)


def _visit(element: dict[str, Any]) -> Iterator[type_shape]:
    """Give a visit of Dawarich's archive, unless the person declined it or it has no place."""
    place = element["place_reference"]
    if isinstance(place, dict) and element.get("status") not in ("declined", 2):
        told = {name: element.get(name) for name in ("started_at", "ended_at")}
        yield PointShape(None, {k: place.get(k) for k in ("latitude", "longitude")} | told)


def _geometry(geometry: Any, properties: dict[str, Any], depth: int) -> Iterator[type_shape]:
    if not isinstance(geometry, dict) or depth > _MOST_NESTED:
        # A feature may have no place and yet state something, as Overland's events do.
        yield PointShape([], properties)
        return
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "Point":
        yield PointShape(coordinates, properties)
    elif kind == "LineString" or kind == "MultiPoint":  # noqa: PLR1714 - it may be unhashable
        yield LineShape(coordinates, properties, 0, 1)
    elif kind == "MultiLineString" and isinstance(coordinates, list):
        for part, line in enumerate(coordinates):
            yield LineShape(line, properties, part, len(coordinates))
    elif kind == "GeometryCollection" and isinstance(geometry.get("geometries"), list):
        for inner in geometry["geometries"]:
            yield from _geometry(inner, properties, depth + 1)
