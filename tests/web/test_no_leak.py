"""Ways by which a key or a place could leave other than through its own page."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from django.test import Client, RequestFactory
from django.views.debug import ExceptionReporter

from estran.vault.keys import create_vault
from estran.web.config.debugging import NoValues

from .site import Browser, children_of, running, wait_for

PLANTED = "Chez Mémé 46.4242424"


def test_a_page_of_an_error_shows_no_value_even_while_debugging():
    def broken(vault_key: bytes, place: str) -> None:
        raise RuntimeError(len(vault_key), len(place))

    # Drawn anew: the page shows the lines of this program, and may.
    keys, note, cookie = create_vault(), uuid.uuid4().hex, uuid.uuid4().hex
    request = RequestFactory().post(
        "/journal/", {"note": note}, headers={"cookie": f"estran_vault={cookie}"}
    )
    try:
        broken(keys.vault_key, note)
    except RuntimeError:
        report = ExceptionReporter(request, *sys.exc_info())
    assert isinstance(report.filter, NoValues)
    for told in (report.get_traceback_html(), report.get_traceback_text()):
        assert not [s for s in (note, cookie, repr(keys.vault_key)[2:-1]) if s in told]
        assert "broken" in told
        assert "estran_vault" in told


@pytest.mark.parametrize("where", ["main", "thread", "destructor"])
def test_what_nobody_caught_is_written_without_its_words(where):
    code = f"""
import logging.config, threading
from estran.web.config import logs
logging.config.dictConfig(logs.LOGGING)
logs.quiet_hooks()
def broken():
    raise RuntimeError("{PLANTED}")
class Last:
    def __del__(self):
        broken()
if "{where}" == "thread":
    one = threading.Thread(target=broken); one.start(); one.join()
elif "{where}" == "destructor":
    Last()
else:
    broken()
"""
    env = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", code], env=env, capture_output=True, check=False, timeout=60
    )
    told = (done.stdout + done.stderr).decode()
    assert "RuntimeError" in told
    assert "broken" in told
    assert "Mémé" not in told
    assert "46.42" not in told


def test_processes_leave_no_core_and_tell_no_key(tmp_path):
    with running(tmp_path / "site") as site:
        ann = Browser(site).sign_up()
        wait_for(site.worker_pids)
        assert site.process is not None
        family = [site.process.pid, *site.children()]
        family += [pid for child in site.children() for pid in children_of(child)]
        assert len(family) >= 5
        for pid in family:
            limits = Path(f"/proc/{pid}/limits").read_text()
            [core] = [line for line in limits.splitlines() if line.startswith("Max core file")]
            assert core.split()[4:6] == ["0", "0"]
        # What is not dumpable belongs to root, and tells no other process of its user.
        told = b"".join(
            Path(f"/proc/{pid}/{name}").read_bytes()
            for pid in family
            for name in ("environ", "cmdline")
        )
        assert b"ESTRAN_WORKER_PUBLIC_KEY" in told
        assert ann.cookies["estran_vault"].encode() not in told
        assert (tmp_path / "site" / "secret.key").read_bytes().strip() not in told


@pytest.mark.django_db
def test_every_page_of_a_person_is_kept_by_no_cache_and_told_to_no_other_site(alice):
    for path in ("/journal/", "/settings/", "/import/", "/recovery/", "/nothing/"):
        answer = alice.client.get(path, follow=True)
        assert "no-store" in answer.headers["Cache-Control"], path
        assert answer.headers["Referrer-Policy"] == "same-origin", path
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], path


@pytest.mark.django_db
def test_a_page_that_breaks_is_kept_by_no_cache_either(alice, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError(PLANTED)

    monkeypatch.setattr("estran.web.me.work.imports", broken)
    angry = Client(raise_request_exception=False)
    angry.cookies = alice.client.cookies
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    answer = angry.get("/import/")
    logging.getLogger("django.request").setLevel(logging.NOTSET)
    assert answer.status_code == 500
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Mémé" not in answer.content.decode()
