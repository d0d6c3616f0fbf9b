"""What is remembered of a person's trips: ways, and the mode the person said of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from estran.history.said import Said
from estran.history.ways import SHARES, Track, Ways
from estran.trace import Trace
from estran.travel import Mode

MODES: tuple[Mode, ...] = tuple(Mode)

SEEN_SHARE = 0.5
"""How much of an interval the trace must cover for its way to be known."""

SILENT = frozenset({Mode.WAIT, Mode.UNKNOWN})
"""What says nothing of how a similar trip is travelled."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class History:
    """Remembered ways with their modes, in time order.

    Parameters
    ----------
    ways : Ways
    mode : int8 array, shape (n,)
        Index into :data:`MODES`.
    """

    ways: Ways
    mode: NDArray[np.int8]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.ways)

    def __repr__(self) -> str:
        """Tell the size only: a coordinate never enters a message."""
        return f"History(n={len(self)})"


_NONE = np.zeros(0, np.int64)
NO_HISTORY = History(
    Ways(_NONE, _NONE, np.zeros((0, SHARES.size)), np.zeros((0, SHARES.size)), np.zeros(0)),
    np.zeros(0, np.int8),
)


def remembered(trace: Trace, said: Said) -> History:
    """Look up the ways of what a person said.

    Parameters
    ----------
    trace : Trace
        Cleaned positions of the person.
    said : Said

    Returns
    -------
    History
        Without what lies mostly outside the trace. It depends on the positions and on what
        was said alone, never on what the engine made of either: an analysis cannot
        confirm itself.
    """
    if not len(trace) or not said.rows:
        return NO_HISTORY
    first_us, last_us = int(trace.time_us[0]), int(trace.time_us[-1])
    rows = [
        (start_us, end_us, MODES.index(mode))
        for start_us, end_us, mode in said.rows
        if mode not in SILENT
        and min(end_us, last_us) - max(start_us, first_us) >= SEEN_SHARE * (end_us - start_us)
    ]
    table = np.array(rows, np.int64).reshape(-1, 3)
    ways = Track.of(trace).ways(table[:, 0], table[:, 1])
    return History(ways, table[:, 2].astype(np.int8))


def united(parts: Iterable[History]) -> History:
    """Put histories together in time order; the same interval counts once, as told last."""
    kept = [part for part in parts if len(part)]
    if len(kept) < 2:  # noqa: PLR2004 - nothing to unite
        return kept[0] if kept else NO_HISTORY
    columns = (np.concatenate([getattr(p.ways, f.name) for p in kept]) for f in fields(Ways))
    ways, mode = Ways(*columns), np.concatenate([p.mode for p in kept])
    last = {
        span: row
        for row, span in enumerate(zip(ways.start_us.tolist(), ways.end_us.tolist(), strict=True))
    }
    index = np.array([last[span] for span in sorted(last)])
    return History(ways.take(index), mode[index])
