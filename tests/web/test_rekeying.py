"""A vault's new key, through the site: asked, done, interrupted, and what must hold meanwhile."""

from __future__ import annotations

import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from estran.errors import VaultBusy, VaultKeyWrong
from estran.vault.audit import Act
from estran.web.accounts.models import KeySlot, Vault
from estran.web.accounts.vaults import open_by_code, open_by_password, store, wrap_again
from estran.web.jobs import grants, queue
from estran.web.jobs.doing import do
from estran.web.jobs.models import Job
from estran.web.me import rekeying, service
from estran.web.me.models import Import, KeyChange
from estran.web.me.work import import_report, known_days
from estran.web.store.opened import OpenVault

from .conftest import PASSWORD, track
from .test_coach_permission import acts, let_in, opened

pytestmark = pytest.mark.django_db


def ask(who, password: str = PASSWORD):
    return who.client.post("/key/", {"password": password})


def claimed(keys: grants.WorkerKeys) -> Job:
    job = queue.claim("worker-test", keys.name, n_workers=2)
    assert job is not None
    return job


def state_of(who) -> str:
    change = rekeying.change_of(who.person)
    assert change is not None
    return change.state


def test_a_new_key_opens_everything_and_the_old_one_nothing(alice, workers, work_off):
    alice.bring(("a.json", track()))
    work_off()
    vault_id = Vault.objects.get(person=alice.person).vault_id
    _, old_key = opened(alice)
    old_slots = {bytes(slot.sealed) for slot in KeySlot.objects.all()}
    days = known_days(opened(alice)[0])
    assert ask(alice).status_code == 302
    assert alice.client.get("/key/").context["is_under_way"]
    work_off()
    assert state_of(alice) == "done"
    with pytest.raises(VaultKeyWrong):
        OpenVault(store(), vault_id, old_key)
    vault, new_key = opened(alice)
    assert new_key != old_key
    assert known_days(vault) == days
    assert import_report(vault, Import.objects.get().pk) is not None
    assert vault.verify().sound
    assert acts(alice) == [Act.OPENED, Act.WORKED, Act.KEY_CHANGED]
    assert not old_slots & {bytes(slot.sealed) for slot in KeySlot.objects.all()}
    assert vault.public_key == bytes(Vault.objects.get(person=alice.person).public_key)


def test_the_browser_that_asked_goes_on_and_shows_the_new_code_others_are_locked(
    alice, workers, work_off
):
    other = Client()
    other.post("/account/login/", {"login": alice.email, "password": PASSWORD})
    assert other.get("/permissions/").status_code == 200
    ask(alice)
    work_off()
    assert alice.client.get("/permissions/").status_code == 200
    code = alice.client.get("/recovery/").context["code"]
    assert code not in {"", alice.code}
    assert open_by_code(alice.person, code) == opened(alice)[1]
    with pytest.raises(VaultKeyWrong):
        open_by_code(alice.person, alice.code)
    assert other.get("/permissions/").headers["Location"].startswith("/unlock/")
    other.post("/unlock/", {"password": PASSWORD})
    assert other.get("/permissions/").status_code == 200


def test_the_password_is_asked_for(alice, workers):
    assert ask(alice, "not this one").status_code == 422
    assert rekeying.change_of(alice.person) is None


def test_without_workers_nothing_is_begun(alice):
    assert ask(alice).status_code == 503
    assert rekeying.change_of(alice.person) is None


def test_files_that_wait_and_work_that_waits_go_on(alice, workers, work_off):
    ask(alice)  # before the import in the queue
    alice.bring(("a.json", track()))
    alice.bring(("b.json", track(day="2026-06-02")))
    work_off()
    assert state_of(alice) == "done"
    assert {row.state for row in Import.objects.all()} == {"done"}
    assert len(known_days(opened(alice)[0]).days) == 2


def test_files_sealed_to_a_former_key_are_not_taken(alice, workers, monkeypatch, data):
    def meanwhile(person, uploads):
        Vault.objects.update(public_key=bytes(32))

    monkeypatch.setattr(sys.modules["estran.web.me.work.imports"], "_check_room", meanwhile)
    file = SimpleUploadedFile("a.json", track())
    answer = alice.client.post("/import/", {"files": [file]})
    assert answer.status_code == 409  # said, and nothing acknowledged that nobody could read
    assert not Import.objects.exists()
    assert not list((data / "incoming").iterdir())


WHERE = {
    "turn": "estran.web.store.rekey.turn",
    "rows": "estran.web.me.rekeying._change_rows",
    "uploads": "estran.web.me.rekeying._seal_uploads_again",
    "settle": "estran.web.store.rekey.settle",
    "note": "estran.web.me.rekeying.note",
}
"""Each step, in order."""


@pytest.mark.parametrize("at", list(WHERE))
def test_killed_before_any_step_it_goes_on_and_nothing_is_lost(
    alice, workers, work_off, monkeypatch, at
):
    alice.bring(("a.json", track()))
    work_off()
    days = known_days(opened(alice)[0])
    ask(alice)

    class Killed(BaseException):
        pass

    def killed(*_, **__):
        raise Killed

    with monkeypatch.context() as power_cut:
        power_cut.setattr(WHERE[at], killed)
        with pytest.raises(Killed):
            do(claimed(workers), workers, "worker-test", must_stop=lambda: False)
    assert known_days(opened(alice)[0]) == days  # whatever key the password gives now, it opens
    assert queue.release("worker-test") == 1
    work_off()
    assert state_of(alice) == "done"
    vault, _ = opened(alice)
    assert (known_days(vault), vault.verify().sound) == (days, True)
    assert store().meta(vault.vault_id).bridge == b""
    assert alice.client.get("/journal/", follow=True).status_code == 200


@pytest.mark.parametrize("at", ["turn", "rows", "settle"])
def test_after_a_restart_of_the_site_it_is_given_up_or_brought_to_its_end(
    alice, workers, work_off, monkeypatch, at
):
    ask(alice)

    class Killed(BaseException):
        pass

    def killed(*_, **__):
        raise Killed

    with monkeypatch.context() as power_cut:
        power_cut.setattr(WHERE[at], killed)
        with pytest.raises(Killed):
            do(claimed(workers), workers, "worker-test", must_stop=lambda: False)
    queue.release("worker-test")
    again = grants.WorkerKeys.draw()  # the memory of the site is gone
    monkeypatch.setenv(grants.PUBLIC_KEY_VARIABLE, again.name)
    assert queue.claim("worker-test", again.name, n_workers=2) is None
    alice.client.get("/access/")  # her next page view
    do(claimed(again), again, "worker-test", must_stop=lambda: False)
    assert state_of(alice) == ("failed" if at == "turn" else "done")
    assert opened(alice)[0].verify().sound
    if at == "turn":
        assert open_by_code(alice.person, alice.code) == opened(alice)[1]
        assert alice.client.get("/key/").context["change"].state == "failed"


def test_a_password_changed_meanwhile_gives_the_change_up(alice, workers, work_off):
    ask(alice)
    wrap_again(alice.person, opened(alice)[1], "another password 77")
    work_off()
    assert state_of(alice) == "failed"
    assert open_by_password(alice.person, "another password 77")
    assert ask(alice, "another password 77").status_code == 302
    work_off()
    assert state_of(alice) == "done"
    assert open_by_password(alice.person, "another password 77")


def test_a_password_does_not_change_while_the_key_does(alice, workers):
    ask(alice)
    KeyChange.objects.update(state="running")
    with pytest.raises(VaultBusy):
        wrap_again(alice.person, opened(alice)[1], "another password 77")
    Job.objects.all().delete()  # it was given up by the queue: nothing was begun
    wrap_again(alice.person, opened(alice)[1], "another password 77")
    assert state_of(alice) == "failed"


def test_the_coach_goes_on_with_the_new_key(alice, workers, work_off):
    let_in(alice)
    ask(alice)
    work_off()
    assert service.queue_away(alice.person.pk, Job.Kind.REANALYSE)
    work_off()
    assert acts(alice)[-2:] == [Act.KEY_CHANGED, Act.COACH_WORKED]


def test_asking_twice_is_asking_once(alice, workers, work_off):
    ask(alice)
    ask(alice)
    assert Job.objects.filter(kind=Job.Kind.REKEY).count() == 1
    work_off()
    assert state_of(alice) == "done"
    ask(alice)
    work_off()
    assert acts(alice).count(Act.KEY_CHANGED) == 2
