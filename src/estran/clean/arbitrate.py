"""Several sources of one person: which one owns each stretch of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estran.clean._kernels import cut_pieces, paint
from estran.clean.settings import CleanSettings
from estran.geo.compiled import frozen
from estran.trace import Positions, Source, Stream

type_i64 = NDArray[np.int64]

MOVING_VALUE = 1000
"""Movement beats stillness, whatever the stream: the phone that moves was carried."""
STREAM_VALUE = 100
"""One rank of stream is worth less than two steps of density."""
DENSITY_VALUE = 60
ACCURACY_VALUE = 20


@dataclass(frozen=True, slots=True)
class Owners:
    """Who owns the time: ``source[k]`` owns ``[edges_us[k], edges_us[k + 1])``; -1 nobody."""

    edges_us: type_i64
    source: type_i64

    def at(self, time_us: type_i64) -> type_i64:
        """Give the owner of each instant, -1 outside all pieces."""
        if self.source.size == 0:
            return np.full(time_us.size, -1, np.int64)
        stretch = np.searchsorted(self.edges_us, time_us, side="right") - 1
        inside = (stretch >= 0) & (stretch < self.source.size)
        owner: type_i64 = np.where(
            inside, self.source[np.clip(stretch, 0, self.source.size - 1)], -1
        )
        return owner


def _value(positions: Positions, first: int, last: int, moves: bool, stream: Stream) -> int:
    n = last - first
    span_s = (positions.time_us[last - 1] - positions.time_us[first]) / 1e6
    step_s = span_s / (n - 1) if n > 1 else float("inf")
    density = 2 if step_s <= 60.0 else 1 if step_s <= 300.0 else 0  # noqa: PLR2004 - docs/algorithms/clean.md, step 5
    accuracy_m = positions.accuracy_m[first : last : max(1, n // 64)]
    good = bool(np.nanmedian(accuracy_m) <= 30.0) if not np.isnan(accuracy_m).all() else False  # noqa: PLR2004 - same
    counts = moves and stream <= Stream.RAW
    return (
        MOVING_VALUE * counts
        + STREAM_VALUE * (Stream.DECLARED - stream)
        + DENSITY_VALUE * density
        + ACCURACY_VALUE * good
    )


def own(
    per_source: Sequence[tuple[int, Positions]],
    sources: Sequence[Source],
    *,
    settings: CleanSettings = CleanSettings(),  # noqa: B008 - a frozen value
) -> Owners:
    """Decide which source owns each stretch of time.

    Parameters
    ----------
    per_source : sequence of (source index, Positions)
        Each source's own fixes, in time order, cleaned.
    sources : sequence of Source
    settings : CleanSettings

    Returns
    -------
    Owners
        Stretches in time order. Independent of the order of ``per_source`` when the
        source indexes are: equal values go to the lower index.
    """
    margin_us = round(settings.piece_margin_s * 1e6)
    gap_us = settings.piece_gap_s * 1e6
    rows: list[tuple[int, int, int, int]] = []
    for source, positions in per_source:
        time_us = positions.time_us
        first, moves = cut_pieces(
            time_us, positions.lat_deg, positions.lon_deg,
            gap_us, settings.piece_block_s * 1e6, settings.piece_move_m,
        )  # fmt: skip
        last = np.append(first[1:], time_us.size)
        for a, b, moving in zip(first.tolist(), last.tolist(), moves.tolist(), strict=True):
            value = _value(positions, a, b, moving, sources[source].stream)
            joins_before = a > 0 and time_us[a] - time_us[a - 1] <= gap_us
            joins_after = b < time_us.size and time_us[b] - time_us[b - 1] <= gap_us
            start = int(time_us[a]) - (0 if joins_before else margin_us)
            end = int(time_us[b]) if joins_after else int(time_us[b - 1]) + margin_us + 1
            rows.append((start, source, end, value))
    rows.sort()
    table = np.array(rows, np.int64).reshape(-1, 4)
    starts_us, ends_us, values = (frozen(table[:, k].copy()) for k in (0, 2, 3))
    edges_us = frozen(np.unique(np.concatenate([starts_us, ends_us])))
    owner = paint(starts_us, ends_us, values, edges_us)
    return Owners(edges_us, np.where(owner >= 0, table[:, 1][owner], -1))
