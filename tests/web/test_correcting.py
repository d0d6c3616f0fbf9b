"""Correcting without JavaScript: a trip's page, many at once, the inbox, and taking back."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

import pytest

from estran.journal import Mark, Mode, Purpose, Quality
from estran.web.me import work

from .conftest import track
from .lived import trips_of, two_days
from .test_imports import vault_of

FIRST, SECOND = date(2026, 6, 1), date(2026, 6, 2)


@pytest.fixture
def vault(alice, work_off):
    return two_days(alice, work_off)


@pytest.fixture
def page(alice, vault):
    """Say something on the page of the trip of the first day; give where it leads."""

    def said(status=302, **fields):
        (trip, *_) = trips_of(vault, FIRST)
        answer = alice.client.post(f"/journal/trip/{trip.started_us}/", fields)
        assert answer.status_code == status, answer.content.decode()[-2000:]
        return answer

    return said


def test_a_way_is_drawn_by_its_points_and_taken_back_onto_the_trip(alice, vault, page):
    before = trips_of(vault, FIRST)[0]
    leg = before.legs[0]
    points = {f"p{leg.started_us}-points": "46.18, -1.10\n\n 46.20 ; -1.12"}
    answer = page(do="path", leg=leg.started_us, **points)
    after = trips_of(vault, FIRST)[0].legs[0]
    assert len(after.path) == 4
    assert after.distance_m > leg.distance_m
    shown = alice.client.get(answer.headers["Location"]).content.decode()
    batch = re.search(r'name="batch" value="(\w+)"', shown)
    assert batch
    asked = {"batch": batch[1], "next": f"/journal/trip/{before.started_us}/"}
    back = alice.client.post("/journal/take-back/", asked)
    assert back.headers["Location"] == f"/journal/trip/{before.started_us}/?back=1"
    assert 'role="status"' in alice.client.get(back.headers["Location"]).content.decode()
    assert trips_of(vault, FIRST)[0].legs[0].distance_m == leg.distance_m


def undo(alice, answer):
    """Press Undo on the page that a correction led to."""
    shown = alice.client.get(answer.headers["Location"])
    batch = re.search(r'name="(?:batch|correction)" value="(\w+)"', shown.content.decode())
    assert batch, shown.content.decode()[:500]
    back = alice.client.post("/journal/take-back/", {"batch": batch[1], "next": "/coach/"})
    assert back.headers["Location"] == "/coach/"


def test_purpose_marks_and_vehicle(alice, vault, page):
    before = trips_of(vault, FIRST)[0]
    page(do="purpose", purpose="work")
    page(do="mark", mark="private", is_set="yes")
    leg = before.legs[0]
    page(do="mode", leg=leg.started_us, mode="car")
    name = f"l{leg.started_us}"
    fields = {f"{name}-occupants": "3", f"{name}-energy": "diesel", f"{name}-distance_km": "9"}
    page(do="vehicle", leg=leg.started_us, **fields)
    trip = trips_of(vault, FIRST)[0]
    assert (trip.purpose, trip.marks) == (Purpose.WORK, {Mark.PRIVATE})
    said = trip.legs[0]
    assert (said.mode, said.energy, said.occupants, said.distance_m) == (
        Mode.CAR, "diesel", 3.0, 9000.0
    )  # fmt: skip
    day = alice.client.get("/journal/2026-06-01/").content.decode()
    assert "Travail" in day
    assert len(work.history(vault)) == 4  # vehicle and distance are one press


def test_times_split_merge_and_removal_are_each_taken_back(alice, vault, page):
    before = trips_of(vault, FIRST)
    (trip,) = before
    for fields in (
        {"do": "times", "begins": "2026-06-01T10:02:00", "ends": "2026-06-01T10:25:00"},
        {"do": "split", "at": "2026-06-01T10:15:00", "into": "trips"},
        {"do": "split", "at": "2026-06-01T10:15:00", "into": "legs"},
        {"do": "ends", "destination": "46.3, -1.0"},
        {"do": "delete"},
    ):
        answer = page(**fields)
        assert trips_of(vault, FIRST) != before, fields
        undo(alice, answer)
        assert len(trips_of(vault, FIRST)) == 1
        assert trips_of(vault, FIRST)[0].started_us == trip.started_us
    answer = page(do="delete")
    assert urlsplit(answer.headers["Location"]).path == "/journal/2026-06-01/"
    assert work.period_summary(vault, FIRST, FIRST).total.n_trips == 0
    assert work.period_summary(vault, date(2026, 6, 1), date(2026, 6, 30)).total.n_trips == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"do": "times", "begins": "2026-06-01T12:00", "ends": "2026-06-01T11:00"}, "comes after"),
        ({"do": "times", "begins": "2026-05-01T12:00", "ends": "2026-06-01T11:00"}, "at most"),
        ({"do": "times", "begins": "soon", "ends": ""}, "Enter a valid date"),
        ({"do": "split", "at": "2026-06-03T12:00", "into": "trips"}, "not during this trip"),
        ({"do": "ends", "origin": "Nowhere at all"}, "is not known"),
        ({"do": "ends"}, "at least"),
        ({"do": "path", "points": "46.1 north"}, "is no latitude and longitude"),
        ({"do": "path", "points": "96.1, 2"}, "is no latitude and longitude"),
        ({"do": "path", "points": "46.1, -1.1\n" * 201}, "At most 200"),
        ({"do": "purpose", "purpose": "fun"}, ""),
        ({"do": "mode", "leg": "1", "mode": "car"}, ""),
        ({"do": "merge", "with": "next"}, ""),
        ({"do": "else"}, ""),
    ],
)
def test_what_makes_no_sense_is_said_and_changes_nothing(alice, vault, page, fields, words):
    alice.client.cookies["estran_language"] = "en"
    if fields["do"] == "path":
        leg_us = trips_of(vault, FIRST)[0].legs[0].started_us
        fields = {"do": "path", "leg": leg_us, f"p{leg_us}-points": fields["points"]}
    answer = page(status=422, **fields)
    assert words in answer.content.decode()
    assert not words or 'role="alert"' in answer.content.decode()  # beside what was written
    assert work.history(vault) == ()


def test_many_at_once_and_back_by_one_press(alice, vault):
    address = "/journal/trips/?first=2026-06-01&last=2026-06-30"
    shown = alice.client.get(address).content.decode()
    rows = re.findall(r'name="trip" value="([\d-]+)"', shown)
    assert len(rows) == 2
    answer = alice.client.post(address, {"trip": rows, "do": "purpose:shopping"})
    assert {t.purpose for d in (FIRST, SECOND) for t in trips_of(vault, d)} == {Purpose.SHOPPING}
    only = alice.client.get(f"{address}&purpose=shopping").content.decode()
    assert only.count('name="trip"') == 2
    assert alice.client.get(f"{address}&purpose=none").content.decode().count('name="trip"') == 0
    undo(alice, answer)
    assert {t.purpose for d in (FIRST, SECOND) for t in trips_of(vault, d)} == {None}
    for wrong in ({"do": "private"}, {"trip": rows, "do": "fly"}, {"trip": rows, "do": "people:2"}):
        refused = alice.client.post(address, wrong)
        assert refused.status_code == 422
        kept = refused.content.decode()
        assert 'role="alert"' in kept
        assert kept.count(" checked>") == len(wrong.get("trip", ()))  # the selection stays
    assert work.history(vault) == ()
    assert alice.client.get("/journal/trips/?first=soon").status_code == 422


def test_a_flight_is_added_on_a_day_of_which_nothing_was_known(alice, vault):
    said = {
        "mode": "plane", "origin": "46.179, -1.195", "destination": "45.726, 5.091",
        "begins": "2026-07-10T09:00", "ends": "2026-07-10T10:15", "purpose": "holiday",
    }  # fmt: skip
    answer = alice.client.post("/journal/add/", said)
    assert answer.status_code == 302
    (trip,) = trips_of(vault, date(2026, 7, 10))
    assert (trip.quality, trip.purpose) == (Quality.DECLARED, Purpose.HOLIDAY)
    assert date(2026, 7, 10) in work.known_days(vault).days
    july = work.period_summary(vault, date(2026, 7, 1), date(2026, 7, 31))
    assert july.total.n_trips == 1
    assert july.total.co2e.central_g > 50_000
    assert alice.client.get("/journal/2026-07-10/").status_code == 200
    again = alice.client.post("/journal/add/", {**said, "begins": "2026-07-10T09:05"})
    assert again.status_code == 422
    assert len(work.history(vault)) == 1
    for wrong in ({"ends": "2026-07-10T08:00"}, {"origin": "Nowhere at all"}, {"begins": ""}):
        assert alice.client.post("/journal/add/", {**said, **wrong}).status_code == 422
    undo(alice, answer)
    assert trips_of(vault, date(2026, 7, 10)) == ()
    gone = work.period_summary(vault, date(2026, 7, 1), date(2026, 7, 31))
    assert gone.total.n_trips == 0


def test_what_was_said_outlives_a_new_analysis_with_more_data(alice, work_off, vault, page):
    page(do="purpose", purpose="visit")
    page(do="mode", leg=trips_of(vault, FIRST)[0].legs[0].started_us, mode="e_bike")
    alice.bring(("more.json", track(day="2026-06-03")))
    work_off()
    trip = trips_of(vault_of(alice), FIRST)[0]
    assert trip.purpose is Purpose.VISIT
    assert trip.legs[0].mode is Mode.E_BIKE


def test_the_inbox_and_the_history(alice, vault):
    inbox = alice.client.get("/journal/check/")
    assert inbox.status_code == 200
    (trip,) = trips_of(vault, FIRST)
    leg = trip.legs[0]
    asked = {"start_us": leg.started_us, "end_us": leg.ended_us}
    assert alice.client.post("/journal/check/", {**asked, "mode": "fly"}).status_code == 422
    assert alice.client.post("/journal/check/", {"start_us": "x"}).status_code == 422
    answer = alice.client.post("/journal/check/", {**asked, "mode": "bus"})
    assert trips_of(vault, FIRST)[0].legs[0].mode is Mode.BUS
    history = alice.client.get("/journal/history/").content.decode()
    assert history.count('name="batch"') == 1
    undo(alice, answer)
    assert work.history(vault) == ()
    alice.client.post("/journal/check/", {**asked, "later": "yes"})
    unsure = alice.client.get("/journal/trips/?unsure=yes&first=2026-06-01").content.decode()
    assert unsure.count('name="trip"') <= 2
    missing = f"/journal/add/?after={trip.started_us}"
    assert 'value="2026-06-01T' in alice.client.get(missing).content.decode()
    assert alice.client.get("/journal/add/?after=7").status_code == 404
    assert alice.client.get("/journal/add/?after=x").status_code == 200
    assert alice.client.get("/journal/check/").status_code == 200
