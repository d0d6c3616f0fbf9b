"""What a device brings: sealed and kept at the door, taken in when the vault is open."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from estran.errors import NotFound
from estran.trace import Positions
from estran.vault.chunks import Kind
from estran.web.accounts import keylife
from estran.web.jobs.models import Job
from estran.web.live import work
from estran.web.live.door import take
from estran.web.live.draining import Drained, drain
from estran.web.live.known import BOOK, Known
from estran.web.live.models import Device, Waiting
from estran.web.retention.pausing import resume, set_pause
from estran.wire.values import Posted

from .conftest import Somebody
from .test_imports import vault_of

pytestmark = pytest.mark.django_db

START_US = int(datetime(2026, 6, 1, 7, tzinfo=UTC).timestamp() * 1e6)


def ride(*, n: int = 900) -> Posted:
    """An hour at home, a ride of 6 km, an hour there, a fix every 10 s."""
    moved = np.clip(np.arange(n) - 360, 0, 180)
    return Posted(
        positions=Positions.of(
            START_US + np.arange(n) * 10_000_000, (46.16 + moved * 3e-4).tolist(), [-1.15] * n,
            accuracy_m=np.full(n, 8.0, np.float32),
        )
    )  # fmt: skip


def found(token: str) -> Known:
    known = BOOK.find(token)
    assert known is not None
    return known


@pytest.fixture
def add(monkeypatch):
    """Add a device for somebody, as the page does."""

    def added(person: Somebody, app: str = "owntracks", name: str = "pocket") -> tuple[Device, str]:
        vault = vault_of(person)
        monkeypatch.setattr(keylife, "open_vault", lambda _request: vault)
        return work.add_device(SimpleNamespace(user=person.person), app, name)  # type: ignore[arg-type]

    return added


def test_what_a_device_brings_is_in_the_journal_after_the_next_page(alice, add, work_off):
    device, token = add(alice)
    known = found(token)
    take(known, "owntracks", ride(), START_US)
    assert drain() == Drained(1, 0)
    assert Waiting.objects.filter(person=alice.person).exists()
    alice.client.get("/journal/")
    assert work_off() == 1
    vault = vault_of(alice)
    assert vault.n_rows(Kind.POSITIONS) == 900
    assert [s.key for s in vault.sources()] == [f"live/{device.pk.hex}"]
    assert list(vault.inbox()) == []
    assert not Waiting.objects.exists()
    assert b"2026" in alice.client.get("/journal/2026-06-01/").content
    device.refresh_from_db()
    assert device.last_received_at is not None
    assert device.last_point_at == device.last_received_at


def test_the_same_again_is_kept_once(alice, add, work_off):
    _, token = add(alice)
    known = found(token)
    take(known, "owntracks", ride(), START_US)
    take(known, "owntracks", ride(), START_US + 5_000_000)
    assert drain() == Drained(2, 0)
    alice.client.get("/journal/")
    assert work_off() == 1
    take(known, "owntracks", ride(), START_US + 9_000_000)
    drain()
    alice.client.get("/journal/")
    work_off()
    assert vault_of(alice).n_rows(Kind.POSITIONS) == 900


def test_a_token_is_known_until_it_is_renewed_or_revoked(alice, bob, add, monkeypatch):
    device, token = add(alice)
    assert found(token).person_id == alice.person.pk
    request: Any = SimpleNamespace(user=alice.person)
    _, other = work.renew_token(request, device.pk)
    assert BOOK.find(token) is None
    assert found(other).device_id == device.pk
    with pytest.raises(NotFound):
        work.revoke_device(bob.person, device.pk)
    work.revoke_device(alice.person, device.pk)
    assert BOOK.find(other) is None


def test_a_pause_is_known_at_once(alice, add):
    device, token = add(alice)
    assert found(token).takes
    work.pause_device(alice.person, device.pk)
    assert not found(token).takes
    work.resume_device(alice.person, device.pk)
    set_pause(alice.person, None)
    assert not found(token).takes
    resume(alice.person)
    assert found(token).takes


def test_nothing_is_kept_of_an_empty_call(alice, add):
    _, token = add(alice)
    take(found(token), "owntracks", Posted(), START_US)
    assert drain() == Drained()
    assert not Waiting.objects.exists()


def test_the_name_of_a_device_is_not_in_the_database(alice, add):
    device, _ = add(alice, name="Zanzibar 9")
    columns = Device.objects.filter(pk=device.pk).values().get()
    assert "Zanzibar" not in repr(columns)


def test_a_vault_that_grew_too_large_makes_its_phones_wait(alice, add, monkeypatch):
    _, token = add(alice)
    monkeypatch.setattr("estran.web.live.known.MOST_VAULT_BYTES", 10)
    assert found(token).is_full


def test_a_phone_that_posts_often_does_not_have_the_journal_made_at_each_click(
    alice, add, work_off
):
    _, token = add(alice)
    for n in range(3):
        take(found(token), "owntracks", ride(n=20 + n), START_US)
        drain()
        alice.client.get("/journal/")
        work_off()
    assert sorted(Job.objects.values_list("kind", "state")) == [
        ("take-in", "done"), ("take-in", "queued"),
    ]  # fmt: skip
