"""Write the golden days and what the engine makes of them: run it when a change is meant.

``python -m tests.golden.write_engine_days``, then read the difference before committing it.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from tests.synthetic import Day

from estran.analyse import analyse
from estran.journal import Entry, Stay, Trip
from estran.timebase import to_datetime
from estran.trace import Evidence, Positions, Source, Trace

HERE = Path(__file__).parent / "engine"


def days() -> dict[str, Day]:
    """Make the days: an office day with a bus, a day of errands, a flight, a silent phone."""
    office = Day(seed=1).stay(5400, every_s=300).ride(east_m=700, speed_mps=1.3, every_s=30)
    office.stay(540, every_s=60).ride(east_m=5200, speed_mps=8, every_s=30)
    office.ride(north_m=260, speed_mps=1.3, every_s=30).stay(4 * 3600, every_s=300)
    office.ride(north_m=500, speed_mps=1.3, every_s=30).stay(2400, every_s=120)
    office.ride(north_m=-500, speed_mps=1.3, every_s=30).stay(3 * 3600, every_s=300)
    office.ride(east_m=-5900, north_m=-260, speed_mps=4.5, every_s=30).stay(7200, every_s=300)

    errands = Day(seed=2, noise_m=15).stay(7200, every_s=120)
    errands.ride(east_m=4000, speed_mps=11, every_s=20).stay(1500, every_s=60)
    errands.ride(north_m=3000, speed_mps=11, every_s=20).stay(2700, every_s=60)
    errands.ride(east_m=-4000, north_m=-3000, speed_mps=12, every_s=20).stay(7200, every_s=300)

    flight = Day(seed=3).stay(3600, every_s=120).ride(east_m=20_000, speed_mps=20, every_s=30)
    flight.stay(5400, every_s=120).gap(east_m=700_000, seconds=6600).stay(1800, every_s=120)
    flight.ride(east_m=15_000, speed_mps=16, every_s=30).stay(3600, every_s=120)

    silent = Day(seed=4).stay(1800, every_s=600).gap(seconds=30_000)
    silent.gap(east_m=600, seconds=150).ride(east_m=7000, speed_mps=10, every_s=15)
    silent.gap(seconds=4 * 3600).gap(east_m=-500, seconds=120)
    silent.ride(east_m=-7100, speed_mps=10, every_s=15).stay(1200, every_s=300)
    return {"office": office, "errands": errands, "flight": flight, "silent": silent}


def read(path: Path) -> Evidence:
    """Read a golden day."""
    with path.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    positions = Positions.of(
        [int(row["time_us"]) for row in rows],
        [float(row["lat_deg"]) for row in rows],
        [float(row["lon_deg"]) for row in rows],
        accuracy_m=[float(row["accuracy_m"]) for row in rows],
    )
    return Evidence(trace=Trace.sorted_from(positions), sources=(Source("golden/day", "made"),))


def line_of(entry: Entry) -> str:
    """Write an entry on a line, to the minute and to a tenth of a kilometre."""
    clock = [
        to_datetime(us, entry.tz).strftime("%H:%M") for us in (entry.started_us, entry.ended_us)
    ]
    said = f"{clock[0]}-{clock[1]} {type(entry).__name__.lower()}"
    if isinstance(entry, Trip):
        legs = " ".join(f"{leg.mode}:{leg.distance_m / 1000:.1f}" for leg in entry.legs)
        return f"{said} {entry.quality} {legs}"
    return f"{said} n={entry.n_positions}" if isinstance(entry, Stay) else f"{said} {entry.reason}"


def journal_of(path: Path) -> str:
    """Tell what the engine makes of a golden day."""
    return "\n".join(line_of(entry) for entry in analyse(read(path)).entries) + "\n"


def main() -> None:
    """Write days and journals."""
    HERE.mkdir(exist_ok=True)
    for name, day in days().items():
        path = HERE / f"{name}.csv"
        trace = day.trace()
        with path.open("w", encoding="utf-8", newline="") as text:
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(("time_us", "lat_deg", "lon_deg", "accuracy_m"))
            writer.writerows(
                (int(t), f"{lat:.6f}", f"{lon:.6f}", f"{acc:.1f}")
                for t, lat, lon, acc in zip(
                    trace.time_us, trace.lat_deg, trace.lon_deg, np.asarray(trace.accuracy_m),
                    strict=True,
                )
            )  # fmt: skip
        path.with_suffix(".journal.txt").write_text(journal_of(path), "utf-8")


if __name__ == "__main__":
    main()
