"""Advice as a person meets it: compared, refused with a reason, allowed again."""

from __future__ import annotations

from datetime import date

import pytest

from estran.journal import Mark
from estran.web.advice.documents import MISSING, MissingOffer, read_refused
from estran.web.me import work
from estran.web.me.records import decode
from estran.web.running import territory, timetables
from tests.unit.feeds.gtfs_tables import TABLES, folder_of

from .conftest import track
from .test_imports import vault_of

DAYS = [date(2026, 6, day) for day in (1, 2, 3, 4)]


@pytest.fixture
def vault(alice, work_off):
    alice.bring(*((f"{day}.json", track(day=str(day))) for day in DAYS))
    work_off()
    alice.client.cookies["estran_language"] = "en"
    vault = vault_of(alice)
    rides = [max(trip.legs, key=lambda leg: leg.distance_m) for trip in trips(vault)]
    work.say(
        vault,
        [
            work.new_correction(start_us=leg.started_us, end_us=leg.ended_us, mode="car")
            for leg in rides
        ],
    )
    return vault


def trips(vault):
    return work.journal(vault, DAYS[0], DAYS[-1]).trips


def cards(alice, query=""):
    answer = alice.client.get(f"/advice/{query}")
    assert answer.status_code == 200
    return answer.context["cards"]


def test_refused_once_never_proposed_again_until_allowed(alice, vault):
    card = cards(alice)[0]
    ways = [row["way"] for row in card["rows"]]
    assert ways[0] == ""
    assert "e-bike" in ways
    address = f"/advice/{card['id']}/"
    for wrong in ({"way": "rocket", "why": "cost"}, {"way": "e-bike", "why": "lazy"},
                  {"way": "e-bike", "why": "other", "told": "x" * 301}):  # fmt: skip
        assert alice.client.post(address, wrong).status_code == 422
    assert read_refused(vault) == {}
    said = {"way": "e-bike", "why": "unsafe", "told": "le pont", "tell": "yes"}
    assert alice.client.post(address, said).status_code == 302
    after = cards(alice)[0]
    assert "e-bike" not in [row["way"] for row in after["rows"]]
    assert after["refused"][0]["why"] == "le pont"
    offer = decode(next(record for _, record in vault.docs(MISSING)), MissingOffer)
    assert (offer.way, offer.why) == ("e-bike", "unsafe")
    assert "pont" not in repr(offer)
    assert alice.client.post(address, {"way": "e-bike", "do": "allow"}).status_code == 302
    assert cards(alice)[0]["rows"] == card["rows"]
    assert not list(vault.doc_ids(MISSING))


def test_health_is_nobodys_business(alice, vault):
    address = f"/advice/{cards(alice)[0]['id']}/"
    alice.client.post(address, {"way": "e-bike", "why": "health", "tell": "yes"})
    assert read_refused(vault)
    assert not list(vault.doc_ids(MISSING))


def test_what_is_assumed_can_be_written_otherwise(alice, vault):
    slow = cards(alice, "?e_bike_kmh=8")[0]["rows"]
    ours = cards(alice)[0]["rows"]
    assert [r["time"] for r in slow if r["way"] == "e-bike"] != [
        r["time"] for r in ours if r["way"] == "e-bike"
    ]
    for wrong in ("e_bike_kmh=-1", "e_bike_kmh=x", "aboard=99"):
        answer = alice.client.get(f"/advice/?{wrong}")
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()


def test_a_trip_without_an_alternative_is_left_alone(alice, vault):
    work.say(
        vault,
        [
            work.new_correction(
                kind="mark", start_us=t.started_us, end_us=t.ended_us, mark=Mark.NO_ALTERNATIVE
            )
            for t in trips(vault)
        ],
    )
    assert cards(alice) == []
    assert alice.client.post("/advice/nothing/", {"way": "walk"}).status_code == 404


def test_a_loaded_timetable_is_what_tells(alice, vault, tmp_path, settings):
    """The operator loads it as lines are; where it does not reach, speeds are supposed."""
    settings.ESTRAN_DATA = tmp_path / "data"
    feed = folder_of(TABLES, tmp_path / "town")
    assert territory.load(settings.ESTRAN_DATA, [feed]) == 0
    rows = cards(alice)[0]
    told = {row["way"]: row["basis"] for row in rows["rows"]} | {"cannot": rows["cannot"]}
    assert "transit" not in told or "timetable" in told["transit"]
    assert "transit" in told or any("bus" in one for one in told["cannot"])
    assert timetables.laid(settings.ESTRAN_DATA) is not None
    assert territory.remove(settings.ESTRAN_DATA, ["town"]) == 0
    assert timetables.laid(settings.ESTRAN_DATA) is None
