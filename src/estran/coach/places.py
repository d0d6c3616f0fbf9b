"""Places of a person: where they spend time, what those may be, and the names they gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from estran.coach.recurring import grouped
from estran.geo.distance import distance_m
from estran.journal import Entry, Journal, Place, Purpose, Stay, Trip
from estran.timebase import to_datetime

KINDS = ("home", "work", "school", "other")

RADIUS_M = 250.0
"""A named place holds stays within this, as usual trips do (estran.coach.recurring). [m]"""

LEAST_VISITS = 3
"""Seen less often, nothing is guessed of a place."""

NIGHT_SHARE = 0.5
"""Home is where most of the hours from 0 to 5 that are known were spent."""

WORK_H = 20.0
"""A place of work had at least so many weekday hours from 9 to 17 in all. [h]"""


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place that a person named. It prints without its coordinates."""

    id: str
    name: str
    kind: str
    lat_deg: float
    lon_deg: float
    radius_m: float = RADIUS_M

    def __repr__(self) -> str:
        """Hide name and coordinates."""
        return "NamedPlace(...)"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody stayed: time, visits, and a guess that is only offered.

    ``guess`` is ``"home"``, ``"work"`` or ``""``; ``night_s`` and ``office_s`` are what it
    stands on: time from 0 to 5, and on weekdays from 9 to 17. [s]
    """

    at: Place
    n_visits: int
    stayed_s: float
    night_s: float
    office_s: float
    last_us: int
    guess: str = ""


def named_at(places: Sequence[NamedPlace], at: Place) -> NamedPlace | None:
    """Give the nearest named place that holds a point; None when none does."""
    near = [
        (away_m, place.id, place)
        for place in places
        if abs(place.lat_deg - at.lat_deg) < 1.0
        and (away_m := distance_m(place.lat_deg, place.lon_deg, at.lat_deg, at.lon_deg))
        <= place.radius_m
    ]
    return min(near)[2] if near else None


def spots(entries: Sequence[Entry]) -> tuple[Spot, ...]:
    """Group the stays of a person by place, the most time first, with guesses."""
    stays = [entry for entry in entries if isinstance(entry, Stay)]
    if not stays:
        return ()
    groups, middles = grouped([stay.at for stay in stays])
    together: dict[int, list[Stay]] = {}
    for group, stay in zip(groups, stays, strict=True):
        together.setdefault(group, []).append(stay)
    found = [_spot(middles[group], made) for group, made in together.items()]
    nights_s = sum(spot.night_s for spot in found)
    guessed = [_guessed(spot, nights_s) for spot in found]
    return tuple(sorted(guessed, key=lambda spot: (-spot.stayed_s, spot.last_us)))


def _spot(at: Place, stays: Sequence[Stay]) -> Spot:
    hours = [_hours_s(stay) for stay in stays]
    return Spot(
        at,
        len(stays),
        sum(stay.ended_us - stay.started_us for stay in stays) / 1e6,
        sum(night_s for night_s, _ in hours),
        sum(office_s for _, office_s in hours),
        max(stay.ended_us for stay in stays),
    )


NIGHT = (0, 5)
OFFICE = (9, 17)
SATURDAY = 5
MOST_DAYS = 400


def _hours_s(stay: Stay) -> tuple[float, float]:
    """Give the time of a stay at night, and within hours of work on weekdays. [s]"""
    start, end = to_datetime(stay.started_us, stay.tz), to_datetime(stay.ended_us, stay.tz)
    day = start.replace(hour=0, minute=0, second=0, microsecond=0)
    night_s = office_s = 0.0
    for _ in range(MOST_DAYS):
        if day > end:
            break
        for first_h, last_h in (NIGHT, OFFICE):
            since, until = day.replace(hour=first_h), day.replace(hour=last_h)
            inside_s = max(0.0, (min(end, until) - max(start, since)).total_seconds())
            if first_h == NIGHT[0]:
                night_s += inside_s
            elif day.weekday() < SATURDAY:
                office_s += inside_s
        day += timedelta(days=1)
    return night_s, office_s


def _guessed(spot: Spot, nights_s: float) -> Spot:
    if spot.n_visits < LEAST_VISITS:
        return spot
    if nights_s and spot.night_s > NIGHT_SHARE * nights_s:
        return replace(spot, guess="home")
    return replace(spot, guess="work") if spot.office_s >= WORK_H * 3600 else spot


PURPOSE_OF = {"home": Purpose.HOME, "work": Purpose.WORK}
"""What going to a place is for by its kind; to a school may be one's own or one's child's."""

NAMED_SHARE = 0.9
"""How probable that purpose is taken to be: ours, not measured. It stays a guess."""


def told_by_places(journal: Journal, places: Sequence[NamedPlace]) -> Journal:
    """Tell stays by the names a person gave, and guess what trips to them were for.

    A stay that has a name keeps it, and a trip whose purpose was said keeps that.
    """
    if not places:
        return journal
    return replace(journal, entries=tuple(_told(entry, places) for entry in journal.entries))


def _told(entry: Entry, places: Sequence[NamedPlace]) -> Entry:
    if isinstance(entry, Stay) and not entry.place:
        place = named_at(places, entry.at)
        return entry if place is None else replace(entry, place=place.name)
    if isinstance(entry, Trip) and entry.purpose is None:
        place = named_at(places, entry.destination)
        purpose = None if place is None else PURPOSE_OF.get(place.kind)
        if place is None or purpose is None or place is named_at(places, entry.origin):
            return entry
        return replace(entry, purpose=purpose, purpose_share=NAMED_SHARE)
    return entry
