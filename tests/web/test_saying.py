"""Anything said of a journal: all of a press or nothing, seen everywhere, taken back whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import inf, nan

import pytest

from estran.carbon import factor_set, price
from estran.coach.carving import joined
from estran.coach.corrections import SaidLeg
from estran.errors import (
    CorrectionBackwards,
    CorrectionDistance,
    CorrectionEmpty,
    CorrectionFuture,
    CorrectionLong,
    CorrectionOccupants,
    CorrectionOutside,
    CorrectionPlace,
    CorrectionsMany,
    CorrectionTaken,
    NotFound,
    TimeErased,
)
from estran.journal import Journal, MadeBy, Mark, Mode, Place, Purpose, Quality, Trip
from estran.timebase import local_day
from estran.web.me import work
from estran.web.me.documents import read_corrections
from estran.web.me.records import encode_entries
from estran.web.me.remaking import keep_journal
from estran.web.me.work import history, new_correction, take_back
from estran.web.me.work import say as say_it
from estran.web.portability.gathering import entries
from estran.web.retention.documents import write_erased
from estran.web.retention.lasting import drop_orphans
from estran.wording import REFUSALS, say
from tests.unit.coach.journals import MIN_US, a_leg, a_stay, a_trip, at

from .test_imports import vault_of

pytestmark = pytest.mark.django_db

HOME, ROME = (46.16, -1.15), (41.8, 12.25)
T0 = at(2026, 6, 1, 6)
DAY, MAY = date(2026, 6, 1), date(2026, 5, 20)


def minute(n: float) -> int:
    return T0 + int(n * MIN_US)


def a_day() -> Journal:
    """Home, a ride of two legs, a stay, a stroll, a stay."""
    ride = a_trip(a_leg(Mode.WALK, minute(60), 10, 800), a_leg(Mode.BUS, minute(70), 20, 7000))
    stroll = a_trip(a_leg(Mode.WALK, minute(200), 10, 300))
    whole = Journal(
        (
            a_stay(minute(0), minute(60)), ride, a_stay(minute(90), minute(200)), stroll,
            a_stay(minute(210), minute(300)),
        ),
        MadeBy("test", "", ""),
    )  # fmt: skip
    return price(whole, factors=factor_set())


@pytest.fixture
def vault(alice):
    opened = vault_of(alice)
    keep_journal(opened, a_day())
    return opened


def of(span: tuple[float, float], kind: str, **fields):
    return new_correction(start_us=minute(span[0]), end_us=minute(span[1]), kind=kind, **fields)


def a_flight(start_us: int = at(2026, 5, 20, 8), **more):
    end_us = start_us + 120 * MIN_US
    leg = SaidLeg(Mode.PLANE, start_us, end_us, HOME, ROME)
    return new_correction(start_us=start_us, end_us=end_us, kind="add", legs=(leg,), **more)


def everything():
    return [
        of((70, 90), "mode", mode=Mode.CAR),
        of((70, 90), "vehicle", energy="diesel", occupants=3.0),
        of((60, 90), "purpose", purpose=Purpose.WORK),
        of((60, 90), "mark", mark=Mark.PRIVATE),
        of((70, 90), "distance", distance_m=9000.0),
        of((70, 90), "path", path_deg=(HOME, (46.2, -1.1))),
        of((60, 90), "ends", to_deg=(46.21, -1.1)),
        of((60, 90), "times", new_start_us=minute(62)),
        of((70, 90), "split", at_us=minute(80)),
        of((200, 210), "delete"),
        a_flight(purpose=Purpose.HOLIDAY),
    ]


def shown(vault, first=DAY, last=DAY):
    return work.journal(vault, first, last)


def written(vault, first=DAY, last=DAY):
    """The journal as bytes: two unknown numbers are the same there."""
    return encode_entries(shown(vault, first, last).entries)


def stored(vault):
    return dict(vault.docs("correction"))


def test_one_press_is_one_line_of_the_history_and_is_taken_back_whole(vault):
    before, sums = written(vault), work.period_summary(vault, DAY, DAY)
    batch = say_it(vault, everything())
    later = work.correct_mode(vault, start_us=minute(200), end_us=minute(210), mode=Mode.RUN)
    assert [one.id for one in history(vault)] == [later, batch]
    assert len(history(vault)[1].said) == len(everything())
    trip = shown(vault).trips[0]
    assert (trip.purpose, trip.marks, trip.legs[-1].occupants) == (
        Purpose.WORK, frozenset({Mark.PRIVATE}), 3.0
    )  # fmt: skip
    take_back(vault, later)
    take_back(vault, batch)
    assert history(vault) == ()
    assert written(vault) == before
    assert work.period_summary(vault, DAY, DAY) == sums
    with pytest.raises(NotFound):
        take_back(vault, batch)


def test_what_is_said_in_one_press_holds_in_its_order(vault):
    """Clocks may stand still, or run back."""
    said = [
        replace(of((70, 90), "split", at_us=minute(80)), made_at_us=9),
        replace(of((80, 90), "mode", mode=Mode.TRAM), made_at_us=9),
        replace(of((70, 80), "mode", mode=Mode.CAR), made_at_us=3),
    ]
    say_it(vault, said)
    modes = [leg.mode for leg in shown(vault).trips[0].legs]
    assert modes == [Mode.WALK, Mode.CAR, Mode.TRAM]


def test_trips_made_one_stay_of_their_legs_when_an_analysis_makes_them_one(vault):
    say_it(vault, [of((60, 210), "merge")])
    modes = [leg.mode for leg in shown(vault).trips[0].legs]
    assert modes == [Mode.WALK, Mode.BUS, Mode.WAIT, Mode.WALK]
    with vault.transaction():
        keep_journal(vault, shown(vault))
    assert [leg.mode for leg in shown(vault).trips[0].legs] == modes


def test_an_added_trip_is_there_on_a_day_of_which_nothing_was_known(vault):
    batch = say_it(vault, [a_flight()])
    (trip,) = shown(vault, MAY, MAY).trips
    assert (trip.tz, trip.quality) == ("Europe/Paris", Quality.DECLARED)
    assert MAY in work.known_days(vault).days
    assert work.known_days(vault).first == MAY
    may = work.period_summary(vault, date(2026, 5, 1), date(2026, 5, 31))
    assert may.total.n_trips == 1
    assert may.total.co2e.central_g == pytest.approx(trip.co2e.central_g)
    assert encode_entries([trip]) == encode_entries(
        [next(iter(entries(vault, with_corrections=True)))]
    )
    keep_journal(vault, a_day())  # a new analysis
    assert work.period_summary(vault, date(2026, 5, 1), date(2026, 5, 31)) == may
    assert drop_orphans(vault) == 0
    take_back(vault, batch)
    assert work.known_days(vault).first == DAY
    assert work.period_summary(vault, date(2026, 5, 1), date(2026, 5, 31)).total.n_trips == 0


def test_a_trip_of_days_is_the_same_whichever_day_is_looked_at(vault):
    start_us, end_us = at(2026, 6, 2, 8), at(2026, 6, 6, 8)
    leg = SaidLeg(Mode.FERRY, start_us, end_us, HOME, ROME)
    say_it(vault, [new_correction(start_us=start_us, end_us=end_us, kind="add", legs=(leg,))])
    with pytest.raises(CorrectionTaken):
        say_it(vault, [of((60, 90), "delete"), a_flight(at(2026, 6, 5, 8))])  # on board still
    assert len(read_corrections(vault)) == 1
    days = [date(2026, 6, day) for day in range(2, 7)]
    assert [len(shown(vault, day, day).trips) for day in days] == [1] * 5
    assert len({encode_entries(shown(vault, day, day).trips) for day in days}) == 1
    assert work.known_days(vault).days >= set(days)


@pytest.mark.parametrize(
    ("refusal", "one"),
    [
        (CorrectionEmpty, of((60, 90), "mode")),
        (CorrectionEmpty, of((60, 90), "vehicle")),
        (CorrectionEmpty, of((60, 90), "mark")),
        (CorrectionEmpty, of((60, 90), "split")),
        (CorrectionEmpty, of((60, 90), "ends")),
        (CorrectionEmpty, of((60, 90), "times")),
        (CorrectionEmpty, of((60, 90), "path", path_deg=(HOME,))),
        (CorrectionEmpty, of((60, 90), "add")),
        (CorrectionEmpty, of((60, 90), "teleport")),
        (CorrectionBackwards, of((90, 60), "delete")),
        (CorrectionBackwards, of((60, 90), "times", new_start_us=minute(95))),
        (CorrectionLong, of((60, 90), "times", new_end_us=minute(60 * 24 * 8))),
        (CorrectionOutside, of((60, 90), "split", at_us=minute(90))),
        (CorrectionDistance, of((70, 90), "distance", distance_m=nan)),
        (CorrectionDistance, of((70, 90), "distance", distance_m=-1.0)),
        (CorrectionDistance, of((70, 90), "distance", distance_m=inf)),
        (CorrectionOccupants, of((70, 90), "vehicle", occupants=0.5)),
        (CorrectionOccupants, of((70, 90), "vehicle", occupants=inf)),
        (CorrectionPlace, of((60, 90), "ends", to_deg=(91.0, 0.0))),
        (CorrectionPlace, of((70, 90), "path", path_deg=(HOME, (nan, 0.0)))),
        (CorrectionFuture, a_flight(at(2126, 1, 1))),
        (CorrectionFuture, a_flight(at(1926, 1, 1))),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_words_and_nothing_is_kept(vault, refusal, one):
    good = of((70, 90), "mode", mode=Mode.CAR)
    say_it(vault, [good])
    before = stored(vault)
    with pytest.raises(refusal) as told:
        say_it(vault, [of((60, 90), "purpose", purpose=Purpose.WORK), one])
    assert told.value.code in REFUSALS
    assert "{" not in say(REFUSALS, told.value.code, told.value.params)
    assert stored(vault) == before


def test_nothing_and_too_much_are_refused(vault):
    for refusal, said in (
        (CorrectionEmpty, []),
        (CorrectionsMany, [of((60, 90), "delete")] * 1001),
    ):
        with pytest.raises(refusal) as told:
            say_it(vault, said)
        assert "{" not in say(REFUSALS, told.value.code, told.value.params)


def test_nothing_is_said_of_time_that_was_erased(vault):
    write_erased(vault, joined([(minute(60), minute(90))]))
    with pytest.raises(TimeErased):
        say_it(vault, [of((200, 210), "delete"), of((60, 90), "purpose", purpose=Purpose.WORK)])
    with pytest.raises(TimeErased):  # its end would reach there
        say_it(vault, [of((200, 210), "times", new_start_us=minute(80))])
    assert read_corrections(vault) == ()


def test_a_hundred_trips_are_said_of_at_once(vault):
    trips = [
        a_trip(a_leg(Mode.CAR, at(2026, 6, 2) + n * 60 * MIN_US, 20, 5000)) for n in range(100)
    ]
    keep_journal(vault, price(Journal(tuple(trips), MadeBy("t", "", "")), factors=factor_set()))
    said = [
        new_correction(
            start_us=t.started_us, end_us=t.ended_us, kind="purpose", purpose=Purpose.WORK
        )
        for t in trips
    ]
    batch = say_it(vault, said)
    days = {local_day(t.started_us, t.tz) for t in trips}
    now = shown(vault, min(days), max(days)).trips
    assert {trip.purpose for trip in now} == {Purpose.WORK}
    take_back(vault, batch)
    assert {trip.purpose for trip in shown(vault, min(days), max(days)).trips} == {None}


def test_a_journal_with_everything_said_is_written_and_read_back(vault):
    say_it(vault, everything())
    whole = list(entries(vault, with_corrections=True))
    assert encode_entries(whole)
    assert any(isinstance(e, Trip) and e.destination == Place(*ROME) for e in whole)
