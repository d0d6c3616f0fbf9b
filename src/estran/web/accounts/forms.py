"""Forms of accounts: allauth's, each with what it means for the vault."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal import flows
from allauth.account.models import Login
from allauth.core import ratelimit
from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from estran.errors import VaultKeyWrong
from estran.web.accounts import keylife, signins, vaults
from estran.web.accounts.keylife import opened_at_sign_in
from estran.web.accounts.models import Person


def open_at_sign_in(request: HttpRequest, person: Person, password: str) -> None:
    """Open the vault with the password that signs in; leave it locked if it does not fit."""
    try:
        opened_at_sign_in(request, vaults.open_by_password(person, password))
    except VaultKeyWrong:
        # The password was reset by mail: the page "unlock" asks for the recovery code.
        return


class SignupForm(allauth_forms.SignupForm):  # type: ignore[misc] # allauth has no types
    """Make a person and a vault, both or none."""

    def try_save(self, request: HttpRequest) -> tuple[Person | None, HttpResponse | None]:
        """Make the person; whoever signs up again with the same password signs in."""
        password = self.cleaned_data["password1"]
        email = self.cleaned_data["email"]
        # Limited by address: signing up must not be a way around the limit on signing in.
        may_try = ratelimit.consume(request, action="signup_known", key=email)
        known = authenticate(request, email=email, password=password) if may_try else None
        if isinstance(known, Person):
            open_at_sign_in(request, known, password)
            return known, flows.login.perform_login(request, Login(user=known))
        person, response = super().try_save(request)
        return person, response

    def save(self, request: HttpRequest) -> Person:
        """Make the person and the vault in one transaction."""
        with transaction.atomic():
            person: Person = super().save(request)
            with vaults.vault_made(person, self.cleaned_data["password1"]) as (key, code):
                opened_at_sign_in(request, key, code)
        return person


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc] # allauth has no types
    """Sign in and open the vault with one password."""

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Open the vault first: the key is kept once the session is there."""
        open_at_sign_in(request, self._login.user, self.cleaned_data["password"])
        response: HttpResponse = super().login(request, redirect_url)
        return response


class ChangePasswordForm(allauth_forms.ChangePasswordForm):  # type: ignore[misc] # allauth has no types
    """Change the password of the account and of the vault together."""

    def save(self) -> None:
        """Wrap the vault key again under the new password, then change the account's."""
        request = get_adapter().request
        person: Person = self.user
        try:
            key: bytes | None = vaults.open_by_password(person, self.cleaned_data["oldpassword"])
        except VaultKeyWrong:
            key = keylife.key_of(request)
        with transaction.atomic():
            if key is not None:
                vaults.wrap_again(person, key, self.cleaned_data["password1"])
            super().save()
        signins.end_others(request, person)


def _password_field(label: Any, autocomplete: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


class PasswordForm(forms.Form):
    """Ask for the password again, where there is one."""

    password = _password_field(_("Password"), "current-password")

    def __init__(self, *args: Any, is_asked: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_asked:
            del self.fields["password"]


class NewPasswordForm(forms.Form):
    """Choose a password that opens the vault."""

    password = _password_field(_("Password of your vault"), "new-password")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        """Hold it to the rules of all passwords; where the account has one, it is that one."""
        password: str = self.cleaned_data["password"]
        if not self.person.has_usable_password():
            validate_password(password, self.person)
        elif not self.person.check_password(password):
            raise forms.ValidationError(_("This password is not the right one."))
        return password


class ChangeVaultPasswordForm(NewPasswordForm):
    """Change the vault's own password, or add one where only a passkey opens the vault."""

    password = _password_field(_("New password"), "new-password")

    def __init__(self, *args: Any, has_old: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_old:
            old = _password_field(_("Password that opens it now"), "current-password")
            self.fields = {"old": old, **self.fields}


class FreshVaultForm(PasswordForm):
    """Give up a vault that nobody can open any more."""

    sure = forms.BooleanField(label=_("I understand: what is in the old vault is gone for good."))


class RecoveryForm(forms.Form):
    """Open the vault with the recovery code, and choose a new password."""

    code = forms.CharField(
        label=_("Recovery code"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    password1 = _password_field(_("New password"), "new-password")

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if person is None:
            email = forms.EmailField(
                label=_("E-mail address"),
                widget=forms.EmailInput(attrs={"autocomplete": "username"}),
            )
            self.fields = {"email": email, **self.fields}

    def clean_password1(self) -> str:
        """Hold the new password to the rules of all passwords."""
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.person)
        return password


class SettingsForm(forms.Form):
    """What a person may choose."""

    language = forms.ChoiceField(
        label=_("Language of the pages"), choices=[("fr", "Français"), ("en", "English")]
    )
