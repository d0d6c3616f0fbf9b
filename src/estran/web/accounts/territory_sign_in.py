"""A territory's own sign-in (OpenID Connect), where the operator set one.

It proves who signs in and opens no vault: the vault has a password of its own, chosen at
the first sign-in. Of what the provider tells, only its number for the person and the
address are kept; the address stays unproved here.
"""

from __future__ import annotations

import hmac
import logging
from typing import Any, cast

from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from requests import RequestException

from estran.web.accounts.models import Person

_log = logging.getLogger(__name__)


def provider_name() -> str:
    """Give the words of the territory's sign-in, ``""`` where there is none."""
    providers: dict[str, Any] = settings.SOCIALACCOUNT_PROVIDERS
    apps = providers.get("openid_connect", {}).get("APPS", [])
    return str(apps[0]["name"]) if apps else ""


def has_territory_sign_in(person: Person) -> bool:
    """Tell whether a person signs in through the territory."""
    return bool(SocialAccount.objects.filter(user=person).exists())


class _Checked(OpenIDConnectOAuth2Adapter):  # type: ignore[misc] # allauth has no types
    """allauth's client, which also checks the signature and that both answers mean one person."""

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any
    ) -> SocialLogin:
        """Take who it is; forget the rest."""
        if not kwargs["response"].get("id_token"):
            msg = "no id token"
            raise OAuth2Error(msg)
        login = super().complete_login(request, app, token, **kwargs)
        told = login.account.extra_data
        subjects = [str(part.get("sub", "")) for part in told.values()]
        if not all(hmac.compare_digest(subjects[0], subject) for subject in subjects):
            msg = "two answers about two people"
            raise OAuth2Error(msg)
        login.account.extra_data = {}
        for address in login.email_addresses:
            address.verified = False
        return login

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            told: dict[str, Any] = jwtkit.verify_and_decode(
                credential=id_token,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
                verify_signature=True,
            )
        except (KeyError, TypeError, ValueError) as error:
            msg = "not a signed token"
            raise OAuth2Error(msg) from error
        return told


def _viewed(request: HttpRequest, provider_id: str, view: type) -> HttpResponse:
    try:
        answer = view.adapter_view(_Checked(request, provider_id))  # type: ignore[attr-defined]
        return cast("HttpResponse", answer(request))
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except RequestException as error:
        _log.warning("the territory's sign-in does not answer: %s", type(error).__qualname__)
        return render(request, "socialaccount/authentication_error.html", status=503)


def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Leave for the territory's sign-in."""
    return _viewed(request, provider_id, OAuth2LoginView)


def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from it, signed in until the browser closes."""
    request.session.set_expiry(0)
    return _viewed(request, provider_id, OAuth2CallbackView)
