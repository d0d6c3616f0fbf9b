"""What an operator does with the vaults of a site, on a real data folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import track
from .site import PASSWORD, Browser, running, wait_for


def estran(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "ESTRAN_DATA": str(data), "ESTRAN_PASSWORD": PASSWORD, "LC_ALL": "C"}
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "estran", *words],
        env=env, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def copied(tmp_path_factory) -> tuple[Path, Path, str]:
    """Somebody's site, a backup made while it ran, and their address."""
    folder = tmp_path_factory.mktemp("operator")
    with running(folder / "site") as site:
        ann = Browser(site).sign_up()
        address = ann.bring(("a.json", track()))
        wait_for(lambda: ann.progress(address)["is_over"])
        page = ann.ask("GET", "/settings/")[2].decode()
        email = next(word for word in page.replace("<", " ").split() if "@example.org" in word)
        email = email.rpartition(">")[2]
        done = estran(folder / "site", "backup", str(folder / "copy"))
        assert done.returncode == 0, done.stderr
        assert (folder / "copy").stat().st_mode & 0o077 == 0
        refused = estran(folder / "site", "restore", str(folder / "copy"))
        assert refused.returncode == 1
        assert "running" in refused.stderr
    return folder, folder / "copy", email


def test_a_backup_opens_elsewhere_with_its_person_s_password(copied):
    folder, copy, email = copied
    there, out = folder / "there", folder / "ann.estran"
    assert estran(there, "restore", str(copy)).returncode == 0
    assert "1 vaults, 0 damaged" in estran(there, "vault", "verify").stdout
    done = estran(there, "vault", "export", email, str(out))
    assert done.returncode == 0, done.stderr
    assert "900 positions" in done.stdout
    assert estran(there, "vault", "check", str(out)).returncode == 0
    shown = estran(there, "vault", "show", str(out), "--json")
    assert '"kind": "trip"' in shown.stdout or '"kind":"trip"' in shown.stdout
    before = out.read_bytes()
    again = estran(there, "vault", "export", email, str(out))
    assert again.returncode == 1
    assert "already" in again.stderr
    assert out.read_bytes() == before


def test_a_cut_backup_changes_nothing(copied, tmp_path):
    _, copy, _ = copied
    cut = tmp_path / "cut"
    cut.write_bytes(copy.read_bytes()[:-30_000])
    done = estran(tmp_path / "data", "restore", str(cut))
    assert done.returncode == 1
    assert "cut short or altered" in done.stderr
    assert not (tmp_path / "data" / "estran.sqlite3").exists()


def test_a_damaged_vault_is_told_without_any_key(copied):
    folder, copy, _ = copied
    there = folder / "damaged"
    assert estran(there, "restore", str(copy)).returncode == 0
    path = next(path for path in (there / "vaults").rglob("*") if path.is_file())
    content = bytearray(path.read_bytes())
    content[:64] = bytes(64)
    path.write_bytes(content)
    done = estran(there, "vault", "verify")
    assert done.returncode == 1
    assert "BAD" in done.stdout


def test_an_altered_backup_changes_nothing(copied, tmp_path):
    _, copy, _ = copied
    content = bytearray(copy.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 8] = bytes(b ^ 0xFF for b in content[middle : middle + 8])
    altered = tmp_path / "altered"
    altered.write_bytes(content)
    done = estran(tmp_path / "data", "restore", str(altered))
    assert done.returncode == 1
    assert not (tmp_path / "data" / "estran.sqlite3").exists()


def email_of(browser: Browser) -> str:
    page = browser.ask("GET", "/settings/")[2].decode()
    return str(re.findall(r"[0-9a-f]+@example\.org", page)[0])


def test_who_has_left_since_stays_away_and_others_are_told(tmp_path):
    data, copy = tmp_path / "site", tmp_path / "copy"
    with running(data) as site:
        ann, bob = Browser(site).sign_up(), Browser(site).sign_up()
        emails = email_of(ann), email_of(bob)
        assert estran(data, "backup", str(copy)).returncode == 0
        address = ann.bring(("a.json", track()))
        wait_for(lambda: ann.progress(address)["is_over"])
        assert bob.post("/settings/erase/", password=PASSWORD)[0] == 200
    done = estran(data, "restore", str(copy))
    assert done.returncode == 0, done.stderr
    assert "1 people deleted everything since" in done.stdout
    with running(data) as site:
        before = Browser(site, dict(ann.cookies))
        assert before.ask("GET", "/journal/")[0] == 302
        again, gone = Browser(site), Browser(site)
        for who, email in ((again, emails[0]), (gone, emails[1])):
            who.ask("GET", "/account/login/")
            who.post("/account/login/", login=email, password=PASSWORD)
        told = again.ask("GET", "/import/")[2].decode()
        assert "remis dans son état" in told or "put back to how it was" in told
        assert "remis dans son état" not in again.ask("GET", "/import/")[2].decode()
        assert gone.ask("GET", "/import/")[0] == 302
    assert "1 vaults, 0 damaged" in estran(data, "vault", "verify").stdout
