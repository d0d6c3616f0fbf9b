"""Which segments of one file can come from one recorder, and which cannot."""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass, field

_LANE_LIMIT = 16
_SPAN_LIMIT = 20_000


@dataclass(slots=True)
class Lanes:
    """Gives each segment a lane such that no two of a lane overlap in time.

    One person's recorder writes one segment at a time, so overlapping segments are several
    recorders. A segment told twice shares the lane of its twin, where it is found a duplicate.

    Examples
    --------
    >>> lanes = Lanes()
    >>> [lanes.lane_of(*span) for span in [(0, 10), (10, 20), (5, 15), (30, 40), (0, 10)]]
    [0, 0, 1, 0, 0]
    """

    _spans: list[list[tuple[int, int]]] = field(default_factory=lambda: [[]])
    _n_spans: int = 0

    def lane_of(self, first_us: int, last_us: int) -> int:
        """Choose a lane for a segment and remember that the segment is there."""
        span = (first_us, last_us)
        for lane, spans in enumerate(self._spans):
            at = bisect_left(spans, span)
            if at < len(spans) and spans[at] == span:
                return lane
            if _free(spans, at, span):
                return self._put(lane, span)
        if len(self._spans) < _LANE_LIMIT:
            self._spans.append([])
            return self._put(len(self._spans) - 1, span)
        return 0

    def spans(self) -> list[tuple[int, int]]:
        """List the segments, in the order of time."""
        return sorted(span for spans in self._spans for span in spans)

    def _put(self, lane: int, span: tuple[int, int]) -> int:
        # A file of more segments than this is not worth more memory: it is one lane then.
        if self._n_spans < _SPAN_LIMIT:
            insort(self._spans[lane], span)
            self._n_spans += 1
        return lane


def _free(spans: list[tuple[int, int]], at: int, span: tuple[int, int]) -> bool:
    """Tell whether a span fits before the one at ``at``; touching ends do not overlap."""
    before = at == 0 or spans[at - 1][1] <= span[0]
    after = at == len(spans) or spans[at][0] >= span[1]
    return before and after
