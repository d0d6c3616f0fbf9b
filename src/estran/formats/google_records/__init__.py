"""Google's ``Records.json`` (Takeout until 2024; ``Location History.json`` before 2022).

``{"locations": [{"latitudeE7", "longitudeE7", "timestamp" | "timestampMs", ...}]}``. Each
``deviceTag`` is a source of its own: phones of one person interleave. Wi-Fi scans are other
people's data and are dropped at the door.
"""

from __future__ import annotations

from collections.abc import Iterator
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
from estran.trace import Activities, Positions, Source, Stream, type_i64

KEY = "google-records"
_N_DEVICES = 500
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
    sources: dict[int | None, Source] = {}
    n_before = 0
    for _, block in records(stream, {"locations": DECODER}, faults):
        where = f"record {n_before + 1}"
        n_before += len(block)
        for tag, chosen in _by_device(block):
            known = tag if tag in sources or len(sources) < _N_DEVICES else None
            source = sources.setdefault(known, _source(known))
            time_us = when_us(chosen)
            pile.add(
                source,
                positions=_positions(chosen, time_us, faults, where),
                activities=_activities(chosen, time_us),
            )
        yield from pile.ripe()
    yield from pile.rest()


def _source(tag: int | None) -> Source:
    device = "" if tag is None else str(tag)
    return Source(f"{KEY}/{device}", KEY, device, Stream.RAW)


def _by_device(block: list[Record]) -> list[tuple[int | None, list[Record]]]:
    tags = dict.fromkeys([r.device_tag for r in block])
    if len(tags) == 1:
        return [(next(iter(tags)), block)]
    piles: dict[int | None, list[Record]] = {tag: [] for tag in tags}
    for record in block:
        piles[record.device_tag].append(record)
    return list(piles.items())


def _positions(block: list[Record], time_us: type_i64, faults: Faults, where: str) -> Positions:
    rows = Rows(
        time_us=time_us,
        lat_deg=lat_from_e7(floats([r.latitude_e7 for r in block])),
        lon_deg=lon_from_e7(floats([r.longitude_e7 for r in block])),
        accuracy_m=unless_negative(floats([r.accuracy for r in block])),
        speed_mps=unless_negative(floats([r.velocity for r in block])),
        bearing_deg=unless_negative(floats([r.heading for r in block])),
        altitude_m=floats([r.altitude for r in block]),
    )
    return dated_positions(rows, faults, where)


def _activities(block: list[Record], time_us: type_i64) -> Activities:
    n_sets = [len(r.activity) for r in block]
    if not any(n_sets):
        return Activities.empty()
    return hints_of([s for r in block for s in r.activity], np.repeat(time_us, n_sets))


FORMAT = Format(KEY, sniff, read)
