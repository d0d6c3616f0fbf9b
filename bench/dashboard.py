"""``python -m bench.dashboard``: what the dashboard takes with 2,000 trips a year.

A site in processes of its own on loopback, a person with three made-up years. Each page is
asked for several times: reading, opening what is sealed, sums, page, and the way there and
back. Beside it stands the year's page as it was before figures were summed from rows
(commit 18e0808, the same vault, the same machine, three years of the same trips).
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from tests.web.owned import rows, vault_of
from tests.web.site import Browser, running

from estran.carbon import factor_set, price
from estran.journal import Entry, Journal, Leg, Mode, Place, Stay, Trip
from estran.timebase import from_datetime

TARGET_MS = 150.0
BEFORE_MS = 68.0
"""The year's page at commit 18e0808, a page without figures taking 27 ms there. [ms]"""
N_ASKED = 15
YEARS = (2024, 2025, 2026)
MIN_US = 60_000_000
PLACES = tuple(Place(46.16 + i * 0.01, -1.15 + i * 0.013) for i in range(5))
MODES = (Mode.BIKE, Mode.CAR, Mode.BUS, Mode.E_BIKE, Mode.TRAIN, Mode.WALK)
CLOCKS = (8, 10, 12, 15, 18, 20)
PAGES = (
    ("a year", "/dashboard/2026/"),
    ("a year by CO2e", "/dashboard/2026/?by=co2e"),
    ("a month", "/dashboard/period/?from=2026-06-01&to=2026-06-30"),
    ("a week", "/dashboard/period/?from=2026-06-15&to=2026-06-21"),
    ("30 days", "/dashboard/period/?from=2026-05-20&to=2026-06-18"),
    ("how a year's CO2e came about", "/dashboard/how/co2e/?from=2026-01-01&to=2026-12-31"),
)


def made_up() -> Journal:
    """Make years of five or six trips a day, every other with two legs: 2,000 a year."""
    trips: list[Trip] = []
    day = date(YEARS[0], 1, 1)
    while day.year <= YEARS[-1]:
        n = day.toordinal()
        for i, hour in enumerate(CLOCKS[: 5 + (n % 2)]):
            start = from_datetime(datetime(day.year, day.month, day.day, hour, tzinfo=UTC))
            mode = MODES[(n + i) % len(MODES)]
            legs = [Leg(mode, start, start + 20 * MIN_US, 3000.0 + 500 * ((n * 7 + i) % 9))]
            if i % 2:
                end = legs[0].ended_us
                legs.append(Leg(Mode.WALK, end, end + 5 * MIN_US, 400.0))
            at, to = PLACES[i % 5], PLACES[(i + 1) % 5]
            trips.append(Trip(start, legs[-1].ended_us, "Europe/Paris", at, to, tuple(legs)))
        day += timedelta(days=1)
    entries: list[Entry] = [trips[0]]
    for before, trip in pairwise(trips):
        entries += [
            Stay(before.ended_us, trip.started_us, trip.tz, before.destination, 40.0), trip
        ]  # fmt: skip
    return price(Journal(tuple(entries)), factors=factor_set())


def _asked_ms(browser: Browser, path: str) -> float:
    times_s = []
    for _ in range(N_ASKED):
        began_s = time.perf_counter()
        status, _, _ = browser.ask("GET", path)
        times_s.append(time.perf_counter() - began_s)
        if status != 200:
            sys.exit(f"not so: {path} answers {status}")
    return statistics.median(times_s) * 1e3


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "data") as site:
        browser = Browser(site).sign_up()
        os.environ["ESTRAN_DATA"] = str(site.data)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estran.web.config.settings")
        import django

        django.setup()
        from estran.web.me.remaking import keep_journal

        [(email,)] = rows(site.data, "select email from accounts_person")
        journal = made_up()
        keep_journal(vault_of(site.data, str(email)), journal)
        print(f"{len(journal.trips):,} trips in {len(YEARS)} years")
        plain_ms = _asked_ms(browser, "/settings/")
        print(f"{'a page without figures':32}{plain_ms:8.0f} ms")
        for name, path in PAGES:
            took_ms = _asked_ms(browser, path)
            print(f"{name:32}{took_ms:8.0f} ms  target {TARGET_MS:.0f} ms")
        print(f"{'a year, before rows':32}{BEFORE_MS:8.0f} ms")


if __name__ == "__main__":
    main()
