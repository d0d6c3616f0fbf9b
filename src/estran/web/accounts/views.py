"""Pages of accounts that allauth does not have: the recovery code, the lock, the settings."""

from __future__ import annotations

from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, perform_login
from allauth.account.models import EmailAddress, Login
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from estran.errors import VaultKeyWrong, VaultLocked
from estran.vault.recovery import read_code
from estran.web.accounts import confirming, keylife, signins, vaults
from estran.web.accounts.forms import PasswordForm, RecoveryForm, SettingsForm
from estran.web.accounts.models import KeySlot, Person, Vault
from estran.web.accounts.pages import came_from
from estran.web.accounts.territory_sign_in import has_territory_sign_in
from estran.web.config.errors import words_of


@login_required
@require_http_methods(["GET", "POST"])
def recovery(request: HttpRequest) -> HttpResponse:
    """Show the recovery code until the person says that it is written down."""
    person = keylife.person_of(request)
    if request.method == "POST":
        if request.POST.get("noted") != "yes":
            return redirect("recovery")
        vaults.note_code_kept(person)
        keylife.forget_code(request)
        return redirect("import")
    code = keylife.code_to_show(request, person)
    return render(request, "accounts/recovery.html", {"code": code})


@login_required
@require_POST
def recovery_new(request: HttpRequest) -> HttpResponse:
    """Draw a new recovery code in place of the old one."""
    person = keylife.person_of(request)
    key = keylife.key_of(request)
    if key is None:
        raise VaultLocked
    limited = ratelimit.consume_or_429(request, action="confirm", user=person)
    if limited:
        return cast("HttpResponse", limited)
    confirming.by_passkey_if_no_password(request, person)
    if confirming.asks_password(person) and not confirming.is_right(
        person, request.POST.get("password", "")
    ):
        messages.error(request, _("This password is not the right one."))
        return redirect("security")
    keylife.show_code_later(request, person, vaults.draw_new_code(person, key))
    return redirect("recovery")


@require_http_methods(["GET", "POST"])
def recovery_use(request: HttpRequest) -> HttpResponse:
    """Open the vault with the recovery code, choose a new password, and sign in."""
    person = request.user if isinstance(request.user, Person) else None
    form = RecoveryForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data.get("email", "")
        limited = ratelimit.consume_or_429(
            request, action="recovery", key=email or str(person and person.pk)
        )
        if limited:
            return cast("HttpResponse", limited)
        try:
            return _recover(request, person, form)
        except VaultKeyWrong as refusal:
            form.add_error("code", words_of(refusal))
    status = 422 if form.errors else 200
    return render(request, "accounts/recovery_use.html", {"form": form}, status=status)


def _recover(request: HttpRequest, person: Person | None, form: RecoveryForm) -> HttpResponse:
    """Try the code on the person, or on each who gave this address; the same answer for all."""
    code, password = form.cleaned_data["code"], form.cleaned_data["password1"]
    read_code(code)  # A slip of the pen is said before any address is looked at.
    candidates = [person] if person else _people_of(form.cleaned_data["email"])
    for candidate in candidates:
        try:
            key = vaults.open_by_code(candidate, code)
        except VaultKeyWrong:
            continue
        with transaction.atomic():
            vaults.wrap_again(candidate, key, password)
            if not has_territory_sign_in(candidate):
                candidate.set_password(password)
                candidate.save(update_fields=["password"])
        signins.end_others(request, candidate)
        if person:
            update_session_auth_hash(request, candidate)
            keylife.keep(request, candidate, key)
            return redirect("journal")
        keylife.opened_at_sign_in(request, key)
        return cast("HttpResponse", perform_login(request, Login(user=candidate)))
    raise VaultKeyWrong


def _people_of(email: str) -> list[Person]:
    ids = EmailAddress.objects.filter(email__iexact=email).values_list("user_id", flat=True)
    return list(Person.objects.filter(pk__in=list(ids), is_active=True)[:8])


@login_required
@require_http_methods(["GET", "POST"])
def unlock(request: HttpRequest) -> HttpResponse:
    """Open the vault again when the browser's half of its key is gone."""
    person = keylife.person_of(request)
    page = came_from(request, "journal")
    if not Vault.objects.filter(person=person).exists():
        return redirect("vault-new")
    if request.method == "GET" and keylife.key_of(request) is not None:
        return redirect(page)
    if request.method == "GET" and keylife.is_kept(request) and "again" not in request.GET:
        # The cookie is SameSite=Strict: one who follows a link from a mail arrives without
        # it. A reload from here brings it along, and no password need be asked.
        return render(request, "accounts/unlock_again.html", {"next": page})
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        limited = ratelimit.consume_or_429(request, action="unlock", user=person)
        if limited:
            return cast("HttpResponse", limited)
        try:
            key = vaults.open_by_password(person, form.cleaned_data["password"])
        except VaultKeyWrong:
            form.add_error("password", _("This password does not open the vault."))
        else:
            vaults.must_fit(person, key)
            keylife.keep(request, person, key)
            return redirect(page)
    status = 422 if form.errors else 200
    values = {
        "form": form,
        "next": page,
        "has_password": vaults.has_password(person),
        "has_passkey": KeySlot.objects.filter(passkey__user=person).exists(),
        "signed_in_by": _signed_in_by(request, person),
    }
    return render(request, "accounts/unlock.html", values, status=status)


def _signed_in_by(request: HttpRequest, person: Person) -> str:
    """Name the last way that proved the person: ``"password"``, ``"mfa"``, ``"socialaccount"``."""
    ways = [record["method"] for record in get_authentication_records(request, person)]
    return str(ways[-1]) if ways else ""


@login_required
@require_http_methods(["GET", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """Show and change what a person may choose."""
    person = keylife.person_of(request)
    form = SettingsForm(
        request.POST or None, initial={"language": person.language or get_language()}
    )
    if request.method == "POST" and form.is_valid():
        person.language = form.cleaned_data["language"]
        person.save(update_fields=["language"])
        return _speaking(person.language, redirect("settings"))
    return render(request, "accounts/settings.html", {"form": form})


def _speaking(chosen: str, response: HttpResponse) -> HttpResponse:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=365 * 24 * 3600,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


@login_required
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Delete everything, after the password was asked again, and show the receipt."""
    from estran.web.me.work import erase_everything  # noqa: PLC0415 - me rests on accounts

    person = keylife.person_of(request)
    confirming.by_passkey_if_no_password(request, person)
    sent = request.POST if request.method == "POST" else None
    form = PasswordForm(sent, is_asked=confirming.asks_password(person))
    if request.method == "POST" and form.is_valid():
        limited = ratelimit.consume_or_429(request, action="erase", user=person)
        if limited:
            return cast("HttpResponse", limited)
        if not form.fields or confirming.is_right(person, form.cleaned_data["password"]):
            get_adapter().logout(request)
            receipt = erase_everything(person)
            return render(request, "accounts/erased.html", {"receipt": receipt})
        form.add_error("password", _("This password is not the right one."))
    status = 422 if form.errors else 200
    return render(request, "accounts/erase.html", {"form": form}, status=status)
