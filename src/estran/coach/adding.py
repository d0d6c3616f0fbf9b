"""Trips put where none was seen."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

import numpy as np

from estran.carbon import FactorSet, price_leg
from estran.coach.carving import carved, without
from estran.coach.checking import zone_of
from estran.coach.matching import over, span_of
from estran.coach.said import Correction, SaidLeg
from estran.geo.distance import distance_m
from estran.journal import Entry, Leg, Mark, Path, Place, Quality, Reason, Stay, Trip, Unknown

SAID = Reason("said", 1.0)
"""Why an added leg has its mode."""

FREE_SHARE = 0.5
"""An added trip is laid where at least half of its time is not taken by a trip."""

NEAR_M = 30_000.0
"""From farther than this nobody walks out of a stay into a trip, as with tickets: the stay
beside an added trip is then unknown time. [m]"""


def add(entries: list[Entry], said: Correction, factors: FactorSet) -> None:
    """Put a trip where none was seen: stays and unknown time make room, trips never do."""
    span = room_us(entries, said)
    if span is None:
        return
    whole = said.legs[0].start_us, said.legs[-1].end_us
    trip = _added(said, whole, span, factors)
    entries[:] = sorted([*carved(entries, [span]), trip], key=span_of)


def room_us(entries: Sequence[Entry], said: Correction) -> tuple[int, int] | None:
    """Give the longest time that no trip takes of that of an added one; None if too short."""
    if not said.legs:
        return None
    whole = said.legs[0].start_us, said.legs[-1].end_us
    taken = [
        span_of(entries[row]) for row in over(entries, *whole) if isinstance(entries[row], Trip)
    ]
    free = without([whole], sorted(taken))
    span = max(free, key=lambda one: one[1] - one[0], default=None)
    if span is None or span[1] - span[0] < FREE_SHARE * (whole[1] - whole[0]):
        return None
    return span


def _added(
    said: Correction, whole: tuple[int, int], span: tuple[int, int], factors: FactorSet
) -> Trip:
    """Make the trip; where it has less room than it took, its legs are shortened alike."""

    def moved_us(time_us: int) -> int:
        share = (time_us - whole[0]) / (whole[1] - whole[0])
        return span[0] + round(share * (span[1] - span[0]))

    legs = tuple(
        price_leg(_leg(leg, moved_us(leg.start_us), moved_us(leg.end_us)), factors=factors)
        for leg in said.legs
    )
    first, last = said.legs[0], said.legs[-1]
    return Trip(
        *span, zone_of(said), Place(*first.from_deg), Place(*last.to_deg), legs, Quality.DECLARED,
        said.purpose, None if said.purpose is None else 1.0, frozenset({Mark.ADDED}),
    )  # fmt: skip


def _leg(said: SaidLeg, start_us: int, end_us: int) -> Leg:
    straight_m = distance_m(*said.from_deg, *said.to_deg)
    lat_deg, lon_deg = np.array([said.from_deg, said.to_deg], np.float64).T
    return Leg(
        said.mode,
        start_us,
        end_us,
        straight_m if isnan(said.distance_m) else said.distance_m,
        Path(np.array([start_us, end_us], np.int64), lat_deg, lon_deg),
        ((said.mode, 1.0),),
        (SAID,),
        vehicle=said.vehicle,
        energy=said.energy,
        train_kind=said.train_kind,
        occupants=said.occupants,
        corrected=True,
    )


def settle(entries: list[Entry]) -> None:
    """Say that it is not known where one was beside an added trip that led far away.

    Once all is applied: the way back, added after the way there, makes the stay known.
    """
    for row, entry in enumerate(entries):
        if not isinstance(entry, Stay):
            continue
        before = entries[row - 1] if row else None
        after = entries[row + 1] if row + 1 < len(entries) else None
        if (
            isinstance(before, Trip) and before.ended_us == entry.started_us
            and Mark.ADDED in before.marks and _is_far(before.destination, entry.at)
        ) or (
            isinstance(after, Trip) and after.started_us == entry.ended_us
            and Mark.ADDED in after.marks and _is_far(after.origin, entry.at)
        ):  # fmt: skip
            entries[row] = Unknown(entry.started_us, entry.ended_us, entry.tz)


def _is_far(one: Place, other: Place) -> bool:
    return distance_m(one.lat_deg, one.lon_deg, other.lat_deg, other.lon_deg) > NEAR_M
