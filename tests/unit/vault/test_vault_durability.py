"""What was acknowledged is kept: through a kill, a full disk, two writers at once."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from estran.errors import VaultBusy, VaultFull
from estran.trace import Positions
from estran.vault.keys import create_vault
from estran.vault.store import new_meta
from estran.web.store import ClosedVault, FileVaultStore, OpenVault, StoreSettings
from tests.unit.vault.samples import DAY_US, PHONE, START_US, days_of

REPOSITORY = Path(__file__).resolve().parents[3]

APPENDING = """
import sys
from pathlib import Path
from estran.trace import Positions, Source
from estran.web.store import ClosedVault, FileVaultStore, OpenVault

root, vault_id, key, first = sys.argv[1:]
store = FileVaultStore(Path(root))
vault = OpenVault(store, vault_id, bytes.fromhex(key))
closed = ClosedVault(store, vault_id, vault.public_key)
source = Source("live", "live")
i = int(first)
while True:
    vault.add_positions(source, Positions.of([i * 1_000_000], [46.0], [1.0]), import_id="live")
    vault.put_doc("k", str(i), b"x" * 5000)
    closed.append_inbox(str(i), b"batch")
    print(i, flush=True)
    i += 1
"""


def appending(bench, first: int):
    env = {**os.environ, "PYTHONPATH": str(REPOSITORY / "src")}
    command = [sys.executable, "-c", APPENDING, str(bench.root), bench.keys.vault_id,
               bench.keys.vault_key.hex(), str(first)]  # fmt: skip
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=env, text=True)  # noqa: S603 - our own program


def test_a_killed_writer_loses_nothing_acknowledged(bench, vault):
    first = 0
    acknowledged: list[int] = []
    cut_short: set[int] = set()
    for wait_s in (0.05, 0.13, 0.02, 0.21, 0.08):
        with appending(bench, first) as child:
            assert child.stdout is not None
            acknowledged.append(int(child.stdout.readline()))
            time.sleep(wait_s)
            child.send_signal(signal.SIGKILL)
            acknowledged += [int(line) for line in child.stdout.read().split()]
        kept = set((vault.evidence().trace.time_us // 1_000_000).tolist())
        assert set(acknowledged) <= kept
        assert {str(i) for i in acknowledged} <= set(vault.doc_ids("k"))
        assert {str(i) for i in acknowledged} <= {batch.batch_id for batch in vault.inbox()}
        # More than that is at most the one that was being written when the kill came.
        cut_short.add(acknowledged[-1] + 1)
        assert kept <= {*acknowledged, *cut_short}
        assert vault.verify().sound
        first = max(kept) + 1
    assert len(acknowledged) >= 5


def test_two_writers_take_turns(bench, vault):
    with appending(bench, 0) as one, appending(bench, 1_000_000) as other:
        assert one.stdout is not None
        assert other.stdout is not None
        for _ in range(10):
            one.stdout.readline()
            other.stdout.readline()
        for child in (one, other):
            child.send_signal(signal.SIGKILL)
    kept = set((vault.evidence().trace.time_us // 1_000_000).tolist())
    assert set(range(10)) | set(range(1_000_000, 1_000_010)) <= kept
    assert vault.verify().sound


def test_a_writer_waits_for_so_long_and_no_longer(bench):
    hasty = OpenVault(
        FileVaultStore(bench.root, settings=StoreSettings(busy_s=0.05)),
        bench.keys.vault_id, bench.keys.vault_key,
    )  # fmt: skip
    with bench.opened().transaction():
        with pytest.raises(VaultBusy):
            hasty.put_doc("k", "a", b"1")
        assert hasty.get_doc("k", "a") is None
    hasty.put_doc("k", "a", b"1")
    assert hasty.get_doc("k", "a") == b"1"


# A disk that takes no more -------------------------------------------------------------------


@pytest.fixture
def full_at():
    """Let no file of this process grow beyond a size, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limit(n_bytes: int | None) -> None:
        soft = before[0] if n_bytes is None else n_bytes
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, before[1]))

    yield limit
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def random_days(n_days: int) -> Positions:
    rng = np.random.default_rng(3)
    n = n_days * 2000
    return Positions.of(
        START_US + np.arange(n) * (DAY_US // 2000), rng.uniform(-90, 90, n), rng.uniform(-9, 9, n)
    )


def test_a_full_disk_stores_nothing_by_halves(bench, vault, full_at):
    vault.put_doc("k", "before", b"kept")
    vault.add_positions(PHONE, days_of(1), import_id="a")
    size, generation = bench.path.stat().st_size, vault.generation()
    full_at(size + 20_000)
    noise = os.urandom(60_000)
    with pytest.raises(VaultFull):
        vault.put_doc("k", "too large", noise)
    with pytest.raises(VaultFull):
        vault.add_positions(PHONE, random_days(20), import_id="b")
    with pytest.raises(VaultFull):
        ClosedVault(bench.store, bench.keys.vault_id, vault.public_key).append_inbox("1", noise)
    full_at(None)
    assert vault.generation() == generation
    assert list(vault.docs("k")) == [("before", b"kept")]
    assert len(vault.evidence().trace) == 100
    assert list(vault.inbox()) == []
    assert vault.imports() == ("a",)
    assert vault.verify().sound
    vault.put_doc("k", "too large", noise)
    assert vault.get_doc("k", "too large") == noise


def test_a_refused_write_spoils_its_whole_transaction(bench, vault, full_at):
    vault.put_doc("k", "before", b"kept")
    full_at(bench.path.stat().st_size + 20_000)

    def hold_on():
        with vault.transaction():
            vault.put_doc("k", "small", b"1")
            for doc_id in ("large", "small too"):
                with pytest.raises(VaultFull):
                    vault.put_doc("k", doc_id, os.urandom(9_000_000 if doc_id == "large" else 1))

    with pytest.raises(VaultFull):
        hold_on()
    full_at(None)
    assert vault.doc_ids("k") == ["before"]
    assert vault.verify().sound


def test_no_vault_is_made_on_a_full_disk(tmp_path, full_at):
    store, keys = FileVaultStore(tmp_path / "vaults"), create_vault()
    full_at(4096)
    with pytest.raises(VaultFull):
        store.create(keys.vault_id, new_meta(keys))
    full_at(None)
    assert not store.exists(keys.vault_id)
    assert [path for path in (tmp_path / "vaults").rglob("*") if path.is_file()] == []
    store.create(keys.vault_id, new_meta(keys))
    assert store.exists(keys.vault_id)
