"""Analyse: from evidence to a journal. Only composition (docs/algorithms/analyse.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from estran import modes
from estran.carbon import FactorSet, price
from estran.clean import NO_PREFERENCE, CleanSettings, Preference, cleaned
from estran.clean.arbitrate import Owners
from estran.entries import EntrySettings, Understood, entries_of
from estran.history import (
    NO_HISTORY,
    NOTHING_SAID,
    History,
    Recall,
    Said,
    remembered,
    united,
    with_history,
)
from estran.journal import Journal, MadeBy, Mode, Reason
from estran.modes import ModeSettings
from estran.modes.claims import said_to_provider
from estran.modes.told import as_told
from estran.network import LaidNetwork
from estran.segment import TRIP, KnownPlaces, SegmentSettings, segment
from estran.segment.claims import told_distances_m
from estran.segment.silences import explained
from estran.segment.trim import trimmed
from estran.trace import Evidence, Source

ALGORITHM = "estran-engine/1"
"""Changes when the same evidence and settings may give another journal."""


@dataclass(frozen=True, slots=True)
class AnalyseSettings:
    """Settings of all stages. ``docs/algorithms/analyse.md``."""

    clean: CleanSettings = field(default_factory=CleanSettings)
    segment: SegmentSettings = field(default_factory=SegmentSettings)
    modes: ModeSettings = field(default_factory=ModeSettings)
    entries: EntrySettings = field(default_factory=EntrySettings)

    def digest(self) -> str:
        """Name these settings by twelve hexadecimal digits."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the evidence; each part helps where it is there."""

    known: KnownPlaces = field(default_factory=KnownPlaces.none)
    """Where the person was at times that the evidence does not cover."""
    network: LaidNetwork | None = None
    """Lines and stops around, as the operator loaded them."""
    said: Said = NOTHING_SAID
    """What the person said of intervals: evidence for similar trips, not for those spoken of."""
    history: History = NO_HISTORY
    """What is remembered from evidence that was analysed before."""
    preference: Preference = NO_PREFERENCE
    """Which sources the person believes first, and which they do not want used."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """A journal, and what was not used to make it."""

    journal: Journal
    dropped: tuple[tuple[str, int], ...]
    """How many fixes cleaning dropped, by reason."""
    places: KnownPlaces = field(default_factory=KnownPlaces.none)
    """Where the person was, stops on the way included."""
    history: History = NO_HISTORY
    """All that is remembered now of what the person said."""
    owners: Owners | None = None
    """Which source owns each stretch of time; None where at most one has positions."""
    sources: tuple[Source, ...] = ()
    """The sources that ``owners`` names by their index."""


def analyse(  # noqa: PLR0913 - what may be given, by name
    evidence: Evidence,
    *,
    settings: AnalyseSettings = AnalyseSettings(),
    factors: FactorSet | None = None,
    tz: str | None = None,
    context: Context = Context(),
    on_progress: Callable[[float], None] | None = None,
) -> Journal:
    """Understand one person's evidence: see :func:`analyse_report`.

    Examples
    --------
    >>> analyse(Evidence()).entries
    ()
    """
    return analyse_report(
        evidence,
        settings=settings,
        factors=factors,
        tz=tz,
        context=context,
        on_progress=on_progress,
    ).journal


def analyse_report(  # noqa: PLR0913 - what may be given, by name
    evidence: Evidence,
    *,
    settings: AnalyseSettings = AnalyseSettings(),
    factors: FactorSet | None = None,
    tz: str | None = None,
    context: Context = Context(),
    on_progress: Callable[[float], None] | None = None,
) -> Analysis:
    """Understand one person's evidence, and tell what was dropped.

    Parameters
    ----------
    evidence : Evidence
        All that the person brought.
    settings : AnalyseSettings
    factors : FactorSet, optional
        Prices every leg in CO2e when given.
    tz : str, optional
        Zone of all entries; by default the zone of the place.
    context : Context
    on_progress : callable, optional
        Called with the share done, 0 to 1, growing.

    Returns
    -------
    Analysis
        The same evidence and settings always give an equal one.
    """
    tell = on_progress or (lambda _share: None)
    tell(0.0)
    result = cleaned(evidence, settings=settings.clean, preference=context.preference)
    clear = result.evidence
    tell(0.3)
    segments, places = segment(
        clear.trace, clear.activities, clear.claims, clear.marks,
        known=context.known, settings=settings.segment,
    )  # fmt: skip
    tell(0.5)
    trips = np.flatnonzero(segments.kind == TRIP)
    bounds = modes.TripBounds(
        first=segments.first[trips],
        last=segments.last[trips],
        start_us=segments.start_us[trips],
        end_us=segments.end_us[trips],
    )
    history = united(
        (
            context.history,
            remembered(clear.trace, context.said.over(said_to_provider(clear.claims))),
        )
    )
    recall = Recall(clear.trace, history) if len(history) else None
    legs = modes.legs(
        clear.trace, bounds, clear.activities, clear.claims,
        settings=settings.modes, network=context.network, history=recall,
    )  # fmt: skip
    legs = as_told(legs, clear.claims)
    segments, rows, trip = trimmed(
        segments, clear.trace, legs.trip, legs.start_us, legs.end_us,
        legs.mode == modes.MODES.index(Mode.WAIT), settings=settings.segment,
    )  # fmt: skip
    segments = explained(segments, clear.activities, clear.marks, settings=settings.segment)
    if rows.size < len(legs):
        legs = replace(legs.take(rows), trip=trip)
    tell(0.8)
    seen = Understood(
        clear.trace,
        segments,
        legs,
        told_distances_m(clear.claims, legs.start_us, legs.end_us),
        _reasons(legs, recall),
    )
    made_by = MadeBy(
        ALGORITHM,
        factors.name if factors else "",
        settings.digest(),
        context.network.digest if context.network else "",
        context.said.digest,
        context.preference.digest,
    )
    journal = Journal(tuple(entries_of(seen, settings=settings.entries, tz=tz)), made_by)
    if factors is not None:
        journal = price(journal, factors=factors)
    tell(1.0)
    return Analysis(journal, result.dropped, places, history, result.owners, clear.sources)


def _reasons(legs: modes.Legs, recall: Recall | None) -> list[tuple[Reason, ...]]:
    told = modes.reasons_of(legs)
    if recall is None:
        return told
    chosen = [modes.MODES[mode] for mode in legs.mode.tolist()]
    return with_history(told, recall.reasons(legs.start_us, legs.end_us, chosen))
