"""Google's ``Timeline Edits.json``: raw signals kept beside the Timeline (Takeout).

Few people need it; its positions are read all the same, a source a device. Accuracies are
in millimetres.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import msgspec

from estran.formats.coordinates import (
    Rows,
    dated_positions,
    floats,
    lat_from_e7,
    lon_from_e7,
    unless_negative,
)
from estran.formats.hints import Reading, hints_of
from estran.formats.json_head import outline
from estran.formats.json_stream import records
from estran.formats.piling import Pile
from estran.formats.reading import Batch, Faults, Format
from estran.formats.times import instants_us
from estran.trace import Positions, Source, Stream

KEY = "google-edits"
_MM_PER_M = 1000.0
_N_DEVICES = 500


class Point(msgspec.Struct, frozen=True, rename={"lat_e7": "latE7", "lng_e7": "lngE7"}):
    """A place counted in 1e-7 degrees."""

    lat_e7: float | None = None
    lng_e7: float | None = None


class Fix(
    msgspec.Struct,
    rename={
        "accuracy_mm": "accuracyMm", "altitude_m": "altitudeMeters",
        "speed_mps": "speedMetersPerSecond",
    },
):  # fmt: skip
    """A position."""

    point: Point = Point()
    accuracy_mm: float | None = None
    altitude_m: float | None = None
    speed_mps: float | None = None
    timestamp: str | float | None = None


class Guess(msgspec.Struct, rename={"activity_type": "activityType"}):
    """One thing that the phone may have been carried by."""

    activity_type: str = ""
    probability: float = 0.0


class ActivityRecord(msgspec.Struct, rename={"guesses": "detectedActivities"}):
    """What the phone may have been carried by at an instant."""

    guesses: list[Guess] = []
    timestamp: str | float | None = None


class Signal(msgspec.Struct, frozen=True, rename={"activity_record": "activityRecord"}):
    """What a sensor told."""

    position: Fix | None = None
    activity_record: ActivityRecord | None = None


class RawSignal(msgspec.Struct, frozen=True):
    """A wrapper."""

    signal: Signal = Signal()


class Edit(msgspec.Struct, rename={"device": "deviceId", "raw_signal": "rawSignal"}):
    """One element."""

    device: str | int | None = None
    raw_signal: RawSignal = RawSignal()


_DECODER = msgspec.json.Decoder(list[Edit], strict=False)


def sniff(head: bytes) -> bool:
    """Tell whether ``timelineEdits`` stands in the root object."""
    found = outline(head)
    return found.root == "{" and found.has("timelineEdits")


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Read the positions and activities among the edits."""
    pile = Pile()
    sources: dict[str, Source] = {}
    n_before = 0
    for _, block in records(stream, {"timelineEdits": _DECODER}, faults):
        where = f"edit {n_before + 1}"
        n_before += len(block)
        by_device: dict[str, list[Signal]] = {}
        for edit in block:
            device = "" if edit.device is None else str(edit.device)[:20]
            known = device if device in sources or len(sources) < _N_DEVICES else ""
            sources.setdefault(known, Source(f"{KEY}/{known}", KEY, known, Stream.RAW))
            by_device.setdefault(known, []).append(edit.raw_signal.signal)
        for device, signals in by_device.items():
            _pile_up(pile, sources[device], signals, faults, where)
        yield from pile.ripe()
    yield from pile.rest()


def _pile_up(
    pile: Pile, source: Source, signals: Sequence[Signal], faults: Faults, where: str
) -> None:
    told = [s.activity_record for s in signals if s.activity_record is not None]
    readings = [
        Reading(r.timestamp, [(g.activity_type, g.probability) for g in r.guesses]) for r in told
    ]
    fixes = [s.position for s in signals if s.position is not None]
    pile.add(
        source,
        positions=_positions(fixes, faults, where),
        activities=hints_of(readings, faults, where),
    )


def _positions(fixes: Sequence[Fix], faults: Faults, where: str) -> Positions:
    rows = Rows(
        time_us=instants_us([f.timestamp for f in fixes]),
        lat_deg=lat_from_e7(floats([f.point.lat_e7 for f in fixes])),
        lon_deg=lon_from_e7(floats([f.point.lng_e7 for f in fixes])),
        accuracy_m=unless_negative(floats([f.accuracy_mm for f in fixes])) / _MM_PER_M,
        speed_mps=unless_negative(floats([f.speed_mps for f in fixes])),
        altitude_m=floats([f.altitude_m for f in fixes]),
    )
    return dated_positions(rows, faults, where)


FORMAT = Format(KEY, sniff, read)
