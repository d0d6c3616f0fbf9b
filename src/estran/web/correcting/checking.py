"""The inbox of what is unsure and matters: one tap each, and none when none is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from estran.carbon import factor_set
from estran.coach.asking import Gap, Question, gaps, questions
from estran.coach.corrections import Correction
from estran.coach.recurring import main_mode
from estran.coach.suggesting import Memory, case_of
from estran.errors import ValueOutOfRange
from estran.journal import Leg, Mode, Purpose, Trip
from estran.timebase import local_day
from estran.web.correcting.views import learn
from estran.web.me import work
from estran.web.me.pages import NOT_CHOSEN
from estran.web.me.records import decode, encode
from estran.web.me.show import words_of
from estran.web.me.words import MODES, Words
from estran.web.store.opened import OpenVault

LATER = "asked-later"
"""Document: first instants of legs that the person does not want to be asked about."""

LOOKED_AT = timedelta(days=60)
"""What is longer ago is remembered badly: it is not asked."""

MOST_LATER = 5000


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Ask the few things that matter, or take an answer."""
    vault = work.open_vault(request)
    if request.method == "POST":
        return _answered(request, vault)
    words, trips = words_of(), _trips(vault)
    later = frozenset(read_later(vault))
    asked = questions(trips, factors=factor_set(), later=later)
    values = {
        "here": "coach",
        "rows": [_row(question, words) for question in asked],
        "suggested": [_group(key, offers, words) for key, offers in suggested(trips).items()],
        "done": request.GET.get("done", "")[:64],
        "gaps": [_gap(gap, words) for gap in gaps(trips, later=later)],
        "back": request.GET.get("back", ""),
    }
    return render(request, "correcting/check.html", values)


def _trips(vault: OpenVault) -> tuple[Trip, ...]:
    last = work.known_days(vault).last
    return () if last is None else work.journal(vault, last - LOOKED_AT, last).trips


@dataclass(frozen=True, slots=True)
class Offer:
    """What a trip probably was, and why."""

    trip: Trip
    n_same: int
    n_like: int


type_key = tuple[str, str]
"""``mode`` or ``purpose``, and which."""


def suggested(trips: Sequence[Trip]) -> dict[type_key, list[Offer]]:
    """Put together what words on trips alike suggest of those without, the latest first."""
    moving = [trip for trip in trips if trip.legs]
    cases = [case_of(trip) for trip in moving]
    memory = Memory(cases)
    found: dict[type_key, list[Offer]] = {}
    for trip, case in reversed(list(zip(moving, cases, strict=True))):
        if case.mode is None and (mode := memory.mode(case)) and mode.value is not main_mode(trip):
            offer = Offer(trip, mode.n_same, mode.n_like)
            found.setdefault(("mode", mode.value.value), []).append(offer)
        if case.purpose is None and (purpose := memory.purpose(case)):
            offer = Offer(trip, purpose.n_same, purpose.n_like)
            found.setdefault(("purpose", purpose.value.value), []).append(offer)
    return found


def _group(key: type_key, offers: Sequence[Offer], words: Words) -> dict[str, object]:
    kind, value = key
    return {
        "key": f"{kind}:{value}",
        "name": words.mode(value) if kind == "mode" else words.purpose(Purpose(value)),
        "n_same": offers[0].n_same,
        "n_like": offers[0].n_like,
        "trips": [
            {
                "id": f"{offer.trip.started_us}-{offer.trip.ended_us}",
                "start_us": offer.trip.started_us,
                "day": words.day_short(local_day(offer.trip.started_us, offer.trip.tz)),
                "start": words.clock(offer.trip.started_us, offer.trip.tz),
                "distance": words.distance(offer.trip.distance_m),
            }
            for offer in offers[:MOST_OFFERED]
        ],
    }


MOST_OFFERED = 20


def _gap(gap: Gap, words: Words) -> dict[str, object]:
    before, after = gap.before, gap.after
    return {
        "day": words.day_short(local_day(before.ended_us, before.tz)),
        "start": words.clock(before.ended_us, before.tz),
        "end": words.clock(after.started_us, after.tz),
        "distance": words.distance(gap.distance_m),
        "after_us": before.started_us,
        "start_us": before.ended_us,
        "end_us": after.started_us,
    }


def _row(question: Question, words: Words) -> dict[str, object]:
    leg, trip = question.leg, question.trip
    return {
        "day": words.day_short(local_day(trip.started_us, trip.tz)),
        "start": words.clock(leg.started_us, trip.tz),
        "end": words.clock(leg.ended_us, trip.tz),
        "distance": words.distance(leg.distance_m),
        "trip_us": trip.started_us,
        "start_us": leg.started_us,
        "end_us": leg.ended_us,
        "answers": [(mode.value, words.mode(mode)) for mode in question.answers],
        "stake": words.mass(question.stake_g),
    }


def _answered(request: HttpRequest, vault: OpenVault) -> HttpResponse:
    if request.POST.get("suggested"):
        return _agreed(request, vault)
    start_us, end_us = _instant(request, "start_us"), _instant(request, "end_us")
    key = request.POST.get("mode", "")
    if request.POST.get("later"):
        kept = [*read_later(vault), start_us][-MOST_LATER:]
        vault.put_doc(LATER, "1", encode(kept))
        return redirect("check")
    if key not in MODES or key in NOT_CHOSEN:
        raise ValueOutOfRange(name="mode", expected=", ".join(MODES))
    batch = work.correct_mode(vault, start_us=start_us, end_us=end_us, mode=Mode(key))
    learn(request)
    return redirect(f"{reverse('check')}?done={batch}")


def _agreed(request: HttpRequest, vault: OpenVault) -> HttpResponse:
    """Take a yes to what was suggested of the trips that stayed checked."""
    kind, _, value = request.POST["suggested"].partition(":")
    asked = set(request.POST.getlist("trip"))
    said: list[Correction] = []
    for offer in suggested(_trips(vault)).get((kind, value), ()):
        trip = offer.trip
        if f"{trip.started_us}-{trip.ended_us}" not in asked:
            continue
        leg = max(trip.legs, key=lambda leg: (leg.distance_m, leg.duration_s))
        part: Trip | Leg = leg if kind == "mode" else trip
        span = {"start_us": part.started_us, "end_us": part.ended_us}
        told = {"mode": Mode(value)} if kind == "mode" else {"purpose": Purpose(value)}
        said.append(work.new_correction(kind=kind, **span, **told))
    if not said:
        raise ValueOutOfRange(name="trips", expected=gettext("at least one trip selected"))
    batch = work.say(vault, said)
    learn(request)
    return redirect(f"{reverse('check')}?done={batch}")


def _instant(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 18:  # noqa: PLR2004 - int64
        raise ValueOutOfRange(name=name, expected="a whole number")
    return int(text)


def read_later(vault: OpenVault) -> list[int]:
    """Read what is not to be asked."""
    record = vault.get_doc(LATER, "1")
    return [] if record is None else decode(record, list[int])
