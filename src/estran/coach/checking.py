"""Whether what a person says can be, before it is kept: the journal is never made of nonsense."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import isfinite, isnan

from estran.coach.said import Correction
from estran.errors import (
    CorrectionBackwards,
    CorrectionDistance,
    CorrectionEmpty,
    CorrectionFuture,
    CorrectionLong,
    CorrectionOccupants,
    CorrectionOutside,
    CorrectionPlace,
)
from estran.geo.zones import zone_at
from estran.timebase import zone

LONGEST_US = 7 * 86_400_000_000
"""A trip that a person adds or moves lasts a week at most. [µs]"""

LONGEST_M = 41_000_000.0
"""Nothing said of one leg is longer than once around the globe. [m]"""

MOST_OCCUPANTS = 100
"""As many as a footprint is shared between (:mod:`estran.carbon.reckon`)."""

FIRST_US, LAST_US = 0, 4_102_444_800_000_000
"""1970 to 2100: nothing is said of other times. [µs since 1970, UTC]"""

MOST_POINTS = 10_000
"""A way drawn by hand has fewer points than this."""

LINE_N = 2
"""A line has two ends."""


def check(one: Correction) -> None:
    """Refuse what no trip can be.

    Raises
    ------
    ValueOutOfRange
        One of its kinds: each tells what is wrong in the words of its own code.
    ZoneUnknown
        The zone of an added trip is none.
    """
    if not _NEEDED.get(one.kind, _knows_nothing)(one):
        raise CorrectionEmpty
    _check_times(one)
    _check_legs(one)
    for distance_m in (one.distance_m, *(leg.distance_m for leg in one.legs)):
        if distance_m is not None and not (isnan(distance_m) or 0 <= distance_m <= LONGEST_M):
            raise CorrectionDistance
    if one.distance_m is not None and isnan(one.distance_m):
        raise CorrectionDistance
    for occupants in (one.occupants, *(leg.occupants for leg in one.legs)):
        if occupants is not None and not (isnan(occupants) or 1 <= occupants <= MOST_OCCUPANTS):
            raise CorrectionOccupants
    if not all(_is_place(place) for place in _places(one)) or len(one.path_deg) > MOST_POINTS:
        raise CorrectionPlace
    if one.tz:
        zone(one.tz)


def reach_us(one: Correction) -> tuple[int, int]:
    """Give the time that a correction may change. [µs since 1970, UTC]"""
    instants = [one.start_us, one.end_us, one.new_start_us, one.new_end_us]
    known = [at_us for at_us in instants if at_us is not None]
    return min(known), max(known)


def zone_of(one: Correction) -> str:
    """Give the zone of an added trip: that of its first place, where nobody named one."""
    return one.tz or (zone_at(*one.legs[0].from_deg) if one.legs else "")


def _knows_nothing(_one: Correction) -> bool:
    return False


_NEEDED: dict[str, Callable[[Correction], bool]] = {
    "mode": lambda one: one.mode is not None,
    "vehicle": lambda one: any(
        value is not None for value in (one.vehicle, one.energy, one.train_kind, one.occupants)
    ),
    "distance": lambda one: one.distance_m is not None,
    "path": lambda one: len(one.path_deg) >= LINE_N,
    "purpose": lambda _: True,  # None takes one away
    "mark": lambda one: one.mark is not None,
    "split": lambda one: one.at_us is not None,
    "merge": lambda one: one.end_us > one.start_us,
    "times": lambda one: (one.new_start_us, one.new_end_us) != (None, None),
    "ends": lambda one: (one.from_deg, one.to_deg) != (None, None),
    "delete": lambda _: True,
    "add": lambda one: bool(one.legs),
}
"""What each kind cannot do without."""


def _check_times(one: Correction) -> None:
    start_us, end_us = reach_us(one)
    new_start_us = one.start_us if one.new_start_us is None else one.new_start_us
    new_end_us = one.end_us if one.new_end_us is None else one.new_end_us
    is_moved = one.new_start_us is not None or one.new_end_us is not None
    if one.end_us < one.start_us or (is_moved and new_end_us <= new_start_us):
        raise CorrectionBackwards
    if not FIRST_US <= start_us <= end_us <= LAST_US:
        raise CorrectionFuture
    if one.kind in {"add", "times"} and end_us - start_us > LONGEST_US:
        raise CorrectionLong
    if one.kind == "split" and not one.start_us < (one.at_us or 0) < one.end_us:
        raise CorrectionOutside


def _check_legs(one: Correction) -> None:
    at_us = one.start_us
    for leg in one.legs:
        if leg.start_us < at_us or leg.end_us <= leg.start_us or leg.end_us > one.end_us:
            raise CorrectionBackwards
        at_us = leg.end_us


def _places(one: Correction) -> Iterator[tuple[float, float]]:
    for leg in one.legs:
        yield from (leg.from_deg, leg.to_deg)
    ends: Iterable[tuple[float, float] | None] = (one.from_deg, one.to_deg)
    yield from (place for place in ends if place is not None)
    yield from one.path_deg


def _is_place(place: tuple[float, float]) -> bool:
    lat_deg, lon_deg = place
    return isfinite(lat_deg) and isfinite(lon_deg) and abs(lat_deg) <= 90 and abs(lon_deg) <= 180  # noqa: PLR2004 - the globe
