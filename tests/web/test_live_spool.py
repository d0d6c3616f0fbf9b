"""What was acknowledged is never lost: cut files, full disks, changed keys, interrupted rounds."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from estran.errors import NotFound, VaultBusy, VaultFull
from estran.vault.chunks import Kind
from estran.web.accounts.models import Vault
from estran.web.accounts.vaults import store
from estran.web.live import draining
from estran.web.live.door import take
from estran.web.live.draining import Drained, Watch, drain
from estran.web.live.known import tell_changed
from estran.web.live.models import Device, Waiting
from estran.web.live.spool import SPOOL, Frame, Spool, encoded, folder, frames
from estran.web.running.backup import back_up, restore
from estran.web.running.doctor import look

from .test_imports import vault_of
from .test_live_door import START_US, add, found, ride

__all__ = ["add"]
pytestmark = pytest.mark.django_db


def frame(n: int) -> Frame:
    return Frame("ab" * 16, n.to_bytes(16, "big"), b"sealed" * (n % 7), "d", "p", n, None)


@given(cut=st.integers(0, 400), n=st.integers(0, 5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_a_file_that_was_cut_ends_before_the_cut_frame(cut: int, n: int) -> None:
    parts = [encoded(frame(k)) for k in range(n)]
    whole = b"".join(parts)
    sizes = [sum(map(len, parts[: k + 1])) for k in range(n)]
    left = list(frames(whole[:cut]))
    assert left == [frame(k) for k in range(sum(size <= cut for size in sizes))]


@given(at=st.integers(0, 150), bit=st.integers(0, 7))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_a_frame_that_was_altered_is_none(at: int, bit: int) -> None:
    content = bytearray(encoded(frame(1)) + encoded(frame(2)))
    content[at % len(content)] ^= 1 << bit
    assert [f for f in frames(bytes(content)) if f not in {frame(1), frame(2)}] == []


def test_many_threads_write_each_frame_once():
    mine = Spool()
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(mine.append, map(frame, range(400))))
    kept = [f for path in folder().glob("*.log") for f in frames(path.read_bytes())]
    assert sorted(f.received_us for f in kept) == list(range(400))


def test_a_child_process_begins_a_file_of_its_own():
    SPOOL.append(frame(1))
    pid = os.fork()
    if not pid:
        SPOOL.append(frame(2))
        os._exit(0)
    os.waitpid(pid, 0)
    SPOOL.append(frame(3))
    files = [list(frames(p.read_bytes())) for p in folder().glob("*.log")]
    assert sorted(files, key=len) == [[frame(2)], [frame(1), frame(3)]]


def test_a_round_takes_the_file_away_and_the_writer_begins_another(alice, add):
    _, token = add(alice)
    known = found(token)
    take(known, "owntracks", ride(n=10), START_US)
    assert drain() == Drained(1, 0)
    take(known, "owntracks", ride(n=20), START_US)
    assert drain() == Drained(1, 0)
    assert drain() == Drained(0, 0)
    assert [path.name for path in folder().glob("*.taken")] == []
    assert len(list(vault_of(alice).inbox())) == 2


def test_a_disk_that_is_full_refuses_and_the_next_is_kept(monkeypatch):
    mine = Spool()
    mine.append(frame(1))
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, b: real(fd, bytes(b)[:5]) and _full())
    with pytest.raises(VaultFull):
        mine.append(frame(2))
    monkeypatch.setattr(os, "write", real)
    mine.append(frame(3))
    [path] = folder().glob("*.log")
    assert list(frames(path.read_bytes())) == [frame(1), frame(3)]


def _full() -> int:
    raise OSError(28, "No space left on device")


def test_a_parcel_is_sealed_anew_where_the_key_changed_meanwhile(alice, add, monkeypatch):
    _, token = add(alice)
    known = found(token)
    n = 0

    def changes_once(frame: Frame, still_true) -> None:
        nonlocal n
        n += 1
        if n == 1:
            tell_changed()
        real(frame, still_true)

    real = SPOOL.append
    monkeypatch.setattr(SPOOL, "append", changes_once)
    take(known, "owntracks", ride(n=10), START_US)
    assert n == 2
    assert drain() == Drained(1, 0)


def test_a_device_revoked_in_that_moment_brings_nothing(alice, add):
    device, token = add(alice)
    known = found(token)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SPOOL, "append", _busy)
        Device.objects.filter(pk=device.pk).delete()
        with pytest.raises(VaultBusy):
            take(known, "owntracks", ride(n=10), START_US)
    assert drain() == Drained()


def _busy(*_: object) -> None:
    raise VaultBusy


def test_a_vault_that_takes_nothing_keeps_its_parcels_waiting(alice, bob, add, monkeypatch):
    _, hers = add(alice)
    _, his = add(bob)
    vault_id = Vault.objects.get(person=alice.person).vault_id
    take(found(hers), "owntracks", ride(n=10), START_US)
    take(found(his), "owntracks", ride(n=10), START_US)
    real = type(store()).connect

    def connect(self, of: str):
        if of == vault_id:
            raise VaultFull
        return real(self, of)

    monkeypatch.setattr(type(store()), "connect", connect)
    assert drain() == Drained(1, 1)
    monkeypatch.setattr(type(store()), "connect", real)
    assert len(list(vault_of(bob).inbox())) == 1
    assert drain() == Drained(2, 0)
    assert len(list(vault_of(alice).inbox())) == 1
    assert len(list(vault_of(bob).inbox())) == 1


def test_a_round_killed_before_it_removes_the_file_is_done_again(alice, add, work_off):
    _, token = add(alice)
    take(found(token), "owntracks", ride(), START_US)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "unlink", _killed)
        with pytest.raises(KeyboardInterrupt):
            drain()
    alice.client.get("/journal/")
    work_off()
    drain()
    vault = vault_of(alice)
    assert vault.n_rows(Kind.POSITIONS) == 900
    assert list(vault.inbox()) == []


def _killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_what_was_sealed_to_an_erased_vault_goes(alice, add):
    _, token = add(alice)
    known = found(token)
    take(known, "owntracks", ride(n=10), START_US)
    store().erase(known.vault_id)
    with pytest.raises(NotFound):
        store().meta(known.vault_id)
    assert drain() == Drained(1, 0)
    assert not list(folder().glob("*.taken"))


def test_the_spool_is_in_no_language_that_anybody_reads(alice, add):
    _, token = add(alice)
    take(found(token), "owntracks", ride(n=1), START_US)
    [path] = folder().glob("*.log")
    assert path.stat().st_mode & 0o077 == 0
    assert token.encode() not in path.read_bytes()
    assert b"owntracks" not in path.read_bytes()


def test_the_doctor_tells_what_is_late(alice, add, data, monkeypatch):
    from estran.web.config.environment import Environment  # noqa: PLC0415

    _, token = add(alice)
    take(found(token), "owntracks", ride(n=1), START_US)

    def told() -> list[bool]:
        return [f.is_well for f in look(Environment(data)) if f.words.startswith("phones:")]

    assert told() == [True]
    [path] = folder().glob("*.log")
    os.utime(path, (1_000_000, 1_000_000))
    assert told() == [False]


def test_a_backup_has_what_is_on_the_way(tmp_path):
    import sqlite3  # noqa: PLC0415

    from estran.web.config.environment import Environment, prepare_data_folder  # noqa: PLC0415

    data = tmp_path / "site"
    prepare_data_folder(data)
    with sqlite3.connect(data / "estran.sqlite3") as db:
        db.execute("CREATE TABLE accounts_vault (vault_id TEXT)")
        db.execute("CREATE TABLE accounts_keyslot (vault_id TEXT)")
    (data / "spool").mkdir()
    (data / "spool" / "00000001700000000000-0badc0de.log").write_bytes(encoded(frame(4)))
    back_up(Environment(data), tmp_path / "copy.tar")
    restore(Environment(data), tmp_path / "copy.tar")
    [path] = (data / "spool").iterdir()
    assert path.suffix == ".taken"
    assert list(frames(path.read_bytes())) == [frame(4)]


def test_one_vault_is_served_without_the_others(alice, bob, add, work_off):
    _, hers = add(alice)
    _, his = add(bob)
    take(found(hers), "owntracks", ride(), START_US)
    take(found(his), "owntracks", ride(n=10), START_US)
    assert Watch().look() == 2
    alice.client.get("/journal/")
    assert work_off() == 1
    assert vault_of(alice).n_rows(Kind.POSITIONS) == 900
    assert list(vault_of(bob).inbox()) == []
    assert drain() == Drained(1, 0)
    assert len(list(vault_of(bob).inbox())) == 1
    assert list(vault_of(alice).inbox()) == []
    assert not list(folder().glob("*.served"))


def test_a_watch_reads_on_where_it_stopped(alice, add):
    device, token = add(alice)
    watch = Watch()
    assert watch.look() == 0
    take(found(token), "owntracks", ride(n=2), START_US + 60_000_000)
    assert (watch.look(), watch.look()) == (1, 0)
    device.refresh_from_db()
    assert device.last_point_at == datetime(2026, 6, 1, 7, 0, 10, tzinfo=UTC)
    assert Waiting.objects.count() == 1
    take(found(token), "owntracks", ride(n=3), START_US + 70_000_000)
    take(found(token), "owntracks", ride(n=4), START_US + 80_000_000)
    assert (watch.look(), watch.look()) == (2, 0)
    drain()
    take(found(token), "owntracks", ride(n=5), START_US + 90_000_000)
    assert (watch.look(), watch.look()) == (1, 0)
    device.refresh_from_db()
    assert device.last_received_at == datetime(2026, 6, 1, 7, 1, 30, tzinfo=UTC)


def test_a_person_sees_when_a_phone_was_heard(alice, add):
    device, token = add(alice)
    take(found(token), "owntracks", ride(n=2), START_US + 60_000_000)
    drain()
    device.refresh_from_db()
    assert device.last_point_at == datetime(2026, 6, 1, 7, 0, 10, tzinfo=UTC)
    assert device.last_received_at == datetime(2026, 6, 1, 7, 1, tzinfo=UTC)
    take(found(token), "owntracks", ride(n=1), START_US + 30_000_000)
    draining.drain()
    device.refresh_from_db()
    assert device.last_received_at == datetime(2026, 6, 1, 7, 1, tzinfo=UTC)
