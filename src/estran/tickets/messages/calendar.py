"""Journeys in a calendar file (.ics, RFC 5545): the few properties that tell of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from estran.errors import ZoneUnknown
from estran.formats.csv_positions.dialect import encoding_of
from estran.geo.zones import zone_at
from estran.tickets.confirming import HOME_TZ
from estran.tickets.messages.reading import details_in, journeys_in
from estran.tickets.stations import Places
from estran.tickets.values import Draft
from estran.timebase import zone

MOST_EVENTS = 500
_ROUTE = re.compile(
    r"(?i)^(?:.*?[:|]\s*)?(?:train |trajet |voyage |journey |trip |covoiturage |vol |flight )*"
    r"(?:de |from )?(.{2,60}?)\s*(?:→|➔|➜|->|=>|>|–|—|\s-\s|\bvers\b|\bto\b|\bà\b)\s*(.{2,60})$"
)
_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z)?)?")


def journeys_in_calendar(content: bytes, places: Places) -> tuple[Draft, ...]:
    """Find the journeys among a calendar's events; each event with times is proposed.

    Events of whole days are no journeys.
    """
    text = content.decode(encoding_of(content[:65536]), errors="replace")
    out: list[Draft] = []
    for event in _events(text):
        draft = _draft(event, places)
        if draft is not None:
            out.append(draft)
        if len(out) >= MOST_EVENTS:
            break
    return tuple(replace(draft, row=rank, flaws=()) for rank, draft in enumerate(out, 1))


type_event = dict[str, tuple[str, str]]
"""Value and time zone of each property."""


def _events(text: str) -> Iterator[type_event]:
    event: type_event | None = None
    for line in re.sub(r"\r?\n[ \t]", "", text).splitlines():
        head, _, value = line.partition(":")
        name, _, params = head.partition(";")
        name = name.strip().upper()
        if name == "BEGIN" and value.strip().upper() == "VEVENT":
            event = {}
        elif name == "END" and value.strip().upper() == "VEVENT" and event is not None:
            yield event
            event = None
        elif event is not None:
            tz = re.search(r'(?i)TZID="?([^";]+)', params)
            event.setdefault(name, (_unescaped(value), tz[1] if tz else ""))


def _unescaped(value: str) -> str:
    return re.sub(r"\\([nN,;\\])", lambda m: "\n" if m[1] in "nN" else m[1], value).strip()


def _local(stamp: tuple[str, str], tz: str) -> datetime | None:
    """Give an instant as clocks showed it where it was lived; None for a whole day."""
    found = _STAMP.fullmatch(stamp[0])
    if found is None or not found[4]:
        return None
    try:
        at = datetime(*(int(part) for part in found.groups()[:6]))  # type: ignore[arg-type] # noqa: DTZ001 - its zone comes below
        if found[7]:
            return at.replace(tzinfo=UTC).astimezone(zone(tz))
        return at.replace(tzinfo=zone(stamp[1] or tz)).astimezone(zone(tz)) if stamp[1] else at
    except (ValueError, ZoneUnknown):
        return None


def _draft(event: type_event, places: Places) -> Draft | None:
    summary, place, more = (
        event.get(name, ("", ""))[0] for name in ("SUMMARY", "LOCATION", "DESCRIPTION")
    )
    route = next((m for line in (summary, place) if (m := _ROUTE.match(line.strip()))), None)
    origin, target = (route[1].strip(), route[2].strip()) if route else (place, "")
    at = places.find(origin)
    first = at.stations[0] if at.is_sure else None
    tz = zone_at(first.lat_deg, first.lon_deg) if first else HOME_TZ
    starts = _local(event.get("DTSTART", ("", "")), tz)
    ends = _local(event.get("DTEND", ("", "")), tz)
    if starts is None:
        return None
    said = journeys_in(f"{starts:%Y-%m-%d}\n{more}", places)
    told = said[0] if said else details_in(f"{summary}\n{more}")
    return Draft(
        day=starts.date().isoformat(),
        departs=f"{starts:%H:%M}",
        arrives=f"{ends:%H:%M}" if ends else told.arrives,
        arrives_day=ends.date().isoformat() if ends and ends.date() != starts.date() else "",
        origin=origin or told.origin,
        destination=target or told.destination,
        mode=told.mode, operator=told.operator, number=told.number, price=told.price,
        currency=told.currency, passengers=told.passengers, travel_class=told.travel_class,
        reference=told.reference,
    )  # fmt: skip
