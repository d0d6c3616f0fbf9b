"""The day's ways as a small still drawing, for pages where no map can run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from estran.journal import Journal, Place
from estran.web.me.drawing import DASHES, lines_of
from estran.web.me.words import Words

WIDTH_PX, HEIGHT_PX, MARGIN_PX = 640, 480, 44


@dataclass(frozen=True, slots=True)
class Line:
    """One leg drawn."""

    key: str
    label: str
    path: str
    dash: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One place drawn."""

    x: str
    y: str
    letter: str


@dataclass(frozen=True, slots=True)
class Still:
    """A drawing in pixels."""

    lines: tuple[Line, ...]
    dots: tuple[Dot, ...]
    width_px: int = WIDTH_PX
    height_px: int = HEIGHT_PX


def draw(journal: Journal, *, letters: Sequence[tuple[Place, str]], words: Words) -> Still:
    """Project the legs and places of a journal into a fixed frame, north up.

    The projection is plane, true at the middle latitude: enough for a day, and said to be
    a drawing.
    """
    legs = [(leg, line) for trip in journal.trips for leg, line, _ in lines_of(trip)]
    points = [(p.lon_deg, p.lat_deg) for p, _ in letters]
    points += [(x, y) for _, line in legs for x, y in line]
    if not points:
        return Still((), ())
    frame = _Frame.around(points)
    lines = tuple(
        Line(leg.mode.value, words.mode(leg.mode), frame.path(line), DASHES[leg.mode])
        for leg, line in legs
    )
    dots = tuple(_dot(frame, place, letter) for place, letter in letters)
    return Still(lines, dots)


def _dot(frame: _Frame, place: Place, letter: str) -> Dot:
    x, y = frame.point(place.lon_deg, place.lat_deg)
    return Dot(str(x), str(y), letter)


@dataclass(frozen=True, slots=True)
class _Frame:
    """How degrees become pixels."""

    lon_deg: float
    lat_deg: float
    across_px_per_deg: float
    up_px_per_deg: float

    @classmethod
    def around(cls, points: Sequence[tuple[float, float]]) -> _Frame:
        """Fit points into the frame; one point sits in its middle."""
        lons, lats = [p[0] for p in points], [p[1] for p in points]
        lon, lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
        shrink = max(cos(radians(lat)), 0.05)
        width = max((max(lons) - min(lons)) * shrink, 0.004)
        height = max(max(lats) - min(lats), 0.004)
        scale = min((WIDTH_PX - 2 * MARGIN_PX) / width, (HEIGHT_PX - 2 * MARGIN_PX) / height)
        return cls(lon, lat, scale * shrink, scale)

    def point(self, lon_deg: float, lat_deg: float) -> tuple[float, float]:
        """Place one position. [px]"""
        x = WIDTH_PX / 2 + (lon_deg - self.lon_deg) * self.across_px_per_deg
        y = HEIGHT_PX / 2 - (lat_deg - self.lat_deg) * self.up_px_per_deg
        return round(x, 1), round(y, 1)

    def path(self, line: Sequence[Sequence[float]]) -> str:
        """Write a line as SVG path data, without steps under a pixel."""
        kept: list[tuple[float, float]] = []
        for lon, lat in line:
            x, y = self.point(lon, lat)
            if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= 1:
                kept.append((x, y))
        return "M" + "L".join(f"{x} {y}" for x, y in kept)
