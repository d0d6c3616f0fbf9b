"""Where allauth meets the vault: signing in opens it, signing out forgets the key."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest
from django.urls import reverse

from estran.web.accounts import keylife, mailing
from estran.web.accounts.models import Person, SignIn, Vault
from estran.web.accounts.second_step import SecondStep


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth has no types
    """Estran's ways to sign in and out."""

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in, then seal the vault key in the fresh session."""
        person = cast("Person", user)
        opened = keylife.take_opened(request, person)
        super().login(request, user)
        if opened is not None:
            keylife.keep(request, person, *opened)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the mail now and send it behind the answer.

        The answer takes as long for an address that is not known here, to which no mail goes.
        """
        request = current.request
        values = {"request": request, "email": email, "current_site": get_current_site(request)}
        mailing.send_soon(self.render_mail(template_prefix, email, {**values, **context}))

    def logout(self, request: HttpRequest) -> None:
        """Destroy the key, then the session."""
        keylife.forget(request)
        SignIn.objects.filter(session_key=request.session.session_key).delete()
        super().logout(request)

    def get_login_stages(self) -> list[str]:
        """Ask for a second step only of those who turned it on."""
        ours = f"{SecondStep.__module__}.{SecondStep.__qualname__}"
        return [
            ours if stage == "allauth.mfa.stages.AuthenticateStage" else stage
            for stage in super().get_login_stages()
        ]

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """Show the recovery code first; who has no vault yet makes it."""
        has_vault = Vault.objects.filter(person=request.user.pk).exists()
        return reverse("recovery" if has_vault else "vault-new")
