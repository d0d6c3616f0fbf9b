"""GPSLogger's custom URL: a query, a form, or JSON whose numbers are texts."""

from __future__ import annotations

from estran.formats.told import Told
from estran.wire import overland
from estran.wire.calling import json_of, parameters, posted_of, refusing, usual_token
from estran.wire.parameters import tell
from estran.wire.values import Answer, Call, Protocol, Reply

KEY = "gpslogger"
_TAKEN = Reply(body=b"[]")


def read(call: Call, received_us: int) -> Answer | None:
    """Read a fix; ``speed`` and ``spd`` are in m/s, ``vel`` and ``speed_kmh`` in km/h."""
    value = json_of(call) if call.body else None
    if isinstance(value, dict) and "locations" in value:
        return overland.read(call, received_us)
    told_by = {str(k).lower(): v for k, v in value.items()} if isinstance(value, dict) else {}
    told_by = {**parameters(call), **told_by}
    if not told_by:
        return None
    told = Told()
    if tell(told_by, told, received_us):
        told.n_dropped += not told.n_dropped
    return Answer(posted_of(told, received_us), _TAKEN)


PROTOCOL = Protocol(KEY, ("/ingest/gpslogger",), usual_token, read, refusing([], challenge=True))
