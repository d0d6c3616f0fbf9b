"""Many trips at once: found, selected, corrected together; and all that was corrected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estran.coach.asking import is_unsure
from estran.coach.corrections import Correction
from estran.errors import ValueOutOfRange
from estran.journal import Mark, Mode, Purpose, Trip
from estran.timebase import local_day, to_datetime
from estran.web.correcting.finding import again
from estran.web.correcting.views import learn
from estran.web.correcting.words import SAID
from estran.web.me import work
from estran.web.me.pages import NOT_CHOSEN
from estran.web.me.show import words_of
from estran.web.me.words import MODES, Words
from estran.web.store.opened import OpenVault
from estran.wording import PURPOSE_NAMES

PER_PAGE = 50
SHOWN = timedelta(days=30)
LONGEST = timedelta(days=366)
FILTERS = ("first", "last", "mode", "purpose", "unsure")


class UnsaidError(Exception):
    """What was sent says nothing of the trips; it prints as a sentence to the person."""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def trips(request: HttpRequest) -> HttpResponse:
    """List the trips of a period; take a word on those selected."""
    vault = work.open_vault(request)
    first, last = _period(request, vault)
    found = list(reversed(work.journal(vault, first, last).trips))
    flaw = ""
    if request.method == "POST":
        try:
            said = _bulk(request, found)
        except UnsaidError as error:
            flaw = str(error)
        else:
            batch = work.say(vault, said)
            learn(request)
            kept = {name: request.GET[name] for name in FILTERS if name in request.GET}
            return redirect(f"{reverse('trips')}?{urlencode({**kept, 'done': batch})}")
    asked = {name: request.GET.get(name, "")[:40] for name in FILTERS}
    chosen = list(_filtered(found, asked["mode"], asked["purpose"], asked["unsure"]))
    page = Paginator(chosen, PER_PAGE).get_page(request.GET.get("page"))
    words = words_of()
    values = {
        "here": "coach",
        "first": first,
        "last": last,
        "page": page,
        "rows": [_row(trip, words) for trip in page.object_list],
        "n": len(chosen),
        "modes": [(m.value, gettext(name)) for m, name in MODES.items() if m not in NOT_CHOSEN],
        "purposes": [(key, gettext(name)) for key, name in PURPOSE_NAMES.items()],
        "mode": asked["mode"],
        "purpose": asked["purpose"],
        "unsure": asked["unsure"],
        "query": urlencode({**asked, "first": first.isoformat(), "last": last.isoformat()}),
        "done": request.GET.get("done", "")[:64] if not flaw else "",
        "back": request.GET.get("back", ""),
        "flaw": flaw,
        "checked": set(request.POST.getlist("trip")),
        "do": request.POST.get("do", ""),
    }
    return render(request, "correcting/trips.html", values, status=422 if flaw else 200)


def _period(request: HttpRequest, vault: OpenVault) -> tuple[date, date]:
    """Read the period asked for; the last thirty known days where none is."""
    known = work.known_days(vault).last or date(2026, 1, 1)
    last = _day(request, "last") or known
    first = _day(request, "first") or last - SHOWN
    if first > last:
        first, last = last, first
    return max(first, last - LONGEST), last


def _day(request: HttpRequest, name: str) -> date | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise ValueOutOfRange(name=name, expected="YYYY-MM-DD") from error
    if not 1990 <= day.year <= 2100:  # noqa: PLR2004 - of what a journal may hold
        raise ValueOutOfRange(name=name, expected="1990 to 2100")
    return day


def _filtered(found: Iterable[Trip], mode: str, purpose: str, unsure: str) -> Iterable[Trip]:
    for trip in found:
        if unsure and not any(is_unsure(leg) for leg in trip.legs):
            continue
        if mode and not any(leg.mode.value == mode for leg in trip.legs):
            continue
        if purpose == "none" and trip.purpose is not None:
            continue
        if purpose and purpose not in {"none", trip.purpose}:
            continue
        yield trip


def _row(trip: Trip, words: Words) -> dict[str, Any]:
    modes = [leg.mode for leg in trip.legs if leg.mode is not Mode.WAIT]
    return {
        "id": f"{trip.started_us}-{trip.ended_us}",
        "start_us": trip.started_us,
        "day": words.day_short(local_day(trip.started_us, trip.tz)),
        "start": words.clock(trip.started_us, trip.tz),
        "end": words.clock(trip.ended_us, trip.tz),
        "modes": [(mode.value, words.mode(mode)) for mode in dict.fromkeys(modes)],
        "distance": words.distance(trip.distance_m),
        "co2e": words.co2e(trip.co2e),
        "purpose": words.purpose(trip.purpose),
        "is_private": Mark.PRIVATE in trip.marks,
    }


def _bulk(request: HttpRequest, found: Sequence[Trip]) -> list[Correction]:
    """Read what is said of all the trips selected."""
    asked = set(request.POST.getlist("trip"))
    chosen = [trip for trip in found if f"{trip.started_us}-{trip.ended_us}" in asked]
    if not chosen:
        raise UnsaidError(gettext("Select at least one trip."))
    do = request.POST.get("do", "")
    said = [one for trip in chosen for one in _said(do, trip)]
    if not said:
        raise UnsaidError(gettext("None of these trips was by car."))
    return said


def _said(do: str, trip: Trip) -> list[Correction]:
    kind, _, value = do.partition(":")
    span = {"start_us": trip.started_us, "end_us": trip.ended_us}
    if kind == "purpose" and value in PURPOSE_NAMES:
        return [work.new_correction(kind="purpose", purpose=Purpose(value), **span)]
    if kind == "mode" and value in MODES and value not in NOT_CHOSEN:
        leg = max(trip.legs, key=lambda leg: (leg.distance_m, leg.duration_s))
        return [work.new_correction(start_us=leg.started_us, end_us=leg.ended_us, mode=Mode(value))]
    if kind == "people" and value.isdigit() and 1 <= int(value) <= 9:  # noqa: PLR2004 - in a car
        return [
            work.new_correction(
                kind="vehicle", start_us=leg.started_us, end_us=leg.ended_us, occupants=float(value)
            )
            for leg in trip.legs
            if leg.mode is Mode.CAR
        ]
    if kind == "private":
        return [work.new_correction(kind="mark", mark=Mark.PRIVATE, **span)]
    if kind == "delete":
        return [work.new_correction(kind="delete", **span)]
    raise UnsaidError(gettext("Choose what to say of them."))


@login_required
@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """List all that was corrected, the latest first."""
    vault, words = work.open_vault(request), words_of()
    page = Paginator(work.history(vault), PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "id": batch.id,
            "made": words.instant(to_datetime(batch.made_at_us, "Europe/Paris")),
            "what": _what(batch.said[0], words),
            "day": words.day(local_day(batch.said[0].start_us, batch.said[0].tz or "Europe/Paris")),
            "n": len(batch.said),
        }
        for batch in page.object_list
    ]
    return render(request, "correcting/history.html", {"here": "coach", "rows": rows, "page": page})


def _what(said: Correction, words: Words) -> str:
    what = gettext(SAID.get(said.kind, SAID["mark"]))
    value = ""
    if said.kind == "mode" and said.mode:
        value = words.mode(said.mode)
    elif said.kind == "purpose":
        value = words.purpose(said.purpose)
    return f"{what}: {value}" if value else what


@login_required
@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """Take back what was said by one press."""
    vault, asked = work.open_vault(request), request.POST.get("batch", "")[:64]
    said = next((batch.said[0] for batch in work.history(vault) if batch.id == asked), None)
    work.take_back(vault, asked)
    learn(request)
    to = request.POST.get("next", "")
    if to.startswith("/journal/trip/"):
        now = again(vault, said.start_us, said.end_us) if said and said.kind != "add" else None
        to = reverse("trip", args=[now.started_us]) + "?back=1" if now else reverse("corrections")
    elif not url_has_allowed_host_and_scheme(to, None):
        to = reverse("corrections")
    elif to.startswith("/journal/"):
        to += ("&" if "?" in to else "?") + "back=1"
    return redirect(to)
