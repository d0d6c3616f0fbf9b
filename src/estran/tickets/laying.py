"""Lay stated journeys over a journal: beside a trace they become evidence, else a trip."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import nan

import numpy as np
from numpy.typing import NDArray

from estran.coach.carving import without
from estran.geo.distance import distance_m
from estran.geo.zones import zone_at
from estran.journal import Entry, Journal, Leg, Path, Place, Quality, Reason, Stay, Trip, Unknown
from estran.tickets import joining
from estran.tickets.evidence import EARLY_US, LATE_US, Seen, seen
from estran.tickets.reckoning import way_m
from estran.tickets.values import Journey
from estran.trace import Positions

FREE_SHARE = 0.5
"""A journey is laid where at least half of its time is not taken by another trip."""

NEAR_M = 30_000.0
"""From farther than this nobody walks out of a stay into a train: what lies between is
unknown time. [m]"""

NEAR_SHARE = 0.5
"""Nor from farther than half of the journey itself."""

THIN_N_POSITIONS = 2
"""A trip with no more fixes than this is proposed, not seen: a ticket knows better."""

LONGER_FACTOR = 1.5
"""A proposed trip that lasts over this much longer than the ticket gives way to it."""


class State(StrEnum):
    """What became of a stated journey."""

    JOINED = "joined"
    """A trip of the trace is this journey: one trip, two pieces of evidence."""
    DECLARED = "declared"
    """No trace tells of that time: it stands in the journal as declared."""
    DENIED = "denied"
    """The trace shows the person elsewhere: it is kept, and not counted."""
    TAKEN = "taken"
    """Another trip stands at that time already."""
    UNPLACED = "unplaced"
    """It is not known where it begins or ends, and no trip is at its time."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A journal with journeys in it, and what became of each, by its id."""

    journal: Journal
    states: dict[str, State] = field(default_factory=dict)


def laid(
    journal: Journal,
    journeys: Iterable[Journey],
    *,
    positions: Positions,
    rough: Positions | None = None,
) -> Laid:
    """Lay journeys over a journal.

    Parameters
    ----------
    journal : Journal
        As analysed.
    journeys : iterable of Journey
        Tickets come before what is regular, whatever the order given.
    positions : Positions
        What the journal was made of, in time order.
    rough : Positions, optional
        Of phone masts: they may deny a journey, and never make one.

    Returns
    -------
    Laid
        Legs that changed are without a price. The same twice changes nothing more.
    """
    entries = list(journal.entries)
    states: dict[str, State] = {}
    for journey in sorted(journeys, key=lambda j: (j.is_regular, j.start_us, j.id)):
        states[journey.id] = _lay(entries, journey, positions, rough)
    return Laid(replace(journal, entries=tuple(entries)), states)


def _lay(
    entries: list[Entry], journey: Journey, positions: Positions, rough: Positions | None
) -> State:
    """Lay one journey into the entries, in place."""
    told = seen(journey, positions)
    if told is Seen.NOTHING and rough is not None and seen(journey, rough) is Seen.ELSEWHERE:
        told = Seen.ELSEWHERE
    if told is Seen.ELSEWHERE:
        return State.DENIED
    is_seen = told is Seen.MOVED
    over = _over(entries, journey.start_us, journey.end_us)
    around = _over(entries, journey.start_us - EARLY_US, journey.end_us + LATE_US)
    for row in [*over, *(around if is_seen else ())]:
        trip = entries[row]
        if isinstance(trip, Trip) and not _gives_way(trip, journey):
            joined = joining.joined(trip, journey, is_seen=is_seen)
            if joined is not None:
                entries[row] = joined
                return State.JOINED
    if not journey.is_placed:
        return State.UNPLACED
    free = _free(entries, over, journey)
    if free is None or (journey.is_regular and (is_seen or free != _whole(journey))):
        return State.TAKEN
    _put(entries, _declared(journey, free), positions.time_us)
    return State.DECLARED


def _over(entries: Sequence[Entry], start_us: int, end_us: int) -> range:
    """Give the rows of the entries that have time in common with an interval."""
    first = bisect_right(entries, start_us, key=lambda e: e.ended_us)
    last = bisect_left(entries, end_us, key=lambda e: e.started_us)
    return range(first, max(first, last))


def _gives_way(trip: Trip, journey: Journey) -> bool:
    """Tell whether a trip was only proposed, and tells the time worse than the journey."""
    n_positions = sum(leg.n_positions for leg in trip.legs)
    took_us = journey.end_us - journey.start_us
    is_longer = trip.ended_us - trip.started_us > LONGER_FACTOR * took_us
    is_declared = trip.quality is Quality.DECLARED
    return n_positions <= THIN_N_POSITIONS and is_longer and journey.is_placed and not is_declared


def _free(entries: Sequence[Entry], over: range, journey: Journey) -> tuple[int, int] | None:
    """Give the longest part of a journey's time that no seen trip takes; None if too short."""
    taken = [
        (trip.started_us, trip.ended_us)
        for row in over
        if isinstance(trip := entries[row], Trip) and not _gives_way(trip, journey)
    ]
    free = without([(journey.start_us, journey.end_us)], taken)
    best = max(free, key=lambda span: span[1] - span[0], default=None)
    took_us = journey.end_us - journey.start_us
    return best if best and best[1] - best[0] >= FREE_SHARE * took_us > 0 else None


def _whole(journey: Journey) -> tuple[int, int]:
    return journey.start_us, journey.end_us


def _declared(journey: Journey, span: tuple[int, int]) -> Trip:
    """Make the trip of a journey that nothing else tells of."""
    origin, end = journey.origin, journey.destination
    path = Path(
        np.array(span, np.int64),
        *np.array([origin.at_deg, end.at_deg]).T,
    )
    leg = Leg(
        journey.mode, *span, way_m(journey), path, ((journey.mode, 1.0),),
        (Reason(joining.code_of(journey), 1.0),), 0,
        train_kind=journey.train_kind, occupants=float(journey.occupants or nan),
    )  # fmt: skip
    return Trip(
        *span, zone_at(*origin.at_deg),
        Place(*origin.at_deg), Place(*end.at_deg),
        (leg,), Quality.DECLARED,
    )  # fmt: skip


def _put(entries: list[Entry], trip: Trip, times_us: NDArray[np.int64]) -> None:
    """Put a declared trip among the entries: what was proposed there makes room."""
    over = _over(entries, trip.started_us, trip.ended_us)
    before: list[Entry] = []
    after: list[Entry] = []
    for row in over:
        entry = entries[row]
        if entry.started_us < trip.started_us:
            before += _before(entry, trip, times_us)
        if entry.ended_us > trip.ended_us:
            after += _after(entry, trip, times_us)
    entries[over.start : over.stop] = [*before, trip, *after]


def _reaches(stay: Stay, place: Place, trip: Trip) -> bool:
    """Tell whether one may have gone from a stay to an end of a trip without a word of it."""
    whole_m = distance_m(
        trip.origin.lat_deg, trip.origin.lon_deg, trip.destination.lat_deg, trip.destination.lon_deg
    )
    between_m = distance_m(stay.at.lat_deg, stay.at.lon_deg, place.lat_deg, place.lon_deg)
    return between_m <= min(NEAR_M, NEAR_SHARE * whole_m)


def _before(entry: Entry, trip: Trip, times_us: NDArray[np.int64]) -> list[Entry]:
    """Give what is left of an entry before a trip; unseen time far from it is unknown."""
    end_us = trip.started_us
    if isinstance(entry, Stay):
        if _reaches(entry, trip.origin, trip):
            return [replace(entry, ended_us=end_us)]
        k = int(np.searchsorted(times_us, end_us, "right")) - 1
        last_us = max(int(times_us[k]) if k >= 0 else entry.started_us, entry.started_us)
        stays = [replace(entry, ended_us=last_us)] if last_us > entry.started_us else []
        return [*stays, *_gap(last_us, end_us, entry.tz)]
    reason = entry.reason if isinstance(entry, Unknown) else "gap"
    return _gap(entry.started_us, end_us, entry.tz, reason)


def _after(entry: Entry, trip: Trip, times_us: NDArray[np.int64]) -> list[Entry]:
    """Give what is left of an entry after a trip."""
    start_us = trip.ended_us
    if isinstance(entry, Stay):
        if _reaches(entry, trip.destination, trip):
            return [replace(entry, started_us=start_us)]
        k = int(np.searchsorted(times_us, start_us, "left"))
        first_us = min(int(times_us[k]) if k < times_us.size else entry.ended_us, entry.ended_us)
        stays = [replace(entry, started_us=first_us)] if first_us < entry.ended_us else []
        return [*_gap(start_us, first_us, entry.tz), *stays]
    reason = entry.reason if isinstance(entry, Unknown) else "gap"
    return _gap(start_us, entry.ended_us, entry.tz, reason)


def _gap(start_us: int, end_us: int, tz: str, reason: str = "gap") -> list[Entry]:
    return [Unknown(start_us, end_us, tz, reason)] if end_us > start_us else []
