"""Tickets on a phone: pasted, mapped, typed, written for; in both languages, axe clean."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import expect

from estran.tickets.stations import StationList, to_bytes
from tests.browser.conftest import started
from tests.browser.steps import sign_up
from tests.browser.test_accessible import violations
from tests.unit.tickets.lists import STATIONS

MESSAGE = """Dossier : QWERTY
Lundi 1 juin 2026
08h00 La Rochelle Ville
TGV INOUI 8361
10h30 Paris Montparnasse
"""
TABLE = (
    "Date;Heure départ;Gare de départ;Heure arrivée;Gare d'arrivée;Train\n"
    "02/06/2026;17:00;Paris Montparnasse;19:30;La Rochelle Ville;8380\n"
    "soon;8:00;Niort;9:00;Poitiers;1\n"
)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tickets")
    (folder / "data" / "stations").mkdir(parents=True, mode=0o700)
    (folder / "data").chmod(0o700)
    path = folder / "data" / "stations" / "small.stations"
    path.write_bytes(to_bytes(StationList(STATIONS, "Us", "CC0")))
    with started(folder) as address:
        yield address


@pytest.fixture
def phone(chromium, place):
    def opened(locale: str, scheme: str = "light"):
        context = chromium.new_context(
            base_url=place, locale=locale, color_scheme=scheme,
            viewport={"width": 360, "height": 740},
        )  # fmt: skip
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        return page, wrong

    return opened


def looks_well(page, shots, name):
    assert violations(page) == [], name
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{name} is {wide} px too wide"
    if shots:
        page.screenshot(path=f"{shots}/{name}.png", full_page=True)


def test_every_page_of_tickets_in_english(phone, tmp_path):  # noqa: PLR0915 - page by page
    shots = os.environ.get("ESTRAN_TEST_SHOTS", "")
    page, wrong = phone("en-GB")
    sign_up(page)
    page.goto("/tickets/")
    looks_well(page, shots, "hub")
    page.get_by_role("link", name="A confirmation").click()
    page.get_by_label("The text of the confirmation").fill(MESSAGE)
    looks_well(page, shots, "message")
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_label("Where from")).to_have_value("La Rochelle Ville")
    expect(page.get_by_label("Train, line or flight")).to_have_value("8361")
    looks_well(page, shots, "proposed")
    page.get_by_role("button", name="Yes, keep them").click()
    expect(page.locator(".messages")).to_contain_text("1 ticket was kept.")
    page.goto("/tickets/table/")
    looks_well(page, shots, "table")
    table = tmp_path / "trips.csv"
    table.write_text(TABLE, encoding="utf-8")
    page.locator("input[type=file]").set_input_files(str(table))
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("1 journey can be read.")).to_be_visible()
    expect(page.get_by_text("This is no day that Estran can read: “soon”.")).to_be_visible()
    looks_well(page, shots, "look")
    page.get_by_role("button", name="Yes, keep what can be read").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 line was kept")
    looks_well(page, shots, "kept")
    page.goto("/tickets/add/")
    page.get_by_label("Where from").press_sequentially("st etien")
    expect(page.locator("datalist option").first).to_have_attribute(
        "value", "Saint-Étienne Châteaucreux"
    )
    looks_well(page, shots, "hand")
    page.goto("/tickets/regular/add/")
    looks_well(page, shots, "habit")
    page.get_by_label("What", exact=True).select_option("telework")
    page.get_by_label("Friday").check()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("main")).to_contain_text("Telework")
    looks_well(page, shots, "habits")
    page.goto("/tickets/letters/add/")
    looks_well(page, shots, "letter-add")
    page.get_by_role("button", name="Make the letter").click()
    expect(page.locator(".letter")).to_contain_text("Yours faithfully")
    looks_well(page, shots, "letter")
    page.goto("/tickets/letters/")
    looks_well(page, shots, "letters")
    page.goto("/tickets/")
    expect(page.locator(".tickets li")).to_have_count(2)
    looks_well(page, shots, "hub-full")
    page.goto("/journal/2026-06-01/")
    expect(page.get_by_role("main")).to_contain_text("Declared", timeout=60_000)
    looks_well(page, shots, "day")
    assert wrong == []


def test_in_french_and_without_javascript(chromium, place):
    context = chromium.new_context(
        base_url=place, locale="fr-FR", java_script_enabled=False,
        viewport={"width": 360, "height": 740},
    )  # fmt: skip
    page = context.new_page()
    page.goto("/account/signup/")
    page.locator("[name=email]").fill("sans@example.org")
    page.locator("[name=password1]").fill("cinq coups de cloche")
    page.locator("main button[type=submit]").first.click()
    page.locator("input[name=noted]").check()
    page.locator("main button[type=submit]").last.click()
    page.goto("/tickets/add/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Saisir un billet à la main")
    page.locator("[name=day]").fill("2026-06-03")
    page.locator("[name=origin]").fill("paris")
    page.locator("[name=departs]").fill("17:10")
    page.locator("[name=destination]").fill("La Rochelle Ville")
    page.locator("main form .button-main").first.click()
    expect(page.locator(".error")).to_contain_text("Plusieurs lieux")
    page.locator("select[name=origin]").select_option(index=1)
    page.locator("main form .button-main").first.click()
    expect(page.locator(".messages")).to_contain_text("C’est noté")
    context.close()
