"""Who gets what answer at every address: nobody, Alice, and Bob who knows Alice's ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from estran.errors import NotFound
from estran.journal import Mode
from estran.web.me import work
from estran.web.me.models import Import

from .conftest import Somebody, track
from .test_imports import vault_of

pytestmark = pytest.mark.django_db

OPEN = "anybody"
"""The same for all."""
OWN = "own"
"""A page of whoever is signed in; nobody else's is named in the address."""
HERS = "hers"
"""Names a thing of Alice's: Bob gets 404."""
AWAY = "away"
"""For who is not signed in; others are sent to their pages, or see it all the same."""

EXPECTED: dict[str, str] = {
    "ingest-openapi": OPEN,
    "home": OPEN, "privacy": OPEN, "accessibility": OPEN, "appearance": OPEN,
    "set_language": OPEN, "example": OPEN, "example-day": OPEN, "example-week": OPEN,
    "example-month": OPEN, "example-dashboard": OPEN, "example-period": OPEN, "example-how": OPEN,
    "example-correct": OPEN, "example-undo": OPEN,
    "account_login": AWAY, "account_signup": AWAY, "account_inactive": OPEN,
    "account_reset_password": OPEN, "account_reset_password_done": OPEN,
    "account_reset_password_from_key": OPEN, "account_reset_password_from_key_done": OPEN,
    "account_email_verification_sent": OPEN, "account_confirm_email": OPEN,
    "account_logout": OPEN, "account_reauthenticate": OWN, "account_change_password": OWN,
    "recovery": OWN, "recovery-new": OWN, "recovery-use": OPEN, "unlock": OWN,
    "settings": OWN, "erase": OWN,
    "passkey-signup": AWAY, "mfa_login_webauthn": AWAY, "mfa_authenticate": AWAY,
    "mfa_reauthenticate": OWN, "mfa_reauthenticate_webauthn": OWN,
    "openid_connect_login": OPEN, "openid_connect_callback": OPEN,
    "socialaccount_login_cancelled": OPEN, "socialaccount_login_error": OPEN,
    "security": OWN, "mfa_index": OPEN, "vault-password": OWN, "sign-out-elsewhere": OWN,
    "mfa_add_webauthn": OWN, "mfa_remove_webauthn": OWN, "mfa_activate_totp": OWN,
    "mfa_deactivate_totp": OWN, "mfa_view_recovery_codes": OWN,
    "mfa_generate_recovery_codes": OWN, "vault-new": OWN, "vault-lost": OWN,
    "sealed-copy": OWN, "unlock-passkey": OWN, "unlock-passkey-options": OWN,
    "data": OWN, "data-days": OWN, "data-place": OWN, "data-source": OWN, "data-keep": OWN,
    "data-zone": OWN, "data-pause": OWN,
    "import": OWN, "import-status": HERS, "import-progress": HERS, "import-undo": HERS,
    "import-retry": HERS,
    "permissions": OWN, "permission-coach": OWN, "permission-coach-give": OWN,
    "permission-coach-withdraw": OWN, "receipt": OWN, "receipt-file": OWN,
    "vault-key": OWN, "vault-key-progress": OWN,
    "access-log": OWN, "access-resume": OWN,
    "everywhere": OWN, "export": OWN, "restore": OWN, "send": OWN, "receive-here": OWN,
    "passage": HERS, "passage-progress": HERS, "passage-file": HERS, "passage-agree": HERS,
    "passage-drop": HERS, "receive": OPEN,
    "devices": OWN, "device-choose": OWN, "device-add": OWN, "device": HERS,
    "device-connect": HERS, "device-state": HERS, "device-file": HERS, "device-change": HERS,
    "device-remove": HERS, "device-phone": OPEN, "device-phone-file": OPEN,
    "emission": OWN, "emission-device": HERS, "emission-config": OPEN,
    "emission-profile-create": OPEN, "emission-profile-get": OPEN,
    "emission-profile-update": OPEN, "emission-put": OPEN, "emission-putone": OPEN,
    "emission-get": OPEN, "emission-range": OPEN, "emission-complete": OPEN,
    "emission-find": OPEN, "emission-trips": OPEN, "emission-words": OPEN,
    "emission-words-change": OPEN, "emission-sums": OPEN, "emission-checkuuid": OPEN,
    "emission-pipeline": OPEN, "emission-purge": OPEN, "emission-unknown": OPEN,
    "sources": OWN, "sources-start": OWN, "source": HERS, "source-change": HERS,
    "source-remove": HERS, "source-removal": HERS,
    "vehicles": OWN, "vehicle-add": OWN, "vehicle": OWN, "vehicle-change": OWN, "pass-add": OWN,
    "pass": OWN,
    "tickets": OWN, "ticket-add": OWN, "ticket-stations": OWN, "tickets-undo": OWN,
    "ticket-message": OWN, "tickets-proposed": OWN, "ticket-table": OWN, "ticket-table-look": OWN,
    "ticket": OWN, "habits": OWN, "habit-add": OWN, "habit": OWN, "letters": OWN,
    "letter-add": OWN, "letter": OWN, "letter-ics": OWN,
    "record": OPEN, "record-shell": OPEN, "record-worker": OPEN, "record-manifest": OPEN,
    "record-me": OPEN, "record-connect": OWN,
    "journal": OWN, "journal-day": OWN, "journal-week": OWN, "journal-month": OWN,
    "dashboard": OWN, "dashboard-year": OWN, "correct-leg": OWN, "undo-correction": OWN,
    "coach": OWN, "trip": HERS, "trips": OWN, "check": OWN, "corrections": OWN, "trip-add": OWN,
    "take-back": OWN, "recurring": OWN, "recurring-one": HERS, "similar": HERS,
    "places": OWN,
    "what-if": OWN, "review": OWN, "review-year": OWN,
    "groups": OWN, "group": HERS, "group-join": HERS,
    "recaps": OWN, "recaps-stop": OPEN, "share": HERS, "share-picture": HERS,
    "dashboard-period": OWN, "dashboard-how": OWN,
    "savings": OWN, "goals": OWN,
    "advice": OWN, "advice-not-possible": HERS,
}  # fmt: skip
"""Every address by name. A new one is written here with what it promises."""

EXAMPLES: dict[str, str] = {
    "language": "en",
    "day": "2026-06-01", "year": "2026", "measure": "distance",
    "month": "06", "uidb36": "1", "key": "x-y",
    "study": "estran", "by": "timestamp", "what": "insert", "kind": "timestamp",
    "consent_id": "a1", "proposed_id": "a1", "table_id": "a1", "ticket_id": "a1",
    "mode": "car", "thing_id": "a1", "habit_id": "a1", "letter_id": "a1",
    "passage_id": "00000000-0000-4000-8000-000000000000", "code": "0" * 32, "key_print": "0" * 40,
    "invitation_id": "00000000-0000-4000-8000-000000000000",
    "ref": "0" * 16, "removal_id": "00000000-0000-4000-8000-000000000000",
    "provider_id": "territory", "pk": "1",
    "app": "owntracks", "device_id": "00000000-0000-4000-8000-000000000000", "part": "x",
    "group_id": "00000000-0000-4000-8000-000000000000",
    "name": "estran.otrc", "start_us": "1", "recurring_id": "a1", "token": "x",
}  # fmt: skip


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield str(pattern.name), route


def addresses(import_id: Any) -> dict[str, str]:
    known = {**EXAMPLES, "import_id": str(import_id)}
    found = {}
    for name, route in patterns(get_resolver()):
        address = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: known[m[1]], route)
        address = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", lambda m: known[m[1]], address)
        found[name] = "/" + address.replace("^", "").replace("$", "").replace("\\Z", "")
    return found


def statuses(client: Client, address: str) -> dict[str, Any]:
    return {"GET": client.get(address), "POST": client.post(address, {})}


def goes_to_sign_in(answer: Any) -> bool:
    return bool(
        answer.status_code == 302 and answer.headers["Location"].startswith("/account/login/")
    )


def test_every_address_is_expected():
    assert {name for name, _ in patterns(get_resolver())} == EXPECTED.keys()


@pytest.fixture
def hers(alice, workers, work_off) -> Import:
    row: Import = alice.bring(("a.json", track()))
    work_off()
    return row


def test_nobody_sees_nothing(hers):
    for name, address in addresses(hers.pk).items():
        if EXPECTED[name] in {OWN, HERS}:
            for method, answer in statuses(Client(), address).items():
                refused = goes_to_sign_in(answer) or answer.status_code == 405
                assert refused, (name, method, answer.status_code)


def test_alice_sees_hers_and_bob_does_not(alice, bob, hers):
    for name, address in addresses(hers.pk).items():
        if EXPECTED[name] != HERS:
            continue
        for method, answer in statuses(bob.client, address).items():
            assert answer.status_code in {404, 405}, (name, method)
    assert Import.objects.get(pk=hers.pk).state == "done"
    assert alice.client.get(f"/import/{hers.pk}/").status_code == 200
    assert alice.client.get(f"/import/{hers.pk}/progress/").status_code == 200


def test_bobs_pages_hold_nothing_of_alices(alice, bob, hers):
    places = {"46.16", "-1.15"}
    for name, address in addresses(hers.pk).items():
        if EXPECTED[name] == OWN and not name.startswith("account_"):
            body = bob.client.get(address, follow=True).content.decode()
            assert not any(place in body for place in places), name
            assert str(hers.pk) not in body, name
            assert "a.json" not in body, name


def test_alices_cookie_opens_no_vault_for_bob(alice, bob, hers):
    bob.client.cookies["estran_vault"] = alice.client.cookies["estran_vault"].value
    answer = bob.client.get("/journal/")
    assert answer.headers["Location"].startswith("/unlock/")


def test_bob_cannot_take_back_what_alice_said(alice, bob, hers):
    vault = vault_of(alice)
    [trip] = work.journal(vault, date(2026, 6, 1), date(2026, 6, 1)).trips
    key = work.correct_mode(vault, start_us=trip.started_us, end_us=trip.ended_us, mode=Mode.BUS)
    with pytest.raises(NotFound):
        work.take_back(vault_of(bob), key)
    assert [c.id for c in work.corrections(vault)] == [key]


def test_every_address_answers_alice_without_breaking(alice: Somebody, hers):
    for name, address in addresses(hers.pk).items():
        if name in {"import-undo", "import-retry", "erase", "account_logout"}:
            continue
        answer = alice.client.get(address)
        assert answer.status_code < 500, name
