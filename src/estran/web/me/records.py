"""Values to bytes and back: journals, summaries and reports as they are kept in a vault.

MessagePack behind one version byte. Records are written as arrays, columns of paths as
bytes: about a third of the size and a quarter of the time of maps by name. A record keeps
its fields in order for good; a new field goes at the end with a default.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec
import numpy as np

from estran.errors import VaultDamaged
from estran.formats.reading import ImportReport
from estran.journal import (
    Co2e,
    Entry,
    Leg,
    Mark,
    Mode,
    Path,
    Place,
    Purpose,
    Quality,
    Reason,
    Stay,
    Trip,
    Unknown,
)

VERSION = 1
"""First byte of each record; a reader refuses what it does not know."""

_T = TypeVar("_T")


class PathRecord(msgspec.Struct, array_like=True, frozen=True):
    """A drawn line, a column each, little-endian."""

    time_us: bytes
    lat_deg: bytes
    lon_deg: bytes


class LegRecord(msgspec.Struct, array_like=True, frozen=True):
    """A leg."""

    mode: str
    started_us: int
    ended_us: int
    distance_m: float
    path: PathRecord
    probabilities: list[tuple[str, float]]
    reasons: list[tuple[str, float, list[tuple[str, str | float]]]]
    n_positions: int
    vehicle: str
    energy: str
    train_kind: str
    occupants: float
    shared: bool
    co2e: tuple[float, float, float, float, float, float, float] | None
    corrected: bool


class StayRecord(msgspec.Struct, array_like=True, frozen=True, tag="s"):
    """A stay."""

    started_us: int
    ended_us: int
    tz: str
    lat_deg: float
    lon_deg: float
    radius_m: float
    place: str
    n_positions: int


class TripRecord(msgspec.Struct, array_like=True, frozen=True, tag="t"):
    """A trip."""

    started_us: int
    ended_us: int
    tz: str
    origin: tuple[float, float]
    destination: tuple[float, float]
    legs: list[LegRecord]
    quality: str
    purpose: str = ""
    purpose_share: float | None = None
    marks: tuple[str, ...] = ()


class UnknownRecord(msgspec.Struct, array_like=True, frozen=True, tag="u"):
    """Unknown time."""

    started_us: int
    ended_us: int
    tz: str
    reason: str


type_record = StayRecord | TripRecord | UnknownRecord

_encoder = msgspec.msgpack.Encoder()
_entries_decoder = msgspec.msgpack.Decoder(list[type_record])


def encode(value: Any) -> bytes:
    """Write a value that msgspec knows, behind the version."""
    return bytes([VERSION]) + _encoder.encode(value)


def decode(record: bytes, kind: type[_T]) -> _T:
    """Read what :func:`encode` wrote.

    Raises
    ------
    VaultDamaged
        Of another version, or not of this kind.
    """
    try:
        return msgspec.msgpack.decode(_body(record), type=kind)
    except msgspec.MsgspecError as error:
        raise VaultDamaged(part="record") from error


def _body(record: bytes) -> memoryview:
    if not record or record[0] != VERSION:
        raise VaultDamaged(part="record")
    return memoryview(record)[1:]


def encode_entries(entries: Iterable[Entry]) -> bytes:
    """Write entries of a journal.

    Examples
    --------
    >>> stay = Stay(0, 1, "UTC", Place(46.1, -1.1), 30.0)
    >>> decode_entries(encode_entries([stay])) == (stay,)
    True
    """
    return encode([_entry_record(entry) for entry in entries])


def decode_entries(record: bytes) -> tuple[Entry, ...]:
    """Read entries of a journal.

    Raises
    ------
    VaultDamaged
        Of another version, or no entries.
    """
    try:
        return tuple(_entry(r) for r in _entries_decoder.decode(_body(record)))
    except (msgspec.MsgspecError, ValueError) as error:
        raise VaultDamaged(part="record") from error


def _entry_record(entry: Entry) -> type_record:
    if isinstance(entry, Stay):
        return StayRecord(
            entry.started_us, entry.ended_us, entry.tz, entry.at.lat_deg, entry.at.lon_deg,
            entry.radius_m, entry.place, entry.n_positions,
        )  # fmt: skip
    if isinstance(entry, Unknown):
        return UnknownRecord(entry.started_us, entry.ended_us, entry.tz, entry.reason)
    return TripRecord(
        entry.started_us,
        entry.ended_us,
        entry.tz,
        (entry.origin.lat_deg, entry.origin.lon_deg),
        (entry.destination.lat_deg, entry.destination.lon_deg),
        [_leg_record(leg) for leg in entry.legs],
        entry.quality.value,
        entry.purpose.value if entry.purpose else "",
        entry.purpose_share,
        tuple(sorted(mark.value for mark in entry.marks)),
    )


def _entry(record: type_record) -> Entry:
    if isinstance(record, StayRecord):
        return Stay(
            record.started_us, record.ended_us, record.tz, Place(record.lat_deg, record.lon_deg),
            record.radius_m, record.place, record.n_positions,
        )  # fmt: skip
    if isinstance(record, UnknownRecord):
        return Unknown(record.started_us, record.ended_us, record.tz, record.reason)
    return Trip(
        record.started_us,
        record.ended_us,
        record.tz,
        Place(*record.origin),
        Place(*record.destination),
        tuple(_leg(leg) for leg in record.legs),
        Quality(record.quality),
        Purpose(record.purpose) if record.purpose else None,
        record.purpose_share,
        frozenset(Mark(mark) for mark in record.marks),
    )


def _leg_record(leg: Leg) -> LegRecord:
    c = leg.co2e
    return LegRecord(
        mode=leg.mode.value,
        started_us=leg.started_us,
        ended_us=leg.ended_us,
        distance_m=leg.distance_m,
        path=PathRecord(
            leg.path.time_us.astype("<i8").tobytes(),
            leg.path.lat_deg.astype("<f8").tobytes(),
            leg.path.lon_deg.astype("<f8").tobytes(),
        ),
        probabilities=[(mode.value, share) for mode, share in leg.probabilities],
        reasons=[(r.code, r.weight_share, list(r.params)) for r in leg.reasons],
        n_positions=leg.n_positions,
        vehicle=leg.vehicle,
        energy=leg.energy,
        train_kind=leg.train_kind,
        occupants=leg.occupants,
        shared=leg.shared,
        co2e=None
        if c is None
        else (
            c.central_g, c.low_g, c.high_g, c.use_g, c.upstream_g, c.manufacture_g, c.contrails_g
        ),
        corrected=leg.corrected,
    )  # fmt: skip


def _leg(record: LegRecord) -> Leg:
    return Leg(
        mode=Mode(record.mode),
        started_us=record.started_us,
        ended_us=record.ended_us,
        distance_m=record.distance_m,
        path=Path(
            np.frombuffer(record.path.time_us, "<i8"),
            np.frombuffer(record.path.lat_deg, "<f8"),
            np.frombuffer(record.path.lon_deg, "<f8"),
        ),
        probabilities=tuple((Mode(mode), share) for mode, share in record.probabilities),
        reasons=tuple(
            Reason(code, weight, tuple((name, value) for name, value in params))
            for code, weight, params in record.reasons
        ),
        n_positions=record.n_positions,
        vehicle=record.vehicle,
        energy=record.energy,
        train_kind=record.train_kind,
        occupants=record.occupants,
        shared=record.shared,
        co2e=None if record.co2e is None else Co2e(*record.co2e),
        corrected=record.corrected,
    )


def encode_report(report: ImportReport) -> bytes:
    """Write the report of an import.

    Examples
    --------
    >>> from estran.errors import Fault
    >>> from estran.formats.reading import FileReport
    >>> report = ImportReport((FileReport("trip.gpx", "gpx", 3, faults=(Fault("x", 1, ""),)),))
    >>> decode_report(encode_report(report)) == report
    True
    """
    return encode(report)


def decode_report(record: bytes) -> ImportReport:
    """Read the report of an import."""
    return decode(record, ImportReport)
