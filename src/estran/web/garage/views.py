"""Pages on which a person says what they travel with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from estran.coach.garage import DRIVEN, Pass, Vehicle
from estran.errors import NotFound
from estran.travel import Mode
from estran.web.accounts import keylife
from estran.web.correcting.words import ENERGIES, VEHICLES
from estran.web.garage import work
from estran.web.garage.costs import site_prices
from estran.web.garage.documents import read_garage
from estran.web.garage.forms import HabitsForm, PassForm, VehicleForm
from estran.web.me.show import words_of
from estran.web.me.words import HARD, Words

ASKED = (Mode.CAR, Mode.E_BIKE, Mode.BIKE, Mode.MOTORCYCLE, Mode.MOPED, Mode.E_SCOOTER)
"""Vehicles as they are asked of, the usual ones first."""


@dataclass(frozen=True, slots=True)
class Line:
    """A vehicle or a pass as one card."""

    id: str
    key: str
    name: str
    facts: str
    when: str
    is_over: bool


@login_required
@require_http_methods(["GET", "POST"])
def vehicles(request: HttpRequest) -> HttpResponse:
    """Show what the person travels with; keep their habits."""
    vault = keylife.open_vault(request)
    form = HabitsForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        work.keep_habits(vault, form.made())
        messages.success(request, _("Noted. Your figures follow."))
        return redirect("vehicles")
    garage, words, today = read_garage(vault), words_of(), timezone.localdate()
    lines = [_vehicle_line(one, words, today) for one in garage.vehicles]
    values = {
        "now": [line for line in lines if not line.is_over],
        "before": [line for line in lines if line.is_over],
        "passes": [_pass_line(one, words, today) for one in garage.passes],
        "form": form or HabitsForm.showing(garage.habits),
        "modes": [(mode.value, words.mode(mode)) for mode in ASKED],
        "sources": list(site_prices().sources.values()),
    }
    return render(request, "garage/vehicles.html", values, status=422 if form else 200)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, mode: str) -> HttpResponse:
    """Add a vehicle of a mode."""
    if mode not in {one.value for one in DRIVEN}:
        raise NotFound
    vault = keylife.open_vault(request)
    form = VehicleForm(request.POST or None, mode=Mode(mode))
    if request.method == "POST" and form.is_valid():
        work.keep_vehicle(vault, form.made(work.new_id()))
        return _noted(request)
    return _form(request, form, words_of().mode(mode), mode)


@login_required
@require_http_methods(["GET", "POST"])
def vehicle(request: HttpRequest, thing_id: str) -> HttpResponse:
    """Change what was said of a vehicle, or remove it."""
    vault = keylife.open_vault(request)
    known = next((v for v in read_garage(vault).vehicles if v.id == thing_id), None)
    if known is None:
        raise NotFound
    if "remove" in request.POST:
        work.remove(vault, thing_id)
        return _noted(request)
    form = VehicleForm(request.POST or None, mode=known.mode, known=known)
    if request.method == "POST" and form.is_valid():
        work.keep_vehicle(vault, form.made(thing_id))
        return _noted(request)
    return _form(request, form, known.name, known.mode, known=known)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, thing_id: str) -> HttpResponse:
    """Put another vehicle in place of one, from a day on."""
    vault = keylife.open_vault(request)
    known = next((v for v in read_garage(vault).vehicles if v.id == thing_id), None)
    if known is None:
        raise NotFound
    form = VehicleForm(
        request.POST or None, mode=known.mode, changes=True, after=known.from_day,
        initial={"from_day": timezone.localdate()},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        work.replace_vehicle(vault, thing_id, form.made(work.new_id()))
        return _noted(request)
    title = _("In place of “{name}”").format(name=known.name)
    return _form(request, form, title, known.mode)


@login_required
@require_http_methods(["GET", "POST"])
def add_pass(request: HttpRequest) -> HttpResponse:
    """Add a pass."""
    return _pass(request, None)


@login_required
@require_http_methods(["GET", "POST"])
def one_pass(request: HttpRequest, thing_id: str) -> HttpResponse:
    """Change a pass, or remove it."""
    garage = read_garage(keylife.open_vault(request))
    known = next((p for p in garage.passes if p.id == thing_id), None)
    if known is None:
        raise NotFound
    return _pass(request, known)


def _pass(request: HttpRequest, known: Pass | None) -> HttpResponse:
    vault = keylife.open_vault(request)
    if known is not None and "remove" in request.POST:
        work.remove(vault, known.id)
        return _noted(request)
    initial = {} if known is None else {
        "name": known.name, "modes": [mode.value for mode in known.modes], "per": known.per,
        "price_eur": known.price_eur, "from_day": known.from_day, "until_day": known.until_day,
    }  # fmt: skip
    form = PassForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        work.keep_pass(vault, form.made(known.id if known else work.new_id()))
        return _noted(request)
    return _form(request, form, known.name if known else _("A pass or tickets"), "", known=known)


def _noted(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Noted. Your figures follow."))
    return redirect("vehicles")


def _form(
    request: HttpRequest,
    form: VehicleForm | PassForm,
    title: str,
    key: str,
    *,
    known: Vehicle | Pass | None = None,
) -> HttpResponse:
    values = {
        "form": form, "title": title, "key": key, "known": known,
        "is_vehicle": isinstance(known, Vehicle),
    }  # fmt: skip
    return render(request, "garage/form.html", values, status=422 if form.errors else 200)


def _vehicle_line(one: Vehicle, words: Words, today: date) -> Line:
    unit = "kWh" if one.energy == "electric" else "l"
    facts = [
        words.mode(one.mode),
        _(VEHICLES[one.vehicle]) if one.vehicle in VEHICLES else "",
        _(ENERGIES[one.energy]) if one.energy in ENERGIES else "",
        f"{words.number(one.consumption_per_100km, 1)}{HARD}{unit}/100{HARD}km"
        if one.consumption_per_100km
        else "",
        ngettext("{n} person", "{n} people", int(one.occupants)).format(n=int(one.occupants))
        if one.occupants
        else "",
        f"{one.fiscal_cv}{HARD}CV" if one.fiscal_cv else "",
    ]
    told = " · ".join(fact for fact in facts if fact and fact != one.name)
    is_over = one.until_day is not None and one.until_day < today
    return Line(one.id, one.mode, one.name, told, _when(one, words), is_over)


def _pass_line(one: Pass, words: Words, today: date) -> Line:
    price = f"{words.number(one.price_eur, 2)}{HARD}€"
    per = {"month": _("a month"), "year": _("a year"), "ten": _("ten rides")}[one.per]
    modes = ", ".join(words.mode(mode) for mode in one.modes)
    is_over = one.until_day is not None and one.until_day < today
    key = one.modes[0] if one.modes else Mode.BUS
    return Line(one.id, key, one.name, f"{modes} · {price} / {per}", _when(one, words), is_over)


def _when(one: Vehicle | Pass, words: Words) -> str:
    first = words.day_month(one.from_day, year=True) if one.from_day else ""
    last = words.day_month(one.until_day, year=True) if one.until_day else ""
    if first and last:
        return _("from {first} to {last}").format(first=first, last=last)
    if first:
        return _("since {day}").format(day=first)
    return _("until {day}").format(day=last) if last else ""
