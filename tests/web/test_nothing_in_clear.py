"""After a whole visit, sign-out and stop, nothing on the disk tells where somebody was.

A real site in processes of its own; every byte of its data folder and of what it printed is
looked through for what was brought, in text and in the forms that numbers take in memory.
"""

from __future__ import annotations

import json
import re
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from estran.journal import Mode
from tests.web.site import PASSWORD, Browser, running, wait_for

LAT_DEG, LON_DEG = 46.4242421, -1.3131317
MEMBER = "Chez Mémé Ginette.json"
DAY = "2026-06-01"
OF_NOBODY = ("example", "networks")
"""A made-up person's journal and public lines: no data of people."""
WITH_ADDRESS = ("accounts_person", "account_emailaddress")
"""The only tables that may hold an e-mail address: it lets its owner in."""


def positions() -> Iterator[dict[str, object]]:
    """An hour at a place, a ride of 6 km, an hour there."""
    for n in range(900):
        moved = min(max(n - 360, 0), 180)
        at_s = 7 * 3600 + n * 10
        clock = f"{at_s // 3600:02d}:{at_s // 60 % 60:02d}:{at_s % 60:02d}"
        yield {
            "latitudeE7": round((LAT_DEG + moved * 3e-4) * 1e7),
            "longitudeE7": round(LON_DEG * 1e7),
            "accuracy": 8,
            "timestamp": f"{DAY}T{clock}Z",
        }


def planted(email: str, code: str) -> dict[str, bytes]:
    """What must not be found, by name. Short words would be found by chance in sealed bytes."""
    lat_e7, lon_e7 = round(LAT_DEG * 1e7), round(LON_DEG * 1e7)
    out = {
        "latitude": f"{LAT_DEG:.4f}".encode(),
        "latitude E7": str(lat_e7).encode(),
        "longitude": f"{LON_DEG:.4f}".encode(),
        "longitude E7": str(lon_e7).encode(),
        "name of a file": "Mémé Ginette".encode(),
        "name of a file, in UTF-16": "Mémé".encode("utf-16-le"),
        "name of a file, escaped": rb"M\u00e9m\u00e9",
        "password": PASSWORD.encode(),
        "recovery code": code.encode(),
        "recovery code, bare": code.replace("-", "").encode(),
        "e-mail address": email.encode(),
        "zone": b"Europe/Paris",
    }
    for name, value in (("latitude", LAT_DEG), ("longitude", LON_DEG)):
        for form in ("<d", ">d"):
            # Whole doubles, and their upper bytes: a rounded one ends otherwise.
            packed = struct.pack(form, value)
            out[f"{name} as {form}"] = packed[2:] if form == "<d" else packed[:6]
        for scale in (1e6, 1e7):
            for form in ("<i", ">i", "<q", ">q"):
                out[f"{name} as {form} of {scale:g}"] = struct.pack(form, round(value * scale))
    return out


def files_of_people(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).parts[0] not in OF_NOBODY:
            yield str(path.relative_to(folder)), path.read_bytes()


def leave_on_disk(folder: Path) -> tuple[str, str, str]:
    """Sign up, bring, look, correct, sign out, stop; give what was printed, address, code."""
    with running(folder) as site:
        ann = Browser(site).sign_up()
        page = ann.ask("GET", "/recovery/")[2].decode()
        code = re.search(r"(?:[0-9A-Z]{4}-){8}[0-9A-Z]{4}", page)
        assert code is not None
        ann.post("/recovery/", noted="yes")
        content = json.dumps({"locations": list(positions())}).encode()
        address = ann.bring((MEMBER, content), ("notes.txt", "Mémé Ginette".encode()))
        done = wait_for(lambda: (p := ann.progress(address)) and p["is_over"] and p)
        assert done["n_positions_new"] == 900
        day = ann.ask("GET", f"/journal/{DAY}/")[2].decode()
        leg = re.search(
            r'name="start_us" value="(\d+)".*?name="end_us" value="(\d+)"', day, re.DOTALL
        )
        assert leg is not None
        said = {"day": DAY, "start_us": leg[1], "end_us": leg[2], "mode": "ferry"}
        assert ann.post("/journal/correct/", **said)[0] in (200, 302, 303)
        for path in ("/journal/", "/dashboard/2026/", "/settings/", f"/nothing/?at={LAT_DEG}"):
            ann.ask("GET", path)
        email = re.search(r"[0-9a-f]{32}@example\.org", ann.ask("GET", "/settings/")[2].decode())
        assert email is not None
        assert ann.post("/account/logout/")[0] == 302
        assert ann.ask("GET", f"/journal/{DAY}/")[0] == 302
        return site.stop(), email[0], code[0]


@pytest.fixture(scope="module")
def left(tmp_path_factory) -> tuple[Path, str, str, str]:
    folder = tmp_path_factory.mktemp("left") / "site"
    return folder, *leave_on_disk(folder)


def test_no_file_holds_what_was_brought(left):
    folder, printed, email, code = left
    found = []
    for name, content in (*files_of_people(folder), ("what was printed", printed.encode())):
        for what, form in planted(email, code).items():
            is_account = what == "e-mail address" and name == "estran.sqlite3"
            if form in content and not is_account:
                found.append(f"{what} in {name}")
    assert found == []


def test_the_look_finds_what_is_there(tmp_path, left):
    _, _, email, code = left
    (tmp_path / "leak").write_bytes(struct.pack("<dd", LAT_DEG, LON_DEG) + email.encode())
    found = {
        what
        for _, content in files_of_people(tmp_path)
        for what, form in planted(email, code).items()
        if form in content
    }
    assert found == {"latitude as <d", "longitude as <d", "e-mail address"}


def test_the_database_tells_no_mode_and_no_address_but_where_it_must(left):
    folder, _, email, _ = left
    with closing(sqlite3.connect(folder / "estran.sqlite3")) as database:
        names = [
            n for (n,) in database.execute("select name from sqlite_master where type='table'")
        ]
        told: dict[str, str] = {}
        for name in names:
            rows = database.execute(f'select * from "{name}"').fetchall()  # noqa: S608 - its own names
            told[name] = "\n".join(
                str(cell) for row in rows for cell in row if not isinstance(cell, bytes)
            )
    assert email in told["accounts_person"]
    assert [name for name in names if email in told[name] and name not in WITH_ADDRESS] == []
    words = re.compile(r"\b(" + "|".join(mode for mode in Mode if mode != "other") + r")\b")
    assert [(name, words.findall(told[name])) for name in names if words.search(told[name])] == []


def test_the_vault_file_is_there_and_full(left):
    # Otherwise the tests above would look at nothing.
    folder, *_ = left
    vaults = [path for path in (folder / "vaults").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in vaults) > 10_000
    assert list((folder / "incoming").iterdir()) == []
