"""The part of the FIT profile that tells where somebody went: numbers to names.

Numbers are those of Garmin's public FIT protocol. Heart rate, power, temperature and all else
of the body is not in these tables, and so is never decoded.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

FILE_ID, SPORT, SESSION, RECORD = 0, 12, 18, 20
TIMESTAMP = 253
EPOCH_S = 631_065_600
"""1989-12-31, from which FIT counts its seconds."""

LEAST_TIMESTAMP = 0x1000_0000
"""Below it a count is of seconds since the device was switched on."""

ACTIVITY, COURSE = 4, 6
"""Types of file: a way that was travelled, a way that is planned."""


class Field(NamedTuple):
    """A field to decode: its name here, its layout in memory."""

    name: str
    layout: str


WANTED: Mapping[int, Mapping[int, Field]] = MappingProxyType(
    {
        FILE_ID: {
            0: Field("type", "u1"),
            1: Field("manufacturer", "u2"),
            2: Field("product", "u2"),
            3: Field("serial", "u4"),
        },
        SPORT: {0: Field("sport", "u1"), 1: Field("sub_sport", "u1")},
        SESSION: {
            2: Field("start", "u4"),
            5: Field("sport", "u1"),
            6: Field("sub_sport", "u1"),
            7: Field("elapsed_ms", "u4"),
            9: Field("distance_cm", "u4"),
        },
        RECORD: {
            0: Field("lat", "i4"),
            1: Field("lon", "i4"),
            2: Field("altitude", "u2"),
            6: Field("speed", "u2"),
            31: Field("accuracy", "u1"),
            73: Field("speed_fine", "u4"),
            78: Field("altitude_fine", "u4"),
        },
    }
)
"""Fields by message; each message's timestamp is decoded beside them."""

UNKNOWN: Mapping[str, int] = MappingProxyType(
    {"u1": 0xFF, "u2": 0xFFFF, "u4": 0xFFFF_FFFF, "i4": 0x7FFF_FFFF}
)
"""What stands for a value that is not told, by layout."""

SPORTS: Mapping[int, str] = MappingProxyType(
    {
        1: "running", 2: "cycling", 5: "swimming", 11: "walking", 12: "cross_country_skiing",
        13: "alpine_skiing", 14: "snowboarding", 15: "rowing", 16: "mountaineering",
        17: "hiking", 19: "paddling", 20: "flying", 21: "e_biking", 22: "motorcycling",
        23: "boating", 24: "driving", 26: "hang_gliding", 27: "horseback_riding",
        30: "inline_skating", 32: "sailing", 33: "ice_skating", 35: "snowshoeing",
        36: "snowmobiling", 37: "stand_up_paddleboarding", 38: "surfing", 41: "kayaking",
        42: "rafting", 43: "windsurfing", 44: "kitesurfing", 65: "wheelchair", 66: "wheelchair",
    }
)  # fmt: skip
"""Words of :mod:`estran.formats.motions` for the sports that go somewhere."""

SUB_SPORTS: Mapping[int, str] = MappingProxyType(
    {28: "e_biking", 47: "e_biking", 35: "vehicle", 36: "motorcycling"}
)
"""Kinds of a sport that are another way of moving: electric bicycles, motor vehicles."""

COMMUTING = 48
"""The kind of a ride that its owner called a way to work."""

INDOOR = frozenset({1, 5, 6, 14, 15, 16, 17, 25, 27, 45, 58})
"""Kinds of a sport in which nobody goes anywhere: treadmill, spinning, rollers, rowing
machine, elliptical trainer, stairs, pool, indoor skiing, walking and running; and the rides
through made-up landscapes (58), whose positions are made up too."""

MAKERS: Mapping[int, str] = MappingProxyType(
    {
        1: "Garmin", 23: "Suunto", 32: "Wahoo", 38: "Osynce", 63: "Specialized", 69: "Stages",
        70: "Sigma", 89: "Tacx", 115: "iGPSPORT", 123: "Polar", 258: "Lezyne", 260: "Zwift",
        265: "Strava", 267: "Bryton", 289: "Hammerhead", 294: "COROS", 303: "Runtastic",
    }
)  # fmt: skip
"""Makers of recorders, by their number."""
