"""Places of a person: named once, everywhere by that name, forgotten again."""

from __future__ import annotations

import re
from datetime import date

from estran.journal import Purpose, Stay
from estran.web.learning.documents import read_places
from estran.web.me import work

from .conftest import track
from .test_imports import vault_of

DAYS = [date(2026, 6, day) for day in (1, 2)]


def told(vault):
    journal = work.journal(vault, DAYS[0], DAYS[-1])
    names = {entry.place for entry in journal.entries if isinstance(entry, Stay)}
    return names, {trip.purpose for trip in journal.trips}


def test_a_place_is_named_once_and_forgotten(alice, work_off):
    alice.bring(*((f"{day}.json", track(day=str(day))) for day in DAYS))
    work_off()
    vault = vault_of(alice)
    shown = alice.client.get("/places/").content.decode()
    spots = re.findall(r'name="spot" value="([\d-]+)"', shown)
    assert spots
    for spot in spots:
        fields = {"spot": spot, "name": "Le  bureau", "kind": "work"}
        assert alice.client.post("/places/", {**fields, "name": " "}).status_code == 422
        assert alice.client.post("/places/", {**fields, "kind": "moon"}).status_code == 422
        assert alice.client.post("/places/", fields).status_code == 302
    assert alice.client.post("/places/", {**fields, "spot": "1-1"}).status_code == 422
    assert "Le bureau" in told(vault)[0]
    assert Purpose.WORK in told(vault)[1]
    day = alice.client.get(f"/journal/{DAYS[0]}/").content.decode()
    assert "Le bureau" in day
    for place in read_places(vault):
        assert alice.client.post("/places/", {"forget": place.id}).status_code == 302
    assert alice.client.post("/places/", {"forget": "none"}).status_code == 404
    assert told(vault) == ({""}, {None})
