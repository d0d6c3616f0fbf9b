"""What the columns of a table are, from their names in English and French and their units."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from estran.units import MPS_PER_KMH, MPS_PER_KNOT

MPS_PER_MPH = 1609.344 / 3600.0
M_PER_FOOT = 0.3048


class Role(Enum):
    """What a column holds. Within a role, the names named first are preferred."""

    TIME = (
        "timestamp time_utc utc_time timestamp_utc datetime_utc time datetime date_time gps_time "
        "gpstime recorded_at fix_time fixtime recorded when captured_at logged_at loggedtime "
        "created_at device_time devicetime tst instant horodatage dateheure date_heure "
        "date_et_heure datetime_local local_datetime epoch unix unixtime unix_time unix_timestamp "
        "timestamp_ms timestampms time_ms epoch_ms time_long heure_utc ts t"
    )
    DATE = "utc_date date_utc date gps_date lcl_date local_date jour day date_gps"
    CLOCK = "utc_time time_utc time clock lcl_time local_time heure heure_utc gps_time hour"
    UTC_OFFSET = "utcofst utc_offset utcoffset decalage_utc tz_offset timezone_offset"
    LATITUDES = (
        "latitude lat latitude_deg lat_deg latitudee7 latitude_e7 late7 lat_e7 position_lat "
        "gps_lat gps_latitude latitude_wgs84 lat_wgs84 y_wgs84 geo_lat location_lat y"
    )
    LONGITUDES = (
        "longitude lon lng long longitude_deg lon_deg longitudee7 longitude_e7 lone7 lnge7 lon_e7 "
        "lng_e7 position_long position_lon gps_lon gps_lng gps_long gps_longitude longitude_wgs84 "
        "lon_wgs84 x_wgs84 geo_lon geo_lng location_lon location_lng x"
    )
    LAT_SIGN = "n_s ns"
    LON_SIGN = "e_w ew"
    PLACE = (
        "wkt geom the_geom geometry point lonlat location position coordinates coordonnees latlng"
    )
    ALTITUDES = (
        "altitude alt elevation ele height altmsl altitude_msl hauteur z altitude_gps gps_altitude"
    )
    SPEEDS = (
        "speed velocity vel vitesse spd ground_speed groundspeed gndspd speed_gps gps_speed sog "
        "vitesse_gps"
    )
    ACCURACIES = (
        "accuracy acc horizontal_accuracy horizontalaccuracy hacc h_acc precision gps_accuracy "
        "accuracy_horizontal precision_horizontale exactitude radius"
    )
    BEARINGS = "bearing heading course direction cap azimut azimuth cog trk track_deg orientation"
    DEVICE = (
        "device_id deviceid device tracker_id trackerid tracker tid user_id userid user uid "
        "participant participant_id appareil utilisateur phone phone_id imei uuid vehicle_id"
    )
    MODE = (
        "mode transport_mode transportation_mode travel_mode mode_transport mode_de_transport "
        "mode_deplacement transport moyen_de_transport label"
    )
    MOTION = "activity motion activity_type activite detected_activity"
    STOP = "stop stopped is_stop arret stationary"


_RANKS: Mapping[Role, Mapping[str, int]] = MappingProxyType(
    {role: {name: rank for rank, name in enumerate(role.value.split())} for role in Role}
)

_SPEED_UNITS_MPS = {
    "km_h": MPS_PER_KMH, "kmh": MPS_PER_KMH, "kph": MPS_PER_KMH, "kmph": MPS_PER_KMH,
    "m_s": 1.0, "ms": 1.0, "mps": 1.0, "meters_per_second": 1.0,
    "knots": MPS_PER_KNOT, "knot": MPS_PER_KNOT, "kt": MPS_PER_KNOT, "kts": MPS_PER_KNOT,
    "kn": MPS_PER_KNOT, "noeuds": MPS_PER_KNOT, "mph": MPS_PER_MPH, "mi_h": MPS_PER_MPH,
}  # fmt: skip
_LENGTH_UNITS_M = {
    "m": 1.0, "meters": 1.0, "metres": 1.0, "km": 1000.0,
    "ft": M_PER_FOOT, "feet": M_PER_FOOT, "foot": M_PER_FOOT,
    "ft_msl": M_PER_FOOT, "ft_wgs": M_PER_FOOT, "pieds": M_PER_FOOT,
}  # fmt: skip
_UNITS = {
    Role.SPEEDS: _SPEED_UNITS_MPS,
    Role.ALTITUDES: _LENGTH_UNITS_M,
    Role.ACCURACIES: _LENGTH_UNITS_M,
}
_IN_BRACKETS = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")
_OTHER = re.compile(r"[^a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NAME_LIMIT = 80
_COLUMN_LIMIT = 1000
# The logger that names these columns writes km/h and says so nowhere in the file.
_KMH_SIGNATURE = frozenset({"index", "rcr", "valid"})
# So are those of Traccar's export, in knots.
_KNOTS_SIGNATURE = frozenset({"fixtime", "servertime", "protocol"})


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column plays which part.

    Parameters
    ----------
    at : mapping of Role to int
        Column of each role that the table has.
    n_needed : int
        Fields that a row must have for them all.
    factor : mapping of Role to float
        What a measure is multiplied by to be SI. A speed without any unit is absent.
    utc : bool
        Whether the time column's name says UTC.
    """

    at: Mapping[Role, int]
    n_needed: int
    factor: Mapping[Role, float]
    utc: bool

    @property
    def n_required(self) -> int:
        """Fields without which a row says neither when nor where."""
        return max(at for role, at in self.at.items() if role in _REQUIRED) + 1

    @property
    def placed(self) -> bool:
        """Whether rows have a place."""
        return (Role.LATITUDES in self.at and Role.LONGITUDES in self.at) or Role.PLACE in self.at

    @property
    def dated(self) -> bool:
        """Whether rows have an instant."""
        return Role.TIME in self.at or Role.DATE in self.at


def plain(name: str) -> str:
    """Bring a column's name to lower case, without accents, units or punctuation.

    Examples
    --------
    >>> plain(' "Précision (m)" '), plain("latitudeE7"), plain("N/S")
    ('precision', 'latitudee7', 'n_s')
    """
    name = _IN_BRACKETS.sub(" ", name[:_NAME_LIMIT])
    folded = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(c for c in folded if not unicodedata.combining(c))
    return _OTHER.sub("_", kept).strip("_")


def columns_of(names: Sequence[str], units: Sequence[str] = ()) -> Columns:
    """Tell which column plays which part.

    Parameters
    ----------
    names : sequence of str
        The header.
    units : sequence of str
        A line of units above it, when there is one.

    Examples
    --------
    >>> columns = columns_of(["Date", "Heure", "Latitude", "Longitude", "Vitesse (km/h)"])
    >>> [role.name for role in columns.at], round(columns.factor[Role.SPEEDS], 4)
    (['DATE', 'CLOCK', 'LATITUDES', 'LONGITUDES', 'SPEEDS'], 0.2778)
    """
    names = names[:_COLUMN_LIMIT]
    split = [_split_unit(name) for name in names]
    at: dict[Role, int] = {}
    for role in Role:
        ranks = _RANKS[role]
        found = [(ranks[name], i) for i, (name, _) in enumerate(split) if name in ranks]
        if found:
            at[role] = min(found)[1]
    _settle_time(at, split)
    factor = _factors(at, split, units)
    if {name for name, _ in split} >= _KMH_SIGNATURE:
        factor.setdefault(Role.SPEEDS, MPS_PER_KMH)
    if {name for name, _ in split} >= _KNOTS_SIGNATURE and Role.SPEEDS in at:
        factor.setdefault(Role.SPEEDS, MPS_PER_KNOT)
    time_name = _joined(names, at)
    order = sorted(at, key=at.__getitem__)
    return Columns(
        {role: at[role] for role in order},
        max(at.values(), default=-1) + 1,
        factor,
        "utc" in time_name or "gmt" in time_name,
    )


_REQUIRED = frozenset(
    {Role.TIME, Role.DATE, Role.CLOCK, Role.LATITUDES, Role.LONGITUDES, Role.PLACE}
)


def _joined(names: Sequence[str], at: Mapping[Role, int]) -> str:
    roles = (Role.TIME, Role.DATE, Role.CLOCK)
    return " ".join(names[at[role]].lower() for role in roles if role in at)


def _settle_time(at: dict[Role, int], split: Sequence[tuple[str, str]]) -> None:
    """Choose between one column of instants, and a date beside a time of day.

    "time" is an instant where it stands alone and a time of day beside "date". A column
    whose name can only be an instant wins over both.
    """
    time, clock = at.get(Role.TIME), at.get(Role.CLOCK)
    of_day = time is not None and split[time][0] in _RANKS[Role.CLOCK]
    if Role.DATE in at and clock is not None and (time is None or of_day):
        at.pop(Role.TIME, None)
        return
    at.pop(Role.CLOCK, None)
    alone = at.get(Role.DATE, clock)
    if time is None and alone is not None:
        at[Role.TIME] = alone
    at.pop(Role.DATE, None)
    at.pop(Role.UTC_OFFSET, None)


def _split_unit(name: str) -> tuple[str, str]:
    """Part a name from its unit, in brackets or after an underscore."""
    bracketed = _IN_BRACKETS.search(name[:_NAME_LIMIT])
    short = plain(name)
    if bracketed:
        return short, plain(bracketed[1])
    for role, units in _UNITS.items():
        for unit in units:
            stem = short.removesuffix(f"_{unit}")
            if stem != short and stem in _RANKS[role]:
                return stem, unit
    return short, ""


def _factors(
    at: Mapping[Role, int], split: Sequence[tuple[str, str]], units: Sequence[str]
) -> dict[Role, float]:
    factor: dict[Role, float] = {}
    for role, known in _UNITS.items():
        if role not in at:
            continue
        column = at[role]
        unit = split[column][1] or (plain(units[column]) if column < len(units) else "")
        if unit in known:
            factor[role] = known[unit]
        elif role is not Role.SPEEDS:
            factor[role] = 1.0
    return factor
