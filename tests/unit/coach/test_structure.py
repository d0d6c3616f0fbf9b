"""Anything corrected: each kind does what it says, and the journal stays a journal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estran.carbon import factor_set, price
from estran.coach.corrections import Correction, SaidLeg, apply
from estran.coach.removing import REMOVED
from estran.journal import Journal, Leg, Mark, Mode, Place, Purpose, Quality, Stay, Trip, Unknown
from tests.unit.coach.journals import MIN_US, a_journal, a_leg, a_stay, a_trip, an_unknown, at

FR = factor_set()
HOME, WORK = (46.16, -1.15), (46.20, -1.10)
T0 = at(2026, 6, 1, 6)


def central_g(part: Leg | Trip) -> float:
    assert part.co2e is not None
    return part.co2e.central_g


def minute(n: float) -> int:
    return T0 + int(n * MIN_US)


def a_day() -> Journal:
    """Home, a ride of two legs to work, a silence, a stroll that was none, work."""
    return price(
        a_journal(
            a_stay(minute(0), minute(60)),
            a_trip(a_leg(Mode.WALK, minute(60), 10, 800), a_leg(Mode.BUS, minute(70), 20, 7000)),
            a_stay(minute(90), minute(200)),
            a_trip(a_leg(Mode.WALK, minute(200), 10, 300)),
            a_stay(minute(210), minute(300)),
            an_unknown(minute(300), minute(400)),
            a_stay(minute(400), minute(500)),
        ),
        factors=FR,
    )


def says(kind: str, span: tuple[float, float], made: int = 1, **fields) -> Correction:
    return Correction(
        id=f"{kind}{made}", start_us=minute(span[0]), end_us=minute(span[1]), made_at_us=made,
        kind=kind, **fields,
    )  # fmt: skip


def after(*said: Correction) -> Journal:
    return apply(a_day(), said, factors=FR)


def spans(journal: Journal) -> list[tuple[str, float, float]]:
    return [
        (type(e).__name__, (e.started_us - T0) / MIN_US, (e.ended_us - T0) / MIN_US)
        for e in journal.entries
    ]


def test_a_purpose_and_a_mark_are_of_the_trip():
    trip = after(
        says("purpose", (60, 90), purpose=Purpose.WORK), says("mark", (60, 90), mark=Mark.PRIVATE)
    ).trips[0]
    assert (trip.purpose, trip.purpose_share, trip.marks) == (
        Purpose.WORK, 1.0, frozenset({Mark.PRIVATE})
    )  # fmt: skip
    again = after(
        says("mark", (60, 90), mark=Mark.PRIVATE),
        says("mark", (60, 90), made=2, mark=Mark.PRIVATE, is_set=False),
    )
    assert again.trips[0].marks == frozenset()


def test_passengers_share_the_footprint_and_the_mode_stays():
    car = says("mode", (70, 90), mode=Mode.CAR)
    alone = after(car).trips[0].legs[1]
    four = after(car, says("vehicle", (70, 90), made=2, occupants=4.0)).trips[0].legs[1]
    assert four.mode is Mode.CAR
    assert central_g(four) < central_g(alone) / 2


def test_a_longer_way_emits_more():
    leg = after(says("distance", (70, 90), distance_m=14_000.0)).trips[0].legs[1]
    assert leg.distance_m == 14_000.0
    assert central_g(leg) == pytest.approx(2 * central_g(a_day().trips[0].legs[1]))


def test_a_way_drawn_anew_has_its_own_length():
    way = (HOME, (46.18, -1.12), WORK)
    leg = after(says("path", (70, 90), path_deg=way)).trips[0].legs[1]
    assert len(leg.path) == 3
    assert 5_500 < leg.distance_m < 6_500
    assert (leg.path.time_us[0], leg.path.time_us[-1]) == (leg.started_us, leg.ended_us)


def test_a_leg_is_split_and_its_parts_sum_to_it():
    legs = after(says("split", (70, 90), at_us=minute(75))).trips[0].legs
    assert [leg.mode for leg in legs] == [Mode.WALK, Mode.BUS, Mode.BUS]
    assert sum(leg.distance_m for leg in legs) == pytest.approx(7800)
    tram = after(
        says("split", (70, 90), at_us=minute(75)), says("mode", (75, 90), made=2, mode=Mode.TRAM)
    ).trips[0]
    assert [leg.mode for leg in tram.legs] == [Mode.WALK, Mode.BUS, Mode.TRAM]


def test_a_trip_is_split_in_two_trips_and_put_together_again():
    split = says("split", (60, 90), at_us=minute(70), is_trip=True)
    two = after(split)
    assert [s for s in spans(two) if s[0] == "Trip"][:2] == [("Trip", 60, 70), ("Trip", 70, 90)]
    one = after(split, says("merge", (60, 90), made=2))
    assert spans(one) == spans(a_day())


def test_trips_put_together_keep_the_stay_between_as_a_wait():
    one = after(says("merge", (60, 210))).trips[0]
    assert [leg.mode for leg in one.legs] == [Mode.WALK, Mode.BUS, Mode.WAIT, Mode.WALK]
    assert one.distance_m == 8100


def test_legs_of_one_trip_become_one_by_the_longest():
    (leg,) = after(says("merge", (60, 90))).trips[0].legs
    assert (leg.mode, leg.distance_m) == (Mode.BUS, 7800)


def test_a_trip_that_was_none_leaves_one_stay_or_time_unknown():
    assert ("Stay", 90, 300) in spans(after(says("delete", (200, 210))))
    away = a_day()
    entries = list(away.entries)
    stay = entries[4]
    assert isinstance(stay, Stay)
    entries[4] = replace(stay, at=Place(*WORK))
    apart = apply(replace(away, entries=tuple(entries)), [says("delete", (200, 210))], factors=FR)
    gone = next(e for e in apart.entries if isinstance(e, Unknown))
    assert (gone.reason, gone.started_us) == (REMOVED, minute(200))


def test_ends_are_cut_and_their_time_goes_to_the_stays():
    cut = after(says("times", (60, 90), new_start_us=minute(65), new_end_us=minute(85)))
    assert spans(cut)[:3] == [("Stay", 0, 65), ("Trip", 65, 85), ("Stay", 85, 200)]
    grown = after(says("times", (60, 90), new_start_us=minute(50), new_end_us=minute(95)))
    assert spans(grown)[:3] == [("Stay", 0, 50), ("Trip", 50, 95), ("Stay", 95, 200)]


def test_a_trip_never_grows_into_another():
    grown = after(says("times", (60, 90), new_end_us=minute(250)))
    assert [s for s in spans(grown) if s[0] == "Trip"] == [("Trip", 60, 200), ("Trip", 200, 210)]


def test_a_place_said_of_an_end_is_drawn_to():
    trip = after(says("ends", (60, 90), to_deg=WORK)).trips[0]
    assert trip.destination == Place(*WORK)


def a_flight(start: float, end: float) -> Correction:
    leg = SaidLeg(Mode.PLANE, minute(start), minute(end), HOME, (48.7, 2.4))
    return says("add", (start, end), legs=(leg,), tz="Europe/Paris", purpose=Purpose.HOLIDAY)


def test_an_added_trip_takes_room_from_unknown_time_and_stays():
    flown = after(a_flight(320, 380))
    assert spans(flown)[5:8] == [("Unknown", 300, 320), ("Trip", 320, 380), ("Unknown", 380, 400)]
    trip = flown.trips[-1]
    assert trip.quality is Quality.DECLARED
    assert Mark.ADDED in trip.marks
    assert trip.purpose is Purpose.HOLIDAY
    assert central_g(trip) > 50_000


def test_an_added_trip_never_takes_a_seen_one():
    assert [t.legs[0].mode for t in after(a_flight(60, 92)).trips] == [Mode.WALK, Mode.WALK]
    beside = after(a_flight(80, 150)).trips
    assert [t.started_us for t in beside] == [minute(60), minute(90), minute(200)]


def test_a_trip_is_added_where_nothing_is_known():
    flown = apply(Journal(), [a_flight(0, 60)], factors=FR)
    assert [type(e) for e in flown.entries] == [Trip]


MINUTES = st.integers(-30, 520)


@st.composite
def anything(draw):
    """Whatever a person may say, sense or not."""
    start, end = sorted((draw(MINUTES), draw(MINUTES)))
    kind = draw(st.sampled_from(
        ["mode", "vehicle", "distance", "path", "purpose", "mark", "split", "merge", "times",
         "ends", "delete", "add"]
    ))  # fmt: skip
    leg = SaidLeg(Mode.TRAIN, minute(start), minute(end), HOME, WORK)
    return Correction(
        id=draw(st.text("abc", min_size=1, max_size=4)), made_at_us=draw(st.integers(0, 9)),
        start_us=minute(start), end_us=minute(end), kind=kind, mode=Mode.BIKE,
        purpose=draw(st.sampled_from([None, *Purpose])), mark=Mark.PRIVATE, occupants=2.0,
        distance_m=float(draw(st.integers(0, 10_000))), path_deg=(HOME, WORK), to_deg=WORK,
        at_us=minute(draw(MINUTES)), is_trip=draw(st.booleans()),
        new_start_us=draw(st.sampled_from([None, minute(draw(MINUTES))])),
        new_end_us=draw(st.sampled_from([None, minute(draw(MINUTES))])),
        legs=(leg,) if end > start else (), tz="Europe/Paris",
    )  # fmt: skip


@given(st.lists(anything(), max_size=8))
def test_whatever_is_said_the_journal_stays_one(said):
    """No overlap (the constructor checks), no time lost, legs inside their trip, all priced."""
    before, now = a_day(), apply(a_day(), said, factors=FR)
    assert now == apply(a_day(), sorted(said, key=lambda c: (c.made_at_us, c.id)), factors=FR)
    inside = [e for e in now.entries if e.started_us >= minute(0) and e.ended_us <= minute(500)]
    if not any(c.kind in {"add", "times"} for c in said):
        known_us = sum(e.ended_us - e.started_us for e in inside)
        assert known_us == sum(e.ended_us - e.started_us for e in before.entries)
    for trip in now.trips:
        assert trip.started_us <= trip.legs[0].started_us
        assert trip.legs[-1].ended_us <= trip.ended_us
        assert all(a.ended_us <= b.started_us for a, b in zip(trip.legs, trip.legs[1:]))  # noqa: B905
        assert all(leg.co2e is not None for leg in trip.legs)
    assert apply(a_day(), [], factors=FR) == before


@given(st.floats(-3, 3), st.floats(-3, 3))
def test_borders_moved_by_a_new_analysis_keep_what_was_said(first, second):
    said = [
        says("purpose", (60, 90), purpose=Purpose.WORK),
        says("delete", (200, 210), made=2),
        says("vehicle", (70, 90), made=3, occupants=2.0),
    ]
    moved = price(
        a_journal(
            a_stay(minute(0), minute(60 + first)),
            a_trip(
                a_leg(Mode.WALK, minute(60 + first), 10, 800),
                a_leg(Mode.BUS, minute(70 + first), 20 + second - first, 7000),
            ),
            a_stay(minute(90 + second), minute(200)),
            a_trip(a_leg(Mode.WALK, minute(200), 10, 300)),
            a_stay(minute(210), minute(300)),
        ),
        factors=FR,
    )
    (trip,) = apply(moved, said, factors=FR).trips
    assert trip.purpose is Purpose.WORK
    assert trip.legs[1].occupants == 2.0
    assert isinstance(apply(moved, said, factors=FR).entries[-1], Stay)
