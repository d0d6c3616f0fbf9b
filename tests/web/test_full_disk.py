"""A disk that takes no more: said in words, nothing is lost, and it goes on when there is room."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import track
from .owned import rows, vault_of
from .site import PASSWORD, Browser, running, wait_for

FULL = 507
WORDS = re.compile("plus de place|no room|out of room|is full")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of 8 MiB."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small file system")
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m,mode=700", "estran", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:  # noqa: S603 - fixed words
        pytest.skip("this machine lets nobody mount a small file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S603, S607 - same


class Ballast:
    """What fills the disk up to so much."""

    def __init__(self, disk: Path) -> None:
        self.path = disk / "ballast"

    def fill(self, *, leave_bytes: int = 0) -> None:
        with self.path.open("ab", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))
        if leave_bytes:
            os.truncate(self.path, self.path.stat().st_size - leave_bytes)

    def drop(self) -> None:
        self.path.unlink()


def month(n_days: int) -> list[tuple[str, bytes]]:
    return [(f"{n}.json", track(day=f"2026-07-{n + 1:02d}")) for n in range(n_days)]


def said(email: str, data: Path) -> tuple[int, set[str]]:
    """Number of positions, and the modes that were said."""
    vault = vault_of(data, email)
    assert vault.verify().sound
    return len(vault.evidence().trace), set(vault.doc_ids("correction"))


def test_a_full_disk_refuses_in_words_and_then_goes_on(small_disk):
    data, ballast = small_disk / "data", Ballast(small_disk)
    with running(data) as site:
        ann = Browser(site).sign_up()
        [(email,)] = rows(data, "select email from accounts_person")
        wait_for((data / "engine").exists, 120)
        first = ann.bring(("a.json", track()))
        wait_for(lambda: ann.progress(first)["is_over"])
        page = ann.ask("GET", "/journal/2026-06-01/")[2].decode()
        leg = re.search(
            r'name="start_us" value="(\d+)".*?name="end_us" value="(\d+)"', page, re.DOTALL
        )
        assert leg is not None
        before = said(str(email), data)
        ballast.fill()

        # Looking goes on; whatever would write says why it does not.
        assert ann.ask("GET", "/journal/2026-06-01/")[0] == 200
        correction = {"day": "2026-06-01", "start_us": leg[1], "end_us": leg[2], "mode": "ferry"}
        ben = Browser(site)
        tries = [
            ann.post("/journal/correct/", **correction),
            ann.post("/settings/", language="en"),
            ben.post("/account/login/", login=str(email), password=PASSWORD),
            Browser(site).post("/account/signup/", email="x@example.org", password1=PASSWORD),
        ]
        for status, _, content in tries:
            assert status == FULL
            assert WORDS.search(content.decode())
        with pytest.raises(AssertionError, match="vault-full"):
            ann.bring(("b.json", track(day="2026-06-02")))
        assert not list((data / "incoming").iterdir())
        assert said(str(email), data) == before
        # Signing out fails in words too, and locks the vault in this browser all the same.
        assert ann.post("/account/logout/")[0] == FULL
        assert ann.cookies.get("estran_vault", "") == ""

        ballast.drop()
        assert rows(data, "select count(*) from accounts_person") == [(1,)]
        assert len(list((data / "vaults").rglob("*.vault"))) == 1
        assert ben.post("/account/login/", login=str(email), password=PASSWORD)[0] == 302
        assert ben.post("/journal/correct/", **correction)[0] == 302
        second = ben.bring(("b.json", track(day="2026-06-02")))
        wait_for(lambda: ben.progress(second)["is_over"])
        assert said(str(email), data)[0] == 2 * 900
        printed = site.stop()
    assert "Traceback" not in printed


def test_an_import_on_a_disk_that_fills_ends_as_if_it_had_not(small_disk):
    data, ballast = small_disk / "data", Ballast(small_disk)
    with running(data) as site:
        ann = Browser(site).sign_up()
        [(email,)] = rows(data, "select email from accounts_person")
        wait_for((data / "engine").exists, 120)
        ballast.fill(leave_bytes=1900 * 1024)
        address = ann.bring(*month(12))
        ballast.fill()
        time.sleep(12)  # the workers meet the full disk, some times
        assert ann.progress(address)["state"] != "done"
        ballast.drop()
        wait_for(lambda: ann.progress(address)["is_over"], 120)
        if ann.progress(address)["state"] == "failed":
            assert ann.post(f"{address}retry/")[0] == 302
            wait_for(lambda: ann.progress(address)["state"] == "done", 120)
        done = ann.progress(address)
        assert (done["n_positions_new"], done["n_positions_known"]) == (12 * 900, 0)
        assert said(str(email), data)[0] == 12 * 900
        assert "Traceback" not in site.stop()
