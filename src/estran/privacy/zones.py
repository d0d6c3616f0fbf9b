"""Circles in which positions are blurred, or never kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import cos, pi, radians, sin, sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from estran.geo.distance import EARTH_RADIUS_M, distances_m
from estran.trace import ClaimKind, Claims, Positions

type_f64 = NDArray[np.float64]
type_bool = NDArray[np.bool_]

MIN_RADIUS_M, MAX_RADIUS_M = 100.0, 2000.0
"""Smaller is the error of a phone in a street, larger is a small town."""

MARGIN_M = 0.05
"""Positions are kept to 11 mm: what is this near outside may be kept inside."""

SHIFT_SHARE = 0.4
"""How far a centre may be moved off the place it was drawn around, of the radius: the place
stays inside with most of the way to any edge of it."""

_E7 = 1e7


class Keeps(StrEnum):
    """What is kept of a position inside."""

    CENTRE = "blur"
    """Its time, at the centre."""
    NOTHING = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A circle around a place, chosen by the person.

    Parameters
    ----------
    id : str
    name : str
        What a stay inside is told as.
    lat_deg, lon_deg : float
        The centre, rounded to what a vault keeps (1e-7 degree). [°]
    radius_m : float
        100 to 2000. [m]
    keeps : Keeps

    Raises
    ------
    ValueError
        The centre is off the globe, or the radius out of bounds.
    """

    id: str
    name: str
    lat_deg: float
    lon_deg: float
    radius_m: float
    keeps: Keeps

    def __post_init__(self) -> None:
        """Check once; round the centre as positions are rounded."""
        on_globe = abs(self.lat_deg) <= 90.0 and abs(self.lon_deg) <= 180.0  # noqa: PLR2004 - the globe
        if not on_globe or not MIN_RADIUS_M <= self.radius_m <= MAX_RADIUS_M:
            msg = "a zone is a circle of 100 to 2000 m on the globe"
            raise ValueError(msg)
        object.__setattr__(self, "lat_deg", round(self.lat_deg * _E7) / _E7)
        object.__setattr__(self, "lon_deg", round(self.lon_deg * _E7) / _E7)

    def __repr__(self) -> str:
        """Hide where it is and what it is called."""
        return f"Zone(keeps={self.keeps.value})"


def shifted(zone: Zone, rng: np.random.Generator) -> Zone:
    """Move a zone's centre by chance, so that it is not the door of who lives there.

    The circle still holds the place that it was drawn around.

    Examples
    --------
    >>> home = Zone(id="1", name="", lat_deg=46, lon_deg=-1, radius_m=500, keeps=Keeps.CENTRE)
    >>> from estran.geo.distance import distance_m
    >>> moved = shifted(home, np.random.default_rng(1))
    >>> distance_m(46.0, -1.0, moved.lat_deg, moved.lon_deg) <= 0.4 * 500 + 1
    True
    """
    # Uniform on a disc: the square root of a uniform share of its radius.
    away_m = SHIFT_SHARE * zone.radius_m * sqrt(rng.random())
    turn = 2 * pi * rng.random()
    up_deg = np.degrees(away_m * cos(turn) / EARTH_RADIUS_M)
    shrink = max(cos(radians(zone.lat_deg)), 1e-6)
    across_deg = np.degrees(away_m * sin(turn) / EARTH_RADIUS_M / shrink)
    lon_deg = (zone.lon_deg + float(across_deg) + 180.0) % 360.0 - 180.0
    return replace(
        zone, lat_deg=min(max(zone.lat_deg + float(up_deg), -90.0), 90.0), lon_deg=lon_deg
    )


def within(lat_deg: type_f64, lon_deg: type_f64, zone: Zone) -> type_bool:
    """Tell which positions lie in a zone; NaN lies in none.

    Parameters
    ----------
    lat_deg, lon_deg : float64 array, shape (n,)
        WGS84. [°]
    zone : Zone
    """
    # A band of latitude first: the circle is small, and the rest needs no trigonometry.
    band_deg = float(np.degrees((zone.radius_m + 1.0) / EARTH_RADIUS_M))
    found = np.abs(lat_deg - zone.lat_deg) <= band_deg
    rows = np.flatnonzero(found)
    away_m = distances_m(
        lat_deg[rows], lon_deg[rows], np.array(zone.lat_deg), np.array(zone.lon_deg)
    )
    found[rows] = away_m <= zone.radius_m + MARGIN_M
    return found


class Veiled(NamedTuple):
    """What became of positions."""

    positions: Positions
    n_blurred: int
    n_dropped: int


def veiled(positions: Positions, zones: Sequence[Zone]) -> Veiled:
    """Move what lies in a zone to its centre, or drop it.

    Where zones overlap, never kept is stronger, and among the others the nearest centre
    is taken. What the movement could tell (speed, bearing, altitude) goes with the place;
    the accuracy is the zone's radius. Doing it twice changes nothing more.

    Examples
    --------
    >>> home = Zone(id="1", name="", lat_deg=46, lon_deg=-1, radius_m=500, keeps=Keeps.CENTRE)
    >>> seen = veiled(Positions.of([0, 1], [46.001, 46.1], [-1.001, -1.0]), [home])
    >>> seen.positions.lat_deg.tolist(), seen.n_blurred
    ([46.0, 46.1], 1)
    """
    if not zones or not len(positions):
        return Veiled(positions, 0, 0)
    lat_deg, lon_deg, radius_m = _at_centres(positions.lat_deg, positions.lon_deg, zones)
    dropped = never_kept(positions, zones)
    blurred = ~np.isnan(radius_m)
    n_blurred = int((blurred & ~dropped).sum())
    if n_blurred:
        unknown = {
            name: np.where(blurred, np.float32(np.nan), getattr(positions, name))
            for name in ("speed_mps", "bearing_deg", "altitude_m")
        }
        accuracy_m = np.where(blurred, radius_m, positions.accuracy_m).astype(np.float32)
        positions = replace(
            positions, lat_deg=lat_deg, lon_deg=lon_deg, accuracy_m=accuracy_m, **unknown
        )
    if bool(dropped.any()):
        positions = positions.take(~dropped)
    return Veiled(positions, n_blurred, int(dropped.sum()))


def never_kept(positions: Positions, zones: Sequence[Zone]) -> type_bool:
    """Tell which positions lie in a zone never kept, or would if they were blurred."""
    lat_deg, lon_deg, _ = _at_centres(positions.lat_deg, positions.lon_deg, zones)
    found = _in_any(positions.lat_deg, positions.lon_deg, zones, Keeps.NOTHING)
    return found | _in_any(lat_deg, lon_deg, zones, Keeps.NOTHING)


def never_kept_visits(claims: Claims, zones: Sequence[Zone]) -> type_bool:
    """Tell which statements are visits to a place never kept."""
    lat_deg, lon_deg, _ = _at_centres(claims.lat_deg, claims.lon_deg, zones)
    found = _in_any(claims.lat_deg, claims.lon_deg, zones, Keeps.NOTHING)
    found |= _in_any(lat_deg, lon_deg, zones, Keeps.NOTHING)
    found &= claims.kind == ClaimKind.VISIT
    return found


def _in_any(lat_deg: type_f64, lon_deg: type_f64, zones: Sequence[Zone], keeps: Keeps) -> type_bool:
    found = np.zeros(lat_deg.size, np.bool_)
    for zone in zones:
        if zone.keeps is keeps:
            found |= within(lat_deg, lon_deg, zone)
    return found


def _at_centres(
    lat_deg: type_f64, lon_deg: type_f64, zones: Sequence[Zone]
) -> tuple[type_f64, type_f64, type_f64]:
    """Move positions to the nearest centre of those zones that hold them; its radius, or NaN."""
    lat, lon = lat_deg.copy(), lon_deg.copy()
    radius_m = np.full(lat.size, np.nan)
    nearest_m = np.full(lat.size, np.inf)
    # Of two with one centre the wider: moved there, a position is in both and says the same.
    for zone in sorted(zones, key=lambda zone: -zone.radius_m):
        if zone.keeps is not Keeps.CENTRE:
            continue
        rows = np.flatnonzero(within(lat_deg, lon_deg, zone))
        away_m = distances_m(
            lat_deg[rows], lon_deg[rows], np.array(zone.lat_deg), np.array(zone.lon_deg)
        )
        nearer = away_m < nearest_m[rows]
        rows, away_m = rows[nearer], away_m[nearer]
        nearest_m[rows] = away_m
        lat[rows], lon[rows], radius_m[rows] = zone.lat_deg, zone.lon_deg, zone.radius_m
    return lat, lon, radius_m


def veiled_claims(claims: Claims, zones: Sequence[Zone]) -> tuple[Claims, int]:
    """Treat what statements say of places like positions; count the visits dropped.

    A visit to a place never kept is dropped. A move that begins or ends there keeps its
    time and loses that end; a blurred end is the centre. A move of which an end was
    touched keeps no length: it would tell how far inside it began.
    """
    if not zones or not len(claims):
        return claims, 0
    columns: dict[str, Any] = {}
    touched = np.zeros(len(claims), np.bool_)
    dropped = never_kept_visits(claims, zones)
    is_visit = claims.kind == ClaimKind.VISIT
    for prefix in ("", "end_"):
        lat_deg, lon_deg = (getattr(claims, f"{prefix}{name}_deg") for name in ("lat", "lon"))
        lat, lon, radius_m = _at_centres(lat_deg, lon_deg, zones)
        never = _in_any(lat_deg, lon_deg, zones, Keeps.NOTHING)
        never |= _in_any(lat, lon, zones, Keeps.NOTHING)
        lat[never], lon[never] = np.nan, np.nan
        touched |= never | ~np.isnan(radius_m)
        columns[f"{prefix}lat_deg"], columns[f"{prefix}lon_deg"] = lat, lon
    distance_m = np.where(touched & ~is_visit, np.float32(np.nan), claims.distance_m)
    changed = replace(claims, distance_m=distance_m, **columns)
    return changed.take(~dropped), int(dropped.sum())
