"""From segments and legs to the entries of a journal (docs/algorithms/analyse.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from estran.geo.distance import distances_m
from estran.geo.lines import Lines, Pieces, drawn
from estran.geo.zones import zone_at
from estran.journal import (
    NO_PATH,
    Entry,
    Leg,
    Mode,
    Path,
    Place,
    Quality,
    Reason,
    Stay,
    Trip,
    Unknown,
)
from estran.modes import MODES, Legs
from estran.segment import REASONS, STAY, TRIP, Segments
from estran.trace import Trace

type_f64 = NDArray[np.float64]

LEAST_PROBABILITY_SHARE = 0.001
"""A mode less probable than this is no candidate, and is not kept with the leg."""

_QUALITIES = tuple(Quality)


@dataclass(frozen=True, slots=True)
class EntrySettings:
    """How entries are drawn and judged."""

    path_m: float = 10.0
    """How far a drawn path may be from the fixes. A street's width."""
    sparse_s: float = 120.0
    """Fewer fixes than one in this long make a trip sparse."""
    gappy_s: float = 600.0
    """A longer silence inside a trip is a gap."""
    gappy_share: float = 0.25
    """A trip with more of its length or time in gaps is gappy."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What the stages found, all of one person and time.

    Parameters
    ----------
    trace : Trace
        Cleaned.
    segments : Segments
    legs : Legs
        Of the trips among the segments, in their order.
    told_m : float64 array, shape (n_legs,)
        How far a claim says that each leg goes; NaN when none does. [m]
    reasons : sequence of tuple of Reason, length n_legs
    """

    trace: Trace
    segments: Segments
    legs: Legs
    told_m: type_f64
    reasons: Sequence[tuple[Reason, ...]]


def entries_of(seen: Understood, *, settings: EntrySettings, tz: str | None) -> Iterator[Entry]:
    """Make every entry, in time order.

    Parameters
    ----------
    seen : Understood
    settings : EntrySettings
    tz : str or None
        Zone of all entries; by default the zone of the place.
    """
    s = seen.segments
    trips = np.flatnonzero(s.kind == TRIP)
    origin, target = _ends(seen.trace, s, -1), _ends(seen.trace, s, 1)
    legs, distance_m = _legs(seen, (origin[:, trips], target[:, trips]), settings)
    quality = iter(_qualities(seen, trips, distance_m, settings))
    opens = np.searchsorted(seen.legs.trip, np.arange(trips.size + 1)).tolist()
    rows = zip(
        s.kind.tolist(), s.start_us.tolist(), s.end_us.tolist(), s.reason.tolist(),
        zip(s.lat_deg.tolist(), s.lon_deg.tolist(), strict=True), s.radius_m.tolist(),
        (s.last - s.first).tolist(), origin.T.tolist(), target.T.tolist(), strict=True,
    )  # fmt: skip
    trip = 0
    for kind, start_us, end_us, reason, at, radius_m, n_positions, begins, ends in rows:
        if kind == STAY:
            zone = _zone(at, tz)
            yield Stay(start_us, end_us, zone, Place(*at), radius_m, n_positions=n_positions)
        elif kind == TRIP:
            own = tuple(legs[opens[trip] : opens[trip + 1]])
            places = Place(*begins), Place(*ends)
            yield Trip(start_us, end_us, _zone(begins, tz), *places, own, next(quality))
            trip += 1
        else:
            yield Unknown(start_us, end_us, _zone(begins, tz), REASONS[reason] or "gap")


def _zone(at: Sequence[float], tz: str | None) -> str:
    lat_deg, lon_deg = at
    return tz or ("UTC" if lat_deg != lat_deg else zone_at(lat_deg, lon_deg))  # noqa: PLR0124 - NaN


def _ends(trace: Trace, s: Segments, side: int) -> type_f64:
    """Tell where segments begin (side -1) or end (+1): the stay beside them, or their fix.

    Returns latitudes and longitudes, shape (2, n); NaN where nothing is known.
    """
    row = np.arange(len(s))
    beside = np.clip(row + side, 0, max(len(s) - 1, 0))
    if side < 0:
        touches = (row > 0) & (s.end_us[beside] == s.start_us)
        at = np.where(s.last > s.first, s.first, s.first - 1)
    else:
        touches = (row < len(s) - 1) & (s.start_us[beside] == s.end_us)
        at = np.where(s.last > s.first, s.last - 1, s.first)
    out = np.full((2, len(s)), np.nan)
    inside = (at >= 0) & (at < len(trace))
    out[0, inside], out[1, inside] = trace.lat_deg[at[inside]], trace.lon_deg[at[inside]]
    stays = touches & (s.kind[beside] == STAY)
    out[0, stays], out[1, stays] = s.lat_deg[beside[stays]], s.lon_deg[beside[stays]]
    return out


def _legs(
    seen: Understood, ends: tuple[type_f64, type_f64], settings: EntrySettings
) -> tuple[list[Leg], type_f64]:
    """Make all legs, and tell their distances; ``ends`` are those of trips. [m]"""
    legs = seen.legs
    lines = _lines(seen, ends, settings)
    distance_m = _distances_m(seen, lines, settings)
    order = np.argsort(-legs.probability, axis=1, kind="stable")
    odds = np.take_along_axis(legs.probability.astype(np.float64), order, axis=1)
    odds[odds < LEAST_PROBABILITY_SHARE] = 0.0
    odds /= odds.sum(axis=1, keepdims=True)
    rows = zip(
        legs.mode.tolist(), legs.start_us.tolist(), legs.end_us.tolist(), distance_m.tolist(),
        lines.offset[:-1].tolist(), lines.offset[1:].tolist(), order.tolist(), odds.tolist(),
        (odds > 0.0).sum(axis=1).tolist(), (legs.last - legs.first).tolist(), seen.reasons,
        strict=True,
    )  # fmt: skip
    made = [
        Leg(
            MODES[mode], start_us, end_us, length_m,
            Path(lines.time_us[a:b], lines.lat_deg[a:b], lines.lon_deg[a:b]) if b > a else NO_PATH,
            tuple(zip((MODES[k] for k in best[:n]), shares[:n], strict=True)),
            _as_long_as_shown(reasons, length_m), n_positions,
        )
        for mode, start_us, end_us, length_m, a, b, best, shares, n, n_positions, reasons in rows
    ]  # fmt: skip
    return made, distance_m


def _as_long_as_shown(reasons: tuple[Reason, ...], length_m: float) -> tuple[Reason, ...]:
    """Tell the length that the leg has, not the one that the mode was judged by."""
    length = (("distance_km", round(length_m / 1000, 1)),)
    return tuple(replace(r, params=length) if r.code == "distance" else r for r in reasons)


def _lines(seen: Understood, ends: tuple[type_f64, type_f64], settings: EntrySettings) -> Lines:
    legs, trace, trip = seen.legs, seen.trace, seen.legs.trip
    opens = np.diff(trip, prepend=-1) != 0
    closes = np.diff(trip, append=-1) != 0
    head, tail = (
        np.where(here, end[:, trip], np.nan)
        for here, end in zip((opens, closes), ends, strict=True)
    )
    # The step to the next leg's first fix belongs to this one, so that none is lost.
    last = np.where(closes, legs.last, np.minimum(legs.last + 1, len(trace)))
    return drawn(
        trace.time_us, trace.lat_deg, trace.lon_deg,
        Pieces(legs.first, last, legs.start_us, legs.end_us, *head, *tail),
        tolerance_m=settings.path_m,
    )  # fmt: skip


def _distances_m(seen: Understood, lines: Lines, settings: EntrySettings) -> type_f64:
    """Measure the paths; where fixes are rare, a claim knows the bends between them."""
    legs = seen.legs
    took_s = (legs.end_us - legs.start_us) / 1e6
    rare = took_s > settings.sparse_s * (legs.last - legs.first)
    told = rare & ~np.isnan(seen.told_m)
    length_m = np.where(told, np.fmax(lines.length_m, seen.told_m), lines.length_m)
    return np.where(legs.mode == MODES.index(Mode.WAIT), 0.0, length_m)


def _qualities(
    seen: Understood, trips: NDArray[np.intp], distance_m: type_f64, settings: EntrySettings
) -> list[Quality]:
    """Tell how well each trip was seen."""
    s, trace = seen.segments, seen.trace
    first, last = s.first[trips], s.last[trips]
    inside, took_us = last - first, s.end_us[trips] - s.start_us[trips]
    step_us = np.diff(trace.time_us)
    gaps = np.flatnonzero(step_us > settings.gappy_s * 1e6)
    far_m = distances_m(
        trace.lat_deg[gaps], trace.lon_deg[gaps], trace.lat_deg[gaps + 1], trace.lon_deg[gaps + 1]
    )
    a, b = np.searchsorted(gaps, first), np.searchsorted(gaps, np.maximum(last - 1, first))
    gap_us = _sums_between(step_us[gaps].astype(np.float64), a, b)
    gap_m = _sums_between(far_m, a, b)
    whole_m = np.bincount(seen.legs.trip, weights=distance_m, minlength=trips.size)
    gappy = (gap_us > settings.gappy_share * took_us) | (gap_m > settings.gappy_share * whole_m)
    out = np.full(trips.size, _QUALITIES.index(Quality.GOOD))
    out[took_us / 1e6 > settings.sparse_s * inside] = _QUALITIES.index(Quality.SPARSE)
    out[(b > a) & gappy] = _QUALITIES.index(Quality.GAPPY)
    out[(inside <= 1) | (s.reason[trips] != 0)] = _QUALITIES.index(Quality.GUESSED)
    return [_QUALITIES[code] for code in out.tolist()]


def _sums_between(values: type_f64, a: NDArray[np.intp], b: NDArray[np.intp]) -> type_f64:
    """Sum each run ``a:b`` of values."""
    running = np.concatenate([[0.0], np.cumsum(values)])
    sums: type_f64 = running[b] - running[a]
    return sums
