"""What holds of every footprint."""

from __future__ import annotations

from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estran.carbon import factor_set, factor_set_names, footprint
from estran.travel import Mode

FR = factor_set()
distances_m = st.floats(0, 20_000_000)
sets = st.sampled_from([factor_set(name) for name in factor_set_names()])
modes = st.sampled_from(list(Mode))


@given(distances_m, distances_m, st.booleans())
def test_a_longer_flight_never_shows_less(a_m, b_m, contrails):
    shorter, longer = (
        footprint(Mode.PLANE, d, factors=FR, contrails=contrails) for d in sorted((a_m, b_m))
    )
    for figure in ("low_g", "central_g", "high_g", "use_g", "manufacture_g", "contrails_g"):
        assert getattr(shorter, figure) <= getattr(longer, figure) + 1e-6, figure


@given(st.floats(0, 19_999_000))
def test_a_flight_has_no_step(distance_m):
    here, a_kilometre_on = (
        footprint(Mode.PLANE, d, factors=FR).central_g for d in (distance_m, distance_m + 1000)
    )
    # At most twice the dearest band by the kilometre, where the detour still grows.
    assert a_kilometre_on - here <= 2 * 289.0 + 1e-6


@given(modes, distances_m, sets)
def test_interval_holds_the_central_figure_and_parts_sum_to_it(mode, distance_m, factors):
    co2e = footprint(mode, distance_m, factors=factors)
    assert 0 <= co2e.low_g <= co2e.central_g <= co2e.high_g
    parts = (co2e.use_g, co2e.upstream_g, co2e.manufacture_g, co2e.contrails_g)
    assert sum(p for p in parts if not isnan(p)) == pytest.approx(co2e.central_g, abs=1e-6)


@given(
    modes.filter(lambda mode: mode is not Mode.PLANE),
    st.floats(0, 149_000),
    st.sampled_from(["tgv", "ter"]),
    st.floats(1, 9),
)
def test_ground_modes_are_proportional_when_all_is_said(mode, distance_m, train_kind, occupants):
    one, two = (
        footprint(mode, d, factors=FR, occupants=occupants, train_kind=train_kind).central_g
        for d in (distance_m, 2 * distance_m)
    )
    assert two == pytest.approx(2 * one)


@given(st.floats(0, 2_000_000), st.integers(1, 9))
def test_occupants_share_the_vehicle_exactly(distance_m, occupants):
    alone, each = (
        footprint(Mode.CAR, distance_m, factors=FR, occupants=n).central_g for n in (1, occupants)
    )
    assert each * occupants == pytest.approx(alone)
