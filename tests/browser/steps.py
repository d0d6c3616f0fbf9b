"""What people do on the site, as the tests do it."""

from __future__ import annotations

import itertools
import re

from playwright.sync_api import Page, expect

PASSWORD = "five bells at low tide"
_numbers = itertools.count(1)


def sign_up(page: Page) -> str:
    """Make an account, note the recovery code, arrive; give the e-mail address."""
    email = f"person{next(_numbers)}@example.org"
    page.goto("/account/signup/")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password1]").fill(PASSWORD)
    page.get_by_role("button", name="Create my account").click()
    expect(page.get_by_role("heading", name="Your recovery code")).to_be_visible()
    page.get_by_label("I have written it down").check()
    page.get_by_role("button", name="Go on").click()
    return email


def sign_in(page: Page, email: str) -> None:
    """Sign in with the one password."""
    page.goto("/account/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(page).not_to_have_url(re.compile("/account/login/"))


def sign_out(page: Page) -> None:
    """Sign out, and wait until the site says so: the page first asks the recorder."""
    page.goto("/settings/")
    page.get_by_role("button", name="Sign out").click()
    expect(page).not_to_have_url(re.compile("/settings/"))


def bring(page: Page, path) -> None:
    """Bring a file and wait for its report."""
    page.goto("/import/")
    page.locator("input[type=file]").set_input_files(str(path))
    expect(page).to_have_url(re.compile(r"/import/[0-9a-f-]{36}/$"))
    expect(page.get_by_role("heading", name="What became of it")).to_be_visible(timeout=90_000)
