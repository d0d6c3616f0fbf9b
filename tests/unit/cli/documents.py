"""The shapes of the documents, as ``docs/command-line.md`` fixes them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct


class Strict(Struct, forbid_unknown_fields=True):
    """Refuses what the contract does not name."""


class MadeBy(Strict):
    estran: str
    algorithm: str
    factor_set: str
    settings_digest: str
    network_digest: str | None = None


class Refused(Strict):
    code: str
    count: int
    where: str


class File(Strict):
    name: str
    format: str
    read: bool
    positions: int
    activities: int
    claims: int
    start: datetime | None
    end: datetime | None
    refused: list[Refused]


class Dropped(Strict):
    code: str
    count: int


class Report(Strict):
    files: list[File]
    days: int
    positions: int
    duplicates: int
    dropped: list[Dropped]
    trips: int


class Point(Strict):
    lat: float | None
    lon: float | None


class Co2e(Strict):
    central: float
    low: float
    high: float


class Evidence(Strict):
    code: str
    weight: float
    params: dict[str, str | float | int | None]


class Leg(Strict):
    mode: Literal[
        "walk", "run", "bike", "e_bike", "e_scooter", "moped", "motorcycle", "car", "bus",
        "coach", "tram", "metro", "train", "ferry", "plane", "other", "unknown", "wait",
    ]  # fmt: skip
    mode_probability: float | None
    start: datetime
    end: datetime
    distance_m: float | None
    duration_s: float
    co2e_g: Co2e | None
    positions: int
    evidence: list[Evidence]
    vehicle: str = ""
    energy: str = ""
    train_kind: str = ""
    occupants: float = 0
    shared: bool = False
    corrected: bool = False


class Stay(Strict, tag_field="kind", tag="stay"):
    start: datetime
    end: datetime
    tz: str
    lat: float
    lon: float
    radius_m: float
    positions: int
    place: str = ""


class Trip(Strict, tag_field="kind", tag="trip"):
    start: datetime
    end: datetime
    tz: str
    origin: Point
    destination: Point
    distance_m: float
    duration_s: float
    co2e_g: Co2e | None
    quality: Literal["good", "sparse", "gappy", "guessed"]
    legs: list[Leg]


class Unknown(Strict, tag_field="kind", tag="unknown"):
    start: datetime
    end: datetime
    tz: str
    reason: str


class Document(Strict):
    schema: Literal["estran.journal/1"]
    made_by: MadeBy
    report: Report
    entries: list[Stay | Trip | Unknown]
