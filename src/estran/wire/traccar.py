"""Traccar: the OsmAnd query of old clients, the JSON of new ones, and what a server forwards.

The number of the device is its secret, where nothing else bears one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from estran.formats.scalars import instant_us, number, words_of
from estran.formats.times import NEVER
from estran.formats.told import Fix, Told
from estran.units import MPS_PER_KNOT
from estran.wire.calling import json_of, parameters, posted_of, refusing, usual_token
from estran.wire.parameters import tell
from estran.wire.values import NOTHING, Answer, Call, Protocol, Reply, Trouble

KEY = "traccar"
_TAKEN = Reply()
_IDS = ("id", "deviceid", "device_id")


def token(call: Call) -> str:
    """Find the token: in the header or the query, else the number of the device."""
    found = usual_token(call)
    if found:
        return found
    told = parameters(call)
    by_query = next((told[name] for name in _IDS if told.get(name)), "")
    if by_query:
        return by_query
    value = json_of(call) if call.body else None
    if not isinstance(value, dict):
        return ""
    device = value.get("device")
    names = [value.get("device_id"), device.get("uniqueId") if isinstance(device, dict) else None]
    return next((str(name) for name in names if isinstance(name, str | int)), "")


def read(call: Call, received_us: int) -> Answer | None:
    """Read a query, a client's JSON or a forwarded position."""
    value = json_of(call) if call.body else None
    told = Told()
    if isinstance(value, dict):
        location, position = value.get("location"), value.get("position")
        if isinstance(position, dict):
            _forwarded(position, told)
        elif isinstance(location, dict):
            _client(value, location, told)
        else:
            return None
        return Answer(posted_of(told, received_us), _TAKEN)
    told_by = parameters(call)
    if not told_by:
        return None
    if told_by.get("valid", "true").lower() in {"false", "0"}:
        return Answer(NOTHING, _TAKEN)
    unit = _unit_of(call, told_by)
    tell(told_by, told, received_us, unit_mps=unit)
    return Answer(posted_of(told, received_us), _TAKEN)


def _unit_of(call: Call, told_by: Mapping[str, str]) -> float:
    """Tell the unit of ``speed``: knots of Traccar Client, m/s of OsmAnd's own app and Colota.

    Where neither is known, nothing is: a speed of another unit would be worse than none.
    """
    agent = call.headers.get("user-agent", "").lower()
    if "osmand" in agent or "colota" in agent or "hdop" in told_by:
        return 1.0
    is_client = "traccar" in agent or "id" in told_by
    return MPS_PER_KNOT if is_client else float("nan")


def _client(value: Mapping[str, Any], location: Mapping[str, Any], told: Told) -> None:
    coords = location.get("coords")
    place = coords if isinstance(coords, dict) else location
    time_us = instant_us(location.get("timestamp"))
    activity = location.get("activity", value.get("activity"))
    word = activity.get("type") if isinstance(activity, dict) else activity
    told.motion(time_us, words_of(word))
    _battery(location.get("battery", value.get("battery")), time_us, told)
    if place.get("latitude") is None:
        return  # It only says that the phone lives.
    told.fix(
        Fix(
            time_us, number(place.get("latitude")), number(place.get("longitude")),
            number(place.get("accuracy")), number(place.get("speed")),
            number(place.get("heading", place.get("course"))), number(place.get("altitude")),
        )
    )  # fmt: skip


def _battery(battery: Any, time_us: int, told: Told) -> None:
    if isinstance(battery, dict) and not battery.get("is_charging"):
        level = number(battery.get("level"))
        if level >= 0.0:
            told.battery(time_us, level * 100.0 if level <= 1.0 else level)


def _forwarded(position: Mapping[str, Any], told: Told) -> None:
    """Read what a Traccar server forwards: its speeds are in knots."""
    if position.get("valid") is False:
        return
    times = (instant_us(position.get(name)) for name in ("fixTime", "deviceTime", "serverTime"))
    time_us = next((at_us for at_us in times if at_us != NEVER), NEVER)
    attributes = position.get("attributes")
    if isinstance(attributes, dict):
        told.motion(time_us, words_of(attributes.get("activity")))
    told.fix(
        Fix(
            time_us, number(position.get("latitude")), number(position.get("longitude")),
            number(position.get("accuracy")), number(position.get("speed")) * MPS_PER_KNOT,
            number(position.get("course")), number(position.get("altitude")),
        )
    )  # fmt: skip


_refuse = refusing({})


def refuse(call: Call, trouble: Trouble) -> Reply:
    """Answer trouble; a message that cannot be read would stand before all others for ever."""
    return _TAKEN if trouble is Trouble.UNREADABLE else _refuse(call, trouble)


PROTOCOL = Protocol(
    KEY,
    ("/ingest/traccar", "/ingest/osmand", "/api/v1/traccar/points"),
    token,
    read,
    refuse,
)
