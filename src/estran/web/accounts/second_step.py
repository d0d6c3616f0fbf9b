"""The second step of a sign-in: an authenticator app, asked after the password.

A passkey is a further way in, not a second step: who adds one is not asked for it on a
device that lacks it. Who turns the authenticator app on is asked for its code, a code for
an emergency, or a passkey.
"""

from __future__ import annotations

import base64
import io
import secrets
from typing import cast

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.internal.flows import trust
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.internal.flows import did_use_passwordless_login
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from estran.vault.keys import derive
from estran.web.accounts import keylife
from estran.web.accounts.models import Person

_NONCE_BYTES = 12
_SALT = b"estran second step"


class SecondStep(AuthenticateStage):  # type: ignore[misc] # allauth has no types
    """Ask for the second step, and hold the opened vault meanwhile."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Seal the vault key that the password opened until the second step is done."""
        response, goes_on = super().handle()
        if response is not None:
            keylife.hold(self.request, cast("Person", self.login.user))
        return response, goes_on

    def _should_handle(self, request: HttpRequest) -> bool:
        person = self.login.user
        return bool(
            person is not None
            and Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()
            and not did_use_passwordless_login(request, person)
            and not trust.is_trusted_browser(request, person)
        )


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth has no types
    """Authenticator apps and passkeys as Estran keeps and names them."""

    def encrypt(self, text: str) -> str:
        """Seal the secret of an app: a copy of the database alone makes no codes."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + AESGCM(_key()).encrypt(nonce, text.encode(), b"")
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open what :meth:`encrypt` sealed; another site's key opens nothing."""
        sealed = base64.b64decode(encrypted_text)
        try:
            return (
                AESGCM(_key()).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], b"").decode()
            )
        except InvalidTag:
            # No code will be right: a passkey or the vault's recovery code still signs in.
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code here: its secret goes to no other service."""
        out = io.BytesIO()
        segno.make(url, error="m").save(out, kind="svg", scale=4, border=4, light="#fff")
        return out.getvalue().decode()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:  # noqa: A002 - allauth's signature
        """Name a passkey that the person did not name."""
        n_before = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(number)s") % {"number": n_before + 1}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, object]:
        """Show the address, and nothing else of the person, beside the passkey."""
        entity: dict[str, object] = super().get_public_key_credential_user_entity(user)
        return {**entity, "display_name": cast("Person", user).email or "Estran"}


def _key() -> bytes:
    return derive(settings.SECRET_KEY.encode(), salt=_SALT, purpose="second step")
