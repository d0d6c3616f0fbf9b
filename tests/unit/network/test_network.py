from __future__ import annotations

import numpy as np
import pytest

from estran.geo.compiled import plain
from estran.journal import Mode
from estran.network import (
    LINE_MODES,
    NO_NETWORK,
    Line,
    Walked,
    _kernels,
    follow,
    from_bytes,
    lay,
    network_of,
    to_bytes,
    united,
)

STREET = np.array([[46.16 + i * 0.001, -1.15] for i in range(31)])
"""3.3 km north."""
STOPS = STREET[::5]
RAILS = np.add(STREET, [0.0, 0.02])


def network():
    return network_of(
        [
            Line(Mode.BUS, "1A", [STREET], [False], range(len(STOPS))),
            Line(Mode.TRAIN, "", [RAILS], [False], []),
        ],
        STOPS,
    )


def walked(points, *, step_s=10, stand_s=0, at=()):
    """Pass through points, standing at some of them."""
    lasts = np.where(np.isin(np.arange(len(points)), at), stand_s, 0)
    rows, now = [], 0
    for (lat, lon), stands in zip(points, lasts, strict=True):
        rows.append((now, lat, lon))
        if stands:
            now += int(stands)
            rows.append((now, lat, lon))
        now += step_s
    time_s, lat, lon = np.array(rows, float).T
    time_us = (time_s * 1e6).astype(np.int64)
    accuracy = np.full(lat.size, 10, np.float32)
    return Walked(time_us, lat, lon, accuracy, time_us[:1], time_us[-1:])


def test_a_network_goes_through_its_file_unchanged():
    held = from_bytes(to_bytes(network()))
    assert held.digest == network().digest
    assert held.line_name == ("1A", "")
    assert from_bytes(to_bytes(NO_NETWORK)).line_name == ()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"hello"])
def test_another_file_is_not_taken_for_a_network(content):
    with pytest.raises(ValueError, match="network"):
        from_bytes(content)
    with pytest.raises(ValueError, match="network"):
        from_bytes(to_bytes(network())[:200])


def test_the_digest_tells_networks_apart():
    other = network_of([Line(Mode.BUS, "1B", [STREET], [False], [])], STOPS)
    assert len({network().digest, other.digest, united([network(), other]).digest}) == 3
    assert united([network(), NO_NETWORK]).digest == network().digest


def test_a_ride_along_the_street_follows_its_bus():
    found = follow(walked(STREET, stand_s=20, at=(5, 10, 12)), lay(network()))
    bus, train = LINE_MODES.index(Mode.BUS), LINE_MODES.index(Mode.TRAIN)
    assert found.line[0, bus] == 0
    assert found.near_share[0, bus] == pytest.approx(1.0)
    assert max(found.start_m[0, bus], found.end_m[0, bus]) < 1.0
    assert (found.n_stood[0, bus], found.n_stood_at_stop[0, bus]) == (3, 2)
    assert found.line[0, train] == -1
    assert found.covered[0].tolist() == [m in (Mode.BUS, Mode.TRAIN) for m in LINE_MODES]


def test_a_street_beside_is_not_the_line():
    found = follow(walked(np.add(STREET, [0.0, 0.004])), lay(network()))
    assert found.near_share[0, LINE_MODES.index(Mode.BUS)] == 0.0


def test_nothing_is_covered_far_away():
    found = follow(walked(np.add(STREET, [3.0, 0.0])), lay(network()))
    assert not found.covered.any()
    assert (found.line == -1).all()


def test_no_fix_and_no_network_are_no_fault():
    none = np.zeros(0)
    empty = Walked(
        none.astype(np.int64), none, none, none.astype(np.float32),
        np.array([0]), np.array([10]),
    )  # fmt: skip
    assert (follow(empty, lay(network())).line == -1).all()
    assert (follow(walked(STREET), lay(NO_NETWORK)).line == -1).all()


def test_cells_along_a_line_equal_the_plain_twin():
    lat, lon = np.ascontiguousarray(STREET[:, 0]), np.ascontiguousarray(STREET[:, 1])
    for wide in (0, 1):
        quick = _kernels.cells_along(lat, lon, 50.0, wide)
        assert quick.tolist() == plain(_kernels.cells_along)(lat, lon, 50.0, wide).tolist()


def test_every_position_of_a_line_is_in_or_beside_its_cells():
    rng = np.random.default_rng(3)
    for lat0 in (-60.0, 0.0, 46.0, 70.0):
        way = np.add(np.cumsum(rng.normal(0, 0.002, (20, 2)), axis=0), [lat0, 8.0])
        laid = lay(network_of([Line(Mode.TRAM, "T", [way], [False], [])], np.zeros((0, 2))))
        share = rng.random(19)[:, None]
        on = way[:-1] + share * np.diff(way, axis=0)
        found = follow(walked(on), laid)
        assert found.near_share[0, LINE_MODES.index(Mode.TRAM)] == pytest.approx(1.0)
