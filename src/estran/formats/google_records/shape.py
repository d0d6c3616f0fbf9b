"""The shape of a record, and its activities."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from estran.formats.hints import likeliest
from estran.formats.motions import motion_codes
from estran.formats.times import instants_us, plausible
from estran.trace import Activities, type_i64


class Guess(msgspec.Struct, gc=False):
    """One of the things somebody may have been doing."""

    type: str = ""
    confidence: float = 0.0


class Reading(msgspec.Struct, gc=False, rename={"timestamp_ms": "timestampMs"}):
    """The guesses of an instant."""

    timestamp: str | float | None = None
    timestamp_ms: str | float | None = None
    activity: list[Guess] = []


class Record(
    msgspec.Struct,
    gc=False,
    rename={
        "latitude_e7": "latitudeE7", "longitude_e7": "longitudeE7",
        "timestamp_ms": "timestampMs", "device_tag": "deviceTag",
    },
):  # fmt: skip
    """One record; everything else in it is passed over unread."""

    latitude_e7: float | None = None
    longitude_e7: float | None = None
    timestamp: str | float | None = None
    timestamp_ms: str | float | None = None
    accuracy: float | None = None
    velocity: float | None = None
    heading: float | None = None
    altitude: float | None = None
    device_tag: int | None = None
    activity: list[Reading] = []


def when_us(dated: Sequence[Reading] | Sequence[Record]) -> type_i64:
    """Read the instants of readings or records, whichever way they are written. [µs]"""
    times = [d.timestamp for d in dated]
    if None in times:
        times = [d.timestamp_ms if d.timestamp is None else d.timestamp for d in dated]
    return instants_us(times)


DECODER = msgspec.json.Decoder(list[Record], strict=False)


def hints_of(readings: list[Reading], fallback_us: type_i64) -> Activities:
    """Turn readings into hints: the likeliest guesses of each, the empty ones left out.

    Parameters
    ----------
    readings : list of Reading, length n
        As read.
    fallback_us : int64 array, shape (n,)
        The instants of the records they are in, for readings without one. [µs]
    """
    time_us = when_us(readings)
    time_us = np.where(plausible(time_us), time_us, fallback_us)
    guesses = [g for r in readings for g in r.activity]
    of = np.repeat(np.arange(len(readings)), [len(r.activity) for r in readings])
    share = np.array([g.confidence for g in guesses], dtype=np.float32) / np.float32(100.0)
    return likeliest(time_us, of, motion_codes([g.type for g in guesses]), share)
