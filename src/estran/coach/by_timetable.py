"""Usual trips by the timetable: what alternatives ask, asked around the usual hour."""

from __future__ import annotations

from estran.coach.alternatives import Asked, Ridden, type_timetable
from estran.geo.distance import distance_m
from estran.journal import Mode, Place
from estran.network.scanning import (
    BIKE_REACH_M,
    STREET_DETOUR,
    WALK_MPS,
    WALK_REACH_M,
    Ends,
    Journey,
    LaidTimetable,
    scan,
    stops_near,
)

AROUND_S = (-1800.0, -900.0, 0.0, 900.0, 1800.0)
"""Leaving so much before or after the usual hour: services a quarter of an hour apart."""

KNOWN_M = 5000.0
"""Ends farther than this from any stop are out of what the timetable knows."""

FIRST_S = 5 * 3600.0
LATEST_WAIT_S = 3600.0
"""A journey that begins later than this does not serve the hour."""

TRAINS = frozenset({Mode.TRAIN})
"""What takes bicycles along."""


def asker(laid: LaidTimetable) -> type_timetable:
    """Make what answers alternatives by a timetable."""
    return lambda asked: _answer(laid, asked)


def _answer(laid: LaidTimetable, asked: Asked) -> Ridden | str:
    reach_m = BIKE_REACH_M if asked.by_bike else WALK_REACH_M
    board, alight = (_near(laid, one, reach_m) for one in (asked.origin, asked.destination))
    if not board or not alight:
        known = all(_near(laid, one, KNOWN_M) for one in (asked.origin, asked.destination))
        return "no-line" if known else ""
    ends = Ends(board, alight, Mode.BIKE if asked.by_bike else Mode.WALK)
    only = TRAINS if asked.by_bike else frozenset()
    usual_s = asked.starts_h * 3600.0
    made = []
    for shift_s in AROUND_S:
        from_s = max(0.0, usual_s + shift_s)
        one = scan(laid, ends, asked.weekday, from_s, only)
        if one is not None and one.starts_s - from_s <= LATEST_WAIT_S:
            made.append(one)
    if not made:
        starts_s = [FIRST_S + hour * 3600.0 for hour in range(0, 18, 3)]
        runs = any(scan(laid, ends, asked.weekday, one_s, only) for one_s in starts_s)
        return "no-service" if runs else "no-line"
    return _ridden(_latest(made), asked)


def _latest(made: list[Journey]) -> list[Journey]:
    """Of journeys that arrive together keep the one that leaves last: nobody leaves sooner."""
    best: dict[float, Journey] = {}
    for one in made:
        if one.starts_s >= best.get(one.arrives_s, one).starts_s:
            best[one.arrives_s] = one
    return list(best.values())


def _near(laid: LaidTimetable, place: Place, reach_m: float) -> dict[int, float]:
    return stops_near(laid, place.lat_deg, place.lon_deg, reach_m)


def _ridden(made: list[Journey], asked: Asked) -> Ridden | str:
    quickest = min(made, key=lambda one: (one.lasts_s, one.starts_s))
    walked_m = distance_m(
        asked.origin.lat_deg, asked.origin.lon_deg,
        asked.destination.lat_deg, asked.destination.lon_deg,
    ) * STREET_DETOUR  # fmt: skip
    if walked_m / WALK_MPS <= quickest.lasts_s:
        return "walking-sooner"
    return Ridden(quickest.legs, quickest.lasts_s, max(one.lasts_s for one in made))
