"""Camille, who does not exist: habits, journeys, and the year they make."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np

from estran.example.diary import Diary, Truth, seen
from estran.example.movement import FAST_TRAIN, loop, smooth
from estran.journal import Mode
from estran.timebase import US_PER_S, from_datetime, zone
from estran.trace import Evidence

TZ = "Europe/Paris"

HOME = (46.1602, -1.1190)
WORK = (46.1445, -1.1655)
SHOP = (46.1668, -1.1361)
FRIEND = (46.1890, -0.9010)
FAMILY = (46.3120, -1.0020)
STATION = (46.1527, -1.1453)
BUS_HOME = (46.1620, -1.1232)
BUS_WORK = (46.1460, -1.1630)
AIRPORT = (46.1792, -1.1953)
FAR_AIRPORT = (45.7256, 5.0811)
FAR_HOTEL = (45.7610, 4.8560)
ROCHEFORT = (45.9470, -0.9640)
CLIENT = (45.9405, -0.9590)
TER_LINE = [STATION, (46.1290, -1.1180), (46.0560, -1.0890), (45.9890, -1.0020), ROCHEFORT]
PARIS = (48.8412, 2.3205)
TGV_LINE = [
    STATION, (46.1080, -0.7510), (46.3180, -0.4890), (46.5820, 0.3330), (47.3860, 0.7230), PARIS,
]  # fmt: skip
PARIS_METRO = (48.8635, 2.3700)
PARIS_HOTEL = (48.8610, 2.3760)
PORT = (45.9890, -1.0970)
ISLAND = (46.0135, -1.1760)


def _commute(day: Diary, start_s: float) -> None:
    rng = day.rng
    mode = rng.choice(["bike", "bus", "car"], p=[0.6, 0.25, 0.15])
    day.stay_until(start_s + 8.1 * 3600 + rng.normal(0, 600))
    _home_work(day, mode, home=True)
    day.stay_until(start_s + 12.3 * 3600 + rng.normal(0, 300))
    if day.chance(0.5):
        day.along(Mode.WALK, loop(WORK, 170.0, rng=rng))
        day.at = WORK
    day.stay_until(start_s + 17.6 * 3600 + rng.normal(0, 1200))
    if mode == "bike" and day.chance(0.35):
        day.to(Mode.BIKE, SHOP)
        day.stay_until(day.now_s + rng.uniform(1300, 2600))
        day.to(Mode.BIKE, HOME)
    else:
        _home_work(day, mode, home=False)


def _home_work(day: Diary, mode: str, *, home: bool) -> None:
    if mode == "bus":
        near, far, goal = (BUS_HOME, BUS_WORK, WORK) if home else (BUS_WORK, BUS_HOME, HOME)
        day.to(Mode.WALK, near)
        day.wait(day.rng.uniform(150, 660))
        day.to(Mode.BUS, far)
        day.to(Mode.WALK, goal)
    else:
        day.to(Mode(mode), WORK if home else HOME)


def _telework(day: Diary, start_s: float) -> None:
    day.stay_until(start_s + 18.2 * 3600 + day.rng.normal(0, 900))
    if day.chance(0.7):
        day.along(Mode.RUN, loop(HOME, 900.0, rng=day.rng))
        day.at = HOME


def _client(day: Diary, start_s: float) -> None:
    day.stay_until(start_s + 7.6 * 3600 + day.rng.normal(0, 200))
    day.to(Mode.BIKE, STATION)
    day.wait(day.rng.uniform(240, 700))
    day.rail(TER_LINE)
    day.to(Mode.WALK, CLIENT)
    day.stay_until(start_s + 16.8 * 3600 + day.rng.normal(0, 400))
    day.to(Mode.WALK, ROCHEFORT)
    day.wait(day.rng.uniform(300, 1100))
    day.rail(TER_LINE[::-1])
    day.to(Mode.BIKE, HOME)


def _weekend(day: Diary, start_s: float) -> None:
    goal = FRIEND if day.chance(0.5) else FAMILY
    day.stay_until(start_s + 9.8 * 3600 + day.rng.normal(0, 1500))
    day.to(Mode.WALK, SHOP)
    day.stay_until(day.now_s + day.rng.uniform(1500, 3600))
    day.to(Mode.WALK, HOME)
    day.stay_until(start_s + 14.2 * 3600 + day.rng.normal(0, 1500))
    if day.chance(0.55):
        day.to(Mode.CAR, goal)
        day.stay_until(day.now_s + day.rng.uniform(7000, 16000))
        day.to(Mode.CAR, HOME)
    else:
        day.along(Mode.WALK, loop(HOME, 700.0, rng=day.rng))
        day.at = HOME


def _to_paris(day: Diary, start_s: float) -> None:
    day.stay_until(start_s + 7.9 * 3600)
    day.to(Mode.BIKE, STATION)
    day.wait(900)
    day.rail(TGV_LINE, FAST_TRAIN)
    day.wait(240)
    day.to(Mode.METRO, PARIS_METRO)
    day.to(Mode.WALK, PARIS_HOTEL)


def _from_paris(day: Diary, start_s: float) -> None:
    day.stay_until(start_s + 15.4 * 3600)
    day.to(Mode.WALK, PARIS_METRO)
    day.to(Mode.METRO, PARIS)
    day.wait(1100)
    day.rail(TGV_LINE[::-1], FAST_TRAIN)
    day.to(Mode.BIKE, HOME)


def _flight_out(day: Diary, start_s: float) -> None:
    day.stay_until(start_s + 6.5 * 3600)
    day.to(Mode.CAR, AIRPORT)
    day.stay_until(day.now_s + 4200)
    day.fly(FAR_AIRPORT, 1.35)
    day.stay_until(day.now_s + 1200)
    day.to(Mode.TRAM, FAR_HOTEL)


def _flight_back(day: Diary, start_s: float) -> None:
    day.stay_until(start_s + 16.0 * 3600)
    day.to(Mode.TRAM, FAR_AIRPORT)
    day.stay_until(day.now_s + 4800)
    day.fly(AIRPORT, 1.4)
    day.stay_until(day.now_s + 900)
    day.to(Mode.CAR, HOME)


def _island(day: Diary, start_s: float) -> None:
    day.stay_until(start_s + 9.0 * 3600)
    day.to(Mode.CAR, PORT)
    day.wait(800)
    day.along(Mode.FERRY, smooth([PORT, (46.0010, -1.1350), ISLAND]))
    day.at = ISLAND
    day.along(Mode.WALK, loop(ISLAND, 600.0, rng=day.rng))
    day.at = ISLAND
    day.stay_until(start_s + 16.5 * 3600)
    day.along(Mode.FERRY, smooth([ISLAND, (46.0010, -1.1350), PORT]))
    day.at = PORT
    day.to(Mode.CAR, HOME)


def _rest(day: Diary, start_s: float) -> None:
    day.stay_until(start_s + 23.0 * 3600)


_SPECIAL = {
    (5, 14): _to_paris, (5, 15): _rest, (5, 16): _from_paris, (7, 11): _island,
    (10, 21): _flight_out, (10, 22): _rest, (10, 23): _flight_back,
}  # fmt: skip
_WEEK = [_commute, _commute, _telework, _commute, _client, _weekend, _weekend]
_OFF = {(8, day) for day in range(4, 15)}
"""Days when the phone stayed in a drawer: time that is unknown."""


def evidence(
    first: date,
    last: date,
    *,
    seed: int = 2025,
    moving_step_s: float = 5.0,
    still_step_s: float = 600.0,
) -> tuple[Evidence, tuple[Truth, ...]]:
    """Make what Camille's phone kept from one day to another, and what is true.

    Parameters
    ----------
    first, last : date
        Local days, both included.
    seed : int
        The same seed and days give the same data.
    moving_step_s, still_step_s : float
        Time between fixes while moving and while resting. [s]

    Returns
    -------
    evidence : Evidence
        One recorder's fixes with the phone's activity guesses.
    truth : tuple of Truth
        True legs in time order.

    Examples
    --------
    >>> seen, truth = evidence(date(2025, 3, 3), date(2025, 3, 3))
    >>> len(seen.trace) > 200, truth[0].mode in {Mode.BIKE, Mode.WALK, Mode.CAR}
    (True, True)
    """
    paris = zone(TZ)
    day = Diary(np.random.default_rng(seed), moving_step_s, still_step_s, at=HOME)
    n_days = (last - first).days + 1
    start_s = 0.0
    for offset in range(n_days):
        when = first + timedelta(days=offset)
        local = datetime(when.year, when.month, when.day, tzinfo=paris)
        start_s = from_datetime(local.astimezone(UTC)) / US_PER_S
        day.now_s = max(day.now_s, start_s) if offset else start_s
        if (when.month, when.day) in _OFF:
            day.now_s = start_s + 86_400.0
            day.at = HOME
            continue
        _SPECIAL.get((when.month, when.day), _WEEK[when.weekday()])(day, start_s)
    day.stay_until(start_s + 86_000.0)
    return seen(day), tuple(day.truth)


def year(
    number: int = 2025, *, seed: int = 2025, moving_step_s: float = 5.0, still_step_s: float = 600.0
) -> tuple[Evidence, tuple[Truth, ...]]:
    """Make a whole year of Camille; see :func:`evidence`."""
    return evidence(
        date(number, 1, 1),
        date(number, 12, 31),
        seed=seed,
        moving_step_s=moving_step_s,
        still_step_s=still_step_s,
    )
