"""My data: keep, blur, erase. Parse, work, render."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estran.errors import ValueOutOfRange, VaultLocked
from estran.vault.audit import Act
from estran.web.accounts import keylife
from estran.web.me import still, work
from estran.web.me.access import note, noting, told
from estran.web.me.ground import cells_for
from estran.web.me.show import words_of
from estran.web.me.staleness import remake_now
from estran.web.retention import dormancy, erasing, lasting, pausing, places, zoning
from estran.web.retention.documents import Holds, Rule, read_rules, read_zones, write_rule
from estran.web.retention.erasing import Wanted
from estran.web.retention.forms import DaysForm, PauseForm, PlaceForm, RuleForm
from estran.web.store.opened import OpenVault

type_hidden = list[tuple[str, str]]


@login_required
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Show all that can be done with what is stored."""
    return _data(request, DaysForm())


def _data(request: HttpRequest, form: DaysForm, status: int = 200) -> HttpResponse:
    vault = work.open_vault(request)
    rules = {rule.source: rule for rule in read_rules(vault)}
    sources = vault.sources()
    told = {source.key: source for source in sources}
    values = {
        "form": form,
        "zones": read_zones(vault),
        "sources": [
            (key, told.get(key), rules.get(key) or Rule(key, Holds.FOREVER, 365))
            for key in sorted({*told, *rules})
        ],
        "n_imports": len(work.imports(keylife.person_of(request))),
        "dormancy": dormancy.rule(),
        "today": timezone.localdate(),
    }
    return render(request, "retention/data.html", values, status=status)


@login_required
@require_POST
def days(request: HttpRequest) -> HttpResponse:
    """Preview the erasure of days, then do it."""
    form = DaysForm(request.POST)
    if not form.is_valid():
        return _data(request, form, 422)
    first, last = form.days
    hidden = [("first", first.isoformat()), ("last", last.isoformat())]
    return _erase(request, Wanted(days=(first, last)), hidden, "data-days")


@login_required
@require_POST
def source(request: HttpRequest) -> HttpResponse:
    """Preview the erasure of all that one source told, then do it."""
    key = request.POST.get("source", "")[:300]
    if key not in {one.key for one in work.open_vault(request).sources()}:
        messages.info(request, _("There was nothing left to erase."))
        return redirect("data")
    return _erase(request, Wanted(source=key), [("source", key)], "data-source")


def _erase(request: HttpRequest, wanted: Wanted, hidden: type_hidden, address: str) -> HttpResponse:
    """Erase what was previewed; show the preview where it was not, or is not true any more."""
    person, key = keylife.person_of(request), keylife.key_of(request)
    if key is None:
        raise VaultLocked
    vault = work.open_vault(request)
    erasing.check_nothing_comes(person)
    mark = request.POST.get("mark", "")
    if mark:
        receipt = erasing.erase(vault, wanted, mark=mark[:80])
        if receipt is not None and not receipt.plan.is_empty:
            remake_now(person, key)
            return render(request, "retention/receipt.html", {"receipt": receipt})
    plan = erasing.plan(vault, wanted)
    if plan.is_empty:
        messages.info(request, _("There was nothing left to erase."))
        return redirect("data")
    values = {
        "plan": plan, "wanted": wanted, "hidden": hidden, "address": address,
        "is_other": bool(mark),
    }  # fmt: skip
    return render(request, "retention/preview.html", values)


@login_required
@require_http_methods(["GET", "POST"])
def place(request: HttpRequest) -> HttpResponse:
    """Choose a circle; preview what it would change; change it."""
    vault = work.open_vault(request)
    form = PlaceForm(request.POST) if request.method == "POST" else PlaceForm()
    if request.method == "POST" and form.is_valid():
        return _placed(request, vault, form)
    spots = places.frequent(vault, work.known_days(vault).last)
    drawing = places.map_of(spots, [kept.zone for kept in read_zones(vault)])
    drawn = still.draw(places.NO_JOURNAL, letters=places.letters(spots), words=words_of())
    values = {
        "form": form, "spots": spots, "drawing": drawing, "still": drawn,
        "cells": cells_for(drawing), "has_words": request.method == "POST",
    }  # fmt: skip
    return render(request, "retention/place.html", values, status=422 if form.errors else 200)


def _placed(request: HttpRequest, vault: OpenVault, form: PlaceForm) -> HttpResponse:
    given, circle = form.cleaned_data, form.zone
    hidden = [
        ("lat", f"{circle.lat_deg:.7f}"), ("lon", f"{circle.lon_deg:.7f}"),
        ("radius_m", str(given["radius_m"])), ("name", circle.name), ("what", given["what"]),
        *[(name, "on") for name in ("for_all", "with_trips") if given[name]],
    ]  # fmt: skip
    if given["what"] == "erase":
        wanted = Wanted(circle=circle, with_trips=given["with_trips"])
        return _erase(request, wanted, hidden, "data-place")
    key = keylife.key_of(request)
    if key is None:
        raise VaultLocked
    if given["for_all"]:
        erasing.check_nothing_comes(keylife.person_of(request))
        if request.POST.get("mark") != "zone":
            values = {"zone": circle, "hidden": hidden, "n_inside": zoning.n_inside(vault, circle)}
            return render(request, "retention/zone_preview.html", values)
    named = replace(circle, name=circle.name or _("Private place"))
    zoning.set_zone(vault, named, for_all=given["for_all"])
    remake_now(keylife.person_of(request), key)
    messages.success(request, _("Noted: this place is private from now on."))
    return redirect("data")


@login_required
@require_POST
def zone(request: HttpRequest) -> HttpResponse:
    """Rename a zone or remove it."""
    vault, key = work.open_vault(request), keylife.key_of(request)
    if key is None:
        raise VaultLocked
    zone_id = request.POST.get("zone", "")[:64]
    if "remove" in request.POST:
        zoning.remove_zone(vault, zone_id)
        messages.success(request, _("This place is no longer private for what comes."))
    else:
        name = request.POST.get("name", "").strip()[:60]
        zoning.rename_zone(vault, zone_id, name or _("Private place"))
        messages.success(request, _("Noted."))
    remake_now(keylife.person_of(request), key)
    return redirect("data")


@login_required
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Say how long a source is kept."""
    form = RuleForm(request.POST)
    if not form.is_valid():
        raise ValueOutOfRange(name="after_days", expected="1 to 20000")
    vault, key = work.open_vault(request), keylife.key_of(request)
    if key is None:
        raise VaultLocked
    rule = form.rule
    if rule.holds is not Holds.FOREVER and request.POST.get("mark") != "rule":
        return render(request, "retention/rule_preview.html", {"rule": rule})
    with noting(vault), vault.transaction():
        write_rule(vault, rule)
        vault.audit(Act.RULE_SET, told(rule.holds.value, rule.after_days))
    lasting.remember_rules(keylife.person_of(request), vault)
    if rule.holds is not Holds.FOREVER:
        remake_now(keylife.person_of(request), key)
    messages.success(request, _("Noted."))
    return redirect("data")


@login_required
@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    """Pause, or go on."""
    person, vault = keylife.person_of(request), work.open_vault(request)
    if "resume" in request.POST:
        if pausing.resume(person):
            note(vault, Act.WENT_ON)
        messages.success(request, _("Estran takes in what you bring again."))
        return redirect("data")
    form = PauseForm(request.POST)
    if not form.is_valid():
        raise ValueOutOfRange(name="until", expected="YYYY-MM-DD")
    until = form.cleaned_data["until"]
    if until and until < timezone.localdate():
        raise ValueOutOfRange(name="until", expected="a day to come")
    # The day named is still part of the pause.
    end = until and timezone.make_aware(datetime.combine(until, datetime.min.time()))
    pausing.set_pause(person, end and end + timedelta(days=1))
    note(vault, Act.PAUSED)
    return redirect("data")
