"""axe on every page in both themes, the keyboard, small screens, no colour alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import AXE
from tests.browser.steps import bring, sign_up

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "RGAAv4"]
OPEN_PAGES = (
    "/", "/privacy/", "/accessibility/", "/example/", "/example/journal/2025-06-16/",
    "/example/journal/2025-06-20/week/",
    "/example/journal/2025-06/", "/example/dashboard/2025/", "/example/dashboard/2025/?by=co2e",
    "/example/dashboard/1999/", "/account/login/", "/account/signup/", "/account/password/reset/",
    "/recovery/use/", "/nothing/here/", "/account/signup/passkey/",
)  # fmt: skip
OWN_PAGES = (
    "/journal/2025-06-20/", "/journal/2025-06-21/", "/journal/2025-06-20/week/",
    "/journal/2025-06/", "/dashboard/2025/", "/dashboard/2024/", "/import/", "/settings/",
    "/dashboard/period/?from=2025-06-16&to=2025-06-22",
    "/dashboard/how/co2e/?from=2025-06-16&to=2025-06-22",
    "/everywhere/",
    "/settings/erase/", "/recovery/", "/account/password/change/", "/account/logout/",
)  # fmt: skip


COLOURS = ["color-contrast", "link-in-text-block"]


def violations(page):
    """Run axe in the page in both themes and tell what it finds, short enough to read.

    Only colours differ in the dark: the other rules run once.
    """
    page.evaluate(AXE.read_text())
    run = "(only) => axe.run(document, { runOnly: only })"
    found = page.evaluate(run, {"type": "tag", "values": TAGS})["violations"]
    page.emulate_media(color_scheme="dark")
    page.evaluate("Promise.allSettled(document.getAnimations().map((each) => each.finished))")
    found += page.evaluate(run, {"type": "rule", "values": COLOURS})["violations"]
    page.emulate_media(color_scheme="light")
    return [
        f"{page.url} {v['id']}: {node['html'][:160]} | {node['failureSummary'][:300]}"
        for v in found
        for node in v["nodes"]
    ]


def test_axe_finds_nothing_on_open_pages(visit):
    page = visit()
    found = []
    for path in OPEN_PAGES:
        page.goto(path)
        found += violations(page)
    assert not found, "\n".join(found)


def test_axe_finds_nothing_on_own_pages(visit, day_file):
    page = visit()
    sign_up(page)
    page.goto("/journal/")
    found = violations(page)
    page.goto("/dashboard/")
    found += violations(page)
    bring(page, day_file)
    found += violations(page)
    for path in OWN_PAGES:
        page.goto(path)
        found += violations(page)
    page.goto("/journal/2025-06-20/")
    page.locator(".leg summary").first.click()
    found += violations(page)
    page.locator(".leg .mode-chips button[aria-pressed=false]").first.click()
    expect(page.locator(".toast")).to_be_visible()
    found += violations(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_page_scrolls_sideways(visit, width):
    page = visit(viewport={"width": width, "height": 800})
    wide = []
    for path in OPEN_PAGES:
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(path)
    assert wide == []


def test_keyboard_steps_days_and_opens_a_mode(visit):
    page = visit()
    page.goto("/example/journal/2025-06-20/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Friday 20 June 2025")
    page.keyboard.press("e")
    expect(page.locator(".leg[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".leg[open]")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", level=1)).to_have_text("Saturday 21 June 2025")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", level=1)).to_have_text("Friday 20 June 2025")


def test_first_tab_skips_to_the_content(visit):
    page = visit()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#main$"))
    expect(page.locator("#main")).to_be_focused()


def test_targets_are_large_enough_for_a_thumb(visit):
    page = visit(viewport={"width": 360, "height": 780})
    page.goto("/example/journal/2025-06-20/")
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, summary, .button, nav a, .spans a")]
            .filter((e) => e.offsetParent)
            .map((e) => [e.textContent.trim(), e.getBoundingClientRect()])
            .filter(([, box]) => box.height < 43.5)
            .map(([text, box]) => `${text}: ${box.height}`)"""
    )
    assert small == []


def test_map_runs_and_colours_switch_without_reload(visit):
    page = visit(viewport={"width": 1280, "height": 900}, color_scheme="light")
    page.goto("/example/journal/2025-06-20/")
    expect(page.locator("trip-map.live canvas")).to_be_visible()
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate(paper) != light
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_language_is_kept(visit):
    page = visit()
    page.goto("/")
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Une année de trajets, comprise en une minute"
    )
    page.goto("/example/dashboard/2025/")
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_open_leg_stands_out_on_the_map(visit):
    page = visit(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page.goto("/example/journal/2025-06-20/")
    expect(page.locator("trip-map.live")).to_be_visible()
    scale = page.locator("trip-map .maplibregl-ctrl-scale")
    before = scale.inner_text()
    page.locator(".leg summary").first.click()
    expect(scale).not_to_have_text(before)
    page.locator(".leg summary").first.click()
    expect(scale).to_have_text(before)


def test_page_without_webgl_keeps_the_drawing(visit):
    page = visit()
    page.add_init_script(
        "HTMLCanvasElement.prototype.getContext = () => null;"
        "globalThis.OffscreenCanvas = undefined;"
    )
    page.goto("/example/journal/2025-06-20/")
    expect(page.locator("trip-map > svg path").first).to_be_visible()
    page.wait_for_timeout(1500)
    expect(page.locator("trip-map > svg path").first).to_be_visible()


@pytest.mark.parametrize("forced", ["active", "none"])
def test_forced_colours_and_zoom_keep_everything_reachable(visit, forced):
    # 320 px wide is a page at 400 % on a screen of 1280.
    page = visit(viewport={"width": 320, "height": 640}, forced_colors=forced)
    page.goto("/example/journal/2025-06-20/")
    expect(page.locator(".leg summary").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
