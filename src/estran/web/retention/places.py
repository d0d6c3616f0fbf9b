"""The places where a person stays most, to choose from; and what the map of them shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from estran.geo.distance import EARTH_RADIUS_M, distance_m
from estran.journal import Journal, Place, Stay
from estran.privacy import Zone
from estran.timebase import local_day
from estran.web.me.drawing import SAME_PLACE_M
from estran.web.me.summing import read_journal
from estran.web.store.opened import OpenVault

LOOK_BACK_DAYS = 92
MOST = 8
_CORNERS = 48


@dataclass(slots=True)
class Spot:
    """A place that a person stayed at, by letter; days there and the last of them."""

    letter: str
    at: Place
    days: set[date]
    place: str = ""

    @property
    def n_days(self) -> int:
        """Count the days."""
        return len(self.days)

    @property
    def last(self) -> date:
        """Give the last day."""
        return max(self.days)

    @property
    def value(self) -> str:
        """Write the position for a form."""
        return f"{self.at.lat_deg:.5f},{self.at.lon_deg:.5f}"


def frequent(vault: OpenVault, last: date | None) -> list[Spot]:
    """Find where the person stayed on most days of the last three months known."""
    if last is None:
        return []
    journal = read_journal(vault, last - timedelta(days=LOOK_BACK_DAYS), last)
    found: list[Spot] = []
    for entry in journal.entries:
        if isinstance(entry, Stay):
            _add(found, entry)
    found.sort(key=lambda spot: (-spot.n_days, spot.at.lat_deg))
    for rank, spot in enumerate(found[:MOST]):
        spot.letter = chr(65 + rank)
    return found[:MOST]


def _add(found: list[Spot], stay: Stay) -> None:
    day = local_day(stay.started_us, stay.tz)
    for spot in found:
        at = stay.at
        if distance_m(at.lat_deg, at.lon_deg, spot.at.lat_deg, spot.at.lon_deg) <= SAME_PLACE_M:
            spot.days.add(day)
            return
    found.append(Spot("", stay.at, {day}, stay.place))


def letters(spots: Iterable[Spot]) -> list[tuple[Place, str]]:
    """Give places and letters as drawings want them."""
    return [(spot.at, spot.letter) for spot in spots]


NO_JOURNAL = Journal()


def map_of(spots: Sequence[Spot], zones: Sequence[Zone]) -> dict[str, object]:
    """Make the GeoJSON of the map: letters and circles."""
    points: list[dict[str, object]] = [
        {
            "type": "Feature",
            "properties": {"letter": spot.letter},
            "geometry": {
                "type": "Point",
                "coordinates": [round(spot.at.lon_deg, 5), round(spot.at.lat_deg, 5)],
            },
        }
        for spot in spots
    ]
    rings: list[dict[str, object]] = [
        {
            "type": "Feature",
            "properties": {"kind": "circle"},
            "geometry": {"type": "LineString", "coordinates": ring(zone)},
        }
        for zone in zones
    ]
    return {"type": "FeatureCollection", "features": [*points, *rings]}


def ring(zone: Zone) -> list[list[float]]:
    """Draw a circle as a closed line of (lon, lat)."""
    turn = np.linspace(0, 2 * np.pi, _CORNERS + 1)
    reach_deg = np.degrees(zone.radius_m / EARTH_RADIUS_M)
    lat_deg = zone.lat_deg + reach_deg * np.cos(turn)
    shrink = max(float(np.cos(np.radians(zone.lat_deg))), 1e-6)
    lon_deg = zone.lon_deg + reach_deg * np.sin(turn) / shrink
    return [
        [round(lon, 5), round(lat, 5)]
        for lon, lat in zip(lon_deg.tolist(), lat_deg.tolist(), strict=True)
    ]
