"""A real site on a real PostgreSQL, where ESTRAN_TEST_POSTGRESQL names a server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from .conftest import track
from .site import Browser, free_port, running, wait_for

SERVER = os.environ.get("ESTRAN_TEST_POSTGRESQL", "")

pytestmark = pytest.mark.skipif(
    not SERVER, reason="ESTRAN_TEST_POSTGRESQL names no server (docs/operating.md)"
)


@pytest.fixture
def database(monkeypatch) -> Iterator[str]:
    """Make a database for the test, name it to the site, and drop it."""
    psycopg = pytest.importorskip("psycopg")
    name = f"estran_test_{uuid4().hex[:12]}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    monkeypatch.setenv("ESTRAN_DATABASE_URL", urlsplit(SERVER)._replace(path=f"/{name}").geturl())
    yield name
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def n_in(database: str, table: str) -> int:
    psycopg = pytest.importorskip("psycopg")
    address = urlsplit(SERVER)._replace(path=f"/{database}").geturl()
    with psycopg.connect(address) as connection:
        (n,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - ours
    return int(n)


def test_a_site_lives_on_postgresql(tmp_path: Path, database: str):
    folder = tmp_path / "site"
    with running(folder) as site:
        anna, ben = Browser(site).sign_up(), Browser(site).sign_up()
        hers = anna.bring(*((f"{n}.json", track(day=f"2026-05-{n + 1:02d}")) for n in range(12)))
        wait_for(lambda: anna.progress(hers)["state"] != "queued")
        for pid in site.worker_pids():
            os.kill(pid, signal.SIGKILL)
        his = ben.bring(("a.json", track()))
        done = wait_for(lambda: (p := ben.progress(his)) and p["is_over"] and p)
        assert done["n_positions_new"] == 900
        done = wait_for(lambda: (p := anna.progress(hers)) and p["is_over"] and p)
        assert (done["state"], done["n_positions_new"]) == ("done", 12 * 900)
        assert n_in(database, "accounts_person") == 2
        anna.post(f"{hers}undo/")
        wait_for(lambda: anna.progress(hers)["state"] == "undone")
        doctor = subprocess.run(
            [sys.executable, "-m", "estran", "doctor"], capture_output=True, check=False, text=True,
            env={**os.environ, "ESTRAN_DATA": str(folder)},
        )  # fmt: skip
        assert "PostgreSQL 1" in doctor.stdout
        assert "BAD" not in doctor.stdout
    assert not (folder / "estran.sqlite3").exists()
    with running(folder) as site:
        anna.site = site
        status, _, page = anna.ask("GET", f"{hers}progress/", Accept="application/json")
        assert (status, json.loads(page)["state"]) == (200, "undone")


def test_a_server_that_does_not_answer_is_said(tmp_path: Path):
    address = "postgresql://estran:secret-word@127.0.0.1:9/tides"
    said = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "estran", "run", "--port", str(free_port())],
        capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "ESTRAN_DATA": str(tmp_path), "ESTRAN_DATABASE_URL": address},
    )  # fmt: skip
    assert said.returncode == 1
    assert "does not answer" in said.stdout
    assert "Traceback" not in said.stdout + said.stderr
    assert "secret-word" not in said.stdout + said.stderr
