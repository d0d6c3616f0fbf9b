"""The coach's way in: off until asked, used with a line each time, gone for good when shut."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from estran.errors import ConsentUnfit, VaultDamaged, VaultKeyWrong
from estran.vault.audit import Act
from estran.vault.consent import Purpose
from estran.vault.keys import decode_slot, open_slot
from estran.vault.wordings import current
from estran.web.accounts.models import KeySlot, Vault
from estran.web.accounts.vaults import open_by_password, store
from estran.web.config.environment import service_key
from estran.web.jobs import grants, queue
from estran.web.jobs.models import Job
from estran.web.me import consents, service
from estran.web.me.models import ServiceSlot
from estran.web.store.opened import OpenVault

from .conftest import PASSWORD, track

pytestmark = pytest.mark.django_db


def opened(who) -> tuple[OpenVault, bytes]:
    key = open_by_password(who.person, PASSWORD)
    return OpenVault(store(), Vault.objects.get(person=who.person).vault_id, key), key


def let_in(who, *, days: int = 30):
    vault, key = opened(who)
    last = timezone.now().date() + timedelta(days=days)
    offer = consents.coach_offer(current(Purpose.COACH, "fr"), last)
    return consents.let_coach_in(who.person, vault, key, offer)


def acts(who) -> list[str]:
    return [entry.action for entry in opened(who)[0].audit_entries()]


def test_it_is_off_until_asked(alice, workers):
    assert service.slots_of(alice.person) == []
    assert service.open_for(alice.person.pk) is None
    assert not service.queue_away(alice.person.pk, Job.Kind.REANALYSE)
    assert not (Path(settings.ESTRAN_DATA) / "service.key").exists()


def test_the_coach_works_while_the_person_is_away(alice, workers, work_off):
    alice.bring(("a.json", track()))
    work_off()
    let_in(alice)
    alice.client.post("/account/logout/")
    assert service.queue_away(alice.person.pk, Job.Kind.REANALYSE)
    assert not service.queue_away(alice.person.pk, Job.Kind.REANALYSE)  # one waits already
    assert work_off() == 1
    assert Job.objects.filter(state=Job.State.DONE).count() == 2
    assert acts(alice)[-2:] == [Act.CONSENT_GIVEN, Act.COACH_WORKED]


def test_work_left_by_a_restart_goes_on_by_the_coach_only_where_it_may(
    alice, bob, workers, work_off
):
    let_in(alice)
    for who in (alice, bob):
        who.bring(("a.json", track()))
    Job.objects.update(grant_key="another run's", grant=b"void")
    assert work_off() == 0
    assert service.look_after(workers.name).n_taken_over == 1
    assert work_off() == 1
    states = {job.person_id: job.state for job in Job.objects.all()}
    assert states == {alice.person.pk: "done", bob.person.pk: "queued"}


def test_a_newer_engine_has_the_journal_made_again_while_away(alice, workers, work_off, data):
    (data / "engine").write_text("one")
    let_in(alice)
    assert service.look_after(workers.name).n_queued == 0
    (data / "engine").write_text("two")
    assert service.look_after(workers.name).n_queued == 1
    assert work_off() == 1
    assert service.look_after(workers.name).n_queued == 0
    assert acts(alice)[-1] == Act.COACH_WORKED


def everything_opens_nothing(folder: Path, key: bytes, vault: Vault, wrapped: bytes) -> None:
    """Try the server's key on all that is in a folder and in the rows that are left."""
    for path in folder.rglob("*"):
        if path.is_file():
            assert wrapped not in path.read_bytes(), path.name
    for slot in KeySlot.objects.filter(vault=vault):
        with pytest.raises((VaultKeyWrong, VaultDamaged)):
            open_slot(decode_slot(bytes(slot.sealed)), vault.vault_id, key)


@pytest.mark.django_db(transaction=True)
def test_after_it_is_taken_back_the_server_and_all_its_files_open_nothing(
    alice, workers, work_off, data, tmp_path
):
    alice.bring(("a.json", track()))
    work_off()
    let_in(alice)
    vault = Vault.objects.get(person=alice.person)
    slot = decode_slot(bytes(ServiceSlot.objects.get().sealed))
    key = service_key(data, "")
    assert OpenVault(store(), vault.vault_id, open_slot(slot, vault.vault_id, key))
    stolen = tmp_path / "stolen"
    shutil.copytree(data, stolen)

    assert consents.shut_coach_out(alice.person, opened(alice)[0]) is not None
    alice.client.post("/account/logout/")

    assert not ServiceSlot.objects.exists()
    assert service.open_for(alice.person.pk) is None
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and Path(str(name)).is_file():
        shutil.copy(name, data / "control database")
    everything_opens_nothing(data, key, vault, slot.wrapped)
    # Told honestly: what was copied before opens with both halves, as docs/security.md says.
    assert open_slot(slot, vault.vault_id, service_key(stolen, ""))


def test_a_row_that_is_gone_leaves_no_bytes_in_the_control_database(tmp_path):
    """The site's own settings of SQLite overwrite what is deleted."""
    import sqlite3  # noqa: PLC0415 - here only

    options = dict(connection.settings_dict.get("OPTIONS") or {})
    if "init_command" not in options:
        pytest.skip("another database")
    path = tmp_path / "control.sqlite3"
    base = sqlite3.connect(path)
    base.executescript(options["init_command"])
    planted = b"a wrapped key that must go" * 4
    base.execute("CREATE TABLE slot (sealed BLOB)")
    base.execute("INSERT INTO slot VALUES (?)", (planted,))
    base.commit()
    assert planted in path.read_bytes()
    base.execute("DELETE FROM slot")
    base.commit()
    assert planted not in path.read_bytes()


def test_taking_back_needs_no_open_vault_and_the_consent_follows(alice, workers):
    given = let_in(alice)
    assert consents.shut_coach_out(alice.person, None) is None
    assert service.slots_of(alice.person) == []
    vault, _ = opened(alice)
    assert consents.one_of(vault, given.id).withdrawn_us is None
    alice.client.post("/account/logout/")
    alice.sign_in()
    assert consents.one_of(vault, given.id).withdrawn_us is not None
    assert acts(alice)[-2:] == [Act.OPENED, Act.CONSENT_WITHDRAWN]


def test_a_job_under_way_stops_at_its_next_step(alice, workers, work_off, monkeypatch):
    alice.bring(("a.json", track()))
    work_off()
    let_in(alice)
    service.queue_away(alice.person.pk, Job.Kind.REANALYSE)

    def taken_back_meanwhile(vault, tell):
        service.shut_out(alice.person)
        tell("trips", 0.5)
        pytest.fail("it went on")

    monkeypatch.setattr("estran.web.jobs.doing.remake", taken_back_meanwhile)
    work_off()
    job = Job.objects.latest("created_at")
    assert (job.state, job.grant_key) == (Job.State.QUEUED, "")
    assert grants.is_void(job)


def test_it_ends_by_itself(alice, workers, work_off, monkeypatch):
    let_in(alice, days=1)
    service.queue_away(alice.person.pk, Job.Kind.REANALYSE)
    later = timezone.now() + timedelta(days=3)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert service.open_for(alice.person.pk) is None
    assert service.look_after(workers.name).n_ended == 1
    assert not ServiceSlot.objects.exists()


def test_an_end_that_is_moved_in_the_row_opens_nothing(alice, workers):
    let_in(alice)
    row = ServiceSlot.objects.get()
    row.expires_at += timedelta(days=300)
    row.save()
    assert service.open_for(alice.person.pk) is None
    slot = decode_slot(bytes(row.sealed))
    row.sealed = bytes(row.sealed).replace(
        slot.kind.encode(), service._kind(row.purpose, row.expires_at).encode()
    )
    row.save()
    assert service.open_for(alice.person.pk) is None


def test_another_server_key_opens_nothing(alice, workers, data):
    let_in(alice)
    (data / "service.key").write_text("ab" * 32)
    assert service.open_for(alice.person.pk) is None


def test_the_consent_in_the_vault_decides_not_the_row(alice, workers, work_off):
    given = let_in(alice)
    service.queue_away(alice.person.pk, Job.Kind.REANALYSE)
    consents.take_back(opened(alice)[0], given.id)  # the row is still there
    work_off()
    assert Job.objects.get().state == Job.State.QUEUED
    assert Act.COACH_WORKED not in acts(alice)


def test_giving_again_takes_the_place_of_what_was_given(alice, workers):
    first, second = let_in(alice, days=10), let_in(alice, days=90)
    vault, _ = opened(alice)
    assert [c.withdrawn_us is None for c in consents.all_of(vault)] == [False, True]
    assert consents.standing(vault, Purpose.COACH, consents.COACH) == second
    assert first.id != second.id
    assert len(service.slots_of(alice.person)) == 1


@pytest.mark.parametrize("days", [-1, 4000])
def test_no_permission_ends_in_the_past_or_lasts_for_ever(alice, days):
    with pytest.raises(ConsentUnfit):
        let_in(alice, days=days)
    assert not ServiceSlot.objects.exists()


def test_a_vault_of_another_key_waits_for_its_person(alice, workers, work_off, monkeypatch):
    queue.enqueue(alice.person, Job.Kind.REANALYSE, vault_key=bytes(32))
    work_off()
    job = Job.objects.get()
    assert (job.state, job.grant_key, bytes(job.grant)) == (Job.State.QUEUED, "", b"")
