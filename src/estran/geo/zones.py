"""The time zone of a place, from the outlines shipped with tzfpy (no network)."""

from __future__ import annotations

from functools import lru_cache

import tzfpy

from estran.errors import ZoneUnknown
from estran.timebase import zone


@lru_cache(maxsize=65_536)
def _zone_of_cell(lat_centideg: int, lon_centideg: int) -> str:
    name = tzfpy.get_tz(lon_centideg / 100.0, lat_centideg / 100.0)
    try:
        return zone(name).key
    except ZoneUnknown:
        return "UTC"


def zone_at(lat_deg: float, lon_deg: float) -> str:
    """Name the IANA time zone where a place is.

    Looked up on a grid of 0.01 degree (about 1 km), since borders of zones are hardly
    known better and a day has many stays in few cells. A place at sea gets its nautical
    zone; one that the tables do not know gets UTC.

    Examples
    --------
    >>> zone_at(46.16, -1.15), zone_at(37.4, -122.1)
    ('Europe/Paris', 'America/Los_Angeles')
    """
    return _zone_of_cell(round(lat_deg * 100), round(lon_deg * 100))
