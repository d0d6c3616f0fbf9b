"""Journals made by hand for these tests."""

from __future__ import annotations

from datetime import UTC, datetime

from estran.journal import Journal, Leg, Mode, Place, Stay, Trip, Unknown
from estran.timebase import from_datetime

MIN_US = 60_000_000
PLACE = Place(46.16, -1.15)
TZ = "Europe/Paris"


def at(*when: int) -> int:
    """Give an instant in UTC."""
    year, month, day, *clock = when
    hour, minute = (*clock, 0, 0)[:2]
    return from_datetime(datetime(year, month, day, hour, minute, tzinfo=UTC))


def a_leg(mode: Mode, start_us: int, minutes: float, distance_m: float = 1000.0, **more) -> Leg:
    return Leg(mode, start_us, start_us + int(minutes * MIN_US), distance_m, **more)


def a_trip(*legs: Leg, tz: str = TZ) -> Trip:
    return Trip(legs[0].started_us, legs[-1].ended_us, tz, PLACE, PLACE, legs)


def a_stay(start_us: int, end_us: int, tz: str = TZ) -> Stay:
    return Stay(start_us, end_us, tz, PLACE, 40.0)


def an_unknown(start_us: int, end_us: int, tz: str = TZ) -> Unknown:
    return Unknown(start_us, end_us, tz)


def a_journal(*entries) -> Journal:
    return Journal(tuple(entries))
