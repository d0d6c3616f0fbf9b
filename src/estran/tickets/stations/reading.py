"""Read open lists of stations: SNCF's in its shapes of several years, GTFS stops, airports."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from estran.errors import FileHostile, FileTooLarge, FileUnreadable, StationsUnknown
from estran.formats.csv_positions.dialect import encoding_of
from estran.tickets.stations.values import Kind, Station, StationList
from estran.tickets.words import folded

MOST_BYTES = 256 << 20
MOST_STATIONS = 400_000
MOST_RATIO = 200
_NAME_LIMIT = 120
_CELL_LIMIT = 1 << 20

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": (
        "nom", "nom gare", "intitule gare", "libelle", "libelle gare",
        "gare alias libelle noncontraint", "alias libelle noncontraint", "nomlong", "stop name",
        "name", "station name", "station", "intitule",
    ),
    "lat": (
        "latitude", "lat", "stop lat", "latitude deg", "y wgs84",
        "latitude entreeprincipale wgs84",
    ),
    "lon": (
        "longitude", "lon", "lng", "long", "stop lon", "longitude deg", "x wgs84",
        "longitude entreeprincipale wgs84",
    ),
    "point": (
        "position geographique", "geo point 2d", "wgs 84", "geo point", "c geo", "coordonnees",
        "coordonnees geographiques", "geolocalisation",
    ),
    "code": (
        "codes uic", "code uic", "code uic complet", "uic code", "uic", "iata code", "iata",
        "code", "stop id", "ident",
    ),
    "town": ("commune", "commune libellemin", "city", "municipality", "ville", "town"),
    "type": ("type", "location type", "segment drg", "segment s drg"),
    "passengers": ("voyageurs", "is main station"),
}  # fmt: skip
"""Names that columns have in lists met so far, folded; earlier ones win."""

_PAIR = re.compile(r"\(?\s*(-?\d+(?:\.\d+)?)\s*[,; ]\s*(-?\d+(?:\.\d+)?)\s*\)?")
_AIRPORT_WEIGHT = {"large airport": 3, "medium airport": 2, "small airport": 1}
_SEGMENT_WEIGHT = {"a": 3, "b": 2, "c": 1}
_NOT_AIRPORTS = frozenset({"closed", "heliport", "balloonport", "seaplane base"})


def read_stations(path: Path) -> StationList:
    """Read a list by its content, whatever its name.

    Raises
    ------
    StationsUnknown
        There are no names with places in it.
    FileTooLarge, FileHostile, FileUnreadable
        It is no sound file.
    """
    content = _content(path)
    if content.lstrip()[:1] in {b"{", b"["}:
        rows: Iterable[Mapping[str, Any]] = _json_rows(content, path.name)
    else:
        rows = _table_rows(content)
    stations, n_left_out, is_gtfs = _stations(rows)
    if not stations:
        raise StationsUnknown(file=path.name)
    source, licence = _told(stations, is_gtfs=is_gtfs)
    return StationList(tuple(stations), source, licence, n_left_out)


def _content(path: Path) -> bytes:
    if path.is_dir():
        path = path / "stops.txt"
    if not path.is_file():
        raise FileUnreadable(file=path.name)
    if path.stat().st_size > MOST_BYTES:
        raise FileTooLarge(file=path.name, limit_mib=MOST_BYTES >> 20)
    with path.open("rb") as file:
        is_zip = file.read(4) == b"PK\x03\x04"
    return _zipped(path) if is_zip else path.read_bytes()


def _zipped(path: Path) -> bytes:
    """Give the list in a zip: ``stops.txt`` of a GTFS feed, or the one table in it."""
    try:
        with zipfile.ZipFile(path) as held:
            members = sorted(held.infolist(), key=lambda m: (m.filename.count("/"), m.filename))
            named = [m for m in members if m.filename.rpartition("/")[2].lower() == "stops.txt"]
            others = [
                m for m in members if m.filename.lower().endswith((".csv", ".geojson", ".json"))
            ]
            if not named and len(others) != 1:
                raise StationsUnknown(file=path.name)
            member = (named or others)[0]
            if member.file_size > MOST_BYTES:
                raise FileTooLarge(file=path.name, limit_mib=MOST_BYTES >> 20)
            if member.file_size > MOST_RATIO * max(member.compress_size, 1 << 15):
                raise FileHostile(file=path.name)
            return held.read(member)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        # ``zipfile`` says RuntimeError of a password, NotImplementedError of a packing.
        raise FileUnreadable(file=path.name) from error


def _json_rows(content: bytes, name: str) -> Iterator[dict[str, Any]]:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise FileUnreadable(file=name) from error
    rows = told.get("features", []) if isinstance(told, dict) else told
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, dict):
            continue
        known = row.get("properties", row.get("fields", row))
        shape = row.get("geometry") or {}
        values = dict(known) if isinstance(known, dict) else {}
        at = shape.get("coordinates") if isinstance(shape, dict) else None
        if (
            isinstance(at, list)
            and len(at) > 1
            and all(isinstance(x, (int, float)) for x in at[:2])
        ):
            values["lon"], values["lat"] = at[:2]
        yield values


def _table_rows(content: bytes) -> Iterator[dict[str, str]]:
    encoding = encoding_of(content[: 1 << 16])
    text = io.TextIOWrapper(io.BytesIO(content), encoding, errors="replace", newline="")
    first = text.readline()
    text.seek(0)
    separator = max(";\t,|", key=first.count)
    csv.field_size_limit(_CELL_LIMIT)  # GeoJSON shapes stand in cells of SNCF's tables
    reader = csv.reader(text, delimiter=separator)
    try:
        header = next(reader, [])
        for row in reader:
            yield dict(zip(header, row, strict=False))
    except csv.Error:
        return


type_roles = Mapping[str, str]


def _roles(names: Iterable[str]) -> dict[str, str]:
    """Tell which column plays which part."""
    by_name = {folded(name): name for name in names}
    return {
        role: next((by_name[name] for name in known if name in by_name), "")
        for role, known in _COLUMNS.items()
    }


def _stations(rows: Iterable[Mapping[str, Any]]) -> tuple[list[Station], int, bool]:
    stations: list[Station] = []
    n_left_out = 0
    roles: dict[str, str] = {}
    columns: tuple[str, ...] = ()
    is_gtfs = False
    for row in rows:
        if tuple(row) != columns:
            columns, roles = tuple(row), _roles(row)
            is_gtfs = is_gtfs or {"stop_id", "stop_name"} <= set(columns)
        station = _station(row, roles)
        if station is None:
            n_left_out += 1
        elif len(stations) < MOST_STATIONS:
            stations.append(station)
    return stations, n_left_out, is_gtfs


def _station(row: Mapping[str, Any], roles: type_roles) -> Station | None:
    def told(role: str) -> str:
        value = row.get(roles.get(role, ""))
        return "" if value is None else str(value).strip()

    name = " ".join(told("name").split())[:_NAME_LIMIT]
    sort = folded(told("type"))
    at = _point(row.get(roles.get("point", ""))) or _pair(told("lat"), told("lon"))
    if not name or at is None or sort in _NOT_AIRPORTS:
        return None
    is_airport = sort in _AIRPORT_WEIGHT or bool({"iata_code", "iata"} & set(row))
    is_stop = "stop_id" in row
    if is_stop and sort in {"2", "3", "4"}:
        return None  # Entrances, nodes and boarding areas of a station that is told itself.
    code = told("code").split(";")[0][:20]
    if is_airport:
        kind, weight = Kind.AIRPORT, _AIRPORT_WEIGHT.get(sort, 1)
        code = str(row.get("iata_code") or row.get("iata") or code).strip()[:20]
    elif is_stop:
        kind, weight = Kind.STOP, int(sort == "1")
    else:
        kind, weight = Kind.TRAIN, _SEGMENT_WEIGHT.get(sort[:1], 0)
    return Station(name, at[0], at[1], kind, code, told("town")[:_NAME_LIMIT], weight)


def _point(value: object) -> tuple[float, float] | None:
    """Read a point: a pair of latitude and longitude, or an object of both."""
    if isinstance(value, dict):
        return _pair(str(value.get("lat", "")), str(value.get("lon", "")))
    if isinstance(value, list) and len(value) == 2:  # noqa: PLR2004 - a pair
        return _pair(str(value[0]), str(value[1]))
    found = _PAIR.fullmatch(str(value or "").strip())
    return _pair(found[1], found[2]) if found else None


def _pair(north: str, east: str) -> tuple[float, float] | None:
    try:
        at = float(north.replace(",", ".")), float(east.replace(",", "."))
    except ValueError:
        return None
    on_globe = abs(at[0]) <= 90 and abs(at[1]) <= 180  # noqa: PLR2004 - the globe
    return at if on_globe and at != (0.0, 0.0) else None


def _told(stations: list[Station], *, is_gtfs: bool) -> tuple[str, str]:
    """Name the usual publisher of such a list, for its attribution."""
    if is_gtfs:
        return "GTFS", ""
    n_airports = sum(station.kind is Kind.AIRPORT for station in stations)
    if 2 * n_airports > len(stations):
        return "OurAirports", "public domain"
    n_uic = sum(s.code[:2] == "87" and len(s.code) >= 7 for s in stations)  # noqa: PLR2004 - UIC numbers of France
    if 2 * n_uic > len(stations):
        return "SNCF Open Data", ""
    return "", ""
