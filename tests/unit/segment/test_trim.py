"""Waits at the ends of trips belong to stays; a trip that only waits is none."""

import numpy as np
import pytest
from tests.synthetic import Day

from estran.segment import STAY, TRIP, UNKNOWN, Segments
from estran.segment.trim import trimmed
from estran.segment.values import CLAIM, GAP, PLAIN, Row

MINUTE_US = 60_000_000
HERE = (46.0, -0.5, 10.0)
NOWHERE = (np.nan, np.nan, np.nan)


@pytest.fixture(scope="module")
def trace():
    return Day(seed=1).stay(7200, every_s=60).trace()


def made(trace, *rows, reason=PLAIN):
    """Make segments of kinds and their lengths in minutes."""
    start_us, out = int(trace.time_us[0]), []
    for kind, minutes in rows:
        end_us = start_us + minutes * MINUTE_US
        first, last = np.searchsorted(trace.time_us, (start_us, end_us)).tolist()
        place = HERE if kind == STAY else NOWHERE
        why = GAP if kind == UNKNOWN else reason if kind == TRIP else PLAIN
        out.append(Row(kind, start_us, end_us, first, last, *place, why))
        start_us = end_us
    return Segments.of(out)


def legs_of(segments, *trips):
    """Make the legs of each trip, of lengths in minutes; a negative one is a wait."""
    rows = []
    begins_us = segments.start_us[segments.kind == TRIP].tolist()
    for nth, (begin_us, lengths) in enumerate(zip(begins_us, trips, strict=True)):
        ends_us = begin_us + np.cumsum(np.abs(lengths)) * MINUTE_US
        starts_us = np.append(begin_us, ends_us[:-1])
        rows += [
            (nth, a, b, minutes < 0)
            for a, b, minutes in zip(starts_us, ends_us, lengths, strict=True)
        ]
    trip, start, end, waits = zip(*rows, strict=True)
    return np.array(trip), np.array(start), np.array(end), np.array(waits)


def told(segments):
    lengths = (segments.end_us - segments.start_us) // MINUTE_US
    return [(int(k), int(m)) for k, m in zip(segments.kind, lengths, strict=True)]


def test_waits_at_both_ends_join_the_stays(trace):
    segments = made(trace, (STAY, 30), (TRIP, 30), (STAY, 30))

    after, rows, trip = trimmed(segments, trace, *legs_of(segments, (-4, 10, -5, 8, -3)))

    assert told(after) == [(STAY, 34), (TRIP, 23), (STAY, 33)]
    assert rows.tolist() == [1, 2, 3]
    assert trip.tolist() == [0, 0, 0]
    assert after.last[0] == after.first[1] == 34


def test_a_trip_that_only_waits_is_time_at_the_place(trace):
    segments = made(trace, (STAY, 30), (TRIP, 10), (STAY, 30), (TRIP, 10), (STAY, 10))

    after, rows, trip = trimmed(segments, trace, *legs_of(segments, (-10,), (10,)))

    assert told(after) == [(STAY, 70), (TRIP, 10), (STAY, 10)]
    assert (rows.tolist(), trip.tolist()) == ([1], [0])


def test_a_wait_beside_no_stay_becomes_one(trace):
    segments = made(trace, (TRIP, 30), (UNKNOWN, 30))

    after, _, _ = trimmed(segments, trace, *legs_of(segments, (-10, 20)))

    assert told(after) == [(STAY, 10), (TRIP, 20), (UNKNOWN, 30)]
    assert after.lat_deg[0] == pytest.approx(46.0, abs=1e-3)


def test_what_a_claim_tells_is_left_alone(trace):
    segments = made(trace, (STAY, 30), (TRIP, 30), (STAY, 30), reason=CLAIM)

    after, rows, _ = trimmed(segments, trace, *legs_of(segments, (-30,)))

    assert after is segments
    assert rows.tolist() == [0]


def test_trips_without_waits_are_left_alone(trace):
    segments = made(trace, (STAY, 30), (TRIP, 30), (STAY, 30))

    after, _, _ = trimmed(segments, trace, *legs_of(segments, (10, -10, 10)))

    assert after is segments
