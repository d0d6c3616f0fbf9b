"""Home Assistant: what its ``rest_command`` posts, in the shape that the page of devices gives.

Templates write ``None`` and ``unknown`` where an attribute is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from estran.formats.scalars import instant_us, number
from estran.formats.told import Fix, Told
from estran.wire.calling import json_of, json_reply, posted_of, refusing, usual_token
from estran.wire.values import Answer, Call, Protocol

KEY = "homeassistant"


def read(call: Call, received_us: int) -> Answer | None:
    """Read one position, its place under ``location`` or beside."""
    value = json_of(call)
    if not isinstance(value, dict):
        return None
    place = value.get("location")
    told = Told()
    _tell(value, place if isinstance(place, dict) else value, told)
    return Answer(posted_of(told, received_us), json_reply({"ok": True}))


def _tell(value: Mapping[str, Any], place: Mapping[str, Any], told: Told) -> None:
    time_us = instant_us(value.get("timestamp", place.get("timestamp")))
    battery = value.get("battery")
    if isinstance(battery, dict):
        told.battery(time_us, number(battery.get("level")))
    told.fix(
        Fix(
            time_us, number(place.get("latitude")), number(place.get("longitude")),
            number(place.get("accuracy", place.get("gps_accuracy"))), number(place.get("speed")),
            number(place.get("course")), number(place.get("altitude")),
        )
    )  # fmt: skip


PROTOCOL = Protocol(KEY, ("/ingest/homeassistant",), usual_token, read, refusing({"ok": True}))
