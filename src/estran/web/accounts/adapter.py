"""Where allauth meets the vault: signing in opens it, signing out forgets the key."""

from __future__ import annotations

from typing import cast

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse

from estran.web.accounts import keylife
from estran.web.accounts.models import Person

_PENDING = "_vault_opened"


def opened_at_sign_in(request: HttpRequest, vault_key: bytes, code: str = "") -> None:
    """Hold a vault key until allauth has signed the person in, within this request."""
    setattr(request, _PENDING, (vault_key, code))


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth has no types
    """Estran's ways to sign in and out."""

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in, then seal the vault key in the fresh session."""
        super().login(request, user)
        pending = getattr(request, _PENDING, None)
        if pending is not None:
            keylife.keep(request, cast("Person", user), *pending)
            delattr(request, _PENDING)

    def logout(self, request: HttpRequest) -> None:
        """Destroy the key, then the session."""
        keylife.forget(request)
        super().logout(request)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 - allauth's signature
        """Show the recovery code first."""
        return reverse("recovery")
