"""``python -m bench.timetable [FEED ...]``: what a question to a timetable costs.

A made-up town of 40 lines, every 10 minutes both ways, and feeds named.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from estran.coach.alternatives import Asked
from estran.coach.by_timetable import asker
from estran.feeds.timetable import read_timetable
from estran.journal import Place
from estran.network.scanning import lay_timetable
from estran.network.timetable import Timetable

N_QUESTIONS = 50


def town() -> Timetable:
    """Lay 20 lines north and 20 east over a grid of 20 by 20 stops, 400 m apart."""
    stop = np.arange(400).reshape(20, 20)
    ways = [*stop, *stop.T]
    ways = [*ways, *(way[::-1] for way in ways)]
    starts_s = np.arange(5 * 3600, 23 * 3600, 600)
    rows = [
        (run, way[i], way[i + 1], start_s + i * 90, start_s + i * 90 + 80)
        for run, (way, start_s) in enumerate((w, s) for w in ways for s in starts_s.tolist())
        for i in range(19)
    ]
    columns = np.array(rows)
    columns = columns[np.argsort(columns[:, 3], kind="stable")]
    n_runs = len(ways) * len(starts_s)
    lat, lon = np.divmod(np.arange(400), 20)
    return Timetable(
        46_160_000 + lat * 3600, -1_150_000 + lon * 5200, np.zeros(n_runs),
        np.full(n_runs, 127), *columns.T,
    )  # fmt: skip


def measure(name: str, table: Timetable) -> None:
    """Print the time of laying out and of questions between stops taken by chance."""
    start_s = time.process_time()
    laid = lay_timetable(table)
    lay_s = time.process_time() - start_s
    ask, some = asker(laid), np.random.default_rng(1)
    took_ms, n_found = [], 0
    for _ in range(N_QUESTIONS):
        a, b = some.integers(laid.lat_deg.size, size=2)
        asked = Asked(*(Place(laid.lat_deg[i], laid.lon_deg[i]) for i in (a, b)), 1, 8.0)
        start_s = time.process_time()
        n_found += not isinstance(ask(asked), str)
        took_ms.append((time.process_time() - start_s) * 1e3)
    middle, worst = np.percentile(took_ms, [50, 95])
    print(
        f"{name}: {table.run.size} connections, laid out in {lay_s:.2f} s; "
        f"a question {middle:.1f} ms (95 %: {worst:.1f} ms), {n_found} of {N_QUESTIONS} found"
    )


if __name__ == "__main__":
    measure("a made-up town", town())
    for path in map(Path, sys.argv[1:]):
        read = read_timetable(path)
        if read is not None:
            measure(path.name, read)
