"""The page "Security": what signs in, what opens the vault, and where somebody is signed in."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core import ratelimit
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from estran.errors import VaultKeyWrong, VaultLocked
from estran.web.accounts import confirming, keylife, signins, vaults
from estran.web.accounts.forms import ChangeVaultPasswordForm, PasswordForm
from estran.web.accounts.models import KeySlot, Person, Vault
from estran.web.accounts.territory_sign_in import has_territory_sign_in, provider_name


@login_required
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show everything on one calm page."""
    person = keylife.person_of(request)
    vault = Vault.objects.filter(person=person).first()
    values = {
        "has_account_password": person.has_usable_password(),
        "has_vault_password": vaults.has_password(person),
        "territory": provider_name() if has_territory_sign_in(person) else "",
        "locked": keylife.key_of(request) is None,
        "recovery_noted_at": vault and vault.recovery_noted_at,
        "password_form": PasswordForm(is_asked=confirming.asks_password(person)),
        "here": request.session.session_key,
        "sign_ins": signins.live(person),
        **_authenticators(person),
    }
    return render(request, "accounts/security.html", values)


def _authenticators(person: Person) -> dict[str, Any]:
    """Sort what proves a person beside the password: passkeys, the app, codes for emergencies."""
    opens = set(KeySlot.objects.filter(passkey__user=person).values_list("passkey_id", flat=True))
    found: dict[str, Any] = {"passkeys": [], "app": None, "n_codes": 0}
    for row in Authenticator.objects.filter(user=person).order_by("pk"):
        if row.type == Authenticator.Type.WEBAUTHN:
            passkey = {"row": row, "name": row.wrap().name, "opens_vault": row.pk in opens}
            found["passkeys"].append(passkey)
        elif row.type == Authenticator.Type.TOTP:
            found["app"] = row
        else:
            found["n_codes"] = len(row.wrap().get_unused_codes())
    return found


@login_required
@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """Sign out of one other browser, or of all others."""
    person = keylife.person_of(request)
    which = request.POST.get("which", "")
    if which == "all":
        signins.end_others(request, person)
        messages.success(request, _("You are signed out everywhere but here."))
    elif which.isdecimal():
        signins.end([row for row in signins.live(person) if row.pk == int(which)])
        messages.success(request, _("This browser is signed out, and its vault is locked."))
    return redirect("security")


@login_required
@require_http_methods(["GET", "POST"])
def vault_password(request: HttpRequest) -> HttpResponse:
    """Change the vault's own password, or add a password where only a passkey opens the vault."""
    person = keylife.person_of(request)
    if person.has_usable_password():
        return redirect("account_change_password")
    key = keylife.key_of(request)
    if key is None:
        raise VaultLocked
    has_old = vaults.has_password(person)
    if not has_old and is_reauthentication_required(request, app="allauth.mfa"):
        if request.method == "POST":
            # allauth would keep the form in the session, the password with it.
            return redirect("vault-password")
        raise ReauthenticationRequired
    form = ChangeVaultPasswordForm(request.POST or None, person=person, has_old=has_old)
    if request.method == "POST" and form.is_valid():
        limited = ratelimit.consume_or_429(request, action="confirm", user=person)
        if limited:
            return cast("HttpResponse", limited)
        if _changed(request, person, key, form):
            messages.success(request, _("The new password opens your vault."))
            return redirect("security")
    status = 422 if form.errors else 200
    values = {"form": form, "has_old": has_old}
    return render(request, "accounts/vault_password.html", values, status=status)


def _changed(
    request: HttpRequest, person: Person, key: bytes, form: ChangeVaultPasswordForm
) -> bool:
    """Wrap the key under the new password; nothing in the vault is encrypted again."""
    if "old" in form.fields:
        try:
            vaults.open_by_password(person, form.cleaned_data["old"])
        except VaultKeyWrong:
            form.add_error("old", _("This password does not open the vault."))
            return False
    with transaction.atomic():
        vaults.wrap_again(person, key, form.cleaned_data["password"])
        if not has_territory_sign_in(person):
            # One password for both, as for those who signed up with one.
            person.set_password(form.cleaned_data["password"])
            person.save(update_fields=["password"])
    signins.end_others(request, person)
    update_session_auth_hash(request, person)
    return True
