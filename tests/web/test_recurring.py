"""Usual trips of a person: listed, given one purpose, and the same word for those like one."""

from __future__ import annotations

import re
from datetime import date

import pytest

from estran.journal import Mode, Purpose
from estran.web.me import work

from .conftest import track
from .test_imports import vault_of

DAYS = [date(2026, 6, day) for day in (1, 2, 3, 4)]


@pytest.fixture
def vault(alice, work_off):
    alice.bring(*((f"{day}.json", track(day=str(day))) for day in DAYS))
    work_off()
    return vault_of(alice)


def trips(vault):
    return work.journal(vault, DAYS[0], DAYS[-1]).trips


def test_one_word_for_all_that_are_like_it(alice, vault):
    shown = alice.client.get("/recurring/").content.decode()
    ids = set(re.findall(r"/recurring/(\w+)/", shown))
    assert len(ids) >= 1
    pages = {i: alice.client.get(f"/recurring/{i}/").content.decode() for i in ids}
    there = next(i for i, page in pages.items() if page.count("/journal/trip/") > len(DAYS))
    assert alice.client.post(f"/recurring/{there}/", {"purpose": "fun"}).status_code == 422
    answer = alice.client.post(f"/recurring/{there}/", {"purpose": "work"})
    assert answer.status_code == 302
    assert {trip.purpose for trip in trips(vault) if trip.distance_m > 1000} == {Purpose.WORK}
    assert len(work.history(vault)) == 1
    assert alice.client.get("/recurring/nothing/").status_code == 404


def test_a_mode_said_of_one_is_offered_for_the_others(alice, vault):
    one = max(trips(vault), key=lambda trip: trip.distance_m)
    leg = max(one.legs, key=lambda leg: leg.distance_m)
    alice.client.post(
        f"/journal/trip/{one.started_us}/", {"do": "mode", "leg": leg.started_us, "mode": "moped"}
    )
    address = f"/journal/similar/{one.started_us}/"
    rows = re.findall(r'name="trip" value="([\d-]+)"', alice.client.get(address).content.decode())
    assert len(rows) == 3
    assert alice.client.post(address, {}).status_code == 422
    assert alice.client.post(address, {"trip": rows[:2]}).status_code == 302
    rides = [max(t.legs, key=lambda leg: leg.distance_m) for t in trips(vault)]
    assert [ride.mode for ride in rides].count(Mode.MOPED) == 3
    left = re.findall(r'name="trip" value="([\d-]+)"', alice.client.get(address).content.decode())
    assert len(left) == 1


def test_what_was_said_often_is_suggested_and_agreed_to_by_one_press(alice, vault, work_off):
    rides = sorted(trips(vault), key=lambda trip: trip.started_us)
    for ride in rides:
        work.say(vault, [work.new_correction(
            kind="purpose", start_us=ride.started_us, end_us=ride.ended_us, purpose=Purpose.WORK
        )])  # fmt: skip
    alice.bring(("more.json", track(day="2026-06-05")))
    work_off()
    shown = alice.client.get("/journal/check/")
    (group,) = shown.context["suggested"]
    assert group["key"] == "purpose:work"
    (row,) = group["trips"]
    said = {"suggested": "purpose:work", "trip": row["id"]}
    assert alice.client.post("/journal/check/", {**said, "trip": "1-2"}).status_code == 422
    assert alice.client.post("/journal/check/", said).status_code == 302
    (last,) = work.journal(vault_of(alice), date(2026, 6, 5), date(2026, 6, 5)).trips
    assert (last.purpose, last.purpose_share) == (Purpose.WORK, 1.0)
    assert alice.client.get("/journal/check/").context["suggested"] == []
