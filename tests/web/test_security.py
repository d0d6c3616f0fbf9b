"""Two steps, sign-ins, limits, no enumeration, and a vault that nobody can open any more."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import json
import struct
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import hashers
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext

from estran.vault.keys import decode_slot, open_slot
from estran.vault.recovery import write_code
from estran.vault.store import Table
from estran.web.accounts import keylife, mailing
from estran.web.accounts.models import ErasureReceipt, KeySlot, Person, SignIn, Vault
from estran.web.accounts.vaults import store
from estran.web.me.models import Import
from estran.web.store.file import FileVaultStore
from estran.web.store.opened import OpenVault
from estran.wording import REFUSALS, say

from .conftest import PASSWORD, Somebody, track
from .soft_key import SoftKey
from .test_accounts import is_open

pytestmark = pytest.mark.django_db

NEW = "marée haute 19 heures"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def totp(secret: str, step: int = 0) -> str:
    digest = hmac.new(
        base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30 + step), hashlib.sha1
    ).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def turn_on(who: Somebody) -> str:
    """Set up an authenticator app; give its key."""
    who.client.post("/account/reauthenticate/", {"password": PASSWORD})
    secret = who.client.get("/settings/security/app/").context["form"].secret
    answer = who.client.post("/settings/security/app/", {"code": totp(secret)})
    assert answer.headers["Location"] == "/settings/security/codes/"
    return str(secret)


def sealed_rows() -> set[tuple[str, bytes, int, bytes]]:
    """What every vault holds but its log and the count of its lines, as it lies in the file."""
    tables: tuple[Table, ...] = ("chunk", "doc")
    found: set[tuple[str, bytes, int, bytes]] = set()
    for vault_id in store().ids():
        with store().connect(vault_id) as container:
            container.begin(write=False)
            found |= {(t, r.key, r.rev, r.body) for t in tables for r in container.rows(t)}
    return found


# The password


def test_a_new_password_wraps_the_key_and_leaves_every_sealed_byte(alice, workers, work_off):
    alice.bring(("a.json", track()))
    work_off()
    before, slots = sealed_rows(), set(KeySlot.objects.values_list("kind", "sealed"))
    assert len(before) > 5
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    alice.client.post("/account/password/change/", fields)
    # The log gets a line; nothing that was sealed is sealed anew.
    assert before - sealed_rows() == set()
    after = set(KeySlot.objects.values_list("kind", "sealed"))
    assert {kind for kind, _ in slots - after} == {"passphrase"}
    later = Somebody(alice.email)
    later.sign_in(NEW)
    assert later.client.get("/journal/2026-06-01/").status_code == 200


def test_the_recovery_code_leaves_every_sealed_byte_too(alice, workers, work_off):
    alice.bring(("a.json", track()))
    work_off()
    before = sealed_rows()
    data = {"email": alice.email, "code": alice.code, "password1": NEW}
    stranger = Somebody(alice.email)
    stranger.client.post("/recovery/use/", data)
    assert is_open(stranger)
    assert (
        stranger.client.post("/recovery/new/", {"password": NEW}).headers["Location"]
        == "/recovery/"
    )
    assert before - sealed_rows() == set()


def test_a_new_password_ends_the_other_sessions_and_their_halves(alice):
    elsewhere = Somebody(alice.email)
    elsewhere.sign_in()
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    alice.client.post("/account/password/change/", fields)
    assert is_open(alice)
    assert elsewhere.client.get("/settings/").status_code == 302
    assert Session.objects.count() == 1


# Two steps


def test_the_second_step_comes_before_the_session_and_the_vault(alice):
    secret = turn_on(alice)
    later = Somebody(alice.email)
    assert later.sign_in().headers["Location"] == "/account/second-step/"
    assert later.client.get("/settings/").headers["Location"].startswith("/account/login/")
    assert later.client.post("/account/second-step/", {"code": "000000"}).status_code == 200
    assert later.client.get("/settings/").headers["Location"].startswith("/account/login/")
    cache.clear()  # the code was used a moment ago, to set the app up
    later.client.post("/account/second-step/", {"code": totp(secret)})
    assert is_open(later)


def test_what_is_held_between_the_steps_needs_the_cookie(alice):
    secret = turn_on(alice)
    cache.clear()
    later = Somebody(alice.email)
    later.sign_in()
    del later.client.cookies["estran_vault"]
    later.client.post("/account/second-step/", {"code": totp(secret)})
    assert later.client.get("/settings/").status_code == 200
    assert not is_open(later)


def test_what_is_held_between_the_steps_goes_stale(alice, monkeypatch):
    secret = turn_on(alice)
    cache.clear()
    monkeypatch.setattr(keylife, "_HELD_S", -1)
    later = Somebody(alice.email)
    later.sign_in()
    later.client.post("/account/second-step/", {"code": totp(secret)})
    assert not is_open(later)


def test_the_recovery_code_of_the_vault_does_not_skip_the_second_step(alice):
    secret = turn_on(alice)
    cache.clear()
    stranger = Somebody(alice.email)
    data = {"email": alice.email, "code": alice.code, "password1": NEW}
    answer = stranger.client.post("/recovery/use/", data)
    assert answer.headers["Location"] == "/account/second-step/"
    stranger.client.post("/account/second-step/", {"code": totp(secret)})
    assert is_open(stranger)


def test_emergency_codes_are_shown_once_and_serve_once(alice):
    turn_on(alice)
    codes = alice.client.get("/settings/security/codes/").context["unused_codes"]
    assert len(set(codes)) == 10
    again = alice.client.get("/settings/security/codes/").content.decode()
    assert not any(code in again for code in codes)
    for n_left in (9, 9):
        later = Somebody(alice.email)
        later.sign_in()
        later.client.post("/account/second-step/", {"code": codes[0]})
        row = Authenticator.objects.get(type="recovery_codes")
        assert len(row.wrap().get_unused_codes()) == n_left
    assert later.client.get("/settings/").status_code == 302


def test_the_database_alone_makes_no_codes(alice):
    secret = turn_on(alice)
    codes = alice.client.get("/settings/security/codes/").context["unused_codes"]
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert not any(code in kept for code in codes)


def test_the_picture_is_drawn_here(alice):
    alice.client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = alice.client.get("/settings/security/app/").content.decode()
    assert "data:image/svg+xml;base64," in page
    assert "http" not in page.split("<img src=")[1].split(">")[0]


# Where somebody is signed in


def test_sign_ins_name_the_device_and_no_address(alice):
    elsewhere = Somebody(alice.email, Client(HTTP_USER_AGENT=FIREFOX))
    elsewhere.sign_in()
    assert [row.device for row in SignIn.objects.order_by("pk")] == ["", "Firefox, Linux"]
    columns = {field.name for field in SignIn._meta.get_fields()}
    assert columns == {"id", "person", "session_key", "device", "began_at", "seen_at"}
    page = alice.client.get("/settings/security/").content.decode()
    assert "Firefox, Linux" in page


def test_a_page_view_is_written_down_every_ten_minutes_and_lengthens_no_session(alice):
    ends = Session.objects.get().expire_date
    for age, is_written in ((timedelta(minutes=9), False), (timedelta(minutes=11), True)):
        then = timezone.now() - age
        SignIn.objects.update(seen_at=then)
        alice.client.get("/settings/")
        assert (SignIn.objects.get().seen_at > then) is is_written
    assert Session.objects.get().expire_date == ends


def test_sign_ins_whose_session_ran_out_are_forgotten_at_the_next(alice):
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    later = Somebody(alice.email)
    later.sign_in()
    assert SignIn.objects.get().session_key == later.client.session.session_key


def test_one_or_all_others_are_signed_out(alice, bob):
    others = [Somebody(alice.email) for _ in range(3)]
    for other in others:
        other.sign_in()
    first = SignIn.objects.get(session_key=others[0].client.session.session_key)
    bob.client.post("/settings/security/sessions/", {"which": str(first.pk)})
    assert is_open(others[0])  # not Bob's to end
    alice.client.post("/settings/security/sessions/", {"which": str(first.pk)})
    assert [o.client.get("/settings/").status_code for o in others] == [302, 200, 200]
    alice.client.post("/settings/security/sessions/", {"which": "all"})
    assert [o.client.get("/settings/").status_code for o in others] == [302, 302, 302]
    assert is_open(alice)
    assert is_open(bob)


def test_signing_out_leaves_no_row(alice):
    alice.client.post("/account/logout/")
    assert not SignIn.objects.exists()


# Limits, and nothing told about who is here


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/recovery/new/", {"password": "wrong"}),
        ("/settings/erase/", {"password": "wrong"}),
        ("/unlock/", {"password": "wrong"}),
    ],
)
def test_tries_of_a_signed_in_person_are_limited(alice, address, form):
    statuses = [alice.client.post(address, form).status_code for _ in range(12)]
    assert statuses[0] != 429
    assert statuses[-1] == 429


def test_tries_of_the_recovery_code_are_limited_for_an_address(alice):
    form = {"email": alice.email, "code": write_code(bytes(20)), "password1": NEW}
    statuses = [
        Client(REMOTE_ADDR=f"192.0.2.{n}").post("/recovery/use/", form).status_code
        for n in range(8)
    ]
    assert statuses[0] == 422
    assert statuses[-1] == 429


def test_a_slip_in_the_code_is_said_whatever_the_address(alice):
    slip = alice.code[:-1] + ("0" if alice.code[-1] != "0" else "1")
    said = [
        Client()
        .post("/recovery/use/", {"email": email, "code": slip, "password1": NEW})
        .context["form"]
        .errors["code"]
        for email in (alice.email, "nobody@example.org")
    ]
    assert said[0] == said[1] == [say(REFUSALS, "recovery-code-mistyped", {}, gettext)]


def test_tries_of_the_second_step_are_limited(alice):
    turn_on(alice)
    later = Somebody(alice.email)
    later.sign_in()
    for _ in range(6):
        page = later.client.post("/account/second-step/", {"code": "000000"})
    assert "code" in page.context["form"].errors
    codes = alice.client.get("/settings/security/codes/").context["unused_codes"]
    later.client.post("/account/second-step/", {"code": codes[0]})
    assert later.client.get("/settings/").status_code == 302


@pytest.fixture
def hashed(monkeypatch):
    """How often a password was stretched: what takes the time of a sign-in."""
    count = {"n": 0}
    original = hashers.MD5PasswordHasher.encode

    def counted(self, password, salt):
        count["n"] += 1
        return original(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counted)
    return count


def test_a_wrong_sign_in_works_as_long_and_says_the_same(alice, hashed):
    SoftKey().sign_up(Client(), "key@example.org")  # has no password at all
    answers, worked = [], []
    for email in (alice.email, "nobody@example.org", "key@example.org"):
        before = hashed["n"]
        page = Client().post("/account/login/", {"login": email, "password": "not this one"})
        worked.append(hashed["n"] - before)
        answers.append((page.status_code, page.context["form"].errors))
    assert worked == [1, 1, 1]
    assert answers[0] == answers[1] == answers[2]


def test_signing_up_works_as_long_and_says_the_same(alice, hashed):
    worked, answers = [], []
    for email in (alice.email, "nobody@example.org"):
        before = hashed["n"]
        form = {"email": email, "password1": NEW}
        page = Client().post("/account/signup/", form)
        worked.append(hashed["n"] - before)
        answers.append((page.status_code, page.headers["Location"]))
    assert worked[0] == worked[1]
    assert answers[0] == answers[1]


def test_a_reset_says_the_same_and_no_mail_is_waited_for(alice, settings, monkeypatch):
    settings.ESTRAN_HAS_MAIL = True
    waited: list[mail.EmailMessage] = []
    monkeypatch.setattr(mailing, "send_soon", waited.append)
    pages = [
        Client().post("/account/password/reset/", {"email": email}, follow=True)
        for email in (alice.email, "nobody@example.org")
    ]
    assert not mail.outbox
    assert [message.to for message in waited] == [[alice.email]]
    texts = [
        page.content.decode().replace(page.wsgi_request.META["CSRF_COOKIE"], "") for page in pages
    ]
    assert pages[0].redirect_chain == pages[1].redirect_chain
    assert len(texts[0]) == len(texts[1])


def test_a_mail_that_fails_is_logged_without_its_words(caplog, monkeypatch):
    def broken():
        raise OSError(5, "alice@example.org refused")

    message = mail.EmailMessage(to=["alice@example.org"])
    monkeypatch.setattr(message, "send", broken)
    with ThreadPoolExecutor(1) as real:
        monkeypatch.setattr(mailing, "_senders", real)
        mailing.send_soon(message)
    assert "OSError" in caplog.text
    assert "alice" not in caplog.text


# Neither password nor code


def locked_for_good(who: Somebody, settings) -> None:
    """Reset the password by mail, and lose the recovery code."""
    settings.ESTRAN_HAS_MAIL = True
    who.client = Client()
    who.client.post("/account/password/reset/", {"email": who.email})
    link = next(line for line in mail.outbox[-1].body.split() if "/password/reset/key/" in line)
    page = who.client.get("/" + link.split("/", 3)[3], follow=True)
    who.client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    who.sign_in(NEW)
    assert not is_open(who)


def test_it_is_said_beforehand_and_at_that_moment(alice, settings):
    for address in ("/account/signup/", "/account/signup/passkey/", "/account/password/reset/"):
        page = Client().get(address, headers={"accept-language": "en"}).content.decode()
        assert "nobody can" in page, address
    page = alice.client.get("/settings/security/", headers={"accept-language": "en"})
    assert "nobody can read your data" in page.content.decode()
    locked_for_good(alice, settings)
    assert "/vault/lost/" in alice.client.get("/unlock/?again=1").content.decode()
    page = alice.client.get("/vault/lost/", headers={"accept-language": "en"})
    assert "nobody can read what is in this vault" in page.content.decode()


def test_a_fresh_vault_erases_the_old_one_with_a_receipt(alice, settings, workers, work_off, data):
    alice.bring(("a.json", track()))
    work_off()
    alice.bring(("later.json", track(day="2026-06-02")))  # still waits
    old = Vault.objects.get().vault_id
    locked_for_good(alice, settings)
    for form in ({"password": NEW}, {"password": "wrong", "sure": "on"}):
        assert alice.client.post("/vault/lost/", form).status_code == 422
        assert store().exists(old)
    page = alice.client.post("/vault/lost/", {"password": NEW, "sure": "on"})
    receipt = page.context["receipt"]
    assert ErasureReceipt.objects.get().digest == receipt.digest
    assert receipt.digest in page.content.decode()
    assert not store().exists(old)
    assert not Import.objects.exists()
    assert not list((data / "incoming").iterdir())
    assert Vault.objects.get().vault_id != old
    code = alice.client.get("/recovery/").context["code"]
    assert code != alice.code
    assert is_open(alice)
    later = Somebody(alice.email)
    later.sign_in(NEW)
    assert is_open(later)
    assert Person.objects.count() == 1


def test_an_open_vault_is_not_given_up_by_mistake(alice):
    vault_id = Vault.objects.get().vault_id
    answer = alice.client.post("/vault/lost/", {"password": PASSWORD, "sure": "on"})
    assert answer.headers["Location"] == "/settings/security/"
    assert store().exists(vault_id)


def test_the_sealed_file_opens_with_the_code_found_again(
    alice, settings, workers, work_off, tmp_path
):
    alice.bring(("a.json", track()))
    work_off()
    locked_for_good(alice, settings)
    answer = alice.client.post("/vault/sealed/")
    content = b"".join(answer.streaming_content)
    assert b"46.16" not in content
    archive = zipfile.ZipFile(io.BytesIO(content))
    head = json.loads(archive.read("slots.json"))
    slots = {slot.kind: slot for slot in (decode_slot(json.dumps(s)) for s in head["slots"])}
    key = open_slot(slots["recovery"], head["vault_id"], alice.code)
    assert open_slot(slots["passphrase"], head["vault_id"], PASSWORD) == key
    elsewhere = FileVaultStore(tmp_path / "elsewhere")
    path = elsewhere._path(head["vault_id"])
    path.parent.mkdir(parents=True)
    path.write_bytes(archive.read("vault.sqlite3"))
    from estran.web.me import work  # noqa: PLC0415 - loads NumPy

    known = work.known_days(OpenVault(elsewhere, head["vault_id"], key))
    assert known is not None
    assert known.days == {date(2026, 6, 1)}
