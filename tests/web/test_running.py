"""The whole site in its own processes: killed, stopped and started again."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import track
from .site import _RUN, Browser, children_of, running, wait_for


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "site"


def days(n_days: int, month: str = "05") -> list[tuple[str, bytes]]:
    return [(f"{n}.json", track(day=f"2026-{month}-{n + 1:02d}")) for n in range(n_days)]


def test_killed_workers_and_a_killed_site_lose_nothing(folder: Path):
    with running(folder) as site:
        assert (folder / "secret.key").stat().st_mode & 0o777 == 0o600
        assert folder.stat().st_mode & 0o777 == 0o700
        anna, ben = Browser(site).sign_up(), Browser(site).sign_up()
        hers = anna.bring(*days(20))
        wait_for(lambda: anna.progress(hers)["state"] != "queued")
        for pid in site.worker_pids():
            os.kill(pid, signal.SIGKILL)
        his = ben.bring(*days(2))
        done = wait_for(lambda: (p := ben.progress(his)) and p["is_over"] and p)
        assert done["n_positions_new"] == 2 * 900
        done = wait_for(lambda: (p := anna.progress(hers)) and p["is_over"] and p)
        assert (done["state"], done["n_positions_new"]) == ("done", 20 * 900)
        assert done["n_positions_known"] == 0

        # The site dies as a whole; its children follow it, and the job waits for its person.
        later = anna.bring(
            *((name, track(day=f"2026-06-{n + 1:02d}")) for n, (name, _) in enumerate(days(20)))
        )
        family = set(site.children())
        family |= {grandchild for pid in family for grandchild in children_of(pid)}
        assert site.process is not None
        site.process.kill()
        site.process.wait()
        wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family), 30)
    with running(folder) as site:
        anna.site = site
        anna.ask("GET", "/settings/")
        done = wait_for(lambda: (p := anna.progress(later)) and p["is_over"] and p)
        assert (done["state"], done["n_positions_new"]) == ("done", 20 * 900)
        assert not list((folder / "incoming").iterdir())
        second = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-c", _RUN, "--port", str(site.port)],
            env={**os.environ, "ESTRAN_DATA": str(folder)},
            capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        assert second.returncode == 1
        assert b"already running" in second.stdout
        family = set(site.children())
        printed = site.stop()
        assert f"http://127.0.0.1:{site.port}/" in printed
        assert "Traceback" not in printed
        assert not any(Path(f"/proc/{pid}").exists() for pid in family)


def test_workers_killed_after_an_erasure_make_the_journal_without_it(folder: Path):
    with running(folder) as site:
        anna = Browser(site).sign_up()
        address = anna.bring(*days(12))
        wait_for(lambda: anna.progress(address)["is_over"])
        wanted = {"first": "2026-05-03", "last": "2026-05-04"}
        _, _, shown = anna.post("/settings/data/days/", **wanted)
        found = re.search(rb'name="mark" value="([^"]+)"', shown)
        assert found
        assert found[1].startswith(b"1800-2-2-")
        mark = found[1].decode()
        # Twice, as from two windows, and the workers die under it.
        status, _, page = anna.post("/settings/data/days/", **wanted, mark=mark)
        for pid in site.worker_pids():
            os.kill(pid, signal.SIGKILL)
        assert status == 200
        assert b'class="code"' in page
        status, headers, _ = anna.post("/settings/data/days/", **wanted, mark=mark)
        assert (status, headers["location"]) == (302, "/settings/data/")

        def told() -> bool:
            _, _, day = anna.ask("GET", "/journal/2026-05-03/")
            assert b"entry-trip" not in day  # at no moment
            return "Vous avez effacé ce moment" in day.decode()

        wait_for(told, 120)
        _, _, kept = anna.ask("GET", "/journal/2026-05-05/")
        assert b"leg-mode" in kept
        assert "Traceback" not in site.stop()


def test_a_taken_port_is_said(folder: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-c", _RUN, "--port", str(port)],
            env={**os.environ, "ESTRAN_DATA": str(folder)},
            capture_output=True, timeout=60, check=False,
        )  # fmt: skip
    assert answer.returncode == 1
    assert b"--port" in answer.stdout


def test_pages_load_without_the_engine(folder: Path):
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'estran.web.config.settings'\n"
        "import estran.web.config.wsgi\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        "print([m for m in ('numba', 'llvmlite', 'estran.analyse') if m in sys.modules])"
    )
    answer = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", code],
        env={**os.environ, "ESTRAN_DATA": str(folder)},
        capture_output=True, timeout=60, check=True,
    )  # fmt: skip
    assert answer.stdout.strip() == b"[]"
