"""Joining an app of e-mission's family, as people do it, on a phone and a screen."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.steps import sign_up
from tests.browser.test_accessible import violations
from tests.browser.test_permissions import look


def test_an_app_is_joined_and_allowed_to_read(visit):
    page = visit()
    page.set_viewport_size({"width": 360, "height": 800})
    sign_up(page)
    page.goto("/devices/new/")
    page.get_by_role("link", name="TraceMob and OpenPATH").click()
    assert violations(page) == []
    look(page, "emission-start")
    page.get_by_label("Its name").fill("In my bag")
    page.get_by_role("button", name="Draw its token").click()
    link = page.get_by_role("link", name="Join with OpenPATH")
    expect(link).to_have_attribute("href", "nrelopenpath://login_token?token="
                                   + page.locator("dd code").first.inner_text())  # fmt: skip
    assert violations(page) == []
    look(page, "emission-join")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Let this app read my trips").click()
    expect(page.get_by_role("button", name="Take it back now")).to_be_visible()
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []
    look(page, "emission-allowed")
    page.goto("/permissions/")
    expect(page.get_by_text("An app of my phone reads my trips").first).to_be_visible()
