"""Correcting on a phone: from a day to its trip, all that is said there, and back again."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.steps import bring, sign_up
from tests.browser.test_accessible import violations

PAGES = ("trips", "check", "history", "add")


def draws(page):
    """Say that the first part was by car, for three, another way; give what axe finds."""
    leg = page.locator("[data-leg]").first
    leg.get_by_text("Other modes").click()
    leg.locator("button[value=car]").click()
    leg.get_by_text("Vehicle, people aboard, distance").click()
    leg.get_by_label("People aboard, you included").fill("3")
    leg.get_by_role("button", name="Keep it").click()
    leg.get_by_text("Vehicle, people aboard, distance").click()
    expect(leg.get_by_label("People aboard, you included")).to_have_value("3")

    expect(page.locator("trip-map.live")).to_be_visible()
    leg.get_by_text("The way it went").click()
    field = leg.get_by_label("Points on the way")
    page.locator("trip-map canvas").click(position={"x": 120, "y": 90})
    expect(field).to_have_value(re.compile(r"^-?\d+\.\d{5}, -?\d+\.\d{5}$"))
    found = violations(page)
    leg.get_by_role("button", name="Keep this way").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_have_text("Taken back.")
    return found


def selects(page):
    """Say something of all trips, and take it back by keys; give what axe finds."""
    page.goto("/journal/trips/")
    page.get_by_label("Select all on this page").check()
    page.get_by_label("Say of those selected").select_option("purpose:leisure")
    page.get_by_role("button", name="Say it").click()
    rows = page.locator(".trip-rows li")
    expect(rows.filter(has_text="Leisure")).to_have_count(rows.count())
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    found = violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(page.get_by_role("status")).to_have_text("Taken back.")
    expect(rows.filter(has_text="Leisure")).to_have_count(0)
    return found


def test_a_trip_is_corrected_by_thumb_and_each_word_taken_back(visit, day_file):
    page = visit(viewport={"width": 360, "height": 780})
    sign_up(page)
    bring(page, day_file)
    page.goto("/journal/2025-06-20/")
    page.locator(".trip-own a").first.click()
    expect(page).to_have_url(re.compile(r"/journal/trip/\d+/$"))
    address = page.url

    page.get_by_role("button", name="Health", exact=True).click()
    chosen = page.locator("[name=purpose][aria-pressed=true]")
    expect(chosen).to_have_text("Health")
    expect(page.locator("[data-undo]")).to_be_focused()
    page.keyboard.press("u")
    expect(page.get_by_role("status")).to_have_text("Taken back.")
    assert page.url.startswith(address)

    found = draws(page)

    page.get_by_text("It was in truth two").click()
    page.get_by_role("button", name="Part it there").click()
    expect(page.locator("[data-undo]")).to_be_focused()
    expect(page.get_by_role("link", name="Trip after")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_have_text("Taken back.")
    assert page.url.startswith(address)

    for name in PAGES:
        page.goto(f"/journal/{name}/")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, name
        found += violations(page)
    found += selects(page)
    assert not found, "\n".join(found)
