"""The few fields of EXIF that tell where and when (EXIF 2.32; GPS from 4.6.6 on)."""

from __future__ import annotations

import math
import re
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from estran.errors import ZoneUnknown
from estran.formats.times import FIRST_US, LAST_US
from estran.geo.zones import zone_at
from estran.timebase import from_datetime, zone

_MAKE, _MODEL, _EXIF_IFD, _GPS_IFD = 0x010F, 0x0110, 0x8769, 0x8825
_TAKEN, _TAKEN_OFFSET, _OFFSET = 0x9003, 0x9011, 0x9010
_LAT_REF, _LAT, _LON_REF, _LON, _ALT_REF, _ALT = 1, 2, 3, 4, 5, 6
_GPS_TIME, _GPS_DATE, _GPS_ERROR = 7, 29, 31

_MOST_FIELDS = 512
_TEXT_BYTES = 128
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}
_MOMENT = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_DATE = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)")
_ZONE = re.compile(r"([+-])(\d\d):?(\d\d)")

type_field = str | tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """Where and when a picture was taken; what is not told is NaN or ``""``."""

    time_us: int
    lat_deg: float
    lon_deg: float
    altitude_m: float
    accuracy_m: float
    camera: str


def taken_of(tiff: bytes) -> Taken | None:
    """Read where and when; None when one of them is not told.

    The satellites' own time comes first: it is that of the place. A clock without zone is
    that of the place too, as a phone's is.
    """
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 8:  # noqa: PLR2004 - a header
        return None
    root = _fields(tiff, order, struct.unpack_from(f"{order}I", tiff, 4)[0])
    gps = _fields(tiff, order, _first(root, _GPS_IFD))
    more = _fields(tiff, order, _first(root, _EXIF_IFD))
    lat_deg, lon_deg = _angle(gps, _LAT, _LAT_REF, "S"), _angle(gps, _LON, _LON_REF, "W")
    if not (abs(lat_deg) <= 90.0 and abs(lon_deg) <= 180.0):  # noqa: PLR2004 - the globe
        return None
    time_us = _satellite_us(gps)
    if time_us is None:
        time_us = _clock_us(more, lat_deg, lon_deg)
    if time_us is None:
        return None
    camera = " ".join(str(root.get(tag, "")) for tag in (_MAKE, _MODEL)).strip()
    height_m = _first(gps, _ALT)
    below = _first(gps, _ALT_REF) == 1.0
    error_m = _first(gps, _GPS_ERROR)
    return Taken(
        time_us, lat_deg, lon_deg, -height_m if below else height_m,
        error_m if error_m > 0.0 else math.nan, camera,
    )  # fmt: skip


def _fields(tiff: bytes, order: str, offset: float) -> dict[int, type_field]:
    """Read one list of fields; those that lie beyond what was read are left out."""
    at = int(offset) if offset == offset and 0 < offset < len(tiff) - 2 else -1  # noqa: PLR0124 - NaN
    if at < 0:
        return {}
    (n_fields,) = struct.unpack_from(f"{order}H", tiff, at)
    found: dict[int, type_field] = {}
    for number in range(min(n_fields, _MOST_FIELDS)):
        entry = at + 2 + 12 * number
        if entry + 12 > len(tiff):
            break
        tag, kind, count = struct.unpack_from(f"{order}HHI", tiff, entry)
        value = _value(tiff, order, kind, count, entry + 8)
        if value is not None:
            found.setdefault(tag, value)
    return found


def _value(tiff: bytes, order: str, kind: int, count: int, entry: int) -> type_field | None:
    size = _SIZES.get(kind, 0) * count
    if not 0 < size <= _TEXT_BYTES:
        return None
    at = entry if size <= 4 else struct.unpack_from(f"{order}I", tiff, entry)[0]  # noqa: PLR2004 - TIFF
    raw = tiff[at : at + size]
    if len(raw) < size:
        return None
    if kind in (2, 7):
        return raw.split(b"\0")[0].decode("utf-8", "replace").strip()
    letter = {1: "B", 3: "H", 4: "I", 5: "I", 9: "i", 10: "i"}[kind]
    numbers = struct.unpack(f"{order}{size // struct.calcsize(letter)}{letter}", raw)
    if kind in (5, 10):
        return tuple(
            a / b if b else math.nan for a, b in zip(numbers[::2], numbers[1::2], strict=True)
        )
    return tuple(map(float, numbers))


def _first(fields: dict[int, type_field], tag: int) -> float:
    value = fields.get(tag)
    return value[0] if isinstance(value, tuple) else math.nan


def _angle(gps: dict[int, type_field], tag: int, ref: int, negative: str) -> float:
    """Read degrees, minutes and seconds, of which the later may be left out."""
    parts = gps.get(tag)
    if not isinstance(parts, tuple) or not parts:
        return math.nan
    told = [0.0 if part != part else part for part in parts[1:3]]  # noqa: PLR0124 - NaN
    degrees = parts[0] + sum(part / 60.0 ** (i + 1) for i, part in enumerate(told))
    return -degrees if str(gps.get(ref, "")).upper().startswith(negative) else degrees


def _satellite_us(gps: dict[int, type_field]) -> int | None:
    date, clock = _DATE.match(str(gps.get(_GPS_DATE, ""))), gps.get(_GPS_TIME)
    if date is None or not isinstance(clock, tuple) or len(clock) < 3:  # noqa: PLR2004 - h, m, s
        return None
    seconds = clock[0] * 3600.0 + clock[1] * 60.0 + clock[2]
    if not 0.0 <= seconds < 86_401.0:  # noqa: PLR2004 - a day and a leap second
        return None
    try:
        day = datetime(*map(int, date.groups()), tzinfo=UTC)  # type: ignore[misc,arg-type]
    except ValueError:
        return None
    return _sound(day, timedelta(seconds=seconds))


def _clock_us(more: dict[int, type_field], lat_deg: float, lon_deg: float) -> int | None:
    moment = _MOMENT.match(str(more.get(_TAKEN, "")))
    if moment is None:
        return None
    told = _ZONE.match(str(more.get(_TAKEN_OFFSET) or more.get(_OFFSET) or ""))
    try:
        naive = datetime(*map(int, moment.groups()))  # type: ignore[arg-type]  # noqa: DTZ001 - a zone follows
        if told is None:
            tz = zone_at(lat_deg, lon_deg)
            return _sound(naive.replace(tzinfo=zone(tz or "UTC")), timedelta())
    except (ValueError, ZoneUnknown):
        return None
    span = timedelta(hours=int(told[2]), minutes=int(told[3]))
    return _sound(naive.replace(tzinfo=UTC), -span if told[1] == "+" else span)


def _sound(moment: datetime, span: timedelta) -> int | None:
    try:
        time_us = from_datetime(moment + span)
    except OverflowError:
        return None
    return time_us if FIRST_US <= time_us < LAST_US else None
