"""Corrections: what a person said of a moment, kept apart and applied to every re-analysis.

A correction is a fact about an interval of time, not about a row: the next analysis may
move the borders of a leg, split it or merge it with others, and the correction still holds
for the time it was made for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import nan

from estran.carbon import FactorSet, price_leg
from estran.coach.cutting import cut
from estran.history import Said, said_of
from estran.journal import Journal, Leg, Mark, Mode, Purpose, Reason, Trip

SHARED_SHARE = 0.5
"""How much of the shorter of a leg and a correction they must have in common."""

BORDER_US = 180_000_000
"""How far a new analysis moves a border without meaning it: three minutes, the usual error
of borders in labelled data. Nothing shorter is cut off a leg."""

CORRECTED = Reason("corrected", 1.0)
"""Why a corrected leg has its mode."""


@dataclass(frozen=True, slots=True)
class SaidLeg:
    """A leg of a trip that a person adds: where unknown, the line between the ends."""

    mode: Mode
    start_us: int
    end_us: int
    from_deg: tuple[float, float]
    to_deg: tuple[float, float]
    """Latitude, longitude. [degrees]"""
    distance_m: float = nan
    vehicle: str = ""
    energy: str = ""
    train_kind: str = ""
    occupants: float = nan


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person said of a leg, a trip or a stay; only what its kind needs is there.

    Parameters
    ----------
    id : str
    start_us, end_us : int
        Borders of what it is about, as shown when it was said. [µs since 1970, UTC]
    made_at_us : int
        When it was said: of two about one thing, the later holds. [µs since 1970, UTC]
    mode : Mode or None
        Of kind ``"mode"``.
    kind : str
        ``"mode"``, ``"vehicle"`` (any of the four below it), ``"split"`` (a leg or a trip at
        ``at_us``), ``"distance"``, ``"path"`` are about a leg; ``"purpose"``, ``"mark"``,
        ``"times"``, ``"ends"`` about a trip; ``"merge"`` makes one trip of those inside;
        ``"delete"`` says that a trip was none; ``"add"`` puts one where none was seen.
        Kinds that this release does not know are left alone.
    source : str
        Who said it: ``"person"``.
    batch : str
        The same for all that was said by one press: taken back together.
    purpose : Purpose or None
    vehicle, energy, train_kind : str or None
        Keys of the factor table; None leaves it, ``""`` says that it is unknown.
    occupants : float or None
    at_us, new_start_us, new_end_us : int or None
        [µs since 1970, UTC]
    from_deg, to_deg : tuple of (float, float) or None
        New ends of a trip. [degrees]
    path_deg : tuple of (float, float)
        The way as drawn, from end to end. [degrees]
    distance_m : float or None
    mark : Mark or None
    is_set : bool
        Whether the mark is put or taken away.
    is_trip : bool
        A split makes two trips with a stay of no length between, not two legs of one.
    legs : tuple of SaidLeg
    tz : str
        Zone of an added trip.
    """

    id: str
    start_us: int
    end_us: int
    made_at_us: int
    mode: Mode | None = None
    kind: str = "mode"
    source: str = "person"
    batch: str = ""
    purpose: Purpose | None = None
    vehicle: str | None = None
    energy: str | None = None
    train_kind: str | None = None
    occupants: float | None = None
    at_us: int | None = None
    new_start_us: int | None = None
    new_end_us: int | None = None
    from_deg: tuple[float, float] | None = None
    to_deg: tuple[float, float] | None = None
    path_deg: tuple[tuple[float, float], ...] = ()
    distance_m: float | None = None
    mark: Mark | None = None
    is_set: bool = True
    is_trip: bool = False
    legs: tuple[SaidLeg, ...] = ()
    tz: str = ""


def apply(journal: Journal, corrections: Iterable[Correction], *, factors: FactorSet) -> Journal:
    """Apply corrections to a journal.

    Each goes to the leg with which it has the most time in common for their size (the
    intersection over the union), if that is at least half of the shorter of the two. A new
    analysis may have split that leg: other parts of the trip that lie in the correction
    and have the same mode follow. Or merged it into one over twice as long: then only the
    time that was corrected is cut out and changed.

    They are applied in the order in which they were made, whatever the order given; of
    those about one leg the last holds. Applying again those made of a journal's own legs
    changes nothing more.

    Parameters
    ----------
    journal : Journal
        As analysed; it is left as it is, so leaving a correction out undoes it.
    corrections : iterable of Correction
    factors : FactorSet
        Prices the corrected legs anew.

    Returns
    -------
    Journal
    """
    entries = list(journal.entries)
    rows = [row for row, entry in enumerate(entries) if isinstance(entry, Trip)]
    ends_us = [entries[row].ended_us for row in rows]
    changed = False
    for correction in _standing(corrections):
        found: tuple[float, int, Trip, int] | None = None
        for row in rows[bisect_left(ends_us, correction.start_us) :]:
            trip = entries[row]
            if not isinstance(trip, Trip) or trip.started_us > correction.end_us:
                break
            likeness_share, which = _most_alike(trip, correction)
            if likeness_share > (found[0] if found else 0.0):
                found = likeness_share, row, trip, which
        if found is not None:
            _, row, trip, which = found
            entries[row] = _said_of(trip, which, correction, factors)
            changed = True
    return replace(journal, entries=tuple(entries)) if changed else journal


def said_by(corrections: Iterable[Correction]) -> Said:
    """Give what corrections say of intervals, as evidence for similar trips.

    Of two that have at least half of the shorter in common, the later holds: a new analysis
    may have moved the borders of a leg between them.
    """
    rows = sorted(
        (correction.start_us, correction.end_us, rank, correction.mode)
        for rank, correction in enumerate(_standing(corrections))
        if correction.mode is not None
    )
    kept: list[tuple[int, int, int, Mode]] = []
    for row in rows:
        start_us, end_us, rank, _ = row
        over = [
            other for other in kept[-NEARBY_N:]
            if min(end_us, other[1]) - start_us
            >= SHARED_SHARE * max(min(end_us - start_us, other[1] - other[0]), 1)
        ]  # fmt: skip
        if any(other[2] > rank for other in over):
            continue
        for other in over:
            kept.remove(other)
        kept.append(row)
    return said_of((start_us, end_us, mode) for start_us, end_us, _, mode in kept)


NEARBY_N = 8
"""How many intervals before one are compared with it: legs follow each other."""


def _standing(corrections: Iterable[Correction]) -> list[Correction]:
    """Put corrections in order of making, without those that a later one takes back whole."""

    def made(correction: Correction) -> tuple[int, str]:
        return correction.made_at_us, correction.id

    last = {
        (correction.start_us, correction.end_us): correction
        for correction in sorted(corrections, key=made)
        if correction.kind == "mode" and correction.mode is not None
    }
    return sorted(last.values(), key=made)


def _most_alike(trip: Trip, correction: Correction) -> tuple[float, int]:
    """Find the leg of a trip that is most like a correction; 0 when none is."""
    shares = [_likeness_share(leg, correction) for leg in trip.legs]
    likeness_share = max(shares, default=0.0)
    return likeness_share, shares.index(likeness_share) if shares else 0


def _likeness_share(leg: Leg, correction: Correction) -> float:
    """Tell how alike two intervals are, 0 to 1; 0 when they share too little."""
    if (leg.started_us, leg.ended_us) == (correction.start_us, correction.end_us):
        return 1.0
    shared_us = _shared_us(leg, correction)
    shorter_us = min(leg.ended_us - leg.started_us, correction.end_us - correction.start_us)
    if shared_us <= 0 or shared_us < SHARED_SHARE * shorter_us:
        return 0.0
    union_us = max(leg.ended_us, correction.end_us) - min(leg.started_us, correction.start_us)
    return shared_us / union_us


def _shared_us(leg: Leg, correction: Correction) -> int:
    return min(leg.ended_us, correction.end_us) - max(leg.started_us, correction.start_us)


def _said_of(trip: Trip, which: int, correction: Correction, factors: FactorSet) -> Trip:
    """Correct a leg of a trip, and the other parts that a new analysis split from it."""
    mode = trip.legs[which].mode
    legs: list[Leg] = []
    for row, leg in enumerate(trip.legs):
        lies_inside = 2 * _shared_us(leg, correction) >= leg.ended_us - leg.started_us > 0
        if row == which:
            legs.extend(_cut_out(leg, correction, factors))
        elif leg.mode is mode and lies_inside:
            legs.append(_corrected(leg, correction.mode or leg.mode, factors))
        else:
            legs.append(leg)
    return replace(trip, legs=tuple(legs))


def _cut_out(leg: Leg, correction: Correction, factors: FactorSet) -> list[Leg]:
    """Correct a leg, or only the corrected time of one over twice as long."""
    before: list[Leg] = []
    after: list[Leg] = []
    if leg.ended_us - leg.started_us > 2 * (correction.end_us - correction.start_us):
        if correction.start_us - leg.started_us > BORDER_US:
            first, leg = cut(leg, correction.start_us)
            before = [price_leg(first, factors=factors)]
        if leg.ended_us - correction.end_us > BORDER_US:
            leg, last = cut(leg, correction.end_us)
            after = [price_leg(last, factors=factors)]
    return [*before, _corrected(leg, correction.mode or leg.mode, factors), *after]


def _corrected(leg: Leg, mode: Mode, factors: FactorSet) -> Leg:
    """Give a leg the mode a person says; what was known of another vehicle is forgotten."""
    told = (
        leg
        if leg.mode is mode
        else replace(leg, vehicle="", energy="", train_kind="", occupants=nan, shared=False)
    )
    others = tuple(reason for reason in leg.reasons if reason.code != CORRECTED.code)
    return price_leg(
        replace(
            told,
            mode=mode,
            probabilities=((mode, 1.0),),
            reasons=(CORRECTED, *others),
            corrected=True,
        ),
        factors=factors,
    )
