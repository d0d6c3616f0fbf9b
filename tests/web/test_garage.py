"""A person's vehicles, from the page to the journal and its sums."""

from __future__ import annotations

import re
from datetime import date

import pytest

from estran.coach.money import period_cost
from estran.journal import Mode
from estran.web.garage.documents import read_garage
from estran.web.me import work
from estran.web.me.documents import read_calendar
from estran.web.me.summing import read_period, refresh_months

from .conftest import track
from .test_imports import vault_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)
JUNE = date(2026, 6, 1), date(2026, 6, 30)


@pytest.fixture
def driver(alice, work_off):
    alice.bring(("a.json", track(day=str(DAY))))
    work_off()
    vault = vault_of(alice)
    for trip in work.journal(vault, DAY, DAY).trips:
        for leg in trip.legs:
            work.correct_mode(vault, start_us=leg.started_us, end_us=leg.ended_us, mode=Mode.CAR)
    return alice


def legs(who):
    journal = work.journal(vault_of(who), DAY, DAY)
    return [leg for trip in journal.trips for leg in trip.legs if leg.mode is Mode.CAR]


def post(who, path, **fields):
    answer = who.client.post(path, fields)
    assert answer.status_code == 302, answer.content.decode()
    return answer


def test_a_car_said_once_counts_in_journal_and_sums(driver):
    vault = vault_of(driver)
    before = read_period(vault, *JUNE)
    assert before.total.cost.known_m == before.total.distance_m > 0
    post(driver, "/vehicles/add/car/", name="Zoé", vehicle="small", energy="electric",
         occupants="2", fiscal_cv="5", yearly_km="12000")  # fmt: skip
    told = legs(driver)
    assert {(leg.vehicle, leg.energy, leg.occupants) for leg in told} == {("small", "electric", 2)}
    after = read_period(vault, *JUNE)
    assert after.total.co2e.central_g < before.total.co2e.central_g
    assert after == read_period(vault, JUNE[0], JUNE[1])
    km = after.total.distance_m / 1000
    cost = period_cost(after, read_garage(vault)).total
    assert cost.central_eur == pytest.approx(5679 / 12_000 * 1.2 / 2 * km)
    assert "Zoé" in driver.client.get("/vehicles/").content.decode()
    day = driver.client.get(f"/journal/{DAY}/").content.decode()
    assert "Zoé" in day
    assert "tout compris" in day


def test_a_car_sold_leaves_the_past(driver):
    post(driver, "/vehicles/add/car/", name="Old", energy="diesel")
    [old] = read_garage(vault_of(driver)).vehicles
    post(driver, f"/vehicles/{old.id}/change/", name="New", energy="electric",
         from_day="2026-06-02")  # fmt: skip
    assert {leg.energy for leg in legs(driver)} == {"diesel"}
    ended, new = read_garage(vault_of(driver)).vehicles
    assert ended.until_day == DAY
    assert new.name == "New"
    post(driver, f"/vehicles/{old.id}/", remove="yes")
    assert {leg.energy for leg in legs(driver)} == {""}


def test_what_was_said_of_a_leg_wins(driver):
    leg = legs(driver)[0]
    work.say(vault_of(driver), [
        work.new_correction(kind="vehicle", start_us=leg.started_us, end_us=leg.ended_us,
                            vehicle="suv", energy="petrol"),
    ])  # fmt: skip
    post(driver, "/vehicles/add/car/", name="Zoé", vehicle="small", energy="electric")
    assert (legs(driver)[0].vehicle, legs(driver)[0].energy) == ("suv", "petrol")


def test_a_pass_and_habits_are_kept(driver):
    post(driver, "/vehicles/pass/add/", name="Yélo", modes=["bus", "train"], price_eur="34.5",
         per="month", from_day="2026-01-01")  # fmt: skip
    post(driver, "/vehicles/", aboard="3", bike_is="on", weight_kg="61.5")
    garage = read_garage(vault_of(driver))
    assert garage.passes[0].modes == (Mode.BUS, Mode.TRAIN)
    assert garage.habits.weight_kg == 61.5
    assert {leg.occupants for leg in legs(driver)} == {3.0}
    page = driver.client.get("/vehicles/").content.decode()
    assert "34" in page
    assert "61.5" in page
    post(driver, f"/vehicles/pass/{garage.passes[0].id}/", remove="yes")
    assert read_garage(vault_of(driver)).passes == ()


def test_energy_of_a_walk_follows_the_weight(alice, work_off):
    alice.bring(("a.json", track(day=str(DAY))))
    work_off()
    vault = vault_of(alice)
    leg = work.journal(vault, DAY, DAY).trips[0].legs[0]
    work.correct_mode(vault, start_us=leg.started_us, end_us=leg.ended_us, mode=Mode.WALK)

    def kcal():
        page = alice.client.get(f"/journal/{DAY}/").content.decode()
        found = re.search(r"environ (\d+)\s*kcal", page.replace("\u202f", ""))
        assert found is not None
        return int(found[1])

    mean = kcal()
    post(alice, "/vehicles/", weight_kg="37.1")
    assert abs(kcal() - mean / 2) <= 10


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/vehicles/add/car/", {"consumption_per_100km": "-3"}),
        ("/vehicles/add/car/", {"energy": "steam"}),
        ("/vehicles/add/car/", {"occupants": "0"}),
        ("/vehicles/add/car/", {"from_day": "2026-06-02", "until_day": "2026-06-01"}),
        ("/vehicles/pass/add/", {"name": "x", "price_eur": "10", "per": "month"}),
        ("/vehicles/pass/add/", {"name": "x", "price_eur": "nan", "per": "week", "modes": "bus"}),
        ("/vehicles/", {"weight_kg": "3"}),
    ],
)
def test_what_cannot_be_is_refused_in_words(alice, path, fields):
    answer = alice.client.post(path, fields)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert read_garage(vault_of(alice)).vehicles == ()


def test_an_unknown_kind_of_vehicle_has_no_page(alice):
    assert alice.client.get("/vehicles/add/rocket/").status_code == 404


def test_an_operators_prices_count_and_flawed_ones_do_not(driver, data, caplog):
    vault = vault_of(driver)
    table = 'name = "x"\ntitle = "x"\nvalid_from = 2026-01-01\n[[rate]]\nmode = "car"\ncentral = 1'
    (data / "prices.toml").write_text(table)
    refresh_months(vault, read_calendar(vault).dates())
    told = read_period(vault, *JUNE).total
    assert told.cost.central_eur == pytest.approx(told.distance_m / 1000)
    (data / "prices.toml").write_text("not a table")
    refresh_months(vault, read_calendar(vault).dates())
    assert read_period(vault, *JUNE).total.cost.central_eur < told.cost.central_eur
    assert "prices" in caplog.text
