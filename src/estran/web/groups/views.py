"""Pages of groups. Parse, work, render."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from estran.coach.month_shown import FIGURES
from estran.web.accounts import keylife
from estran.web.groups import work
from estran.web.me.show import words_of
from estran.web.me.words import Words

LABELS = {
    "bike_m": _("By bike"),
    "walk_m": _("On foot"),
    "active_s": _("Time on foot or by bike"),
    "co2e_g": _("CO₂e"),
    "days_without_car": _("Days without a car"),
}
MOST_LETTERS = 40


class CalledForm(forms.Form):
    """How the others see one."""

    called = forms.CharField(label=_("Your name in this group"), max_length=MOST_LETTERS)


class MakeForm(CalledForm):
    """A new group."""

    name = forms.CharField(label=_("Name of the group"), max_length=MOST_LETTERS)
    field_order = ("name", "called")


def _told(figures: Mapping[str, float], words: Words) -> list[dict[str, Any]]:
    tell = {
        "bike_m": words.distance, "walk_m": words.distance, "active_s": words.duration,
        "co2e_g": words.mass, "days_without_car": words.number,
    }  # fmt: skip
    return [
        {"key": key, "label": LABELS[key], "told": tell[key](figures[key])}
        for key in FIGURES
        if key in figures
    ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def groups(request: HttpRequest) -> HttpResponse:
    """List one's groups; make one."""
    person, vault = keylife.person_of(request), keylife.open_vault(request)
    form = MakeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        return redirect("group", work.make(person, vault, given["name"], given["called"]))
    values = {"here": "coach", "form": form, "groups": work.groups(person, vault)}
    return render(request, "groups/groups.html", values)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Show what each member shows; choose what one shows oneself, invite, leave."""
    person, vault, words = keylife.person_of(request), keylife.open_vault(request), words_of()
    kept = work.mine(person, vault, group_id)
    link, asked = "", request.POST.get("do", "")
    if asked == "invite":
        code = work.invite(person, vault, group_id)
        link = request.build_absolute_uri(reverse("group-join", args=[code]))
    elif asked == "leave":
        work.leave(person, vault, group_id)
        messages.success(request, gettext("You left the group; nothing of yours is there."))
        return redirect("groups")
    elif asked in {"show", "stop"}:
        work.show(person, vault, group_id, request.POST.getlist("figure") * (asked == "show"))
        messages.success(request, gettext("Noted: the group sees this from now on."))
        return redirect("group", group_id)
    shown = work.members(group_id, kept)
    own = next((one for who, one in shown if who == person.pk), None)
    month, figures = work.preview(vault)
    values = {
        "here": "coach",
        "name": kept.name,
        "link": link,
        "members": [
            {
                "name": one.name,
                "month": words.month(one.month) if one.month else "",
                "figures": _told(one.figures, words),
            }
            for _who, one in shown
        ],
        "together": _together([one for _who, one in shown], words),
        "month": words.month(month) if month else "",
        "offered": [
            {**row, "is_shown": own is not None and row["key"] in own.figures}
            for row in _told(figures, words)
        ],
        "shows": bool(own and own.figures),
    }
    return render(request, "groups/group.html", values)


def _together(shown: list[work.Shown], words: Words) -> dict[str, Any] | None:
    """Sum up the latest month that several members show."""
    months: list[date] = sorted({one.month for one in shown if one.month}, reverse=True)
    for month in months:
        there = [one.figures for one in shown if one.month == month]
        sums = {
            key: sum(figures[key] for figures in there if key in figures)
            for key in FIGURES
            if sum(key in figures for figures in there) > 1
        }
        if sums:
            return {"month": words.month(month), "figures": _told(sums, words)}
    return None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Tell what an invitation is to, and enter."""
    _row, told = work.invited(code)
    person, vault = keylife.person_of(request), keylife.open_vault(request)
    form = CalledForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("group", work.join(person, vault, code, form.cleaned_data["called"]))
    values = {"here": "coach", "form": form, "name": told["name"]}
    return render(request, "groups/join.html", values)
