"""The factor sets as data: the schema they keep, and what they reproduce."""

from __future__ import annotations

import csv
import io
import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from estran.carbon import factor_set, factor_set_names, footprint, read_factor_set
from estran.errors import FactorSetUnknown
from estran.travel import Mode

SETS = resources.files("estran.carbon") / "sets"
NAMES = factor_set_names()
ORACLE = Path(__file__).parents[3] / "../shared/data/cozy/oracle-co2.json"


def texts(name: str) -> tuple[str, str]:
    folder = SETS / name
    return (folder / "datapackage.json").read_text(), (folder / "factors.csv").read_text()


@pytest.mark.parametrize("name", NAMES)
def test_table_keeps_its_schema(name):
    schema = json.loads((SETS / "table-schema.json").read_text())
    rows = list(csv.DictReader(io.StringIO(texts(name)[1])))
    assert list(rows[0]) == [field["name"] for field in schema["fields"]]
    for row in rows:
        for field in schema["fields"]:
            value, rule = row[field["name"]], field.get("constraints", {})
            assert value or not rule.get("required"), (row["row"], field["name"])
            if value and field["type"] in {"number", "integer"}:
                assert float(value) >= rule.get("minimum", 0)
            if "enum" in rule:
                assert value in rule["enum"], (row["row"], field["name"])


@pytest.mark.parametrize("name", NAMES)
def test_every_row_names_a_source_with_year_and_licence(name):
    factors = factor_set(name)
    assert factors.name == name
    assert factors.territory == "FR"
    for row in factors.rows:
        assert row.source.title
        assert row.source.licence
        assert 2018 <= row.source_year <= 2026


@pytest.mark.parametrize("name", NAMES)
def test_combustion_two_wheelers_emit_more_by_use_than_by_manufacture(name):
    """Impact CO2 exchanged the two halves of the small motorcycle."""
    for row in factor_set(name).rows:
        if row.mode in {Mode.MOPED, Mode.MOTORCYCLE} and row.energy != "electric":
            assert not row.use_g_per_km < 3 * row.manufacture_g_per_km


def test_a_bicycle_lives_a_believable_number_of_kilometres():
    """Impact CO2 says 0.17 g/km, which wants 680 000 km a bicycle of 116 kg."""
    (bike,) = factor_set().rows_of(Mode.BIKE)
    assert 5_000 < 116_000 / bike.manufacture_g_per_km < 400_000


def test_open_car_rows_use_open_manufacture_only():
    sized = [r for r in factor_set().rows_of(Mode.CAR) if r.source.name == "nosgestesclimat-open"]
    assert len(sized) == 25
    for row in sized:
        assert row.manufacture_g_per_km == (83.6 if row.energy == "electric" else 25.6)


def test_default_set_prices_every_mode_by_its_own_row():
    missing = {m for m in Mode if m is not Mode.WAIT and not factor_set().rows_of(m)}
    assert missing == set()


def test_unknown_set_is_refused_with_the_known_ones():
    with pytest.raises(FactorSetUnknown) as caught:
        factor_set("us-default-1999")
    assert caught.value.params["known"] == ", ".join(NAMES)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("25.6,0,217.6,190", "26.6,0,217.6,190", "published total"),
        ("217.6,190,272", "217.6,220,272", "interval"),
        ("tram,tram,", "metro,tram,", "one key"),
        ("500,1000,g/pkm", "600,1000,g/pkm", "hole"),
        ("g/vkm", "g/furlong", "unit"),
        ("unknown,unknown,", "unknown,other,", "unknown mode"),
    ],
)
def test_a_broken_table_is_not_read(old, new, words):
    package, table = texts("fr-default-2026")
    assert old in table
    with pytest.raises(ValueError, match=words):
        read_factor_set(package, table.replace(old, new))


def test_a_table_in_which_a_longer_flight_emits_less_is_not_read():
    package, table = texts("fr-default-2026")
    steep = table.replace(
        "500,1000,g/pkm,123.2,,0.37,101,224.57,123.57,300",
        "500,1000,g/pkm,10,,0,10,20,10,20",
    )
    assert steep != table
    with pytest.raises(ValueError, match="longer flight"):
        read_factor_set(package, steep)


def test_hired_rows_are_for_hired_vehicles_only():
    package, table = texts("fr-default-2026")
    hired = (
        table + "e-scooter-hired,e_scooter,,,,yes,,,g/pkm,5,,50,0,55,50,60,estran,,2026,derived,\n"
    )
    factors = read_factor_set(package, hired)
    own, shared = (
        footprint(Mode.E_SCOOTER, 1000.0, factors=factors, shared=shared).central_g
        for shared in (False, True)
    )
    assert (own, shared) == (24.9, 55)
    bike = footprint(Mode.BIKE, 1000.0, factors=factors, shared=True).central_g
    assert bike == 5


def test_digest_changes_with_the_data():
    package, table = texts("fr-default-2026")
    assert read_factor_set(package, table).digest == factor_set().digest
    assert read_factor_set(package, table + "\n").digest != factor_set().digest


COACHCO2: dict[str, tuple[Mode, dict[str, Any]]] = {
    "AIR_OR_HSR": (Mode.PLANE, {}),
    "BICYCLING_ELECTRIC": (Mode.E_BIKE, {}),
    "BICYCLING": (Mode.BIKE, {}),
    "BUS_ELECTRIC": (Mode.BUS, {"energy": "electric"}),
    "BUS": (Mode.BUS, {}),
    "CAR_ELECTRIC": (Mode.CAR, {"energy": "electric"}),
    "CAR": (Mode.CAR, {}),
    "IN_VEHICLE": (Mode.CAR, {}),
    "CARPOOL_ELECTRIC": (Mode.CAR, {"energy": "electric", "occupants": 2}),
    "CARPOOL": (Mode.CAR, {"occupants": 2}),
    "MOTO_INF_250": (Mode.MOTORCYCLE, {"vehicle": "small"}),
    "MOTO_SUP_250": (Mode.MOTORCYCLE, {"vehicle": "large"}),
    "SCOOTER_ELECTRIC": (Mode.E_SCOOTER, {}),
    "MOPED": (Mode.MOPED, {}),
    "SUBWAY": (Mode.METRO, {}),
    "TRAIN": (Mode.TRAIN, {}),
    "TRAMWAY": (Mode.TRAM, {}),
    "WALKING": (Mode.WALK, {}),
    "ON_FOOT": (Mode.WALK, {}),
    "RUNNING": (Mode.RUN, {}),
    "UNKNOWN": (Mode.UNKNOWN, {}),
}


@pytest.mark.data
@pytest.mark.skipif(not ORACLE.exists(), reason="the shared Coach CO2 oracle is not beside")
def test_coachco2_set_gives_what_coach_co2_gave():
    factors = factor_set("fr-coachco2-2022")
    oracle = json.loads(ORACLE.read_text())
    assert {line["mode"] for line in oracle} == set(COACHCO2)
    for line in oracle:
        mode, keys = COACHCO2[line["mode"]]
        co2e = footprint(mode, line["distance_m"], factors=factors, **keys)
        assert co2e.central_g == pytest.approx(line["co2_kg"] * 1000, rel=1e-9), line


def test_coachco2_set_still_says_that_unknown_is_not_nothing():
    co2e = footprint(Mode.UNKNOWN, 10_000.0, factors=factor_set("fr-coachco2-2022"))
    assert (co2e.central_g, co2e.high_g) == (0, 1920)
    ferry = footprint(Mode.FERRY, 10_000.0, factors=factor_set("fr-coachco2-2022"))
    assert ferry == co2e
