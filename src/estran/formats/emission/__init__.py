"""Entries as e-mission phones send them and its server stores them (TraceMob, OpenPATH).

A JSON list or JSON lines of ``{"metadata": {"key", ...}, "data": {...}}``. Locations come
twice, as ``background/location`` and, when the phone found them good, again as
``background/filtered_location``: both are one source, in which equal fixes are one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import BinaryIO, cast

import numpy as np

from estran.formats.coordinates import Rows, dated_positions, floats, unless_negative
from estran.formats.emission.analysed import POINTS, STATED, stated_of
from estran.formats.emission.entries import DECODER, Entry, claims_of, marks_of, motions_of
from estran.formats.emission.extended import PlainNumbers, is_extended
from estran.formats.emission.phones import Phones, owner_of
from estran.formats.json_head import outline
from estran.formats.json_stream import ROOT, records
from estran.formats.piling import Pile
from estran.formats.reading import Batch, Faults, Format
from estran.formats.resumed import resumed
from estran.formats.times import epoch_us
from estran.trace import Positions, Source, Stream

KEY = "e-mission"
_LOCATIONS = frozenset({"background/location", "background/filtered_location"})
_ACTIVITIES = frozenset({"background/motion_activity", "background/activity"})
_MARKS = frozenset({"statemachine/transition", "background/battery"})
_LABELS = frozenset({"manual/mode_confirm"})
_WRAPPED = "phone_data"
"""Where the server's answers to ``find_entries`` hold entries."""
_PLATFORMS = frozenset({"android", "ios"})


def sniff(head: bytes) -> bool:
    """Tell whether entries with ``metadata.key`` and ``data`` stand at the root."""
    found = outline(head)
    base = "[]." if found.root == "[" else ""
    base = f"{_WRAPPED}[]." if found.has(f"{_WRAPPED}[].metadata") else base
    return found.has(f"{base}metadata") and found.any(
        f"{base}metadata.key", f"{base}metadata.write_ts", f"{base}data"
    )


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Read entries, of phones and of the server; settings, statistics and surveys stay."""
    pile = Pile()
    phones: defaultdict[tuple[str, str], Phones] = defaultdict(Phones)
    n_before = 0
    head, whole = resumed(stream)
    key = _WRAPPED if outline(head).has(f"{_WRAPPED}[].metadata") else ROOT
    if is_extended(head):
        whole = cast("BinaryIO", PlainNumbers(whole))
    for _, entries in records(whole, {key: DECODER}, faults):
        where = f"entry {n_before + 1}"
        n_before += len(entries)
        for source, chosen in _by_phone(entries, phones).items():
            _pile_up(pile, source, chosen, faults, where)
        yield from pile.ripe()
    yield from pile.rest()


def _by_phone(
    entries: list[Entry], phones: defaultdict[tuple[str, str], Phones]
) -> dict[Source, list[Entry]]:
    """Part entries by the phone that wrote them."""
    parts: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        platform = entry.metadata.platform
        device = platform if platform in _PLATFORMS else ""
        owner = owner_of(entry)
        number = phones[device, owner].number_of(entry)
        key = "/".join(part for part in (device, owner, str(number + 1) if number else "") if part)
        parts[key].append(entry)
    return {
        Source(f"{KEY}/{key}", KEY, key.partition("/")[0], Stream.RECORDED): parts[key]
        for key in sorted(parts)
    }


def _pile_up(pile: Pile, source: Source, entries: list[Entry], faults: Faults, where: str) -> None:
    pile.add(
        source,
        positions=positions_of([e for e in entries if e.metadata.key in _LOCATIONS], faults, where),
        activities=motions_of([e for e in entries if e.metadata.key in _ACTIVITIES], faults),
        claims=claims_of([e for e in entries if e.metadata.key in _LABELS], faults),
        marks=marks_of([e for e in entries if e.metadata.key in _MARKS], faults),
    )
    made = Source(f"{source.key}/analysis", KEY, source.device, Stream.PATH)
    pile.add(
        made,
        positions=positions_of([e for e in entries if e.metadata.key in POINTS], faults, where),
        claims=stated_of([e for e in entries if e.metadata.key in STATED], faults, where),
    )


def positions_of(entries: list[Entry], faults: Faults, where: str = "") -> Positions:
    """Turn locations into positions: good ones, each once."""
    data = [e.data for e in entries]
    rows = Rows(
        time_us=epoch_us(floats([e.instant() for e in entries])),
        lat_deg=floats([d.place()[0] for d in data]),
        lon_deg=floats([d.place()[1] for d in data]),
        accuracy_m=unless_negative(floats([d.accuracy_m for d in data])),
        speed_mps=unless_negative(floats([d.speed_mps for d in data])),
        bearing_deg=unless_negative(
            floats([d.heading_deg if d.bearing_deg is None else d.bearing_deg for d in data])
        ),
        altitude_m=floats([d.altitude_m for d in data]),
    )
    return _distinct(dated_positions(rows, faults, where))


def _distinct(positions: Positions) -> Positions:
    """Drop the second of two equal fixes; the phone writes a good one under two keys."""
    if len(positions) < 2:  # noqa: PLR2004 - one is distinct
        return positions
    table = np.stack([positions.time_us, positions.lat_deg, positions.lon_deg])
    _, first = np.unique(table, axis=1, return_index=True)
    return positions.take(np.sort(first))


FORMAT = Format(KEY, sniff, read)
