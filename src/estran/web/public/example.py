"""The example person: the same journal and dashboard, on a year that nobody lived."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from threading import Lock
from time import monotonic

from estran.coach.corrections import Correction
from estran.coach.facts import Facts, facts_of
from estran.coach.garage import EMPTY, Garage
from estran.coach.money import coster
from estran.coach.prices import prices
from estran.journal import Journal, Unknown
from estran.timebase import local_day
from estran.web.me.summing import corrected
from estran.web.public.keeping import YEAR, is_kept, kept_example, make_example

__all__ = ["BEST_DAY", "YEAR", "ExampleShelf"]

BEST_DAY = date(2025, 5, 16)
"""Where the example opens: a day that shows several modes."""

PATIENCE_S = 45.0
"""How long a page waits for a worker to make the example before it makes it itself. [s]"""

_making = Lock()
_asked_s: list[float] = []


@dataclass(frozen=True, slots=True)
class KnownExample:
    """The days of the example."""

    first: date
    last: date
    days: frozenset[date]


class ExampleShelf:
    """The example's journal, read as a person's own is.

    Parameters
    ----------
    said : tuple of Correction
        What this visitor said of it.
    """

    is_example = True

    def __init__(self, said: tuple[Correction, ...] = ()) -> None:
        self._said = said

    def journal(self, first: date, last: date) -> Journal:
        """Entries that overlap these days."""
        whole, starts, ends = _journal()
        rows = slice(bisect_left(ends, first), bisect_right(starts, last))
        return corrected(whole.entries[rows], self._said, whole.made_by)

    def known(self) -> KnownExample:
        """Which days are known."""
        return _known()

    def facts(self, first: date, last: date) -> Facts:
        """Rows of the days, from which every figure is summed."""
        if self._said:
            entries = self.journal(first, last).entries
            return facts_of(entries, first, last, costs=coster(EMPTY, prices()))
        return _facts().between(first, last)

    def passes_eur(self, _first: date, _last: date) -> float:
        """Nothing: the example has no pass."""
        return 0.0

    def corrections(self) -> Sequence[tuple[str, int, int]]:
        """Id, start and end of what this visitor said."""
        return [(c.id, c.start_us, c.end_us) for c in self._said]

    def garage(self) -> Garage:
        """Nobody said what they travel with."""
        return EMPTY

    def told(self, _day: date) -> None:
        """Nothing: the example has no sources."""


def is_ready() -> bool:
    """Tell whether the example can be shown at once.

    A worker makes it when the site first starts. Where none does, the page that asks after
    :data:`PATIENCE_S` makes it.
    """
    if _make.cache_info().currsize or is_kept():
        return True
    _asked_s.append(monotonic())
    return _asked_s[-1] - _asked_s[0] > PATIENCE_S


def _journal() -> tuple[Journal, list[date], list[date]]:
    """Give the year's journal with the first and last day of each entry; made once."""
    with _making:
        return _make()


@lru_cache(maxsize=1)
def _make() -> tuple[Journal, list[date], list[date]]:
    journal = kept_example() or make_example()
    starts = [local_day(e.started_us, e.tz) for e in journal.entries]
    ends = [local_day(e.ended_us - 1, e.tz) for e in journal.entries]
    return journal, starts, ends


@lru_cache(maxsize=1)
def _known() -> KnownExample:
    journal, starts, ends = _journal()
    days = frozenset(
        first + timedelta(days=n)
        for entry, first, last in zip(journal.entries, starts, ends, strict=True)
        if not isinstance(entry, Unknown)
        for n in range((last - first).days + 1)
    )
    return KnownExample(min(days), max(days), days)


@lru_cache(maxsize=1)
def _facts() -> Facts:
    known = _known()
    costs = coster(EMPTY, prices())
    return facts_of(_journal()[0].entries, known.first, known.last, costs=costs)
