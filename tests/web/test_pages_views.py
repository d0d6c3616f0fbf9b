"""Journal pages over HTTP: what they answer, refuse and never contain."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from estran.coach.corrections import Correction
from estran.journal import Journal, Mode, Place, Stay
from estran.timebase import local_day
from estran.web.public import example, trying
from tests.web.days import journal_of

from .conftest import track

pytestmark = pytest.mark.django_db

INLINE = re.compile(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\bsrc=|[^>]*application/json)")


@pytest.fixture
def small_example(monkeypatch):
    """Stand a month of true legs where the analysed year would be."""
    journal = journal_of(date(2025, 6, 1), date(2025, 6, 30))
    starts = [local_day(e.started_us, e.tz) for e in journal.entries]
    ends = [local_day(e.ended_us - 1, e.tz) for e in journal.entries]
    monkeypatch.setattr(example, "_make", lambda: (journal, starts, ends))
    monkeypatch.setattr("estran.web.public.views.is_ready", lambda: True)
    for cached in (example._known, example._facts):
        cached.cache_clear()
    yield
    for cached in (example._known, example._facts):
        cached.cache_clear()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "/", "/privacy/", "/accessibility/", "/example/journal/2025-06-20/",
        "/example/journal/2025-06-20/week/", "/example/journal/2025-06/",
        "/example/dashboard/2025/", "/example/dashboard/2025/?by=co2e", "/example/dashboard/2011/",
        "/example/dashboard/period/", "/example/dashboard/period/?from=2025-06-16&to=2025-06-22",
        "/example/dashboard/period/?from=2025-04-01&to=2025-06-20&by=active",
        "/example/dashboard/how/co2e/?from=2025-06-01&to=2025-06-30",
        "/example/dashboard/how/trips/?from=2025-06-01&to=2025-06-30&page=99",
        "/account/login/", "/account/signup/", "/nowhere/",
    ],
)  # fmt: skip
def test_page_speaks_and_holds_nothing_inline(client, small_example, path, language):
    client.cookies["estran_language"] = language
    answer = client.get(path)
    html = answer.content.decode()
    assert answer.status_code == (404 if path == "/nowhere/" else 200)
    assert f'<html lang="{language}"' in html
    assert len(re.findall(r"<h1\b", html)) == 1
    assert re.search(r"<title>[^<]*\S[^<]*Estran</title>", html)
    assert not INLINE.search(html)
    assert "://" not in re.sub(r"http://www\.w3\.org/\S+", "", html)


def test_numbers_follow_the_language(client, small_example):
    client.cookies["estran_language"] = "fr"
    assert re.search(r"\d,\d\xa0km", client.get("/example/journal/2025-06-20/").content.decode())
    client.cookies["estran_language"] = "en"
    assert re.search(r"\d\.\d\xa0km", client.get("/example/journal/2025-06-20/").content.decode())


def test_map_library_is_loaded_only_where_a_map_is(client, small_example):
    with_map = client.get("/example/journal/2025-06-20/").content.decode()
    assert "trip-map.js" in with_map
    for path in ("/", "/example/dashboard/2025/", "/example/journal/2025-06/"):
        assert "maplibre" not in client.get(path).content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/example/journal/0001-01-01/",
        "/example/journal/9999-12-31/",
        "/example/dashboard/9999/",
        "/example/journal/2025-02-30/",
        "/example/journal/2025-13/",
        "/example/journal/2025-00/",
    ],
)
def test_day_that_is_none_is_not_found(client, small_example, path):
    assert client.get(path).status_code == 404


def test_example_asks_for_patience_while_it_is_made(client, monkeypatch):
    monkeypatch.setattr("estran.web.public.views.is_ready", lambda: False)
    client.cookies["estran_language"] = "en"
    html = client.get("/example/journal/2025-06-20/").content.decode()
    assert "Camille is getting ready" in html


@pytest.mark.parametrize(("theme", "shown"), [("dark", True), ("light", True), ("auto", False)])
def test_theme_is_kept(client, theme, shown):
    answer = client.post("/appearance/", {"theme": theme, "next": "/privacy/"})
    assert answer.headers["Location"] == "/privacy/"
    assert (f'data-theme="{theme}"' in client.get("/").content.decode()) is shown


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example", "x"])
def test_switches_never_lead_elsewhere(client, address):
    answer = client.post("/appearance/", {"theme": "dark", "next": address})
    assert not answer.headers["Location"].startswith(("http", "//"))


@pytest.mark.parametrize("name", ["appearance", "set_language"])
def test_unknown_switch_is_refused(client, name):
    assert client.post(reverse(name), {"theme": "red", "language": "tlh"}).status_code == 422


def test_language_is_kept_with_the_account(alice):
    alice.client.post("/language/", {"language": "en"})
    assert alice.person.language == "en"
    alice.client.cookies.pop("estran_language")
    assert '<html lang="en"' in alice.client.get("/settings/").content.decode()


def test_every_empty_page_says_what_to_do(alice):
    for path in ("/journal/", "/journal/2026-06-01/", "/dashboard/", "/dashboard/2026/"):
        assert 'href="/import/"' in alice.client.get(path).content.decode().split("<main")[1]


def value_of(name, html):
    """Give what the first hidden field of a name holds."""
    found = re.search(rf'name="{name}" value="([^"]+)"', html)
    assert found is not None
    return found[1]


def leg_fields(html):
    return {name: value_of(name, html) for name in ("day", "start_us", "end_us")}


def test_two_posts_correct_and_take_back(alice, workers, work_off):
    alice.bring(("day.json", track()))
    work_off()
    page = "/journal/2026-06-01/"
    fields = leg_fields(alice.client.get(page).content.decode())
    answer = alice.client.post("/journal/correct/", {**fields, "mode": "tram"}, follow=True)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'class="mode-tram"' in html
    key = value_of("correction", html)
    assert answer.redirect_chain[0][0].startswith(f"{page}?done={key}#l")
    undone = alice.client.post("/journal/undo/", {"day": fields["day"], "correction": key})
    assert undone.status_code == 302
    assert 'name="correction"' not in alice.client.get(page).content.decode()


def test_htmx_gets_the_list_alone(alice, workers, work_off):
    alice.bring(("day.json", track()))
    work_off()
    fields = leg_fields(alice.client.get("/journal/2026-06-01/").content.decode())
    html = alice.client.post(
        "/journal/correct/", {**fields, "mode": "tram"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert html.lstrip().startswith("<section")
    assert 'id="day-list"' in html
    assert 'role="status"' in html
    assert "<html" not in html


@pytest.mark.parametrize(
    "change",
    [
        {"mode": "rocket"}, {"mode": "wait"}, {"mode": ""}, {"start_us": "x"}, {"end_us": "-1"},
        {"start_us": "9" * 30}, {"day": "yesterday"}, {"start_us": "٣"},
    ],
)  # fmt: skip
def test_odd_correction_is_refused(alice, workers, work_off, change):
    fields = {"day": "2026-06-01", "start_us": "1", "end_us": "2", "mode": "bus", **change}
    assert alice.client.post("/journal/correct/", fields).status_code == 422


def test_unknown_undo_is_not_found(alice):
    answer = alice.client.post("/journal/undo/", {"day": "2026-06-01", "correction": "none"})
    assert answer.status_code == 404


DAY = "/example/journal/2025-06-20/"


def correct_example(client, mode="ferry", **headers):
    entries = client.get(DAY).context["page"].entries
    leg = next(leg for e in entries for leg in getattr(e, "legs", ()) if not leg.is_wait)
    values = {"day": "2025-06-20", "start_us": leg.started_us, "end_us": leg.ended_us}
    return client.post("/example/journal/correct/", {**values, "mode": mode}, headers=headers)


def corrected_legs(client):
    entries = client.get(DAY).context["page"].entries
    return [leg for e in entries for leg in getattr(e, "legs", ()) if leg.corrected]


def test_a_visitor_may_try_a_correction_that_only_their_browser_keeps(client, small_example, db):
    answer = correct_example(client)
    assert answer.status_code == 302
    [leg] = corrected_legs(client)
    assert leg.key == "ferry"
    assert "Ferry" in client.get("/example/dashboard/2025/").content.decode()
    assert corrected_legs(Client()) == []
    cookie = answer.cookies["estran_example"]
    assert (cookie["expires"], cookie["max-age"], cookie["httponly"]) == ("", "", True)
    assert not Session.objects.exists()
    client.post("/example/journal/undo/", {"day": "2025-06-20", "correction": leg.correction})
    assert corrected_legs(client) == []


def test_a_tried_correction_is_said_to_stay_in_the_browser(client, small_example, db):
    client.cookies["estran_language"] = "en"
    html = correct_example(client, **{"HX-Request": "true"}).content.decode()
    assert "Only this browser knows" in html
    assert 'hx-post="/example/journal/undo/"' in html
    assert "/journal/undo/" not in html.replace("/example/journal/undo/", "")


def test_a_forged_correction_of_the_example_counts_for_nothing(client, small_example, db):
    client.cookies["estran_example"] = "1.2.plane"
    assert corrected_legs(client) == []
    assert correct_example(client, mode="broom").status_code == 422


def test_corrections_of_the_example_fit_a_cookie(client, small_example, db):
    said: tuple[Correction, ...] = ()
    for n in range(200):
        said = trying.with_another(
            said, start_us=10**15 + n, end_us=2 * 10**15, mode=Mode.E_SCOOTER
        )
    response = HttpResponse()
    trying.keep(response, said)
    assert len(said) == trying.MOST
    assert len(response.cookies["estran_example"].value) < 4000


@pytest.mark.parametrize("page", ["2024-03-14/week/", "2024-03/"])
def test_days_of_which_nothing_is_known_lead_to_those_that_are(client, small_example, page):
    html = client.get(f"/example/journal/{page}").content.decode()
    assert 'href="/example/journal/2025-06-01/"' in html


def test_a_day_at_home_is_a_known_day_of_the_example(small_example, monkeypatch):
    days = [date(2025, 6, 1), date(2025, 6, 3)]
    at_home = Stay(1748736000_000000, 1748995200_000000, "Europe/Paris", Place(46.2, -1.1), 20.0)
    monkeypatch.setattr(example, "_make", lambda: (Journal((at_home,)), days[:1], days[1:]))
    assert len(example.ExampleShelf().known().days) == 3


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("from=2026-02-30&to=2026-03-01", "year, month and day"),
        ("from=2026-03-02&to=2026-03-01", "before the first"),
        ("from=1950-03-02&to=2026-03-01", "Ten years"),
        ("from=0001-01-01&to=2026-03-01", "year, month and day"),
        ("from=%3Cscript%3E&to=2026-03-01", "year, month and day"),
        ("from=2026-03-01", "year, month and day"),
    ],
)
@pytest.mark.parametrize("page", ["period/", "how/co2e/"])
def test_days_that_are_none_are_asked_for_again(client, small_example, page, query, says):
    client.cookies["estran_language"] = "en"
    answer = client.get(f"/example/dashboard/{page}?{query}")
    html = answer.content.decode()
    assert answer.status_code == 400
    assert says in html
    assert "<script>" not in html.split("<main")[1]
    assert 'name="from"' in html


def test_own_figures_of_any_days_open_into_their_trips(alice, work_off):
    alice.bring(("a.json", track()))
    work_off()
    alice.client.cookies["estran_language"] = "en"
    days = "from=2026-06-01&to=2026-06-07"
    html = alice.client.get(f"/dashboard/period/?{days}&by=co2e").content.decode()
    assert "1 June to 7 June 2026" in html
    assert "Something is known of 1 of 7 days" in html
    assert f"/dashboard/how/co2e/?{days.replace('&', '&amp;')}" in html
    how = alice.client.get(f"/dashboard/how/co2e/?{days}").content.decode()
    assert "/journal/trip/" in how
    assert "Factor set:" in how
    assert alice.client.get("/dashboard/period/").status_code == 200
