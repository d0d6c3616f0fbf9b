"""``python -m bench.formats``: reading speed of each format beside its best-known libraries.

Ours is the whole of an import's reading: known by content, every field checked, gathered as
evidence. A peer's is its own reading of the file and the sum of its latitudes.
"""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

PEERS: dict[str, tuple[str, ...]] = {
    "track.fit": ("garmin_fit_sdk", "fitdecode", "fitparse"),
    "track.gpx": ("gpxpy",),
    "track.tcx": ("tcxreader", "tcxparser"),
    "track.nmea": ("pynmea2",),
    "track.kml": ("fastkml",),
    "Records.json": ("json", "ijson"),
    "export.xml": (),
}
SIZES = {
    "track.fit": 20_000, "track.gpx": 100_000, "track.tcx": 50_000, "track.nmea": 50_000,
    "track.kml": 50_000, "Records.json": 200_000, "export.xml": 200,
}  # fmt: skip
"""Positions; megabytes for Apple Health."""

# Where somebody put them; they are no part of the repository.
REAL = ("fit/garmin-edge-500-activity.fit", "fit/2019-02-17-062644-ELEMNT-297E-195-0.fit")


def estran(path: str) -> int:
    from estran.formats.bring import bring
    from estran.formats.gather import Gatherer
    from estran.formats.reading import Batch

    gatherer = Gatherer()
    with Path(path).open("rb") as stream:
        for item in bring(Path(path).name, stream):
            if isinstance(item, Batch):
                gatherer.add(item)
    evidence = gatherer.finish()
    return len(evidence.trace) or len(evidence.claims)


def garmin_fit_sdk(path: str) -> int:
    from garmin_fit_sdk import Decoder, Stream

    messages, _ = Decoder(Stream.from_file(path)).read()
    return sum(1 for m in messages["record_mesgs"] if m.get("position_lat") is not None)


def fitdecode(path: str) -> int:
    import fitdecode as peer

    n = 0
    with peer.FitReader(path) as reader:
        for frame in reader:
            if frame.frame_type == peer.FIT_FRAME_DATA and frame.name == "record":
                n += frame.get_value("position_lat", fallback=None) is not None
    return n


def fitparse(path: str) -> int:
    import fitparse as peer

    return sum(1 for m in peer.FitFile(path).get_messages("record") if m.get_value("position_lat"))


def gpxpy(path: str) -> int:
    import gpxpy as peer

    with Path(path).open(encoding="utf-8") as text:
        points = list(peer.parse(text).walk(only_points=True))
    return len(points) if sum(p.latitude for p in points) else 0


def tcxreader(path: str) -> int:
    from tcxreader.tcxreader import TCXReader

    points = TCXReader().read(path).trackpoints
    return len(points) if sum(p.latitude for p in points) else 0


def tcxparser(path: str) -> int:
    from tcxparser import TCXParser

    points = TCXParser(path).position_values()
    return len(points) if sum(p[0] for p in points) else 0


def pynmea2(path: str) -> int:
    import pynmea2 as peer

    n, total = 0, 0.0
    with Path(path).open(encoding="ascii") as lines:
        for line in lines:
            said = peer.parse(line, check=True)
            total += said.latitude
            n += said.sentence_type == "RMC"
    return n if total else 0


def fastkml(path: str) -> int:
    from fastkml import KML
    from fastkml.gx import Track
    from fastkml.utils import find_all

    tracks = find_all(KML.parse(path), of_type=Track)
    return sum(len(track.geometry.coords) for track in tracks)


def json_(path: str) -> int:
    with Path(path).open("rb") as stream:
        rows = json.load(stream)["locations"]
    return len(rows) if sum(row["latitudeE7"] for row in rows) else 0


def ijson(path: str) -> int:
    import ijson as peer

    n, total = 0, 0.0
    with Path(path).open("rb") as stream:
        for row in peer.items(stream, "locations.item"):
            n, total = n + 1, total + float(row["latitudeE7"])
    return n if total else 0


WORKS: dict[str, Callable[[str], int]] = {
    "estran": estran, "garmin_fit_sdk": garmin_fit_sdk, "fitdecode": fitdecode,
    "fitparse": fitparse, "gpxpy": gpxpy, "tcxreader": tcxreader, "tcxparser": tcxparser,
    "pynmea2": pynmea2, "fastkml": fastkml, "json": json_, "ijson": ijson,
}  # fmt: skip


def run(name: str, path: str, warm: str) -> None:
    """Do one piece of work in this process; a small file before it loads what is loaded once."""
    if warm:
        WORKS[name](warm)
    gc.freeze()
    began = time.process_time()
    n = WORKS[name](path)
    cpu_s = time.process_time() - began
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    print(json.dumps({"n": n, "cpu_s": cpu_s, "peak_mib": int(peak.split()[1]) / 1024}))


def measure(name: str, path: Path, warm: Path | None) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.formats", "--run", name, str(path), str(warm or "")],
        capture_output=True, text=True, check=False, timeout=3600,
    )  # fmt: skip
    if done.returncode:
        # What a peer cannot read is told, and the others go on.
        print(f"{name:16}  fails: {(done.stderr.strip().splitlines() or ['?'])[-1][:80]}")
        return {}
    figures: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def compare(kind: str, path: Path, warm: Path | None) -> None:
    """Print a table of ours and the peers' on one file."""
    print(f"\n{path.name}: {path.stat().st_size / 1e6:,.1f} MB")
    print(
        f"{'who':16}{'rows':>10}{'CPU s':>9}{'rows/s':>12}{'MB/s':>8}{'peak MiB':>10}"
        f"{'ours is':>14}"
    )
    own_s = 0.0
    for name in ("estran", *PEERS[kind]):
        if name not in {"estran", "json"} and find_spec(name) is None:
            print(f"{name:16}  not installed (make bench installs the peers)")
            continue
        got = measure(name, path, warm)
        if not got:
            continue
        own_s = own_s or got["cpu_s"]
        ratio = f"{got['cpu_s'] / own_s:,.1f} times" if name != "estran" else ""
        print(
            f"{name:16}{got['n']:>10,}{got['cpu_s']:>9.3f}{got['n'] / got['cpu_s']:>12,.0f}"
            f"{path.stat().st_size / 1e6 / got['cpu_s']:>8.1f}{got['peak_mib']:>10.0f}{ratio:>14}",
            flush=True,
        )


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(prog="python -m bench.formats", description=__doc__)
    parser.add_argument("--run", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--only", choices=PEERS, action="append", help="only such files")
    parser.add_argument("--share", type=float, default=1.0, help="smaller or larger files")
    given = parser.parse_args()
    if given.run:
        run(*given.run)
        return
    # The measured processes do without what writes their files.
    from bench.formats_inputs import WRITERS
    from bench.truth import DATA

    fixtures = DATA / "import-fixtures"
    with tempfile.TemporaryDirectory() as folder:
        for kind in given.only or WRITERS:
            path, warm = Path(folder) / kind, Path(folder) / f"small-{kind}"
            WRITERS[kind](path, max(1, round(SIZES[kind] * given.share)))
            WRITERS[kind](warm, 1 if kind == "export.xml" else 200)
            compare(kind, path, warm)
            path.unlink()
        if not given.only and fixtures.is_dir():
            for name in REAL:
                compare("track.fit", fixtures / name, Path(folder) / "small-track.fit")


if __name__ == "__main__":
    main()
