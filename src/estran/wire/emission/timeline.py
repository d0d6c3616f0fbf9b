"""A day's trips as ``/timeline/getTrips`` draws them: a collection of features each."""

from __future__ import annotations

from datetime import date

from estran.timebase import local_day
from estran.wire.emission.lines import line_of
from estran.wire.emission.stamps import an_oid, seconds, stamped, type_json
from estran.wire.emission.trips import (
    Told,
    end_place,
    section_data,
    start_place,
    stop_id,
    trip_data,
)
from estran.wire.emission.words import COACH, SENSED


def is_of(told: Told, day: date) -> bool:
    """Tell whether a trip is asked for with a day: by the day where it began, or that in UTC.

    The reference server knows local days only, and its Cozy clients ask for the UTC day: a
    trip at half past midnight in France was never fetched.
    """
    start_us = told.trip.started_us
    return day in (local_day(start_us, told.tz), local_day(start_us, "UTC"))


def drawn(told: Told, user: str) -> type_json:
    """Draw a trip."""
    properties = {**trip_data(told), "feature_type": "trip"}
    if "purpose_confirm" in told.labels:
        properties["manual_purpose"] = told.labels["purpose_confirm"]
    sections = [_section(told, n) for n in range(len(told.legs))]
    stops = [_stop(told, n) for n in range(len(told.legs) - 1)]
    places = [
        _place(start_place(told, user), "start_place"),
        _place(end_place(told, user), "end_place"),
    ]
    return {
        "type": "FeatureCollection",
        "id": told.issue.id,
        "properties": properties,
        "features": [*places, *stops, *sections],
    }


def _place(entry: type_json, kind: str) -> type_json:
    properties = dict(entry["data"])
    at = properties.pop("location")
    return {
        "type": "Feature",
        "id": entry["_id"]["$oid"],
        "geometry": at,
        "properties": {**properties, "feature_type": kind},
    }


def _stop(told: Told, n: int) -> type_json:
    """Draw the time between two legs: a change, or a wait."""
    ends, starts = told.legs[n], told.legs[n + 1]
    before, after = line_of(told.trip, ends).last, line_of(told.trip, starts).first
    corners = [[before.lon_deg, before.lat_deg], [after.lon_deg, after.lat_deg]]
    return {
        "type": "Feature",
        "id": stop_id(told, n),
        "geometry": {"type": "LineString", "coordinates": corners},
        "properties": {
            **stamped("enter", ends.ended_us, told.tz),
            **stamped("exit", starts.started_us, told.tz),
            "duration": seconds(starts.started_us - ends.ended_us),
            "distance": 0.0,
            "ending_section": an_oid(told.section_id(n)),
            "starting_section": an_oid(told.section_id(n + 1)),
            "trip_id": an_oid(told.issue.id),
            "feature_type": "stop",
        },
    }


def _section(told: Told, n: int) -> type_json:
    leg = told.legs[n]
    line = line_of(told.trip, leg)
    properties = {
        **section_data(told, n),
        "sensed_mode": SENSED[leg.mode],
        "times": [seconds(at_us) for at_us in line.time_us.tolist()],
        "timestamps": [at_us // 1000 for at_us in line.time_us.tolist()],
        "feature_type": "section",
    }
    properties.pop("start_loc"), properties.pop("end_loc")
    if leg.corrected and leg.mode in COACH:
        properties["manual_mode"] = COACH[leg.mode]
    coordinates = [[lon_deg, lat_deg] for _, lat_deg, lon_deg in line.rows()]
    feature = {
        "type": "Feature",
        "id": told.section_id(n),
        "geometry": {"type": "LineString", "coordinates": coordinates},
        "properties": properties,
    }
    return {"type": "FeatureCollection", "features": [feature]}
