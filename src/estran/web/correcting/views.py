"""A trip's own page: everything of it may be corrected. Parse, work, render."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from estran.coach.corrections import Correction
from estran.errors import ValueOutOfRange
from estran.journal import Journal, Leg, Mark, Mode, Purpose, Trip
from estran.web.accounts import keylife
from estran.web.accounts.models import Person
from estran.web.config.errors import words_of as words_for
from estran.web.correcting.finding import Found, again, find
from estran.web.correcting.forms import (
    Ends,
    EndsForm,
    LegForm,
    PathForm,
    SplitForm,
    TimesForm,
    shown,
)
from estran.web.me import drawing, still, work
from estran.web.me.ground import cells_for
from estran.web.me.pages import NOT_CHOSEN, trip_page
from estran.web.me.show import words_of
from estran.web.me.staleness import freshen_soon
from estran.web.me.words import MODES
from estran.web.store.opened import OpenVault
from estran.wording import PURPOSE_NAMES

MARKS = {Mark.PRIVATE: "private", Mark.NO_ALTERNATIVE: "no-alternative"}


@dataclass(slots=True)
class Asked:
    """A form of the page that was sent and did not fit: shown again with its words."""

    name: str = ""
    form: Form | None = None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def trip(request: HttpRequest, start_us: int) -> HttpResponse:
    """Show a trip, or take a person's word on it."""
    vault = work.open_vault(request)
    found = find(vault, start_us)
    if request.method == "POST":
        asked = Asked()
        said = _said(request, found, asked)
        try:
            if said:
                return after(request, vault, found.trip, said)
        except ValueOutOfRange as refusal:
            if asked.form is None:
                raise
            asked.form.add_error(None, words_for(refusal))
        return _shown(
            request, found, asked, status=422 if asked.form and asked.form.errors else 200
        )
    return _shown(request, found, Asked())


def after(
    request: HttpRequest, vault: OpenVault, trip: Trip, said: Sequence[Correction]
) -> HttpResponse:
    """Keep what was said, and go to what the trip has become."""
    batch = work.say(vault, said)
    learn(request)
    reach = [trip.started_us, trip.ended_us]
    for one in said:
        reach[0] = reach[0] if one.new_start_us is None else one.new_start_us
        reach[1] = reach[1] if one.new_end_us is None else one.new_end_us
        if one.kind == "merge":
            reach = [one.start_us, one.end_us]
    now = again(vault, reach[0], reach[1])
    query = urlencode({"done": batch})
    if now is not None:
        return redirect(f"{reverse('trip', args=[now.started_us])}?{query}")
    day = Found(trip, (trip,), 0).day
    return redirect(f"{reverse('journal-day', kwargs={'day': day})}?{query}")


def learn(request: HttpRequest) -> None:
    """Let trips like the one spoken of be looked at again in a while."""
    key = keylife.key_of(request)
    if key is not None and isinstance(request.user, Person):
        freshen_soon(request.user, key)


def _said(request: HttpRequest, found: Found, asked: Asked) -> list[Correction]:
    """Read what is said: one form of the page."""
    do = request.POST.get("do", "")
    saying = SAYINGS.get(do)
    if saying is None:
        raise ValueOutOfRange(name="do", expected=", ".join(SAYINGS))
    return saying(request, found, asked)


def _leg(request: HttpRequest, trip: Trip) -> Leg:
    start = request.POST.get("leg", "")
    for leg in trip.legs:
        if str(leg.started_us) == start:
            return leg
    raise ValueOutOfRange(name="leg", expected="a leg of this trip")


def _mode(request: HttpRequest, found: Found, _asked: Asked) -> list[Correction]:
    leg, key = _leg(request, found.trip), request.POST.get("mode", "")
    if key not in MODES or key in NOT_CHOSEN:
        raise ValueOutOfRange(name="mode", expected=", ".join(MODES))
    return [work.new_correction(start_us=leg.started_us, end_us=leg.ended_us, mode=Mode(key))]


def _purpose(request: HttpRequest, found: Found, _asked: Asked) -> list[Correction]:
    key = request.POST.get("purpose", "")
    if key and key not in PURPOSE_NAMES:
        raise ValueOutOfRange(name="purpose", expected=", ".join(PURPOSE_NAMES))
    return [_about(found, kind="purpose", purpose=Purpose(key) if key else None)]


def _mark(request: HttpRequest, found: Found, _asked: Asked) -> list[Correction]:
    mark = next((m for m, key in MARKS.items() if key == request.POST.get("mark")), None)
    if mark is None:
        raise ValueOutOfRange(name="mark", expected=", ".join(MARKS.values()))
    return [_about(found, kind="mark", mark=mark, is_set=request.POST.get("is_set") == "yes")]


def _vehicle(request: HttpRequest, found: Found, asked: Asked) -> list[Correction]:
    form = LegForm(request.POST, leg=_leg(request, found.trip))
    asked.name, asked.form = str(form.leg.started_us), form
    return form.corrections() if form.is_valid() else []


def _path(request: HttpRequest, found: Found, asked: Asked) -> list[Correction]:
    leg = _leg(request, found.trip)
    form = PathForm(request.POST, leg=leg, ends_deg=_ends_deg(found.trip)[leg.started_us])
    asked.name, asked.form = f"path{leg.started_us}", form
    return [form.correction()] if form.is_valid() else []


def _ends_deg(trip: Trip) -> dict[int, Ends]:
    """Give where each leg begins and ends, as drawn; by its first instant."""
    at = trip.origin.lat_deg, trip.origin.lon_deg
    ends = {leg.started_us: (at, at) for leg in trip.legs}
    for leg, line, _ in drawing.lines_of(trip):
        (lon0, lat0), (lon1, lat1) = line[0], line[-1]
        ends[leg.started_us] = (lat0, lon0), (lat1, lon1)
    return ends


def _formed(name: str, kind: type[TimesForm | SplitForm | EndsForm]) -> Any:
    def said(request: HttpRequest, found: Found, asked: Asked) -> list[Correction]:
        form = kind(request.POST, trip=found.trip)
        asked.name, asked.form = name, form
        return [form.correction()] if form.is_valid() else []

    return said


def _merge(request: HttpRequest, found: Found, _asked: Asked) -> list[Correction]:
    other = found.joinable(1 if request.POST.get("with") == "next" else -1)
    if other is None:
        raise ValueOutOfRange(name="with", expected="a trip beside this one")
    start_us = min(found.trip.started_us, other.started_us)
    end_us = max(found.trip.ended_us, other.ended_us)
    return [work.new_correction(kind="merge", start_us=start_us, end_us=end_us)]


def _delete(_request: HttpRequest, found: Found, _asked: Asked) -> list[Correction]:
    return [_about(found, kind="delete")]


def _about(found: Found, **fields: Any) -> Correction:
    trip = found.trip
    return work.new_correction(start_us=trip.started_us, end_us=trip.ended_us, **fields)


SAYINGS: dict[str, Callable[[HttpRequest, Found, Asked], list[Correction]]] = {
    "mode": _mode,
    "purpose": _purpose,
    "mark": _mark,
    "vehicle": _vehicle,
    "path": _path,
    "times": _formed("times", TimesForm),
    "split": _formed("split", SplitForm),
    "ends": _formed("ends", EndsForm),
    "merge": _merge,
    "delete": _delete,
}
"""What each form of the page says, by its hidden field ``do``."""


def _shown(request: HttpRequest, found: Found, asked: Asked, *, status: int = 200) -> HttpResponse:
    trip, words = found.trip, words_of()
    forms: dict[str, Form] = {
        "times": TimesForm(trip=trip, initial={
            "begins": shown(trip.started_us, trip.tz), "ends": shown(trip.ended_us, trip.tz),
        }),
        "split": SplitForm(trip=trip, initial={
            "at": shown((trip.started_us + trip.ended_us) // 2, trip.tz), "into": "trips",
        }),
        "ends": EndsForm(trip=trip),
    }  # fmt: skip
    if asked.form is not None and asked.name in forms:
        forms[asked.name] = asked.form
    page = trip_page(trip, words=words)
    ends_deg = _ends_deg(trip)
    legs = [
        (
            leg,
            asked.form if asked.name == str(row.started_us) else LegForm(leg=row),
            asked.form
            if asked.name == f"path{row.started_us}"
            else PathForm(leg=row, ends_deg=ends_deg[row.started_us]),
        )
        for leg, row in zip(page.legs, trip.legs, strict=True)
    ]
    journal, letters = Journal((trip,)), [(trip.origin, "A"), (trip.destination, "B")]
    shape = drawing.drawing(journal, letters=letters, words=words)
    done = request.GET.get("done", "")[:64]
    values = {
        "here": "journal",
        "page": page,
        "day": found.day,
        "day_name": words.day(found.day),
        "legs": legs,
        "still": still.draw(journal, letters=letters, words=words),
        "drawing": shape,
        "cells": cells_for(shape),
        "purposes": [
            (key, gettext(name), trip.purpose == key) for key, name in PURPOSE_NAMES.items()
        ],
        "has_said": trip.purpose_share == 1.0 or any(leg.corrected for leg in trip.legs),
        "is_private": Mark.PRIVATE in trip.marks,
        "has_no_alternative": Mark.NO_ALTERNATIVE in trip.marks,
        "before": found.neighbour(-1),
        "next": found.neighbour(1),
        "join_before": found.joinable(-1),
        "join_next": found.joinable(1),
        "forms": forms,
        "open": asked.name,
        "done": done if request.method != "POST" else "",
        "back": request.GET.get("back", ""),
    }
    return render(request, "correcting/trip.html", values, status=status)
