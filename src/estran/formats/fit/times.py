"""When the records of a block were written: whole timestamps, and offsets from them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from estran.formats.fit.framing import Rows
from estran.formats.fit.profile import UNKNOWN
from estran.trace import type_bool, type_i64

UNTOLD = -1
"""Stands for a time that is not told."""

_COMPRESSED = 0x80
_OFFSET = 0x1F


@dataclass(slots=True)
class Clock:
    """Reads the times of records; remembers the last one from block to block.

    An offset is the lowest five bits of a time: it goes on from the last time told, of
    whatever kind of record, and passes 31 at most once between two.
    """

    last_s: int = UNTOLD

    def times(self, block: bytes, met: list[Rows], read: list[NDArray[np.void]]) -> list[type_i64]:
        """Give the FIT seconds of each group of records, :data:`UNTOLD` where there are none."""
        places = [rows.places() for rows in met]
        heads = np.frombuffer(block, dtype=np.uint8)
        told = [_told(columns) for columns in read]
        offset = [(heads[at] & _COMPRESSED).astype(bool) for at in places]
        if any(each.any() for each in offset):
            return self._followed(heads, places, told, offset)
        lasts = [(int(at[-1]), int(at_s[-1])) for at, at_s in zip(places, told, strict=True)]
        lasts = [last for last in lasts if last[1] != UNTOLD]
        self.last_s = max(lasts)[1] if lasts else self.last_s
        return told

    def _followed(
        self,
        heads: NDArray[np.uint8],
        places: list[type_i64],
        told: list[type_i64],
        offset: list[type_bool],
    ) -> list[type_i64]:
        """Let each offset go on from the time before it, over all groups in file order."""
        place = np.concatenate(places)
        order = np.argsort(place)
        by_offset = np.concatenate(offset)[order]
        time_s = np.concatenate(told)[order]
        counts = by_offset | (time_s != UNTOLD)
        low = np.where(by_offset, heads[place[order]] & _OFFSET, time_s & _OFFSET)[counts]
        whole = ~by_offset[counts]
        steps = np.diff(low, prepend=max(self.last_s, 0) & _OFFSET) & _OFFSET
        gone = np.cumsum(np.where(whole, 0, steps))
        base = np.maximum.accumulate(np.where(whole, np.arange(whole.size), -1))
        base_s = np.where(base >= 0, time_s[counts][base], self.last_s)
        since = gone - np.where(base >= 0, gone[base], 0)
        followed = np.full(place.size, UNTOLD, dtype=np.int64)
        followed[counts] = np.where(base_s == UNTOLD, UNTOLD, base_s + since)
        self.last_s = int(followed[counts][-1])
        out = np.empty_like(followed)
        out[order] = followed
        bounds = np.cumsum([0, *(at.size for at in places)]).tolist()
        return [out[a:b] for a, b in pairwise(bounds)]


def _told(columns: NDArray[np.void]) -> type_i64:
    if "timestamp" not in (columns.dtype.names or ()):
        return np.full(columns.size, UNTOLD, dtype=np.int64)
    time_s = columns["timestamp"].astype(np.int64)
    return np.where(time_s == UNKNOWN["u4"], UNTOLD, time_s)
