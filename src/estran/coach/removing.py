"""Trips taken away that were none."""

from __future__ import annotations

from dataclasses import replace

from estran.carbon import FactorSet
from estran.coach.matching import lies_in, over, shared_us, span_of
from estran.coach.said import Correction
from estran.geo.distance import distance_m
from estran.journal import Entry, Stay, Trip, Unknown

SAME_PLACE_M = 300.0
"""Two stays this near each other are one place: a trip between them that was none leaves one
stay. Positions of a phone indoors wander by as much. [m]"""

REMOVED = "removed"
"""Why a time is unknown of which a person said that its trip was none."""


def delete(entries: list[Entry], said: Correction, _factors: FactorSet) -> None:
    """Take trips away that were none: their time belongs to the stay around, or is unknown.

    All go of which half or more lies in the time that was said: a new analysis may have
    made two of one. A long trip in which the time is but a part stays.
    """
    span = said.start_us, said.end_us
    is_gone = False
    for row in over(entries, *span):
        entry = entries[row]
        if isinstance(entry, Trip) and lies_in(entry, span):
            entries[row] = Unknown(entry.started_us, entry.ended_us, entry.tz, REMOVED)
            is_gone = True
    if is_gone:
        _close(entries, span)


def _close(entries: list[Entry], span: tuple[int, int]) -> None:
    """Make one of removed times that touch, and one stay of it and the stays around."""
    row = 0
    while row < len(entries):
        entry = entries[row]
        if not _is_removed(entry) or shared_us(span_of(entry), span) < 0:
            row += 1
            continue
        first, last = row, row + 1
        while (
            first and _touch(entries[first - 1], entries[first]) and _is_removed(entries[first - 1])
        ):
            first -= 1
        while (
            last < len(entries)
            and _touch(entries[last - 1], entries[last])
            and _is_removed(entries[last])
        ):
            last += 1
        entries[first:last] = [replace(entries[first], ended_us=entries[last - 1].ended_us)]
        row = first + 1
        before, gone = entries[first - 1] if first else None, entries[first]
        after = entries[first + 1] if first + 1 < len(entries) else None
        if (
            isinstance(before, Stay) and isinstance(after, Stay)
            and _touch(before, gone) and _touch(gone, after) and _one_place(before, after)
        ):  # fmt: skip
            entries[first - 1 : first + 2] = [_one_stay(before, after)]
            row = first


def _is_removed(entry: Entry) -> bool:
    return isinstance(entry, Unknown) and entry.reason == REMOVED


def _touch(one: Entry, following: Entry) -> bool:
    return one.ended_us == following.started_us


def _one_place(one: Stay, other: Stay) -> bool:
    apart_m = distance_m(one.at.lat_deg, one.at.lon_deg, other.at.lat_deg, other.at.lon_deg)
    return apart_m <= max(SAME_PLACE_M, one.radius_m + other.radius_m)


def _one_stay(before: Stay, after: Stay) -> Stay:
    return replace(
        before,
        ended_us=after.ended_us,
        n_positions=before.n_positions + after.n_positions,
        place=before.place or after.place,
    )
