"""Papers of personal rows, and deleting everything."""

from __future__ import annotations

import pytest
from django.apps import apps

from estran.web import papers
from estran.web.accounts.models import ErasureReceipt, Person, Vault
from estran.web.accounts.vaults import store
from estran.web.me.work import erase_everything

from .conftest import PASSWORD, track

pytestmark = pytest.mark.django_db


def test_every_model_has_papers_or_a_reason():
    with_papers = {model._meta.label for model in papers.all_papers()}
    all_models = {model._meta.label for model in apps.get_models()}
    assert with_papers | papers.IMPERSONAL.keys() == all_models
    assert not with_papers & papers.IMPERSONAL.keys()


def test_papers_export_every_own_row(alice, bob, workers, work_off):
    alice.bring(("a.json", track()))
    for model, paper in papers.all_papers().items():
        for who in (alice, bob):
            rows = paper.export(who.person)
            assert isinstance(rows, list), model
    exported = {
        model._meta.label: len(paper.export(alice.person))
        for model, paper in papers.all_papers().items()
    }
    assert exported["accounts.Person"] == 1
    assert exported["me.Import"] == 1
    assert exported["accounts.KeySlot"] == 2
    assert exported["sessions.Session"] == 1


def test_erasing_leaves_nothing_and_touches_nobody_else(alice, bob, workers, work_off, data):
    for who in (alice, bob):
        who.bring(("a.json", track()))
    work_off()
    alice.bring(("later.json", track(day="2026-06-02")))  # still waits
    person, vault_id = alice.person, Vault.objects.get(person=alice.person).vault_id
    before = {m: len(p.export(bob.person)) for m, p in papers.all_papers().items()}
    receipt = erase_everything(person)
    assert receipt.n_rows > 0
    assert not store().exists(vault_id)
    assert not list((data / "incoming").iterdir())
    for model, paper in papers.all_papers().items():
        assert paper.export(person) == [], model
    assert {m: len(p.export(bob.person)) for m, p in papers.all_papers().items()} == before
    assert bob.client.get("/import/").status_code == 200
    [kept] = ErasureReceipt.objects.all()
    assert kept.digest == receipt.digest
    assert vault_id not in kept.digest


def test_erasing_asks_for_the_password_and_signs_out(alice):
    wrong = alice.client.post("/settings/erase/", {"password": "not this"})
    assert wrong.status_code == 422
    assert Person.objects.exists()
    answer = alice.client.post("/settings/erase/", {"password": PASSWORD})
    assert answer.status_code == 200
    assert answer.context["receipt"].digest in answer.content.decode()
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not Person.objects.exists()
    assert alice.client.get("/import/").headers["Location"].startswith("/account/login/")


def test_erasing_goes_on_after_an_interruption(alice, monkeypatch):
    person = alice.person

    def broken(*_):
        raise OSError(5, "the power went")

    with monkeypatch.context() as interrupted:
        interrupted.setattr("estran.web.me.work.erasure.discard", broken)
        with pytest.raises(OSError, match="the power went"):
            erase_everything(person)
    assert Person.objects.exists()
    assert not list(store().ids())
    erase_everything(person)
    assert not Person.objects.exists()
