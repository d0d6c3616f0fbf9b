"""What a person said of intervals of time: facts, known without any position."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from estran.travel import Mode


@dataclass(frozen=True, slots=True)
class Said:
    """The mode of intervals, in time order, each interval once.

    Parameters
    ----------
    rows : tuple of (int, int, Mode)
        Start, end and mode. [µs since 1970, UTC]
    """

    rows: tuple[tuple[int, int, Mode], ...] = ()

    @property
    def digest(self) -> str:
        """Name all that was said by twelve hexadecimal digits; "" for nothing."""
        if not self.rows:
            return ""
        text = ";".join(f"{start_us},{end_us},{mode.value}" for start_us, end_us, mode in self.rows)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def over(self, others: Said) -> Said:
        """Put others beside these, but for those of a time that these speak of.

        Examples
        --------
        >>> mine, theirs = said_of([(0, 9, Mode.CAR)]), said_of([(8, 12, Mode.BUS)])
        >>> len(mine.over(theirs).rows)
        1
        """
        if not self.rows or not others.rows:
            return self if self.rows else others
        starts_us = [row[0] for row in self.rows]
        # What ends last among all that begins before: intervals may overlap each other.
        ends_us = list(accumulate((row[1] for row in self.rows), max))
        free = (
            (start_us, end_us, mode)
            for start_us, end_us, mode in others.rows
            if (n := bisect_left(starts_us, end_us)) == 0 or ends_us[n - 1] <= start_us
        )
        return said_of((*free, *self.rows))

    def __repr__(self) -> str:
        """Tell the size only: when somebody travelled never enters a message."""
        return f"Said(n={len(self.rows)})"


NOTHING_SAID = Said()


def said_of(rows: Iterable[tuple[int, int, Mode]]) -> Said:
    """Put statements in order; of those about the same interval the last given holds.

    Examples
    --------
    >>> len(said_of([(5, 9, Mode.CAR), (0, 3, Mode.BUS), (5, 9, Mode.BUS)]).rows)
    2
    """
    last = {(start_us, end_us): mode for start_us, end_us, mode in rows if end_us > start_us}
    return Said(tuple((*span, last[span]) for span in sorted(last)))
