"""My data: keep, blur, erase. As a person does it, with and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import bring, sign_up
from tests.browser.test_accessible import violations


@pytest.fixture
def alice(visit, day_file):
    """Somebody with one understood day."""
    page = visit()
    sign_up(page)
    bring(page, day_file)
    return page


def figure(page, name):
    return page.locator(".figures > div", has_text=name).locator("dd")


def test_a_day_is_previewed_erased_and_gone(alice):
    page = alice
    page.goto("/settings/")
    page.get_by_role("link", name="My data: keep, blur, erase").click()
    page.get_by_label("From").fill("2025-06-20")
    page.get_by_role("button", name="See what would be erased").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What would be erased")
    expect(figure(page, "Days")).to_have_text("1")
    assert int(figure(page, "Positions").inner_text().replace(",", "")) > 500
    assert violations(page) == []
    page.get_by_role("button", name="Erase this, for good").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("It is erased")
    number = page.locator(".code").inner_text()
    assert violations(page) == []
    page.goto("/journal/2025-06-20/")
    expect(page.locator(".leg")).to_have_count(0)
    page.goto("/settings/")
    page.get_by_role("link", name="Who looked at my data").click()
    expect(page.get_by_role("main")).to_contain_text("You erased a day.")
    expect(page.get_by_role("main")).to_contain_text(number[:8])
    page.goto("/settings/data/")
    page.get_by_label("From").fill("2025-06-20")
    page.get_by_role("button", name="See what would be erased").click()
    expect(page.locator(".messages")).to_contain_text("nothing left to erase")


def test_a_place_is_chosen_on_the_map_and_blurred(alice, visit):
    page = alice
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/settings/data/place/")
    expect(page.locator("trip-map.live canvas")).to_be_visible()
    assert violations(page) == []
    page.locator("trip-map canvas").click(position={"x": 200, "y": 200})
    expect(page.get_by_label("Latitude")).not_to_have_value("")
    expect(page.get_by_label("Another place")).to_be_checked()
    page.locator("input[name=spot]").first.check()
    page.get_by_label("Name that your journal shows").fill("Behind the dunes")
    page.get_by_label("Move the blurred circle").uncheck()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A private place")
    assert violations(page) == []
    page.get_by_role("button", name="Blur this place").click()
    expect(page.locator("details summary", has_text="Behind the dunes")).to_be_visible()
    page.goto("/journal/2025-06-20/")
    expect(page.locator(".entry-stay", has_text="Behind the dunes").first).to_be_visible()
    expect(page.locator(".leg").first).to_be_visible()


def test_all_of_it_works_without_javascript(alice, visit):
    state = alice.context.storage_state()
    page = visit(java_script_enabled=False, storage_state=state)
    page.goto("/settings/data/place/?what=erase")
    expect(page.locator("trip-map svg circle").first).to_be_visible()
    page.locator("input[name=spot]").first.check()
    page.get_by_role("button", name="Go on").click()
    expect(figure(page, "Trips")).to_have_text(re.compile(r"[1-9]"))
    page.get_by_role("button", name="Erase this, for good").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("It is erased")
    page.goto("/settings/data/place/")
    page.get_by_label("Latitude").fill("46.1")
    page.get_by_label("Longitude").fill("-1.1")
    page.get_by_label("Never keep it").check()
    page.get_by_label("Blur or drop also").uncheck()
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".messages")).to_contain_text("private from now on")
    page.locator("details summary", has_text="never kept").click()
    page.get_by_role("button", name="No longer private").click()
    expect(page.locator("details summary", has_text="never kept")).to_have_count(0)


def test_two_windows_erase_the_same_day(alice, visit):
    other = visit(storage_state=alice.context.storage_state())
    for page in (alice, other):
        page.goto("/settings/data/")
        page.get_by_label("From").fill("2025-06-20")
        page.get_by_role("button", name="See what would be erased").click()
    alice.get_by_role("button", name="Erase this, for good").click()
    expect(alice.get_by_role("heading", level=1)).to_have_text("It is erased")
    other.get_by_role("button", name="Erase this, for good").click()
    expect(other.locator(".messages")).to_contain_text("nothing left to erase")


def test_a_pause_shows_everywhere_and_ends(alice, day_file):
    page = alice
    page.goto("/settings/data/")
    page.get_by_role("button", name="Pause", exact=True).click()
    for path in ("/journal/2025-06-20/", "/dashboard/2025/", "/import/", "/settings/"):
        page.goto(path)
        expect(page.locator(".paused")).to_contain_text("nothing new is taken in")
    assert violations(page) == []
    page.goto("/import/")
    page.locator("input[type=file]").set_input_files(str(day_file))
    expect(page.get_by_text("Go on first, then bring it again").first).to_be_visible()
    page.locator(".paused a").click()
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".paused")).to_have_count(0)


def test_a_source_is_kept_as_trips_only(alice):
    page = alice
    page.goto("/settings/data/")
    page.locator("details summary", has_text="kept as long as you like").click()
    page.get_by_label("After some days keep only the journal").check()
    page.get_by_label("After how many days").fill("30")
    page.get_by_role("button", name="Keep it so").click()
    expect(page.get_by_role("main")).to_contain_text("second by second")
    assert violations(page) == []
    page.get_by_role("button", name="Yes, keep it so").click()
    expect(page.locator("summary", has_text="trips only after 30 days")).to_be_visible()
    page.goto("/journal/2025-06-20/")
    expect(page.locator(".leg").first).to_be_visible()


def test_pages_fit_and_are_accessible(alice):
    page = alice
    for path in ("/settings/data/", "/settings/data/place/"):
        page.goto(path)
        for fold in page.locator("main details.fold summary").all():
            fold.click()
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 780})
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
