"""What is measured on: the made-up year, recordings of Geolife, and files of either."""

from __future__ import annotations

import csv
import gzip
import sys
from pathlib import Path

import numpy as np

from bench.truth import DATA
from estran.example import year
from estran.timebase import iso_utc
from estran.trace import Evidence, Source, Trace

GEOLIFE = DATA / "geolife"
"""Days of Geolife, where somebody put them; not part of the repository."""

DAY_S = 86_400.0


def made_up(n: int, *, moving_step_s: float = 5.0) -> Evidence:
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


def _day(path: Path) -> np.ndarray:
    with gzip.open(path, "rt", encoding="ascii", newline="") as text:
        rows = csv.reader(text)
        next(rows)
        return np.array([row[:3] for row in rows], float)


def geolife(n: int) -> Evidence:
    """Take n fixes of Geolife, as if one person had recorded them: persons follow each other."""
    parts: list[np.ndarray] = []
    have, shift_s, person = 0, 0.0, ""
    for path in sorted(GEOLIFE.glob("*.csv.gz")):
        if have >= n:
            break
        day = _day(path)
        day = day[np.abs(day[:, 1]) <= 90.0]  # one fix of the set is not on this globe
        whose = path.name.partition("_")[0]
        if parts and whose != person:
            shift_s = (parts[-1][-1, 0] - day[0, 0]) // DAY_S * DAY_S + 2 * DAY_S
        person = whose
        day[:, 0] += shift_s
        parts.append(day)
        have += len(day)
    rows = np.concatenate(parts)[:n]
    time_us = np.round(rows[:, 0] * 1e6).astype(np.int64)
    return Evidence(Trace.of(time_us, rows[:, 1], rows[:, 2]), sources=(Source("geolife", "csv"),))


def thinned(n: int, *, step_s: float = 30.0) -> Evidence:
    """Take n fixes of Geolife that are at least 30 s apart, as a phone saves its battery."""
    seen = geolife(sys.maxsize)
    kept, last_us = [], -(2**62)
    for row, time_us in enumerate(seen.trace.time_us.tolist()):
        if time_us - last_us >= step_s * 1e6:
            kept.append(row)
            last_us = time_us
    return Evidence(seen.trace.take(np.array(kept[:n])), sources=seen.sources)


INPUTS = {
    "5s": made_up,
    "1s": lambda n: made_up(n, moving_step_s=1.0),
    "30s": lambda n: made_up(n, moving_step_s=30.0),
    "geolife": geolife,
    "geolife-30s": thinned,
}
"""Made-up fixes so far apart while moving (and two minutes while still), or real ones."""

HEADS = {
    "csv": "timestamp,latitude,longitude,accuracy\n",
    "gpx": '<?xml version="1.0"?>\n<gpx version="1.1" creator="bench" '
    'xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>\n',
}
ROWS = {
    "csv": "{time},{lat:.7f},{lon:.7f},{accuracy:.0f}\n",
    "gpx": '<trkpt lat="{lat:.7f}" lon="{lon:.7f}"><time>{time}</time></trkpt>\n',
}
TAILS = {"csv": "", "gpx": "</trkseg></trk></gpx>\n"}


def write_track(path: Path, *, n: int) -> None:
    """Write n fixes of the made-up year as a CSV or a GPX, by the ending of the name."""
    kind = path.suffix.removeprefix(".")
    trace = made_up(n).trace
    columns = (trace.time_us, trace.lat_deg, trace.lon_deg, trace.accuracy_m)
    with path.open("w", encoding="ascii") as out:
        out.write(HEADS[kind])
        for time_us, lat, lon, accuracy in zip(*(c.tolist() for c in columns), strict=True):
            out.write(ROWS[kind].format(time=iso_utc(time_us), lat=lat, lon=lon, accuracy=accuracy))
        out.write(TAILS[kind])
