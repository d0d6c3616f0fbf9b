"""Labelled recordings of the shared data sets, as evidence and truth.

Truth never reaches the engine: stop and mode columns are taken off before a file is read.
``MOBILITYNET_MODES`` and its likes tell under which mode each label is scored.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from estran.clean import clean
from estran.formats.bring import bring
from estran.formats.gather import Gatherer
from estran.formats.reading import Batch
from estran.geo._kernels import near_m
from estran.geo.distance import step_lengths_m
from estran.geo.lines import STEP_M
from estran.journal import Mode
from estran.scoring import LabelledLeg, LabelledTrip, Odometer
from estran.trace import Activities, Evidence, Motion, Source, Trace

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
"""Where the labelled sets are; not part of the repository."""

US = 1_000_000

MOBILITYNET_MODES: Mapping[str, str] = {
    "WALKING": Mode.WALK,
    "BICYCLING": Mode.BIKE,
    "E_BIKE": Mode.BIKE,
    "E_SCOOTER": Mode.E_SCOOTER,
    "ESCOOTER": Mode.E_SCOOTER,
    "CAR": Mode.CAR,
    "BUS": Mode.BUS,
    "BUS_RAPID_TRANSIT": Mode.BUS,
    "EXPRESS_BUS": Mode.BUS,
    "TRAIN": Mode.TRAIN,
    "COMMUTER_TRAIN": Mode.TRAIN,
    "SUBWAY": Mode.METRO,
    "LIGHT_RAIL": Mode.TRAM,
    "STOPPED": Mode.WAIT,
    "WAITING": Mode.WAIT,
}
UTRECHT_MODES: Mapping[str, str] = {
    "Walk": Mode.WALK,
    "Bike": Mode.BIKE,
    "Car": Mode.CAR,
    "Bus": Mode.BUS,
    "Tram": Mode.TRAM,
    "Metro": Mode.METRO,
    "Train": Mode.TRAIN,
    "Ferry": Mode.FERRY,
}
GEOLIFE_MODES: Mapping[str, str] = {
    "walk": Mode.WALK,
    "run": Mode.WALK,
    "bike": Mode.BIKE,
    "car": Mode.CAR,
    "taxi": Mode.CAR,
    "motorcycle": Mode.MOTORCYCLE,
    "bus": Mode.BUS,
    "subway": Mode.METRO,
    "train": Mode.TRAIN,
    "boat": Mode.FERRY,
    "airplane": Mode.PLANE,
}


@dataclass(frozen=True, slots=True)
class Recording:
    """One device's recording with what truly happened in it."""

    key: str
    person: str
    """Whose months it is part of: a phone, an account, somebody of the set."""
    group: str
    """Who is told apart in the tables: ``android``, ``ios``, ``android-control``..."""
    part: str
    """``fit`` when parameters may be fitted on it, ``report`` otherwise."""
    evidence: Evidence
    true: tuple[LabelledTrip, ...]
    start_us: int
    end_us: int
    stationary: bool = False


def read(name: str, content: bytes) -> Evidence:
    """Read a file the way a person's file is read."""
    gatherer = Gatherer()
    for item in bring(name, io.BytesIO(content)):
        if isinstance(item, Batch):
            gatherer.add(item)
    return gatherer.finish()


def _true_trips(run: Mapping[str, Any]) -> tuple[LabelledTrip, ...]:
    return tuple(
        LabelledTrip(
            round(trip["start_ts"] * US),
            round(trip["end_ts"] * US),
            tuple(
                LabelledLeg(
                    round(leg["start_ts"] * US),
                    round(leg["end_ts"] * US),
                    Mode.WAIT if leg["type"] == "WAITING" else MOBILITYNET_MODES[leg["mode"]],
                )
                for leg in trip["sections"]
            ),
        )
        for trip in run["trips"]
    )


def _group_of(phone: str) -> str:
    device = "android" if "android" in phone else "ios"
    return device if phone[-1] in "23" else f"{device}-control"


def mobilitynet(root: Path = DATA / "mobilitynet") -> Iterator[Recording]:
    """Read MobilityNet: even runs may be fitted on, odd runs are for reporting.

    Phones 2 and 3 are used as in real life; 1 is a control of accuracy. Phone-runs without
    a position are left out, as in e-mission's figures.
    """
    truth = json.loads((root / "ground_truth.json").read_text("utf-8"))
    for entry in json.loads((root / "index.json").read_text("utf-8")):
        counts = entry["counts"]
        stationary = "stationary" in entry["spec"]
        if counts.get("location", 0) < (1 if stationary else MIN_POSITIONS):
            continue
        run = None if entry.get("run") is None else truth[entry["spec"]]["runs"][entry["run"]]
        if run is None and not stationary:
            continue
        evidence = read(Path(entry["path"]).name, (root / entry["path"]).read_bytes())
        start_s, end_s = (float(text) for text in entry["range"].split("_"))
        yield Recording(
            key=f"{entry['spec'][:9]}/{entry['phone'][8:]}/{entry.get('run')}",
            person=entry["phone"],
            group=_group_of(entry["phone"]),
            part="fit" if run is None or entry["run"] % 2 == 0 else "report",
            evidence=evidence,
            true=() if run is None else _true_trips(run),
            start_us=round(start_s * US),
            end_us=round(end_s * US),
            stationary=stationary,
        )


MIN_POSITIONS = 20
"""Power controls record a handful of network positions by design: nothing to judge."""


def _instant_us(text: str) -> int:
    return round(datetime.fromisoformat(text).astimezone(UTC).timestamp() * US)


@dataclass(slots=True)
class _Runs:
    """Joins rows of one label into legs, and legs close to each other into trips.

    With ``stop_us`` the label of stillness is a statement: a stop that long ends a trip, and
    missing rows end none before ``gap_us``. Without it unlabelled time says nothing.
    """

    gap_us: int
    rows: list[tuple[int, int, str]]
    stop_us: int | None = None

    def add(self, time_us: int, mode: str) -> None:
        if self.rows and self.rows[-1][2] == mode and time_us - self.rows[-1][1] <= self.gap_us:
            self.rows[-1] = (self.rows[-1][0], time_us, mode)
        else:
            self.rows.append((time_us, time_us, mode))

    def trips(self) -> tuple[LabelledTrip, ...]:
        out: list[list[LabelledLeg]] = []
        stopped = False
        for start, end, mode in self.rows:
            if not mode:
                stopped |= self.stop_us is not None and end - start >= self.stop_us
                continue
            leg = LabelledLeg(start, end, mode)
            if out and not stopped and start - out[-1][-1].end_us <= self.gap_us:
                out[-1].append(leg)
            else:
                out.append([leg])
            stopped = False
        return tuple(LabelledTrip(legs[0].start_us, legs[-1].end_us, tuple(legs)) for legs in out)


UTRECHT_GAP_US = 1800 * US
"""Rows are missing where the phone was silent: the diary's move goes on for this long."""
UTRECHT_STOP_US = 290 * US
"""A stop of the diary that is 5 minutes long (and loses a row at each end) is somewhere to
be: the diary calls waits for a connection walks."""
UTRECHT_MOVE_US = 60 * US
"""A shorter trip is a stray row of a day without a diary."""
UTRECHT_BESIDE_US = 600 * US
"""The diary speaks from its first move to its last, and this long on both sides."""


UTRECHT_LEFT = ("Utrecht2-2024-06-08",)
"""Phones that were not carried: this one drives off while the walker of the diary, whom the
other phone follows, is up to 12 km away from it."""


UTRECHT_FIT_FROM = "2024-06-20"
"""Days of one journey by two phones, fitted on; no way of an earlier day is the same."""


def _diary(rows: Iterable[Mapping[str, str]]) -> tuple[LabelledTrip, ...]:
    """Read the moves of a day's diary; none when nobody kept one."""
    runs = _Runs(UTRECHT_GAP_US, [], UTRECHT_STOP_US)
    for row in rows:
        mode = "" if row["stop"] == "TRUE" else UTRECHT_MODES[row["mode"]]
        runs.add(_instant_us(row["timestamp"]), mode)
    return tuple(t for t in runs.trips() if t.end_us - t.start_us >= UTRECHT_MOVE_US)


def utrecht(root: Path = DATA / "utrecht") -> Iterator[Recording]:
    """Read Utrecht: days from 20 June may be fitted on, those before are for reporting.

    The diary's stop and mode columns are taken off.

    Where nobody kept a diary all rows are called stops, rides over many kilometres too:
    such days, and the hours before and after a day's diary, are not judged.
    """
    for path in sorted(root.glob("*.csv.gz")):
        bare = io.StringIO()
        writer = csv.writer(bare)
        writer.writerow(("timestamp", "latitude", "longitude"))
        with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
            rows = list(csv.DictReader(text))
        for row in rows:
            writer.writerow((row["timestamp"], row["latitude"], row["longitude"]))
        true = _diary(rows)
        evidence = read(path.name.removesuffix(".gz"), bare.getvalue().encode())
        key = path.name.removeprefix("ssi_open_geodata-").removesuffix(".csv.gz")
        if len(evidence.trace) < MIN_POSITIONS or not true or key in UTRECHT_LEFT:
            continue
        yield Recording(
            key=key,
            person=key.partition("-")[0],
            group="utrecht",
            part="fit" if key.partition("-")[2] >= UTRECHT_FIT_FROM else "report",
            evidence=evidence,
            true=true,
            start_us=true[0].start_us - UTRECHT_BESIDE_US,
            end_us=true[-1].end_us + UTRECHT_BESIDE_US,
        )


GEOLIFE_GAP_US = 300 * US


def geolife(root: Path = DATA / "geolife") -> Iterator[Recording]:
    """Read Geolife: evaluation only, its licence forbids to fit what ships on it."""
    for path in sorted(root.glob("*.csv.gz")):
        bare, runs = io.StringIO(), _Runs(GEOLIFE_GAP_US, [])
        writer = csv.writer(bare)
        writer.writerow(("timestamp", "latitude", "longitude"))
        first_us = last_us = None
        with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
            for row in csv.DictReader(text):
                time_us = round(float(row["t"]) * US)
                writer.writerow((row["t"], row["lat"], row["lon"]))
                runs.add(time_us, GEOLIFE_MODES.get(row["mode"], ""))
                first_us, last_us = first_us or time_us, time_us
        if first_us is None or last_us is None or not runs.trips():
            continue
        yield Recording(
            key=path.name.removesuffix(".csv.gz"),
            person=path.name.partition("_")[0],
            group="geolife",
            part="report",
            evidence=read(path.name.removesuffix(".gz"), bare.getvalue().encode()),
            true=runs.trips(),
            start_us=first_us,
            end_us=last_us,
        )


AALTO_MODES: Mapping[str, str] = {
    "car": Mode.CAR,
    "bus": Mode.BUS,
    "tram": Mode.TRAM,
    "subway": Mode.METRO,
    "train": Mode.TRAIN,
}
AALTO_MOTIONS: Mapping[str, Motion] = {
    "STILL": Motion.STILL,
    "WALKING": Motion.WALK,
    "ON_FOOT": Motion.ON_FOOT,
    "RUNNING": Motion.RUN,
    "ON_BICYCLE": Motion.BIKE,
    "IN_VEHICLE": Motion.VEHICLE,
    "TILTING": Motion.TILTING,
}


def _aalto_evidence(points: list[Mapping[str, Any]]) -> Evidence:
    at_us = [round(p["t"].timestamp() * US) for p in points]
    trace = Trace.of(
        at_us,
        [p["lat"] for p in points],
        [p["lon"] for p in points],
        accuracy_m=[p["accuracy"] for p in points],
    )
    said = [
        (time_us, int(AALTO_MOTIONS[p[f"activity_{i}"]]), p[f"activity_{i}_conf"] / 100)
        for time_us, p in zip(at_us, points, strict=True)
        for i in (1, 2, 3)
        if p[f"activity_{i}"] in AALTO_MOTIONS
    ]
    columns = np.array(said, float).reshape(-1, 3).T
    activities = Activities(
        columns[0].astype(np.int64),
        columns[1].astype(np.int8),
        columns[2].astype(np.float32),
        np.zeros(len(said), np.int16),
    )
    return Evidence(trace=trace, activities=activities, sources=(Source("aalto", "aalto"),))


AALTO_GAP_US = 1200 * US


def aalto(root: Path = DATA / "aalto") -> Iterator[Recording]:
    """Read Aalto, where pyarrow is installed: odd persons may be fitted on.

    Only logged vehicle legs have a truth: walks between them are inside a trip without a
    label, and trips end to end cannot be judged.
    """
    try:
        parquet = import_module("pyarrow.parquet")
    except ImportError:
        return
    points = parquet.read_table(root / "aalto_points.parquet").to_pylist()
    legs = parquet.read_table(root / "aalto_legs.parquet").to_pylist()
    for user in sorted({p["user"] for p in points}):
        mine = sorted((p for p in points if p["user"] == user), key=lambda p: p["t"])
        evidence = _aalto_evidence(mine)
        rides: list[list[LabelledLeg]] = []
        for leg in sorted((g for g in legs if g["user"] == user), key=lambda g: g["start"]):
            start, end = (round(leg[k].timestamp() * US) for k in ("start", "end"))
            label = LabelledLeg(start, end, AALTO_MODES[leg["mode"]])
            if rides and start - rides[-1][-1].end_us <= AALTO_GAP_US:
                rides[-1].append(label)
            else:
                rides.append([label])
        yield Recording(
            key=f"aalto/{user}",
            person=f"aalto/{user}",
            group="aalto",
            part="fit" if user % 2 else "report",
            evidence=evidence,
            true=tuple(LabelledTrip(r[0].start_us, r[-1].end_us, tuple(r)) for r in rides),
            start_us=int(evidence.trace.time_us[0]),
            end_us=int(evidence.trace.time_us[-1]),
        )


SETS = {"mobilitynet": mobilitynet, "utrecht": utrecht, "geolife": geolife, "aalto": aalto}


def odometer_of(evidence: Evidence) -> Odometer | None:
    """Make the function that tells metres travelled at instants, along the cleaned fixes.

    Fixes closer than 20 m to the last one counted are passed over, as in the engine: the
    trembling of a phone is no way travelled.
    """
    trace = clean(evidence).trace
    if len(trace) == 0:
        return None
    kept = [0]
    lat, lon = trace.lat_deg.tolist(), trace.lon_deg.tolist()
    for row in range(1, len(lat)):
        last = kept[-1]
        if near_m(lat[last], lon[last], lat[row], lon[row]) >= STEP_M:
            kept.append(row)
    rows = np.array(kept)
    steps_m = step_lengths_m(trace.lat_deg[rows], trace.lon_deg[rows])
    along_m = np.concatenate([[0.0], np.cumsum(steps_m)])
    return lambda at_us: np.interp(at_us, trace.time_us[rows], along_m)


def limited(recordings: Iterable[Recording], limit: int | None) -> Iterator[Recording]:
    """Stop after ``limit`` recordings."""
    for n, recording in enumerate(recordings):
        if limit is not None and n >= limit:
            return
        yield recording
