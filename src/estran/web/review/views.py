"""A year in review, to read and to print. Parse, work, render."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from estran.coach.review import Review, review
from estran.timebase import local_day
from estran.web.me import work
from estran.web.me.show import show_empty, words_of
from estran.web.me.words import Words


@login_required
@require_safe
def last_review(request: HttpRequest) -> HttpResponse:
    """Open the review of the last known year."""
    last = work.known_days(work.open_vault(request)).last
    if last is None:
        return show_empty(request, here="coach")
    return redirect("review-year", year=last.year)


@login_required
@require_safe
def year_review(request: HttpRequest, year: int) -> HttpResponse:
    """Tell a year."""
    vault, words = work.open_vault(request), words_of()
    first, last = date(year, 1, 1), date(year, 12, 31)
    now = work.period_summary(vault, first, last)
    before = work.period_summary(vault, date(year - 1, 1, 1), date(year - 1, 12, 31))
    trips = work.journal(vault, first, last).trips
    years = sorted({day.year for day in work.known_days(vault).days})
    told = review([t for t in trips if local_day(t.started_us, t.tz).year == year], now, before)
    values: dict[str, Any] = {
        "here": "coach",
        "year": year,
        "sentences": sentences(told, words),
        "co2e": words.co2e(now.total.co2e),
        "unknown": words.percent(now.unknown_share) if now.unknown_share > 0 else "",
        "previous": max((y for y in years if y < year), default=None),
        "following": min((y for y in years if y > year), default=None),
    }
    return render(request, "review/year.html", values)


def sentences(told: Review, words: Words) -> list[str]:
    """Say the facts of a year, one sentence each."""
    if not told.n_days:
        return []
    number, out = words.number, []

    def say(text: str, **values: str) -> None:
        out.append(text.format(**values))

    say(
        gettext("{n} trips over {days} known days: {distance} in all."),
        n=number(told.n_trips),
        days=number(told.n_days),
        distance=words.distance(told.distance_m),
    )
    if told.own_power_m > 0:
        say(
            gettext("{distance} under your own power, {minutes} of movement."),
            distance=words.distance(told.own_power_m),
            minutes=words.duration(told.active_min * 60),
        )
    if told.days_by_mode:
        parts = [f"{words.mode(mode)}: {number(n)}" for mode, n in told.days_by_mode]
        say(gettext("Days on which you travelled mainly by … {list}."), list=", ".join(parts))
    if told.busiest is not None:
        say(
            gettext("{month} was the month in which you moved most by yourself."),
            month=words.month(told.busiest),
        )
    if told.longest is not None:
        day = local_day(told.longest.started_us, told.longest.tz)
        say(
            gettext("The longest trip, on {day}: {distance}."),
            day=words.day_month(day),
            distance=words.distance(told.longest.distance_m),
        )
    if told.most_usual is not None:
        say(
            gettext("The trip you made most often: {n} times, usually {duration}, {mode}."),
            n=number(len(told.most_usual.trips)),
            duration=words.duration(told.most_usual.duration_s),
            mode=words.mode(told.most_usual.mode).lower(),
        )
    for mode, before_m, now_m in told.changes:
        say(
            gettext("{mode}: {now} a known day, {before} the year before."),
            mode=words.mode(mode),
            now=words.distance(now_m),
            before=words.distance(before_m),
        )
    return out
