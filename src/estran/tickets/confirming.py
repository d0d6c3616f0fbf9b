"""From what was read or typed, field by field, to a journey: or why it is none yet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from math import isnan
from typing import Any

from estran.geo.zones import zone_at
from estran.journal import Mode
from estran.tickets.reckoning import lasts_s, way_m
from estran.tickets.stations import Kind, Places
from estran.tickets.values import LONGEST_S, MOST_PEOPLE, Draft, End, Flaw, How, Journey
from estran.timebase import US_PER_S, from_datetime, zone

HOME_TZ = "Europe/Paris"
"""The zone of a departure of which only the name is known."""

KINDS: Mapping[Mode, frozenset[Kind]] = {
    Mode.TRAIN: frozenset({Kind.TRAIN, Kind.STOP, Kind.PLACE}),
    Mode.PLANE: frozenset({Kind.AIRPORT, Kind.PLACE}),
}
"""What stops where; of other modes every place may be meant."""

_POINT = re.compile(r"(-?\d{1,2}[.,]\d+)[ ;,]+(-?\d{1,3}[.,]\d+)")
_CHOSEN = re.compile(r"(.+) @(-?\d{1,2}\.\d+),(-?\d{1,3}\.\d+)")
"""A place as a list of choices writes it; ``=`` before a name keeps it as it was written."""

_CLOCK = re.compile(r"(\d{1,2})\s*[:hH.]\s*(\d{2})(?::\d{2})?|(\d{1,2})\s*[hH]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_YEARS = range(1990, 2100)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A journey, or the flaws for which there is none; some flaws only warn."""

    journey: Journey | None
    flaws: tuple[Flaw, ...] = ()


def end_of(text: str, places: Places, mode: Mode) -> tuple[End, Flaw | None]:
    """Find the place that a text names: a station, or a latitude and a longitude.

    Examples
    --------
    >>> end_of("46.1527, -1.1455", Places([]), Mode.CAR)[0].at_deg
    (46.1527, -1.1455)
    """
    name = " ".join(text.split())[:140]
    if name.startswith("="):
        return End(name[1:].strip()), None
    chosen = _CHOSEN.fullmatch(name)
    if chosen:
        return End(chosen[1], float(chosen[2]), float(chosen[3])), None
    point = _POINT.fullmatch(name)
    if point:
        lat, lon = (float(part.replace(",", ".")) for part in point.groups())
        if abs(lat) <= 90 and abs(lon) <= 180:  # noqa: PLR2004 - the globe
            return End(name, lat, lon), None
    found = places.find(name, kinds=KINDS.get(mode, frozenset()))
    if not found.stations:
        return End(name), Flaw("station-unknown", text=name)
    if not found.is_sure:
        return End(name), Flaw("station-unsure", text=name)
    best = found.stations[0]
    return End(best.name, best.lat_deg, best.lon_deg), None


def clock_of(text: str) -> time | None:
    """Read a time of day.

    Examples
    --------
    >>> clock_of("8h05"), clock_of("17:30"), clock_of("25:00")
    (datetime.time(8, 5), datetime.time(17, 30), None)
    """
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute = int(found[1] or found[3]), int(found[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None  # noqa: PLR2004 - a day


def number_of(text: str) -> float | None:
    """Read a number with a point or a comma; None when there is none."""
    found = _NUMBER.search(text.replace("\xa0", "").replace("\u202f", ""))
    return float(found[0].replace(",", ".")) if found else None


def _day_of(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def confirmed(
    draft: Draft, places: Places, *, journey_id: str, how: How, batch: str = ""
) -> Confirmed:
    """Make a journey of a draft.

    Parameters
    ----------
    draft : Draft
    places : Places
        Stations that the operator loaded.
    journey_id : str
    how : How
    batch : str

    Returns
    -------
    Confirmed
        Without a journey where day, departure, or mode is missing, where an end has no name,
        or where it would last for too long. An end that is not found only warns.
    """
    flaws: list[Flaw] = []
    day, departs = _day_of(draft.day), clock_of(draft.departs)
    if day is None:
        flaws.append(Flaw("day-unreadable", "day", draft.day[:40]))
    if departs is None:
        flaws.append(Flaw("clock-unreadable", "departs", draft.departs[:40]))
    if draft.arrives.strip() and clock_of(draft.arrives) is None:
        flaws.append(Flaw("clock-unreadable", "arrives", draft.arrives[:40]))
    if draft.mode not in {mode.value for mode in Mode}:
        flaws.append(Flaw("mode-missing", "mode", draft.mode[:40]))
    flaws += [
        Flaw("end-missing", f) for f in ("origin", "destination") if not getattr(draft, f).strip()
    ]
    if flaws or day is None or departs is None:
        return Confirmed(None, tuple(flaws))
    mode = Mode(draft.mode)
    origin, first = end_of(draft.origin, places, mode)
    target, second = end_of(draft.destination, places, mode)
    warnings = [
        replace(flaw, field=name)
        for flaw, name in ((first, "origin"), (second, "destination"))
        if flaw is not None
    ]
    tz = zone_at(*origin.at_deg) if origin.is_placed else HOME_TZ
    start_us = _instant(day, departs, tz)
    stated = Journey(
        id=journey_id, mode=mode, start_us=start_us, end_us=start_us, tz=tz,
        origin=origin, destination=target, how=how, batch=batch, **_details(draft),
    )  # fmt: skip
    end_us = _end_us(draft, stated, day, departs)
    if end_us is None:
        # Once a place is chosen, the arrival may well be reckoned from it.
        waits = any(flaw.code == "station-unsure" for flaw in warnings)
        missing = () if waits else (Flaw("arrival-missing", "arrives"),)
        return Confirmed(None, (*warnings, *missing))
    if not 0 < end_us - start_us <= LONGEST_S * US_PER_S:
        return Confirmed(None, (*warnings, Flaw("too-long", "arrives")))
    is_told = bool(draft.arrives.strip())
    return Confirmed(replace(stated, end_us=end_us, ends_reckoned=not is_told), tuple(warnings))


def _instant(day: date, clock: time, tz: str) -> int:
    return from_datetime(datetime.combine(day, clock, tzinfo=zone(tz)).astimezone(UTC))


def _end_us(draft: Draft, stated: Journey, day: date, departs: time) -> int | None:
    """Tell when a journey ends: as told, where it is told; else reckoned; None for neither."""
    arrives = clock_of(draft.arrives)
    if arrives is None:
        took_s = lasts_s(stated.mode, way_m(stated))
        return None if isnan(took_s) else stated.start_us + round(took_s * US_PER_S)
    tz = zone_at(*stated.destination.at_deg) if stated.destination.is_placed else stated.tz
    last = _day_of(draft.arrives_day) or day
    end_us = _instant(last, arrives, tz)
    if end_us <= stated.start_us and not draft.arrives_day.strip() and arrives < departs:
        end_us = _instant(last + timedelta(days=1), arrives, tz)
    return end_us


def _details(draft: Draft) -> dict[str, Any]:
    """Read what a journey may do without; what cannot be read is left out."""
    price, km = number_of(draft.price), number_of(draft.distance_km)
    people, aboard = number_of(draft.passengers), number_of(draft.occupants)
    is_fit = aboard is not None and 1 <= aboard <= MOST_PEOPLE
    return {
        "operator": draft.operator.strip()[:60],
        "number": draft.number.strip()[:30],
        "travel_class": draft.travel_class.strip()[:30],
        "reference": draft.reference.strip()[:40],
        "train_kind": kind_of_train(f"{draft.operator} {draft.number}")
        if draft.mode == "train"
        else "",
        "price": price,
        "currency": draft.currency.strip()[:3].upper() or "EUR",
        "passengers": int(people) if people and 1 <= people <= MOST_PEOPLE else 1,
        "occupants": int(aboard) if aboard is not None and is_fit else None,
        "is_driver": draft.role.strip().lower() in DRIVER_WORDS,
        "distance_m": km * 1000 if km else None,
    }


DRIVER_WORDS = frozenset({"driver", "conducteur", "conductrice", "chauffeur", "offre"})

_KINDS_OF_TRAIN = (
    ("transilien", "transilien"), ("rer ", "transilien"), ("tgv", "tgv"), ("inoui", "tgv"),
    ("ouigo", "tgv"), ("lyria", "tgv"), ("eurostar", "tgv"), ("thalys", "tgv"), ("ice ", "tgv"),
    ("intercites", "intercites"), ("intercités", "intercites"), ("ter", "ter"),
)  # fmt: skip


def kind_of_train(text: str) -> str:
    """Tell the kind of train by words of the ticket, ``""`` when none tells.

    Examples
    --------
    >>> kind_of_train("TGV INOUI 8361"), kind_of_train("TER 864702"), kind_of_train("Train 12")
    ('tgv', 'ter', '')
    """
    low = f" {text.lower()} "
    return next((kind for word, kind in _KINDS_OF_TRAIN if f" {word}" in low), "")


def draft_of(journey: Journey, starts: datetime, ends: datetime) -> Draft:
    """Write a journey as a form wants it, with its instants where they were lived."""
    return Draft(
        day=starts.date().isoformat(),
        departs=f"{starts:%H:%M}",
        arrives="" if journey.ends_reckoned else f"{ends:%H:%M}",
        arrives_day=ends.date().isoformat() if ends.date() != starts.date() else "",
        origin=journey.origin.name,
        destination=journey.destination.name,
        mode=journey.mode.value,
        operator=journey.operator,
        number=journey.number,
        travel_class=journey.travel_class,
        price="" if journey.price is None else f"{journey.price:g}",
        currency=journey.currency,
        passengers=str(journey.passengers),
        occupants="" if journey.occupants is None else str(journey.occupants),
        role="driver" if journey.is_driver else "",
        distance_km="" if journey.distance_m is None else f"{journey.distance_m / 1000:g}",
        reference=journey.reference,
    )
