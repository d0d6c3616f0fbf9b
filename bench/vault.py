"""``python -m bench.vault``: what sealing costs, in bytes and in time.

One site in processes of its own on loopback, with real Argon2: a person brings a million
points, signs in again and opens the journal; then there are ten thousand neighbours and some
people look at their pages. Each figure is beside a peer's or beside its target.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from tests.web.site import PASSWORD, Browser, Site, children_of, running, wait_for

from bench.inputs import GEOLIFE, geolife, made_up, write_track
from estran.trace import Evidence, Positions
from estran.vault.keys import create_vault, open_slot, passphrase_slot
from estran.vault.store import new_meta
from estran.web.store import FileVaultStore, OpenVault

TARGET_OPENING_S, TARGET_POSITION_BYTES, TARGET_PAGE_S = 1.0, 12.0, 0.2
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
COLUMNS = ("time_us", "lat_deg", "lon_deg", "accuracy_m", "altitude_m", "speed_mps")


@dataclass(frozen=True, slots=True)
class Cost:
    """What something took: by the clock on the wall, and of the site's processors."""

    wall_s: float
    cpu_s: float

    def __str__(self) -> str:
        """Both, in milliseconds."""
        return f"{self.wall_s * 1e3:,.0f} ms ({self.cpu_s * 1e3:,.0f} ms of CPU)"


def _must(is_so: bool, what: str) -> None:
    """Stop where what is measured is not what is meant to be."""
    if not is_so:
        sys.exit(f"not so: {what}")


def _pages_cpu_s(site: Site) -> float:
    """Sum the CPU time of the processes that answer pages. [s]"""
    web = [p for p, line in site.children().items() if "running.serve" in line]
    ticks = 0
    for pid in (pid for root in web for pid in (root, *children_of(root))):
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICKS_PER_S


def cost_of(site: Site, work: Callable[[], object]) -> Cost:
    """Do something and tell what it took."""
    cpu_s, began_s = _pages_cpu_s(site), time.perf_counter()
    work()
    return Cost(time.perf_counter() - began_s, _pages_cpu_s(site) - cpu_s)


# Bytes ---------------------------------------------------------------------------------------


def _raw_bytes(seen: Evidence) -> int:
    return sum(8 * len(seen.trace) for _ in COLUMNS)


def _parquet_bytes(seen: Evidence) -> int | None:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        return None
    sink = io.BytesIO()
    table = pa.table({name: getattr(seen.trace, name) for name in COLUMNS})
    pq.write_table(table, sink, compression="zstd", compression_level=19)
    return len(sink.getvalue())


def _sqlite_bytes(seen: Evidence, folder: Path) -> int:
    path = folder / "rows.sqlite3"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE fix (t INTEGER, lat REAL, lon REAL, acc REAL, alt, v)")
        rows = zip(*(getattr(seen.trace, name).tolist() for name in COLUMNS), strict=True)
        database.executemany("INSERT INTO fix VALUES (?, ?, ?, ?, ?, ?)", rows)
    return path.stat().st_size


def _sealed_bytes(seen: Evidence, folder: Path) -> tuple[int, float, float]:
    """Give the size of a vault with these positions alone, and CPU to add and to read. [s]"""
    store, keys = FileVaultStore(folder / "vaults"), create_vault()
    store.create(keys.vault_id, new_meta(keys))
    vault = OpenVault(store, keys.vault_id, keys.vault_key)
    positions = Positions(
        **{name: getattr(seen.trace, name) for name in Positions.__dataclass_fields__}
    )
    began_s = time.process_time()
    vault.add_positions(seen.sources[0], positions, import_id="bench")
    added_s, began_s = time.process_time() - began_s, time.process_time()
    n = len(vault.evidence().trace)
    read_s = time.process_time() - began_s
    _must(n > 0.99 * len(seen.trace), "only rows told twice may be fewer")
    [path] = [p for p in (folder / "vaults").rglob("*.vault") if p.stat().st_size > 1 << 14]
    return path.stat().st_size, added_s, read_s


def storage(n: int) -> None:
    """Print what a position takes, sealed and beside peers."""
    print(f"\nBytes a position (target: under {TARGET_POSITION_BYTES:.0f} sealed)")
    print(f"{'what':34}{'points':>11}{'sealed':>8}{'float64':>9}{'parquet zstd':>14}{'SQLite':>8}")
    for name, seen in _inputs(n):
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            n_here = len(seen.trace)
            sealed, added_s, read_s = _sealed_bytes(seen, folder)
            peers = (_raw_bytes(seen), _parquet_bytes(seen), _sqlite_bytes(seen, folder))
            told = "".join(
                f"{p / n_here:{w}.1f}" if p else f"{'-':>{w}}"
                for p, w in zip(peers, (9, 14, 8), strict=True)
            )
            print(f"{name:34}{n_here:>11,}{sealed / n_here:>8.2f}{told}")
            ratios = ", ".join(f"1/{p / sealed:.1f}" for p in peers if p)
            print(
                f"  sealed is {ratios} of these; added at {n_here / added_s:,.0f} a CPU second, "
                f"read back at {n_here / read_s:,.0f}",
                flush=True,
            )


def _inputs(n: int) -> Iterator[tuple[str, Evidence]]:
    yield "made-up year, a fix every 5 s", made_up(n)
    yield "made-up year, a fix every 30 s", made_up(n, moving_step_s=30.0)
    if GEOLIFE.is_dir():
        yield "Geolife", geolife(n)


# Time ----------------------------------------------------------------------------------------


def key_cost() -> float:
    """Measure what the password's stretching takes of one core. [s]"""
    slot = passphrase_slot(bytes(32), "v", PASSWORD)
    began_s = time.process_time()
    open_slot(slot, "v", PASSWORD)
    return time.process_time() - began_s


def _e_mail(who: Browser) -> str:
    page = who.ask("GET", "/settings/")[2].decode()
    found = re.search(r"[0-9a-f]{32}@example\.org", page)
    _must(found is not None, "the settings tell the address")
    return found[0] if found else ""


def _brought(who: Browser, name: str, content: bytes) -> None:
    address = who.bring((name, content))
    done = wait_for(lambda: (p := who.progress(address)) and p["is_over"] and p, 3600)
    _must(done["state"] == "done", "the import is done")


def million(site: Site, n: int) -> None:
    """Bring n points, then measure sign-in to the journal's first screen."""
    who = Browser(site).sign_up()
    email = _e_mail(who)
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "track.csv"
        write_track(path, n=n)
        content = path.read_bytes()
    address: list[str] = []
    up = cost_of(site, lambda: address.append(who.bring(("track.csv", content))))
    began_s = time.perf_counter()
    wait_for(lambda: who.progress(address[0])["is_over"], 3600)
    size_mb = len(content) / 1e6
    print(f"\nA vault of {n:,} points ({size_mb:.0f} MB of CSV)")
    print(f"  upload, sealed as it arrives: {up}; {size_mb / up.wall_s:,.0f} MB/s")
    print(f"  until the journal is made: {time.perf_counter() - began_s:.0f} s")
    _opening(site, email)


def _opening(site: Site, email: str) -> None:
    """Sign in on a fresh browser and follow to the day, five times."""
    costs = []
    for _ in range(5):
        fresh = Browser(site)
        fresh.ask("GET", "/account/login/")
        costs.append(
            (
                cost_of(
                    site, lambda b=fresh: b.post("/account/login/", login=email, password=PASSWORD)
                ),
                cost_of(site, lambda b=fresh: _follow(b, "/journal/")),
            )
        )
    whole = [sign_in.wall_s + page.wall_s for sign_in, page in costs]
    median = costs[sorted(range(5), key=whole.__getitem__)[2]]
    stretched_s = key_cost()
    print(f"  sign-in: {median[0]}, of which two stretchings of the password: "
          f"{2 * stretched_s * 1e3:.0f} ms of CPU")  # fmt: skip
    print(f"  the journal's first screen after it: {median[1]}")
    wall_s = sorted(whole)[2]
    print(f"  together {wall_s * 1e3:,.0f} ms, {wall_s / TARGET_OPENING_S:.2f} of the target")
    warm = cost_of(site, lambda: _follow(fresh, "/journal/"))
    print(f"  the same page again: {warm}")


def _follow(who: Browser, path: str) -> str:
    status, headers, content = who.ask("GET", path)
    while status == HTTPStatus.FOUND:
        path = headers.get("location") or headers["Location"]
        status, headers, content = who.ask("GET", path)
    _must(status == HTTPStatus.OK and b'name="start_us"' in content, "the journal shows a leg")
    return path


def crowd(site: Site, data: Path, n_vaults: int, n_people: int) -> None:
    """Measure journal pages of some people, before and after there are ten thousand vaults."""
    import django

    os.environ["ESTRAN_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estran.web.config.settings")
    django.setup()
    from bench.crowd import settle

    people = []
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "track.csv"
        write_track(path, n=30_000)
        content = path.read_bytes()
    for _ in range(n_people):
        who = Browser(site).sign_up()
        _brought(who, "track.csv", content)
        people.append((who, _follow(who, "/journal/")))
    print(
        f"\nJournal pages of {n_people} people (target: median under {TARGET_PAGE_S * 1e3:.0f} ms)"
    )
    before = _pages(site, people, f"{n_people + 1} vaults")
    began_s = time.perf_counter()
    settle(data, n_vaults)
    print(f"  {n_vaults:,} vaults made in {time.perf_counter() - began_s:.0f} s")
    after = _pages(site, people, f"{n_vaults + n_people + 1:,} vaults")
    print(f"  ratio of medians: {after / before:.2f}; {after / TARGET_PAGE_S:.2f} of the target")
    fresh = Browser(site)
    email = _e_mail(people[0][0])
    fresh.ask("GET", "/account/login/")
    sign_in = cost_of(site, lambda: fresh.post("/account/login/", login=email, password=PASSWORD))
    print(f"  sign-in among them: {sign_in}")


def _pages(site: Site, people: list[tuple[Browser, str]], words: str) -> float:
    walls: list[float] = []
    cpu_s = _pages_cpu_s(site)
    for _ in range(5):
        for who, page in people:
            began_s = time.perf_counter()
            _must(who.ask("GET", page)[0] == HTTPStatus.OK, "the page answers")
            walls.append(time.perf_counter() - began_s)
    cpu_s = (_pages_cpu_s(site) - cpu_s) / len(walls)
    median, high = statistics.median(walls), sorted(walls)[int(0.95 * len(walls))]
    print(f"  {words:16} median {median * 1e3:.0f} ms, 95 of 100 under {high * 1e3:.0f} ms; "
          f"{cpu_s * 1e3:.0f} ms of CPU a page", flush=True)  # fmt: skip
    return median


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(prog="python -m bench.vault", description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--vaults", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=15)
    parser.add_argument("--only", choices=("bytes", "opening", "crowd"), action="append")
    given = parser.parse_args()
    parts = given.only or ["bytes", "opening", "crowd"]
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    print(f"Load a core when begun: {load:.1f} (over 0.5, wall times are of a busy machine)")
    if "bytes" in parts:
        storage(given.points)
    if not {"opening", "crowd"} & set(parts):
        return
    with tempfile.TemporaryDirectory() as made, running(Path(made) / "data") as site:
        if "opening" in parts:
            million(site, given.points)
        if "crowd" in parts:
            crowd(site, Path(made) / "data", given.vaults, given.people)


if __name__ == "__main__":
    sys.exit(main())
