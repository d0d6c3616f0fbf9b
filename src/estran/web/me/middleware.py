"""What follows when a person opens the vault."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse

from estran.errors import Refusal
from estran.vault.audit import Act
from estran.web.accounts import keylife
from estran.web.accounts.models import Person
from estran.web.emission import slots
from estran.web.me.access import note, watching_slots
from estran.web.me.consents import agree_with_slots
from estran.web.me.staleness import freshen

_log = logging.getLogger(__name__)

HOW: Mapping[str, str] = {
    "account_signup": "new-account",
    "recovery-use": "recovery-code",
    "passkey-signup": "new-account",
    "vault-new": "new-account",
    "vault-lost": "new-account",
    "mfa_login_webauthn": "passkey",
    "unlock-passkey": "passkey",
}
"""By what a vault was opened, for each page that opens one; by the password elsewhere."""


def when_opened(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """After the request that opened the vault: a line in its log, and a look at the journal."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with watching_slots() as changed:
            response = get_response(request)
        person = request.user
        key = (
            keylife.key_of(request)
            if isinstance(person, Person) and _matters(request, changed)
            else None
        )
        if isinstance(person, Person) and key is not None:
            if keylife.was_opened_now(request):
                _opened(request, person, key)
            if HOW.get(_name(request)) != "new-account":
                _slots_changed(request, changed)
        return response

    return middleware


def _matters(request: HttpRequest, changed: set[str]) -> bool:
    return keylife.was_opened_now(request) or bool(changed)


def _name(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.url_name or "") if match else ""


def _slots_changed(request: HttpRequest, changed: set[str]) -> None:
    try:
        for kind in sorted(changed):
            note(keylife.open_vault(request), Act.SLOT_CHANGED, kind)
    except Refusal as refusal:
        _log.warning("the access log took no line: %s", refusal.code)


def _opened(request: HttpRequest, person: Person, key: bytes) -> None:
    try:
        vault = keylife.open_vault(request)
    except Refusal as refusal:
        # Signed in all the same: the next page says what is wrong with the vault.
        _log.warning("a vault did not open at sign-in: %s", refusal.code)
        return
    try:
        note(vault, Act.OPENED, HOW.get(_name(request), "password"))
        agree_with_slots(person, vault)
        slots.agree(person, vault)
    except Refusal as refusal:
        # A full disk must not keep somebody from reading what is theirs.
        _log.warning("the access log took no line: %s", refusal.code)
    freshen(person, vault, key)
