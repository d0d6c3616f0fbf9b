"""Corrections: what a person said of a moment, kept apart and applied to every re-analysis.

A correction is a fact about an interval of time, not about a row: the next analysis may
move the borders of a leg, split it or merge it with others, and the correction still holds
for the time it was made for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from math import nan

from estran.carbon import FactorSet, price_leg
from estran.coach import adding, attributes, borders, removing, structure
from estran.coach.cutting import cut
from estran.coach.matching import SHARED_SHARE, leg_like, shared_us
from estran.coach.said import Correction, SaidLeg
from estran.coach.structure import BORDER_US
from estran.history import Said, said_of
from estran.journal import Entry, Journal, Leg, Mode, Reason, Trip

__all__ = ["CORRECTED", "KINDS", "Correction", "SaidLeg", "apply", "said_by"]

CORRECTED = Reason("corrected", 1.0)
"""Why a corrected leg has its mode."""


def apply(journal: Journal, corrections: Iterable[Correction], *, factors: FactorSet) -> Journal:
    """Apply corrections to a journal.

    Each goes to the leg or the trip with which it has the most time in common for their
    size (the intersection over the union), if that is at least half of the shorter of the
    two. A new analysis may have split a leg whose mode was said: other parts of the trip
    that lie in the correction and have the same mode follow. Or merged it into one over
    twice as long: then only the time that was corrected is cut out and changed.

    They are applied in the order in which they were made, whatever the order given; of
    those about one thing the last holds. Applying again those made of a journal's own legs
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
    standing = _standing(corrections)
    for correction in standing:
        KINDS[correction.kind](entries, correction, factors)
    if any(correction.kind == "add" for correction in standing):
        adding.settle(entries)
    return replace(journal, entries=tuple(entries)) if standing else journal


def _say_mode(entries: list[Entry], correction: Correction, factors: FactorSet) -> None:
    found = leg_like(entries, (correction.start_us, correction.end_us))
    trip = entries[found[0]] if found else None
    if found and isinstance(trip, Trip):
        entries[found[0]] = _said_of(trip, found[1], correction, factors)


type_applied = Callable[[list[Entry], Correction, FactorSet], None]

KINDS: dict[str, type_applied] = {
    "mode": _say_mode,
    "vehicle": attributes.say_vehicle,
    "distance": attributes.say_distance,
    "path": attributes.say_path,
    "purpose": attributes.say_purpose,
    "mark": attributes.say_mark,
    "split": structure.split,
    "merge": structure.merge,
    "times": borders.move_times,
    "ends": borders.move_ends,
    "delete": removing.delete,
    "add": adding.add,
}
"""How each kind changes the entries, in place."""


def said_by(corrections: Iterable[Correction]) -> Said:
    """Give what corrections say of intervals, as evidence for similar trips.

    Of two that have at least half of the shorter in common, the later holds: a new analysis
    may have moved the borders of a leg between them.
    """
    rows = sorted(
        (correction.start_us, correction.end_us, rank, correction.mode)
        for rank, correction in enumerate(_standing(corrections))
        if correction.kind == "mode" and correction.mode is not None
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

    last: dict[tuple[object, ...], Correction] = {}
    for correction in sorted(corrections, key=made):
        if correction.kind not in KINDS or (correction.kind == "mode" and not correction.mode):
            continue
        key, whole = _in_place_of(correction, last)
        last.pop(key, None)
        last[key] = whole
    return list(last.values())


REPLACED = frozenset({"mode", "purpose", "distance", "path", "ends"})
"""Kinds of which a later one about exactly the same time replaces the earlier."""


def _in_place_of(
    one: Correction, last: Mapping[tuple[object, ...], Correction]
) -> tuple[tuple[object, ...], Correction]:
    """Give what a correction replaces, and what then holds.

    Times are moved from those of the analysis, not from those moved before: what was cut
    off by mistake is there again. An end keeps its place while the other is moved.
    """
    key: tuple[object, ...] = one.start_us, one.end_us, one.kind
    if one.kind == "ends" and (former := last.get(key)):
        from_deg, to_deg = one.from_deg or former.from_deg, one.to_deg or former.to_deg
        return key, replace(one, from_deg=from_deg, to_deg=to_deg)
    if one.kind == "times":
        for former_key, former in last.items():
            if former.kind == "times" and _new_times(former) == (one.start_us, one.end_us):
                start_us = one.new_start_us if one.new_start_us is not None else former.new_start_us
                end_us = one.new_end_us if one.new_end_us is not None else former.new_end_us
                return former_key, replace(
                    one, start_us=former.start_us, end_us=former.end_us,
                    new_start_us=start_us, new_end_us=end_us,
                )  # fmt: skip
    return (key if one.kind in REPLACED else (*key, one.id)), one


def _new_times(one: Correction) -> tuple[int, int]:
    start_us = one.start_us if one.new_start_us is None else one.new_start_us
    return start_us, one.end_us if one.new_end_us is None else one.new_end_us


def _said_of(trip: Trip, which: int, correction: Correction, factors: FactorSet) -> Trip:
    """Correct a leg of a trip, and the other parts that a new analysis split from it."""
    mode = trip.legs[which].mode
    legs: list[Leg] = []
    for row, leg in enumerate(trip.legs):
        lies_inside = (
            2 * shared_us((leg.started_us, leg.ended_us), (correction.start_us, correction.end_us))
            >= leg.ended_us - leg.started_us
            > 0
        )
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
