"""The shape of an e-mission entry, and its activities, transitions and labels."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import msgspec
import numpy as np

from estran.formats.coordinates import floats
from estran.formats.motions import motion_of
from estran.formats.reading import Faults
from estran.formats.times import epoch_us, plausible
from estran.trace import Activities, ClaimKind, Claims, MarkKind, Marks, Motion


class Metadata(msgspec.Struct):
    """Where an entry comes from."""

    key: str = ""
    platform: str = ""
    write_ts: float | None = None


class Loc(msgspec.Struct):
    """The GeoJSON point that the server adds."""

    coordinates: list[float] = []


class Data(msgspec.Struct):
    """The data of every kind of entry; what a kind lacks is None."""

    ts: float | None = None
    write_ts: float | None = None
    lat_deg: float | None = msgspec.field(default=None, name="latitude")
    lon_deg: float | None = msgspec.field(default=None, name="longitude")
    loc: Loc | None = None
    accuracy_m: float | None = msgspec.field(default=None, name="accuracy")
    altitude_m: float | None = msgspec.field(default=None, name="altitude")
    speed_mps: float | None = msgspec.field(default=None, name="sensed_speed")
    bearing_deg: float | None = msgspec.field(default=None, name="bearing")
    heading_deg: float | None = msgspec.field(default=None, name="heading")
    # Android's activities; Google's library was obfuscated, each version in its own way.
    type: float | str | None = None
    confidence: float | str | None = None
    type_agb: float | None = msgspec.field(default=None, name="agb")
    type_zza: float | None = msgspec.field(default=None, name="zzaEg")
    type_zzb: float | None = msgspec.field(default=None, name="zzbjA")
    type_ajo: float | None = msgspec.field(default=None, name="ajO")
    type_zzk: float | None = msgspec.field(default=None, name="zzaKM")
    type_zzh: float | None = msgspec.field(default=None, name="zzbhB")
    confidence_agc: float | None = msgspec.field(default=None, name="agc")
    confidence_zza: float | None = msgspec.field(default=None, name="zzaEh")
    confidence_zzb: float | None = msgspec.field(default=None, name="zzbjB")
    confidence_ajp: float | None = msgspec.field(default=None, name="ajP")
    confidence_zzk: float | None = msgspec.field(default=None, name="zzaKN")
    confidence_zzh: float | None = msgspec.field(default=None, name="zzbhC")
    # The iPhone's activities.
    stationary: bool | None = None
    walking: bool | None = None
    running: bool | None = None
    cycling: bool | None = None
    automotive: bool | None = None
    unknown: bool | None = None
    running_ns: float | None = msgspec.field(default=None, name="elapsedRealtimeNanos")
    transition: str | None = None
    battery_percent: float | None = msgspec.field(default=None, name="battery_level_pct")
    start_ts: float | None = None
    end_ts: float | None = None
    label: str | None = None
    # The server's own: read by :mod:`estran.formats.emission.analysed`.
    enter_ts: float | None = None
    exit_ts: float | None = None
    location: Any = None
    start_loc: Any = None
    end_loc: Any = None
    distance: Any = None
    sensed_mode: Any = None
    user_input: Any = None

    def place(self) -> tuple[float | None, float | None]:
        """Give latitude and longitude, from either way of writing them."""
        if self.lat_deg is None and self.loc and len(self.loc.coordinates) > 1:
            return self.loc.coordinates[1], self.loc.coordinates[0]
        return self.lat_deg, self.lon_deg


class Entry(msgspec.Struct):
    """One entry."""

    metadata: Metadata
    data: Data
    user_id: Any = None
    """The account at a server, to tell phones apart; kept as a digest alone."""

    def instant(self) -> float | None:
        """Give when it was sensed, or else when it was written."""
        for value in (self.data.ts, self.data.write_ts, self.metadata.write_ts):
            if value:
                return value
        return None


DECODER = msgspec.json.Decoder(list[Entry], strict=False)

_TYPES = MappingProxyType(
    {
        0: Motion.VEHICLE, 1: Motion.BIKE, 2: Motion.ON_FOOT, 3: Motion.STILL, 4: Motion.UNKNOWN,
        5: Motion.TILTING, 7: Motion.WALK, 8: Motion.RUN, 9: Motion.UNKNOWN, 10: Motion.VEHICLE,
        11: Motion.PLANE,
    }
)  # fmt: skip
"""The numbers of Google's activity recognition, and those that e-mission's server adds."""

_CONFIDENCES = MappingProxyType({"high": 1.0, "medium": 0.75, "low": 0.5})
"""An iPhone's words as e-mission's server counts them."""

_MARKS = MappingProxyType(
    {
        "exited_geofence": MarkKind.TRIP_STARTED, "trip_started": MarkKind.TRIP_STARTED,
        "stopped_moving": MarkKind.TRIP_ENDED, "trip_ended": MarkKind.TRIP_ENDED,
        "start_tracking": MarkKind.TRACKING_STARTED, "stop_tracking": MarkKind.TRACKING_STOPPED,
        "force_stop_tracking": MarkKind.TRACKING_STOPPED,
        "tracking_stopped": MarkKind.TRACKING_STOPPED, "visit_started": MarkKind.VISIT_STARTED,
        "visit_ended": MarkKind.VISIT_ENDED, "booted": MarkKind.BOOTED,
        "tracking_error": MarkKind.TRACKING_REFUSED,
    }
)  # fmt: skip
"""What transitions say; those that only tell the phone's inner life are not here."""


def _first(*values: float | str | None) -> float | str | None:
    return next((value for value in values if value is not None), None)


def _type_and_share(data: Data) -> tuple[Motion | None, float]:
    """Read an activity, whichever phone wrote it; None when it says nothing."""
    flags = _flagged(data)
    confidence = _first(
        data.confidence, data.confidence_agc, data.confidence_zza, data.confidence_zzb,
        data.confidence_ajp, data.confidence_zzk, data.confidence_zzh,
    )  # fmt: skip
    if isinstance(confidence, str):
        share = _CONFIDENCES.get(confidence.lower(), float("nan"))
    else:
        share = float("nan") if confidence is None else min(max(confidence / 100.0, 0.0), 1.0)
    if flags is not None:
        return flags, share
    kind = _first(
        data.type, data.type_agb, data.type_zza, data.type_zzb, data.type_ajo, data.type_zzk,
        data.type_zzh,
    )  # fmt: skip
    if isinstance(kind, str):
        return motion_of(kind), share
    return (None if kind is None else _TYPES.get(int(kind))), share


def _flagged(data: Data) -> Motion | None:
    """Read an iPhone's flags, of which several may be set (a stop inside a car ride)."""
    if data.automotive is None and data.stationary is None and data.walking is None:
        return None
    for flag, motion in (
        (data.automotive, Motion.VEHICLE), (data.cycling, Motion.BIKE),
        (data.running, Motion.RUN), (data.walking, Motion.WALK), (data.stationary, Motion.STILL),
    ):  # fmt: skip
        if flag:
            return motion
    return Motion.UNKNOWN


def motions_of(entries: list[Entry], faults: Faults) -> Activities:
    """Turn motion activities into hints; tilting and unknown say nothing and are left out."""
    rows: list[tuple[float, int, float]] = []
    for entry in entries:
        motion, share = _type_and_share(entry.data)
        instant = entry.instant()
        if motion is None or instant is None:
            faults.add("activity-unreadable")
        elif motion not in (Motion.UNKNOWN, Motion.TILTING):
            rows.append((instant, int(motion), share))
    time_us = epoch_us([r[0] for r in rows])
    good = plausible(time_us)
    return Activities(
        time_us=time_us[good],
        motion=np.array([r[1] for r in rows], dtype=np.int8)[good],
        confidence_share=np.array([r[2] for r in rows], dtype=np.float32)[good],
        source=np.zeros(int(good.sum()), dtype=np.int16),
    )


FLAT_PERCENT = 5.0
"""A battery at this level or under is about to end; phones warn at 15 and save from 5 on."""


def marks_of(entries: list[Entry], faults: Faults) -> Marks:
    """Turn the tracker's transitions, and a battery that runs out, into marks."""
    rows: list[tuple[float, int]] = []
    for entry in entries:
        kind = _mark_of(entry.data)
        instant = entry.instant()
        if instant is None:
            faults.add("time-impossible")
        elif kind is not None:
            rows.append((instant, int(kind)))
    time_us = epoch_us([r[0] for r in rows])
    good = plausible(time_us)
    return Marks(
        time_us=time_us[good],
        kind=np.array([r[1] for r in rows], dtype=np.int8)[good],
        source=np.zeros(int(good.sum()), dtype=np.int16),
    )


def _mark_of(data: Data) -> MarkKind | None:
    level = data.battery_percent
    if level is not None:
        return MarkKind.BATTERY_FLAT if 0 <= level <= FLAT_PERCENT else None
    word = (data.transition or "").lower().removeprefix("local.transition.")
    return _MARKS.get(word.removeprefix("t_"))


def claims_of(entries: list[Entry], faults: Faults) -> Claims:
    """Turn a person's mode labels into confirmed claims."""
    data = [e.data for e in entries if e.data.label]
    start_us = epoch_us(floats([d.start_ts for d in data]))
    end_us = epoch_us(floats([d.end_ts for d in data]))
    good = plausible(start_us) & plausible(end_us) & (end_us >= start_us)
    if not good.all():
        faults.add("claim-unreadable", count=int((~good).sum()))
    n = int(good.sum())
    unknown = np.full(n, np.nan)
    motion = np.array([motion_of(d.label or "") for d in data], dtype=np.int8)
    return Claims(
        start_us=start_us[good], end_us=end_us[good],
        kind=np.full(n, ClaimKind.MOVE, dtype=np.int8), motion=motion[good],
        probability_share=unknown, confirmed=np.ones(n, dtype=bool),
        lat_deg=unknown, lon_deg=unknown, end_lat_deg=unknown, end_lon_deg=unknown,
        distance_m=unknown, source=np.zeros(n, dtype=np.int16),
    )  # fmt: skip
