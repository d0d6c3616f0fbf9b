"""Segment: stays, trips, unknown time (docs/algorithms/segment.md)."""

from __future__ import annotations

from estran.segment.borders import Hints
from estran.segment.build import rows_of, settled, with_own_rows
from estran.segment.claims import woven
from estran.segment.links import between
from estran.segment.settings import SegmentSettings
from estran.segment.stills import found
from estran.segment.values import REASONS, STAY, TRIP, UNKNOWN, Segments
from estran.trace import Activities, Claims, Marks, Trace

__all__ = ["REASONS", "STAY", "TRIP", "UNKNOWN", "SegmentSettings", "Segments", "segment"]


def segment(
    trace: Trace,
    activities: Activities,
    claims: Claims,
    marks: Marks,
    *,
    settings: SegmentSettings = SegmentSettings(),  # noqa: B008 - a frozen value
) -> Segments:
    """Tell stays, trips and unknown time apart.

    Parameters
    ----------
    trace : Trace, shape (n,)
        One arbitrated trace, as :func:`estran.clean.clean` gives it.
    activities : Activities
    claims : Claims
    marks : Marks
        Evidence beside the fixes; each may be empty.
    settings : SegmentSettings

    Returns
    -------
    Segments
        In time order, without overlap.

    Examples
    --------
    >>> none = (Activities.empty(), Claims.empty(), Marks.empty())
    >>> len(segment(Trace.empty(), *none))
    0
    """
    claimed = woven(trace, claims, settings=settings)
    if len(claimed.trace) == 0:
        return Segments.of([])
    stills = found(claimed, settings=settings)
    links = between(claimed, stills, settings=settings)
    stills, links = settled(stills, links, settings=settings)
    hints = Hints.of(activities, marks)
    rows = rows_of(claimed.trace, stills, links, hints, settings=settings)
    return Segments.of(rows if claimed.trace is trace else with_own_rows(rows, trace))
