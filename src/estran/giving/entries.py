"""Entries of a journal as JSON that loses nothing, and back.

The JSON of the command line is for reading: it is rounded. This one is for taking along:
the same journal comes back. What is not known is ``null``.
"""

from __future__ import annotations

from math import isfinite, nan

import msgspec
import numpy as np

from estran.errors import ArchiveDamaged, ZoneUnknown
from estran.journal import (
    Co2e,
    Entry,
    Leg,
    MadeBy,
    Mode,
    Path,
    Place,
    Quality,
    Reason,
    Stay,
    Trip,
    Unknown,
)
from estran.timebase import zone

SCHEMA = "estran.archive-journal/1"


class PathDoc(msgspec.Struct, frozen=True):
    """A drawn line, a list a column."""

    time_us: list[int]
    lat_deg: list[float]
    lon_deg: list[float]


class PlaceDoc(msgspec.Struct, frozen=True):
    """A point."""

    lat_deg: float | None
    lon_deg: float | None


class ReasonDoc(msgspec.Struct, frozen=True):
    """Why a leg has its mode."""

    code: str
    weight_share: float | None
    params: list[tuple[str, str | float | None]] = []


class Co2eDoc(msgspec.Struct, frozen=True):
    """What a leg emitted, with its interval and its parts. [g CO2e]"""

    central_g: float | None
    low_g: float | None
    high_g: float | None
    use_g: float | None
    upstream_g: float | None
    manufacture_g: float | None
    contrails_g: float | None


class LegDoc(msgspec.Struct, frozen=True):
    """A leg."""

    mode: Mode
    started_us: int
    ended_us: int
    distance_m: float | None
    path: PathDoc
    probabilities: list[tuple[Mode, float]]
    reasons: list[ReasonDoc]
    n_positions: int
    vehicle: str
    energy: str
    train_kind: str
    occupants: float | None
    shared: bool
    co2e: Co2eDoc | None
    corrected: bool


class StayDoc(msgspec.Struct, frozen=True, tag="stay", tag_field="kind"):
    """A stay."""

    started_us: int
    ended_us: int
    tz: str
    at: PlaceDoc
    radius_m: float | None
    place: str
    n_positions: int


class TripDoc(msgspec.Struct, frozen=True, tag="trip", tag_field="kind"):
    """A trip."""

    started_us: int
    ended_us: int
    tz: str
    origin: PlaceDoc
    destination: PlaceDoc
    legs: list[LegDoc]
    quality: Quality


class UnknownDoc(msgspec.Struct, frozen=True, tag="unknown", tag_field="kind"):
    """Unknown time."""

    started_us: int
    ended_us: int
    tz: str
    reason: str


EntryDoc = StayDoc | TripDoc | UnknownDoc


class JournalDoc(msgspec.Struct, frozen=True):
    """The entries that begin in one month, as analysed: corrections stand apart."""

    schema: str
    made_by: MadeBy
    entries: list[EntryDoc]


_decoder = msgspec.json.Decoder(JournalDoc)


def _known(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def _or_nan(value: float | None) -> float:
    return nan if value is None else value


def write_entries(entries: list[Entry], made_by: MadeBy) -> bytes:
    """Write entries as a document.

    Examples
    --------
    >>> stay = Stay(0, 1, "UTC", Place(46.1, -1.1), 30.0)
    >>> read_entries(write_entries([stay], MadeBy("a", "b", "c")))[1] == (stay,)
    True
    """
    doc = JournalDoc(SCHEMA, made_by, [_doc(entry) for entry in entries])
    return msgspec.json.encode(doc)


def read_entries(text: bytes) -> tuple[MadeBy, tuple[Entry, ...]]:
    """Read what :func:`write_entries` wrote.

    Raises
    ------
    ArchiveDamaged
        It says what no journal says.
    """
    try:
        doc = _decoder.decode(text)
        entries = tuple(_entry(entry) for entry in doc.entries)
        for tz in {entry.tz for entry in entries}:
            zone(tz)
    except (msgspec.MsgspecError, ValueError, OverflowError, ZoneUnknown) as error:
        raise ArchiveDamaged from error
    if doc.schema != SCHEMA:
        raise ArchiveDamaged
    return doc.made_by, entries


def _place_doc(place: Place) -> PlaceDoc:
    return PlaceDoc(_known(place.lat_deg), _known(place.lon_deg))


def _place(doc: PlaceDoc) -> Place:
    place = Place(_or_nan(doc.lat_deg), _or_nan(doc.lon_deg))
    if abs(place.lat_deg) > 90.0 or abs(place.lon_deg) > 180.0:  # noqa: PLR2004 - the globe
        raise ArchiveDamaged
    return place


def _doc(entry: Entry) -> EntryDoc:
    when = (entry.started_us, entry.ended_us, entry.tz)
    if isinstance(entry, Stay):
        radius_m = _known(entry.radius_m)
        return StayDoc(*when, _place_doc(entry.at), radius_m, entry.place, entry.n_positions)
    if isinstance(entry, Unknown):
        return UnknownDoc(*when, entry.reason)
    ends = (_place_doc(entry.origin), _place_doc(entry.destination))
    return TripDoc(*when, *ends, [_leg_doc(leg) for leg in entry.legs], entry.quality)


def _entry(doc: EntryDoc) -> Entry:
    when = (doc.started_us, doc.ended_us, doc.tz)
    if isinstance(doc, StayDoc):
        return Stay(*when, _place(doc.at), _or_nan(doc.radius_m), doc.place, doc.n_positions)
    if isinstance(doc, UnknownDoc):
        return Unknown(*when, doc.reason)
    legs = tuple(_leg(leg) for leg in doc.legs)
    if not legs:
        raise ArchiveDamaged
    return Trip(*when, _place(doc.origin), _place(doc.destination), legs, doc.quality)


def _leg_doc(leg: Leg) -> LegDoc:
    c, path = leg.co2e, leg.path
    return LegDoc(
        mode=leg.mode,
        started_us=leg.started_us,
        ended_us=leg.ended_us,
        distance_m=_known(leg.distance_m),
        path=PathDoc(path.time_us.tolist(), path.lat_deg.tolist(), path.lon_deg.tolist()),
        probabilities=[(mode, float(share)) for mode, share in leg.probabilities],
        reasons=[
            ReasonDoc(
                r.code,
                _known(r.weight_share),
                [(k, v if isinstance(v, str) else _known(v)) for k, v in r.params],
            )
            for r in leg.reasons
        ],
        n_positions=leg.n_positions,
        vehicle=leg.vehicle,
        energy=leg.energy,
        train_kind=leg.train_kind,
        occupants=_known(leg.occupants),
        shared=leg.shared,
        co2e=None if c is None else Co2eDoc(*(_known(getattr(c, f)) for f in _PARTS)),
        corrected=leg.corrected,
    )


_PARTS = Co2eDoc.__struct_fields__


def _leg(doc: LegDoc) -> Leg:
    path = doc.path
    return Leg(
        mode=doc.mode,
        started_us=doc.started_us,
        ended_us=doc.ended_us,
        distance_m=_or_nan(doc.distance_m),
        path=Path(
            np.array(path.time_us, np.int64),
            np.array(path.lat_deg, np.float64),
            np.array(path.lon_deg, np.float64),
        ),
        probabilities=tuple(doc.probabilities),
        reasons=tuple(
            Reason(
                r.code, _or_nan(r.weight_share),
                tuple((k, v if isinstance(v, str) else _or_nan(v)) for k, v in r.params),
            )
            for r in doc.reasons
        ),
        n_positions=doc.n_positions,
        vehicle=doc.vehicle,
        energy=doc.energy,
        train_kind=doc.train_kind,
        occupants=_or_nan(doc.occupants),
        shared=doc.shared,
        co2e=_co2e(doc.co2e),
        corrected=doc.corrected,
    )  # fmt: skip


def _co2e(doc: Co2eDoc | None) -> Co2e | None:
    if doc is None:
        return None
    return Co2e(**{part: _or_nan(getattr(doc, part)) for part in _PARTS})
