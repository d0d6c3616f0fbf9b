"""The whole way, on days made here."""

import numpy as np
from tests.synthetic import Day

from estran.analyse import analyse
from estran.carbon import factor_set
from estran.journal import Mode, Stay, Trip, Unknown


def test_a_ride_between_two_stays_is_one_trip():
    day = Day(seed=1)
    day.stay(3600).ride(east_m=5000, speed_mps=10).stay(3600)

    journal = analyse(day.evidence(), factors=factor_set())

    assert [type(e) for e in journal.entries] == [Stay, Trip, Stay]
    trip = journal.trips[0]
    assert abs(trip.distance_m - 5000) < 300
    assert abs((trip.started_us - day.borders_us[0]) / 1e6) < 60
    assert abs((trip.ended_us - day.borders_us[1]) / 1e6) < 60
    assert trip.co2e is not None
    assert trip.tz == "Europe/Paris"


def test_a_flight_in_a_gap_is_proposed():
    day = Day(seed=2)
    day.stay(3600).gap(east_m=600_000, seconds=6000).stay(3600)

    journal = analyse(day.evidence())

    assert [type(e) for e in journal.entries] == [Stay, Trip, Stay]
    assert journal.trips[0].legs[0].mode is Mode.PLANE
    assert abs(journal.trips[0].distance_m - 600_000) < 10_000


def test_a_silence_between_distant_places_is_unknown():
    day = Day(seed=3)
    day.stay(3600).gap(east_m=40_000, seconds=8 * 3600).stay(3600)

    journal = analyse(day.evidence())

    assert [type(e) for e in journal.entries] == [Stay, Unknown, Stay]


def test_still_phones_make_no_trip():
    day = Day(seed=4, noise_m=40.0)
    day.stay(12 * 3600, every_s=60)

    journal = analyse(day.evidence())

    assert [type(e) for e in journal.entries] == [Stay]
    assert isinstance(journal.entries[0], Stay)
    assert np.isfinite(journal.entries[0].radius_m)


def test_the_length_given_as_a_reason_is_the_one_shown():
    day = Day(seed=6, noise_m=25.0)
    day.stay(3600).ride(east_m=900, speed_mps=1.4, every_s=5.0).stay(3600)
    legs = [leg for trip in analyse(day.evidence()).trips for leg in trip.legs]
    told = [(leg, dict(r.params)) for leg in legs for r in leg.reasons if r.code == "distance"]
    assert told
    for leg, params in told:
        assert params["distance_km"] == round(leg.distance_m / 1000, 1)
