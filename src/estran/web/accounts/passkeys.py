"""Passkeys: sign up, sign in, add, remove, and open the vault where the passkey can.

A passkey proves who signs in. Some can also compute a secret for this site (WebAuthn's PRF
extension): it wraps the vault key as a further slot, beside the recovery code's. Where the
browser gives none, the vault asks for its password or its recovery code after the sign-in.
The secret is used within the request and kept nowhere.
"""

from __future__ import annotations

import contextlib
import uuid
from typing import Any, cast

from allauth.account.internal import flows as account_flows
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.account.utils import setup_user_email
from allauth.core import ratelimit
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import delete_and_cleanup, post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as allauth_forms
from allauth.mfa.webauthn import views as allauth_views
from allauth.mfa.webauthn.internal import auth
from cryptography.exceptions import InvalidSignature
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from estran.errors import VaultKeyWrong
from estran.web.accounts import keylife, vaults
from estran.web.accounts.models import Person
from estran.web.accounts.pages import came_from
from estran.web.accounts.territory_sign_in import has_territory_sign_in

_NEW_ID = "passkey_person"


class _Careful(forms.Form):
    """A form whose credential may be anything: what cannot be read is a wrong one, no bug."""

    def full_clean(self) -> None:
        """Take the errors of the libraries that read it for what they are."""
        try:
            super().full_clean()
        except (AttributeError, IndexError, KeyError, TypeError, ValueError, InvalidSignature):
            self.add_error("credential", get_adapter().validation_error("incorrect_code"))


class _WithPrf(_Careful):
    """What a passkey may compute for this site, beside what proves it."""

    prf = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def clean_prf(self) -> bytes | None:
        """Read it; what is not 32 bytes is as good as none."""
        return vaults.prf_bytes(self.cleaned_data["prf"])


class SecondStepForm(_Careful, allauth_forms.AuthenticateWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """A passkey as the second step."""


class AgainForm(_Careful, allauth_forms.ReauthenticateWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """A passkey before a page that asks once more."""


class NewPasskeyForm(_WithPrf, allauth_forms.SignupWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """A passkey that was just made."""

    name = forms.CharField(label=gettext_lazy("Name of the passkey"), required=False, max_length=60)

    def clean_credential(self) -> dict[str, Any]:
        """Keep what proves the passkey; a secret that the browser left in it is taken out."""
        credential = self.cleaned_data["credential"]
        if not isinstance(credential, dict):
            raise get_adapter().validation_error("incorrect_code")  # noqa: EM101 - a code, no message
        results = credential.get("clientExtensionResults")
        kept = results.get("credProps") if isinstance(results, dict) else None
        return {**credential, "clientExtensionResults": {"credProps": kept} if kept else {}}


class SignupByPasskeyForm(NewPasskeyForm):
    """Sign up without a password."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    name = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)


class SignInForm(_WithPrf, allauth_forms.LoginWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """Sign in with a passkey that names its person."""


class UnlockForm(_WithPrf, allauth_forms.ReauthenticateWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """Open the vault of who is signed in."""


class SignIn(allauth_views.LoginWebAuthnView):  # type: ignore[misc] # allauth has no types
    """Sign in; the vault opens too where the passkey has a slot."""

    form_class = SignInForm

    def form_valid(self, form: SignInForm) -> HttpResponse:
        """Open the vault first: the key is kept once the session is there."""
        passkey, prf = form.cleaned_data["credential"], form.cleaned_data["prf"]
        if prf is not None:
            # Where it fails the page "unlock" asks for the password or the code.
            with contextlib.suppress(VaultKeyWrong):
                keylife.opened_at_sign_in(self.request, vaults.open_by_passkey(passkey, prf))
        # One touch signs in again: nothing need outlast the browser.
        self.request.session.set_expiry(0)
        response: HttpResponse = super().form_valid(form)
        return response


sign_in = SignIn.as_view()


@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Make a person whose passkey signs in; the answer is the same for a known address."""
    if request.user.is_authenticated:
        return redirect("journal")
    person = Person(pk=_drawn_id(request))
    form = SignupByPasskeyForm(request.POST or None, user=person)
    if request.method == "POST":
        limited = ratelimit.consume_or_429(request, action="signup")
        if limited:
            return cast("HttpResponse", limited)
        if form.is_valid():
            return _made(request, person, form)
    values = {"form": form, "options": auth.begin_registration(person, passwordless=True)}
    status = 422 if form.errors else 200
    return render(request, "account/signup_by_passkey.html", values, status=status)


def _drawn_id(request: HttpRequest) -> uuid.UUID:
    """Give the id that the passkey will name: drawn before the person is there."""
    kept = request.session.get(_NEW_ID)
    if not isinstance(kept, str):
        kept = request.session[_NEW_ID] = str(uuid.uuid4())
    return uuid.UUID(kept)


def _made(request: HttpRequest, person: Person, form: SignupByPasskeyForm) -> HttpResponse:
    del request.session[_NEW_ID]
    person.email = Person.objects.normalize_email(form.cleaned_data["email"])
    person.set_unusable_password()
    prf = form.cleaned_data["prf"]
    with transaction.atomic():
        person.save(force_insert=True)
        setup_user_email(request, person, [])
        passkey = auth.WebAuthn.add(
            person, form.cleaned_data["name"], form.cleaned_data["credential"]
        ).instance
        if prf is not None:
            with vaults.vault_made(person) as (key, code):
                vaults.wrap_for_passkey(person, key, passkey, prf)
                keylife.opened_at_sign_in(request, key, code)
    post_authentication(request, passkey, passwordless=True, reauthenticated=True)
    # Without a slot there is no vault yet: the next page asks for the vault's password.
    return cast("HttpResponse", account_flows.signup.complete_signup(request, user=person))


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a passkey to an account; with an open vault it may open that too."""
    person = keylife.person_of(request)
    if is_reauthentication_required(request, app="allauth.mfa"):
        if request.method == "POST":
            # allauth would keep the form in the session, the passkey's secret with it.
            return redirect("mfa_add_webauthn")
        raise ReauthenticationRequired
    form = NewPasskeyForm(request.POST or None, user=person)
    if request.method == "POST" and form.is_valid():
        _keep(request, person, form)
        return redirect("security")
    values = {"form": form, "options": auth.begin_registration(person, passwordless=True)}
    status = 422 if form.errors else 200
    return render(request, "accounts/passkey_add.html", values, status=status)


def _keep(request: HttpRequest, person: Person, form: NewPasskeyForm) -> None:
    key, prf = keylife.key_of(request), form.cleaned_data["prf"]
    with transaction.atomic():
        passkey = auth.WebAuthn.add(
            person, form.cleaned_data["name"], form.cleaned_data["credential"]
        ).instance
        if key is not None and prf is not None:
            vaults.wrap_for_passkey(person, key, passkey, prf)
    if key is not None and prf is not None:
        messages.success(request, _("This passkey now signs you in and opens your vault."))
    else:
        messages.success(
            request,
            _("This passkey now signs you in. Your vault will still ask for its password."),
        )


@login_required
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a passkey and the slot that it opened, unless it is the only way to sign in."""
    person = keylife.person_of(request)
    mine = Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN)
    passkey = get_object_or_404(mine, pk=pk)
    if is_reauthentication_required(request, app="allauth.mfa"):
        raise ReauthenticationRequired
    is_only_way = (
        not person.has_usable_password() and not has_territory_sign_in(person) and mine.count() == 1
    )
    if request.method == "POST" and not is_only_way:
        delete_and_cleanup(request, passkey)
        messages.success(request, _("The passkey is removed. It opens nothing here any more."))
        return redirect("security")
    values = {"name": passkey.wrap().name, "is_only_way": is_only_way}
    return render(request, "accounts/passkey_remove.html", values)


@login_required
@require_http_methods(["GET"])
def unlock_options(request: HttpRequest) -> HttpResponse:
    """Ask the browser for one of the person's own passkeys."""
    return JsonResponse({"request_options": auth.begin_authentication(keylife.person_of(request))})


@login_required
@require_POST
def unlock(request: HttpRequest) -> HttpResponse:
    """Open the vault with a passkey that has a slot."""
    person = keylife.person_of(request)
    limited = ratelimit.consume_or_429(request, action="unlock", user=person)
    if limited:
        return cast("HttpResponse", limited)
    form = UnlockForm(request.POST, user=person)
    if form.is_valid() and form.cleaned_data["prf"] is not None:
        passkey = form.cleaned_data["credential"]
        try:
            key = vaults.open_by_passkey(passkey, form.cleaned_data["prf"])
        except VaultKeyWrong:
            pass
        else:
            vaults.must_fit(person, key)
            form.save()
            keylife.keep(request, person, key)
            return redirect(came_from(request, "journal"))
    messages.error(request, _("This passkey does not open the vault."))
    return redirect("unlock")
