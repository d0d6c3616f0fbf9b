"""Two days of somebody's, and what tests of keeping and erasing ask of them."""

from __future__ import annotations

import sqlite3
from datetime import date

from estran.privacy import Keeps, Zone
from estran.web.accounts.vaults import store
from estran.web.me import work
from estran.web.me.records import encode_entries
from estran.web.retention import erasing
from estran.web.retention.overlay import stored_entries

from .conftest import track
from .test_imports import vault_of

DAYS = [date(2026, 6, 1), date(2026, 6, 2)]
HOME = 46.16, -1.15
THERE = 46.16 + 180 * 3e-4, -1.15


def two_days(who, work_off):
    """Bring two days and let them be understood; give the vault."""
    who.bring(*((f"{day}.json", track(day=str(day))) for day in DAYS))
    work_off()
    return vault_of(who)


def circle(at=HOME, radius_m=300.0, keeps=Keeps.CENTRE):
    return Zone(id="z1", name="Chez Mémé", lat_deg=at[0], lon_deg=at[1], radius_m=radius_m,
                keeps=keeps)  # fmt: skip


def erase(vault, **wanted):
    what = erasing.Wanted(**wanted)
    receipt = erasing.erase(vault, what, mark=erasing.plan(vault, what).mark)
    assert receipt is not None
    return receipt


def trips_of(vault, day):
    return work.journal(vault, day, day).trips


def written(vault):
    """The journal as bytes: two unknown numbers are the same there."""
    return encode_entries(stored_entries(vault))


def come_back(who):
    who.client.post("/account/logout/")
    who.sign_in()


def quiet(_phase, _share):
    pass


def sealed_rows(vault):
    """Every sealed chunk and day as its bytes stand in the file."""
    path = store()._path(vault.vault_id)
    with sqlite3.connect(path) as db:
        return [row[0] for t in ("chunk", "doc") for row in db.execute(f"SELECT body FROM {t}")]  # noqa: S608 - two names of ours
