"""A journal's trips, legs and stays as the entries that e-mission's analysis would have made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

from estran.journal import Entry, Leg, Mode, Place, Stay, Trip
from estran.wire.emission.issues import Issue
from estran.wire.emission.lines import Line, line_of
from estran.wire.emission.stamps import (
    a_uuid,
    an_oid,
    fmt_time,
    local_dt,
    oid,
    seconds,
    stamped,
    type_json,
)
from estran.wire.emission.words import CLEANED, INFERRED, name_of

SOURCE = "Estran"
"""Stands where e-mission names its own way of cutting trips."""
MOST_LOCATIONS = 100
"""Positions that a composite trip bears, as in the reference server."""
_UNKNOWN_MOTION = 4


@dataclass(frozen=True, slots=True)
class Told:
    """A trip of the journal, with when it was told and what lies around it."""

    issue: Issue
    trip: Trip
    before: Stay | None = None
    after: Stay | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    """The person's labels of the whole trip, by the last part of their key."""

    @property
    def tz(self) -> str:
        """Zone in which it began."""
        return self.trip.tz

    @property
    def legs(self) -> tuple[Leg, ...]:
        """The legs that move; waits between them are stops."""
        return tuple(leg for leg in self.trip.legs if leg.mode is not Mode.WAIT)

    def section_id(self, n: int) -> str:
        """Name a leg."""
        return oid(self.issue.id, "section", n)

    @property
    def start_place_id(self) -> str:
        """Name the place where it begins: the end of the trip before, where that is known."""
        if self.issue.from_id:
            return oid(self.issue.from_id, "end")
        return oid(self.issue.id, "start")

    @property
    def end_place_id(self) -> str:
        """Name the place where it ends."""
        return oid(self.issue.id, "end")


def told_in(
    entries: Sequence[Entry],
    issues: Sequence[Issue],
    labels: Mapping[str, Mapping[str, str]] | None = None,
) -> list[Told]:
    """Join trips with their issues; a trip that was not told yet is left out."""
    by_span = {(issue.start_us, issue.end_us): issue for issue in issues}
    found: list[Told] = []
    for n, entry in enumerate(entries):
        if not isinstance(entry, Trip):
            continue
        issue = by_span.get((entry.started_us, entry.ended_us))
        if issue is None:
            continue
        before, after = _stay(entries, n - 1), _stay(entries, n + 1)
        found.append(Told(issue, entry, before, after, (labels or {}).get(issue.id, {})))
    return found


def _stay(entries: Sequence[Entry], n: int) -> Stay | None:
    entry = entries[n] if 0 <= n < len(entries) else None
    return entry if isinstance(entry, Stay) else None


def _entry(told: Told, key: str, name: str, user: str, data: type_json) -> type_json:
    at_us = told.issue.write_s * 1_000_000
    metadata = {
        "key": key,
        "platform": "server",
        "write_ts": float(told.issue.write_s),
        "time_zone": told.tz,
        "write_local_dt": local_dt(at_us, told.tz),
        "write_fmt_time": fmt_time(at_us, told.tz),
    }
    return {"_id": an_oid(name), "user_id": a_uuid(user), "metadata": metadata, "data": data}


def point(at: Place) -> type_json:
    """Write a place as a GeoJSON point."""
    return {"type": "Point", "coordinates": [at.lon_deg, at.lat_deg]}


def trip_data(told: Told) -> type_json:
    """Tell what all kinds of entries say of a whole trip."""
    trip, tz = told.trip, told.tz
    return {
        "source": SOURCE,
        **stamped("start", trip.started_us, tz),
        "start_loc": point(trip.origin),
        **stamped("end", trip.ended_us, tz),
        "end_loc": point(trip.destination),
        "duration": trip.duration_s,
        "distance": trip.distance_m,
        "start_place": an_oid(told.start_place_id),
        "end_place": an_oid(told.end_place_id),
        "raw_trip": an_oid(oid(told.issue.id, "raw")),
    }


def cleaned_trip(told: Told, user: str) -> type_json:
    """Tell a trip as ``analysis/cleaned_trip``."""
    return _entry(told, "analysis/cleaned_trip", told.issue.id, user, trip_data(told))


def confirmed_trip(told: Told, user: str) -> type_json:
    """Tell a trip with its labels as ``analysis/confirmed_trip``."""
    name = oid(told.issue.id, "confirmed")
    return _entry(told, "analysis/confirmed_trip", name, user, _confirmed(told))


def _confirmed(told: Told) -> type_json:
    summary = summed(told.legs)
    return {
        **trip_data(told),
        "cleaned_trip": an_oid(told.issue.id),
        "inferred_trip": an_oid(oid(told.issue.id, "inferred")),
        "expected_trip": an_oid(oid(told.issue.id, "expected")),
        "inferred_labels": [],
        "expectation": {"to_label": not told.labels},
        "confidence_threshold": 0.55,
        "inferred_section_summary": summary,
        "cleaned_section_summary": summary,
        "user_input": dict(told.labels),
        "additions": [],
    }


def summed(legs: Iterable[Leg]) -> dict[str, dict[str, float]]:
    """Sum up legs by mode: distance [m], duration [s] and count."""
    sums: dict[str, dict[str, float]] = {"distance": {}, "duration": {}, "count": {}}
    for leg in legs:
        name = name_of(leg.mode)
        for what, value in (
            ("distance", leg.distance_m), ("duration", leg.duration_s), ("count", 1),
        ):  # fmt: skip
            sums[what][name] = sums[what].get(name, 0) + value
    return sums


def composite_trip(told: Told, user: str) -> type_json:
    """Tell a trip with places, sections and its line, as phones read their diary."""
    name = oid(told.issue.id, "composite")
    data = {
        **_confirmed(told),
        "confirmed_trip": an_oid(oid(told.issue.id, "confirmed")),
        "start_confirmed_place": start_place(told, user),
        "end_confirmed_place": end_place(told, user),
        "locations": _locations(told, user),
        "sections": [inferred_section(told, n, user) for n in range(len(told.legs))],
    }
    entry = _entry(told, "analysis/composite_trip", name, user, data)
    entry["metadata"]["origin_key"] = "analysis/confirmed_trip"
    return entry


def _locations(told: Told, user: str) -> list[type_json]:
    line = Line.joined([line_of(told.trip, leg) for leg in told.legs]).thinned(MOST_LOCATIONS)
    return [
        _entry(
            told,
            "analysis/recreated_location",
            oid(told.issue.id, "location", at_us),
            user,
            {
                "ts": seconds(at_us), "latitude": lat_deg, "longitude": lon_deg,
                "loc": {"type": "Point", "coordinates": [lon_deg, lat_deg]},
                "fmt_time": fmt_time(at_us, told.tz), "local_dt": local_dt(at_us, told.tz),
                "idx": n,
            },
        )
        for n, (at_us, lat_deg, lon_deg) in enumerate(line.rows())
    ]  # fmt: skip


def section_data(told: Told, n: int) -> type_json:
    """Tell what all kinds of entries say of a leg, but for its mode."""
    leg, tz = told.legs[n], told.tz
    line = line_of(told.trip, leg)
    data = {
        "trip_id": an_oid(told.issue.id),
        "source": SOURCE,
        **stamped("start", leg.started_us, tz),
        "start_loc": point(line.first),
        **stamped("end", leg.ended_us, tz),
        "end_loc": point(line.last),
        "duration": leg.duration_s,
        "distance": leg.distance_m if isfinite(leg.distance_m) else 0.0,
        "speeds": line.speeds_mps.tolist(),
        "distances": line.steps_m.tolist(),
    }
    if n:
        data["start_stop"] = an_oid(stop_id(told, n - 1))
    if n + 1 < len(told.legs):
        data["end_stop"] = an_oid(stop_id(told, n))
    return data


def stop_id(told: Told, n: int) -> str:
    """Name the stop after a leg."""
    return oid(told.issue.id, "stop", n)


def cleaned_section(told: Told, n: int, user: str) -> type_json:
    """Tell a leg as ``analysis/cleaned_section``: by the phone's numbers of motion."""
    mode = CLEANED.get(told.legs[n].mode, _UNKNOWN_MOTION)
    data = {**section_data(told, n), "sensed_mode": mode}
    return _entry(told, "analysis/cleaned_section", told.section_id(n), user, data)


def inferred_section(told: Told, n: int, user: str) -> type_json:
    """Tell a leg as ``analysis/inferred_section``: by the numbers of predicted modes."""
    data = {
        **section_data(told, n),
        "cleaned_section": an_oid(told.section_id(n)),
        "sensed_mode": INFERRED.get(told.legs[n].mode, 0),
    }
    name = oid(told.section_id(n), "inferred")
    return _entry(told, "analysis/inferred_section", name, user, data)


def start_place(told: Told, user: str) -> type_json:
    """Tell where a trip begins as ``analysis/cleaned_place``."""
    data = place_data(told.before, told.trip.origin, told.tz, exit_us=told.trip.started_us)
    data["starting_trip"] = an_oid(told.issue.id)
    if told.issue.from_id:
        data["ending_trip"] = an_oid(told.issue.from_id)
    return _entry(told, "analysis/cleaned_place", told.start_place_id, user, data)


def end_place(told: Told, user: str) -> type_json:
    """Tell where a trip ends as ``analysis/cleaned_place``."""
    data = place_data(told.after, told.trip.destination, told.tz, enter_us=told.trip.ended_us)
    data["ending_trip"] = an_oid(told.issue.id)
    return _entry(told, "analysis/cleaned_place", told.end_place_id, user, data)


def place_data(
    stay: Stay | None,
    at: Place,
    tz: str,
    *,
    enter_us: int | None = None,
    exit_us: int | None = None,
) -> type_json:
    """Tell a place with the time spent there, as far as it is known.

    ``display_name`` is the name that the person gave; no address is looked up anywhere.
    """
    if stay is not None:
        at, tz = stay.at, stay.tz
        enter_us = stay.started_us if enter_us is None else enter_us
        exit_us = stay.ended_us if exit_us is None else exit_us
    data: type_json = {
        "source": SOURCE,
        "location": point(at),
        "display_name": stay.place if stay else "",
        "raw_places": [],
    }
    if enter_us is not None:
        data |= stamped("enter", enter_us, tz)
    if exit_us is not None:
        data |= stamped("exit", exit_us, tz)
    if enter_us is not None and exit_us is not None:
        data["duration"] = seconds(exit_us - enter_us)
    return data
