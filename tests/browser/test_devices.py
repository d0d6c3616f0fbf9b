"""A person connects a phone: chooses an app, gets the link, sees the first point arrive."""

from __future__ import annotations

import base64
import json
import re
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import sign_up
from tests.browser.test_accessible import violations

PHONE = {"viewport": {"width": 360, "height": 780}}
WORDS = {
    "en": ("Choose an app", "Add it, and set it up", "Set up OwnTracks on this phone", "Received."),
    "fr": (
        "Choisir une application", "L’ajouter et le configurer",
        "Configurer OwnTracks sur ce téléphone", "Reçu.",
    ),
}  # fmt: skip


def fits(page: Page) -> bool:
    width = page.evaluate("document.documentElement.clientWidth")
    return bool(page.evaluate("document.documentElement.scrollWidth") <= width)


def speak(page: Page, language: str) -> None:
    page.context.add_cookies(
        [{"name": "estran_language", "value": language, "url": page.evaluate("location.origin")}]
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_owntracks_is_set_up_from_its_code_and_the_page_notices(visit, site, language):
    page = visit(**PHONE, color_scheme="dark" if language == "fr" else "light")
    sign_up(page)
    speak(page, language)
    choose, add, set_up, received = WORDS[language]
    page.goto("/devices/")
    found = violations(page)
    page.get_by_role("link", name=choose).click()
    found += violations(page)
    assert fits(page)
    page.get_by_role("link", name="OwnTracks (Android)").click()
    expect(page.get_by_role("radio", name="Android")).to_be_checked()
    found += violations(page)
    assert fits(page)
    page.get_by_role("button", name=add).click()
    link = page.get_by_role("link", name=set_up)
    expect(link).to_be_visible()
    assert fits(page)
    for fold in page.locator("details.fold > summary").all():
        fold.click()
    found += violations(page)
    assert fits(page)
    assert not found, "\n".join(found)
    address = link.get_attribute("href") or ""
    told = json.loads(base64.b64decode(address.partition("inline=")[2]))
    # As the app posts: to the address and with the words that the link held.
    assert told["url"].startswith(site)
    proof = base64.b64encode(f"{told['username']}:{told['password']}".encode()).decode()
    point = {"_type": "location", "lat": 46.16, "lon": -1.15, "tst": 1780300800, "acc": 9}
    request = Request(  # noqa: S310 - our own address
        told["url"], json.dumps(point).encode(),
        {"Authorization": f"Basic {proof}", "Content-Type": "application/json"},
    )  # fmt: skip
    with urlopen(request, timeout=20) as answer:  # noqa: S310 - as above
        assert answer.status == 200
    expect(page.get_by_role("status").filter(has_text=received)).to_be_visible(timeout=30_000)
    page.goto("/devices/")
    assert violations(page) == []
    assert fits(page)


def test_a_link_of_another_scheme_is_no_breach_of_the_content_policy(visit):
    page = visit(**PHONE)
    sign_up(page)
    page.goto("/devices/new/colota/")
    page.get_by_role("button", name="Add it, and set it up").click()
    link = page.get_by_role("link", name="Set up Colota on this phone")
    assert (link.get_attribute("href") or "").startswith("colota://setup?config=")
    link.click()  # no app answers here; the console would tell of a refusal
    expect(link).to_be_visible()


def test_the_secret_page_opens_on_a_phone_that_nobody_signed_in_on(visit):
    page = visit()
    sign_up(page)
    page.goto("/devices/new/gpslogger/")
    page.get_by_role("button", name="Add it, and set it up").click()
    link = page.get_by_role("link", name="Set up GPSLogger on this phone").get_attribute("href")
    profile = (link or "").removeprefix("gpslogger://properties/")
    phone = visit(**PHONE)
    phone.goto(profile.rpartition("/")[0] + "/")
    expect(phone.get_by_role("link", name="Set up GPSLogger on this phone")).to_be_visible()
    assert violations(phone) == []
    assert fits(phone)
    assert phone.request.get(profile).status == 200
    assert phone.request.get(profile).status == 404


def test_without_a_script_a_device_is_added_renamed_paused_and_removed(visit):
    page = visit(java_script_enabled=False, **PHONE)
    sign_up(page)
    page.goto("/devices/new/overland/")
    page.get_by_label("What do you call it?").fill("Pocket")
    page.get_by_role("button", name="Add it, and set it up").click()
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("Waiting for the first point")).to_be_visible()
    page.get_by_role("button", name="I am done: hide the token").click()
    expect(page.get_by_role("heading", level=1, name="Pocket")).to_be_visible()
    page.get_by_role("textbox", name="Name").fill("Bag")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Bag")).to_be_visible()
    page.get_by_role("button", name="Pause this device").click()
    expect(page.get_by_text("Paused: what it sends is not kept.")).to_be_visible()
    page.get_by_role("link", name="Remove this device").click()
    page.get_by_role("button", name="Remove the device only").click()
    expect(page).to_have_url(re.compile("/devices/$"))
    expect(page.get_by_text("No phone is connected yet.")).to_be_visible()
