"""Taking everything along: an archive brought back on another site, and a move straight there."""

from __future__ import annotations

import re
import zipfile

import pytest
from playwright.sync_api import expect

from .conftest import started
from .steps import bring, sign_up

DAY = "/journal/2025-06-20/"


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """Another Estran, with people, keys and a data folder of its own."""
    with started(tmp_path_factory.mktemp("elsewhere")) as address:
        yield address


def lived_day(visit, day_file):
    """Somebody with a day and a word of their own on it."""
    page = visit()
    sign_up(page)
    bring(page, day_file)
    page.goto(DAY)
    leg = page.locator(".leg").first
    leg.locator("summary").first.click()
    leg.locator(".mode-chips button[aria-pressed=false]").first.click()
    expect(page.locator(".badge", has_text="You said so")).to_have_count(1)
    return page, told(page)


def told(page) -> list[str]:
    """What the page of the day tells: modes, facts, the person's word."""
    page.goto(DAY)
    expect(page.locator(".leg").first).to_be_visible()
    texts: list[str] = page.locator(".leg-mode, .leg-facts, .trip-facts, .badge").all_inner_texts()
    return texts


def test_an_archive_brought_back_elsewhere_gives_the_same_journal(
    visit, day_file, elsewhere, tmp_path
):
    page, before = lived_day(visit, day_file)
    page.goto("/everywhere/")
    page.get_by_role("button", name="Make my archive").click()
    link = page.get_by_role("link", name=re.compile("Download"))
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_download() as coming:
        link.click()
    path = tmp_path / "me.estran"
    coming.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert any("README" in name.upper() for name in archive.namelist())

    there = visit(base_url=elsewhere)
    sign_up(there)
    there.goto("/everywhere/")
    there.locator("#files").set_input_files(str(path))
    there.get_by_role("button", name="Bring it back").click()
    expect(there.get_by_role("link", name="To my journal")).to_be_visible(timeout=60_000)
    assert told(there) == before
    expect(there.locator(".badge", has_text="You said so")).to_have_count(1)


def test_a_cut_archive_is_refused_in_words_and_changes_nothing(
    visit, day_file, elsewhere, tmp_path
):
    path = tmp_path / "cut.estran"
    path.write_bytes(b"PK\x03\x04" + bytes(200))
    there = visit(base_url=elsewhere)
    sign_up(there)
    bring(there, day_file)
    before = told(there)
    there.goto("/everywhere/")
    there.locator("#files").set_input_files(str(path))
    there.get_by_role("button", name="Bring it back").click()
    expect(there.locator("main")).to_contain_text(
        re.compile("cut short|no archive"), timeout=60_000
    )
    assert told(there) == before


def test_a_move_shows_what_would_go_and_arrives(visit, day_file, elsewhere):
    page, before = lived_day(visit, day_file)
    there = visit(base_url=elsewhere)
    sign_up(there)
    there.goto("/everywhere/")
    there.get_by_role("button", name="Make an address").click()
    address = there.locator("#made").input_value()

    page.goto("/everywhere/")
    page.locator("#address").fill(address)
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator("main")).to_contain_text("sealed so that only you can open it there")
    page.locator("#agreed").check()
    page.get_by_role("button", name="Send it").click()
    expect(page.locator("main")).to_contain_text("It arrived.", timeout=60_000)

    there.goto("/everywhere/")
    there.get_by_role("link", name=re.compile("From another Estran")).click()
    expect(there.get_by_role("link", name="To my journal")).to_be_visible(timeout=60_000)
    assert told(there) == before
    assert told(page) == before
    page.goto("/access/")
    expect(page.locator("main")).to_contain_text(re.compile("sent|shared", re.IGNORECASE))
