"""Signing up, in and out, and what each does to the vault's key."""

from __future__ import annotations

import pytest
from django.core import mail

from estran.vault.recovery import write_code
from estran.web.accounts.models import KeySlot, Person, Vault
from estran.web.accounts.vaults import store

from .conftest import PASSWORD, Somebody

pytestmark = pytest.mark.django_db


def is_open(who: Somebody) -> bool:
    """Whether a page that needs the vault answers."""
    answer = who.client.get("/import/")
    if answer.status_code == 302:
        assert answer.headers["Location"].startswith("/unlock/")
        return False
    assert answer.status_code == 200
    return True


def test_sign_up_makes_a_vault_and_shows_the_code_until_it_is_noted(data):
    who = Somebody("alice@example.org")
    page = who.client.post(
        "/account/signup/", {"email": who.email, "password1": PASSWORD}, follow=True
    )
    assert page.redirect_chain[-1][0] == "/recovery/"
    code = page.context["code"]
    assert len(code.split("-")) == 9
    assert who.client.get("/recovery/").context["code"] == code
    assert store().exists(Vault.objects.get().vault_id)
    who.client.post("/recovery/", {"noted": "yes"})
    assert who.client.get("/recovery/").context["code"] == ""
    assert Vault.objects.get().recovery_noted_at is not None
    assert is_open(who)


def test_the_code_is_in_no_file_and_no_row(alice, data):
    needle = alice.code.replace("-", "").encode()
    for path in data.rglob("*"):
        if path.is_file():
            assert needle not in path.read_bytes().replace(b"-", b"")


def test_sign_out_forgets_the_key_and_clears_the_browser(alice):
    answer = alice.client.post("/account/logout/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert alice.client.cookies["estran_vault"].value == ""
    assert alice.client.get("/import/").headers["Location"].startswith("/account/login/")
    alice.sign_in()
    assert is_open(alice)


def test_the_session_row_alone_opens_nothing(alice):
    del alice.client.cookies["estran_vault"]
    assert not is_open(alice)


def test_a_foreign_cookie_opens_nothing(alice, bob):
    alice.client.cookies["estran_vault"] = bob.client.cookies["estran_vault"].value
    assert not is_open(alice)


def test_unlock_with_the_password(alice):
    del alice.client.cookies["estran_vault"]
    page = alice.client.get("/unlock/?next=/import/")
    assert b'http-equiv="refresh"' in page.content
    page = alice.client.get("/unlock/?again=1&next=/import/")
    assert page.context["form"].fields.keys() == {"password"}
    wrong = alice.client.post("/unlock/", {"password": "not this one", "next": "/import/"})
    assert wrong.status_code == 422
    right = alice.client.post("/unlock/", {"password": PASSWORD, "next": "/import/"})
    assert right.headers["Location"] == "/import/"
    assert is_open(alice)


def test_unlock_goes_to_no_other_site(alice):
    del alice.client.cookies["estran_vault"]
    answer = alice.client.post(
        "/unlock/", {"password": PASSWORD, "next": "https://elsewhere.example/"}
    )
    assert answer.headers["Location"] == "/journal/"


def test_password_change_wraps_the_vault_again(alice):
    new = "marée haute 19 heures"
    old_cookie = alice.client.cookies["estran_vault"].value
    answer = alice.client.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert answer.status_code == 302
    assert alice.client.cookies["estran_vault"].value == old_cookie
    assert is_open(alice)
    alice.client.post("/account/logout/")
    assert alice.sign_in(PASSWORD).status_code == 200  # refused, the form again
    alice.sign_in(new)
    assert is_open(alice)


def test_the_recovery_code_opens_for_somebody_who_lost_the_password(alice):
    new = "marée haute 19 heures"
    stranger = Somebody(alice.email)
    data = {"email": alice.email, "code": alice.code.lower(), "password1": new}
    answer = stranger.client.post("/recovery/use/", data)
    assert answer.status_code == 302
    assert is_open(stranger)
    later = Somebody(alice.email)
    later.sign_in(new)
    assert is_open(later)


def test_a_wrong_code_and_an_unknown_address_answer_alike(alice):
    tries = [
        {"email": alice.email, "code": write_code(bytes(20)), "password1": "x" * 12 + "yz 4"},
        {
            "email": "nobody@example.org",
            "code": write_code(bytes(20)),
            "password1": "x" * 12 + "yz 4",
        },
    ]
    answers = [Somebody("s").client.post("/recovery/use/", data) for data in tries]
    assert [a.status_code for a in answers] == [422, 422]
    assert answers[0].context["form"].errors == answers[1].context["form"].errors


def test_a_mail_resets_the_sign_in_but_not_the_vault(alice, settings):
    settings.ESTRAN_HAS_MAIL = True
    stranger = Somebody(alice.email)
    page = stranger.client.get("/account/password/reset/")
    assert "recovery/use" in page.content.decode()  # told beforehand
    stranger.client.post("/account/password/reset/", {"email": alice.email})
    link = next(line for line in mail.outbox[0].body.split() if "/password/reset/key/" in line)
    page = stranger.client.get("/" + link.split("/", 3)[3], follow=True)
    new = "marée haute 19 heures"
    stranger.client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    stranger.sign_in(new)
    assert not is_open(stranger)
    locked = stranger.client.post("/unlock/", {"password": new})
    assert locked.status_code == 422
    stranger.client.post("/recovery/use/", {"code": alice.code, "password1": new})
    assert is_open(stranger)
    fresh = Somebody(alice.email)
    fresh.sign_in(new)
    assert is_open(fresh)


def test_a_new_code_replaces_the_old_one(alice):
    alice.client.post("/recovery/new/", {"password": PASSWORD})
    new_code = alice.client.get("/recovery/").context["code"]
    assert new_code
    assert new_code != alice.code
    assert Vault.objects.get().recovery_noted_at is None
    for code, status in ((alice.code, 422), (new_code, 302)):
        data = {"email": alice.email, "code": code, "password1": "marée haute 19 heures"}
        assert Somebody("x").client.post("/recovery/use/", data).status_code == status


def test_signing_up_with_a_known_address_tells_nothing(alice):
    stranger = Somebody(alice.email)
    other = "une autre phrase 42"
    answer = stranger.client.post("/account/signup/", {"email": alice.email, "password1": other})
    assert answer.headers["Location"] == "/recovery/"
    assert Person.objects.filter(email=alice.email).count() == 2
    assert KeySlot.objects.count() == 4


def test_signing_up_again_with_the_same_password_signs_in(alice):
    again = Somebody(alice.email)
    again.client.post("/account/signup/", {"email": alice.email, "password1": PASSWORD})
    assert Person.objects.filter(email=alice.email).count() == 1
    assert is_open(again)


def test_a_failed_sign_up_leaves_no_vault(data, monkeypatch):
    def broken(*_):
        raise OSError(28, "no room")

    monkeypatch.setattr("estran.web.accounts.vaults.recovery_slot", broken)
    who = Somebody("alice@example.org")
    answer = who.client.post("/account/signup/", {"email": who.email, "password1": PASSWORD})
    assert answer.status_code == 507  # said in words
    assert not Person.objects.exists()
    assert not list(store().ids())


def test_attempts_are_limited(alice):
    del alice.client.cookies["estran_vault"]
    statuses = [alice.client.post("/unlock/", {"password": "wrong"}).status_code for _ in range(12)]
    assert statuses[0] == 422
    assert statuses[-1] == 429


def test_a_locked_vault_tells_htmx_where_to_go(alice):
    del alice.client.cookies["estran_vault"]
    answer = alice.client.get("/import/", headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert answer.headers["HX-Redirect"] == "/unlock/"


def test_personal_pages_are_in_no_cache_and_headers_are_strict(alice):
    answer = alice.client.get("/import/")
    assert "no-store" in answer.headers["Cache-Control"]
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("asked", ["fr", "en"])
def test_the_settings_begin_with_the_language_of_the_browser(alice, asked):
    page = alice.client.get("/settings/", headers={"accept-language": f"{asked};q=0.9"})
    assert f'value="{asked}" selected' in page.content.decode()
    assert alice.person.language == ""


def test_the_language_of_a_person_wins(alice):
    alice.client.post("/settings/", {"language": "en"})
    page = alice.client.get("/import/", headers={"Accept-Language": "fr"})
    assert b'<html lang="en"' in page.content
