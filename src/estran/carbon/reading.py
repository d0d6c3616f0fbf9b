"""Reading factor sets: a data package (CSV and JSON) into checked values."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import date
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from math import inf, isnan, nan
from typing import Any

from estran.carbon.factors import Factor, FactorSet, FactorSource, OccupantsRule, TrainRule
from estran.carbon.flights import FlightRule
from estran.errors import FactorSetUnknown
from estran.travel import Mode

DEFAULT_FACTOR_SET = "fr-default-2026"
"""The set that prices what nobody chose a set for."""

ROUNDING_G_PER_KM = 0.06
"""How far a published total may be from the sum of its rounded parts. [g/km]"""

_SETS = resources.files("estran.carbon") / "sets"


def factor_set_names() -> tuple[str, ...]:
    """Name the factor sets that Estran carries.

    Examples
    --------
    >>> factor_set_names()
    ('fr-coachco2-2022', 'fr-default-2026')
    """
    return tuple(sorted(entry.name for entry in _SETS.iterdir() if entry.is_dir()))


@lru_cache(maxsize=16)
def factor_set(name: str = DEFAULT_FACTOR_SET) -> FactorSet:
    """Read a factor set that Estran carries.

    Raises
    ------
    FactorSetUnknown
        None has this name.

    Examples
    --------
    >>> factor_set().name
    'fr-default-2026'
    """
    if name not in factor_set_names():
        raise FactorSetUnknown(name=name[:64], known=", ".join(factor_set_names()))
    folder = _SETS / name
    return read_factor_set(
        (folder / "datapackage.json").read_text(encoding="utf-8"),
        (folder / "factors.csv").read_text(encoding="utf-8"),
    )


def read_factor_set(package: str, table: str) -> FactorSet:
    """Read a factor set from the texts of its data package and of its table.

    Raises
    ------
    ValueError
        A row breaks the table schema, its parts do not sum to its published total, its
        interval does not hold its central figure, or a longer flight would emit less.
    """
    about = json.loads(package)
    rules = about["estran"]
    sources = {
        s["name"]: FactorSource(s["name"], s["title"], s["path"], s["year"], s["licence"])
        for s in about["sources"]
    }
    rows = tuple(_factor(record, sources) for record in csv.DictReader(io.StringIO(table)))
    flight = FlightRule(rules["flight"]["joining"], float(rules["flight"]["detour_km"]))
    _check_set(rows, flight)
    until = rules["valid_until"]
    return FactorSet(
        name=about["name"],
        title=about["title"],
        territory=rules["territory"],
        valid_from=date.fromisoformat(rules["valid_from"]),
        valid_until=date.fromisoformat(until) if until else None,
        digest=hashlib.sha256((package + table).encode()).hexdigest()[:16],
        sources=tuple(sources.values()),
        rows=rows,
        flight=flight,
        occupants=tuple(_occupants(rule, sources) for rule in rules["occupants"]),
        train_kinds=tuple(
            TrainRule(_bound_km(rule), rule["train_kind"]) for rule in rules["train_kinds"]
        ),
    )


def _factor(record: dict[str, str], sources: dict[str, FactorSource]) -> Factor:
    def number(name: str) -> float:
        return float(record[name]) if record[name] else nan

    if record["unit"] not in {"g/pkm", "g/vkm"} or record["status"] not in {"read", "derived"}:
        msg = f"row {record['row']}: unknown unit or status"
        raise ValueError(msg)
    use, upstream, manufacture, contrails = (
        number(f"{part}_g_per_km") for part in ("use", "upstream", "manufacture", "contrails")
    )
    factor = Factor(
        row=record["row"],
        mode=Mode(record["mode"]),
        vehicle=record["vehicle"],
        energy=record["energy"],
        train_kind=record["train_kind"],
        shared=record["shared"] == "yes",
        band_from_km=number("band_from_km"),
        band_to_km=number("band_to_km"),
        per_vehicle=record["unit"] == "g/vkm",
        use_g_per_km=use,
        upstream_g_per_km=upstream,
        manufacture_g_per_km=manufacture,
        contrails_g_per_km=contrails,
        central_g_per_km=sum(p for p in (use, upstream, manufacture, contrails) if not isnan(p)),
        low_g_per_km=number("low_g_per_km"),
        high_g_per_km=number("high_g_per_km"),
        source=sources[record["source"]],
        source_id=record["source_id"],
        source_year=int(record["source_year"]),
        derived=record["status"] == "derived",
        comment=record["comment"],
    )
    _check_row(factor, number("total_g_per_km"))
    return factor


def _check_row(factor: Factor, published_g_per_km: float) -> None:
    if isnan(factor.use_g_per_km):
        msg = f"row {factor.row}: no use"
        raise ValueError(msg)
    if not abs(factor.central_g_per_km - published_g_per_km) <= ROUNDING_G_PER_KM:
        msg = f"row {factor.row}: the parts do not sum to the published total"
        raise ValueError(msg)
    central = round(factor.central_g_per_km, 6)
    if not 0.0 <= factor.low_g_per_km <= central <= factor.high_g_per_km:
        msg = f"row {factor.row}: the interval does not hold the total"
        raise ValueError(msg)


def _check_set(rows: tuple[Factor, ...], flight: FlightRule) -> None:
    if len({row.row for row in rows}) != len(rows):
        msg = "two rows have one key"
        raise ValueError(msg)
    if not any(row.mode is Mode.UNKNOWN for row in rows):
        msg = "a set must say what an unknown mode emits"
        raise ValueError(msg)
    bands = [row for row in rows if not isnan(row.band_to_km)]
    if any(a.band_to_km != b.band_from_km for a, b in pairwise(bands)):
        msg = "the bands of planes leave a hole"
        raise ValueError(msg)
    if flight.joining == "midpoints":
        _check_flights_grow(bands, flight)


def _check_flights_grow(bands: list[Factor], flight: FlightRule) -> None:
    for figure in ("low_g_per_km", "central_g_per_km", "high_g_per_km"):
        totals = [
            getattr(row, figure) * ((row.band_from_km + row.band_to_km) / 2 + flight.detour_km)
            for row in bands
        ]
        if any(longer <= shorter for shorter, longer in pairwise(totals)):
            msg = "a longer flight would emit less"
            raise ValueError(msg)


def _occupants(rule: dict[str, Any], sources: dict[str, FactorSource]) -> OccupantsRule:
    return OccupantsRule(
        Mode(rule["mode"]),
        _bound_km(rule),
        float(rule["central"]),
        float(rule["least"]),
        float(rule["most"]),
        sources[rule["source"]],
    )


def _bound_km(rule: dict[str, Any]) -> float:
    return inf if rule["below_km"] is None else float(rule["below_km"])
