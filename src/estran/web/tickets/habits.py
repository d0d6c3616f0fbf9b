"""What is usual: pages of regular declarations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from estran.errors import NotFound
from estran.geo.zones import zone_at
from estran.tickets.confirming import HOME_TZ, end_of
from estran.tickets.regular import TELEWORK, Declaration
from estran.tickets.values import NOWHERE, End, Flaw
from estran.tickets.words import folded
from estran.travel import Mode
from estran.web.accounts import keylife
from estran.web.me.show import words_of
from estran.web.retention.pausing import check_collects
from estran.web.store.opened import OpenVault
from estran.web.tickets import documents as docs
from estran.web.tickets import work
from estran.web.tickets.forms import WEEKDAYS, HabitForm
from estran.web.tickets.wordings import flaw_words


@dataclass(frozen=True, slots=True)
class HabitLine:
    """A habit in a sentence."""

    id: str
    what: str
    when: str
    paused: bool


def _line(habit: Declaration) -> HabitLine:
    words = words_of()
    days = ", ".join(str(name) for number, name in WEEKDAYS if number in habit.weekdays)
    if habit.does == TELEWORK:
        what = _("Telework")
    else:
        what = f"{words.mode(habit.mode)}, {habit.origin.name} → {habit.destination.name}"
    clocks = " / ".join(clock for clock in (habit.departs, habit.returns) if clock)
    return HabitLine(habit.id, what, " · ".join(p for p in (days, clocks) if p), habit.paused)


@login_required
@require_safe
def habits(request: HttpRequest) -> HttpResponse:
    """List what is usual."""
    vault = keylife.open_vault(request)
    return render(
        request, "tickets/habits.html", {"habits": [_line(h) for h in docs.read_habits(vault)]}
    )


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Declare something usual."""
    return _edited(request, keylife.open_vault(request), None)


@login_required
@require_http_methods(["GET", "POST"])
def habit(request: HttpRequest, habit_id: str) -> HttpResponse:
    """Change something usual, pause it, delete it."""
    vault = keylife.open_vault(request)
    found = next((one for one in docs.read_habits(vault) if one.id == habit_id), None)
    if found is None:
        raise NotFound
    if "remove" in request.POST:
        vault.delete_doc(docs.HABIT, habit_id)
        work.changed(request, vault)
        messages.success(request, _("Deleted, and what stood in your journal by it."))
        return redirect("habits")
    if "pause" in request.POST:
        docs.write_habit(vault, replace(found, paused=not found.paused))
        work.changed(request, vault)
        messages.success(request, _("Noted."))
        return redirect("habits")
    return _edited(request, vault, found)


def _edited(request: HttpRequest, vault: OpenVault, before: Declaration | None) -> HttpResponse:
    form = HabitForm(request.POST or None, initial=_initial(before))
    if request.method == "POST" and form.is_valid():
        made = _made(form, vault, before)
        if made is not None:
            check_collects(keylife.person_of(request))
            docs.write_habit(vault, made)
            work.changed(request, vault)
            messages.success(request, _("Noted. Your journal is made anew in a moment."))
            return redirect("habits")
    values = {"form": form, "habit": before, "publishers": work.publishers()}
    return render(request, "tickets/habit.html", values, status=422 if form.errors else 200)


def _initial(before: Declaration | None) -> dict[str, object]:
    if before is None:
        return {"first": timezone.localdate(), "mode": "train", "every_weeks": "1"}
    return {
        "does": before.does, "weekdays": before.weekdays, "mode": before.mode.value,
        "origin": before.origin.name, "destination": before.destination.name,
        "departs": before.departs, "returns": before.returns,
        "lasts_min": None if before.lasts_min is None else round(before.lasts_min),
        "distance_km": None if before.distance_m is None else before.distance_m / 1000,
        "occupants": before.occupants, "first": before.first, "last": before.last,
        "every_weeks": str(before.every_weeks), "on_holidays": before.on_holidays,
        "alsace_moselle": before.alsace_moselle,
        "exceptions": ", ".join(day.isoformat() for day in before.exceptions),
    }  # fmt: skip


def _made(form: HabitForm, vault: OpenVault, before: Declaration | None) -> Declaration | None:
    """Make a declaration of what was typed; None while a place is not known."""
    given = form.cleaned_data
    travels = given["does"] != TELEWORK
    mode = Mode(given["mode"] or "train")
    ends = [NOWHERE, NOWHERE]
    for k, name in enumerate(("origin", "destination")):
        if travels:
            known = getattr(before, name) if before else NOWHERE
            ends[k], flaw = _place(given[name], vault, mode, known)
            if flaw is not None:
                form.add_error(name, _place_words(flaw))
                if flaw.code == "station-unsure":
                    _offer(form, name, flaw)
    if form.errors:
        return None
    km, last = given["distance_km"], given["last"]
    at = ends[0].at_deg
    return Declaration(
        id=before.id if before else work.new_id(),
        does=given["does"], weekdays=tuple(sorted(given["weekdays"])),
        first=_day(given["first"]), last=last, mode=mode,
        departs=given["departs"], returns=given["returns"],
        lasts_min=None if given["lasts_min"] is None else float(given["lasts_min"]),
        origin=ends[0], destination=ends[1],
        tz=zone_at(*at) if ends[0].is_placed else HOME_TZ,
        occupants=given["occupants"], distance_m=None if km is None else float(km) * 1000,
        on_holidays=given["on_holidays"], alsace_moselle=given["alsace_moselle"],
        exceptions=given["exceptions"], paused=before.paused if before else False,
        every_weeks=int(given["every_weeks"]),
    )  # fmt: skip


def _day(day: date) -> date:
    return day


def _place(text: str, vault: OpenVault, mode: Mode, known: End) -> tuple[End, Flaw | None]:
    if text == known.name and known.is_placed:
        return known, None
    meant = work.own_places(vault).get(folded(text), text)
    return end_of(meant, work.places(), mode)


def _place_words(flaw: Flaw) -> str:
    if flaw.code == "station-unknown":
        return _(
            "No loaded list has a place named “{text}”. Write the name of a station or of one of "
            "your private places, or a latitude and a longitude such as 48.8566, 2.3522."
        ).format(text=flaw.text)
    return flaw_words(flaw)


def _offer(form: HabitForm, name: str, flaw: Flaw) -> None:
    from django import forms  # noqa: PLC0415 - for this one widget

    options = [("", _("Choose"))] + [
        (f"{one.name} @{one.lat_deg:.5f},{one.lon_deg:.5f}", one.name)
        for one in work.places().search(flaw.text)
    ]
    form.fields[name].widget = forms.Select(choices=options)
