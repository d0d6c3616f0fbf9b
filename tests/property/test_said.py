"""What holds of anything said of a journal, in any heap and order."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from estran.carbon import factor_set, price
from estran.coach.checking import check
from estran.coach.corrections import KINDS, Correction, SaidLeg, apply
from estran.errors import ValueOutOfRange
from estran.journal import (
    Entry,
    Journal,
    Leg,
    Mark,
    Mode,
    Path,
    Place,
    Purpose,
    Stay,
    Trip,
    Unknown,
)
from estran.web.me.records import decode_entries, encode_entries
from tests.unit.coach.journals import MIN_US, TZ, at

FR = factor_set()
T0 = at(2026, 6, 1, 4)
HOME, WORK, AWAY = (46.16, -1.15), (46.20, -1.10), (48.7, 2.4)
PLACES = st.sampled_from([HOME, WORK, AWAY])
LENGTHS_MIN = st.integers(4, 90)
MODES = st.sampled_from([mode for mode in Mode if mode is not Mode.WAIT])


def us(minutes: float) -> int:
    return T0 + round(minutes * MIN_US)


def line(start_us: int, end_us: int, here, there) -> Path:
    """Draw a line between two places."""
    return Path(np.array([start_us, end_us], np.int64), *np.array([here, there], np.float64).T)


@st.composite
def days(draw) -> Journal:
    """Stays, trips of one to three legs, and unknown time, one after the other."""
    now = 0.0
    entries: list[Entry] = []
    for _ in range(draw(st.integers(1, 7))):
        now += draw(st.sampled_from([0, 0, 0, 30]))
        kind = draw(st.sampled_from(["stay", "trip", "trip", "unknown"]))
        begins = now
        here, there = draw(PLACES), draw(PLACES)
        if kind == "trip":
            legs = []
            for _ in range(draw(st.integers(1, 3))):
                first, now = now, now + draw(LENGTHS_MIN)
                path = line(us(first), us(now), here, there)
                mode, n = draw(MODES), draw(st.integers(0, 9))
                legs.append(
                    Leg(mode, us(first), us(now), 5000.0, path, n_positions=n, occupants=1.0)
                )
            entries.append(Trip(us(begins), us(now), TZ, Place(*here), Place(*there), tuple(legs)))
        else:
            now += draw(LENGTHS_MIN)
            stay = Stay(us(begins), us(now), TZ, Place(*here), 40.0)
            entries.append(stay if kind == "stay" else Unknown(us(begins), us(now), TZ))
    return price(Journal(tuple(entries)), factors=FR)


@st.composite
def said_of(draw, journal: Journal, n: int = 0) -> Correction:
    """Something that a page could say of what it shows, or of any time."""
    spans = [(e.started_us, e.ended_us) for e in journal.entries]
    spans += [(leg.started_us, leg.ended_us) for t in journal.trips for leg in t.legs]
    first, other = draw(st.sampled_from(spans)), draw(st.sampled_from(spans))
    start_us, end_us = draw(st.sampled_from(
        [first, first, (min(first[0], other[0]), max(first[1], other[1]))]
    ))  # fmt: skip
    at_us = draw(st.integers(start_us, end_us))
    moved_us = [draw(st.none() | st.integers(-60, 60)) for _ in range(2)]
    new_us = [
        None if by is None else border + by * MIN_US
        for border, by in zip((start_us, end_us), moved_us, strict=True)
    ]
    kind = draw(st.sampled_from(sorted(KINDS)))
    return Correction(
        id=f"c{n}", made_at_us=draw(st.integers(0, 5)), start_us=start_us, end_us=end_us,
        kind=kind, mode=draw(MODES),
        purpose=draw(st.none() | st.sampled_from(Purpose)),
        mark=Mark.PRIVATE, is_set=draw(st.booleans()), is_trip=kind == "merge" or draw(st.booleans()),
        energy=draw(st.sampled_from([None, "", "electric"])), occupants=2.0,
        distance_m=float(draw(st.integers(0, 9000))), path_deg=(HOME, WORK),
        from_deg=draw(st.none() | PLACES), to_deg=draw(PLACES), at_us=at_us,
        new_start_us=new_us[0], new_end_us=new_us[1],
        legs=(SaidLeg(draw(MODES), start_us, end_us, draw(PLACES), draw(PLACES)),), tz=TZ,
    )  # fmt: skip


@st.composite
def heaps(draw, most: int = 6) -> tuple[Journal, list[Correction]]:
    """Give a journal and what is said of it, all of which would be taken."""
    journal = draw(days())
    heap = [draw(said_of(journal, n)) for n in range(draw(st.integers(1, most)))]
    return journal, [one for one in heap if _is_taken(one)]


def _is_taken(one: Correction) -> bool:
    try:
        check(one)
    except ValueOutOfRange:
        return False
    return True


def written(journal: Journal) -> bytes:
    """The journal as bytes: two unknown numbers are the same there."""
    return encode_entries(journal.entries)


@settings(max_examples=100)
@given(heaps(), st.randoms(use_true_random=False))
def test_the_journal_stays_one_whatever_is_said_in_whatever_order(told, random):
    journal, heap = told
    now = apply(journal, heap, factors=FR)
    for one, following in pairwise(now.entries):
        assert one.ended_us <= following.started_us
    for entry in now.entries:
        assert entry.started_us <= entry.ended_us
    for trip in now.trips:
        assert (trip.started_us, trip.ended_us) == (trip.legs[0].started_us, trip.legs[-1].ended_us)
        for leg, next_leg in pairwise(trip.legs):
            assert leg.started_us <= leg.ended_us <= next_leg.started_us
        for leg in trip.legs:
            assert leg.distance_m >= 0
            assert leg.co2e is not None
            assert leg.co2e.low_g <= leg.co2e.central_g <= leg.co2e.high_g
            assert not len(leg.path) or (
                leg.started_us <= leg.path.time_us[0] <= leg.path.time_us[-1] <= leg.ended_us
            )
    assert decode_entries(written(now))
    shuffled = random.sample(heap, len(heap))
    assert written(apply(journal, shuffled, factors=FR)) == written(now)


@given(heaps())
def test_taken_back_is_never_said(told):
    journal, heap = told
    before = written(journal)
    for n in range(len(heap), -1, -1):
        apply(journal, heap[:n], factors=FR)
    assert written(apply(journal, [], factors=FR)) == before == written(journal)


@settings(max_examples=100)
@given(heaps(most=1))
def test_said_twice_is_said_once(told):
    journal, heap = told
    legs = {(leg.started_us, leg.ended_us) for trip in journal.trips for leg in trip.legs}
    # A mode is said of a leg: of a time that is none's, other parts may follow at each turn.
    assume(all(c.kind not in {"mode", "vehicle"} or (c.start_us, c.end_us) in legs for c in heap))
    once = apply(journal, heap, factors=FR)
    assert written(apply(once, heap, factors=FR)) == written(once)
    again = [replace(one, id="again", made_at_us=9) for one in heap]
    assert written(apply(journal, [*heap, *again], factors=FR)) == written(once)


def two_trips(*moved_min: float) -> Journal:
    """Home, a ride of two legs to work, a stay, a stroll, the stay; six borders may be moved."""
    a, b, c, d, e = (us(at + by) for at, by in zip((60, 75, 100, 200, 220), moved_min, strict=True))
    here, there = Place(*HOME), Place(*WORK)

    def leg(mode, start_us, end_us):
        path = line(start_us, end_us, HOME, WORK)
        return Leg(mode, start_us, end_us, 4000.0, path, n_positions=9)

    ride = Trip(a, c, TZ, here, there, (leg(Mode.WALK, a, b), leg(Mode.BUS, b, c)))
    stroll = Trip(d, e, TZ, there, there, (leg(Mode.WALK, d, e),))
    stays = (Stay(us(0), a, TZ, here, 40.0), Stay(c, d, TZ, there, 40.0),
             Stay(e, us(400), TZ, there, 40.0))  # fmt: skip
    return price(Journal((stays[0], ride, stays[1], stroll, stays[2])), factors=FR)


def of(kind: str, start: float, end: float, **fields) -> Correction:
    return Correction(
        id=kind, made_at_us=1, start_us=us(start), end_us=us(end), kind=kind, **fields
    )


SHIFTS = st.lists(st.floats(-3, 3), min_size=5, max_size=5)


@given(SHIFTS)
def test_a_new_analysis_keeps_what_was_said_of_every_kind(shifts):
    moved = two_trips(*shifts)

    def after(*said: Correction) -> Journal:
        return apply(moved, said, factors=FR)

    ride = after(
        of("mode", 75, 100, mode=Mode.CAR), of("vehicle", 75, 100, energy="electric", occupants=3.0),
        of("purpose", 60, 100, purpose=Purpose.WORK), of("mark", 60, 100, mark=Mark.PRIVATE),
        of("distance", 60, 75, distance_m=777.0), of("ends", 60, 100, to_deg=AWAY),
    ).trips[0]  # fmt: skip
    assert (ride.legs[1].mode, ride.legs[1].energy, ride.legs[1].occupants) == (
        Mode.CAR, "electric", 3.0
    )  # fmt: skip
    assert (ride.purpose, ride.marks) == (Purpose.WORK, frozenset({Mark.PRIVATE}))
    assert ride.legs[0].distance_m == 777.0
    assert ride.destination == Place(*AWAY)
    assert len(after(of("delete", 200, 220)).trips) == 1
    assert len(after(of("split", 75, 100, at_us=us(88))).trips[0].legs) == 3
    two = after(of("split", 60, 100, at_us=us(80), is_trip=True)).trips
    assert two[0].ended_us == two[1].started_us == us(80)
    assert len(after(of("merge", 60, 220, is_trip=True)).trips) == 1
    times = after(of("times", 60, 100, new_start_us=us(65), new_end_us=us(95))).trips[0]
    assert (times.started_us, times.ended_us) == (us(65), us(95))
    drawn = after(of("path", 75, 100, path_deg=(HOME, AWAY, WORK))).trips[0].legs[1]
    assert len(drawn.path) == 3
    leg = SaidLeg(Mode.PLANE, us(240), us(330), HOME, AWAY)
    assert len(after(of("add", 240, 330, legs=(leg,), tz=TZ)).trips) == 3


def test_what_an_analysis_did_already_is_not_done_again():
    split = of("split", 75, 100, at_us=us(77))
    assert len(apply(two_trips(0, 0, 0, 0, 0), [split], factors=FR).trips[0].legs) == 3
    near = two_trips(0, 0, 0, 0, 0).trips[0].legs[1]
    said = Correction(id="s", made_at_us=1, start_us=near.started_us - 15 * MIN_US,
                      end_us=near.ended_us, kind="split", at_us=us(76))  # fmt: skip
    assert len(apply(two_trips(0, 0, 0, 0, 0), [said], factors=FR).trips[0].legs) == 2


def test_a_long_trip_is_not_removed_for_a_short_one_inside_it():
    merged = apply(two_trips(0, 0, 0, 0, 0), [of("merge", 60, 220, is_trip=True)], factors=FR)
    now = apply(merged, [of("delete", 200, 220)], factors=FR)
    assert now == merged


def test_times_moved_again_count_from_those_of_the_analysis():
    first = of("times", 60, 100, new_start_us=us(70), new_end_us=us(80))
    again = replace(
        of("times", 70, 80, new_end_us=us(98), new_start_us=us(61)), id="again", made_at_us=2
    )
    once = apply(two_trips(0, 0, 0, 0, 0), [first, again], factors=FR).trips[0]
    alone = of("times", 60, 100, new_start_us=us(61), new_end_us=us(98))
    assert once == apply(two_trips(0, 0, 0, 0, 0), [alone], factors=FR).trips[0]


def test_an_end_said_twice_is_drawn_to_once():
    first = of("ends", 60, 100, from_deg=WORK, to_deg=AWAY)
    again = replace(of("ends", 60, 100, to_deg=HOME), id="again", made_at_us=2)
    trip = apply(two_trips(0, 0, 0, 0, 0), [first, again], factors=FR).trips[0]
    assert (trip.origin, trip.destination) == (Place(*WORK), Place(*HOME))
    assert trip.legs[1].distance_m < 20_000


def test_nobody_stays_at_home_who_flew_away_until_the_way_back():
    out = of("add", 240, 280, tz=TZ, legs=(SaidLeg(Mode.PLANE, us(240), us(280), WORK, AWAY),))
    back = replace(
        of("add", 300, 340, tz=TZ, legs=(SaidLeg(Mode.PLANE, us(300), us(340), AWAY, WORK),)),
        id="back", made_at_us=2,
    )  # fmt: skip
    flown = apply(two_trips(0, 0, 0, 0, 0), [out], factors=FR)
    assert [type(e) for e in flown.entries[4:]] == [Stay, Trip, Unknown]
    home = apply(two_trips(0, 0, 0, 0, 0), [out, back], factors=FR)
    assert [type(e) for e in home.entries[4:]] == [Stay, Trip, Unknown, Trip, Stay]
