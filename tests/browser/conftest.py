"""A real site in a process of its own, and Debian's Chromium to visit it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium")
VENDOR = ROOT / "src" / "estran" / "web" / "static" / "vendor" / "manifest.json"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def pytest_collection_modifyitems(items):
    reason = ""
    if CHROMIUM is None:
        reason = "chromium is not installed (tools/chromium.sh installs it where root)"
    elif not AXE.is_file() or not VENDOR.is_file():
        reason = "the browser files are not there (make install fetches them)"
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))


@contextlib.contextmanager
def started(folder: Path) -> Iterator[str]:
    """Run ``estran run`` on an empty data folder for the time of a block; give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("ESTRAN_", "DJANGO_"))},
        "ESTRAN_DATA": str(folder / "data"),
        "ESTRAN_PEERS": "127.0.0.1",  # the other site of the tests is not public
        "PYTHONPATH": str(ROOT / "src"),
    }
    log = (folder / "log").open("w")
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "estran", "run", "--port", str(port)],
        env=environment, stdout=log, stderr=log, cwd=folder,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)
        log.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[str]:
    """Start the site that most tests visit."""
    with started(tmp_path_factory.mktemp("site")) as address:
        yield address


def _wait(address: str, process: subprocess.Popen[bytes], *, most_s: float = 90.0) -> None:
    until = time.monotonic() + most_s
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail(f"the site stopped with status {process.returncode}")
        try:
            urlopen(f"{address}/privacy/", timeout=5).close()  # noqa: S310 - our own address
        except HTTPError:
            raise
        except (URLError, OSError):
            time.sleep(0.3)
        else:
            return
    pytest.fail("the site did not answer in time")


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where it runs

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True, scope="session")
def example_made(chromium, site):
    """Wait once for the example, which a worker makes when the site first starts."""
    from playwright.sync_api import expect  # noqa: PLC0415 - only where it runs

    page = chromium.new_page(base_url=site)
    page.goto("/example/")
    expect(page.locator(".day, .tideline").first).to_be_visible(timeout=120_000)
    page.close()


@pytest.fixture
def visit(chromium, site):
    """Open contexts that note foreign hosts, script errors and refusals of the content policy."""
    opened = []
    wrong: list[str] = []

    def visitor(**options):
        options.setdefault("viewport", {"width": 390, "height": 800})
        address = options.pop("base_url", site)
        context = chromium.new_context(base_url=address, locale="en", **options)
        context.set_default_timeout(20_000)
        context.add_cookies([{"name": "estran_language", "value": "en", "url": address}])
        page = context.new_page()
        host = urlsplit(address).netloc

        def on_request(request):
            there = urlsplit(request.url)
            if there.scheme in {"http", "https"} and there.netloc != host:
                wrong.append(f"a request to another host: {there.netloc}")

        def on_console(message):
            if message.type == "error" and "Failed to load resource" not in message.text:
                wrong.append(f"console: {message.text}")

        page.on("request", on_request)
        page.on("console", on_console)
        page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        opened.append(context)
        return page

    yield visitor
    for context in opened:
        context.close()
    assert wrong == []


@pytest.fixture(scope="session")
def day_file(tmp_path_factory) -> Path:
    """One made-up day as Google's location history would hold it."""
    from estran.example import evidence  # noqa: PLC0415 - loads NumPy
    from estran.timebase import iso_utc  # noqa: PLC0415

    seen, _ = evidence(date(2025, 6, 20), date(2025, 6, 20))
    trace = seen.trace
    locations = [
        {
            "latitudeE7": round(lat * 1e7),
            "longitudeE7": round(lon * 1e7),
            "accuracy": 10,
            "timestamp": iso_utc(time_us),
        }
        for time_us, lat, lon in zip(
            trace.time_us.tolist(), trace.lat_deg.tolist(), trace.lon_deg.tolist(), strict=True
        )
    ]
    path: Path = tmp_path_factory.mktemp("files") / "Records.json"
    path.write_text(json.dumps({"locations": locations}))
    return path
