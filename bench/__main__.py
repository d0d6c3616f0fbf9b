"""``make bench``: speed and memory beside peers, as tables with ratios."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.inputs import GEOLIFE, write_track
from bench.records_json import write

CASES = {
    "5s": "the made-up year, a fix every 5 s while moving",
    "1s": "the same, a fix a second",
    "30s": "the same, a fix every 30 s",
    "geolife": "recordings of Geolife, a fix every 1 to 5 s",
    "geolife-30s": "recordings of Geolife, thinned to a fix every 30 s",
}

SIZES: dict[str, dict[str, tuple[int, ...]]] = {
    "5s": {
        "estran": (10_000, 100_000, 1_000_000, 10_000_000),
        "estran by month": (1_000_000, 10_000_000, 100_000_000),
        "trackintel": (10_000, 100_000, 1_000_000),
        "movingpandas": (10_000,),
    },
    "1s": {"estran": (100_000, 1_000_000), "trackintel": (100_000, 1_000_000)},
    "30s": {"estran": (100_000, 1_000_000), "trackintel": (100_000,)},
    "geolife": {"estran": (100_000, 1_000_000), "trackintel": (100_000, 1_000_000)},
    "geolife-30s": {"estran": (100_000,), "trackintel": (100_000,)},
}
"""``by month`` goes part by part, in the memory of one month."""

ENGINE = ("clean", "segment", "modes")
"""The kinematic engine: from fixes to stays, trips and legs with modes, all arrays."""

EMISSION_POINTS_PER_CPU_S = 78.0
"""What e-mission's pipeline does, its database not counted: 14 real days of MobilityNet on
this kind of machine (17,613 entries in 49.6 CPU s); not run again here."""


def measure(name: str, source: object, n: int) -> dict[str, float]:
    """Run one piece of work in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bench.one", name, str(source), str(n)],
        capture_output=True,
        text=True,
        check=False,
        timeout=3600,
    )
    if done.returncode:
        sys.exit(done.stderr[-3000:])
    figures: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def stages(got: dict[str, float]) -> None:
    """Tell what each stage of the greatest run cost, and what the engine alone does."""
    n = got["points"]
    parts = ", ".join(
        f"{name} {got.get(name, 0.0) / n * 1e9:,.0f}" for name in (*ENGINE, "entries", "carbon")
    )
    engine_s = sum(got.get(name, 0.0) for name in ENGINE)
    print(f"  CPU ns a point: {parts}; the kinematic engine alone {n / engine_s:,.0f} points/s")


def analysis(source: str, limit: int) -> None:
    """Compare stays, trips, legs, modes and carbon from arrays, on one kind of trace."""
    print(f"\nAnalysis from arrays, one thread: {CASES[source]}")
    if source.startswith("geolife") and not GEOLIFE.is_dir():
        print("  skipped: Geolife is not beside the repository (shared/data/geolife)")
        return
    print(f"{'who':18}{'points':>12}{'CPU s':>9}{'points/s':>12}{'peak MiB':>10}{'ours is':>12}")
    speeds: dict[int, float] = {}
    greatest: dict[str, float] = {}
    for name, sizes in SIZES[source].items():
        for n in (n for n in sizes if n <= limit):
            got = measure(name, source, n)
            speed = got["points"] / got["cpu_s"]
            if name == "estran":
                speeds[n], greatest = speed, got
            own = not name.startswith("estran")
            ratio = f"{speeds[n] / speed:,.0f} times" if own else ""
            print(
                f"{name:18}{n:>12,}{got['cpu_s']:>9.2f}{speed:>12,.0f}{got['peak_mib']:>10.0f}{ratio:>12}",
                flush=True,
            )
    stages(greatest)
    times = greatest["points"] / greatest["cpu_s"] / EMISSION_POINTS_PER_CPU_S
    print(
        f"  e-mission, as published: {EMISSION_POINTS_PER_CPU_S:.0f} points/s; {times:,.0f} times"
    )


def reading(limit: int, megabytes: float) -> None:
    """Go end to end: a file is read and analysed."""
    print("\nFrom a file to a journal, one thread")
    print(
        f"{'file':14}{'MB':>7}{'points':>12}{'read CPU s':>12}{'MB/s':>6}{'all CPU s':>11}"
        f"{'points/s':>11}{'peak MiB, reading':>19}{'all':>7}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for name in ("Records.json", "track.csv", "track.gpx"):
            path = Path(folder) / name
            if name == "Records.json":
                write(path, megabytes=megabytes)
            else:
                write_track(path, n=min(limit, 1_000_000))
            got = measure("read", path, 0)
            size_mb = path.stat().st_size / 1e6
            print(
                f"{name:14}{size_mb:>7,.0f}{got['points']:>12,}{got['read']:>12.1f}"
                f"{size_mb / got['read']:>6.0f}{got['cpu_s']:>11.1f}"
                f"{got['points'] / got['cpu_s']:>11,.0f}"
                f"{got['read_peak_mib']:>19.0f}{got['peak_mib']:>7.0f}",
                flush=True,
            )


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--limit", type=int, default=10_000_000, help="largest number of points")
    parser.add_argument("--megabytes", type=float, default=1000.0, help="size of the Records.json")
    parser.add_argument("--case", choices=CASES, action="append", help="only such traces")
    given = parser.parse_args()
    for source in given.case or CASES:
        analysis(source, given.limit)
    if not given.case:
        reading(given.limit, given.megabytes)


if __name__ == "__main__":
    main()
