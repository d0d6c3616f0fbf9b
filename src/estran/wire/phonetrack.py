"""Loggers in the manner of PhoneTrack: token and device in the address, the fix in parameters.

``/ingest/phonetrack/TOKEN/DEVICE``, ``/log/APP/TOKEN/DEVICE``, and where PhoneTrack's own app
posts below Nextcloud, ``/index.php/apps/phonetrack/logPost/TOKEN/DEVICE``; several
points as ``points`` of a JSON body or form. LocusMap and uLogger's form are read alike.
"""

from __future__ import annotations

from typing import Any

import msgspec

from estran.formats.told import Told
from estran.wire.calling import json_of, json_reply, parameters, posted_of, refusing, usual_token
from estran.wire.parameters import tell
from estran.wire.values import Answer, Call, Protocol

KEY = "phonetrack"
_DONE = {"done": 1, "friends": []}
_TAKEN = json_reply(_DONE)
_OURS, _THEIRS = "/ingest/phonetrack/", "/log/"
_BELOW_CLOUD = "/index.php/apps/phonetrack/"
_MOST_POINTS = 10_000
_COLUMNS = (
    "lat", "lon", "timestamp", "alt", "acc", "bat", "sat", "useragent", "speed", "bearing",
)  # fmt: skip
"""Order of a row of ``logPostMultiple``, by PhoneTrack's documentation."""


def token(call: Call) -> str:
    """Find the token in the address, else where others have it.

    Examples
    --------
    >>> token(Call("GET", "/log/osmand/abc/phone")), token(Call("GET", "/ingest/phonetrack/abc"))
    ('abc', 'abc')
    """
    for prefix, at in ((_OURS, 0), (_THEIRS, 1), (_BELOW_CLOUD, 1)):
        if call.path.startswith(prefix):
            parts = call.path.removeprefix(prefix).split("/")
            if len(parts) > at and parts[at]:
                return parts[at]
    return usual_token(call)


def read(call: Call, received_us: int) -> Answer | None:
    """Read a fix, or several; speeds are in m/s."""
    value = json_of(call) if call.body else None
    told_by: dict[str, Any] = parameters(call)
    if isinstance(value, dict):
        told_by |= {str(name).lower(): one for name, one in value.items()}
    told = Told()
    points = _points_of(told_by.get("points", value if isinstance(value, list) else None))
    if not told_by and not points:
        return None
    if points:
        for point in points[:_MOST_POINTS]:
            tell(point, told, received_us)
    else:
        tell(told_by, told, received_us)
    return Answer(posted_of(told, received_us), _TAKEN)


def _points_of(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, str):
        try:
            value = msgspec.json.decode(value.encode())
        except (msgspec.MsgspecError, RecursionError):
            return []
    if not isinstance(value, list):
        return []
    rows: list[dict[str, Any]] = []
    for row in value:
        if isinstance(row, dict):
            rows.append({str(name).lower(): one for name, one in row.items()})
        elif isinstance(row, list):
            rows.append(dict(zip(_COLUMNS, row, strict=False)))
    return rows


PROTOCOL = Protocol(KEY, (_OURS, _THEIRS, _BELOW_CLOUD), token, read, refusing(_DONE))
