"""A made-up week with a private home: the same trips, told from edge to edge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from estran.analyse import analyse
from estran.example import evidence
from estran.geo.distance import distance_m
from estran.journal import Stay, Trip, Unknown
from estran.privacy import Keeps, Zone, crossed, shifted, veiled, veiled_entries
from estran.trace import Trace


@pytest.fixture(scope="module")
def week():
    seen, _ = evidence(date(2025, 6, 16), date(2025, 6, 19))
    return seen, analyse(seen)


def as_seen(week, zone):
    seen, plain = week
    trace = Trace.sorted_from(veiled(seen.trace, [zone]).positions)
    made = analyse(replace(seen, trace=crossed(trace, [zone])))
    return plain, veiled_entries(made.entries, [zone])


def home_of(week, radius_m, keeps):
    home = next(e for e in week[1].entries if isinstance(e, Stay)).at
    return Zone(
        id="1", name="Home", lat_deg=home.lat_deg, lon_deg=home.lon_deg,
        radius_m=radius_m, keeps=keeps,
    )  # fmt: skip


@pytest.mark.parametrize("radius_m", [300.0, 800.0])
def test_a_blurred_home_leaves_the_same_trips_and_named_nights(week, radius_m):
    zone = shifted(home_of(week, radius_m, Keeps.CENTRE), np.random.default_rng(3))
    plain, told = as_seen(week, zone)
    trips = [e for e in told if isinstance(e, Trip)]
    assert len(trips) == len(plain.trips)
    for old, new in zip(plain.trips, trips, strict=True):
        assert abs(old.started_us - new.started_us) < 300e6
        assert abs(old.ended_us - new.ended_us) < 300e6
        assert new.distance_m <= old.distance_m + 50
    at_home = [e for e in told if isinstance(e, Stay) and e.place == "Home"]
    assert len(at_home) >= 4
    assert all(e.at.lat_deg == zone.lat_deg for e in at_home)


@pytest.mark.parametrize("radius_m", [300.0, 800.0])
def test_a_home_never_kept_is_a_gap_and_no_stay_at_its_edge(week, radius_m):
    zone = home_of(week, radius_m, Keeps.NOTHING)
    plain, told = as_seen(week, zone)
    assert len([e for e in told if isinstance(e, Trip)]) == len(plain.trips)
    for entry in told:
        if isinstance(entry, Stay):
            away_m = distance_m(entry.at.lat_deg, entry.at.lon_deg, zone.lat_deg, zone.lon_deg)
            assert away_m > radius_m + 200
    assert "never-kept" in {e.reason for e in told if isinstance(e, Unknown)}
