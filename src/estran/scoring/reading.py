"""Read labelled legs: a journal as ``estran analyse --json`` writes it, or a table of legs."""

from __future__ import annotations

import csv
import io
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from estran.errors import Fault, LabelsMissing, LabelsUnreadable
from estran.journal import Mode
from estran.scoring.values import LabelledLeg, LabelledTrip

US = 1_000_000
JOIN_US = 300 * US
"""Legs of a table without trips are one trip when no more than this is between them."""

WORDS: Mapping[str, str] = {
    **{mode.value: mode.value for mode in Mode},
    "walking": Mode.WALK, "on_foot": Mode.WALK, "foot": Mode.WALK, "pedestrian": Mode.WALK,
    "running": Mode.RUN, "jogging": Mode.RUN, "marche": Mode.WALK, "pied": Mode.WALK,
    "bicycle": Mode.BIKE, "bicycling": Mode.BIKE, "cycling": Mode.BIKE, "cycle": Mode.BIKE,
    "on_bicycle": Mode.BIKE, "velo": Mode.BIKE, "vélo": Mode.BIKE, "e-bike": Mode.E_BIKE,
    "ebike": Mode.E_BIKE, "escooter": Mode.E_SCOOTER, "e-scooter": Mode.E_SCOOTER,
    "trottinette": Mode.E_SCOOTER, "driving": Mode.CAR, "drive": Mode.CAR, "taxi": Mode.CAR,
    "automobile": Mode.CAR, "voiture": Mode.CAR, "carpool": Mode.CAR, "in_car": Mode.CAR,
    "motorbike": Mode.MOTORCYCLE, "moto": Mode.MOTORCYCLE, "scooter": Mode.MOPED,
    "bus_rapid_transit": Mode.BUS, "express_bus": Mode.BUS, "autocar": Mode.COACH,
    "light_rail": Mode.TRAM, "tramway": Mode.TRAM, "streetcar": Mode.TRAM,
    "subway": Mode.METRO, "underground": Mode.METRO, "métro": Mode.METRO,
    "rail": Mode.TRAIN, "railway": Mode.TRAIN, "commuter_train": Mode.TRAIN,
    "boat": Mode.FERRY, "ship": Mode.FERRY, "bateau": Mode.FERRY, "airplane": Mode.PLANE,
    "aeroplane": Mode.PLANE, "flight": Mode.PLANE, "air": Mode.PLANE, "avion": Mode.PLANE,
    "waiting": Mode.WAIT, "stopped": Mode.WAIT, "attente": Mode.WAIT,
    "unlabelled": Mode.UNKNOWN, "unlabeled": Mode.UNKNOWN,
}  # fmt: skip
"""Words for modes, of data sets and of people, in lower case."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "start": ("start", "started_at", "start_time", "start_ts", "begin", "from", "debut", "début"),
    "end": ("end", "ended_at", "end_time", "end_ts", "finish", "to", "fin"),
    "mode": ("mode", "transport_mode", "transportation_mode", "label", "sensed_mode"),
    "trip": ("trip", "trip_id", "journey", "trajet"),
    "probability": ("mode_probability", "probability", "confidence"),
    "distance_m": ("distance_m", "length_m", "distance"),
}
"""Names under which a table or an object holds each thing, in lower case."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What a document states."""

    trips: tuple[LabelledTrip, ...]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    leg: LabelledLeg
    trip: str


def labels_of(text: str) -> Labels:
    r"""Read labelled trips from a document's text.

    Parameters
    ----------
    text : str
        A journal as JSON; JSON with ``trips`` that have ``legs`` (or ``sections``), or with
        ``legs`` alone; or CSV with a header.

    Raises
    ------
    LabelsUnreadable
        Neither JSON nor a table with a beginning, an end and a mode.
    LabelsMissing
        No leg in it can be read.

    Examples
    --------
    >>> table = "start,end,mode\n2026-06-01T08:00Z,2026-06-01T08:20Z,Bicycling"
    >>> [str(leg.mode) for trip in labels_of(table).trips for leg in trip.legs]
    ['bike']
    """
    met: Counter[str] = Counter()
    first: dict[str, str] = {}
    rows: list[_Row] = []
    for where, record, trip in _records(text):
        try:
            rows.append(_Row(_leg(record), trip))
        except _Faulty as faulty:
            met[faulty.code] += 1
            first.setdefault(faulty.code, where)
    if not rows:
        raise LabelsMissing
    rows.sort(key=lambda row: (row.leg.start_us, row.leg.end_us))
    apart: list[_Row] = []
    for row in rows:
        if apart and row.leg.start_us < apart[-1].leg.end_us:
            met["legs-overlap"] += 1
            first.setdefault("legs-overlap", "")
            continue
        apart.append(row)
    faults = tuple(Fault(code, n, first[code]) for code, n in sorted(met.items()))
    return Labels(tuple(_joined(apart)), faults)


class _Faulty(Exception):  # noqa: N818 - caught at once, never seen
    code = ""


class _Backwards(_Faulty):
    code = "leg-backwards"


class _ModeUnknown(_Faulty):
    code = "mode-word-unknown"


class _TimeUnreadable(_Faulty):
    code = "time-unreadable"


def _records(text: str) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    """Give every leg as a mapping, where it stands, and the name of its trip."""
    if text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}:
        try:
            document = json.loads(text.lstrip("\ufeff"))
        except (ValueError, RecursionError):
            raise LabelsUnreadable from None
        yield from _of_json(document)
        return
    try:
        dialect = csv.Sniffer().sniff(text[:4096], delimiters=",;\t")
    except csv.Error:
        dialect = csv.excel
    try:
        table = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""), dialect=dialect)
        named = {(name or "").strip().lower() for name in table.fieldnames or ()}
        if not all(named & set(COLUMNS[key]) for key in ("start", "end", "mode")):
            raise LabelsUnreadable
        for n, row in enumerate(table, start=2):
            lowered = {(name or "").strip().lower(): cell for name, cell in row.items()}
            yield f"line {n}", lowered, str(_of(lowered, "trip") or "")
    except csv.Error:
        raise LabelsUnreadable from None


def _of_json(document: object) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    if isinstance(document, list):
        document = {"legs": document}
    if not isinstance(document, dict):
        raise LabelsUnreadable
    trips = document.get("entries", document.get("trips"))
    if isinstance(trips, list):
        for n, trip in enumerate(trips, start=1):
            if not isinstance(trip, dict) or trip.get("kind", "trip") != "trip":
                continue
            legs = trip.get("legs", trip.get("sections"))
            for leg in legs if isinstance(legs, list) else ():
                yield f"trip {n}", leg if isinstance(leg, dict) else {}, f"trip {n}"
    elif isinstance(document.get("legs"), list):
        for n, leg in enumerate(document["legs"], start=1):
            record = leg if isinstance(leg, dict) else {}
            yield f"leg {n}", record, str(_of(record, "trip") or "")
    else:
        raise LabelsUnreadable


def _of(record: Mapping[str, Any], key: str) -> Any:
    return next((record[name] for name in COLUMNS[key] if record.get(name) not in (None, "")), None)


def _leg(record: Mapping[str, Any]) -> LabelledLeg:
    start_us, end_us = _instant_us(_of(record, "start")), _instant_us(_of(record, "end"))
    if end_us < start_us:
        raise _Backwards
    word = str(_of(record, "mode") or "").strip().lower().replace(" ", "_")
    if str(record.get("type", "")).upper() == "WAITING":
        word = Mode.WAIT
    mode = WORDS.get(word)
    if mode is None:
        raise _ModeUnknown
    co2e = record.get("co2e_g")
    central = co2e.get("central") if isinstance(co2e, dict) else co2e
    return LabelledLeg(
        start_us,
        end_us,
        mode,
        _number(_of(record, "probability")),
        _number(_of(record, "distance_m")),
        _number(central),
    )


def _number(value: object) -> float:
    try:
        number = float(value)  # type: ignore[arg-type] # what is none is refused by float
    except (TypeError, ValueError):
        return math.nan
    return number if math.isfinite(number) and number >= 0 else math.nan


LATEST_S, LATEST_MS = 1e11, 1e14
"""Larger numbers of seconds are milliseconds, and larger ones of those microseconds."""


def _instant_us(value: object) -> int:
    """Read an instant: ISO 8601 (without a zone: UTC), or a number since 1970."""
    number = _number(value)
    if not math.isnan(number):
        scale = US if number < LATEST_S else 1000 if number < LATEST_MS else 1
        return round(number * scale)
    try:
        at = datetime.fromisoformat(str(value).strip())
    except ValueError:
        raise _TimeUnreadable from None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return round(at.timestamp() * US)


def _joined(rows: Iterable[_Row]) -> Iterator[LabelledTrip]:
    """Put legs of one trip together: by its name, else those close to each other."""
    open_legs: list[LabelledLeg] = []
    name = ""
    for row in rows:
        same = (
            row.trip == name
            if row.trip or name
            else bool(open_legs) and row.leg.start_us - open_legs[-1].end_us <= JOIN_US
        )
        if open_legs and not same:
            yield LabelledTrip(open_legs[0].start_us, open_legs[-1].end_us, tuple(open_legs))
            open_legs = []
        open_legs.append(row.leg)
        name = row.trip
    if open_legs:
        yield LabelledTrip(open_legs[0].start_us, open_legs[-1].end_us, tuple(open_legs))
