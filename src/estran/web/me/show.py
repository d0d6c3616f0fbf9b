"""Answer a request with a journal page, whoever the journal is of: a person or the example."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext

from estran.coach.facts import Facts
from estran.coach.garage import Garage
from estran.journal import Journal
from estran.web.garage.telling import with_costs
from estran.web.me import drawing, months, pages, still
from estran.web.me.ground import cells_for
from estran.web.me.words import Words

if TYPE_CHECKING:
    from estran.web.sources.pages import DaySources


class Known(Protocol):
    """Which days something is known of."""

    @property
    def first(self) -> date | None:
        """First known day."""

    @property
    def last(self) -> date | None:
        """Last known day."""

    @property
    def days(self) -> frozenset[date]:
        """All known days."""


class Shelf(Protocol):
    """Where the journal of somebody is read from."""

    @property
    def is_example(self) -> bool:
        """Nobody's journal: what is said of it stays in the visitor's browser."""

    def journal(self, first: date, last: date) -> Journal:
        """Entries that overlap these days."""

    def known(self) -> Known:
        """Which days are known."""

    def facts(self, first: date, last: date) -> Facts:
        """Rows of the days, from which every figure is summed."""

    def passes_eur(self, first: date, last: date) -> float:
        """Tell what passes cost over the days. [€]"""

    def corrections(self) -> Sequence[tuple[str, int, int]]:
        """Id, start and end of what the person said."""

    def garage(self) -> Garage:
        """Tell what they travel with."""

    def told(self, day: date) -> DaySources | None:
        """Which sources a day was made of, where it is known."""


OWN = {"day": "journal-day", "week": "journal-week", "month": "journal-month",
       "dashboard": "dashboard-year", "period": "dashboard-period", "how": "dashboard-how",
       "correct": "correct-leg", "undo": "undo-correction"}  # fmt: skip
EXAMPLE = {name: f"example-{name}" for name in OWN}
"""Names of the addresses that the pages link to."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was just done, said in a moment's note with its undo."""

    sentence: str
    undo: str = ""


def words_of() -> Words:
    """Speak the language of the request."""
    return Words(get_language() or "fr", gettext, ngettext)


def show_day(
    request: HttpRequest, shelf: Shelf, day: date, *, done: Done | None = None, said: str = ""
) -> HttpResponse:
    """Answer with a day; only its list where htmx asks."""
    words = words_of()
    journal = shelf.journal(day, day)
    page = pages.day_page(journal, day, words=words, corrections=shelf.corrections())
    page = with_costs(page, journal, shelf.garage(), words)
    if request.headers.get("HX-Request") == "true":
        context = {"page": page, "done": done, **frame(shelf, day)}
        return render(request, "me/_day_list.html", context)
    context = {"page": page, "done": done, "said": said, **frame(shelf, day)}
    if page.entries:
        context["told"] = shelf.told(day)
        context["still"] = still.draw(
            journal, letters=drawing.letters_of(journal.entries), words=words
        )
        context["cells"] = cells_for(page.drawing)
    else:
        context["known"] = known = shelf.known()
        context["nearest"] = nearest(known.days, day)
    return render(request, "me/day.html", context)


def show_said(
    request: HttpRequest, shelf: Shelf, day: date, *, done: Done, anchor: str = ""
) -> HttpResponse:
    """Answer a correction or its undoing: with the list, or by the way back to the day."""
    if request.headers.get("HX-Request") == "true":
        return show_day(request, shelf, day, done=done)
    page = reverse((EXAMPLE if shelf.is_example else OWN)["day"], kwargs={"day": day})
    return redirect(f"{page}?{urlencode({'done': done.undo})}{anchor}" if done.undo else page)


def done_before(request: HttpRequest) -> Done | None:
    """Say after the way back what was done; ``None`` where nothing was."""
    key = request.GET.get("done", "")
    return Done(gettext("Noted."), key[:64]) if key else None


def show_week(request: HttpRequest, shelf: Shelf, day: date) -> HttpResponse:
    """Answer with the week that holds a day."""
    monday = day - timedelta(days=day.weekday())
    journal = shelf.journal(monday, monday + timedelta(days=6))
    known = shelf.known().days
    page = months.week_page(journal, monday, known=known, words=words_of())
    context = {"page": page, **_nearest_if_none(page, known, monday), **frame(shelf, day)}
    return render(request, "me/week.html", context)


def show_month(request: HttpRequest, shelf: Shelf, first: date) -> HttpResponse:
    """Answer with a month."""
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    journal = shelf.journal(first, last)
    known = shelf.known().days
    page = months.month_page(journal, first, known=known, words=words_of())
    context = {"page": page, **_nearest_if_none(page, known, first), **frame(shelf, first)}
    return render(request, "me/month.html", context)


def _nearest_if_none(
    page: months.WeekPage, known: frozenset[date], first: date
) -> dict[str, dict[str, date | None]]:
    """Give a page of days of which nothing is known the way to those that are."""
    if any(tile.is_known for tile in page.tiles):
        return {}
    return {"nearest": nearest(known, first)}


def frame(shelf: Shelf, day: date, *, here: str = "journal") -> dict[str, Any]:
    """Give what every journal page needs around its content."""
    return {
        "day": day,
        "names": EXAMPLE if shelf.is_example else OWN,
        "is_example": shelf.is_example,
        "here": "example" if shelf.is_example else here,
    }


def nearest(days: frozenset[date], day: date) -> dict[str, date | None]:
    """Find the known days just before and just after a day."""
    known = sorted(days)
    before, after = bisect_left(known, day), bisect_right(known, day)
    return {
        "before": known[before - 1] if before else None,
        "after": known[after] if after < len(known) else None,
    }


def show_empty(request: HttpRequest, *, here: str = "journal") -> HttpResponse:
    """Answer a person who has brought nothing yet with what to do next."""
    return render(request, "me/empty.html", {"here": here, "names": OWN, "known": {}})
