"""What travelling costs: the tax scale, fares, passes, bikes; unknown stays unknown."""

from __future__ import annotations

from datetime import date
from math import isnan

import pytest

from estran.coach.garage import EMPTY, Garage, Pass, Vehicle
from estran.coach.money import cost_of, coster, pass_eur, period_cost
from estran.coach.prices import prices, read_prices
from estran.coach.summary import summarise
from estran.errors import ValueOutOfRange
from estran.journal import Journal, Leg, Mode, Place, Trip

PRICES = prices()
DAY = date(2026, 6, 10)
START_US = 1_781_078_400_000_000  # 2026-06-10 08:00 UTC


def leg(mode: Mode, km: float, **fields) -> Leg:
    return Leg(mode, START_US, START_US + 1_800_000_000, km * 1000.0, **fields)


def cost(one: Leg, garage: Garage = EMPTY):
    return cost_of(one, garage, PRICES, day=DAY)


@pytest.mark.parametrize(
    ("yearly_km", "eur"),
    [(4000, 2544), (5000, 3180), (5001, 3180.357), (12_000, 5679), (20_000, 8535),
     (25_000, 10_675)],
)  # fmt: skip
def test_the_tax_scale_as_published(yearly_km, eur):
    assert PRICES.yearly_eur(Mode.CAR, 5, yearly_km) == pytest.approx(eur)
    electric = PRICES.yearly_eur(Mode.CAR, 5, yearly_km, electric=True)
    assert electric == pytest.approx(1.2 * eur)


@pytest.mark.parametrize(("cv", "row"), [(1, 3), (3, 3), (4, 4), (9, 7)])
def test_a_power_beyond_the_scale_is_in_its_last_row(cv, row):
    assert PRICES.yearly_eur(Mode.CAR, cv, 1000) == PRICES.yearly_eur(Mode.CAR, row, 1000)


@pytest.mark.parametrize("cv", [3, 4, 5, 6, 7])
def test_one_kilometre_more_in_a_year_is_never_a_jump(cv):
    for km in (5000, 20_000):
        step = PRICES.yearly_eur(Mode.CAR, cv, km + 1) - PRICES.yearly_eur(Mode.CAR, cv, km)
        assert 0 <= step < 25


def test_a_car_of_ones_own_costs_by_the_scale_and_burns_at_the_margin():
    car = Vehicle("a", "car", Mode.CAR, energy="diesel", consumption_per_100km=5.0, fiscal_cv=5,
                  yearly_km=12_000)  # fmt: skip
    told = cost(leg(Mode.CAR, 100), Garage((car,)))
    assert told.basis == "scale"
    assert told.central_eur == pytest.approx(47.325)
    assert told.marginal_eur == pytest.approx(5 * PRICES.fuels["diesel"].eur_per_unit)
    assert told.low_eur < told.central_eur < told.high_eur
    shared = cost(leg(Mode.CAR, 100, occupants=2.0), Garage((car,)))
    assert shared.central_eur == pytest.approx(told.central_eur / 2)


def test_an_unsaid_power_and_distance_widen_the_interval():
    plain, told = (
        cost(leg(Mode.CAR, 10), Garage((car,)))
        for car in (
            Vehicle("a", "car", Mode.CAR),
            Vehicle("a", "car", Mode.CAR, fiscal_cv=5, yearly_km=12_000),
        )
    )
    assert plain.central_eur == told.central_eur
    assert plain.high_eur - plain.low_eur > 1.5 * (told.high_eur - told.low_eur)
    assert isnan(plain.marginal_eur)


@pytest.mark.parametrize(
    ("one", "eur"),
    [
        (leg(Mode.CAR, 10), 2.7),
        (leg(Mode.CAR, 100), 19.0),
        (leg(Mode.BUS, 10), 1.0),
        (leg(Mode.TRAIN, 500, train_kind="tgv"), 52.5),
        (leg(Mode.TRAIN, 100, train_kind="ter"), 10.0),
        (leg(Mode.COACH, 100), 7.0),
        (leg(Mode.PLANE, 1000), 120.0),
        (leg(Mode.WALK, 2), 0.0),
        (leg(Mode.E_BIKE, 100), 11.84),
    ],
)
def test_what_is_paid_by_the_kilometre(one, eur):
    told = cost(one)
    assert told.central_eur == pytest.approx(eur, abs=0.01)
    assert told.low_eur <= told.central_eur <= told.high_eur


@pytest.mark.parametrize(
    "one",
    [leg(Mode.FERRY, 5), leg(Mode.UNKNOWN, 5), leg(Mode.OTHER, 5), leg(Mode.E_SCOOTER, 2),
     leg(Mode.CAR, 5, shared=True), leg(Mode.BUS, float("nan"))],
)  # fmt: skip
def test_unknown_is_never_nothing(one):
    told = cost(one)
    assert told.basis == "unknown"
    assert isnan(told.central_eur)


def test_a_pass_makes_rides_free_and_is_paid_by_the_period():
    bought = Pass("p", "Yélo", (Mode.BUS,), 36.525, "month", date(2026, 6, 1))
    garage = Garage((), (bought,))
    assert cost(leg(Mode.BUS, 10), garage).marginal_eur == 0.0
    before = cost_of(leg(Mode.BUS, 10), garage, PRICES, day=date(2026, 5, 31))
    assert before.central_eur == pytest.approx(1.0)
    assert pass_eur(bought, date(2026, 5, 1), date(2026, 6, 10)) == pytest.approx(12.0)


def test_a_book_of_ten_pays_by_the_ride():
    ten = Pass("p", "ten rides", (Mode.BUS,), 13.0, "ten")
    assert cost(leg(Mode.BUS, 10), Garage((), (ten,))).central_eur == pytest.approx(1.3)


def test_a_period_sums_and_says_over_what_it_knows():
    legs = (leg(Mode.BUS, 10), leg(Mode.FERRY, 30))
    here = Place(46.0, -1.0)
    trip = Trip(START_US, START_US + 1_800_000_000, "Europe/Paris", here, here, legs)
    bought = Pass("p", "Yélo", (Mode.TRAM,), 36.525, "month")
    garage = Garage((), (bought,))
    summary = summarise(Journal((trip,)), DAY, DAY, costs=coster(garage, PRICES))
    told = period_cost(summary, garage)
    assert dict(told.modes)[Mode.BUS].central_eur == pytest.approx(1.0)
    assert told.total.central_eur == pytest.approx(2.2)
    assert told.total.known_share == pytest.approx(0.25)
    assert summary.total.cost == summary.months[0].total.cost
    assert summarise(Journal((trip,)), DAY, DAY).total.cost.known_m == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name = 1 =",
        'name = "x"\ntitle = "x"\nvalid_from = 2026-01-01\n[[rate]]\nmode = "bus"\ncentral = -1',
        'name = "x"\ntitle = "x"\nvalid_from = 2026-01-01\n[[rate]]\nmode = "cart"\ncentral = 1',
        """
        name = "x"
        title = "x"
        valid_from = 2026-01-01
        [[scale]]
        mode = "car"
        cv = 3
        bands = [[5000, 0.5, 0]]
        """,
        'name = "x"\ntitle = "x"\nvalid_from = 2026-01-01\n[bike.bike]\nprice_eur = 3',
    ],
)
def test_a_flawed_table_is_refused(text):
    with pytest.raises(ValueOutOfRange):
        read_prices(text)


def test_an_operators_table_stands_for_ours():
    told = read_prices(
        'name = "x"\ntitle = "x"\nvalid_from = 2026-01-01\n[[rate]]\nmode = "bus"\ncentral = 0.2'
    )
    assert cost_of(leg(Mode.BUS, 10), EMPTY, told, day=DAY).central_eur == pytest.approx(2.0)
    assert isnan(cost_of(leg(Mode.TRAM, 10), EMPTY, told, day=DAY).central_eur)
    car = Garage((Vehicle("a", "car", Mode.CAR),))
    assert isnan(cost_of(leg(Mode.CAR, 10), car, told, day=DAY).central_eur)
