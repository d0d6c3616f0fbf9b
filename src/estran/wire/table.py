"""The live protocols by their addresses: adding one touches this table and its own module."""

from __future__ import annotations

from estran.wire import gpslogger, homeassistant, overland, owntracks, phonetrack, points, traccar
from estran.wire.values import Protocol

PROTOCOLS: tuple[Protocol, ...] = (
    owntracks.PROTOCOL,
    overland.PROTOCOL,
    gpslogger.PROTOCOL,
    traccar.PROTOCOL,
    homeassistant.PROTOCOL,
    phonetrack.PROTOCOL,
    points.PROTOCOL,
)


def by_path(path: str) -> Protocol | None:
    """Find the protocol that answers at an address, None where there is none."""
    exact = _EXACT.get(path)
    if exact is not None:
        return exact
    return next((known for prefix, known in _BELOW if path.startswith(prefix)), None)


_EXACT = {path: known for known in PROTOCOLS for path in known.paths if not path.endswith("/")}
_BELOW = tuple((path, known) for known in PROTOCOLS for path in known.paths if path.endswith("/"))
