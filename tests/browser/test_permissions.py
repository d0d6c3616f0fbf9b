"""Permissions given and taken back, the access log, and another key, as people do it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from estran.vault import receipt as receipts
from tests.browser.steps import PASSWORD, sign_in, sign_up
from tests.browser.test_accessible import violations

PAGES = ("/permissions/", "/permissions/coach/", "/access/", "/key/")


def look(page, name: str) -> None:
    """Keep a picture where a folder for them is named."""
    folder = os.environ.get("ESTRAN_PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_a_permission_is_given_and_taken_back(visit):
    page = visit()
    sign_up(page)
    page.goto("/settings/")
    page.get_by_role("link", name="Permissions").click()
    page.get_by_role("link", name="See what it would be").click()
    page.get_by_text("The exact record that is kept").first.click()
    shown = json.loads(page.locator("pre.exact").inner_text())
    page.get_by_role("button", name=re.compile("^Allow it until")).click()
    expect(page.get_by_role("heading", name="Receipt of a permission")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download the receipt").click()
    consent = receipts.check(Path(taken.value.path()).read_bytes())
    assert shown["expires_us"] == consent.expires_us
    assert consent.text.language == "en"

    page.goto("/permissions/")
    page.get_by_role("link", name="See it, or take it back").click()
    expect(page.get_by_text("this server, for the coach")).to_be_visible()
    page.get_by_role("button", name="Take it back now").click()
    expect(page.get_by_text("There is no such row")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Allow it until"))).to_be_visible()

    page.get_by_role("link", name="Who looked at my data").click()
    expect(page.get_by_text("Checked now: 3 lines, unbroken since")).to_be_visible()
    expect(page.locator(".log li").first).to_contain_text("You took a permission back")


def test_a_vault_gets_another_key(visit):
    page, other = visit(), visit()
    email = sign_up(page)
    sign_in(other, email)
    page.goto("/key/")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Give my vault a new key").click()
    link = page.get_by_role("link", name="Write down the new recovery code")
    expect(link).to_be_visible(timeout=60_000)
    link.click()
    expect(page.get_by_role("heading", name="Your recovery code")).to_be_visible()
    page.goto("/access/")
    expect(page.locator(".log li").first).to_contain_text("Your vault got a new key")
    other.goto("/access/")
    expect(other).to_have_url(re.compile("/unlock/"))


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_are_accessible_and_fit(visit, width):
    page = visit(viewport={"width": width, "height": 800})
    sign_up(page)
    found = []
    for language in ("English", "Français"):
        page.goto("/permissions/coach/")
        page.get_by_role("button", name=language).click()
        page.goto("/permissions/coach/")
        page.locator("#c-give ~ form button.button-main").click()
        found += violations(page)
        look(page, f"receipt-{language[:2]}-{width}")
        for path in PAGES:
            page.goto(path)
            found += violations(page)
            look(page, f"{path.strip('/').replace('/', '-')}-{language[:2]}-{width}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        page.goto("/permissions/coach/")
        page.locator("form[action$=withdraw\\/] button").click()
        found += violations(page)
        look(page, f"coach-off-{language[:2]}-{width}")
    assert not found, "\n".join(found)
