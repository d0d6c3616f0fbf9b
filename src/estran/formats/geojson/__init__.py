"""GeoJSON of tracks and points, Overland's batches, and flat lists of dated places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from estran.formats.geojson.reader import GeoJsonReader, is_whole_dawarich
from estran.formats.json_head import Outline, outline
from estran.formats.reading import Batch, Faults, Format

_KINDS = frozenset(
    {"Feature", "FeatureCollection", "Point", "MultiPoint", "LineString", "MultiLineString"}
    | {"GeometryCollection", "Polygon", "MultiPolygon"}
)
_DEEPER = (
    "features[].geometry",
    "locations[].geometry",
    "[].geometry.coordinates",
)
_FLAT_UNDER = ("locations[].", "[].", "")
_LAT_NAMES = ("lat", "latitude")
_LON_NAMES = ("lon", "lng", "long", "longitude")
_TIMES = ("time", "timestamp", "tst", "datetime", "date", "recorded_at", "created_at", "fixTime")


def sniff(head: bytes) -> bool:
    """Tell whether a file begins as GeoJSON, or as a list of flat dated points.

    Examples
    --------
    >>> sniff(b'{"type": "FeatureCollection", "features": [{"type": "Fea')
    True
    >>> sniff(b'{"locations": [{"lat": 46.1, "lon": -1.1, "time": 1714550400}]}')
    True
    >>> sniff(b'{"locations": [{"latitudeE7": 461000000}]}')
    False
    """
    found = outline(head)
    if not found.root:
        return False
    kinds = found.words.get("type", set()) | found.words.get("[].type", set())
    if "FeatureCollection" in kinds:
        return True
    if kinds & _KINDS and found.any("features", "geometry", "coordinates", "geometries"):
        return True
    if found.any(*_DEEPER):
        return True
    return found.has("geometry.coordinates") or _is_flat(found) or is_whole_dawarich(found)


def _is_flat(found: Outline) -> bool:
    return any(
        found.any(*(under + name for name in _LAT_NAMES))
        and found.any(*(under + name for name in _LON_NAMES))
        and found.any(*(under + name for name in _TIMES))
        for under in _FLAT_UNDER
    )


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Read the dated points and lines of a GeoJSON text, each device apart.

    Raises
    ------
    FileWithoutPositions
        Nothing in it has both a date and a place.
    FileUnreadable
        It breaks before its first dated place.
    FileHostile
        It nests or stretches beyond reason.
    """
    return GeoJsonReader(faults).batches(stream)


FORMAT = Format("geojson", sniff, read)
