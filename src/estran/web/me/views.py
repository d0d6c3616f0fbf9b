"""A person's own journal and dashboard: parse, work, render."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from estran.coach.summary import PeriodSummary
from estran.errors import NotFound, ValueOutOfRange
from estran.journal import Journal, Mode
from estran.web.me import show, work
from estran.web.me.pages import NOT_CHOSEN
from estran.web.me.words import MODES


class OwnShelf:
    """The vault of the person who asks."""

    is_example = False

    def __init__(self, request: HttpRequest) -> None:
        self.vault = work.open_vault(request)

    def journal(self, first: date, last: date) -> Journal:
        """Entries that overlap these days, corrected and priced."""
        return work.journal(self.vault, first, last)

    def known(self) -> work.KnownDays:
        """Which days are known."""
        return work.known_days(self.vault)

    def summary(self, first: date, last: date) -> PeriodSummary:
        """Sum up the days."""
        return work.period_summary(self.vault, first, last)

    def corrections(self) -> Sequence[tuple[str, int, int]]:
        """Id, start and end of what the person said."""
        return [(c.id, c.start_us, c.end_us) for c in work.corrections(self.vault)]


@login_required
@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """Open the journal at its last known day."""
    shelf = OwnShelf(request)
    last = shelf.known().last
    if last is None:
        return show.show_empty(request)
    return redirect("journal-day", day=last)


@login_required
@require_safe
def journal_day(request: HttpRequest, day: date) -> HttpResponse:
    """Show a day; after a correction without JavaScript, with its undo."""
    done = None
    if key := request.GET.get("done", ""):
        done = show.Done(gettext("Noted."), key[:64])
    return show.show_day(request, OwnShelf(request), day, done=done)


@login_required
@require_safe
def journal_week(request: HttpRequest, day: date) -> HttpResponse:
    """Show the week that holds a day."""
    return show.show_week(request, OwnShelf(request), day)


@login_required
@require_safe
def journal_month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Show a month."""
    return show.show_month(request, OwnShelf(request), first_of(year, month))


@login_required
@require_POST
def correct_leg(request: HttpRequest) -> HttpResponse:
    """Take a person's word for the mode of a leg."""
    shelf, day = OwnShelf(request), _day(request)
    mode = _mode(request.POST.get("mode", ""))
    start_us, end_us = _integer(request, "start_us"), _integer(request, "end_us")
    key = work.correct_mode(shelf.vault, start_us=start_us, end_us=end_us, mode=mode)
    if request.headers.get("HX-Request") == "true":
        sentence = gettext("Noted: {mode}.").format(mode=gettext(MODES[mode]))
        return show.show_day(request, shelf, day, done=show.Done(sentence, key))
    page = reverse("journal-day", kwargs={"day": day})
    return redirect(f"{page}?done={key}#l{start_us}")


@login_required
@require_POST
def undo_correction(request: HttpRequest) -> HttpResponse:
    """Take back what a person said of a leg."""
    shelf, day = OwnShelf(request), _day(request)
    work.undo_correction(shelf.vault, request.POST.get("correction", "")[:64])
    if request.headers.get("HX-Request") == "true":
        return show.show_day(request, shelf, day, done=show.Done(gettext("Taken back.")))
    return redirect("journal-day", day=day)


@login_required
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Open the dashboard at the last known year."""
    last = OwnShelf(request).known().last
    if last is None:
        return show.show_empty(request, here="dashboard")
    return redirect("dashboard-year", year=last.year)


@login_required
@require_safe
def dashboard_year(request: HttpRequest, year: int) -> HttpResponse:
    """Show a year."""
    return show.show_dashboard(request, OwnShelf(request), year)


def first_of(year: int, month: int) -> date:
    """Give the first day of a month; there is no thirteenth."""
    if not 1 <= month <= 12:  # noqa: PLR2004 - months of a year
        raise NotFound
    return date(year, month, 1)


def _day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("day", ""))
    except ValueError as error:
        raise ValueOutOfRange(name="day", expected="YYYY-MM-DD") from error


def _mode(key: str) -> Mode:
    if key not in MODES or key in NOT_CHOSEN:
        raise ValueOutOfRange(name="mode", expected=", ".join(MODES))
    return Mode(key)


def _integer(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 18:  # noqa: PLR2004 - int64
        raise ValueOutOfRange(name=name, expected="a whole number")
    return int(text)
