"""Google's ``Records.json`` (Takeout until 2024; ``Location History.json`` before 2022).

``{"locations": [{"latitudeE7", "longitudeE7", "timestamp" | "timestampMs", ...}]}``. Each
``deviceTag`` is a source of its own: phones of one person interleave. Wi-Fi scans are other
people's data and are dropped at the door.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import numpy as np

from estran.formats.coordinates import (
    Rows,
    dated_positions,
    floats,
    lat_from_e7,
    lon_from_e7,
    unless_negative,
)  # fmt: skip
from estran.formats.google_records.shape import DECODER, Record, hints_of, when_us
from estran.formats.json_head import outline
from estran.formats.json_stream import records
from estran.formats.piling import Pile
from estran.formats.reading import Batch, Faults, Format
from estran.trace import Positions, Source, Stream, type_i16, type_i64

KEY = "google-records"
_N_DEVICES = 50
"""More phones than anybody carried in the fifteen years of such files."""
_PLACES = "locations[]."


def sniff(head: bytes) -> bool:
    """Tell whether ``locations`` holds Google's records."""
    found = outline(head)
    return found.root == "{" and found.any(
        *(f"{_PLACES}{key}" for key in ("latitudeE7", "longitudeE7", "timestampMs", "deviceTag")),
        *(f"{_PLACES}{key}" for key in ("activeWifiScan", "locationMetadata", "activity")),
    )


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Read records, keeping positions and the phone's guesses at activities."""
    pile = Pile()
    devices = _Devices()
    n_before = 0
    for _, block in records(stream, {"locations": DECODER}, faults):
        device = devices.numbers([r.device_tag for r in block])
        time_us = when_us(block)
        positions = _positions(block, time_us, device, faults, f"record {n_before + 1}")
        activities = hints_of(block, time_us, device)
        for number in np.unique(device).tolist():
            pile.add(
                devices.sources[number],
                positions=positions.take(positions.source == number),
                activities=activities.take(activities.source == number),
            )
        n_before += len(block)
        yield from pile.ripe()
    yield from pile.rest()


class _Devices:
    """Numbers the devices of a file; what is over the limit counts as unnamed."""

    def __init__(self) -> None:
        self._numbers: dict[int | None, int] = {}
        self.sources: list[Source] = []

    def numbers(self, tags: Sequence[int | None]) -> type_i16:
        """Give the number of each record's device."""
        for tag in dict.fromkeys(tags):
            if tag not in self._numbers:
                if len(self.sources) >= _N_DEVICES:
                    tag = None  # noqa: PLW2901 - the unnamed device
                self._add(tag)
        unnamed = self._numbers.get(None, 0)
        return np.array([self._numbers.get(tag, unnamed) for tag in tags], dtype=np.int16)

    def _add(self, tag: int | None) -> None:
        if tag in self._numbers:
            return
        device = "" if tag is None else str(tag)
        self._numbers[tag] = len(self.sources)
        self.sources.append(Source(f"{KEY}/{device}", KEY, device, Stream.RAW))


def _positions(
    block: Sequence[Record], time_us: type_i64, device: type_i16, faults: Faults, where: str
) -> Positions:
    rows = Rows(
        time_us=time_us,
        lat_deg=lat_from_e7(floats([r.latitude_e7 for r in block])),
        lon_deg=lon_from_e7(floats([r.longitude_e7 for r in block])),
        accuracy_m=unless_negative(floats([r.accuracy_m for r in block])),
        speed_mps=unless_negative(floats([r.speed_mps for r in block])),
        bearing_deg=unless_negative(floats([r.bearing_deg for r in block])),
        altitude_m=floats([r.altitude_m for r in block]),
        source=device,
    )
    return dated_positions(rows, faults, where)


FORMAT = Format(KEY, sniff, read)
