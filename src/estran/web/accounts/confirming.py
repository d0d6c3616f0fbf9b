"""Is it really them? Asked before what cannot be taken back."""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.conf import settings
from django.http import HttpRequest

from estran.errors import VaultKeyWrong
from estran.web.accounts import vaults
from estran.web.accounts.models import Person


def asks_password(person: Person) -> bool:
    """Tell whether there is a password to ask: the account's, else the vault's own."""
    return person.has_usable_password() or vaults.has_password(person)


def is_right(person: Person, password: str) -> bool:
    """Check the password of the account, or the vault's own where the account has none."""
    if person.has_usable_password():
        return person.check_password(password)
    try:
        vaults.open_by_password(person, password)
    except VaultKeyWrong:
        return False
    return True


def came_lately(request: HttpRequest, person: Person) -> bool:
    """Tell whether a person proved who they are within ten minutes, in whatever way."""
    latest_s = max((way["at"] for way in get_authentication_records(request, person)), default=0.0)
    return time.time() - latest_s < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def by_passkey_if_no_password(request: HttpRequest, person: Person) -> None:
    """Send those without any password to their passkey first, unless they just used it."""
    if not asks_password(person):
        raise_if_reauthentication_required(request, app="allauth.mfa")
