"""Analyse: from evidence to a journal. Only composition (docs/algorithms/analyse.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from estran import modes
from estran.carbon import FactorSet, price
from estran.clean import CleanSettings, cleaned
from estran.geo.distance import distance_m
from estran.geo.length import path_length_m
from estran.geo.simplify import simplified
from estran.geo.zones import zone_at
from estran.journal import (
    NO_PATH,
    Entry,
    Journal,
    Leg,
    MadeBy,
    Mode,
    Path,
    Place,
    Quality,
    Reason,
    Stay,
    Trip,
    Unknown,
)
from estran.modes import ModeSettings
from estran.segment import REASONS, STAY, TRIP, Segments, SegmentSettings, segment
from estran.segment.claims import told_distances_m
from estran.trace import Evidence, Trace

ALGORITHM = "estran-engine/1"
"""Changes when the same evidence and settings may give another journal."""


@dataclass(frozen=True, slots=True)
class AnalyseSettings:
    """Settings of all stages. ``docs/algorithms/analyse.md``."""

    clean: CleanSettings = field(default_factory=CleanSettings)
    segment: SegmentSettings = field(default_factory=SegmentSettings)
    modes: ModeSettings = field(default_factory=ModeSettings)
    path_m: float = 10.0
    """How far a drawn path may be from the fixes. A street's width."""
    sparse_s: float = 120.0
    """Fewer fixes than one in this long make a trip sparse."""
    gappy_s: float = 600.0
    """A longer silence inside a trip is a gap."""
    gappy_share: float = 0.25
    """A trip with more of its length or time in gaps is gappy."""

    def digest(self) -> str:
        """Name these settings by twelve hexadecimal digits."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Analysis:
    """A journal, and what was not used to make it."""

    journal: Journal
    dropped: tuple[tuple[str, int], ...]
    """How many fixes cleaning dropped, by reason."""


def analyse(
    evidence: Evidence,
    *,
    settings: AnalyseSettings = AnalyseSettings(),
    factors: FactorSet | None = None,
    tz: str | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> Journal:
    """Understand one person's evidence: see :func:`analyse_report`.

    Examples
    --------
    >>> analyse(Evidence()).entries
    ()
    """
    return analyse_report(
        evidence, settings=settings, factors=factors, tz=tz, on_progress=on_progress
    ).journal


def analyse_report(
    evidence: Evidence,
    *,
    settings: AnalyseSettings = AnalyseSettings(),
    factors: FactorSet | None = None,
    tz: str | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> Analysis:
    """Understand one person's evidence, and tell what was dropped.

    Parameters
    ----------
    evidence : Evidence
        All that the person brought.
    settings : AnalyseSettings
    factors : FactorSet, optional
        Prices every leg in CO2e when given.
    tz : str, optional
        Zone of all entries; by default the zone of the place.
    on_progress : callable, optional
        Called with the share done, 0 to 1, growing.

    Returns
    -------
    Analysis
        The same evidence and settings always give an equal one.
    """
    tell = on_progress or (lambda _share: None)
    tell(0.0)
    result = cleaned(evidence, settings=settings.clean)
    clear = result.evidence
    tell(0.3)
    segments = segment(
        clear.trace, clear.activities, clear.claims, clear.marks, settings=settings.segment
    )
    tell(0.5)
    trips = np.flatnonzero(segments.kind == TRIP)
    bounds = modes.TripBounds(
        first=segments.first[trips],
        last=segments.last[trips],
        start_us=segments.start_us[trips],
        end_us=segments.end_us[trips],
    )
    legs = (
        modes.legs(clear.trace, bounds, clear.activities, clear.claims, settings=settings.modes)
        if trips.size
        else None
    )
    tell(0.8)
    told_m = (
        np.empty(0) if legs is None else told_distances_m(clear.claims, legs.start_us, legs.end_us)
    )
    reasons = [] if legs is None else modes.reasons_of_all(legs)
    maker = _Maker(clear.trace, segments, legs, told_m, settings, tz, reasons)
    made_by = MadeBy(ALGORITHM, factors.name if factors else "", settings.digest())
    journal = Journal(tuple(maker.entries()), made_by)
    if factors is not None:
        journal = price(journal, factors=factors)
    tell(1.0)
    return Analysis(journal, result.dropped)


def _opens(segments: Segments, legs: modes.Legs | None) -> list[int]:
    """Give the first leg of each trip, and the number of legs at the end."""
    if legs is None:
        return [0]
    n_trips = int(np.count_nonzero(segments.kind == TRIP))
    opens: list[int] = np.searchsorted(legs.trip, np.arange(n_trips + 1)).tolist()
    return opens


@dataclass(slots=True)
class _Maker:
    """Makes journal entries of segments and legs."""

    trace: Trace
    segments: Segments
    legs: modes.Legs | None
    told_m: NDArray[np.float64]
    settings: AnalyseSettings
    tz: str | None
    reasons: list[tuple[Reason, ...]]

    def entries(self) -> Iterator[Entry]:
        """Make every entry, in time order."""
        s = self.segments
        opens = _opens(s, self.legs)
        trip = 0
        for row in range(len(s)):
            if s.kind[row] == STAY:
                yield self._stay(row)
            elif s.kind[row] == TRIP:
                yield self._trip(row, range(opens[trip], opens[trip + 1]))
                trip += 1
            else:
                start_us, end_us = int(s.start_us[row]), int(s.end_us[row])
                tz = self._zone(*self._end_of(row, -1))
                yield Unknown(start_us, end_us, tz, REASONS[s.reason[row]] or "gap")

    def _zone(self, lat_deg: float, lon_deg: float) -> str:
        return self.tz or ("UTC" if np.isnan(lat_deg) else zone_at(lat_deg, lon_deg))

    def _stay(self, row: int) -> Stay:
        s = self.segments
        lat_deg, lon_deg = float(s.lat_deg[row]), float(s.lon_deg[row])
        return Stay(
            int(s.start_us[row]),
            int(s.end_us[row]),
            self._zone(lat_deg, lon_deg),
            Place(lat_deg, lon_deg),
            float(s.radius_m[row]),
            n_positions=int(s.last[row] - s.first[row]),
        )

    def _end_of(self, row: int, side: int) -> tuple[float, float]:
        """Tell where a trip begins (side -1) or ends (+1): the stay beside it, or its fix."""
        s = self.segments
        beside = row + side
        touches = 0 <= beside < len(s) and (
            s.end_us[beside] == s.start_us[row] if side < 0 else s.start_us[beside] == s.end_us[row]
        )
        if touches and s.kind[beside] == STAY:
            return float(s.lat_deg[beside]), float(s.lon_deg[beside])
        if s.last[row] > s.first[row]:
            at = s.first[row] if side < 0 else s.last[row] - 1
        else:
            at = s.first[row] - 1 if side < 0 else s.first[row]
        if not 0 <= at < len(self.trace):
            return float("nan"), float("nan")
        return float(self.trace.lat_deg[at]), float(self.trace.lon_deg[at])

    def _trip(self, row: int, legs: range) -> Trip:
        s = self.segments
        origin, target = self._end_of(row, -1), self._end_of(row, 1)
        made = tuple(
            self._leg(
                leg,
                origin if leg == legs.start else None,
                target if leg == legs.stop - 1 else None,
            )
            for leg in legs
        )
        return Trip(
            int(s.start_us[row]),
            int(s.end_us[row]),
            self._zone(*origin),
            Place(*origin),
            Place(*target),
            made,
            self._quality(row, made),
        )

    def _leg(
        self, leg: int, origin: tuple[float, float] | None, target: tuple[float, float] | None
    ) -> Leg:
        legs, trace = self.legs, self.trace
        assert legs is not None  # noqa: S101 - a trip has legs
        mode = modes.MODES[legs.mode[leg]]
        start_us, end_us = int(legs.start_us[leg]), int(legs.end_us[leg])
        first, last = int(legs.first[leg]), int(legs.last[leg])
        # The step to the next leg's first fix belongs to this one, so that none is lost.
        reach = last if target is not None else min(last + 1, len(trace))
        time_us = np.clip(trace.time_us[first:reach], start_us, end_us)
        lat_deg, lon_deg = trace.lat_deg[first:reach], trace.lon_deg[first:reach]
        if origin is not None and not np.isnan(origin[0]):
            time_us = np.concatenate([[start_us], time_us])
            lat_deg = np.concatenate([[origin[0]], lat_deg])
            lon_deg = np.concatenate([[origin[1]], lon_deg])
        if target is not None and not np.isnan(target[0]):
            time_us = np.concatenate([time_us, [end_us]])
            lat_deg = np.concatenate([lat_deg, [target[0]]])
            lon_deg = np.concatenate([lon_deg, [target[1]]])
        rows = simplified(lat_deg, lon_deg, tolerance_m=self.settings.path_m)
        odds = legs.probability[leg]
        order = np.argsort(-odds, kind="stable")
        return Leg(
            mode,
            start_us,
            end_us,
            0.0 if mode is Mode.WAIT else self._distance_m(leg, lat_deg, lon_deg),
            path=Path(time_us[rows], lat_deg[rows], lon_deg[rows]) if rows.size else NO_PATH,
            probabilities=tuple((modes.MODES[k], float(odds[k])) for k in order if odds[k] > 0.0),
            reasons=self.reasons[leg],
            n_positions=last - first,
        )

    def _distance_m(
        self, leg: int, lat_deg: NDArray[np.float64], lon_deg: NDArray[np.float64]
    ) -> float:
        """Measure the path; where fixes are rare, a claim knows the bends between them."""
        length_m = path_length_m(lat_deg, lon_deg)
        told_m = float(self.told_m[leg])
        assert self.legs is not None  # noqa: S101 - a leg is one of them
        took_s = (self.legs.end_us[leg] - self.legs.start_us[leg]) / 1e6
        seen = int(self.legs.last[leg] - self.legs.first[leg])
        rare = took_s > self.settings.sparse_s * seen
        return max(length_m, told_m) if rare and not np.isnan(told_m) else length_m

    def _quality(self, row: int, legs: tuple[Leg, ...]) -> Quality:
        s, settings = self.segments, self.settings
        first, last = int(s.first[row]), int(s.last[row])
        start_us, end_us = int(s.start_us[row]), int(s.end_us[row])
        inside = last - first
        if inside <= 1 or s.reason[row]:
            return Quality.GUESSED
        lat_deg, lon_deg = self.trace.lat_deg[first:last], self.trace.lon_deg[first:last]
        step_us = np.diff(self.trace.time_us[first:last])
        gap_us = step_us[step_us > settings.gappy_s * 1e6]
        if gap_us.size:
            at = np.flatnonzero(step_us > settings.gappy_s * 1e6)
            gap_m = sum(
                distance_m(lat_deg[k], lon_deg[k], lat_deg[k + 1], lon_deg[k + 1]) for k in at
            )
            whole_m = sum(leg.distance_m for leg in legs)
            if (
                gap_us.sum() > settings.gappy_share * (end_us - start_us)
                or gap_m > settings.gappy_share * whole_m
            ):
                return Quality.GAPPY
        if (end_us - start_us) / 1e6 > settings.sparse_s * inside:
            return Quality.SPARSE
        return Quality.GOOD
