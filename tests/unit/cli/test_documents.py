"""Documents of journals made by hand: unknown is not zero, and lines cross the antimeridian."""

from __future__ import annotations

import csv
import io
import json

import msgspec
import numpy as np

from estran.carbon import factor_set, price
from estran.cli.as_json import journal_document
from estran.cli.bringing import Brought
from estran.formats.reading import ImportReport
from estran.giving.csv_legs import csv_document
from estran.giving.geojson import geojson_document
from estran.journal import Journal, Leg, MadeBy, Mode, Path, Place, Quality, Reason, Trip, Unknown
from estran.trace import Evidence
from tests.unit.cli.documents import Document
from tests.unit.cli.documents import Trip as TripDocument

HOUR_US = 3_600_000_000
NOTHING = Brought(Evidence(), ImportReport(), 0)
FIJI, SAMOA = Place(-18.0, 178.0), Place(-14.0, -172.0)


def over_the_antimeridian() -> Trip:
    path = Path(np.array([0, HOUR_US]), np.array([-18.0, -14.0]), np.array([178.0, -172.0]))
    flight = Leg(Mode.PLANE, 0, HOUR_US, 1_150_000.0, path=path, probabilities=((Mode.PLANE, 0.9),))
    return Trip(0, HOUR_US, "Pacific/Fiji", FIJI, SAMOA, (flight,), Quality.GUESSED)


def unseen() -> Trip:
    legs = (
        Leg(Mode.UNKNOWN, 2 * HOUR_US, 3 * HOUR_US, float("nan")),
        Leg(
            Mode.CAR,
            3 * HOUR_US,
            4 * HOUR_US,
            50_000.0,
            vehicle="small",
            energy="electric",
            occupants=2.0,
            reasons=(Reason("speed", 0.75, (("speed_kmh", 50.0),)),),
        ),
    )
    nowhere = Place(float("nan"), float("nan"))
    return Trip(2 * HOUR_US, 4 * HOUR_US, "UTC", nowhere, nowhere, legs)


def a_journal() -> Journal:
    entries = (
        over_the_antimeridian(),
        Unknown(HOUR_US, 2 * HOUR_US, "UTC", "tracking-off"),
        unseen(),
    )
    return price(Journal(entries, MadeBy("1", "", "abc")), factors=factor_set())


def test_json_says_null_where_nothing_is_known():
    text = journal_document(a_journal(), NOTHING, (("jump", 3), ("none", 0)))
    assert "NaN" not in text
    document = msgspec.json.decode(
        text.replace('"distance_m": null', '"distance_m": -1'), type=Document
    )
    trip = document.entries[2]
    assert isinstance(trip, TripDocument)
    assert trip.co2e_g is None
    assert trip.origin.lat is None
    unknown, car = trip.legs
    assert unknown.co2e_g is None
    assert unknown.mode_probability is None
    assert (car.vehicle, car.energy, car.occupants) == ("small", "electric", 2.0)
    assert car.evidence[0].params == {"speed_kmh": 50.0}
    assert [(d.code, d.count) for d in document.report.dropped] == [("jump", 3)]


def test_geojson_cuts_a_line_at_the_antimeridian_and_leaves_the_unlocated_null():
    flight, unknown, car = json.loads(geojson_document(a_journal()))["features"]
    lines = flight["geometry"]
    assert lines["type"] == "MultiLineString"
    (west, east) = lines["coordinates"]
    assert west[-1] == [180.0, -17.2]
    assert east[0] == [-180.0, -17.2]
    assert unknown["geometry"] is None
    assert car["geometry"] is None
    assert unknown["properties"]["co2e_central_g"] is None


def test_csv_leaves_the_unknown_empty_and_keeps_zero():
    rows = list(csv.DictReader(io.StringIO(csv_document(a_journal()))))
    assert [row["mode"] for row in rows] == ["plane", "unknown", "car"]
    assert rows[1]["distance_m"] == rows[1]["co2e_central_g"] == rows[1]["start_lat_deg"] == ""
    assert rows[0]["start_local"] == "1970-01-01T12:00:00+12:00"
    assert rows[0]["positions"] == "0"
