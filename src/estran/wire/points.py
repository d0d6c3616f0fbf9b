"""Our own interface, for the recorder and for scripts: positions and trips, each with its id.

The structs are the contract: ``docs/openapi-ingest.json`` is made from them
(:mod:`estran.wire.openapi`).
"""

from __future__ import annotations

import math
from typing import Annotated, Any

import msgspec

from estran.formats.motions import motion_of
from estran.formats.scalars import instant_us, number
from estran.formats.statements import Statement
from estran.formats.told import Fix, Told
from estran.trace import ClaimKind, MarkKind, Motion
from estran.wire.calling import json_of, json_reply, posted_of, refusing, usual_token
from estran.wire.values import Answer, Call, Protocol

KEY = "points"
MOST_POINTS = 10_000

type_instant = Annotated[
    str | float, msgspec.Meta(description="ISO 8601 with its zone, or seconds since 1970")
]


class Point(msgspec.Struct):
    """One position; what is not known is left out or null."""

    id: Annotated[str, msgspec.Meta(max_length=64, description="Given by the sender, in any form")]
    time: type_instant
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90, description="WGS 84, degrees")]
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180, description="WGS 84, degrees")]
    accuracy: Annotated[float, msgspec.Meta(description="Metres")] | None = None
    speed: Annotated[float, msgspec.Meta(description="Metres per second")] | None = None
    bearing: Annotated[float, msgspec.Meta(description="Degrees from north")] | None = None
    altitude: Annotated[float, msgspec.Meta(description="Metres")] | None = None


class SaidTrip(msgspec.Struct):
    """A trip that the person began and ended; the mode is their own word."""

    id: Annotated[str, msgspec.Meta(max_length=64)]
    start: type_instant
    end: type_instant
    mode: Annotated[str, msgspec.Meta(description="walk, bike, e_bike, bus, car...")] | None = None


class Parcel(msgspec.Struct):
    """The body of a call."""

    points: Annotated[list[Point], msgspec.Meta(max_length=MOST_POINTS)] = []
    trips: Annotated[list[SaidTrip], msgspec.Meta(max_length=1000)] = []


class Refused(msgspec.Struct):
    """What was not taken in, and why: sending it again changes nothing."""

    id: str
    code: str


class Taken(msgspec.Struct):
    """What is safely kept, and what is not wanted."""

    accepted: list[str]
    refused: list[Refused]


def read(call: Call, received_us: int) -> Answer | None:
    """Read a parcel, or a GeoJSON collection of points; one bad point never costs the others."""
    value = json_of(call)
    if not isinstance(value, dict):
        return None
    features = value.get("features")
    if isinstance(features, list):
        points = [_point_of(feature) for feature in features]
        trips: list[Any] = []
    else:
        points, trips = value.get("points", []), value.get("trips", [])
    if not isinstance(points, list) or not isinstance(trips, list) or not (points or trips):
        return None
    told, taken = Told(), Taken([], [])
    for point in points[:MOST_POINTS]:
        _keep(point, taken, lambda one: _tell_point(one, told))
    for trip in trips[:MOST_POINTS]:
        _keep(trip, taken, lambda one: _tell_trip(one, told))
    for late in [*points[MOST_POINTS:], *trips[MOST_POINTS:]]:
        taken.refused.append(Refused(_id_of(late), "too-many"))
    return Answer(posted_of(told, received_us), json_reply(taken))


def _keep(one: Any, taken: Taken, tell: Any) -> None:
    fault = tell(one) if isinstance(one, dict) else "record-broken"
    if fault:
        taken.refused.append(Refused(_id_of(one), fault))
    else:
        taken.accepted.append(_id_of(one))


def _id_of(one: Any) -> str:
    name = one.get("id") if isinstance(one, dict) else None
    return str(name)[:64] if isinstance(name, str | int) else ""


def _tell_point(point: dict[str, Any], told: Told) -> str:
    return told.fix(
        Fix(
            instant_us(point.get("time")), number(point.get("lat")), number(point.get("lon")),
            number(point.get("accuracy")), number(point.get("speed")),
            number(point.get("bearing")), number(point.get("altitude")),
        )
    )  # fmt: skip


def _tell_trip(trip: dict[str, Any], told: Told) -> str:
    """Keep a trip's ends as marks, and its mode, where it has one, as the person's word."""
    start_us, end_us = instant_us(trip.get("start")), instant_us(trip.get("end"))
    mode = trip.get("mode")
    motion = motion_of(mode) if isinstance(mode, str) else Motion.UNKNOWN
    is_said = motion is not Motion.UNKNOWN
    if not told.state(Statement(start_us, end_us, ClaimKind.MOVE, motion, confirmed=is_said)):
        return "claim-unreadable"
    if not is_said:
        told.statements.pop()
    told.mark(start_us, MarkKind.TRIP_STARTED)
    told.mark(end_us, MarkKind.TRIP_ENDED)
    return ""


def _point_of(feature: Any) -> Any:
    """Give a GeoJSON point as one of ours."""
    if not isinstance(feature, dict):
        return feature
    geometry, told = feature.get("geometry"), feature.get("properties")
    place = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if not isinstance(place, list) or not isinstance(told, dict):
        return {"id": feature.get("id")}
    lon, lat, up = [*place[:3], math.nan, math.nan, math.nan][:3]
    return {
        "altitude": up, **told, "lat": lat, "lon": lon, "id": feature.get("id", told.get("id")),
        "time": told.get("time", told.get("timestamp")),
    }  # fmt: skip


PROTOCOL = Protocol(
    KEY, ("/ingest/points",), usual_token, read, refusing({"accepted": [], "refused": []})
)
