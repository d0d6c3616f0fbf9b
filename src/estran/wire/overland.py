"""Overland's batches, and those of apps that post in its manner (GPSLogger, Colota).

One bad point never costs the batch: an app sends the same batch again until it is taken.
"""

from __future__ import annotations

from typing import Any

from estran.formats.motions import motion_of
from estran.formats.overland.messages import tell
from estran.formats.scalars import instant_us, words_of
from estran.formats.statements import Statement
from estran.formats.told import Told, is_plausible
from estran.trace import ClaimKind, Motion
from estran.wire.calling import json_of, posted_of, refusing, usual_token
from estran.wire.values import NOTHING, Answer, Call, Protocol, Reply, Trouble

KEY = "overland"
_TAKEN = Reply(body=b'{"result":"ok"}')


def read(call: Call, received_us: int) -> Answer | None:
    """Read a batch; ``current`` comes again among the locations and is left out."""
    value = json_of(call)
    if not isinstance(value, dict):
        return None
    features = value.get("locations")
    if not isinstance(features, list):
        return None if "locations" in value or not value else Answer(NOTHING, _TAKEN)
    told = Told()
    for feature in features:
        tell(feature, told)
    _running_trip(value.get("trip"), told)
    return Answer(posted_of(told, received_us), _TAKEN)


def _running_trip(trip: Any, told: Told) -> None:
    """Keep the mode that a person chose at departure, for the points of this batch."""
    if not isinstance(trip, dict) or not told.fixes:
        return
    motion = motion_of(" ".join(words_of(trip.get("mode"))))
    start_us = instant_us(trip.get("start"))
    if motion is Motion.UNKNOWN or not is_plausible(start_us):
        return
    of_trip = [fix.time_us for fix in told.fixes if fix.time_us >= start_us]
    if of_trip:
        span = max(start_us, min(of_trip)), max(of_trip)
        told.state(Statement(*span, ClaimKind.MOVE, motion, confirmed=True))


_refuse = refusing({"result": "ok"})


def refuse(call: Call, trouble: Trouble) -> Reply:
    """Answer trouble; a batch that cannot be read would stand before all others for ever."""
    return _TAKEN if trouble is Trouble.UNREADABLE else _refuse(call, trouble)


PROTOCOL = Protocol(
    KEY, ("/ingest/overland", "/api/v1/overland/batches"), usual_token, read, refuse
)
