"""The shape of a record, and its activities."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from estran.formats.hints import likeliest
from estran.formats.motions import motion_codes
from estran.formats.times import instants_us, plausible
from estran.trace import Activities, type_i16, type_i64

_PER_CENT = np.float32(100.0)


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
        "accuracy_m": "accuracy", "speed_mps": "velocity",
        "bearing_deg": "heading", "altitude_m": "altitude",
    },
):  # fmt: skip
    """One record; everything else in it is passed over unread."""

    latitude_e7: float | None = None
    longitude_e7: float | None = None
    timestamp: str | float | None = None
    timestamp_ms: str | float | None = None
    accuracy_m: float | None = None
    speed_mps: float | None = None
    bearing_deg: float | None = None
    altitude_m: float | None = None
    device_tag: int | None = None
    activity: list[Reading] = []


def when_us(dated: Sequence[Reading] | Sequence[Record]) -> type_i64:
    """Read the instants of readings or records, whichever way they are written. [µs]"""
    times = [d.timestamp for d in dated]
    if None in times:
        times = [d.timestamp_ms if d.timestamp is None else d.timestamp for d in dated]
    return instants_us(times)


DECODER = msgspec.json.Decoder(list[Record], strict=False)


def hints_of(block: Sequence[Record], time_us: type_i64, source: type_i16) -> Activities:
    """Turn the readings of records into hints.

    Parameters
    ----------
    block : sequence of Record, length n
        As read.
    time_us : int64 array, shape (n,)
        Instants of the records, for readings without one of their own. [µs]
    source : int16 array, shape (n,)
        Which device each record is of.
    """
    readings = [reading for record in block for reading in record.activity]
    if not readings:
        return Activities.empty()
    record = np.repeat(np.arange(len(block)), [len(r.activity) for r in block])
    sensed_us = when_us(readings)
    guesses = [guess for reading in readings for guess in reading.activity]
    return likeliest(
        np.where(plausible(sensed_us), sensed_us, time_us[record]),
        np.repeat(np.arange(len(readings)), [len(r.activity) for r in readings]),
        motion_codes([guess.type for guess in guesses]),
        np.array([guess.confidence for guess in guesses], dtype=np.float32) / _PER_CENT,
        source=source[record],
    )
