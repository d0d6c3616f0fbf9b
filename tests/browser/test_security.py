"""Passkeys, two steps, recovery and sign-ins, in a real browser with a virtual authenticator."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import PASSWORD, sign_in, sign_out, sign_up
from tests.browser.test_accessible import violations


@pytest.fixture
def local(site: str) -> str:
    """The site by its name: passkeys belong to a name, not to an address."""
    return site.replace("127.0.0.1", "localhost")


@pytest.fixture
def at_home(visit, local):
    """Open a browser at the site's name, with an authenticator inside."""

    def opened(*, has_prf: bool = True, **options) -> Page:
        page: Page = visit(base_url=local, **options)
        plug_in(page, has_prf=has_prf)
        return page

    return opened


def plug_in(page: Page, *, has_prf: bool) -> None:
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal",
        "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True, "hasPrf": has_prf,
    }  # fmt: skip
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_up_by_passkey(page: Page, email: str) -> None:
    page.goto("/account/signup/")
    page.get_by_role("link", name="with a passkey").click()
    page.locator("[name=email]").fill(email)
    page.get_by_role("button", name="Create my account with a passkey").click()


def note_code(page: Page) -> str:
    expect(page.get_by_role("heading", name="Your recovery code")).to_be_visible()
    code = page.locator("#recovery-code").inner_text()
    page.get_by_label("I have written it down").check()
    page.get_by_role("button", name="Go on").click()
    return code


def is_open(page: Page) -> bool:
    page.goto("/import/")
    return urlsplit(page.url).path == "/import/"


def totp(secret: str, step: int = 0) -> str:
    counter = struct.pack(">Q", int(time.time()) // 30 + step)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


def test_a_passkey_signs_up_and_in_and_opens_the_vault(at_home):
    page = at_home()
    sign_up_by_passkey(page, "key@example.org")
    note_code(page)
    assert is_open(page)
    sign_out(page)
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).not_to_have_url(re.compile("/account/login/"))
    assert is_open(page)
    # The browser loses its half of the key: the passkey opens the vault again.
    page.context.clear_cookies(name="estran_vault")
    assert not is_open(page)
    page.get_by_role("button", name="Open it with my passkey").click()
    expect(page).to_have_url(re.compile("/import/$"))


def test_a_passkey_without_a_secret_asks_for_a_password_of_the_vault(at_home):
    page = at_home(has_prf=False)
    sign_up_by_passkey(page, "plain@example.org")
    expect(page.get_by_role("heading", name="A password for your vault")).to_be_visible()
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Make my vault").click()
    note_code(page)
    sign_out(page)
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("This passkey did not open your vault")).to_be_visible()
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Open my vault").click()
    assert is_open(page)


def test_a_passkey_added_later_opens_the_vault_until_it_is_removed(at_home):
    page = at_home()
    sign_up(page)
    page.goto("/settings/security/")
    page.get_by_role("link", name="Add a passkey").click()
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.locator("[name=name]").fill("My phone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator(".card").get_by_text("Signs you in and opens your vault")).to_be_visible()
    sign_out(page)
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).not_to_have_url(re.compile("/account/login/"))
    assert is_open(page)
    page.goto("/settings/security/")
    page.get_by_role("link", name="Remove My phone").click()
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Remove this passkey").click()
    expect(page.get_by_text("The passkey is removed")).to_be_visible()
    sign_out(page)
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator(".messages")).to_be_visible()
    expect(page).to_have_url(re.compile("/account/login/"))


def test_two_steps_and_an_emergency_code(at_home):
    page = at_home()
    email = sign_up(page)
    page.goto("/settings/security/")
    page.get_by_role("link", name="Set up an authenticator app").click()
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_alt_text("QR code")).to_be_visible()
    page.get_by_text("I cannot scan it").click()
    secret = page.locator(".code").inner_text()
    page.locator("[name=code]").fill(totp(secret))
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("heading", name="Emergency codes")).to_be_visible()
    emergency = page.locator("#emergency-codes").inner_text().split()
    assert len(emergency) == 10
    page.reload()
    expect(page.get_by_text("They were shown once")).to_be_visible()
    for code in (totp(secret, 1), emergency[0]):
        sign_out(page)
        sign_in(page, email)
        expect(page.get_by_role("heading", name="The second step")).to_be_visible()
        page.locator("[name=code]").fill("000000")
        page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
        expect(page.locator(".error").first).to_be_visible()
        page.locator("[name=code]").fill(code)
        page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
        expect(page).to_have_url(re.compile("/journal/"))
        assert is_open(page)  # held sealed between the two steps
    page.goto("/settings/security/")
    expect(page.get_by_text("9 emergency codes are left")).to_be_visible()


def test_the_recovery_code_then_a_new_password(at_home):
    page = at_home()
    email = "forgetful@example.org"
    page.goto("/account/signup/")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password1]").fill(PASSWORD)
    page.get_by_role("button", name="Create my account").click()
    code = note_code(page)
    sign_out(page)
    page.goto("/account/login/")
    page.get_by_role("link", name="I lost my password").click()
    page.locator("[name=email]").fill(email)
    page.locator("[name=code]").fill(code.lower())
    page.locator("[name=password1]").fill("six bells at high tide")
    page.get_by_role("button", name="Open my vault").click()
    expect(page).to_have_url(re.compile("/journal/"))
    assert is_open(page)


def test_sign_out_there_and_everywhere_else(at_home, visit, local):
    page = at_home()
    email = sign_up(page)
    others = [visit(base_url=local), visit(base_url=local)]
    for other in others:
        sign_in(other, email)
        assert is_open(other)
    page.goto("/settings/security/")
    expect(page.get_by_text("Chrome, Linux")).to_have_count(3)
    page.get_by_role("button", name="Sign out there").first.click()
    expect(page.get_by_text("Chrome, Linux")).to_have_count(2)
    assert [is_open(other) for other in others].count(True) == 1
    page.goto("/settings/security/")
    page.get_by_role("button", name="Sign out everywhere else").click()
    expect(page.get_by_text("Chrome, Linux")).to_have_count(1)
    assert not any(is_open(other) for other in others)
    assert is_open(page)


def test_neither_password_nor_code(at_home):
    page = at_home()
    sign_up(page)
    page.context.clear_cookies(name="estran_vault")
    page.goto("/journal/")
    page.get_by_role("link", name="I have neither any more").click()
    expect(page.get_by_text("nobody can read what is in this vault")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the sealed file").click()
    assert download.value.suggested_filename == "estran-sealed-vault.zip"
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_label("I understand").check()
    page.get_by_role("button", name="Erase the old vault").click()
    expect(page.get_by_role("heading", name="The old vault is erased")).to_be_visible()
    page.get_by_role("link", name="See my recovery code").click()
    note_code(page)
    assert is_open(page)


def test_axe_finds_nothing_and_nothing_is_too_wide(at_home):
    page = at_home(viewport={"width": 320, "height": 640})
    email = sign_up(page)
    found, wide = [], []

    def look(address: str = "") -> None:
        if address:
            page.goto(address)
        found.extend(violations(page))
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(page.url)

    look("/settings/security/app/")  # asks for the password first
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("I cannot scan it").click()
    look()
    page.locator("[name=code]").fill(totp(page.locator(".code").inner_text()))
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("heading", name="Emergency codes")).to_be_visible()
    emergency = page.locator("#emergency-codes").inner_text().split()
    look()
    for address in ("codes/", "codes/new/", "app/off/", "passkeys/add/"):
        look(f"/settings/security/{address}")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator(".card").get_by_text("Passkey 1")).to_be_visible()
    look()
    page.get_by_role("link", name="Remove Passkey 1").click()
    look()
    sign_out(page)
    sign_in(page, email)
    expect(page.get_by_role("heading", name="The second step")).to_be_visible()
    look()
    page.locator("[name=code]").fill(emergency[0])
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/journal/"))
    page.context.clear_cookies(name="estran_vault")
    look("/unlock/?again=1")
    look("/vault/lost/")
    assert (found, wide) == ([], [])


def test_an_address_of_numbers_says_that_passkeys_do_not_work_there(visit):
    page = visit()
    page.goto("/account/login/")
    expect(page.get_by_text("This browser cannot use passkeys at this address.")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
