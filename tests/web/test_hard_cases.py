"""What must hold on a real site whatever comes together: nothing lost, doubled, or another's."""

from __future__ import annotations

import re
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from estran.errors import Refusal, VaultDamaged, VaultKeyWrong
from estran.web.me.documents import read_corrections
from estran.web.store import ClosedVault, FileVaultStore, OpenVault

from .conftest import track
from .owned import rows, vault_of
from .site import PASSWORD, Browser, Site, running, wait_for

DAYS = [f"2026-06-{n:02d}" for n in range(1, 5)]


def new_person(site: Site) -> tuple[Browser, str]:
    before = {email for (email,) in rows(site.data, "select email from accounts_person")}
    who = Browser(site).sign_up()
    after = {email for (email,) in rows(site.data, "select email from accounts_person")}
    [email] = after - before
    return who, str(email)


def over(who: Browser, address: str) -> dict[str, object]:
    found: dict[str, object] = wait_for(lambda: (p := who.progress(address))["is_over"] and p, 120)
    return found


def leg_of(who: Browser, day: str) -> dict[str, str]:
    page = who.ask("GET", f"/journal/{day}/")[2].decode()
    found = re.search(
        r'name="start_us" value="(\d+)".*?name="end_us" value="(\d+)"', page, re.DOTALL
    )
    assert found is not None
    return {"day": day, "start_us": found[1], "end_us": found[2]}


def journal_of(vault: OpenVault) -> list[bytes]:
    return [body for kind in ("day", "long", "month") for _, body in vault.docs(kind)]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("hard") / "site") as site:
        yield site


def test_the_same_thrice_reordered_and_at_once_counts_once(site):
    once, email_once = new_person(site)
    over(once, once.bring(*((f"{day}.json", track(day=day)) for day in DAYS)))
    thrice, email = new_person(site)
    orders = (DAYS, DAYS[::-1], [DAYS[2], DAYS[0], DAYS[3], DAYS[1], DAYS[0]])
    files = [[(f"{day}.json", track(day=day)) for day in order] for order in orders]
    with ThreadPoolExecutor(3) as tabs:
        addresses = list(tabs.map(lambda some: thrice.bring(*some), files))
    done = [over(thrice, address) for address in addresses]
    assert [d["state"] for d in done] == ["done"] * 3
    assert sum(int(str(d["n_positions_new"])) for d in done) == 4 * 900
    one, many = vault_of(site.data, email_once), vault_of(site.data, email)
    assert many.evidence().trace.time_us.tolist() == one.evidence().trace.time_us.tolist()
    assert journal_of(many) == journal_of(one)
    assert many.verify().sound


def test_what_comes_while_the_owner_is_away_waits_sealed_each_once(site):
    ann, email = new_person(site)
    over(ann, ann.bring(("a.json", track(day=DAYS[0]))))
    assert ann.post("/account/logout/")[0] == 302
    store = FileVaultStore(site.data / "vaults")
    vault_id, public_key = rows(
        site.data,
        "select vault_id, public_key from accounts_vault v join accounts_person p "
        "on p.id = v.person_id where email = ?",
        email,
    )[0]
    assert isinstance(public_key, bytes)
    door = ClosedVault(store, str(vault_id), public_key)
    batches = {f"batch {n}": f"planted {n}".encode() for n in range(12)}
    orders = [list(batches), list(batches)[::-1], sorted(batches, key=lambda b: b[::-1])]
    with ThreadPoolExecutor(3) as phones:
        took = list(
            phones.map(lambda order: [door.append_inbox(b, batches[b]) for b in order], orders)
        )
    assert sum(map(sum, took)) == 12
    content = (site.data / "vaults" / str(vault_id)[:2] / f"{str(vault_id)[2:]}.vault").read_bytes()
    assert b"planted" not in content
    # The owner comes back: all is there, each once, and the journal was not touched.
    assert ann.post("/account/login/", login=email, password=PASSWORD)[0] == 302
    vault = vault_of(site.data, email)
    assert {batch.batch_id: batch.plain for batch in vault.inbox()} == batches
    assert len(vault.evidence().trace) == 900
    # Another's key opens none of it.
    _, other = new_person(site)
    stranger = vault_of(site.data, other)
    shutil.copy(
        site.data / "vaults" / str(vault_id)[:2] / f"{str(vault_id)[2:]}.vault",
        site.data / "vaults" / stranger.vault_id[:2] / f"{stranger.vault_id[2:]}.vault",
    )
    with pytest.raises(VaultKeyWrong):
        vault_of(site.data, other)
    with pytest.raises(VaultDamaged):
        list(stranger.inbox())


def test_two_tabs_correct_one_trip_at_once(site):
    ann, email = new_person(site)
    over(ann, ann.bring(("a.json", track(day=DAYS[0]))))
    leg, modes = leg_of(ann, DAYS[0]), ["ferry", "bus", "tram", "train", "car", "bike"]
    tabs = [Browser(site, dict(ann.cookies)) for _ in modes]
    ready = threading.Barrier(len(modes))

    def say(tab: Browser, mode: str) -> int:
        ready.wait()
        return tab.post("/journal/correct/", **leg, mode=mode)[0]

    with ThreadPoolExecutor(len(modes)) as many:
        assert list(many.map(say, tabs, modes)) == [302] * len(modes)
    said = read_corrections(vault_of(site.data, email))
    assert sorted(str(c.mode) for c in said) == sorted(modes)  # each acknowledged, each kept
    last = max(said, key=lambda c: (c.made_at_us, c.id))

    def shown() -> str:
        page = ann.ask("GET", f"/journal/{DAYS[0]}/")[2].decode()
        found = re.search(r'name="correction" value="([0-9a-f]+)"', page)
        return found[1] if found else ""

    # The last one wins everywhere; taking it back shows the one before.
    key = shown()
    assert key == last.id
    with ThreadPoolExecutor(2) as two:  # both tabs take back the same: one does, one is told
        took = list(
            two.map(lambda t: t.post("/journal/undo/", day=DAYS[0], correction=key)[0], tabs[:2])
        )
    assert sorted(took) == [302, 404]
    left = read_corrections(vault_of(site.data, email))
    assert len(left) == len(modes) - 1
    assert shown() == left[-1].id


@pytest.mark.parametrize("wait_s", [0.0, 0.4, 1.0, 1.6, 2.4])
def test_erased_while_an_import_runs_leaves_nothing_and_touches_nobody(site, wait_s):
    bea, email_b = new_person(site)
    over(bea, bea.bring(("b.json", track(day=DAYS[0]))))
    ann, email = new_person(site)
    vault_id = vault_of(site.data, email).vault_id
    [(person_id,)] = rows(site.data, "select id from accounts_person where email = ?", email)
    ann.bring(*((f"{n}.json", track(day=f"2026-07-{n + 1:02d}")) for n in range(20)))
    time.sleep(wait_s)
    assert ann.post("/settings/erase/", password=PASSWORD)[0] == 200
    assert not rows(site.data, "select 1 from accounts_person where email = ?", email)
    time.sleep(1.5)  # a worker that was busy for them meets that they are gone
    left = [p.name for p in (site.data / "vaults").rglob("*") if vault_id[2:] in p.name]
    assert left == []
    assert not list((site.data / "incoming").iterdir())
    assert not rows(site.data, "select 1 from jobs_job where person_id = ?", person_id)
    assert not rows(site.data, "select 1 from me_import where person_id = ?", person_id)
    # The worker serves others on.
    done = over(bea, bea.bring(("c.json", track(day=DAYS[1]))))
    assert (done["state"], done["n_positions_new"]) == ("done", 900)
    assert vault_of(site.data, email_b).verify().sound


# Backups of different days ---------------------------------------------------------------------


def put_back(data: Path, *, database: Path, vaults: Path) -> None:
    """Put the database of one day beside the vaults of another."""
    shutil.copy(database / "estran.sqlite3", data / "estran.sqlite3")
    shutil.rmtree(data / "vaults")
    shutil.copytree(vaults / "vaults", data / "vaults")


def signed_in(site: Site, email: str) -> tuple[Browser, str]:
    who = Browser(site)
    assert who.post("/account/login/", login=email, password=PASSWORD)[0] == 302
    return who, who.ask("GET", f"/journal/{DAYS[0]}/")[2].decode()


def answer(site: Site, email: str, path: str) -> tuple[int, str]:
    status, _, content = signed_in(site, email)[0].ask("GET", path)
    return status, content.decode()


def test_backups_of_different_days_open_what_they_can_and_say_what_is_missing(tmp_path):
    data, monday, friday = (tmp_path / name for name in ("site", "monday", "friday"))
    with running(data) as site:
        ann, ann_at = new_person(site)
        over(ann, ann.bring(("a.json", track(day=DAYS[0]))))
        _, ben_at = new_person(site)
    shutil.copytree(data, monday)
    with running(data) as site:
        ann.site = site
        ann.post("/account/login/", login=ann_at, password=PASSWORD)
        second = ann.bring(("b.json", track(day=DAYS[1])))
        over(ann, second)
        assert ann.post("/journal/correct/", **leg_of(ann, DAYS[0]), mode="ferry")[0] == 302
        ben = signed_in(site, ben_at)[0]
        assert ben.post("/settings/erase/", password=PASSWORD)[0] == 200
        _, cid_at = new_person(site)
    shutil.copytree(data, friday)

    # Newer vaults under an older database: all that the vaults hold is there.
    put_back(data, database=monday, vaults=friday)
    with running(data) as site:
        for day in DAYS[:2]:
            assert leg_of(signed_in(site, ann_at)[0], day)
        assert len(vault_of(data, ann_at).evidence().trace) == 2 * 900
        status, page = answer(site, ben_at, "/journal/")
        assert (status, "vault-missing" in page or "pas sur ce serveur" in page) == (503, True)
        assert rows(data, "select count(*) from accounts_person where email = ?", cid_at) == [(0,)]
        # Whoever has no vault any more can still be erased.
        gone = signed_in(site, ben_at)[0].post("/settings/erase/", password=PASSWORD)
        assert gone[0] == 200

    # Older vaults under a newer database: what is not there is said to be missing.
    put_back(data, database=friday, vaults=monday)
    with running(data) as site:
        ann.site = site
        assert len(vault_of(data, ann_at).evidence().trace) == 900
        status, page = answer(site, ann_at, second)
        assert status == 200
        assert "copie plus ancienne" in page
        assert "est lu" not in page
        assert "Absent de votre coffre" in answer(site, ann_at, "/import/")[1]
        assert answer(site, cid_at, "/journal/")[0] == 503
        with pytest.raises(Refusal):
            vault_of(data, cid_at)
        # Brought again, all is as it was.
        ann, _ = signed_in(site, ann_at)
        done = over(ann, ann.bring(("b.json", track(day=DAYS[1]))))
        assert done["n_positions_new"] == 900
        assert vault_of(data, ann_at).verify().sound
        printed = site.stop()
    assert "Traceback" not in printed
    assert ann_at not in printed


def test_a_file_cut_short_is_said_and_harms_nobody(tmp_path: Path):
    with running(tmp_path / "site") as site:
        ann, email = new_person(site)
        over(ann, ann.bring(("a.json", track(day=DAYS[0]))))
        bea, _ = new_person(site)
        vault = vault_of(site.data, email)
        path = site.data / "vaults" / vault.vault_id[:2] / f"{vault.vault_id[2:]}.vault"
        whole = path.read_bytes()
        for n_bytes in (len(whole) // 2, 100, 0):
            path.write_bytes(whole[:n_bytes])
            status, _, page = ann.ask("GET", f"/journal/{DAYS[0]}/")
            assert status != 200, n_bytes
            assert b"Traceback" not in page
            assert bea.ask("GET", "/settings/")[0] == 200
        path.write_bytes(whole)
        assert leg_of(ann, DAYS[0])
        printed = site.stop()
    assert "Traceback" not in printed
