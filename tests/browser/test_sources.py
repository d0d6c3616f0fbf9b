"""Sources as a person uses them on a phone, with and without JavaScript, in both languages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import bring, sign_up
from tests.browser.test_accessible import violations


@pytest.fixture
def gpx_file(tmp_path_factory):
    """The same made-up day as a recorder saw it, a fix every two minutes."""
    from datetime import date  # noqa: PLC0415 - with the engine's example

    from estran.example import evidence  # noqa: PLC0415 - loads NumPy
    from estran.timebase import iso_utc  # noqa: PLC0415

    trace = evidence(date(2025, 6, 20), date(2025, 6, 20))[0].trace
    points = "".join(
        f'<trkpt lat="{lat:.6f}" lon="{lon:.6f}"><time>{iso_utc(time_us)}</time></trkpt>'
        for time_us, lat, lon in list(
            zip(trace.time_us.tolist(), trace.lat_deg.tolist(), trace.lon_deg.tolist(), strict=True)
        )[::3]
    )
    path = tmp_path_factory.mktemp("files") / "ride.gpx"
    path.write_text(
        '<gpx version="1.1" creator="Clock" xmlns="http://www.topografix.com/GPX/1/1">'
        f"<trk><trkseg>{points}</trkseg></trk></gpx>"
    )
    return path


@pytest.fixture
def alice(visit, day_file, gpx_file):
    """Somebody with two sources of one day."""
    page = visit(viewport={"width": 360, "height": 780})
    sign_up(page)
    bring(page, day_file)
    bring(page, gpx_file)
    return page


def ready(page):
    """Load the hub until the worker has told the sources."""
    page.goto("/sources/")
    for _ in range(200):
        if page.locator(".source").count() == 2 and page.locator(".note[role=status]").count() == 0:
            return
        page.wait_for_timeout(300)
        page.reload()
    pytest.fail("the sources were not told in time")


def test_a_newcomer_is_led_to_what_they_have(visit):
    page = visit(viewport={"width": 360, "height": 780}, java_script_enabled=False)
    sign_up(page)
    page.get_by_role("link", name="Sources").first.click()
    expect(page.get_by_role("heading", name="What do you have?")).to_be_visible()
    page.locator("summary", has_text="Strava").click()
    expect(page.get_by_text("Request Your Archive")).to_be_visible()
    page.locator("details[open]").get_by_role("link", name="Bring a file").click()
    expect(page).to_have_url(re.compile("/import/$"))


def test_an_order_is_pressed_and_the_journal_follows(alice):
    page = alice
    ready(page)
    assert violations(page) == []
    gpx = page.locator(".source", has_text="GPX")
    gpx.get_by_role("button", name="Believe it first").press("Enter")
    expect(page.locator(".source").first).to_contain_text("Your order: 1")
    expect(page.locator(".source").first).to_contain_text("GPX")
    ready(page)
    page.goto("/journal/2025-06-20/")
    page.locator("summary", has_text="From which sources?").click()
    expect(page.locator(".day-sources")).to_contain_text("you prefer the other")
    assert violations(page) == []


def test_a_source_is_removed_with_all_that_was_derived(alice):
    page = alice
    ready(page)
    page.locator(".source h3 a", has_text="GPX").click()
    page.locator("summary", has_text="Days covered, by year").click()
    assert violations(page) == []
    page.get_by_role("link", name="See what removing it would take").click()
    expect(page.get_by_role("main")).to_contain_text("cannot be undone")
    assert violations(page) == []
    page.get_by_role("button", name="Remove it, for good").click()
    expect(page.get_by_text("It is removed")).to_be_visible(timeout=60_000)
    assert violations(page) == []
    page.goto("/sources/")
    expect(page.locator(".source")).to_have_count(1)
    page.goto("/access/")
    expect(page.get_by_role("main")).to_contain_text("You erased what a source had brought.")


def test_pages_fit_and_are_accessible(alice):
    page = alice
    ready(page)
    for language in ("fr", "en"):
        page.locator(f"button[name=language][value={language}]").click()
        for path in ("/sources/", "/sources/start/"):
            page.goto(path)
            for width in (320, 1280):
                page.set_viewport_size({"width": width, "height": 780})
                assert violations(page) == []
                assert page.evaluate("document.documentElement.scrollWidth") <= width
