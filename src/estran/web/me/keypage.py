"""Pages of the vault's key: ask for another one, and follow how it comes."""

from __future__ import annotations

from typing import cast

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from estran.errors import VaultKeyWrong
from estran.web.accounts import keylife, vaults
from estran.web.accounts.forms import PasswordForm
from estran.web.config.errors import words_of
from estran.web.me import rekeying
from estran.web.me.models import KeyChange


@login_required
@require_http_methods(["GET", "POST"])
def key_page(request: HttpRequest) -> HttpResponse:
    """Explain what another key is for; take the order with the password."""
    person = keylife.person_of(request)
    keylife.open_vault(request)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        limited = ratelimit.consume_or_429(request, action="unlock", user=person)
        if limited:
            return cast("HttpResponse", limited)
        try:
            rekeying.ask(request, form.cleaned_data["password"])
        except VaultKeyWrong as refusal:
            form.add_error("password", words_of(refusal))
        else:
            return redirect("vault-key")
    change = rekeying.change_of(person)
    if change is not None and change.state == KeyChange.State.FAILED:
        keylife.forget_next(request)
    values = {
        "form": form,
        "change": change,
        "is_under_way": _is_under_way(change),
        "has_password": vaults.has_password(person),
        "code": keylife.code_to_show(request, person),
    }
    status = 422 if form.errors else 200
    return render(request, "me/vault_key.html", values, status=status)


def _is_under_way(change: KeyChange | None) -> bool:
    return change is not None and change.state in rekeying.UNDER_WAY


@login_required
@require_safe
def key_progress(request: HttpRequest) -> HttpResponse:
    """Answer the page that asks every second; when it is over, the whole page comes again."""
    change = rekeying.change_of(keylife.person_of(request))
    response = render(
        request, "me/_vault_key.html", {"change": change, "is_under_way": _is_under_way(change)}
    )
    if not _is_under_way(change):
        response.headers["HX-Redirect"] = reverse("vault-key")
    return response
