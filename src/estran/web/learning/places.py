"""The page of a person's places: by time spent, named once. Parse, work, render."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from estran.coach.places import NamedPlace, Spot, named_at, spots
from estran.errors import ValueOutOfRange
from estran.journal import Journal
from estran.timebase import local_day
from estran.web.learning import work as own
from estran.web.learning.documents import read_places
from estran.web.learning.views import LOOKED_AT
from estran.web.me import still, work
from estran.web.me.show import words_of
from estran.web.me.words import Words
from estran.web.store.opened import OpenVault

SHOWN = 20
NAMES = {
    "home": gettext_lazy("Home"),
    "work": gettext_lazy("Work"),
    "school": gettext_lazy("School"),
    "other": gettext_lazy("Another place"),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def places(request: HttpRequest) -> HttpResponse:
    """Show where the person stays, and take a name for a place."""
    vault, words = work.open_vault(request), words_of()
    found = _spots(vault)
    if request.method == "POST":
        return _take(request, vault, found)
    named = read_places(vault)
    rows = [_row(spot, rank, named, words) for rank, spot in enumerate(found)]
    shown = {row["place_id"] for row in rows}
    letters = [(spot.at, chr(65 + rank)) for rank, spot in enumerate(found)]
    values = {
        "here": "coach",
        "rows": rows,
        "others": [place for place in named if place.id not in shown],
        "still": still.draw(Journal(), letters=letters, words=words),
    }
    return render(request, "learning/places.html", values)


def _spots(vault: OpenVault) -> tuple[Spot, ...]:
    last = work.known_days(vault).last
    return (
        () if last is None else spots(work.journal(vault, last - LOOKED_AT, last).entries)[:SHOWN]
    )


def _take(request: HttpRequest, vault: OpenVault, found: Sequence[Spot]) -> HttpResponse:
    if "forget" in request.POST:
        own.forget_place(vault, request.POST["forget"][:64])
        messages.success(request, _("The name is forgotten; the stays remain."))
        return redirect("places")
    spot = next((s for s in found if _value(s) == request.POST.get("spot")), None)
    if spot is None:
        raise ValueOutOfRange(name="spot", expected=_("a place of the list"))
    own.name_place(
        vault, spot, name=request.POST.get("name", ""), kind=request.POST.get("kind", "")
    )
    messages.success(request, _("Noted. All its stays have this name."))
    return redirect("places")


def _value(spot: Spot) -> str:
    """Name a spot on a form: its last instant and visits are its own."""
    return f"{spot.last_us}-{spot.n_visits}"


def _row(spot: Spot, rank: int, named: Sequence[NamedPlace], words: Words) -> dict[str, Any]:
    place = named_at(named, spot.at)
    kind = place.kind if place else spot.guess or "other"
    return {
        "value": _value(spot),
        "letter": chr(65 + rank),
        "place_id": place.id if place else "",
        "name": place.name if place else "",
        "guess": "" if place or not spot.guess else NAMES[spot.guess],
        "proposed": place.name if place else str(NAMES[spot.guess]) if spot.guess else "",
        "kinds": [(key, name, key == kind) for key, name in NAMES.items()],
        "n": spot.n_visits,
        "stayed": words.duration(spot.stayed_s),
        "nights": words.duration(spot.night_s) if spot.night_s else "",
        "office": words.duration(spot.office_s) if spot.office_s else "",
        "last": local_day(spot.last_us, "UTC"),
        "last_name": words.day(local_day(spot.last_us, "UTC")),
    }
