from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from estran.errors import VaultDamaged, VaultFull
from estran.vault.keys import create_vault
from estran.vault.store import META_KEY, new_meta
from estran.web.store import FileVaultStore, StoreSettings
from tests.unit.vault.conformance import StoreConformance


class TestFileStore(StoreConformance):
    @pytest.fixture
    def store(self, tmp_path):
        return FileVaultStore(tmp_path / "vaults", settings=StoreSettings(busy_s=0.05))


def test_only_the_owner_reads_a_vault(bench):
    assert stat.S_IMODE(bench.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(bench.path.parent.stat().st_mode) == 0o700
    assert bench.path.parent.name == bench.keys.vault_id[:2]


def test_the_container_syncs_what_it_acknowledges(bench):
    with bench.store.connect(bench.keys.vault_id) as container:
        db = container._db
        assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert db.execute("PRAGMA synchronous").fetchone() == (3,)
        assert db.execute("PRAGMA secure_delete").fetchone() == (1,)


def _n_open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_nothing_is_left_open(bench, vault):
    before = _n_open_files()
    for i in range(20):
        vault.put_doc("k", str(i), b"x")
        list(vault.docs("k"))
    assert _n_open_files() == before
    assert [path.suffix for path in bench.root.glob("*/*")] == [".vault"]


def test_a_file_of_another_kind_is_damaged(bench):
    bench.path.write_bytes(b"not a container" * 1000)
    with pytest.raises(VaultDamaged):
        bench.store.meta(bench.keys.vault_id)


def test_a_container_without_our_tables_is_damaged(bench):
    path = bench.path
    path.unlink()
    sqlite3.connect(path).execute("CREATE TABLE other (n)").connection.commit()
    with pytest.raises(VaultDamaged):
        bench.store.meta(bench.keys.vault_id)


def test_a_store_that_cannot_make_a_vault_leaves_nothing(tmp_path):
    root = tmp_path / "vaults"
    root.write_bytes(b"a file where the folder should be")
    keys = create_vault()
    with pytest.raises(VaultFull):
        FileVaultStore(root).create(keys.vault_id, new_meta(keys))
    assert root.read_bytes() == b"a file where the folder should be"


def test_erasing_overwrites_what_opens_the_rest(bench, vault, monkeypatch):
    salt = bench.store.meta(bench.keys.vault_id).salt
    assert salt in bench.path.read_bytes()
    # Stop between the overwriting and the removal, as a crash would.
    monkeypatch.setattr("pathlib.Path.unlink", _interrupted)
    with pytest.raises(KeyboardInterrupt):
        bench.store.erase(bench.keys.vault_id)
    monkeypatch.undo()
    assert salt not in bench.path.read_bytes()
    with pytest.raises(VaultDamaged):
        bench.opened()
    assert bench.store.erase(bench.keys.vault_id)
    assert list(bench.root.glob("*/*")) == []


def _interrupted(path, *, missing_ok=False):
    raise KeyboardInterrupt


def test_a_damaged_vault_can_be_erased(bench):
    bench.path.write_bytes(b"not a container" * 1000)
    assert bench.store.erase(bench.keys.vault_id)
    assert not bench.store.exists(bench.keys.vault_id)


def test_meta_of_another_format_is_refused(bench):
    with bench.store.connect(bench.keys.vault_id) as container:
        container.begin(write=True)
        row = container.get("meta", META_KEY)
        assert row is not None
        changed = row.body[:-1] + bytes([row.body[-1] + 1])
        container.put("meta", type(row)(row.key, row.group, row.rev, row.name, changed))
        container.commit()
    with pytest.raises(VaultDamaged):
        bench.store.meta(bench.keys.vault_id)
