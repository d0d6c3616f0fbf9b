"""The coach on a phone: each page reached from its front page, used once, axe clean."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.browser.steps import bring, sign_up
from tests.browser.test_accessible import violations


@pytest.fixture
def fortnight_file(tmp_path_factory):
    """Two made-up weeks, a fix every minute or so: usual trips come back in them."""
    from estran.example import evidence  # noqa: PLC0415 - loads NumPy
    from estran.timebase import iso_utc  # noqa: PLC0415 - same

    trace = evidence(date(2025, 6, 16), date(2025, 6, 27))[0].trace
    rows = zip(trace.time_us.tolist(), trace.lat_deg.tolist(), trace.lon_deg.tolist(), strict=True)
    path = tmp_path_factory.mktemp("files") / "fortnight.csv"
    lines = (f"{iso_utc(time_us)},{lat:.6f},{lon:.6f},10" for time_us, lat, lon in rows)
    path.write_text("time,latitude,longitude,accuracy\n" + "\n".join(lines))
    return path


@pytest.fixture
def phone(visit, fortnight_file):
    page = visit(viewport={"width": 360, "height": 780})
    sign_up(page)
    bring(page, fortnight_file)
    return page


def open_from_coach(page, name: str) -> None:
    page.goto("/coach/")
    page.get_by_role("main").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def looked_at(page) -> list[str]:
    """Say what axe finds and whether the page is too wide."""
    width = page.evaluate("document.documentElement.scrollWidth")
    return [*violations(page), *([f"{page.url} is {width} wide"] if width > 360 else [])]


def test_each_page_of_the_coach_is_found_and_does_what_it_says(phone):
    page, found = phone, []

    open_from_coach(page, "My usual trips")
    found += looked_at(page)
    page.locator("main h2 a").first.click()
    page.get_by_role("button", name="Work", exact=True).click()
    expect(page.get_by_role("button", name="Work", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    found += looked_at(page)
    page.get_by_role("button", name="Undo").click()

    open_from_coach(page, "My places")
    page.get_by_text("Name it").first.click()
    page.get_by_label("Name", exact=True).first.fill("By the harbour")
    page.get_by_role("button", name=re.compile("^(Keep|Name)")).first.click()
    expect(page.get_by_role("main")).to_contain_text("By the harbour")
    found += looked_at(page)

    open_from_coach(page, "My vehicles and habits")
    found += looked_at(page)

    open_from_coach(page, "What if…")
    page.get_by_label("Days a week at home instead of at work").fill("2")
    page.get_by_role("button", name="See").click()
    expect(page.get_by_role("heading", name="Then your year would be")).to_be_visible()
    found += looked_at(page)

    open_from_coach(page, "My goals")
    page.locator("[name=aim]").last.select_option("bike-days")
    page.locator("[name=target]").last.fill("2")
    page.get_by_role("button", name="Make it a goal").click()
    page.get_by_role("button", name="Pause").first.click()
    expect(page.get_by_role("button", name="Go on").first).to_be_visible()
    found += looked_at(page)

    open_from_coach(page, "Recaps by mail")
    page.get_by_label("Each week").check()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_label("Each week")).to_be_checked()
    found += looked_at(page)

    for name in ("Other ways for my usual trips", "What I saved", "Groups", "My year in review"):
        open_from_coach(page, name)
        found += looked_at(page)

    page.goto("/journal/2025-06-20/")
    page.locator(".trip-own a").first.click()
    page.get_by_role("link", name="A picture of it, to show to others").click()
    expect(page.get_by_alt_text("The picture as others would see it")).to_be_visible()
    found += looked_at(page)
    assert not found, "\n".join(found)
