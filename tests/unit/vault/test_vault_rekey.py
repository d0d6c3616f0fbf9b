"""Another key for a vault: nothing lost, whenever it is killed; the old key useless after."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from estran.errors import VaultBusy, VaultDamaged, VaultKeyWrong
from estran.trace import Positions
from estran.vault.keys import create_vault
from estran.vault.store import Row
from estran.web.store import ClosedVault, OpenVault
from estran.web.store.rekey import key_in_force, settle, turn
from tests.unit.vault.samples import PHONE, days_of

REPOSITORY = Path(__file__).resolve().parents[3]


def filled(vault: OpenVault, *, n_docs: int = 20) -> OpenVault:
    vault.add_positions(PHONE, days_of(3), import_id="one")
    for i in range(n_docs):
        vault.put_doc("journal" if i % 2 else "correction", str(i), b"said %d" % i * 9)
    for i in range(3):
        vault.audit("opened", str(i))
    return vault


def content(vault: OpenVault) -> dict[str, object]:
    evidence = vault.evidence()
    return {
        "positions": evidence.trace.time_us.tobytes() + evidence.trace.lat_deg.tobytes(),
        "docs": {kind: dict(vault.docs(kind)) for kind in ("journal", "correction")},
        "audit": vault.audit_entries(),
        "inbox": [(batch.batch_id, batch.plain) for batch in vault.inbox()],
        "imports": vault.imports(),
    }


def new_keys(bench):
    return replace(create_vault(), vault_id=bench.keys.vault_id)


def opened(bench, keys) -> OpenVault:
    return OpenVault(bench.store, keys.vault_id, keys.vault_key)


def test_everything_is_there_under_the_new_key_and_the_old_one_opens_nothing(bench, vault):
    filled(vault)
    ClosedVault(bench.store, vault.vault_id, vault.public_key).append_inbox("a", b"batch a")
    before = content(vault)
    old_rows = {table: rows_of(bench, table) for table in ("chunk", "doc", "audit", "inbox")}
    keys = new_keys(bench)
    shares: list[float] = []
    turn(bench.store, keys, bench.keys.vault_key, tell=shares.append)
    settle(bench.store, keys.vault_id, keys.vault_key)
    after = opened(bench, keys)
    assert content(after) == before
    assert after.verify().sound
    assert after.public_key == keys.public_key
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    with pytest.raises(VaultKeyWrong):
        bench.opened()
    for table, rows in old_rows.items():
        kept = rows_of(bench, table)
        assert len(kept) == len(rows)
        assert not {row.body for row in rows} & {row.body for row in kept}, table
        if table != "audit":  # whose rows are numbers
            assert not {row.key for row in rows} & {row.key for row in kept}, table


def rows_of(bench, table) -> list[Row]:
    with bench.store.connect(bench.keys.vault_id) as container:
        return list(container.rows(table))


def test_no_sealed_byte_of_before_is_left_in_the_file(bench, vault):
    filled(vault)
    planted = rows_of(bench, "doc")[3].body
    assert planted in bench.path.read_bytes()
    turn(bench.store, new_keys(bench), bench.keys.vault_key)
    assert planted not in bench.path.read_bytes()


def test_over_the_bridge_the_former_key_opens_until_it_is_settled(bench, vault):
    filled(vault)
    before = content(vault)
    keys = new_keys(bench)
    turn(bench.store, keys, bench.keys.vault_key)
    assert content(bench.opened()) == before  # whoever signed in before goes on
    assert key_in_force(bench.store, keys.vault_id, bench.keys.vault_key) == keys.vault_key
    bench.opened().put_doc("journal", "written meanwhile", b"yes")
    assert settle(bench.store, keys.vault_id, bench.keys.vault_key)
    assert not settle(bench.store, keys.vault_id, keys.vault_key)
    assert opened(bench, keys).get_doc("journal", "written meanwhile") == b"yes"
    with pytest.raises(VaultKeyWrong):
        bench.opened()


def test_what_comes_at_the_door_meanwhile_is_kept(bench, vault):
    door = ClosedVault(bench.store, vault.vault_id, vault.public_key)
    door.append_inbox("before", b"1")
    keys = new_keys(bench)
    turn(bench.store, keys, bench.keys.vault_key)
    assert door.append_inbox("meanwhile", b"2")  # with the public key that it still knows
    ClosedVault(bench.store, vault.vault_id, keys.public_key).append_inbox("new", b"3")
    assert [b.plain for b in opened(bench, keys).inbox()] == [b"1", b"2", b"3"]
    settle(bench.store, keys.vault_id, keys.vault_key)
    assert sorted(b.plain for b in opened(bench, keys).inbox()) == [b"1", b"2", b"3"]
    with pytest.raises(VaultBusy):  # nothing is acknowledged that nobody could read
        door.append_inbox("late", b"4")


def test_a_vault_that_was_open_meanwhile_writes_nothing_wrong(bench, vault):
    filled(vault)
    keys = new_keys(bench)
    turn(bench.store, keys, bench.keys.vault_key)
    with pytest.raises(VaultBusy):
        vault.get_doc("journal", "1")
    with pytest.raises(VaultBusy):
        vault.put_doc("journal", "1", b"x")
    assert opened(bench, keys).verify().sound


def test_a_turn_that_is_stopped_changes_nothing(bench, vault):
    filled(vault)
    before, bytes_before = content(vault), bench.path.read_bytes()

    class StopNowError(Exception):
        pass

    def stop(share: float) -> None:
        if share > 0.6:
            raise StopNowError

    with pytest.raises(StopNowError):
        turn(bench.store, new_keys(bench), bench.keys.vault_key, tell=stop)
    assert content(bench.opened()) == before
    assert bench.path.read_bytes()[100:] == bytes_before[100:]


TURNING = """
import sys
from pathlib import Path
from estran.vault.keys import VaultKeys
from estran.web.store import FileVaultStore
from estran.web.store.rekey import settle, turn

root, vault_id, former, key, secret, public = sys.argv[1:]
keys = VaultKeys(vault_id, *(bytes.fromhex(one) for one in (key, secret, public)))
store = FileVaultStore(Path(root))
print("begun", flush=True)
turn(store, keys, bytes.fromhex(former), tell=lambda share: print(share, flush=True))
print("turned", flush=True)
settle(store, vault_id, keys.vault_key)
print("settled", flush=True)
"""


def turning(bench, keys):
    told = [keys.vault_id, *(k.hex() for k in (bench.keys.vault_key, keys.vault_key,
            keys.secret_key, keys.public_key))]  # fmt: skip
    env = {**os.environ, "PYTHONPATH": str(REPOSITORY / "src")}
    command = [sys.executable, "-c", TURNING, str(bench.root), *told]
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=env, text=True)  # noqa: S603 - our own program


@pytest.mark.parametrize("at_line", [1, 40, 300, 606, 607])
def test_killed_anywhere_it_goes_on_and_nothing_is_lost(bench, vault, at_line):
    filled(vault, n_docs=600)
    before, keys = content(vault), new_keys(bench)
    with turning(bench, keys) as child:
        assert child.stdout is not None
        for _ in range(at_line):
            child.stdout.readline()
        child.kill()
    time.sleep(0)
    assert content(bench_opened(bench, keys)) == before
    turn(bench.store, keys, bench.keys.vault_key)
    settle(bench.store, keys.vault_id, keys.vault_key)
    assert content(opened(bench, keys)) == before
    assert opened(bench, keys).verify().sound


def bench_opened(bench, keys) -> OpenVault:
    """Open with whichever key does, as a person's slots would."""
    try:
        vault: OpenVault = bench.opened()
    except VaultKeyWrong:
        vault = opened(bench, keys)
    return vault


def test_a_wrong_key_turns_nothing(bench, vault):
    filled(vault)
    with pytest.raises(VaultKeyWrong):
        turn(bench.store, new_keys(bench), bytes(32))
    assert vault.verify().sound


def test_what_was_damaged_stays_damaged_and_holds_up_nothing(bench, vault):
    filled(vault)
    with bench.store.connect(vault.vault_id) as container:
        container.begin(write=True)
        for table in ("chunk", "doc"):
            row = next(iter(container.rows(table)))
            container.put(table, replace(row, body=row.body[:-1] + bytes([row.body[-1] ^ 1])))
        container.commit()
    damaged = vault.verify()
    keys = new_keys(bench)
    turn(bench.store, keys, bench.keys.vault_key)
    after = opened(bench, keys).verify()
    assert (len(after.damaged_chunks), after.n_damaged_docs) == (1, 1)
    assert after.rows_as_left == damaged.rows_as_left


def test_documents_of_before_kinds_were_told_need_their_kinds(bench, vault):
    vault.put_doc("journal", "1", b"x")
    with bench.store.connect(vault.vault_id) as container, pytest.MonkeyPatch.context() as older:
        older.setattr("estran.web.store.opened.doc_name", lambda _kind, doc_id: doc_id.encode())
        container.__exit__()
        vault.put_doc("journal", "2", b"y")
    with pytest.raises(VaultDamaged):
        turn(bench.store, new_keys(bench), bench.keys.vault_key)
    keys = new_keys(bench)
    turn(bench.store, keys, bench.keys.vault_key, kinds=["journal"])
    assert dict(opened(bench, keys).docs("journal")) == {"1": b"x", "2": b"y"}


def test_another_turn_waits_until_the_first_is_settled(bench, vault):
    keys = new_keys(bench)
    turn(bench.store, keys, bench.keys.vault_key)
    with pytest.raises(VaultBusy):
        turn(bench.store, new_keys(bench), keys.vault_key)


def test_a_copy_of_before_and_the_old_key_say_nothing_of_what_comes_later(bench, vault, tmp_path):
    filled(vault)
    copy = tmp_path / "copy.vault"
    shutil.copy(bench.path, copy)
    keys = new_keys(bench)
    turn(bench.store, keys, bench.keys.vault_key)
    settle(bench.store, keys.vault_id, keys.vault_key)
    opened(bench, keys).add_positions(
        PHONE, Positions.of([10**15], [46.0], [1.0]), import_id="later"
    )
    for row in (*rows_of(bench, "meta"), *rows_of(bench, "chunk")):
        assert bench.keys.vault_key not in row.body
    with pytest.raises(VaultKeyWrong):
        bench.opened()
