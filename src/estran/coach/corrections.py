"""Corrections: what a person said of a moment, kept apart and applied to every re-analysis.

A correction is a fact about an interval of time, not about a row: the next analysis may
move the borders of a leg, and the correction still finds it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import nan

from estran.carbon import FactorSet, price_leg
from estran.journal import Entry, Journal, Leg, Mode, Reason, Trip

SHARED_SHARE = 0.5
"""How much of the shorter of a leg and a correction they must have in common."""

CORRECTED = Reason("corrected", 1.0)
"""Why a corrected leg has its mode."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person said of a leg.

    Parameters
    ----------
    id : str
    start_us, end_us : int
        Borders of the leg when it was corrected. [µs since 1970, UTC]
    mode : Mode
    made_at_us : int
        When it was said: of two about one leg, the later holds. [µs since 1970, UTC]
    kind : str
        ``"mode"``; kinds that this release does not know are left alone.
    source : str
        Who said it: ``"person"``.
    """

    id: str
    start_us: int
    end_us: int
    mode: Mode
    made_at_us: int
    kind: str = "mode"
    source: str = "person"


def apply(journal: Journal, corrections: Iterable[Correction], *, factors: FactorSet) -> Journal:
    """Apply corrections to a journal.

    Each goes to the leg with which it has the most time in common for their size (the
    intersection over the union), if that is at least half of the shorter of the two. They
    are applied in the order in which they were made, whatever the order given; of those
    about one leg the last holds. Applying twice changes nothing more.

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
    said: dict[tuple[int, int], Mode] = {}
    legs = _Legs(journal.entries)
    for correction in sorted(corrections, key=lambda c: (c.made_at_us, c.id)):
        found = legs.nearest(correction) if correction.kind == "mode" else None
        if found is not None:
            said[found] = correction.mode
    if not said:
        return journal
    entries = list(journal.entries)
    for (row, which), mode in said.items():
        trip = entries[row]
        assert isinstance(trip, Trip)  # noqa: S101 - only trips are looked up
        legs_now = list(trip.legs)
        legs_now[which] = _corrected(legs_now[which], mode, factors)
        entries[row] = replace(trip, legs=tuple(legs_now))
    return replace(journal, entries=tuple(entries))


def _corrected(leg: Leg, mode: Mode, factors: FactorSet) -> Leg:
    """Give a leg the mode a person says; what was known of another vehicle is forgotten."""
    told = leg if leg.mode is mode else replace(
        leg, vehicle="", energy="", train_kind="", occupants=nan, shared=False
    )  # fmt: skip
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


class _Legs:
    """The legs of a journal, to be found by time."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._rows = [
            (leg.started_us, leg.ended_us, (row, which))
            for row, trip in enumerate(entries)
            if isinstance(trip, Trip)
            for which, leg in enumerate(trip.legs)
        ]
        self._ends_us = [end_us for _, end_us, _ in self._rows]

    def nearest(self, correction: Correction) -> tuple[int, int] | None:
        """Find the leg that a correction is about; None when there is no such leg any more."""
        best: tuple[float, tuple[int, int]] | None = None
        at = bisect_left(self._ends_us, correction.start_us)
        while at < len(self._rows) and self._rows[at][0] <= correction.end_us:
            start_us, end_us, place = self._rows[at]
            likeness_share = _likeness_share(start_us, end_us, correction)
            if likeness_share > 0.0 and (best is None or likeness_share > best[0]):
                best = (likeness_share, place)
            at += 1
        return None if best is None else best[1]


def _likeness_share(start_us: int, end_us: int, correction: Correction) -> float:
    """Tell how alike two intervals are, 0 to 1; 0 when they share too little."""
    if (start_us, end_us) == (correction.start_us, correction.end_us):
        return 1.0
    shared_us = min(end_us, correction.end_us) - max(start_us, correction.start_us)
    shorter_us = min(end_us - start_us, correction.end_us - correction.start_us)
    if shared_us <= 0 or shared_us < SHARED_SHARE * shorter_us:
        return 0.0
    union_us = max(end_us, correction.end_us) - min(start_us, correction.start_us)
    return shared_us / union_us
