"""A database and vaults of different days, as pages and the doctor tell it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from estran.vault.keys import create_vault
from estran.vault.store import new_meta
from estran.web.accounts.models import Vault
from estran.web.accounts.vaults import store
from estran.web.config.environment import Environment, secret_key
from estran.web.running.doctor import look

from .conftest import PASSWORD, Somebody

pytestmark = pytest.mark.django_db


def test_a_file_of_before_a_change_of_key_is_said_and_not_asked_for_again(alice):
    vault_id = Vault.objects.get().vault_id
    store().erase(vault_id)
    store().create(vault_id, new_meta(replace(create_vault(), vault_id=vault_id)))
    again = Somebody(alice.email)
    assert again.sign_in().status_code == 302
    page = again.client.get("/journal/")
    assert page.headers["Location"].startswith("/unlock/")
    told = again.client.post("/unlock/", {"password": PASSWORD}, headers={"accept-language": "en"})
    assert told.status_code == 503
    assert "of another day than its key" in told.content.decode()


def test_a_file_that_is_missing_is_said(alice):
    store().erase(Vault.objects.get().vault_id)
    again = Somebody(alice.email)
    assert again.sign_in().status_code == 302
    for path in ("/journal/", "/import/", "/dashboard/"):
        told = again.client.get(path, headers={"accept-language": "en"})
        assert told.status_code == 503, path
        assert "not on this server" in told.content.decode()
    assert again.client.get("/settings/").status_code == 200


def test_the_doctor_tells_people_without_file_and_files_of_nobody(alice, bob, data: Path):
    secret_key(data)
    environment = Environment(data=data)

    def told() -> tuple[bool, str]:
        [found] = [f for f in look(environment) if f.words.startswith("vaults:")]
        return found.is_well, found.words

    assert told() == (True, "vaults: 2 whole")
    store().erase(Vault.objects.get(person=alice.person).vault_id)
    nobody = create_vault()
    store().create(nobody.vault_id, new_meta(nobody))
    is_well, words = told()
    assert not is_well
    assert "1 whole, 1 people without their file" in words
    assert "1 files of nobody" in words
    assert nobody.vault_id not in words
