"""A territory's own sign-in, against a small real provider on this machine."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client

from estran.web.accounts.models import KeySlot, Person, Vault
from estran.web.config.environment import read_environment, sign_in_provider

from .conftest import PASSWORD, Somebody
from .provider import CLIENT, SECRET, Provider, running_provider
from .site import Browser, free_port, running
from .test_accounts import is_open

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings):
    cache.clear()
    with running_provider() as found:
        variables = {
            "ESTRAN_OIDC_URL": found.url,
            "ESTRAN_OIDC_NAME": "Ma métropole",
            "ESTRAN_OIDC_CLIENT": CLIENT,
            "ESTRAN_OIDC_SECRET": SECRET,
        }
        settings.SOCIALACCOUNT_PROVIDERS = sign_in_provider(read_environment(variables))
        yield found


def sign_in(provider: Provider, who: Somebody):
    leaves = who.client.get("/account/territory/territory/")
    assert leaves.status_code == 302
    assert leaves.headers["Location"].startswith(provider.url + "/authorise?")
    back = provider.agree(leaves.headers["Location"])
    return who.client.get("/" + back.split("/", 3)[3])


def choose(who: Somebody, password: str = PASSWORD) -> str:
    page = who.client.post("/vault/new/", {"password": password}, follow=True)
    assert page.redirect_chain[-1][0] == "/recovery/"
    return str(page.context["code"])


def test_there_is_none_unless_the_operator_says_so(db):
    assert Client().get("/account/territory/territory/").status_code == 404
    assert b"territory" not in Client().get("/account/login/").content


def test_the_button_has_the_operators_words(provider):
    for page in ("/account/login/", "/account/signup/"):
        assert "Ma métropole" in Client().get(page).content.decode()


def test_the_first_sign_in_asks_for_a_password_of_the_vault(provider):
    who = Somebody(provider.email)
    first = sign_in(provider, who)
    assert first.headers["Location"] == "/vault/new/"
    page = who.client.get("/vault/new/").content.decode()
    assert "Ma métropole" in page
    assert who.client.get("/journal/", follow=True).redirect_chain[-1][0] == "/vault/new/"
    assert choose(who)
    assert is_open(who)
    assert not who.person.has_usable_password()


def test_the_next_sign_in_finds_the_vault_locked_until_its_password(provider):
    sign_in(provider, Somebody(provider.email))
    who = Somebody(provider.email)
    sign_in(provider, who)
    code = choose(who)
    later = Somebody(provider.email)
    assert sign_in(provider, later).headers["Location"] == "/journal/"
    assert not is_open(later)
    assert later.client.post("/unlock/", {"password": "not this one"}).status_code == 422
    later.client.post("/unlock/", {"password": PASSWORD})
    assert is_open(later)
    assert Person.objects.count() == 1
    lost = Somebody(provider.email)
    sign_in(provider, lost)
    new = "marée haute 19 heures"
    lost.client.post("/recovery/use/", {"code": code, "password1": new})
    assert is_open(lost)
    # The password of the vault does not become one of the account.
    assert not lost.person.has_usable_password()
    assert Somebody(provider.email).sign_in(new).status_code == 200


def test_the_password_of_the_vault_can_be_changed(provider):
    who = Somebody(provider.email)
    sign_in(provider, who)
    choose(who)
    new = "marée haute 19 heures"
    wrong = who.client.post("/settings/security/password/", {"old": "no", "password": new})
    assert wrong.status_code == 422
    who.client.post("/settings/security/password/", {"old": PASSWORD, "password": new})
    later = Somebody(provider.email)
    sign_in(provider, later)
    later.client.post("/unlock/", {"password": new})
    assert is_open(later)


def test_only_the_number_and_the_address_are_kept(provider):
    sign_in(provider, Somebody(provider.email))
    [account] = SocialAccount.objects.all()
    assert (account.uid, account.extra_data) == (provider.subject, {})
    assert not SocialToken.objects.exists()


def test_an_address_that_is_known_here_joins_no_accounts(provider, alice):
    provider.email = alice.email
    who = Somebody(alice.email)
    assert sign_in(provider, who).headers["Location"] == "/vault/new/"
    assert Person.objects.filter(email=alice.email).count() == 2
    assert Vault.objects.count() == 1


def test_no_address_is_needed(provider):
    provider.email = ""
    who = Somebody("")
    assert sign_in(provider, who).headers["Location"] == "/vault/new/"
    choose(who)
    assert is_open(who)


@pytest.mark.parametrize("lie", ["signature", "audience", "person", "replay"])
def test_lies_sign_nobody_in(provider, lie):
    who = Somebody(provider.email)
    if lie == "signature":
        provider.signs_with = rsa.generate_private_key(65537, 2048)
    elif lie == "audience":
        provider.audience = "another-site"
    elif lie == "person":
        provider.userinfo_subject = "citizen-18"
    if lie == "replay":
        leaves = who.client.get("/account/territory/territory/")
        back = provider.agree(leaves.headers["Location"])
        answer = Client().get("/" + back.split("/", 3)[3])  # another browser, without the state
    else:
        answer = sign_in(provider, who)
    assert answer.status_code == 401
    assert not Person.objects.exists()
    assert not KeySlot.objects.exists()


def test_a_provider_that_is_away_is_said_so(db, settings):
    variables = {"ESTRAN_OIDC_URL": f"http://127.0.0.1:{free_port()}", "ESTRAN_OIDC_CLIENT": "x"}
    settings.SOCIALACCOUNT_PROVIDERS = sign_in_provider(read_environment(variables))
    answer = Client().get("/account/territory/territory/")
    assert answer.status_code == 503
    assert b"/account/login/" in answer.content


def test_who_stops_on_the_other_site_is_told_so(provider):
    who = Client()
    leaves = who.get("/account/territory/territory/")
    state = parse_qs(urlsplit(leaves.headers["Location"]).query)["state"][0]
    back = {"error": "access_denied", "state": state}
    answer = who.get("/account/territory/territory/callback/", back)
    assert answer.headers["Location"] == "/account/territory/cancelled/"
    assert who.get("/account/territory/cancelled/").status_code == 200


def test_a_real_site_takes_it_from_the_environment(tmp_path, monkeypatch):
    with running_provider() as provider:
        secret = tmp_path / "secret"
        secret.write_text(SECRET + "\n")
        monkeypatch.setenv("ESTRAN_OIDC_URL", provider.url)
        monkeypatch.setenv("ESTRAN_OIDC_NAME", "Ma métropole")
        monkeypatch.setenv("ESTRAN_OIDC_CLIENT", CLIENT)
        monkeypatch.setenv("ESTRAN_OIDC_SECRET_FILE", str(secret))
        with running(tmp_path / "data") as site:
            browser = Browser(site)
            _, _, page = browser.ask("GET", "/account/login/")
            assert "Ma métropole" in page.decode()
            _, headers, _ = browser.ask("GET", "/account/territory/territory/")
            back = provider.agree(headers["location"])
            status, headers, _ = browser.ask("GET", "/" + back.split("/", 3)[3])
            assert (status, headers["location"]) == (302, "/vault/new/")
            _, headers, _ = browser.post("/vault/new/", password=PASSWORD)
            assert headers["location"] == "/recovery/"
            assert browser.ask("GET", "/import/")[0] == 200
