"""Every leg says how sure it is and why; a doubtful one asks, and one tap answers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

DOUBTFUL_DAY = "/example/journal/2025-06-16/"
"""A day of the example with a short ride that a bus could have made as well."""

WORDS = re.compile("very likely|likely|perhaps")


def test_every_leg_says_how_sure_it_is_and_why_behind_one_tap(visit):
    page = visit()
    page.goto(DOUBTFUL_DAY)
    legs = page.locator(".leg")
    for row in range(legs.count()):
        leg = legs.nth(row)
        head = leg.locator("summary").first
        expect(head).to_contain_text(WORDS)
        expect(head).to_contain_text("why?")
        head.click()
        expect(leg.locator(".reasons li").first).to_be_visible()


def test_why_and_answers_need_no_script(visit):
    page = visit(java_script_enabled=False)
    page.goto(DOUBTFUL_DAY)
    page.locator(".leg summary").first.click()
    expect(page.locator(".leg[open] .reasons li").first).to_be_visible()
    n_asks = page.locator(".leg-asks").count()
    assert n_asks > 0
    page.locator(".leg-asks button").first.click()
    expect(page.locator(".leg-asks")).to_have_count(n_asks - 1)
    expect(page.locator(".badge")).to_have_count(1)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_question_is_answered_by_one_tap_and_taken_back_by_one(visit, theme):
    page = visit(viewport={"width": 360, "height": 780}, color_scheme=theme)
    page.goto(DOUBTFUL_DAY)
    n_asks = page.locator(".leg-asks").count()
    question = page.locator(".leg-asks legend").first
    expect(question).to_have_text(re.compile(r"\w+( or |, )\w+.*\?"))
    red, green, blue = map(
        int,
        re.findall(r"\d+", question.evaluate("e => getComputedStyle(e).color"))[:3],
    )
    assert red < 1.5 * max(green, blue)  # doubt is no alarm
    answers = page.locator(".leg-asks").first.locator("button")
    assert 2 <= answers.count() <= 3
    for row in range(answers.count()):
        box = answers.nth(row).bounding_box()
        assert box is not None
        assert box["height"] >= 43.5
    answers.last.click()
    expect(page.locator(".leg-asks")).to_have_count(n_asks - 1)
    page.locator(".toast button").click()
    expect(page.locator(".leg-asks")).to_have_count(n_asks)


def test_an_open_leg_has_all_modes_and_asks_no_second_time(visit):
    page = visit()
    page.goto(DOUBTFUL_DAY)
    page.keyboard.press("e")
    expect(page.locator(".leg[open] + .leg-asks")).to_be_hidden()
    expect(page.locator(".leg[open] .mode-chips button").first).to_be_visible()
