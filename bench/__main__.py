"""``make bench``: speed and memory beside peers, as a table with ratios."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.records_json import write

SIZES = {
    "ours": (10_000, 100_000, 1_000_000, 10_000_000),
    "dense": (100_000, 1_000_000),
    "stream": (1_000_000, 10_000_000, 100_000_000),
    "trackintel": (10_000, 100_000, 1_000_000),
    "trackintel-dense": (100_000, 1_000_000),
    "movingpandas": (10_000,),
}
"""``dense`` is a fix a second; ``stream`` goes month by month in the memory of one."""

BESIDE = {"trackintel": "ours", "trackintel-dense": "dense", "movingpandas": "ours"}
"""Each peer, and what of ours did the same."""


def measure(name: str, argument: object) -> dict[str, float]:
    """Run one piece of work in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bench.one", name, str(argument)],
        capture_output=True,
        text=True,
        check=False,
        timeout=3600,
    )
    if done.returncode:
        sys.exit(done.stderr[-3000:])
    figures: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def analysis(limit: int) -> None:
    """Compare stays, trips, legs and modes from arrays."""
    print("\nAnalysis without reading: the made-up year, a fix every 5 s while moving, one thread")
    print(f"{'who':18}{'points':>12}{'CPU s':>9}{'points/s':>12}{'peak MiB':>10}{'ours is':>12}")
    speeds: dict[tuple[str, int], float] = {}
    for name, sizes in SIZES.items():
        for n in sizes:
            if n > limit:
                continue
            got = measure(name, n)
            speed = speeds[name, n] = got["points"] / got["cpu_s"]
            ratio = f"{speeds[BESIDE[name], n] / speed:,.0f} times" if name in BESIDE else ""
            print(
                f"{name:18}{n:>12,}{got['cpu_s']:>9.2f}{speed:>12,.0f}{got['peak_mib']:>10.0f}{ratio:>12}",
                flush=True,
            )


def reading(megabytes: float) -> None:
    """Read a generated Records.json."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "Records.json"
        n = write(path, megabytes=megabytes)
        got = measure("records", path)
        size_mb = path.stat().st_size / 1e6
    print(f"\nReading a generated Records.json of {size_mb:,.0f} MB, {n:,} records")
    print(f"{got['cpu_s']:.1f} CPU s, {got['wall_s']:.1f} s, {size_mb / got['cpu_s']:.0f} MB/s, "
          f"{got['points'] / got['cpu_s']:,.0f} records/s, peak {got['peak_mib']:.0f} MiB "
          f"({got['before_mib']:.0f} MiB before the first byte)")  # fmt: skip


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--limit", type=int, default=10_000_000, help="largest number of points")
    parser.add_argument("--megabytes", type=float, default=1000.0, help="size of the Records.json")
    given = parser.parse_args()
    analysis(given.limit)
    reading(given.megabytes)


if __name__ == "__main__":
    main()
