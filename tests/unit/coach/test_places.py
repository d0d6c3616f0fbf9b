"""Places: guessed from nights and weekday hours, named once, never over what was said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from estran.coach.places import NamedPlace, named_at, spots, told_by_places
from estran.journal import Journal, Place, Purpose, Stay
from tests.unit.coach.journals import MIN_US, TZ, at
from tests.unit.coach.test_recurring import DAY_US, GYM, HOME, WORK, a_ride, near

NAMED = NamedPlace("a", "Chez nous", "home", HOME.lat_deg, HOME.lon_deg)


def test_a_name_holds_for_stays_nearby_and_hides_where():
    assert named_at([NAMED], near(HOME, 100, 0)) is NAMED
    assert named_at([NAMED], near(HOME, 300, 0)) is None
    assert "46" not in repr(NAMED)
    assert "Chez" not in repr(NAMED)


def test_stays_get_the_name_and_trips_a_guess_never_over_what_was_said():
    back = a_ride(0, 17, origin=WORK, destination=near(HOME, 100, 0))
    said = replace(
        a_ride(1, 17, origin=WORK, destination=HOME), purpose=Purpose.VISIT, purpose_share=1.0
    )
    round_trip = a_ride(2, 17, destination=HOME)
    home, zone = a_visit(HOME, 0, 18, 20), replace(a_visit(HOME, 1, 18, 20), place="Zone")
    journal = Journal((back, home, said, zone, round_trip))
    told: list[Any] = list(told_by_places(journal, [NAMED]).entries)
    assert (told[0].purpose, told[0].purpose_share < 1) == (Purpose.HOME, True)
    assert (told[1].place, told[3].place) == ("Chez nous", "Zone")
    assert (told[2], told[4]) == (said, round_trip)


def a_visit(place: Place, day: int, since_h: float, until_h: float) -> Stay:
    start_us = at(2026, 6, 1) + day * DAY_US
    hour_us = 60 * MIN_US
    first_us, last_us = start_us + int(since_h * hour_us), start_us + int(until_h * hour_us)
    return Stay(first_us, last_us, TZ, place, 40.0)


def test_home_and_work_are_guessed_from_nights_and_weekday_hours():
    entries = []
    for day in range(5):
        entries += [a_visit(WORK, day, 7, 16), a_visit(HOME, day, 17, 30)]
    entries.append(a_visit(GYM, 5, 8, 10))
    found = {spot.at.lat_deg: spot for spot in spots(entries)}
    assert [round(lat, 2) for lat in found] == [46.16, 46.20, 46.17]
    assert [spot.guess for spot in found.values()] == ["home", "work", ""]
