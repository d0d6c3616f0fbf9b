"""After signing out, the way back shows nothing of the person."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.steps import bring, sign_up


def test_back_after_sign_out_shows_no_journal(visit, day_file):
    page = visit()
    sign_up(page)
    bring(page, day_file)
    page.goto("/journal/2025-06-20/")
    expect(page.locator("main")).to_contain_text("km")
    page.goto("/settings/")
    page.evaluate("document.querySelector('form[action*=\"logout\"]').requestSubmit()")
    expect(page).not_to_have_url(re.compile("/settings/"))
    assert not [c["name"] for c in page.context.cookies() if "vault" in c["name"]]
    for _ in range(2):  # the settings, then the day
        page.go_back()
        expect(page).to_have_url(re.compile("/account/login/|/unlock/"))
        expect(page.locator("main")).not_to_contain_text("km")


def test_nothing_of_a_person_is_left_in_the_browsers_stores(visit, day_file):
    page = visit()
    email = sign_up(page)
    bring(page, day_file)
    page.goto("/journal/2025-06-20/")
    kept = page.evaluate(
        """async () => JSON.stringify([{...localStorage}, {...sessionStorage},
        (await indexedDB.databases()).map(d => d.name),
        'caches' in window ? await caches.keys() : []])"""
    )
    assert email not in kept
    assert not re.search(r"\d{1,3}\.\d{3,}", kept)
    assert "vault" not in page.evaluate("document.cookie")
    assert "session" not in page.evaluate("document.cookie")
