"""Zones: nothing inside one never kept, all blurred at the centre, ways from edge to edge."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.coach.carving import carved, erased, joined, replaced
from estran.geo.distance import distances_m
from estran.journal import Leg, Mode, Path, Place, Stay, Trip, Unknown
from estran.privacy import (
    Keeps,
    Zone,
    crossed,
    shifted,
    veiled,
    veiled_claims,
    veiled_entries,
    within,
)
from estran.trace import Claims, Positions, Trace
from estran.vault.chunks import columns_of

LAT, LON = 46.16, -1.15


@st.composite
def zones(draw, most=3):
    return [
        Zone(
            id=str(n),
            name=f"place {n}",
            lat_deg=LAT + draw(st.floats(-0.02, 0.02)),
            lon_deg=LON + draw(st.floats(-0.02, 0.02)),
            radius_m=draw(st.floats(100, 2000)),
            keeps=draw(st.sampled_from(list(Keeps))),
        )
        for n in range(draw(st.integers(1, most)))
    ]


@st.composite
def positions(draw, most=60):
    n = draw(st.integers(1, most))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    return Positions.of(
        np.arange(n) * 10_000_000,
        LAT + np.cumsum(rng.normal(0, 0.002, n)),
        LON + np.cumsum(rng.normal(0, 0.003, n)),
        speed_mps=rng.uniform(0, 9, n).astype("f4"),
        altitude_m=rng.uniform(0, 90, n).astype("f4"),
    )


def inside_m(lat_deg, lon_deg, zone):
    """How deep in a zone, by the plain distance: positive inside."""
    return zone.radius_m - distances_m(
        lat_deg, lon_deg, np.array(zone.lat_deg), np.array(zone.lon_deg)
    )


@given(positions(), zones())
def test_no_kept_position_lies_inside_a_zone_never_kept_even_after_rounding(at, chosen):
    seen = veiled(at, chosen).positions
    rows = columns_of(seen)
    for zone in chosen:
        if zone.keeps is Keeps.NOTHING:
            depth_m = inside_m(rows["lat_e7"] / 1e7, rows["lon_e7"] / 1e7, zone)
            assert not (depth_m > 0).any()


@given(positions(), zones())
def test_blurred_positions_are_exactly_a_centre_and_tell_no_movement(at, chosen):
    seen, n_blurred, n_dropped = veiled(at, chosen)
    assert len(seen) == len(at) - n_dropped
    centres = {(z.lat_deg, z.lon_deg) for z in chosen if z.keeps is Keeps.CENTRE}
    moved = 0
    known = {t: (a, b) for t, a, b in zip(at.time_us, at.lat_deg, at.lon_deg, strict=True)}
    for row, time_us in enumerate(seen.time_us):
        here = float(seen.lat_deg[row]), float(seen.lon_deg[row])
        if here in centres:
            moved += 1
            assert np.isnan(seen.speed_mps[row])
            assert np.isnan(seen.altitude_m[row])
        else:
            assert here == known[time_us]  # untouched
            for zone in chosen:
                assert inside_m(seen.lat_deg[[row]], seen.lon_deg[[row]], zone)[0] <= 0
    assert moved == n_blurred


def test_of_two_places_with_one_centre_the_wider_says_its_size():
    at = Positions.of([0, 1], [46.16037811, 46.16], [-1.15156825, -1.15])
    inner = Zone(id="0", name="", lat_deg=46.16, lon_deg=-1.15, radius_m=100.0, keeps=Keeps.CENTRE)
    for chosen in (
        [inner, replace(inner, radius_m=128.0)],
        [replace(inner, radius_m=128.0), inner],
    ):
        assert veiled(at, chosen).positions.accuracy_m.tolist() == [128.0, 128.0]


@given(positions(), zones())
def test_veiling_twice_changes_nothing_more(at, chosen):
    once = veiled(at, chosen).positions
    twice = veiled(once, chosen)
    assert twice.positions == once
    assert twice.n_dropped == 0


def trip_along(at):
    path = Path(at.time_us, at.lat_deg, at.lon_deg)
    leg = Leg(Mode.BIKE, int(at.time_us[0]), int(at.time_us[-1]), 900.0, path, n_positions=len(at))
    ends = [Place(float(at.lat_deg[r]), float(at.lon_deg[r])) for r in (0, -1)]
    return Trip(leg.started_us, leg.ended_us, "UTC", ends[0], ends[1], (leg,))


@given(positions(), zones())
def test_no_vertex_of_a_way_lies_inside_and_its_ends_are_at_the_edge(at, chosen):
    trip = trip_along(at)
    [seen] = veiled_entries([trip], chosen)
    assert isinstance(seen, Trip)
    path = seen.legs[0].path
    for zone in chosen:
        assert not within(path.lat_deg, path.lon_deg, zone).any()
        for end in (seen.origin, seen.destination):
            if zone.keeps is Keeps.NOTHING and len(chosen) == 1:
                here = np.array([end.lat_deg]), np.array([end.lon_deg])
                assert not within(*here, zone)[0]
    assert seen.legs[0].distance_m <= 900.0
    if len(chosen) == 1 and len(path) and within(at.lat_deg[:1], at.lon_deg[:1], chosen[0])[0]:
        depth_m = inside_m(path.lat_deg[:1], path.lon_deg[:1], chosen[0])[0]
        assert -1.0 < depth_m <= 0  # the first vertex is the edge


@given(zones(most=1), st.integers(0, 2**32))
def test_a_shifted_zone_still_holds_what_it_was_drawn_around(chosen, seed):
    [zone] = chosen
    moved = shifted(zone, np.random.default_rng(seed))
    at = np.array([zone.lat_deg]), np.array([zone.lon_deg])
    assert 0.55 * zone.radius_m < inside_m(*at, moved)[0]


@given(positions(), zones())
def test_claims_tell_no_place_inside(at, chosen):
    n = len(at)
    claims = Claims(
        at.time_us, at.time_us + 5, (np.arange(n) % 2).astype("i1"), np.zeros(n, "i1"),
        np.full(n, np.nan, "f4"),
        np.zeros(n, "?"), at.lat_deg, at.lon_deg, at.lat_deg, at.lon_deg, np.full(n, 50.0, "f4"),
        np.zeros(n, "i2"),
    )  # fmt: skip
    seen, n_dropped = veiled_claims(claims, chosen)
    assert len(seen) == n - n_dropped
    centres = {(z.lat_deg, z.lon_deg) for z in chosen if z.keeps is Keeps.CENTRE}
    for lat, lon in ((seen.lat_deg, seen.lon_deg), (seen.end_lat_deg, seen.end_lon_deg)):
        for zone in chosen:
            rows = np.flatnonzero(within(lat, lon, zone))
            if zone.keeps is Keeps.NOTHING:
                assert not rows.size
            else:
                assert {(float(lat[r]), float(lon[r])) for r in rows} <= centres


def test_passing_through_a_blurred_zone_leaves_no_jump():
    zone = Zone(id="1", name="", lat_deg=LAT, lon_deg=LON, radius_m=500, keeps=Keeps.CENTRE)
    n = 200  # 12 m/s, straight through
    at = Positions.of(
        np.arange(n) * 1_000_000, np.full(n, LAT), LON + (np.arange(n) - n / 2) * 12 / 77_000
    )
    seen = crossed(Trace.sorted_from(veiled(at, [zone]).positions), [zone])
    steps_m = distances_m(seen.lat_deg[:-1], seen.lon_deg[:-1], seen.lat_deg[1:], seen.lon_deg[1:])
    speeds = steps_m / (np.diff(seen.time_us) / 1e6)
    assert speeds.max() < 13
    assert 90 < len(seen) < n


def test_a_stay_in_a_blurred_zone_remains_after_crossing():
    zone = Zone(id="1", name="", lat_deg=LAT, lon_deg=LON, radius_m=300, keeps=Keeps.CENTRE)
    away = np.concatenate([np.linspace(900, 0, 90), np.zeros(360), np.linspace(0, 900, 90)])
    at = Positions.of(np.arange(540) * 10_000_000, LAT + away / 111_200, np.full(540, LON))
    seen = crossed(Trace.sorted_from(veiled(at, [zone]).positions), [zone])
    steps_m = distances_m(seen.lat_deg[:-1], seen.lon_deg[:-1], seen.lat_deg[1:], seen.lon_deg[1:])
    assert (steps_m / (np.diff(seen.time_us) / 1e6)).max() < 1.3
    assert (seen.lat_deg == LAT).sum() > 350


spans = st.lists(st.tuples(st.integers(0, 600), st.integers(0, 600)), max_size=4).map(
    lambda rows: joined((a * 1_000_000, b * 1_000_000) for a, b in rows)
)


@given(positions(), spans)
def test_carving_leaves_nothing_in_the_spans_and_keeps_the_rest(at, gone):
    trip = trip_along(at)
    stay = Stay(trip.ended_us, trip.ended_us + 300_000_000, "UTC", trip.destination, 40.0)
    left = carved([trip, stay], gone)
    for entry in left:
        for start_us, end_us in gone:
            assert entry.ended_us <= start_us or entry.started_us >= end_us
        if isinstance(entry, Trip):
            for leg in entry.legs:
                assert entry.started_us <= leg.started_us <= leg.ended_us <= entry.ended_us
    told = erased([trip, stay], gone)
    whole_us = sum(e.ended_us - e.started_us for e in told)
    assert whole_us == stay.ended_us - trip.started_us or trip.started_us == trip.ended_us
    assert all(e.reason in {"erased", "gap"} for e in told if isinstance(e, Unknown))


@settings(max_examples=50)
@given(positions(), spans)
def test_kept_entries_take_the_place_of_others(at, gone):
    trip = trip_along(at)
    other = Unknown(trip.started_us, trip.ended_us, "UTC")
    put = replaced([other], gone, [trip])
    order = [(e.started_us, e.ended_us) for e in put]
    assert order == sorted(order)
    assert all(a[1] <= b[0] for a, b in pairwise(order))
