"""Run one measured piece of work in this process and print what it cost as JSON.

A process of its own for each, so that peak memory is its own.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.inputs import INPUTS, made_up
from estran.trace import Evidence, Trace

Work = Callable[[], object]

STAGES = {
    "cleaned": "clean", "segment": "segment", "trimmed": "segment", "legs": "modes",
    "reasons_of": "entries", "entries_of": "entries", "price": "carbon",
}  # fmt: skip
"""Under which name the time of each function that ``analyse`` composes is told."""

spent_s: dict[str, float] = defaultdict(float)
"""CPU time by stage, filled by :func:`timed`."""


def timed(function: Callable[..., Any], stage: str) -> Callable[..., Any]:
    """Count the CPU time of a function under a stage; a generator is run to its end."""

    def run(*args: Any, **kwargs: Any) -> Any:
        began = time.process_time()
        result = function(*args, **kwargs)
        result = list(result) if function.__name__ == "entries_of" else result
        spent_s[stage] += time.process_time() - began
        return result

    return run


def ours(source: str, n: int) -> tuple[Work, int]:
    """Analyse from arrays to a journal: clean, stays, trips, legs, modes, paths, carbon."""
    from estran import analyse, modes
    from estran.carbon import factor_set

    factors = factor_set()
    analyse.analyse(made_up(50_000), factors=factors)  # the kernels are read from their cache
    for name, stage in STAGES.items():
        owner = modes if hasattr(modes, name) else analyse
        setattr(owner, name, timed(getattr(owner, name), stage))
    seen = INPUTS[source](n)
    return (lambda: analyse.analyse(seen, factors=factors)), n


def stream(source: str, n: int) -> tuple[Work, int]:
    """Analyse year after year, month by month: memory is that of one month."""
    from estran.analyse import analyse_report
    from estran.stream import Stream, months_of

    analyse_report(made_up(50_000))
    lap = INPUTS[source](1_000_000)
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


def trackintel(source: str, n: int) -> tuple[Work, int]:
    """Do the peer's chain: staypoints, triplegs, trips, coarse mode."""
    import geopandas as gpd
    import pandas as pd
    import trackintel as ti

    trace = INPUTS[source](n).trace
    frame = pd.DataFrame(
        {"user_id": 0, "tracked_at": pd.to_datetime(trace.time_us, unit="us", utc=True)}
    )
    places = gpd.points_from_xy(trace.lon_deg, trace.lat_deg)
    fixes = ti.io.read_positionfixes_gpd(
        gpd.GeoDataFrame(frame, geometry=places, crs="EPSG:4326"), geom_col="geometry"
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


def movingpandas(source: str, n: int) -> tuple[Work, int]:
    """Do the peer's nearest: stops found, trajectories split at them."""
    from datetime import timedelta

    import geopandas as gpd
    import movingpandas as mpd
    import pandas as pd

    trace = INPUTS[source](n).trace
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


def read(path: str, _: int) -> tuple[Work, int]:
    """Read a file into arrays, as an import does, and analyse it; reading is timed apart."""
    from estran.analyse import analyse
    from estran.carbon import factor_set
    from estran.formats.bring import bring
    from estran.formats.gather import Gatherer
    from estran.formats.reading import Batch

    factors = factor_set()
    analyse(made_up(50_000), factors=factors)

    def taken() -> Evidence:
        gatherer = Gatherer()
        with Path(path).open("rb") as stream:
            for item in bring(Path(path).name, stream):
                if isinstance(item, Batch):
                    gatherer.add(item)
        return gatherer.finish()

    def run() -> object:
        seen = timed(taken, "read")()
        spent_s["read_peak_mib"] = _peak_mib()
        analyse(seen, factors=factors)
        return seen

    return run, 0


def _peak_mib() -> float:
    """Give this process's own peak: ``ru_maxrss`` would begin at that of its parent."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


WORKS = {
    "estran": ours, "estran by month": stream, "trackintel": trackintel,
    "movingpandas": movingpandas, "read": read,
}  # fmt: skip


def main(argv: list[str]) -> None:
    """Measure what is named: who, on what, how many points."""
    name, source, n = argv
    work, known = WORKS[name](source, int(n))
    gc.freeze()  # what was loaded is not gone over again, as in the command line
    before_mib = _peak_mib()
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak_mib = _peak_mib()
    points = len(result.trace) if isinstance(result, Evidence) else known
    print(
        json.dumps(
            {
                "name": name, "points": points, "wall_s": wall, "cpu_s": cpu, **spent_s,
                "peak_mib": peak_mib, "before_mib": before_mib,
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
