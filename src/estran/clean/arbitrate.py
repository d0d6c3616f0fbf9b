"""Several sources of one person: which one owns each stretch of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estran.clean._kernels import cut_pieces, paint
from estran.clean.carried import Course, carried
from estran.clean.settings import CleanSettings
from estran.geo.compiled import frozen
from estran.preference import NO_PREFERENCE, Preference, lifted, ranks
from estran.trace import Positions, Source, Stream

type_i64 = NDArray[np.int64]

MOVING_VALUE = 1000
"""Movement beats stillness, whatever the stream: the phone that moves was carried."""
STREAM_VALUE = 100
"""One rank of stream is worth less than two steps of density."""
DENSITY_VALUE = 60
ACCURACY_VALUE = 20
MOVING, CARRIED = 2, 1
"""How much a piece moves, beside 0: see :mod:`estran.clean.carried`."""
GOOD_STEP_S = 600.0
"""A preferred source must tell of movement at least this often to be believed before others:
half an hour on the way still has its corners."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Stretches of one source each, by start: equal-length arrays of what they are judged by.

    Parameters
    ----------
    start_us, end_us : int64 array, shape (n,)
    source : int64 array, shape (n,)
        Index into the sources.
    moves, rank, stream, density, is_accurate : int64 array, shape (n,)
        The higher the better: whether it moves (2), or came by moving to where it lies while
        another lies elsewhere (1), the person's own order (0 for none),
        the kind of stream, how dense (0-2), how accurate (0, 1).
    """

    start_us: type_i64
    end_us: type_i64
    source: type_i64
    moves: type_i64
    rank: type_i64
    stream: type_i64
    density: type_i64
    is_accurate: type_i64

    @property
    def value(self) -> type_i64:
        """Judge each piece by one number: movement first, then the order, then the rest."""
        most = int(self.rank.max()) if self.rank.size else 0
        chosen: type_i64 = self.moves * (most + 1) + self.rank
        return (
            MOVING_VALUE * chosen
            + STREAM_VALUE * self.stream
            + DENSITY_VALUE * self.density
            + ACCURACY_VALUE * self.is_accurate
        )


@dataclass(frozen=True, slots=True)
class Owners:
    """Who owns the time: ``source[k]`` owns ``[edges_us[k], edges_us[k + 1])``; -1 nobody.

    ``piece[k]`` is the row of ``pieces`` by which it does, -1 for none.
    """

    edges_us: type_i64
    source: type_i64
    piece: type_i64
    pieces: Pieces

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


type_judged = tuple[int, int, int, int, int]


def _judged(
    positions: Positions, first: int, last: int, source: _Judge, *, moves: bool
) -> type_judged:
    """Judge one piece: moves, rank, stream, density, accuracy."""
    n = last - first
    span_s = (positions.time_us[last - 1] - positions.time_us[first]) / 1e6
    step_s = span_s / (n - 1) if n > 1 else float("inf")
    density = 2 if step_s <= 60.0 else 1 if step_s <= 300.0 else 0  # noqa: PLR2004 - docs/algorithms/clean.md, step 5
    accuracy_m = positions.accuracy_m[first : last : max(1, n // 64)]
    median_m = float(np.nanmedian(accuracy_m)) if not np.isnan(accuracy_m).all() else float("nan")
    good = (
        source.rank > 0
        and n > 1
        and not median_m > source.coarse_m
        and (step_s <= GOOD_STEP_S or not moves)
    )
    counts = moves and (source.stream <= Stream.RAW or (good and source.is_lifted))
    return (
        MOVING * counts,
        source.rank if good else 0,
        Stream.DECLARED - source.stream,
        density,
        int(median_m <= 30.0),  # noqa: PLR2004 - same
    )


@dataclass(frozen=True, slots=True)
class _Judge:
    """What of a source its pieces are judged by."""

    stream: Stream
    rank: int
    is_lifted: bool
    coarse_m: float


def own(
    per_source: Sequence[tuple[int, Positions]],
    sources: Sequence[Source],
    *,
    settings: CleanSettings = CleanSettings(),  # noqa: B008 - a frozen value
    preference: Preference = NO_PREFERENCE,
) -> Owners:
    """Decide which source owns each stretch of time.

    Parameters
    ----------
    per_source : sequence of (source index, Positions)
        Each source's own fixes, in time order, cleaned.
    sources : sequence of Source
    settings : CleanSettings
    preference : Preference
        The person's own order, which goes before all but movement.

    Returns
    -------
    Owners
        Stretches in time order. Independent of the order of ``per_source`` when the
        source indexes are: equal values go to the lower index.
    """
    rank, above = ranks(preference, sources), lifted(preference, sources)
    rows: list[list[int]] = []
    courses: list[Course] = []
    recorded: list[list[list[int]]] = []
    for source, positions in per_source:
        stream = sources[source].stream
        judge = _Judge(stream, rank[source], above[source], settings.coarse_m)
        mine = _pieces_of(source, positions, judge, settings)
        if mine and stream <= Stream.RAW:
            courses.append(_course(positions, mine))
            recorded.append(mine)
        rows += mine
    for told, marked in zip(recorded, carried(courses, apart_m=settings.apart_m), strict=True):
        for row in np.flatnonzero(marked).tolist():
            told[row][_MOVES] = CARRIED
    rows.sort()
    table = np.array(rows, np.int64).reshape(-1, 8)
    column = [frozen(table[:, k].copy()) for k in range(8)]
    start_us, source_of, end_us = column[:3]
    pieces = Pieces(start_us, end_us, source_of, *column[3:])
    edges_us = frozen(np.unique(np.concatenate([start_us, end_us])))
    piece = paint(start_us, end_us, frozen(pieces.value), edges_us)
    return Owners(edges_us, np.where(piece >= 0, source_of[piece], -1), piece, pieces)


def _pieces_of(
    source: int, positions: Positions, judge: _Judge, settings: CleanSettings
) -> list[list[int]]:
    """Cut one source into pieces: start, source, end, and what each is judged by."""
    margin_us = round(settings.piece_margin_s * 1e6)
    gap_us = settings.piece_gap_s * 1e6
    time_us = positions.time_us
    first, moves = cut_pieces(
        time_us, positions.lat_deg, positions.lon_deg,
        gap_us, settings.piece_block_s * 1e6, settings.piece_move_m,
    )  # fmt: skip
    last = np.append(first[1:], time_us.size)
    rows: list[list[int]] = []
    for a, b, moving in zip(first.tolist(), last.tolist(), moves.tolist(), strict=True):
        joins_before = a > 0 and time_us[a] - time_us[a - 1] <= gap_us
        joins_after = b < time_us.size and time_us[b] - time_us[b - 1] <= gap_us
        start = int(time_us[a]) - (0 if joins_before else margin_us)
        end = int(time_us[b]) if joins_after else int(time_us[b - 1]) + margin_us + 1
        rows.append([start, source, end, *_judged(positions, a, b, judge, moves=moving)])
    return rows


_MOVES = 3
"""Where a row of :func:`_pieces_of` tells of movement."""


def _course(positions: Positions, pieces: list[list[int]]) -> Course:
    table = np.array(pieces, np.int64)
    start_us, end_us = table[:, 0], table[:, 2]
    first = np.searchsorted(positions.time_us, start_us)
    last = np.searchsorted(positions.time_us, end_us - 1, side="right") - 1
    middle = (first + last) // 2
    return Course(
        start_us, end_us, table[:, _MOVES] == MOVING,
        positions.lat_deg[middle], positions.lon_deg[middle],
    )  # fmt: skip
