"""Pages that anybody may read, and the two switches of the foot: colours and language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, gettext
from django.views.decorators.http import require_POST, require_safe

from estran.coach.periods import year_of
from estran.errors import ValueOutOfRange
from estran.web.me import show, showing
from estran.web.me.views import day_in, first_of, said_in
from estran.web.me.words import MODES
from estran.web.public import trying
from estran.web.public.example import BEST_DAY, ExampleShelf, is_ready

THEMES = ("auto", "light", "dark")
A_YEAR_S = 365 * 24 * 3600


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what this is, and where data lives."""
    return render(request, "public/home.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Explain what is kept, who can read it, and how it goes."""
    return render(request, "public/privacy.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """State how accessible the site is, and whom to tell of a defect."""
    return render(request, "public/accessibility.html")


def once_made(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask for a moment's patience while the example is first made."""

    @wraps(view)
    def patient(request: HttpRequest, **kwargs: date | int) -> HttpResponse:
        if not is_ready():
            return render(request, "public/soon.html")
        return view(request, **kwargs)

    return patient


@require_safe
def example(_request: HttpRequest) -> HttpResponse:
    """Open the example at a day that shows much."""
    return redirect("example-day", day=BEST_DAY)


@require_safe
@once_made
def example_day(request: HttpRequest, day: date) -> HttpResponse:
    """Show a day of the example."""
    return show.show_day(request, _shelf(request), day, done=show.done_before(request))


@require_safe
@once_made
def example_week(request: HttpRequest, day: date) -> HttpResponse:
    """Show a week of the example."""
    return show.show_week(request, _shelf(request), day)


@require_safe
@once_made
def example_month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Show a month of the example."""
    return show.show_month(request, _shelf(request), first_of(year, month))


@require_safe
@once_made
def example_dashboard(request: HttpRequest, year: int) -> HttpResponse:
    """Show the example's year."""
    return showing.show_dashboard(request, _shelf(request), year_of(year))


@require_safe
@once_made
def example_period(request: HttpRequest) -> HttpResponse:
    """Show any days of the example."""
    return showing.show_period(request, _shelf(request))


@require_safe
@once_made
def example_how(request: HttpRequest, measure: str) -> HttpResponse:
    """Show how a figure of the example was computed."""
    return showing.show_how(request, _shelf(request), measure)


def _shelf(request: HttpRequest) -> ExampleShelf:
    return ExampleShelf(trying.read(request))


@require_POST
@once_made
def example_correct(request: HttpRequest) -> HttpResponse:
    """Let a visitor try a correction; only their browser keeps it."""
    said = said_in(request)
    kept = trying.with_another(
        trying.read(request), start_us=said.start_us, end_us=said.end_us, mode=said.mode
    )
    sentence = gettext("Noted: {mode}. Only this browser knows, until it closes.")
    done = show.Done(sentence.format(mode=gettext(MODES[said.mode])), kept[-1].id)
    shelf = ExampleShelf(kept)
    response = show.show_said(request, shelf, said.day, done=done, anchor=said.anchor)
    trying.keep(response, kept)
    return response


@require_POST
@once_made
def example_undo(request: HttpRequest) -> HttpResponse:
    """Take back what a visitor said of the example."""
    key = request.POST.get("correction", "")
    kept = tuple(c for c in trying.read(request) if c.id != key)
    done = show.Done(gettext("Taken back."))
    response = show.show_said(request, ExampleShelf(kept), day_in(request), done=done)
    trying.keep(response, kept)
    return response


@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Keep the colours that somebody chose, in a cookie of their browser."""
    theme = request.POST.get("theme", "")
    if theme not in THEMES:
        raise ValueOutOfRange(name="theme", expected=", ".join(THEMES))
    response = HttpResponseRedirect(_back(request))
    if theme == "auto":
        response.delete_cookie("estran_theme", samesite="Lax")
    else:
        _keep(response, "estran_theme", theme)
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language that somebody chose: in a cookie, and with the account."""
    code = request.POST.get("language", "")
    if not check_for_language(code) or code not in dict(settings.LANGUAGES):
        raise ValueOutOfRange(name="language", expected="fr, en")
    if not isinstance(request.user, AnonymousUser):
        request.user.language = code
        request.user.save(update_fields=["language"])
    response = HttpResponseRedirect(_back(request))
    _keep(response, settings.LANGUAGE_COOKIE_NAME, code)
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=A_YEAR_S,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )


def _back(request: HttpRequest) -> str:
    """Give the page of this site that the switch was pressed on."""
    page = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        page, {request.get_host()}, require_https=request.is_secure()
    ):
        return page
    return "/"
