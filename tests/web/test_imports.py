"""From a dropped file to a journal, and back."""

from __future__ import annotations

import os
import uuid
from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from estran.errors import NotFound, VaultDamaged
from estran.journal import Mode, Stay, Trip
from estran.web.accounts.vaults import open_by_password, store
from estran.web.jobs import grants, queue
from estran.web.jobs.doing import do
from estran.web.jobs.models import Job
from estran.web.me import bringing, remaking, staleness, work
from estran.web.me.models import Import, SealedUpload
from estran.web.me.records import encode_entries
from estran.web.me.uploads import clear_forgotten
from estran.web.me.work import erase_everything
from estran.web.store.opened import OpenVault

from .conftest import PASSWORD, track

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


def vault_of(who) -> OpenVault:
    return OpenVault(store(), who.person.vault.vault_id, open_by_password(who.person, PASSWORD))


def test_days_of_a_report_are_those_lived(alice, work_off):
    row = alice.bring(("honolulu.json", track(lat=21.3, lon=-157.85)))
    work_off()
    page = alice.client.get(f"/import/{row.pk}/", headers={"accept-language": "en"})
    assert page.context["report"].first == page.context["report"].last == "31 May 2026"


def test_a_file_becomes_a_journal(alice, workers, work_off, data):
    row = alice.bring(("morning.json", track()))
    progress = work.import_progress(alice.person, row.pk)
    assert (progress.state, progress.phase) == ("queued", "received")
    assert work_off() == 1
    progress = work.import_progress(alice.person, row.pk)
    assert (progress.state, progress.phase, progress.done_share) == ("done", "done", 1.0)
    assert (progress.n_positions_new, progress.n_positions_known) == (900, 0)
    vault = vault_of(alice)
    entries = work.journal(vault, DAY, DAY).entries
    assert [type(e) for e in entries if isinstance(e, Stay | Trip)] == [Stay, Trip, Stay]
    [trip] = work.journal(vault, DAY, DAY).trips
    assert 5_000 < trip.distance_m < 7_000
    assert trip.co2e is not None
    assert work.known_days(vault).days == {DAY}
    summary = work.period_summary(vault, DAY, DAY)
    assert summary.total.n_trips == 1
    year = work.period_summary(vault, date(2026, 1, 1), date(2026, 12, 31))
    assert year.total.distance_m == pytest.approx(trip.distance_m)
    assert len(year.months) == 12
    assert not list((data / "incoming").iterdir())
    assert not SealedUpload.objects.exists()


def test_nothing_in_clear_touches_the_disk(alice, workers, work_off, data):
    needle = uuid.uuid4().hex
    content = track().replace(b'"accuracy"', f'"{needle}": 1, "accuracy"'.encode())
    name = f"{needle}.json"

    def is_clean() -> bool:
        return not any(
            needle.encode() in path.read_bytes() for path in data.rglob("*") if path.is_file()
        )

    alice.bring((name, content))
    assert [p.suffix for p in (data / "incoming").iterdir()] == [".sealed"]
    assert is_clean()
    work_off()
    assert is_clean()
    page = alice.client.get(f"/import/{Import.objects.get().pk}/")
    assert name in page.content.decode()


def test_no_row_bears_a_name_or_a_place(alice, workers, work_off):
    alice.bring(("Chez Mémé.json", track(lat=46.654321)))
    work_off()
    for model in apps.get_models():
        for row in model._default_manager.all():
            text = repr(row.__dict__)
            assert "Mémé" not in text
            assert "46.65" not in text


def test_twice_the_same_is_known(alice, workers, work_off):
    alice.bring(("a.json", track()))
    alice.bring(("b.json", track()))
    work_off()
    second, first = work.imports(alice.person)
    assert (first.n_positions_new, first.n_positions_known) == (900, 0)
    assert (second.n_positions_new, second.n_positions_known) == (0, 900)


def test_a_refused_file_is_a_report(alice, workers, work_off):
    row = alice.bring(("notes.txt", b"hello"), ("empty.json", b""), ("good.json", track()))
    work_off()
    progress = work.import_progress(alice.person, row.pk)
    assert progress.state == "done"
    assert progress.n_refused == 2
    report = work.import_report(vault_of(alice), row.pk)
    assert report is not None
    codes = {f.name: f.refused.code if f.refused else "" for f in report.files}
    assert codes == {"notes.txt": "file-unknown", "empty.json": "file-empty", "good.json": ""}
    page = alice.client.get(f"/import/{row.pk}/").content.decode()
    assert "notes.txt" in page


def test_undo_takes_back_only_what_the_import_brought(alice, workers, work_off):
    first = alice.bring(("a.json", track()))
    second = alice.bring(("ab.json", track()), ("b.json", track(day="2026-06-02")))
    work_off()
    vault = vault_of(alice)
    assert work.known_days(vault).days == {DAY, date(2026, 6, 2)}
    before = encode_entries(work.journal(vault, DAY, DAY).trips)
    answer = alice.client.post(f"/import/{second.pk}/undo/")
    assert answer.headers["Location"] == f"/import/{second.pk}/"
    work_off()
    assert work.import_progress(alice.person, second.pk).state == "undone"
    assert work.known_days(vault).days == {DAY}
    assert encode_entries(work.journal(vault, DAY, DAY).trips) == before
    alice.client.post(f"/import/{first.pk}/undo/")
    work_off()
    assert work.known_days(vault).days == frozenset()
    assert work.journal(vault, DAY, DAY).entries == ()
    assert len(vault.evidence().trace) == 0


def test_undo_of_an_import_that_did_not_begin(alice, workers, work_off, data):
    row = alice.bring(("a.json", track()))
    alice.client.post(f"/import/{row.pk}/undo/")
    assert not list((data / "incoming").iterdir())
    work_off()
    assert work.import_progress(alice.person, row.pk).state == "undone"
    assert len(vault_of(alice).evidence().trace) == 0


def test_a_correction_survives_a_new_analysis_and_moves_the_sums(alice, workers, work_off):
    alice.bring(("a.json", track()))
    work_off()
    vault = vault_of(alice)
    [trip] = work.journal(vault, DAY, DAY).trips
    leg = max(trip.legs, key=lambda leg: leg.distance_m)
    chosen = Mode.TRAM if leg.mode is not Mode.TRAM else Mode.BUS
    key = work.correct_mode(vault, start_us=leg.started_us, end_us=leg.ended_us, mode=chosen)

    def modes() -> set[Mode]:
        year = work.period_summary(vault, date(2026, 1, 1), date(2026, 12, 31))
        month = {m.mode for m in year.modes if m.distance_m}
        day = {m.mode for m in work.period_summary(vault, DAY, DAY).modes if m.distance_m}
        assert month == day
        return day

    assert chosen in modes()
    alice.bring(("b.json", track(day="2026-06-02")))
    work_off()
    assert chosen in {leg.mode for t in work.journal(vault, DAY, DAY).trips for leg in t.legs}
    assert [c.id for c in work.corrections(vault)] == [key]
    work.take_back(vault, key)
    assert chosen not in modes()
    with pytest.raises(NotFound):
        work.take_back(vault, key)


class Killed(BaseException):
    """Stands for SIGKILL: nothing of ours catches it."""


@pytest.mark.parametrize("at", range(1, 40, 3))
def test_a_worker_killed_anywhere_resumes_to_the_same(alice, workers, work_off, monkeypatch, at):
    monkeypatch.setattr(bringing, "PIECE_POSITIONS", 200)
    files = [("a.json", track()), ("b.json", track(day="2026-06-02")), ("c.txt", b"no")]
    row = alice.bring(*files)
    calls = {"n": 0}
    real_put = OpenVault.put_doc

    def put(self, *args, **kwargs):
        calls["n"] += 1
        if calls["n"] == at:
            raise Killed
        return real_put(self, *args, **kwargs)

    monkeypatch.setattr(OpenVault, "put_doc", put)
    job = queue.claim("doomed", workers.name, n_workers=2)
    assert job is not None
    try:
        do(job, workers, "doomed", must_stop=lambda: False)
        died = False
    except Killed:
        died = True
    monkeypatch.setattr(OpenVault, "put_doc", real_put)
    queue.release("doomed")
    assert work_off() == (1 if died else 0)
    progress = work.import_progress(alice.person, row.pk)
    assert progress.state == "done"
    assert (progress.n_positions_new, progress.n_positions_known) == (1800, 0)
    vault = vault_of(alice)
    report = work.import_report(vault, row.pk)
    assert report is not None
    assert [f.name for f in report.files] == ["a.json", "b.json", "c.txt"]
    assert len(vault.evidence().trace) == 1800
    assert work.known_days(vault).days == {DAY, date(2026, 6, 2)}


def test_grants_are_void_after_a_restart_until_a_page_is_viewed(alice, workers, monkeypatch):
    row = alice.bring(("a.json", track()))
    new = grants.WorkerKeys.draw()
    monkeypatch.setenv(grants.PUBLIC_KEY_VARIABLE, new.name)
    assert queue.claim("w", new.name, n_workers=2) is None
    assert work.import_progress(alice.person, row.pk).waits
    alice.client.get("/settings/")
    assert not work.import_progress(alice.person, row.pk).waits
    job = queue.claim("w", new.name, n_workers=2)
    assert job is not None
    assert grants.open_grant(job, workers) is None
    assert grants.open_grant(job, new) is not None


def test_a_grant_is_gone_when_its_job_ends(alice, workers, work_off):
    alice.bring(("a.json", track()))
    assert bytes(Job.objects.get().grant)
    work_off()
    assert bytes(Job.objects.get().grant) == b""


def test_one_job_a_person_and_one_worker_free_for_small_ones(alice, bob, workers):
    alice.bring(("a.json", track()))
    alice.bring(("b.json", track()))
    bob.bring(("c.json", track()))
    Job.objects.filter(person=alice.person).update(is_big=True)
    Job.objects.filter(person=bob.person).update(is_big=True)
    first = queue.claim("w1", workers.name, n_workers=2)
    assert first is not None
    assert first.person == alice.person
    assert queue.claim("w2", workers.name, n_workers=2) is None
    Job.objects.filter(person=bob.person).update(is_big=False)
    second = queue.claim("w2", workers.name, n_workers=2)
    assert second is not None
    assert second.person == bob.person
    queue.end(first, "w1", Job.State.DONE)
    third = queue.claim("w1", workers.name, n_workers=2)
    assert third is not None
    assert third.person == alice.person


def test_a_dead_workers_job_is_taken_over_when_its_lease_ends(alice, workers):
    alice.bring(("a.json", track()))
    job = queue.claim("dead", workers.name, n_workers=2)
    assert job is not None
    assert queue.claim("w", workers.name, n_workers=2) is None
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    taken = queue.claim("w", workers.name, n_workers=2)
    assert taken is not None
    assert taken.pk == job.pk
    with pytest.raises(queue.JobLost):
        queue.beat(job, "dead")
    assert not queue.end(job, "dead", Job.State.DONE)


def test_a_job_that_kills_its_workers_is_given_up(alice, workers, work_off):
    row = alice.bring(("a.json", track()))
    for _ in range(queue.SETTINGS.max_attempts):
        assert queue.claim("dying", workers.name, n_workers=2) is not None
        queue.release("dying")
    work_off()
    assert work.import_progress(alice.person, row.pk).state == "failed"
    page = alice.client.get(f"/import/{row.pk}/")
    assert page.status_code == 200
    assert f"/import/{row.pk}/retry/" in page.content.decode()

    alice.client.post(f"/import/{row.pk}/retry/")
    work_off()

    assert work.import_progress(alice.person, row.pk).state == "done"
    assert alice.client.post(f"/import/{row.pk}/retry/").status_code == 404


def test_uploads_need_an_open_vault_and_leave_nothing_behind(alice, data):
    del alice.client.cookies["estran_vault"]
    answer = alice.client.post("/import/", {"files": SimpleUploadedFile("a.json", track())})
    assert answer.headers["Location"].startswith("/unlock/")
    assert not list((data / "incoming").iterdir())
    assert not Import.objects.exists()


def test_nobody_can_upload_without_an_account_nor_elsewhere(client, alice, data):
    client.post("/import/", {"files": SimpleUploadedFile("a.json", track())})
    alice.client.post("/settings/", {"files": SimpleUploadedFile("a.json", track())})
    assert not list((data / "incoming").iterdir())


def test_too_much_at_once_is_refused_in_words(alice, data, monkeypatch):
    monkeypatch.setattr("estran.web.me.uploads.MAX_UPLOAD_BYTES", 1000)
    answer = alice.client.post("/import/", {"files": SimpleUploadedFile("a.json", track())})
    assert answer.status_code == 413
    assert not list((data / "incoming").iterdir())


def test_no_file_is_said(alice):
    answer = alice.client.post("/import/", {}, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["code"] == "value-out-of-range"


def test_progress_answers_a_fragment_and_json(alice, workers, work_off):
    row = alice.bring(("a.json", track()))
    fragment = alice.client.get(f"/import/{row.pk}/progress/")
    assert b"<html" not in fragment.content
    assert b'hx-trigger="every 1s"' in fragment.content
    work_off()
    done = alice.client.get(f"/import/{row.pk}/progress/", headers={"Accept": "application/json"})
    assert done.json()["is_over"] is True
    over = alice.client.get(f"/import/{row.pk}/progress/")
    assert over.headers["HX-Redirect"] == f"/import/{row.pk}/"


def test_an_upload_by_script_answers_json(alice, workers):
    answer = alice.client.post(
        "/import/",
        {"files": SimpleUploadedFile("a.json", track())},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 201
    assert answer.json()["url"] == f"/import/{answer.json()['id']}/"


def test_erased_while_the_worker_is_busy(alice, workers, work_off, monkeypatch, data):
    alice.bring(("a.json", track()))
    person = alice.person
    real = remaking.remake

    def meanwhile(vault, tell):
        erase_everything(person)
        return real(vault, tell)

    monkeypatch.setattr("estran.web.me.bringing.remake", meanwhile)
    work_off()
    assert not Import.objects.exists()
    assert not [p for p in (data / "vaults").rglob("*") if p.is_file()]
    assert not list((data / "incoming").iterdir())


def test_nothing_is_analysed_anew_where_nothing_changed(alice, work_off, monkeypatch):
    made = []
    real = remaking.keep_journal

    def noted(vault, journal):
        made.append(journal)
        real(vault, journal)

    monkeypatch.setattr(remaking, "keep_journal", noted)
    alice.bring(("a.json", track()))
    work_off()
    again = alice.bring(("a.json", track()))
    work_off()
    assert work.import_progress(alice.person, again.pk).state == "done"
    assert len(made) == 1
    more = alice.bring(("b.json", track(day="2026-06-02")))
    work_off()
    assert len(made) == 2
    alice.client.post(f"/import/{more.pk}/undo/")
    work_off()
    assert len(made) == 3
    assert work.known_days(vault_of(alice)).days == {DAY}
    leg = work.journal(vault_of(alice), DAY, DAY).trips[0].legs[0]
    work.correct_mode(
        vault_of(alice), start_us=leg.started_us, end_us=leg.ended_us, mode=Mode.FERRY
    )
    assert remaking.remake(vault_of(alice), lambda *_: None)
    assert not remaking.remake(vault_of(alice), lambda *_: None)


def test_a_change_that_no_journal_was_made_of_is_not_forgotten(alice, work_off, monkeypatch):
    def broken(*_):
        raise VaultDamaged(part="chunk")

    with monkeypatch.context() as patched:
        patched.setattr(remaking, "keep_journal", broken)
        alice.bring(("a.json", track()))
        work_off()
    alice.bring(("a.json", track()))
    work_off()
    assert work.known_days(vault_of(alice)).days == {DAY}


def test_forgotten_uploads_are_cleared(alice, workers, data, monkeypatch):
    alice.bring(("a.json", track()))
    orphan = data / "incoming" / f"{uuid.uuid4()}.sealed"
    fresh = data / "incoming" / f"{uuid.uuid4()}.sealed"
    for path in (orphan, fresh):
        path.write_bytes(b"x")
    for path in (data / "incoming").iterdir():
        if path != fresh:
            os.utime(path, (0, 0))
    assert clear_forgotten() == 1
    assert not orphan.exists()
    assert len(list((data / "incoming").iterdir())) == 2


def test_a_journal_of_an_older_engine_is_remade_at_the_next_sign_in(
    alice, workers, work_off, data, monkeypatch
):
    alice.bring(("a.json", track()))
    work_off()
    staleness.tell_engine()
    alice.client.post("/account/logout/")
    alice.sign_in()
    assert work_off() == 0
    (data / "engine").write_text("another-engine/2|0123")
    alice.client.post("/account/logout/")
    alice.sign_in()
    [job] = Job.objects.exclude(state="done")
    assert job.kind == "reanalyse"
    assert work_off() == 1
    assert work.known_days(vault_of(alice)).days == {DAY}


def test_too_much_that_waits_is_refused(alice, workers, monkeypatch, data):
    # By its own name: the package gives out a function under the module's.
    module = import_module("estran.web.me.work.imports")
    monkeypatch.setattr(module, "WAITING_BYTES", len(track()) + 10)
    alice.bring(("a.json", track()))
    answer = alice.client.post("/import/", {"files": SimpleUploadedFile("a.json", track())})
    assert answer.status_code == 413
    assert len(list((data / "incoming").iterdir())) == 1


def test_old_rows_are_cleared(alice, workers, work_off):
    alice.bring(("a.json", track()))
    work_off()
    assert queue.clear_ended() == 0
    Job.objects.update(ended_at=timezone.now() - timedelta(days=31))
    assert queue.clear_ended() == 1
    assert not Job.objects.exists()
