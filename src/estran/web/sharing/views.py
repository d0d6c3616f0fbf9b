"""A picture of a trip: chosen figures, the way without its ends. Parse, work, render."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from estran.coach.recurring import main_mode
from estran.coach.sharing import Shown, shown
from estran.journal import Mark, Trip
from estran.web.correcting.finding import find
from estran.web.me import work
from estran.web.me.show import words_of
from estran.web.me.words import Words
from estran.web.retention.documents import zones_of
from estran.wording import N_

SIZE_PX, EDGE_PX = 1080, 120
"""Square, as pictures are shown in most places."""

FIGURES = {
    "distance": N_("Distance"),
    "duration": N_("Time"),
    "co2e": N_("CO₂e"),
}
"""What may be on a picture; the day and the hour never are."""


def _seen(request: HttpRequest, start_us: int) -> tuple[Trip, Shown]:
    vault = work.open_vault(request)
    trip = find(vault, start_us).trip
    return trip, shown(trip, zones_of(vault))


def _chosen(request: HttpRequest) -> list[str]:
    asked = request.GET.getlist("show")
    return [key for key in FIGURES if key in asked] if "asked" in request.GET else ["distance"]


@login_required
@require_safe
def share(request: HttpRequest, start_us: int) -> HttpResponse:
    """Show the picture before anybody else sees it, and what is on it."""
    trip, drawn = _seen(request, start_us)
    chosen = _chosen(request)
    query = urlencode([("asked", "1"), *(("show", key) for key in chosen)])
    values = {
        "here": "journal",
        "start_us": start_us,
        "is_private": Mark.PRIVATE in trip.marks,
        "has_way": bool(drawn.x.size),
        "figures": [(key, gettext(name), key in chosen) for key, name in FIGURES.items()],
        "query": query,
    }
    return render(request, "sharing/share.html", values)


@login_required
@require_safe
def picture(request: HttpRequest, start_us: int) -> HttpResponse:
    """Draw the picture; nothing is drawn of a private trip."""
    trip, drawn = _seen(request, start_us)
    if Mark.PRIVATE in trip.marks:
        return HttpResponse(status=404)
    values = _drawing(trip, drawn, _chosen(request), words_of())
    answer = HttpResponse(
        render_to_string("sharing/picture.svg", values), content_type="image/svg+xml"
    )
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return answer


def _drawing(trip: Trip, drawn: Shown, chosen: list[str], words: Words) -> dict[str, Any]:
    told = {
        "distance": words.distance(trip.distance_m),
        "duration": words.duration(trip.duration_s),
        "co2e": words.co2e(trip.co2e),
    }
    room = SIZE_PX - 2 * EDGE_PX
    points = " ".join(
        f"{EDGE_PX + x * room:.0f},{EDGE_PX + y * room * 0.7:.0f}"
        for x, y in zip(drawn.x.tolist(), drawn.y.tolist(), strict=True)
    )
    return {
        "mode": words.mode(main_mode(trip)),
        "points": points,
        "figures": [(gettext(FIGURES[key]), told[key]) for key in chosen],
        "size": SIZE_PX,
    }
