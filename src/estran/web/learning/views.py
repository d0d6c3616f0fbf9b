"""Usual trips, one of them, and the same word for those like one. Parse, work, render."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from estran.coach.corrections import Correction
from estran.coach.recurring import Recurring, amounts_to, recurring
from estran.coach.similar import Alike, alike
from estran.errors import NotFound, ValueOutOfRange
from estran.journal import Purpose, Trip
from estran.timebase import local_day
from estran.web.correcting.finding import find
from estran.web.correcting.views import learn
from estran.web.me import work
from estran.web.me.show import words_of
from estran.web.me.words import Words
from estran.web.store.opened import OpenVault
from estran.wording import PURPOSE_NAMES

LOOKED_AT = timedelta(days=365)
"""Habits are those of the last year of which something is known."""

SHOWN = 60


def of_last_year(vault: OpenVault) -> tuple[Trip, ...]:
    """Read the trips of the last year of which something is known."""
    last = work.known_days(vault).last
    return () if last is None else work.journal(vault, last - LOOKED_AT, last).trips


@login_required
@require_safe
def recurring_trips(request: HttpRequest) -> HttpResponse:
    """List the trips that come back, with what they amount to."""
    vault, words = work.open_vault(request), words_of()
    trips = of_last_year(vault)
    rows = [_row(one, trips, words) for one in recurring(trips)[:SHOWN]]
    return render(request, "learning/recurring.html", {"here": "coach", "rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def recurring_trip(request: HttpRequest, recurring_id: str) -> HttpResponse:
    """Show one, and take one purpose for all its trips."""
    vault, words = work.open_vault(request), words_of()
    trips = of_last_year(vault)
    one = next((r for r in recurring(trips) if r.id == recurring_id), None)
    if one is None:
        raise NotFound
    made = [trip for trip in trips if trip.started_us in set(one.trips)]
    if request.method == "POST":
        key = request.POST.get("purpose", "")
        if key not in PURPOSE_NAMES:
            raise ValueOutOfRange(name="purpose", expected=", ".join(PURPOSE_NAMES))
        batch = work.say(vault, [_purpose(trip, Purpose(key)) for trip in made])
        learn(request)
        to = reverse("recurring-one", args=[one.id])
        return redirect(f"{to}?{urlencode({'done': batch})}")
    values = {
        "here": "coach",
        "row": _row(one, trips, words),
        "trips": [_line(trip, words) for trip in reversed(made)][:SHOWN],
        "purposes": [(k, gettext(name), one.purpose == k) for k, name in PURPOSE_NAMES.items()],
        "done": request.GET.get("done", "")[:64],
    }
    return render(request, "learning/one.html", values)


def _purpose(trip: Trip, purpose: Purpose) -> Correction:
    return work.new_correction(
        kind="purpose", start_us=trip.started_us, end_us=trip.ended_us, purpose=purpose
    )


def _row(one: Recurring, trips: Sequence[Trip], words: Words) -> dict[str, Any]:
    distance_m, co2e = amounts_to(one, trips)
    weekdays = words.weekdays()
    often = [weekdays[day] for day, n in enumerate(one.weekdays) if n >= 0.1 * len(one.trips)]
    latest = next((t for t in reversed(trips) if t.started_us == one.trips[-1]), None)
    return {
        "id": one.id,
        "n": len(one.trips),
        "per_week": words.number(one.n_per_week, 1),
        "mode": one.mode.value,
        "mode_name": words.mode(one.mode),
        "other_modes": [(words.mode(mode), n) for mode, n in one.modes[1:4]],
        "distance": words.distance(one.distance_m),
        "duration": words.duration(one.duration_s),
        "at": words.duration(one.starts_h * 3600),
        "weekdays": ", ".join(often),
        "purpose": words.purpose(one.purpose),
        "whole": words.distance(distance_m),
        "co2e": words.co2e(co2e),
        "is_loop": one.is_loop,
        "latest": "" if latest is None else words.day(local_day(latest.started_us, latest.tz)),
        "latest_us": one.trips[-1],
        "way_back": one.way_back,
    }


def _line(trip: Trip, words: Words) -> dict[str, Any]:
    return {
        "id": f"{trip.started_us}-{trip.ended_us}",
        "start_us": trip.started_us,
        "day": words.day_short(local_day(trip.started_us, trip.tz)),
        "start": words.clock(trip.started_us, trip.tz),
        "end": words.clock(trip.ended_us, trip.tz),
        "modes": ", ".join(words.mode(m) for m in dict.fromkeys(leg.mode for leg in trip.legs)),
        "distance": words.distance(trip.distance_m),
        "purpose": words.purpose(trip.purpose),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def similar(request: HttpRequest, start_us: int) -> HttpResponse:
    """Offer the same word for trips like one, and take it for those chosen."""
    vault, words = work.open_vault(request), words_of()
    trip = find(vault, start_us).trip
    found = alike(trip, of_last_year(vault))
    if request.method == "POST":
        said = _same(request, found)
        batch = work.say(vault, said)
        learn(request)
        return redirect(f"{reverse('trip', args=[start_us])}?{urlencode({'done': batch})}")
    values = {
        "here": "journal",
        "start_us": start_us,
        "mode": "" if found.mode is None else words.mode(found.mode),
        "purpose": words.purpose(found.purpose),
        "rows": [_line(other, words) for other in found.trips],
    }
    return render(request, "learning/similar.html", values)


def _same(request: HttpRequest, found: Alike) -> list[Correction]:
    asked = set(request.POST.getlist("trip"))
    said: list[Correction] = []
    for trip in found.trips:
        if f"{trip.started_us}-{trip.ended_us}" not in asked:
            continue
        main = max(trip.legs, key=lambda leg: (leg.distance_m, leg.duration_s))
        if found.mode is not None and not main.corrected:
            said.append(
                work.new_correction(start_us=main.started_us, end_us=main.ended_us, mode=found.mode)
            )
        if found.purpose is not None and trip.purpose_share != 1.0:
            said.append(_purpose(trip, found.purpose))
    if not said:
        raise ValueOutOfRange(name="trips", expected=gettext("at least one trip selected"))
    return said
