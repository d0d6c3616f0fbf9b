"""Made-up days of the kinds that phones and people bring, whose truth is known.

Each scene takes a random generator, builds a day with it, and says which entries a person
expects. Times, speeds, noise and lengths vary with the generator.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estran.trace import ClaimKind, Claims, Motion, Positions
from tests.synthetic import LAT_DEG, LON_DEG, START_US, Day, evidence_of

M_PER_DEG = 111_195.08
TRIP = ("stay", "trip", "stay")
ROUND = ("stay", "trip", "stay", "trip", "stay")


@dataclass
class Scene:
    """A day, what a person expects of it, and how well its borders must be met."""

    day: Walker
    expected: tuple[str, ...]
    """Kinds of entries, in order."""
    begins: tuple[int, ...] = ()
    """Index in ``day.borders_us`` of each trip's beginning."""
    ends: tuple[int, ...] = ()
    """Index in ``day.borders_us`` of each trip's end."""
    within_s: float = 180.0
    """How far off a border may be."""
    claims: Claims | None = None

    def evidence(self, *, lat_deg=LAT_DEG, lon_deg=LON_DEG):
        """Put the day somewhere on the globe."""
        return evidence_of(
            self.day.positions(lat0_deg=lat_deg, lon0_deg=lon_deg),
            claims=None if self.claims is None else _moved(self.claims, lat_deg, lon_deg),
        )


def _moved(claims, lat_deg, lon_deg):
    """Turn metres of a claim (kept in its degrees) into degrees around a place."""
    columns = {name: getattr(claims, name) for name in Claims.__dataclass_fields__}
    per_lon = M_PER_DEG * np.cos(np.radians(lat_deg))
    for name, origin, scale in (
        ("lat_deg", lat_deg, M_PER_DEG), ("lon_deg", lon_deg, per_lon),
        ("end_lat_deg", lat_deg, M_PER_DEG), ("end_lon_deg", lon_deg, per_lon),
    ):  # fmt: skip
        columns[name] = origin + columns[name] * 1000.0 / scale
    for name in ("lon_deg", "end_lon_deg"):
        columns[name] = (columns[name] + 180.0) % 360.0 - 180.0
    return Claims(**columns)


class Walker(Day):
    """A day whose error may last, as multipath and indoor fixes do."""

    def __init__(self, rng: np.random.Generator, *, noise_m: float = 6.0, start_us: int = START_US):
        super().__init__(noise_m=noise_m, start_us=start_us)
        self.rng = rng
        self.sigma_m, self.memory_s = 0.0, 60.0
        self.accuracies_m: list[float] = []
        self._error = np.zeros(2)
        self._error_s: float | None = None

    def noisy(self, sigma_m: float, memory_s: float, accuracy_m: float) -> Walker:
        """From here on the error has this size and lasts this long."""
        self.sigma_m, self.memory_s, self.accuracy_m = sigma_m, memory_s, accuracy_m
        self._error_s = None
        return self

    def _put(self, at_s: float, east_m: float, north_m: float) -> None:
        if self.sigma_m:
            since_s = 1e9 if self._error_s is None else at_s - self._error_s
            keep = float(np.exp(-since_s / self.memory_s))
            fresh = self.rng.normal(0.0, self.sigma_m * np.sqrt(1.0 - keep**2), 2)
            self._error, self._error_s = keep * self._error + fresh, at_s
            east_m, north_m = east_m + self._error[0], north_m + self._error[1]
        self.accuracies_m.append(self.accuracy_m * self.rng.uniform(0.8, 1.3))
        super()._put(at_s, east_m, north_m)

    def positions(self, **where) -> Positions:
        """Give the fixes, each with the accuracy it claimed."""
        plain = super().positions(**where)
        columns = {name: getattr(plain, name) for name in Positions.__dataclass_fields__}
        return Positions(**columns | {"accuracy_m": np.array(self.accuracies_m, np.float32)})

    def way(self, length_m, speed_mps, every_s):
        """Go on through streets: straight on, with corners of up to a right angle."""
        while length_m > 0.0:
            step_m = min(length_m, self.rng.uniform(200.0, 600.0) * max(1.0, speed_mps / 4.0))
            turn = self.rng.uniform(-0.7, 0.7)
            self.ride(
                east_m=step_m * np.cos(turn), north_m=step_m * np.sin(turn),
                speed_mps=speed_mps * self.rng.uniform(0.85, 1.15), every_s=every_s,
            )  # fmt: skip
            self.borders_us.pop()
            length_m -= step_m
        return self._border()

    def home(self, speed_mps, every_s):
        """Go straight back to where the day began."""
        return self.ride(
            east_m=-self.east_m, north_m=-self.north_m, speed_mps=speed_mps, every_s=every_s
        )


def tracker(rng: np.random.Generator, every_s: float) -> Scene:
    """One fix each so many seconds, whatever happens; a ride and back."""
    day = Walker(rng)
    hour_s = 600.0 if every_s < 10.0 else 3600.0
    day.stay(rng.uniform(2, 5) * hour_s, every_s=every_s)
    day.way(rng.uniform(8_000, 30_000), rng.uniform(8, 20), every_s)
    day.stay(rng.uniform(3, 8) * hour_s, every_s=every_s).home(rng.uniform(8, 20), every_s)
    day.stay(rng.uniform(2, 5) * hour_s, every_s=every_s)
    return Scene(day, ROUND, (0, 2), (1, 3), 90.0 + 1.5 * every_s)


def duty_cycled(rng: np.random.Generator) -> Scene:
    """An Android phone asleep inside a fence: it wakes late, and sleeps after 5 minutes."""
    day = Walker(rng, noise_m=10.0)
    day.stay(600, every_s=60).gap(seconds=rng.uniform(2, 9) * 3600)
    for _ in range(2):
        late_s = rng.uniform(60, 200)
        day.gap(east_m=1.3 * late_s, seconds=late_s)
        day.way(rng.uniform(500, 900), 1.3, 30).way(rng.uniform(4000, 9000), 8.0, 30)
        day.stay(300, every_s=30).gap(seconds=rng.uniform(2, 6) * 3600)
    day.stay(60, every_s=30)
    return Scene(day, ROUND, (1, 6), (4, 9), 240.0)


def visits(rng: np.random.Generator) -> Scene:
    """An iPhone that tells visits only: rides between them are silent."""
    day = Walker(rng, noise_m=30.0)
    day.accuracy_m = 65.0
    rows: list[tuple[float, float, float, float]] = []
    for _ in range(3):
        begun_s = day.now_s
        day.stay(60, every_s=60).gap(seconds=rng.uniform(1, 5) * 3600)
        rows.append((begun_s, day.now_s, day.north_m, day.east_m))
        far_m = rng.uniform(3_000, 9_000)
        day.gap(east_m=far_m, north_m=0.3 * far_m, seconds=far_m / rng.uniform(5.0, 12.0))
    day.stay(3600, every_s=1800)
    table = np.array(rows)
    us = START_US + (table[:, :2] * 1e6).astype(np.int64)
    n = len(rows)
    claims = Claims(
        kind=np.full(n, int(ClaimKind.VISIT)), start_us=us[:, 0], end_us=us[:, 1],
        motion=np.full(n, int(Motion.UNKNOWN)),
        lat_deg=table[:, 2] / 1000.0, lon_deg=table[:, 3] / 1000.0,
        end_lat_deg=np.full(n, np.nan), end_lon_deg=np.full(n, np.nan),
        distance_m=np.full(n, np.nan, np.float32),
        probability_share=np.full(n, np.nan, np.float32),
        confirmed=np.zeros(n, bool), source=np.zeros(n, np.int16),
    )  # fmt: skip
    return Scene(
        day, ("stay", "trip", "stay", "trip", "stay", "trip", "stay"),
        (1, 4, 7), (2, 5, 8), 120.0, claims=claims,
    )  # fmt: skip


def canyon(rng: np.random.Generator) -> Scene:
    """A walk between tall houses, with a wait: the error is up to 150 m and lasts a minute."""
    day = Walker(rng)
    day.stay(5400, every_s=30)
    day.noisy(rng.uniform(20, 50), rng.uniform(20, 60), 30.0)
    day.way(rng.uniform(900, 1800), 1.3, 5).stay(rng.uniform(60, 240), every_s=5)
    day.way(rng.uniform(600, 1200), 1.3, 5)
    day.noisy(8.0, 600.0, 15.0)
    day.stay(5400, every_s=30)
    return Scene(day, TRIP, (0,), (3,), 240.0)


def tunnel(rng: np.random.Generator) -> Scene:
    """A metro ride: walk, silence of 2 to 15 minutes, perhaps a station's cell, walk."""
    day = Walker(rng)
    day.stay(5400, every_s=60).way(rng.uniform(300, 700), 1.3, 10)
    day.stay(rng.uniform(60, 300), every_s=20)
    for _ in range(int(rng.integers(1, 3))):
        silent_s = rng.uniform(120, 900)
        day.gap(east_m=silent_s * rng.uniform(6, 10), seconds=silent_s)
        day.noisy(150.0, 30.0, 300.0).stay(40, every_s=20).noisy(0.0, 1.0, 9.0)
    day.way(rng.uniform(300, 700), 1.3, 10).stay(5400, every_s=60)
    return Scene(day, TRIP, (0,), (len(day.borders_us) - 2,))


def ferry(rng: np.random.Generator) -> Scene:
    """A drive to the quay, a wait on board that drifts, a crossing, a drive on."""
    day = Walker(rng)
    day.stay(5400, every_s=60).way(rng.uniform(5_000, 15_000), 14, 15)
    day.stay(rng.uniform(300, 1200), every_s=15)
    day.ride(east_m=60, speed_mps=0.3, every_s=15)
    day.ride(north_m=rng.uniform(3_000, 12_000), speed_mps=rng.uniform(5, 9), every_s=15)
    day.stay(rng.uniform(120, 600), every_s=15).way(rng.uniform(4_000, 9_000), 14, 15)
    day.stay(5400, every_s=60)
    return Scene(day, TRIP, (0,), (6,))


def boat(rng: np.random.Generator) -> Scene:
    """An afternoon under sail from a mooring and back, tacking at 1 to 3 m/s."""
    day = Walker(rng)
    day.stay(5400, every_s=60)
    for k in range(6):
        day.ride(
            east_m=rng.uniform(500, 1200), north_m=(-1) ** k * rng.uniform(300, 800),
            speed_mps=rng.uniform(1.0, 3.0), every_s=20,
        )  # fmt: skip
    day.home(2.5, 20).stay(5400, every_s=60)
    return Scene(day, TRIP, (0,), (7,))


def bus_wait(rng: np.random.Generator) -> Scene:
    """A walk, 8 minutes at a stop, a bus with its stops, a walk."""
    day = Walker(rng)
    day.stay(5400, every_s=60).way(rng.uniform(300, 800), 1.3, 10)
    day.stay(rng.uniform(420, 600), every_s=10)
    for _ in range(int(rng.integers(5, 12))):
        day.way(rng.uniform(300, 700), 8.0, 10).stay(rng.uniform(10, 40), every_s=10)
    day.way(rng.uniform(150, 500), 1.3, 10).stay(5400, every_s=60)
    return Scene(day, TRIP, (0,), (len(day.borders_us) - 2,))


def platforms(rng: np.random.Generator) -> Scene:
    """A change of train: nine minutes, a walk along the platforms among them."""
    day = Walker(rng)
    day.stay(5400, every_s=60).way(rng.uniform(15_000, 40_000), 25, 20)
    day.stay(rng.uniform(120, 360), every_s=20).ride(north_m=180, speed_mps=1.2, every_s=10)
    day.stay(rng.uniform(120, 360), every_s=20).way(rng.uniform(15_000, 40_000), 25, 20)
    day.stay(5400, every_s=60)
    return Scene(day, TRIP, (0,), (5,))


def jam(rng: np.random.Generator) -> Scene:
    """A drive through a jam of 15 to 30 minutes that creeps and halts."""
    day = Walker(rng)
    day.stay(5400, every_s=60).way(rng.uniform(5_000, 15_000), 20, 10)
    until_s = day.now_s + rng.uniform(900, 1800)
    while day.now_s < until_s:
        day.ride(east_m=rng.uniform(20, 80), speed_mps=rng.uniform(1, 3), every_s=10)
        day.stay(rng.uniform(10, 70), every_s=10)
    day.way(rng.uniform(5_000, 15_000), 18, 10).stay(5400, every_s=60)
    return Scene(day, TRIP, (0,), (len(day.borders_us) - 2,))


def parking(rng: np.random.Generator) -> Scene:
    """A drive that ends with a walk of 250 to 500 m from where the car was left."""
    day = Walker(rng)
    day.stay(5400, every_s=60).way(rng.uniform(6_000, 12_000), 13, 5)
    day.stay(rng.uniform(20, 90), every_s=5)
    day.ride(north_m=rng.uniform(250, 500), speed_mps=1.3, every_s=5).stay(5400, every_s=60)
    return Scene(day, TRIP, (0,), (3,))


def jog(rng: np.random.Generator) -> Scene:
    """A run from home to home."""
    day = Walker(rng)
    day.stay(5400, every_s=60)
    side_m, every_s = rng.uniform(700, 2000), float(rng.choice([1.0, 10.0, 30.0]))
    for east, north in ((1, 0), (0, 1), (-1, 0), (0, -1)):
        day.ride(
            east_m=side_m * east, north_m=side_m * north,
            speed_mps=rng.uniform(2.4, 3.3), every_s=every_s,
        )  # fmt: skip
    day.stay(5400, every_s=60)
    return Scene(day, TRIP, (0,), (4,))


def laps(rng: np.random.Generator) -> Scene:
    """Rounds of a track or a pond at an easy pace, never far from the bench they began at."""
    day = Walker(rng)
    day.stay(5400, every_s=60)
    radius_m, speed_mps = rng.uniform(85, 125), rng.uniform(0.8, 1.3)
    every_s = float(rng.choice([1.0, 5.0, 10.0]))
    n_rounds = int(rng.integers(2, 5))
    corners = np.exp(2j * np.pi * np.arange(24 * n_rounds + 1) / 24) * radius_m
    for step in np.diff(corners):
        day.ride(east_m=step.real, north_m=step.imag, speed_mps=speed_mps, every_s=every_s)
    day.stay(5400, every_s=60)
    return Scene(day, TRIP, (0,), (len(day.borders_us) - 2,))


def logger(rng: np.random.Generator) -> Scene:
    """A GPS logger without accuracies: hours indoors with slow echoes, and a walk to town."""
    day = Walker(rng)
    every_s = float(rng.choice([1.0, 5.0]))
    indoors = (rng.uniform(10, 30), rng.uniform(20, 300), float("nan"))
    day.noisy(*indoors).stay(rng.uniform(1, 3) * 3600, every_s=every_s)
    day.noisy(4.0, 60.0, float("nan")).way(rng.uniform(500, 1500), rng.uniform(1.0, 1.4), every_s)
    day.noisy(*indoors).stay(rng.uniform(1, 3) * 3600, every_s=every_s)
    return Scene(day, TRIP, (0,), (1,))


def dog(rng: np.random.Generator) -> Scene:
    """Twelve minutes around the block with a dog that stops to sniff."""
    day = Walker(rng)
    day.stay(5400, every_s=60)
    every_s = float(rng.choice([1.0, 10.0, 30.0]))
    for east, north in ((1, 0), (0, 1), (-1, 0), (0, -1)):
        for _ in range(2):
            day.ride(
                east_m=105.0 * east, north_m=105.0 * north,
                speed_mps=rng.uniform(1.1, 1.4), every_s=every_s,
            )  # fmt: skip
            day.stay(rng.uniform(0, 25), every_s=every_s)
    day.stay(5400, every_s=60)
    return Scene(day, TRIP, (0,), (16,))


def indoors(rng: np.random.Generator) -> Scene:
    """Three days at home: drifting fixes, and jumps to a router that moved here with its owner."""
    day = Walker(rng)
    every_s = float(rng.choice([30.0, 60.0, 300.0]))
    sigma_m = rng.uniform(15, 50)
    day.noisy(sigma_m, rng.uniform(60, 900), 1.2 * sigma_m)
    router = rng.uniform(-900, 900, 2)
    until_s = 3 * 86_400.0
    while day.now_s < until_s:
        day.stay(rng.uniform(1, 6) * 3600, every_s=every_s)
        day.east_m, day.north_m = router
        day.accuracy_m *= 1.5
        day.stay(rng.uniform(30, 240), every_s=every_s)
        day.accuracy_m /= 1.5
        day.east_m = day.north_m = 0.0
        day.stay(900, every_s=every_s)
        if rng.random() < 0.3:
            day.gap(seconds=rng.uniform(1, 8) * 3600)
    day.stay(3600, every_s=every_s)
    return Scene(day, ("stay",))


def switched_off(rng: np.random.Generator) -> Scene:
    """A phone that was off for two days, and is back at home or somewhere else."""
    day = Walker(rng)
    day.stay(7200, every_s=60)
    day.gap(east_m=float(rng.choice([0.0, 1_500.0, 40_000.0])), seconds=rng.uniform(44, 52) * 3600)
    day.stay(7200, every_s=60)
    return Scene(day, ("stay", "unknown", "stay"))


def flight(rng: np.random.Generator) -> Scene:
    """A drive to the airport, two hours there, a silent flight, a drive from the other."""
    day = Walker(rng)
    day.stay(5400, every_s=60).way(20_000, 20, 20).stay(7200, every_s=60)
    far_m = rng.uniform(400_000, 1_500_000)
    day.gap(north_m=0.3 * far_m, east_m=far_m, seconds=far_m / 220.0 + 2400.0)
    day.stay(2400, every_s=60).way(20_000, 16, 20).stay(5400, every_s=60)
    return Scene(
        day, ("stay", "trip", "stay", "trip", "stay", "trip", "stay"), (0, 2, 4), (1, 3, 5), 300.0
    )


SCENES = {
    "tracker-1s": lambda rng: tracker(rng, 1.0),
    "tracker-1min": lambda rng: tracker(rng, 60.0),
    "tracker-10min": lambda rng: tracker(rng, 600.0),
    "duty-cycled": duty_cycled,
    "visits": visits,
    "canyon": canyon,
    "tunnel": tunnel,
    "ferry": ferry,
    "boat": boat,
    "bus-wait": bus_wait,
    "platforms": platforms,
    "jam": jam,
    "parking": parking,
    "jog": jog,
    "laps": laps,
    "logger": logger,
    "dog": dog,
    "indoors": indoors,
    "switched-off": switched_off,
    "flight": flight,
}
