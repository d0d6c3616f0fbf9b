"""The inbox of what is unsure and matters: one tap each, and none when none is."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from estran.carbon import factor_set
from estran.coach.asking import Question, questions
from estran.errors import ValueOutOfRange
from estran.journal import Mode
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
    words = words_of()
    asked = _asked(vault)
    rows = [_row(question, words) for question in asked]
    values = {"here": "coach", "rows": rows, "done": request.GET.get("done", "")[:64]}
    return render(request, "correcting/check.html", values)


def _asked(vault: OpenVault) -> tuple[Question, ...]:
    last = work.known_days(vault).last
    if last is None:
        return ()
    trips = work.journal(vault, last - LOOKED_AT, last).trips
    return questions(trips, factors=factor_set(), later=frozenset(read_later(vault)))


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


def _instant(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 18:  # noqa: PLR2004 - int64
        raise ValueOutOfRange(name=name, expected="a whole number")
    return int(text)


def read_later(vault: OpenVault) -> list[int]:
    """Read what is not to be asked."""
    record = vault.get_doc(LATER, "1")
    return [] if record is None else decode(record, list[int])
