"""A ticket and a trace of one journey are one trip; alone, a ticket is a declared trip."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from estran.analyse import analyse
from estran.journal import Journal, Mode, Quality, Stay, Trip, Unknown
from estran.tickets.laying import State, laid
from estran.tickets.regular import Declaration, journeys_of
from estran.tickets.values import End, How, Journey
from estran.timebase import from_datetime
from estran.trace import Evidence, Positions, Trace

ROCHELLE = End("La Rochelle Ville", 46.1527, -1.1455)
PARIS = End("Paris Montparnasse", 48.8412, 2.3205)
NIORT = End("Niort", 46.3178, -0.4648)


def us(clock: str, day: int = 1) -> int:
    hour, minute = clock.split(":")
    return from_datetime(datetime(2026, 6, day, int(hour), int(minute), tzinfo=UTC))


def ticket(
    start: str = "08:00", end: str = "10:30", *, key: str = "a", day: int = 1,
    mode: Mode = Mode.TRAIN,
    ends: tuple[End, End] = (ROCHELLE, PARIS), how: How = How.HAND, occupants: int | None = None,
) -> Journey:  # fmt: skip
    return Journey(
        id=key, mode=mode, start_us=us(start, day), end_us=us(end, day), tz="Europe/Paris",
        origin=ends[0], destination=ends[1], how=how, occupants=occupants, train_kind="tgv",
    )  # fmt: skip


def stays(
    at: End, start: str, end: str, *, step_s: int = 120, day: int = 1
) -> list[tuple[int, float, float]]:
    rng = np.random.default_rng(4)
    lat, lon = at.at_deg
    return [
        (t, lat + float(rng.normal(0, 2e-5)), lon + float(rng.normal(0, 2e-5)))
        for t in range(us(start, day), us(end, day), step_s * 1_000_000)
    ]


def ride(
    a: End, b: End, start: str, end: str, *, step_s: int = 20, day: int = 1
) -> list[tuple[int, float, float]]:
    times = range(us(start, day), us(end, day), step_s * 1_000_000)
    (la, lo), (lb, lob) = a.at_deg, b.at_deg
    return [
        (t, la + (lb - la) * k / len(times), lo + (lob - lo) * k / len(times))
        for k, t in enumerate(times)
    ]


def trace(*parts: list[tuple[int, float, float]]) -> Trace:
    rows = sorted(row for part in parts for row in part)
    t, lat, lon = zip(*rows, strict=True)
    return Trace.sorted_from(Positions.of(list(t), list(lat), list(lon), accuracy_m=[8.0] * len(t)))


def understood(seen: Trace) -> Journal:
    return analyse(Evidence(trace=seen))


def sound(journal: Journal) -> None:
    Journal(journal.entries)


def test_without_a_trace_it_is_a_declared_trip():
    done = laid(Journal(), [ticket()], positions=Positions.empty())
    [trip] = done.journal.trips
    assert done.states == {"a": State.DECLARED}
    assert trip.quality is Quality.DECLARED
    assert trip.legs[0].mode is Mode.TRAIN
    assert trip.legs[0].train_kind == "tgv"
    assert [r.code for r in trip.legs[0].reasons] == ["ticket"]
    # 467 km by rail, published; the factor gives it within a tenth.
    assert trip.distance_m == pytest.approx(467_000, rel=0.1)


def test_beside_a_trace_it_is_one_trip_with_two_pieces_of_evidence():
    seen = trace(
        stays(ROCHELLE, "05:00", "08:05"),
        ride(ROCHELLE, PARIS, "08:05", "10:40"),
        stays(PARIS, "10:40", "16:00"),
    )
    journal = understood(seen)
    done = laid(journal, [ticket()], positions=seen)
    assert done.states == {"a": State.JOINED}
    assert len(done.journal.trips) == len(journal.trips)
    legs = [leg for trip in done.journal.trips for leg in trip.legs]
    told = [leg for leg in legs if any(r.code == "ticket" for r in leg.reasons)]
    assert told
    assert {leg.mode for leg in told} == {Mode.TRAIN}
    assert all(leg.probability_share == 1.0 for leg in told)
    assert sum(leg.n_positions for leg in told) > 100
    assert laid(done.journal, [ticket()], positions=seen).journal == done.journal


def test_a_ride_two_hours_late_is_still_the_same_trip():
    seen = trace(
        stays(ROCHELLE, "05:00", "09:40"),
        ride(ROCHELLE, PARIS, "09:40", "12:15"),
        stays(PARIS, "12:15", "16:00"),
    )
    journal = understood(seen)
    done = laid(journal, [ticket()], positions=seen)
    assert done.states == {"a": State.JOINED}
    assert len(done.journal.trips) == len(journal.trips)


def test_a_missed_train_is_not_counted():
    seen = trace(stays(ROCHELLE, "05:00", "18:00"))
    journal = understood(seen)
    done = laid(journal, [ticket()], positions=seen)
    assert done.states == {"a": State.DENIED}
    assert done.journal == journal


def test_a_day_there_and_back_with_the_phone_off():
    seen = trace(stays(ROCHELLE, "04:00", "07:30"), stays(ROCHELLE, "21:00", "23:00"))
    journal = understood(seen)
    back = ticket("17:00", "19:30", key="b", ends=(PARIS, ROCHELLE))
    done = laid(journal, [ticket(), back], positions=seen)
    sound(done.journal)
    assert done.states == {"a": State.DECLARED, "b": State.DECLARED}
    assert len(done.journal.trips) == 2
    between = [
        e for e in done.journal.entries if us("10:30") <= e.started_us and e.ended_us <= us("17:00")
    ]
    assert all(isinstance(e, Unknown) for e in between)
    assert between
    home = [e for e in done.journal.entries if isinstance(e, Stay)]
    assert home[0].ended_us <= us("08:00")
    assert home[-1].started_us >= us("19:30")


def test_a_gap_between_two_towns_becomes_the_journey_of_the_ticket():
    seen = trace(stays(ROCHELLE, "04:00", "07:50"), stays(PARIS, "11:00", "15:00"))
    done = laid(understood(seen), [ticket()], positions=seen)
    sound(done.journal)
    assert done.states["a"] in {State.DECLARED, State.JOINED}
    assert len(done.journal.trips) == 1
    [trip] = done.journal.trips
    assert trip.legs[-1].mode is Mode.TRAIN or trip.legs[0].mode is Mode.TRAIN
    assert trip.distance_m == pytest.approx(467_000, rel=0.12)


def test_the_same_ticket_twice_is_one_trip():
    done = laid(Journal(), [ticket(), ticket(key="b")], positions=Positions.empty())
    assert len(done.journal.trips) == 1
    assert sorted(done.states.values()) == [State.DECLARED, State.TAKEN]


def test_who_was_aboard_is_kept():
    seen = trace(
        stays(ROCHELLE, "05:00", "08:05"),
        ride(ROCHELLE, NIORT, "08:05", "09:00"),
        stays(NIORT, "09:00", "13:00"),
    )
    pool = ticket("08:00", "09:00", mode=Mode.CAR, ends=(ROCHELLE, NIORT), occupants=3)
    done = laid(understood(seen), [pool], positions=seen)
    assert done.states == {"a": State.JOINED}
    assert 3.0 in {leg.occupants for trip in done.journal.trips for leg in trip.legs}


def test_a_mast_may_deny_and_never_makes_a_trip():
    far = Positions.of([us("08:30"), us("09:00"), us("09:30"), us("10:00")], [43.3] * 4, [5.4] * 4,
                       accuracy_m=[2000.0] * 4)  # fmt: skip
    done = laid(Journal(), [ticket()], positions=Positions.empty(), rough=far)
    assert done.states == {"a": State.DENIED}
    assert done.journal.trips == ()


def habit(**changes: object) -> Declaration:
    base = Declaration(
        id="h", weekdays=(0, 3), first=date(2026, 6, 1), departs="10:00", returns="19:00",
        lasts_min=60.0, origin=ROCHELLE, destination=NIORT,
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def test_a_habit_fills_only_what_no_trace_tells():
    told = journeys_of([habit()], us("23:00", 4))
    assert [datetime.fromtimestamp(j.start_us / 1e6, UTC).day for j in told] == [1, 1, 4, 4]
    seen = trace(stays(PARIS, "04:00", "20:00"))
    done = laid(understood(seen), told, positions=seen)
    sound(done.journal)
    days = {datetime.fromtimestamp(t.started_us / 1e6, UTC).day for t in done.journal.trips}
    assert days == {4}


def test_a_habit_beside_a_trip_of_another_hour_adds_no_second_one():
    seen = trace(
        stays(ROCHELLE, "05:00", "08:40"),
        ride(ROCHELLE, NIORT, "08:40", "09:40"),
        stays(NIORT, "09:40", "13:00"),
    )
    journal = understood(seen)
    [out, *_] = journeys_of([habit(returns="")], us("23:00"))
    done = laid(journal, [out], positions=seen)
    assert len(done.journal.trips) == len(journal.trips)


def test_habits_know_holidays_exceptions_pauses_and_telework():
    n = len(journeys_of([habit(returns="")], us("12:00", 30)))
    assert n == 9
    assert (
        len(journeys_of([habit(returns="", exceptions=(date(2026, 6, 4),))], us("12:00", 30)))
        == n - 1
    )
    assert journeys_of([habit(paused=True)], us("12:00", 30)) == ()
    home = Declaration(id="t", does="telework", weekdays=(3,), first=date(2026, 6, 1))
    assert len(journeys_of([habit(returns=""), home], us("12:00", 30))) == 5
    july = from_datetime(datetime(2026, 7, 31, tzinfo=UTC))
    tuesdays = habit(weekdays=(1,), returns="", first=date(2026, 7, 1))
    days = {
        datetime.fromtimestamp(j.start_us / 1e6, UTC).day for j in journeys_of([tuesdays], july)
    }
    assert days == {7, 21, 28}


def test_entries_never_overlap_whatever_is_laid():
    rng = np.random.default_rng(7)
    base = understood(
        trace(
            stays(ROCHELLE, "04:00", "08:05"),
            ride(ROCHELLE, NIORT, "08:05", "09:00"),
            stays(NIORT, "13:00", "15:00"),
        )
    )
    ends = (ROCHELLE, PARIS, NIORT)
    for _ in range(200):
        journeys = []
        for k in range(int(rng.integers(1, 6))):
            start_us = us("03:00") + int(rng.integers(0, 72)) * 900_000_000
            a, b = rng.choice(3, 2, replace=False)
            lasts = timedelta(minutes=int(rng.integers(10, 300)))
            how = How.REGULAR if rng.random() < 0.5 else How.HAND
            journeys.append(
                replace(
                    ticket(key=str(k), ends=(ends[a], ends[b]), how=how),
                    start_us=start_us,
                    end_us=start_us + lasts // timedelta(microseconds=1),
                )
            )
        done = laid(base, journeys, positions=Positions.empty())
        sound(done.journal)
        assert all(isinstance(e, Stay | Trip | Unknown) for e in done.journal.entries)
