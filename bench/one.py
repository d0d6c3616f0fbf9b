"""Run one measured piece of work in this process and print what it cost as JSON.

A process of its own for each, so that peak memory is its own.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from estran.example import year
from estran.trace import Evidence, Trace

Work = Callable[[], object]


def _example(n: int, *, moving_step_s: float = 5.0) -> Evidence:
    """Take the first n fixes of the made-up year, repeated by years."""
    seen, _ = year(2025, moving_step_s=moving_step_s, still_step_s=120.0)
    laps = -(-n // len(seen.trace))
    shift_us = np.repeat(np.arange(laps) * 4 * 366 * 86_400_000_000, len(seen.trace))[:n]
    columns = {
        name: np.tile(getattr(seen.trace, name), laps)[:n]
        for name in seen.trace.__dataclass_fields__
        if name != "time_us"
    }
    time_us = np.tile(seen.trace.time_us, laps)[:n] + shift_us
    return Evidence(Trace(time_us=time_us, **columns), sources=seen.sources)


def ours(n: int) -> tuple[Work, int]:
    """Analyse from arrays to a journal: clean, stays, trips, legs, modes, paths."""
    from estran.analyse import analyse

    analyse(_example(50_000))  # the kernels are compiled or read from their cache
    seen = _example(n)
    return (lambda: analyse(seen)), n


def dense(n: int) -> tuple[Work, int]:
    """Analyse the same year at a fix a second."""
    from estran.analyse import analyse

    analyse(_example(50_000))
    seen = _example(n, moving_step_s=1.0)
    return (lambda: analyse(seen)), n


def stream(n: int) -> tuple[Work, int]:
    """Analyse year after year, month by month: memory is that of one month."""
    from estran.analyse import analyse_report
    from estran.stream import Stream, months_of

    analyse_report(_example(50_000))
    lap = _example(1_000_000)
    week_us = 7 * 86_400_000_000
    lap_us = (int(lap.trace.time_us[-1] - lap.trace.time_us[0]) // week_us + 1) * week_us

    def run() -> object:
        going, n_entries = Stream(analyse_report), 0
        for k in range(-(-n // len(lap.trace))):
            columns = {name: getattr(lap.trace, name) for name in lap.trace.__dataclass_fields__}
            columns["time_us"] = columns["time_us"] + k * lap_us
            for part in months_of(Evidence(Trace(**columns), sources=lap.sources)):
                n_entries += sum(1 for _ in going.take(part))
        return n_entries + sum(1 for _ in going.finish())

    return run, n


def trackintel(n: int, *, moving_step_s: float = 5.0) -> tuple[Work, int]:
    """Do the peer's chain: staypoints, triplegs, trips, coarse mode."""
    import geopandas as gpd
    import pandas as pd
    import trackintel as ti

    trace = _example(n, moving_step_s=moving_step_s).trace
    frame = pd.DataFrame(
        {
            "user_id": 0,
            "tracked_at": pd.to_datetime(trace.time_us, unit="us", utc=True),
            "latitude": trace.lat_deg,
            "longitude": trace.lon_deg,
        }
    )
    fixes = ti.io.read_positionfixes_gpd(
        gpd.GeoDataFrame(
            frame[["user_id", "tracked_at"]],
            geometry=gpd.points_from_xy(frame.longitude, frame.latitude),
            crs="EPSG:4326",
        ),
        geom_col="geometry",
    )

    def chain() -> object:
        rows, stays = ti.preprocessing.generate_staypoints(
            fixes, method="sliding", dist_threshold=100, time_threshold=5, gap_threshold=15,
            include_last=True, print_progress=False, exclude_duplicate_pfs=True,
        )  # fmt: skip
        rows, legs = ti.preprocessing.generate_triplegs(rows, stays, gap_threshold=15)
        stays = ti.analysis.create_activity_flag(stays, time_threshold=25)
        ti.preprocessing.generate_trips(stays, legs, gap_threshold=25)
        return ti.analysis.predict_transport_mode(legs, method="simple-coarse")

    return chain, n


def trackintel_dense(n: int) -> tuple[Work, int]:
    """Do the peer's chain on a fix a second."""
    return trackintel(n, moving_step_s=1.0)


def movingpandas(n: int) -> tuple[Work, int]:
    """Do the peer's nearest: stops found, trajectories split at them."""
    from datetime import timedelta

    import geopandas as gpd
    import movingpandas as mpd
    import pandas as pd

    trace = _example(n).trace
    frame = gpd.GeoDataFrame(
        {"user": 0},
        geometry=gpd.points_from_xy(trace.lon_deg, trace.lat_deg),
        crs="EPSG:4326",
        index=pd.to_datetime(trace.time_us, unit="us"),
    )
    whole = mpd.TrajectoryCollection(frame, "user")

    def chain() -> object:
        return mpd.StopSplitter(whole).split(max_diameter=100, min_duration=timedelta(minutes=5))

    return chain, n


def records_json(path: Path) -> tuple[Work, int]:
    """Read a Records.json into arrays, as an import does."""
    from estran.formats.bring import bring
    from estran.formats.gather import Gatherer
    from estran.formats.reading import Batch

    def read() -> object:
        gatherer = Gatherer()
        with path.open("rb") as stream:
            for item in bring(path.name, stream):
                if isinstance(item, Batch):
                    gatherer.add(item)
        return gatherer.finish()

    return read, 0


def _peak_mib() -> float:
    """Give this process's own peak: ``ru_maxrss`` would begin at that of its parent."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def _count(result: object, known: int) -> int:
    return len(result.trace) if isinstance(result, Evidence) else known


def main(argv: list[str]) -> None:
    """Measure what is named."""
    name, argument = argv
    kinds: dict[str, Callable[[Any], tuple[Work, int]]] = {
        "ours": ours, "dense": dense, "stream": stream, "trackintel": trackintel,
        "trackintel-dense": trackintel_dense, "movingpandas": movingpandas,
    }  # fmt: skip
    work, n = records_json(Path(argument)) if name == "records" else kinds[name](int(argument))
    before_mib = _peak_mib()
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak_mib = _peak_mib()
    print(
        json.dumps(
            {
                "name": name, "points": _count(result, n), "wall_s": wall, "cpu_s": cpu,
                "peak_mib": peak_mib, "before_mib": before_mib,
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
