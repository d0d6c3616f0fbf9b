"""Segment: stays, trips, unknown time (docs/algorithms/segment.md)."""

from __future__ import annotations

from estran.segment.borders import Hints
from estran.segment.build import rows_of, settled, with_own_rows
from estran.segment.claims import woven
from estran.segment.links import between
from estran.segment.settings import SegmentSettings
from estran.segment.stills import found, parted, places_of
from estran.segment.values import REASONS, STAY, TRIP, UNKNOWN, KnownPlaces, Segments
from estran.trace import Activities, Claims, Marks, Trace

__all__ = [
    "REASONS",
    "STAY",
    "TRIP",
    "UNKNOWN",
    "KnownPlaces",
    "SegmentSettings",
    "Segments",
    "segment",
]


def segment(  # noqa: PLR0913 - the kinds of evidence
    trace: Trace,
    activities: Activities,
    claims: Claims,
    marks: Marks,
    *,
    known: KnownPlaces | None = None,
    settings: SegmentSettings = SegmentSettings(),  # noqa: B008 - a frozen value
) -> tuple[Segments, KnownPlaces]:
    """Tell stays, trips and unknown time apart, and the places that were seen.

    Parameters
    ----------
    trace : Trace, shape (n,)
        One arbitrated trace, as :func:`estran.clean.clean` gives it.
    activities : Activities
    claims : Claims
    marks : Marks
        Evidence beside the fixes; each may be empty.
    known : KnownPlaces, optional
        Where the person was at other times: a short stay there is one, and no wait.
    settings : SegmentSettings

    Returns
    -------
    segments : Segments
        In time order, without overlap.
    places : KnownPlaces
        Where the person was in this evidence.

    Examples
    --------
    >>> none = (Activities.empty(), Claims.empty(), Marks.empty())
    >>> segments, places = segment(Trace.empty(), *none)
    >>> len(segments)
    0
    """
    claimed = woven(trace, claims, settings=settings)
    if len(claimed.trace) == 0:
        return Segments.of([]), KnownPlaces.none()
    known = known or KnownPlaces.none()
    part = parted(claimed, settings=settings)
    stills = found(claimed, part, settings=settings)
    links = between(claimed, stills, part, settings=settings)
    stills, links = settled(stills, links, settings=settings)
    hints = Hints.of(activities, marks)
    rows = rows_of(claimed.trace, stills, links, hints, known, settings=settings)
    rows = rows if claimed.trace is trace else with_own_rows(rows, trace)
    return Segments.of(rows), places_of(stills)
