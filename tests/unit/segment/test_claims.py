"""Claims shape days that have few fixes or none, and never double what fixes show."""

import numpy as np
import pytest
from tests.synthetic import LAT_DEG, LON_DEG, M_PER_DEG, START_US, Day, evidence_of

from estran.analyse import analyse
from estran.journal import Mode, Quality, Stay, Trip
from estran.trace import ClaimKind, Claims, Evidence, Motion, Source

HOUR_US = 3_600_000_000
EAST_DEG = 1000.0 / M_PER_DEG / np.cos(np.radians(LAT_DEG))
"""One kilometre east."""


def claims(*rows):
    """Make claims of (kind, start h, end h, east km, end east km, motion, distance m)."""
    return Claims(
        start_us=np.array([START_US + r[1] * HOUR_US for r in rows]),
        end_us=np.array([START_US + r[2] * HOUR_US for r in rows]),
        kind=np.array([r[0] for r in rows]),
        motion=np.array([r[5] for r in rows]),
        probability_share=np.full(len(rows), 0.8),
        confirmed=np.zeros(len(rows), bool),
        lat_deg=np.full(len(rows), LAT_DEG),
        lon_deg=np.array([LON_DEG + r[3] * EAST_DEG for r in rows]),
        end_lat_deg=np.full(len(rows), LAT_DEG),
        end_lon_deg=np.array([LON_DEG + r[4] * EAST_DEG for r in rows]),
        distance_m=np.array([r[6] for r in rows]),
        source=np.zeros(len(rows), np.int16),
    )


NAN = float("nan")
VISIT, MOVE = ClaimKind.VISIT, ClaimKind.MOVE
DAY = (
    (VISIT, 0, 2, 0, NAN, Motion.STILL, NAN),
    (MOVE, 2, 2.5, 0, 15, Motion.CAR, 18_000),
    (VISIT, 2.5, 8, 15, NAN, Motion.STILL, NAN),
    (MOVE, 8, 8.6, 15, 0, Motion.CAR, 18_500),
    (VISIT, 8.6, 14, 0, NAN, Motion.STILL, NAN),
)


def alone(given):
    return Evidence(claims=given, sources=(Source("made/claims", "made"),))


def test_claims_alone_make_the_day():
    journal = analyse(alone(claims(*DAY)))

    assert [type(e) for e in journal.entries] == [Stay, Trip, Stay, Trip, Stay]
    assert [t.distance_m for t in journal.trips] == pytest.approx([18_000, 18_500])
    assert [t.legs[0].mode for t in journal.trips] == [Mode.CAR, Mode.CAR]
    assert {t.quality for t in journal.trips} == {Quality.GUESSED}
    assert [(e.started_us - START_US) / HOUR_US for e in journal.entries] == pytest.approx(
        [0, 2, 2.5, 8, 8.6], abs=0.1
    )


def test_a_round_trip_told_by_a_claim_is_a_trip():
    journal = analyse(
        alone(
            claims(
                (VISIT, 0, 2, 0, NAN, Motion.STILL, NAN),
                (MOVE, 2, 3, 0, 0, Motion.BIKE, 20_000),
                (VISIT, 3, 5, 0, NAN, Motion.STILL, NAN),
            )
        )
    )

    assert [type(e) for e in journal.entries] == [Stay, Trip, Stay]
    assert journal.trips[0].distance_m == pytest.approx(20_000)


def test_claims_brought_twice_by_two_exports_count_once():
    twice = Claims.concatenate([claims(*DAY), claims(*DAY)])
    once = analyse(alone(claims(*DAY)))

    again = analyse(alone(twice))

    assert again.entries == once.entries


def test_nested_and_overlapping_claims_do_not_double():
    nested = claims(
        *DAY,
        (VISIT, 3, 5, 15, NAN, Motion.STILL, NAN),
        (MOVE, 2.05, 2.45, 0, 15, Motion.CAR, 17_000),
    )

    journal = analyse(alone(nested))

    assert len(journal.trips) == 2


def test_fixes_deny_a_claimed_move():
    day = Day(seed=5)
    day.stay(14 * 3600, every_s=60)

    journal = analyse(evidence_of(day.positions(), claims=claims(*DAY)))

    assert [type(e) for e in journal.entries] == [Stay]


def test_fixes_are_better_than_claims_where_both_are():
    day = Day(seed=6)
    day.stay(2 * 3600 + 600).ride(east_m=15_000, speed_mps=12).stay(5 * 3600)

    journal = analyse(evidence_of(day.positions(), claims=claims(*DAY[:3])))

    trip = journal.trips[0]
    assert len(journal.trips) == 1
    assert abs(trip.started_us - day.borders_us[0]) < 120e6
    assert trip.distance_m == pytest.approx(15_000, rel=0.03)
