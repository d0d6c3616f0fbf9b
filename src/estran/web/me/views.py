"""A person's own journal and dashboard: parse, work, render."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from estran.coach.facts import Facts
from estran.coach.garage import Garage
from estran.coach.money import pass_eur
from estran.coach.periods import year_of
from estran.errors import NotFound, ValueOutOfRange
from estran.journal import Journal, Mode
from estran.web.accounts import keylife
from estran.web.accounts.models import Person
from estran.web.garage.documents import read_garage
from estran.web.live.documents import notes_by_device
from estran.web.me import show, showing, work
from estran.web.me.pages import NOT_CHOSEN
from estran.web.me.staleness import freshen_soon
from estran.web.me.words import MODES
from estran.web.sources.documents import read_decided, read_overview
from estran.web.sources.pages import DaySources, day_sources
from estran.web.tickets.stating import home_on


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

    def facts(self, first: date, last: date) -> Facts:
        """Rows of the days, from which every figure is summed."""
        return work.period_facts(self.vault, first, last)

    def passes_eur(self, first: date, last: date) -> float:
        """Tell what passes cost over the days, whatever is ridden. [€]"""
        return sum(pass_eur(one, first, last) for one in read_garage(self.vault).passes)

    def corrections(self) -> Sequence[tuple[str, int, int]]:
        """Id, start and end of what the person said."""
        said = work.corrections(self.vault)
        return [(c.id, c.start_us, c.end_us) for c in said if c.kind == "mode"]

    def garage(self) -> Garage:
        """Tell what they travel with."""
        return read_garage(self.vault)

    def told(self, day: date) -> DaySources | None:
        """Which sources a day was made of, where an analysis told it."""
        decided, overview = read_decided(self.vault, day), read_overview(self.vault)
        if decided is None or overview is None:
            return None
        return day_sources(decided, overview, notes_by_device(self.vault))


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
    shelf = OwnShelf(request)
    said = gettext("You said that you worked at home.") if home_on(shelf.vault, day) else ""
    return show.show_day(request, shelf, day, done=show.done_before(request), said=said)


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
    shelf, said = OwnShelf(request), said_in(request)
    key = work.correct_mode(shelf.vault, start_us=said.start_us, end_us=said.end_us, mode=said.mode)
    _learn(request)
    sentence = gettext("Noted: {mode}. Trips like it are looked at again in a few minutes.").format(
        mode=gettext(MODES[said.mode])
    )
    done = show.Done(sentence, key)
    return show.show_said(request, shelf, said.day, done=done, anchor=said.anchor)


@login_required
@require_POST
def undo_correction(request: HttpRequest) -> HttpResponse:
    """Take back what a person said of a leg."""
    shelf, day = OwnShelf(request), day_in(request)
    work.take_back(shelf.vault, request.POST.get("correction", "")[:64])
    _learn(request)
    return show.show_said(request, shelf, day, done=show.Done(gettext("Taken back.")))


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
    return showing.show_dashboard(request, OwnShelf(request), year_of(year))


@login_required
@require_safe
def dashboard_period(request: HttpRequest) -> HttpResponse:
    """Show any days, from and to as asked."""
    return showing.show_period(request, OwnShelf(request))


@login_required
@require_safe
def dashboard_how(request: HttpRequest, measure: str) -> HttpResponse:
    """Show how a figure was computed."""
    return showing.show_how(request, OwnShelf(request), measure)


def first_of(year: int, month: int) -> date:
    """Give the first day of a month; there is no thirteenth."""
    if not 1 <= month <= 12:  # noqa: PLR2004 - months of a year
        raise NotFound
    return date(year, month, 1)


def _learn(request: HttpRequest) -> None:
    """Let trips like the one spoken of be looked at again in a while."""
    key = keylife.key_of(request)
    if key is not None and isinstance(request.user, Person):
        freshen_soon(request.user, key)


@dataclass(frozen=True, slots=True)
class Said:
    """What a form says of a leg."""

    day: date
    start_us: int
    end_us: int
    mode: Mode

    @property
    def anchor(self) -> str:
        """Name the leg on the page of its day."""
        return f"#l{self.start_us}"


def said_in(request: HttpRequest) -> Said:
    """Read a correction from a form.

    Raises
    ------
    ValueOutOfRange
        A field is missing or is not of its kind.
    """
    return Said(
        day_in(request),
        _integer(request, "start_us"),
        _integer(request, "end_us"),
        _mode(request.POST.get("mode", "")),
    )


def day_in(request: HttpRequest) -> date:
    """Read the day of the page that a form was on."""
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
