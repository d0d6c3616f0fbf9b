"""Pages stay light: what a first visit transfers, and how the page moves while it loads."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

WITHOUT_MAP_KB, WITH_MAP_KB = 90, 480
"""Budgets of a first visit; the map's library alone is 440 kB, and only pages with a map pay."""


def transferred_kb(page, path) -> float:
    sizes = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return float(sum(sizes) / 1000)


@pytest.mark.parametrize("path", ["/", "/account/signup/", "/example/dashboard/2025/"])
def test_page_without_map_is_light(visit, path):
    assert 5 < transferred_kb(visit(), path) < WITHOUT_MAP_KB


def test_page_with_map_stays_in_its_budget(visit):
    page = visit()
    assert WITHOUT_MAP_KB < transferred_kb(page, "/example/journal/2025-06-20/") < WITH_MAP_KB
    expect(page.locator("trip-map.live")).to_be_visible()


def test_nothing_moves_while_the_day_loads(visit):
    page = visit()
    page.add_init_script(
        "globalThis.shift = 0; new PerformanceObserver((list) => {"
        "for (const entry of list.getEntries()) globalThis.shift += entry.value;"
        "}).observe({ type: 'layout-shift', buffered: true });"
    )
    page.goto("/example/journal/2025-06-20/")
    expect(page.locator("trip-map.live")).to_be_visible()
    assert page.evaluate("globalThis.shift") < 0.02
