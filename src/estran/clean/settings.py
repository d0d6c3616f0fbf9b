"""What cleaning is told: thresholds, each with its reason (docs/algorithms/clean.md)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CleanSettings:
    """Thresholds of cleaning. Reasons and sources: ``docs/algorithms/clean.md``."""

    earliest_us: int = 883_612_800_000_000
    """1998: nobody carried a tracker before. [µs since 1970]"""
    latest_us: int = 4_102_444_800_000_000
    """2100: a clock that says more is wrong. [µs since 1970]"""
    apple_earliest_us: int = 631_152_000_000_000
    """1990: from here to ``earliest_us`` an instant was counted from 2001."""
    apple_shift_us: int = 978_307_200_000_000
    """From 1970 to 2001. [µs]"""
    zero_island_deg: float = 0.001
    """Closer to (0, 0) is a receiver's blank, not the Gulf of Guinea."""
    repeat_s: float = 0.5
    """Fixes of one source closer in time are one; trackers write at most one a second."""
    coarse_m: float = 100.0
    """A worse fix is judged against what is around; usual cut of peers."""
    coarse_near_s: float = 120.0
    """A better fix this close says all that a coarse one could."""
    jump_speed_mps: float = 70.0
    """250 km/h: over it a step is suspect until it proves not to come back."""
    jump_slack_m: float = 100.0
    """Shorter steps are noise, not jumps."""
    jump_fixes: int = 30
    """How many fixes an excursion may last."""
    jump_s: float = 900.0
    """How long an excursion may last."""
    bounce_speed_mps: float = 8.0
    """Out and back faster than this, seen by one to three fixes, is a cell flap."""
    bounce_s: float = 360.0
    """How long out and back may take."""
    leap_speed_mps: float = 2.5
    """A still phone that is elsewhere and back in single steps faster than anybody walks
    believed a router or a cell, when it was at one spot there and none was seen between."""
    leap_s: float = 420.0
    """How long it may be there: longer is an errand."""
    spike_m: float = 30.0
    """Shortest spike worth removing from a dense trace; consumer GPS is within 5-10 m."""
    spike_s: float = 15.0
    """A spike lasts less."""
    frozen_m: float = 500.0
    """A receiver that froze shows it by a jump longer than this when it thaws."""
    stale_m: float = 100.0
    """How far its neighbours are from a position repeated out of turn."""
    piece_gap_s: float = 900.0
    """A longer silence ends a piece; another source may fill it."""
    piece_block_s: float = 300.0
    """Stillness and movement of a source are told in blocks this long."""
    piece_move_m: float = 400.0
    """A block that spans more moves; twice the usual wander indoors."""
    piece_margin_s: float = 90.0
    """A piece keeps others off this long before and after it."""
    apart_m: float = 1000.0
    """Still devices this far apart are at two places: well over the wander of a cell fix."""
