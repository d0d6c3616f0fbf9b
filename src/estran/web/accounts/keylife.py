"""The vault key between two clicks: sealed in the session under what only the browser holds.

The session row has the key sealed under a random secret; the secret is in the cookie
``estran_vault`` and nowhere else. A stolen database opens no vault, nor does a stolen cookie
without the database. Signing out destroys both halves. Reasons: docs/decisions/key-life.md.
"""

from __future__ import annotations

import base64
import binascii
import secrets
import time
from typing import cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from estran.errors import NotFound, VaultKeyWrong, VaultLocked, VaultMissing
from estran.vault.keys import derive
from estran.web.accounts.models import Person, Vault
from estran.web.accounts.vaults import store
from estran.web.store.opened import OpenVault

_SECRET_BYTES = 32
_NONCE_BYTES = 12
_KEY, _CODE, _HELD = "vault_key", "recovery_code", "vault_key_held"
_HELD_S = 15 * 60
"""How long an opened vault waits for the second step: as long as allauth waits."""
_OPENED = "_vault_opened"
_NEXT, _NEXT_CODE = "vault_key_next", "recovery_code_next"
_SALT = b"estran session"


def person_of(request: HttpRequest) -> Person:
    """Give the signed-in person of a request.

    Raises
    ------
    VaultLocked
        Nobody is signed in.
    """
    if not isinstance(request.user, Person):
        raise VaultLocked
    return request.user


def _bound(person: Person, what: str) -> bytes:
    return f"{what}\0{person.pk}".encode()


def _secret_of(request: HttpRequest) -> bytes | None:
    fresh = getattr(request, "_vault_secret", None)
    if fresh is not None:
        return cast("bytes", fresh)
    try:
        secret = base64.urlsafe_b64decode(request.COOKIES.get(settings.ESTRAN_VAULT_COOKIE, ""))
    except (binascii.Error, ValueError):
        return None
    return secret if len(secret) == _SECRET_BYTES else None


def _put(request: HttpRequest, person: Person, what: str, plain: bytes) -> None:
    secret = _secret_of(request)
    if secret is None:
        msg = "a secret comes before what it seals"
        raise RuntimeError(msg)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    cipher = AESGCM(derive(secret, salt=_SALT, purpose=what))
    sealed = nonce + cipher.encrypt(nonce, plain, _bound(person, what))
    request.session[what] = base64.b64encode(sealed).decode()


def _take(request: HttpRequest, person: Person, what: str) -> bytes | None:
    secret, kept = _secret_of(request), request.session.get(what)
    if secret is None or not isinstance(kept, str):
        return None
    sealed = base64.b64decode(kept)
    cipher = AESGCM(derive(secret, salt=_SALT, purpose=what))
    try:
        return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound(person, what))
    except InvalidTag:
        return None


def keep(request: HttpRequest, person: Person, vault_key: bytes, code: str = "") -> None:
    """Seal the vault key, and a recovery code not shown yet, in the session.

    The middleware :func:`.middleware.vault_cookie` then gives the secret to the browser.
    """
    request._vault_secret = secrets.token_bytes(_SECRET_BYTES)  # type: ignore[attr-defined] # noqa: SLF001 - ours, for this request only
    _put(request, person, _KEY, vault_key)
    request.session.pop(_CODE, None)
    forget_next(request)
    if code:
        _put(request, person, _CODE, code.encode())


def opened_at_sign_in(request: HttpRequest, vault_key: bytes, code: str = "") -> None:
    """Hold a vault key until allauth has signed the person in, within this request."""
    setattr(request, _OPENED, (vault_key, code))


def hold(request: HttpRequest, person: Person) -> None:
    """Seal a key that this request opened until the person's second step is done.

    Nobody is signed in yet, and nothing but :func:`take_opened` reads it.
    """
    opened: tuple[bytes, str] | None = getattr(request, _OPENED, None)
    request.session.pop(_HELD, None)
    if opened is not None:
        request._vault_secret = secrets.token_bytes(_SECRET_BYTES)  # type: ignore[attr-defined] # noqa: SLF001 - as above
        until_s = int(time.time()) + _HELD_S
        _put(request, person, _HELD, until_s.to_bytes(8, "big") + opened[0])


def take_opened(request: HttpRequest, person: Person) -> tuple[bytes, str] | None:
    """Give the key that this request opened, or that was held for the second step."""
    opened: tuple[bytes, str] | None = getattr(request, _OPENED, None)
    held = _take(request, person, _HELD)
    request.session.pop(_HELD, None)
    if opened is not None:
        delattr(request, _OPENED)
        return opened
    if held is None or int.from_bytes(held[:8], "big") < time.time():
        return None
    return held[8:], ""


def show_code_later(request: HttpRequest, person: Person, code: str) -> None:
    """Seal a recovery code in the session until the person says it is written down."""
    _put(request, person, _CODE, code.encode())


def code_to_show(request: HttpRequest, person: Person) -> str:
    """Give the recovery code that waits to be written down, ``""`` when none does."""
    return (_take(request, person, _CODE) or b"").decode()


def forget_code(request: HttpRequest) -> None:
    """Destroy the recovery code that was shown."""
    request.session.pop(_CODE, None)


def seal_text(request: HttpRequest, person: Person, what: str, text: str) -> None:
    """Seal a text in the session, as the vault key is: for what is shown once, and gone then."""
    _put(request, person, what, text.encode())


def sealed_text(request: HttpRequest, person: Person, what: str) -> str:
    """Give a text that was sealed in the session, ``""`` where there is none."""
    return (_take(request, person, what) or b"").decode()


def forget_text(request: HttpRequest, what: str) -> None:
    """Destroy a text that was sealed in the session."""
    request.session.pop(what, None)


def key_of(request: HttpRequest) -> bytes | None:
    """Give the vault key of this sign-in, None when the vault is locked."""
    if not isinstance(request.user, Person):
        return None
    if _NEXT in request.session:
        _turn_to_next(request, request.user)
    return _take(request, request.user, _KEY)


def keep_next(
    request: HttpRequest, person: Person, vault_key: bytes, public_key: bytes, code: str
) -> None:
    """Seal in the session the key and the code that a vault will have, until it has them."""
    _put(request, person, _NEXT, vault_key + public_key)
    _put(request, person, _NEXT_CODE, code.encode())


def _turn_to_next(request: HttpRequest, person: Person) -> None:
    """Use the next key once the vault has the public key that goes with it."""
    told, code = (_take(request, person, what) for what in (_NEXT, _NEXT_CODE))
    row = Vault.objects.filter(person=person).only("public_key").first()
    if told is None or code is None or row is None:
        return
    half = len(told) // 2
    if bytes(row.public_key) == told[half:]:
        _put(request, person, _KEY, told[:half])
        _put(request, person, _CODE, code)
        forget_next(request)


def forget_next(request: HttpRequest) -> None:
    """Destroy the key and the code of a change that was given up."""
    request.session.pop(_NEXT, None)
    request.session.pop(_NEXT_CODE, None)


def was_opened_now(request: HttpRequest) -> bool:
    """Tell whether this very request opened the vault."""
    return getattr(request, "_vault_secret", None) is not None


def is_kept(request: HttpRequest) -> bool:
    """Tell whether the session holds a sealed key, cookie or not."""
    return _KEY in request.session


def forget(request: HttpRequest) -> None:
    """Destroy both halves: the session's now, the browser's with the answer."""
    for kept in (_KEY, _CODE, _HELD):
        request.session.pop(kept, None)
    forget_next(request)
    request._vault_secret = None  # type: ignore[attr-defined] # noqa: SLF001 - as above
    request._vault_forgotten = True  # type: ignore[attr-defined] # noqa: SLF001 - as above


def open_vault(request: HttpRequest) -> OpenVault:
    """Open the vault of the signed-in person.

    Raises
    ------
    VaultLocked
        Nobody is signed in, or this browser holds no key: the site asks for the password.
    VaultMissing
        The vault's file is not here: a database was put back without it.
    """
    person = person_of(request)
    key = key_of(request)
    row = Vault.objects.filter(person=person).only("vault_id").first()
    if key is None or row is None:
        raise VaultLocked
    try:
        return OpenVault(store(), row.vault_id, key)
    except VaultKeyWrong as error:
        # The vault got another key from another browser: the password is asked for again.
        request.session.pop(_KEY, None)
        raise VaultLocked from error
    except NotFound as error:
        raise VaultMissing from error


def set_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Give the browser its half of a fresh secret, or take it back."""
    name = settings.ESTRAN_VAULT_COOKIE
    if getattr(request, "_vault_forgotten", False):
        response.delete_cookie(name, samesite="Strict")
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return
    secret: bytes | None = getattr(request, "_vault_secret", None)
    if secret is not None:
        response.set_cookie(
            name,
            base64.urlsafe_b64encode(secret).decode(),
            max_age=None
            if request.session.get_expire_at_browser_close()
            else request.session.get_expiry_age(),
            httponly=True,
            secure=request.is_secure(),
            samesite="Strict",
        )
