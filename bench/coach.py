"""``python -m bench.coach``: how long the pages of a year and its corrections take.

A site in processes of its own on loopback. A person brings a made-up year of a million fixes;
each page is asked for several times, each correction said and taken back. Each figure stands
beside its target and beside the plain day page, which only reads.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.web.site import Browser, running, wait_for

from bench.inputs import write_track

TARGET_MS, TARGET_YEAR_MS = 100.0, 150.0
N_ASKED = 15
N_FIXES = 300_000
PAGES = (
    ("a trip's own page", "/journal/trip/{trip}/", TARGET_MS),
    ("trips of a month", "/journal/trips/?first={month}-01&last={month}-28", TARGET_MS),
    ("to check", "/journal/check/", TARGET_MS),
    ("what was corrected", "/journal/history/", TARGET_MS),
    ("usual trips of a year", "/recurring/", TARGET_YEAR_MS),
    ("the dashboard of a year", "/dashboard/{year}/", TARGET_YEAR_MS),
)


def _median_ms(work: Callable[[], object]) -> float:
    times_s = []
    for _ in range(N_ASKED):
        began_s = time.perf_counter()
        work()
        times_s.append(time.perf_counter() - began_s)
    return statistics.median(times_s) * 1e3


def _page(browser: Browser, path: str) -> str:
    status, headers, body = browser.ask("GET", path)
    if status in {301, 302}:
        return _page(browser, headers["location"])
    if status != 200:
        sys.exit(f"not so: {path} answers {status}")
    return body.decode()


def _corrected(browser: Browser, trip: str) -> None:
    """Say a purpose and take it back: two presses."""
    _, headers, _ = browser.post(f"/journal/trip/{trip}/", do="purpose", purpose="work")
    batch = headers["location"].rsplit("=", 1)[1]
    browser.post("/journal/take-back/", batch=batch, next="/coach/")


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "data") as site:
        browser = Browser(site).sign_up()
        track = Path(folder) / "track.csv"
        write_track(track, n=N_FIXES)
        address = browser.bring((track.name, track.read_bytes()))
        wait_for(lambda: browser.progress(address)["is_over"], 600)
        day = re.findall(r"/journal/(\d{4}-\d{2}-\d{2})/", _page(browser, "/journal/"))[0]
        listed = _page(browser, f"/journal/trips/?first={day[:8]}01&last={day}")
        trip = re.findall(r"/journal/trip/(\d+)/", listed)[0]
        plain_ms = _median_ms(lambda: _page(browser, f"/journal/{day}/"))
        print(f"{'a day, for comparison':28}{plain_ms:8.0f} ms")
        for name, path, target_ms in PAGES:
            whole = path.format(trip=trip, month=day[:7], year=day[:4])
            took_ms = _median_ms(lambda whole=whole: _page(browser, whole))
            ratio = took_ms / plain_ms
            print(
                f"{name:28}{took_ms:8.0f} ms  {ratio:5.1f} times a day  target {target_ms:.0f} ms"
            )
        two_ms = _median_ms(lambda: _corrected(browser, trip))
        print(f"{'a correction':28}{two_ms / 2:8.0f} ms  {two_ms / 2 / plain_ms:5.1f} times a day"
              f"  target {TARGET_MS:.0f} ms")  # fmt: skip


if __name__ == "__main__":
    main()
