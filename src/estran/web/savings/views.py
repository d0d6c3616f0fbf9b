"""Savings: choose a baseline, see each step, keep it, withdraw it. Parse, work, render."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from estran.carbon import factor_set
from estran.coach.recurring import recurring
from estran.errors import NotFound
from estran.web.learning.views import of_last_year
from estran.web.me import work
from estran.web.me.show import words_of
from estran.web.me.words import Words
from estran.web.savings.documents import read_savings, withdraw_saving
from estran.web.savings.forms import SavingForm
from estran.web.savings.telling import booked_words, kept_row, told
from estran.web.savings.work import compared, keep, proposed
from estran.web.store.opened import OpenVault


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def savings(request: HttpRequest) -> HttpResponse:
    """Show the form and what follows; keep or withdraw."""
    vault, words = work.open_vault(request), words_of()
    if "withdraw" in request.POST:
        if not withdraw_saving(vault, request.POST["withdraw"][:64]):
            raise NotFound
        messages.success(request, gettext("Withdrawn."))
        return redirect("savings")
    usual = recurring(of_last_year(vault))
    asked = request.POST if request.method == "POST" else request.GET
    form = SavingForm(asked or None, usual=usual, words=words, initial=proposed(vault))
    if request.method == "POST" and not asked:
        form = SavingForm({}, usual=usual, words=words)
    if not form.is_bound or not form.is_valid():
        return _page(request, vault, words, form)
    made = compared(vault, form, usual, timezone.localdate())
    if request.method == "POST" and not made.saving.blocked:
        if keep(vault, made, timezone.localdate()) is not None:
            messages.success(request, gettext("Kept."))
            return redirect("savings")
        form.add_error(
            None, gettext("A saving of the same days is kept already: it would count twice.")
        )
    values: dict[str, Any] = {"told": told(made.saving, words)}
    if not made.saving.n_trips:
        summary = work.period_summary(vault, made.first, made.last)
        if summary.days:
            values["emitted"] = words.co2e(summary.total.co2e)
    return _page(request, vault, words, form, **values)


def _page(
    request: HttpRequest, vault: OpenVault, words: Words, form: SavingForm, **more: Any
) -> HttpResponse:
    kept = read_savings(vault)
    factors = factor_set()
    values = {
        "here": "coach",
        "form": form,
        "main": [form[k] for k in ("method", "first", "last")],
        "past": [form[k] for k in ("before_first", "before_last")],
        "other": [form[k] for k in ("trip", "mode", "vehicle", "energy", "occupants")],
        "rule": [form["discount"]],
        "kept": [kept_row(one, words) for one in kept],
        "whole": booked_words(sum(one.booked_g for one in kept), words),
        "factors": factors.title,
        **more,
    }
    return render(request, "savings/savings.html", values, status=422 if form.errors else 200)
