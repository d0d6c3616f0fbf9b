"""Other ways for usual trips, and what is not possible. Parse, work, render."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from estran.carbon import factor_set
from estran.coach.alternatives import (
    Alternative,
    Assumptions,
    Means,
    Way,
    alternatives,
    now_of,
    type_timetable,
)
from estran.coach.money import type_coster
from estran.coach.recurring import Recurring, recurring
from estran.coach.simulate import commutes
from estran.errors import NotFound, ValueOutOfRange
from estran.journal import Mark, Mode, Trip
from estran.timebase import local_day
from estran.web.advice import documents
from estran.web.advice import words as said
from estran.web.advice.documents import Answered, Refused
from estran.web.advice.forms import AssumptionsForm
from estran.web.garage.costs import costs_of
from estran.web.learning.views import of_last_year
from estran.web.me import work
from estran.web.me.show import words_of
from estran.web.me.words import Words
from estran.web.store.opened import OpenVault

SHOWN = 3
"""Usual trips advised on at once: a few that count, not a list of faults."""

MOST_TOLD = 300
"""Signs of a person's own words."""

MOTORED = frozenset({Mode.CAR, Mode.MOPED, Mode.MOTORCYCLE, Mode.PLANE})
"""What other ways are looked for; who walks, rides or is driven by others is left alone."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What cards are reckoned with, beside trips."""

    assumed: Assumptions
    costs: type_coster
    timetable: type_timetable | None


def _timetable() -> type_timetable | None:
    """Ask what the operator loaded, if anything."""
    data = Path(settings.ESTRAN_DATA)
    if not any((data / "networks").glob("*.timetable")):
        return None
    # Beside timetables are the engine's networks, which pages do without.
    from estran.coach.by_timetable import asker  # noqa: PLC0415
    from estran.web.running import timetables  # noqa: PLC0415

    laid = timetables.laid(data)
    return None if laid is None else asker(laid)


@login_required
@require_safe
def advice(request: HttpRequest) -> HttpResponse:
    """Show a few usual trips beside other ways of making them."""
    vault, words = work.open_vault(request), words_of()
    form = AssumptionsForm(request.GET or None)
    is_wrong = bool(request.GET) and not form.is_valid()
    assumed = form.assumptions() if request.GET and not is_wrong else Assumptions()
    asked = Asked(assumed, costs_of(vault), _timetable())
    trips = of_last_year(vault)
    answered = documents.read_answered(vault)
    cards = [_card(usual, trips, asked, answered, words) for usual in advised(trips)[:SHOWN]]
    values = {
        "here": "coach",
        "cards": cards,
        "form": form,
        "reasons": [(key, gettext(name)) for key, name in said.REASONS.items()],
        "most_told": MOST_TOLD,
        "is_wrong": is_wrong,
    }
    return render(request, "advice/advice.html", values, status=422 if is_wrong else 200)


def advised(trips: Sequence[Trip]) -> list[Recurring]:
    """Choose the usual trips to give advice on: motored, one way of two, none marked."""
    bound = {t.started_us for t in trips if Mark.NO_ALTERNATIVE in t.marks}
    chosen: list[Recurring] = []
    for one in recurring(trips):
        is_bound = bound.intersection(one.trips)
        is_back = one.way_back in {other.id for other in chosen}
        if one.mode in MOTORED and not (one.is_loop or is_bound or is_back):
            chosen.append(one)
    return chosen


def _card(
    usual: Recurring, trips: Sequence[Trip], asked: Asked, answered: Answered, words: Words
) -> dict[str, Any]:
    refused = answered.refused.get(usual.id, ())
    last = next(t for t in reversed(trips) if t.started_us == usual.trips[-1])
    day = local_day(last.started_us, last.tz)
    means = Means(factor_set(), day, asked.costs, asked.timetable, asked.assumed)
    now = now_of(usual, trips, means)
    to_work = bool(commutes(trips).intersection(usual.trips))
    found = alternatives(usual, now, means, to_work=to_work)
    against = {one.way: one for one in refused}
    weekdays = words.weekdays()
    often = [weekdays[d] for d, n in enumerate(usual.weekdays) if n >= 0.1 * len(usual.trips)]
    return {
        "id": usual.id,
        "mode": usual.mode.value,
        "mode_name": words.mode(usual.mode),
        "purpose": words.purpose(usual.purpose),
        "distance": words.distance(usual.distance_m),
        "per_week": words.number(usual.n_per_week, 1),
        "weekdays": ", ".join(often),
        "rows": [_row(one, now, usual, words) for one in (now, *_open(found, against))],
        "cannot": [_cannot(one, words) for one in found if not one.is_possible],
        "refused": [
            {
                "way": one.way,
                "name": gettext(said.WAYS[one.way]),
                "why": one.told or gettext(said.REASONS[one.why]),
                "is_told": f"{usual.id}-{one.way}" in answered.told,
            }
            for one in refused
        ],
    }


def _open(found: Sequence[Alternative], against: dict[str, Refused]) -> list[Alternative]:
    return [one for one in found if one.is_possible and one.way not in against]


def _row(one: Alternative, now: Alternative, usual: Recurring, words: Words) -> dict[str, Any]:
    return {
        "way": one.way or "",
        "name": said.name_of(one.way, usual.mode, words),
        "time": said.span(one, words),
        "co2e": words.co2e(one.co2e) if one.legs or one.way is Way.TELEWORK else words.co2e(None),
        "cost": said.money(one.cost, words),
        "effort": said.effort(one, words),
        "basis": said.basis_of(one),
        "beside": "" if one.way is None else said.beside(one, now, words),
    }


def _cannot(one: Alternative, words: Words) -> str:
    limit = words.distance(one.limit_km * 1000.0)
    why = gettext(said.HINDRANCES[one.hindrance]).format(limit=limit)
    return gettext("{way}: {why}").format(way=gettext(said.WAYS[one.way or ""]), why=why)


@login_required
@require_http_methods(["POST"])
def not_possible(request: HttpRequest, recurring_id: str) -> HttpResponse:
    """Keep what is not possible for the person and why; or forget it."""
    vault = work.open_vault(request)
    usual = next((r for r in recurring(of_last_year(vault)) if r.id == recurring_id), None)
    if usual is None:
        raise NotFound
    way = request.POST.get("way", "")
    if way not in said.WAYS:
        raise ValueOutOfRange(name="way", expected=", ".join(said.WAYS))
    if request.POST.get("do") == "allow":
        documents.allow(vault, usual.id, way)
    else:
        _refuse(vault, request, usual, way)
    return redirect(f"{reverse('advice')}#t{usual.id}")


def _refuse(vault: OpenVault, request: HttpRequest, usual: Recurring, way: str) -> None:
    why = request.POST.get("why", "")
    if why not in said.REASONS:
        raise ValueOutOfRange(name="why", expected=", ".join(said.REASONS))
    told = " ".join(request.POST.get("told", "").split())
    if len(told) > MOST_TOLD:
        raise ValueOutOfRange(name="told", expected=f"0 to {MOST_TOLD}")
    last = work.known_days(vault).last
    day = 0 if last is None else last.toordinal()
    tells = request.POST.get("tell") == "yes" and why in said.OFFERS
    documents.refuse(vault, usual, Refused(way, why, told, day), tells=tells)
