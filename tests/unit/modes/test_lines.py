"""Evidence of lines: helps where it is there, says nothing where it is not."""

from __future__ import annotations

import numpy as np
import pytest
from tests.unit.modes.roads import NO_CLAIM, NONE_SAID, ride, trace_of

from estran.journal import Mode
from estran.modes import MODES, legs, reasons_of
from estran.network import LINE_MODES, NO_NETWORK, Line, lay, network_of
from estran.wording import REASONS, say

ROAD = (ride(11, 40, 15, 14),)


def way_of(trace):
    return np.stack([trace.lat_deg, trace.lon_deg], axis=1)[::20]


def laid(trace, mode, *, aside_deg=0.0, name="7"):
    way = np.add(way_of(trace), [0.0, aside_deg])
    return lay(network_of([Line(mode, name, [way], [False], range(len(way)))], way))


def longest(found):
    return int(np.argmax(found.end_us - found.start_us))


@pytest.mark.parametrize("mode", [Mode.BUS, Mode.TRAM, Mode.METRO, Mode.TRAIN])
def test_following_a_line_speaks_for_its_mode(mode):
    trace, trips = trace_of(*ROAD)
    bare = legs(trace, trips, NONE_SAID, NO_CLAIM)
    told = legs(trace, trips, NONE_SAID, NO_CLAIM, network=laid(trace, mode))
    column = MODES.index(mode)
    assert told.probability[longest(told), column] > bare.probability[longest(bare), column]


def test_keeping_off_the_lines_speaks_for_a_car():
    trace, trips = trace_of(*ROAD)
    bare = legs(trace, trips, NONE_SAID, NO_CLAIM)
    told = legs(trace, trips, NONE_SAID, NO_CLAIM, network=laid(trace, Mode.BUS, aside_deg=0.02))
    for private, sign in ((Mode.CAR, 1), (Mode.BUS, -1)):
        column = MODES.index(private)
        change = told.probability[longest(told), column] - bare.probability[longest(bare), column]
        assert sign * change > 0


def test_a_network_elsewhere_changes_nothing():
    trace, trips = trace_of(*ROAD)
    bare = legs(trace, trips, NONE_SAID, NO_CLAIM)
    for network in (laid(trace, Mode.TRAM, aside_deg=3.0), lay(NO_NETWORK)):
        told = legs(trace, trips, NONE_SAID, NO_CLAIM, network=network)
        assert (told.probability == bare.probability).all()
        assert reasons_of(told) == reasons_of(bare)


def test_a_ferry_is_known_by_its_line():
    speeds = (ride(7, 900, 60, 1, 0.05),)
    trace, trips = trace_of(*speeds)
    way = way_of(trace)[[0, -1]]
    network = lay(network_of([Line(Mode.FERRY, "F", [way], [True], [0, 1])], way))
    found = legs(trace, trips, NONE_SAID, NO_CLAIM, network=network)
    assert MODES[found.mode[longest(found)]] == Mode.FERRY


@pytest.mark.parametrize(("name", "code"), [("7", "line"), ("", "line-unnamed")])
def test_the_reason_names_the_line(name, code):
    trace, trips = trace_of(*ROAD)
    network = laid(trace, Mode.TRAM, name=name)
    found = legs(trace, trips, NONE_SAID, NO_CLAIM, network=network)
    reasons = {r.code: r for r in reasons_of(found)[longest(found)]}
    assert code in reasons
    assert name in say(REASONS, code, dict(reasons[code].params))


def test_no_trip_makes_no_leg():
    trace, _ = trace_of(*ROAD)
    from estran.modes import TripBounds  # noqa: PLC0415

    none = np.zeros(0, np.int64)
    found = legs(
        trace, TripBounds(none, none, none, none), NONE_SAID, NO_CLAIM,
        network=laid(trace, Mode.BUS),
    )  # fmt: skip
    assert len(found.mode) == 0
    assert reasons_of(found) == []
    assert len(LINE_MODES) == 6
