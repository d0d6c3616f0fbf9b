"""What a passkey opens, what it does not, and that its secret is kept nowhere."""

from __future__ import annotations

import secrets

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client

from estran.web.accounts.models import KeySlot, Person, Vault
from estran.web.accounts.models import SignIn as SignInRow
from estran.web.accounts.vaults import store

from .conftest import PASSWORD, Somebody
from .soft_key import SoftKey, options_in, text
from .test_accounts import is_open

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_limits(db):
    cache.clear()


def confirm(who: Somebody) -> None:
    who.client.post("/account/reauthenticate/", {"password": PASSWORD})


def test_a_passkey_makes_a_vault_with_a_code_beside_it():
    who, key = Somebody("key@example.org"), SoftKey()
    answer = key.sign_up(who.client, who.email)
    assert answer.headers["Location"] == "/recovery/"
    kinds = set(KeySlot.objects.values_list("kind", flat=True))
    assert kinds == {"recovery", f"passkey {Authenticator.objects.get().pk}"}
    assert is_open(who)
    later = Somebody(who.email)
    assert key.sign_in(later.client).headers["Location"] == "/journal/"
    assert is_open(later)
    for name in ("estran_session", "estran_vault"):  # until the browser closes
        assert later.client.cookies[name]["max-age"] == ""


def test_without_its_secret_a_passkey_signs_in_and_the_vault_asks():
    who, key = Somebody("key@example.org"), SoftKey(prf=None)
    assert key.sign_up(who.client, who.email).headers["Location"] == "/vault/new/"
    who.client.post("/vault/new/", {"password": PASSWORD})
    assert is_open(who)
    later = Somebody(who.email)
    key.sign_in(later.client)
    assert not is_open(later)
    page = later.client.get("/unlock/").content.decode()
    assert "recovery/use" in page
    later.client.post("/unlock/", {"password": PASSWORD})
    assert is_open(later)
    # The same password signs in where the passkey is not at hand.
    elsewhere = Somebody(who.email)
    elsewhere.sign_in()
    assert is_open(elsewhere)


def test_another_secret_opens_nothing():
    who, key = Somebody("key@example.org"), SoftKey()
    key.sign_up(who.client, who.email)
    key.prf = secrets.token_bytes(32)
    later = Somebody(who.email)
    key.sign_in(later.client)
    assert later.client.get("/settings/security/").status_code == 200
    assert not is_open(later)


def test_the_secret_is_in_no_row_and_no_file(data):
    who, key = Somebody("key@example.org"), SoftKey()
    assert key.prf is not None
    # A browser's own words for the result, which a page might forward by mistake.
    key.sign_up(who.client, who.email, prf={"results": {"first": text(key.prf)}})
    row = Authenticator.objects.get()
    assert "prf" not in str(row.data)
    assert text(key.prf) not in str(row.data)
    assert row.data["credential"]["clientExtensionResults"] == {"credProps": {"rk": True}}
    for path in data.rglob("*"):
        assert path.is_dir() or key.prf not in path.read_bytes()
    for session in who.client.session.values():
        assert text(key.prf) not in str(session)


def test_a_passkey_added_to_an_open_vault_opens_it(alice):
    key = SoftKey()
    confirm(alice)
    key.add(alice.client)
    later = Somebody(alice.email)
    key.sign_in(later.client)
    assert is_open(later)
    # A further way in is not a second step: the password alone still signs in.
    plain = Somebody(alice.email)
    assert plain.sign_in().headers["Location"] == "/journal/"


def test_a_passkey_added_to_a_locked_vault_only_signs_in(alice):
    key = SoftKey()
    confirm(alice)
    del alice.client.cookies["estran_vault"]
    key.add(alice.client)
    assert Authenticator.objects.count() == 1
    assert not KeySlot.objects.filter(passkey__isnull=False).exists()


def test_adding_asks_who_it_is_and_keeps_no_secret_meanwhile(alice):
    key = SoftKey()
    assert key.prf is not None
    page = alice.client.get("/settings/security/passkeys/add/")
    assert page.headers["Location"].startswith("/account/reauthenticate/")
    form = {"credential": "{}", "prf": text(key.prf)}
    answer = alice.client.post("/settings/security/passkeys/add/", form)
    assert answer.headers["Location"] == "/settings/security/passkeys/add/"
    assert text(key.prf) not in str(dict(alice.client.session))


def test_a_removed_passkey_takes_its_slot_along(alice):
    key = SoftKey()
    confirm(alice)
    key.add(alice.client)
    row = Authenticator.objects.get(type="webauthn")
    alice.client.post(f"/settings/security/passkeys/{row.pk}/remove/")
    assert KeySlot.objects.filter(vault__person=alice.person).count() == 2
    gone = Somebody(alice.email)
    key.sign_in(gone.client)
    assert gone.client.get("/settings/").headers["Location"].startswith("/account/login/")
    assert is_open(alice)


def test_nobody_removes_anothers(alice, bob):
    confirm(alice)
    SoftKey().add(alice.client)
    row = Authenticator.objects.get(type="webauthn")
    confirm(bob)
    assert bob.client.post(f"/settings/security/passkeys/{row.pk}/remove/").status_code == 404
    assert Authenticator.objects.count() == 1


def test_the_only_way_to_sign_in_stays_until_there_is_another():
    who, key = Somebody("key@example.org"), SoftKey()
    key.sign_up(who.client, who.email)
    address = f"/settings/security/passkeys/{Authenticator.objects.get().pk}/remove/"
    who.client.post(address)
    assert Authenticator.objects.count() == 1
    who.client.get("/settings/security/password/")
    who.client.post("/settings/security/password/", {"password": PASSWORD})
    elsewhere = Somebody(who.email)
    elsewhere.sign_in()
    assert is_open(elsewhere)
    who.client.post(address)
    assert Authenticator.objects.count() == 0


def test_a_passkey_unlocks_only_its_own_vault(alice, bob):
    hers = SoftKey()
    confirm(alice)
    hers.add(alice.client)
    del alice.client.cookies["estran_vault"]
    del bob.client.cookies["estran_vault"]
    assert hers.unlock(bob.client).headers["Location"] == "/unlock/"
    assert not is_open(bob)
    assert hers.unlock(alice.client).headers["Location"] == "/journal/"
    assert is_open(alice)


def test_a_known_address_and_a_new_one_get_the_same_answer(alice):
    answers = [
        SoftKey().sign_up(Client(), email).headers["Location"]
        for email in (alice.email, "new@example.org")
    ]
    assert answers == ["/recovery/", "/recovery/"]


def test_a_failed_sign_up_leaves_no_vault(monkeypatch):
    def broken(*_):
        raise OSError(28, "no space")

    monkeypatch.setattr("estran.web.accounts.vaults.wrap_for_passkey", broken)
    assert SoftKey().sign_up(Client(), "key@example.org").status_code == 507  # said in words
    assert not Person.objects.exists()
    assert not Vault.objects.exists()
    assert not list(store().ids())


@pytest.mark.parametrize(
    "junk", ["", "{}", "[]", "7", '{"id": 1}', '{"response": {"userHandle": "!"}}']
)
def test_junk_is_refused_calmly(alice, junk):
    form = {"email": "x@example.org", "credential": junk, "prf": "?" * 64}
    stranger = Client()
    stranger.get("/account/signup/passkey/")
    assert stranger.post("/account/signup/passkey/", form).status_code == 422
    stranger.get("/account/login/passkey/", headers={"accept": "application/json"})
    assert stranger.post("/account/login/passkey/", form).status_code == 302
    alice.client.get("/unlock/passkey/options/")
    assert alice.client.post("/unlock/passkey/", form).status_code == 302


def test_a_forged_signature_signs_nobody_in(alice):
    key = SoftKey()
    confirm(alice)
    key.add(alice.client)
    forger = SoftKey(id=key.id, prf=key.prf, handle=key.handle)
    stranger = Somebody(alice.email)
    assert forger.sign_in(stranger.client).headers["Location"] == "/account/login/"
    assert stranger.client.get("/settings/").headers["Location"].startswith("/account/login/")
    del alice.client.cookies["estran_vault"]
    assert forger.unlock(alice.client).headers["Location"] == "/unlock/"


def test_a_challenge_serves_once(alice):
    key = SoftKey()
    confirm(alice)
    key.add(alice.client)
    first = Client()
    asked = first.get("/account/login/passkey/", headers={"accept": "application/json"},
                      HTTP_HOST="localhost")  # fmt: skip
    form = key.used(asked.json()["request_options"])
    again = Client()
    again.get("/account/login/passkey/", headers={"accept": "application/json"},
              HTTP_HOST="localhost")  # fmt: skip
    answer = again.post("/account/login/passkey/", form, HTTP_HOST="localhost")
    assert answer.headers["Location"] == "/account/login/"


def test_without_any_password_a_vault_is_given_up_only_after_a_fresh_sign_in():
    who, key = Somebody("key@example.org"), SoftKey()
    key.sign_up(who.client, who.email)
    old = Vault.objects.get().vault_id
    del who.client.cookies["estran_vault"]
    session = who.client.session
    for way in session["account_authentication_methods"]:
        way["at"] -= 3600
    session.save()
    answer = who.client.post("/vault/lost/", {"sure": "on"})
    assert answer.headers["Location"] == "/account/login/"
    assert store().exists(old)
    key.prf = None
    key.sign_in(who.client)
    page = who.client.post("/vault/lost/", {"sure": "on"})
    assert page.context["receipt"].digest
    assert not store().exists(old)
    who.client.post("/vault/new/", {"password": PASSWORD})
    assert is_open(who)


def test_adding_a_password_needs_a_fresh_proof():
    who, key = Somebody("key@example.org"), SoftKey()
    key.sign_up(who.client, who.email)
    session = who.client.session
    for way in session["account_authentication_methods"]:
        way["at"] -= 3600
    session.save()
    answer = who.client.post("/settings/security/password/", {"password": PASSWORD})
    assert answer.headers["Location"] == "/settings/security/password/"
    assert PASSWORD not in str(dict(who.client.session))
    assert not who.person.has_usable_password()
    page = who.client.get("/settings/security/password/")
    assert page.headers["Location"].startswith("/account/passkey/again/")


@pytest.mark.parametrize("address", ["/recovery/new/", "/settings/erase/"])
def test_without_any_password_grave_steps_ask_for_the_passkey(address):
    who, key = Somebody("key@example.org"), SoftKey()
    key.sign_up(who.client, who.email)
    before = list(KeySlot.objects.order_by("pk").values_list("sealed", flat=True))
    session = who.client.session
    for way in session["account_authentication_methods"]:
        way["at"] -= 3600
    session.save()
    answer = who.client.post(address)
    assert answer.headers["Location"].startswith("/account/passkey/again/")
    assert list(KeySlot.objects.order_by("pk").values_list("sealed", flat=True)) == before
    page = who.client.get(answer.headers["Location"], headers={"host": "localhost"})
    form = {**key.used(options_in(page)), "next": address}
    done = who.client.post("/account/passkey/again/", form, headers={"host": "localhost"})
    assert done.status_code in {200, 302}
    if address == "/settings/erase/":
        assert not Person.objects.exists()
    else:
        assert done.headers["Location"] == "/recovery/"
        assert who.client.get("/recovery/").context["code"]


def test_where_mails_leave_the_address_may_be_proved_and_nobody_waits_for_it(settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    who, key = Somebody("key@example.org"), SoftKey()
    assert key.sign_up(who.client, who.email).headers["Location"] == "/recovery/"
    assert is_open(who)
    assert [message.to for message in mail.outbox] == [[who.email]]


def test_erasing_leaves_no_passkey(alice, bob):
    confirm(alice)
    SoftKey().add(alice.client)
    confirm(bob)
    SoftKey().add(bob.client)
    alice.client.post("/settings/erase/", {"password": PASSWORD})
    [left] = Authenticator.objects.all()
    assert left.user == bob.person
    assert set(KeySlot.objects.values_list("vault__person", flat=True)) == {bob.person.pk}
    assert set(SignInRow.objects.values_list("person", flat=True)) == {bob.person.pk}
