"""A vault for who has none yet, and a way on for who can open the old one no more."""

from __future__ import annotations

from typing import cast

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from estran.web.accounts import confirming, keylife, signins, vaults
from estran.web.accounts.forms import FreshVaultForm, NewPasswordForm
from estran.web.accounts.models import Person, Vault
from estran.web.accounts.sealed_copy import write_sealed_copy
from estran.web.accounts.territory_sign_in import has_territory_sign_in, provider_name


@login_required
@require_http_methods(["GET", "POST"])
def vault_new(request: HttpRequest) -> HttpResponse:
    """Choose the vault's password: after a sign-in that opens no vault by itself."""
    person = keylife.person_of(request)
    if Vault.objects.filter(person=person).exists():
        return redirect("journal")
    form = NewPasswordForm(request.POST or None, person=person)
    if request.method == "POST":
        limited = ratelimit.consume_or_429(request, action="confirm", user=person)
        if limited:
            return cast("HttpResponse", limited)
        if form.is_valid():
            _make_vault(request, person, form.cleaned_data["password"])
            return redirect("recovery")
    status = 422 if form.errors else 200
    territory = provider_name() if has_territory_sign_in(person) else ""
    values = {
        "form": form,
        "territory": territory,
        "has_account_password": person.has_usable_password(),
    }
    return render(request, "accounts/vault_new.html", values, status=status)


def _make_vault(request: HttpRequest, person: Person, password: str) -> None:
    with transaction.atomic():
        if not person.has_usable_password() and not has_territory_sign_in(person):
            # One password for both, as for those who signed up with one.
            person.set_password(password)
            person.save(update_fields=["password"])
            update_session_auth_hash(request, person)
        with vaults.vault_made(person, password) as (key, code):
            keylife.keep(request, person, key, code)


@login_required
@require_http_methods(["GET", "POST"])
def vault_lost(request: HttpRequest) -> HttpResponse:
    """Say that nobody can open the vault; begin a fresh one, or take the sealed file away."""
    from estran.web.me.work import erase_vault  # noqa: PLC0415 - me rests on accounts

    person = keylife.person_of(request)
    if keylife.key_of(request) is not None or not Vault.objects.filter(person=person).exists():
        return redirect("security")
    asks = person.has_usable_password()
    if not asks and not confirming.came_lately(request, person):
        # There is no password to ask: a forgotten tab alone must erase nothing.
        messages.info(request, _("Sign in again first: then you can begin with a fresh vault."))
        get_adapter().logout(request)
        return redirect("account_login")
    form = FreshVaultForm(request.POST or None, is_asked=asks)
    if request.method == "POST" and form.is_valid():
        limited = ratelimit.consume_or_429(request, action="erase", user=person)
        if limited:
            return cast("HttpResponse", limited)
        password = form.cleaned_data.get("password", "")
        if not asks or confirming.is_right(person, password):
            receipt = erase_vault(person)
            signins.end_others(request, person)
            if asks:
                _make_vault(request, person, password)
            return render(
                request, "accounts/vault_fresh.html", {"receipt": receipt, "is_made": asks}
            )
        form.add_error("password", _("This password is not the right one."))
    status = 422 if form.errors else 200
    return render(request, "accounts/vault_lost.html", {"form": form}, status=status)


@login_required
@require_POST
def sealed_copy(request: HttpRequest) -> HttpResponseBase:
    """Give the sealed file and the slots that open it: unreadable without password or code."""
    person = keylife.person_of(request)
    limited = ratelimit.consume_or_429(request, action="sealed_copy", user=person)
    if limited:
        return cast("HttpResponse", limited)
    if not Vault.objects.filter(person=person).exists():
        return redirect("vault-new")
    return FileResponse(
        write_sealed_copy(person), as_attachment=True, filename="estran-sealed-vault.zip"
    )
