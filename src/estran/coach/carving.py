"""Taking spans of time out of a journal, and putting other entries in their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from estran.coach.cutting import cut
from estran.journal import Entry, Leg, Place, Trip, Unknown

type_spans = Sequence[tuple[int, int]]
"""Starts and ends, half open, in order and apart. [µs since 1970, UTC]"""

ERASED = "erased"
"""Why a time is unknown that a person erased."""


def joined(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Put spans in order, and those together that touch.

    Examples
    --------
    >>> joined([(5, 9), (0, 3), (3, 4), (8, 12)])
    ((0, 4), (5, 12))
    """
    out: list[tuple[int, int]] = []
    for start_us, end_us in sorted(span for span in spans if span[1] > span[0]):
        if out and start_us <= out[-1][1]:
            out[-1] = out[-1][0], max(out[-1][1], end_us)
        else:
            out.append((start_us, end_us))
    return tuple(out)


def without(spans: Iterable[tuple[int, int]], taken: type_spans) -> tuple[tuple[int, int], ...]:
    """Take spans out of spans.

    Examples
    --------
    >>> without([(0, 10)], [(2, 3), (8, 20)])
    ((0, 2), (3, 8))
    """
    out: list[tuple[int, int]] = []
    for start_us, end_us in spans:
        at_us = start_us
        for first_us, last_us in taken:
            if last_us <= at_us or first_us >= end_us:
                continue
            out.append((at_us, first_us))
            at_us = last_us
        out.append((at_us, end_us))
    return joined(out)


def overlaps(start_us: int, end_us: int, spans: type_spans) -> bool:
    """Tell whether an interval has time in common with spans, or is an instant in one."""
    return any(
        start_us < last_us and (end_us > first_us or start_us == end_us >= first_us)
        for first_us, last_us in spans
    )


def carved(entries: Iterable[Entry], spans: type_spans) -> list[Entry]:
    """Take spans out: stays and unknown time end and begin at their borders, so do ways.

    What remains of a trip begins and ends where its way crosses the border. A part of which
    nothing was seen becomes unknown time: it was drawn through what is gone. Prices are left
    out where a leg was cut.
    """
    out: list[Entry] = []
    for entry in entries:
        if not overlaps(entry.started_us, entry.ended_us, spans):
            out.append(entry)
            continue
        for start_us, end_us in without([(entry.started_us, entry.ended_us)], spans):
            out.append(_part(entry, start_us, end_us))
    return out


def erased(entries: Iterable[Entry], spans: type_spans) -> list[Entry]:
    """Take spans out and say that they were erased; only where the journal has entries."""
    entries = list(entries)
    told = [
        Unknown(max(first_us, entry.started_us), min(last_us, entry.ended_us), entry.tz, ERASED)
        for entry in entries
        for first_us, last_us in spans
        if max(first_us, entry.started_us) < min(last_us, entry.ended_us)
    ]
    return sorted([*carved(entries, spans), *told], key=_start)


def replaced(entries: Iterable[Entry], spans: type_spans, kept: Iterable[Entry]) -> list[Entry]:
    """Put other entries into spans, in place of what an analysis made of them."""
    inside = carved(kept, without([(-(2**62), 2**62)], spans))
    return sorted([*carved(entries, spans), *inside], key=_start)


def _start(entry: Entry) -> tuple[int, int]:
    return entry.started_us, entry.ended_us


def merged(entries: Iterable[Entry]) -> list[Entry]:
    """Make one of erased times that touch."""
    out: list[Entry] = []
    for entry in entries:
        last = out[-1] if out else None
        if (
            isinstance(entry, Unknown)
            and isinstance(last, Unknown)
            and entry.reason == last.reason == ERASED
            and entry.tz == last.tz
            and entry.started_us <= last.ended_us
        ):
            out[-1] = replace(last, ended_us=max(last.ended_us, entry.ended_us))
        else:
            out.append(entry)
    return out


def _part(entry: Entry, start_us: int, end_us: int) -> Entry:
    if not isinstance(entry, Trip):
        return replace(entry, started_us=start_us, ended_us=end_us)
    legs = tuple(_legs(entry.legs, start_us, end_us))
    points = [(leg.path.lat_deg, leg.path.lon_deg) for leg in legs if len(leg.path)]
    if not points or not any(leg.n_positions for leg in legs):
        return Unknown(start_us, end_us, entry.tz)
    first, last = points[0], points[-1]
    return replace(
        entry,
        started_us=start_us,
        ended_us=end_us,
        legs=legs,
        origin=entry.origin
        if start_us == entry.started_us
        else Place(float(first[0][0]), float(first[1][0])),
        destination=entry.destination
        if end_us == entry.ended_us
        else Place(float(last[0][-1]), float(last[1][-1])),
    )


def _legs(legs: Iterable[Leg], start_us: int, end_us: int) -> Iterator[Leg]:
    for leg in legs:
        kept = leg
        if kept.ended_us <= start_us or kept.started_us >= end_us:
            continue
        if kept.started_us < start_us:
            _, kept = cut(kept, start_us)
        if kept.ended_us > end_us:
            kept, _ = cut(kept, end_us)
        yield kept
