"""Answer a request with the dashboard of a period, or with how one of its figures came about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from estran.coach.periods import Kind, Period, last_days, month_of, week_of, year_of
from estran.coach.usual import KNOWN_SHARE, LEAST_PERIODS, LOOK_BACK_WEEKS
from estran.web.me.dashboard import dashboard_page, usual_split
from estran.web.me.figures import DEFAULT, LABELS, PAST_LOOKED_AT
from estran.web.me.how import how_page
from estran.web.me.show import Known, Shelf, frame, words_of
from estran.web.me.summing import factors_of

SHORT_DAYS = 30
USUAL_DAYS = 100
"""Periods of more days show their usual trips when asked: to find them takes a moment."""

LONGEST_DAYS = 3660
"""Ten years at once are enough, and a page stays quick."""

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years that a journal may show (journal_urls)."""


@dataclass(frozen=True, slots=True)
class Way:
    """A link to another period."""

    label: str
    to: str
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form of a period holds, and what is wrong with it."""

    first: str
    last: str
    error: str = ""


def address(period: Period, names: dict[str, str], measure: str = "") -> str:
    """Give the address of a period; that of a year has its number in it."""
    query = {"by": measure} if measure and measure != DEFAULT else {}
    if period.kind is Kind.YEAR:
        page = reverse(names["dashboard"], args=[period.first.year])
    else:
        page = reverse(names["period"])
        query = {"from": str(period.first), "to": str(period.last), **query}
    return f"{page}?{urlencode(query)}" if query else page


def show_dashboard(request: HttpRequest, shelf: Shelf, period: Period) -> HttpResponse:
    """Answer with a period beside the person's own past."""
    known = shelf.known()
    around = frame(shelf, _anchor(period, known), here="dashboard")
    measure = _measure(request)
    facts = shelf.facts(_reach(period, known), period.last)
    shows_usual = period.n_days <= USUAL_DAYS or "usual" in request.GET

    def usual_trip(key: str) -> str:
        return "" if shelf.is_example else reverse("recurring-one", args=[key])

    extra = usual_split(facts, period, measure, words_of(), usual_trip) if shows_usual else None
    page = dashboard_page(
        facts,
        period,
        measure=measure,
        words=words_of(),
        extra=() if extra is None else (extra,),
        passes_eur=shelf.passes_eur(period.first, period.last),
    )
    names = around["names"]
    context = {
        "page": page,
        "known": known,
        "asked": Asked(str(period.first), str(period.last)),
        "ways": _ways(period, known, names, measure),
        "previous": _beside(period, -1, known, names, measure),
        "following": _beside(period, 1, known, names, measure),
        "measures": [(key, gettext(label)) for key, label in LABELS.items()],
        "shows_usual": shows_usual,
        "is_year": period.kind is Kind.YEAR,
        "period": period,
        "years": sorted({day.year for day in known.days}),
        "query": urlencode({"from": period.first, "to": period.last}),
        **around,
    }
    return render(request, "me/dashboard.html", context)


def show_period(request: HttpRequest, shelf: Shelf) -> HttpResponse:
    """Answer with the days asked for; with the form again where they are none."""
    known = shelf.known()
    asked = _asked(request)
    if not asked.first and not asked.last and known.last is not None:
        return show_dashboard(request, shelf, last_days(known.last, SHORT_DAYS))
    if asked.error:
        context = {"asked": asked, **frame(shelf, date(2000, 1, 1), here="dashboard")}
        return render(request, "me/period_asked.html", context, status=400)
    return show_dashboard(request, shelf, _period(asked))


def show_how(request: HttpRequest, shelf: Shelf, measure: str) -> HttpResponse:
    """Answer with how a figure of a period was computed."""
    asked = _asked(request)
    around = frame(shelf, date(2000, 1, 1), here="dashboard")
    if asked.error:
        return render(request, "me/period_asked.html", {"asked": asked, **around}, status=400)
    period = _period(asked)
    number = request.GET.get("page", "1")
    facts = shelf.facts(period.first, period.last)
    page = how_page(
        facts,
        period,
        measure,
        factors=factors_of(shelf.journal(period.last, period.last).made_by),
        number=int(number) if number.isascii() and number.isdigit() else 1,
        words=words_of(),
    )
    context = {
        "page": page,
        "back": address(period, around["names"], measure),
        "query": urlencode({"from": period.first, "to": period.last}),
        "measures": [(key, gettext(label)) for key, label in LABELS.items()],
        **around,
    }
    return render(request, "me/how.html", context)


def _measure(request: HttpRequest) -> str:
    asked = request.GET.get("by", "")
    return asked if asked in LABELS else DEFAULT


def _asked(request: HttpRequest) -> Asked:
    first, last = request.GET.get("from", "")[:32], request.GET.get("to", "")[:32]
    days = _day(first), _day(last)
    error = ""
    if days[0] is None or days[1] is None:
        error = gettext("Give both days as year, month and day, such as 2026-03-31.")
    elif days[1] < days[0]:
        error = gettext("The last day is before the first.")
    elif (days[1] - days[0]).days >= LONGEST_DAYS:
        error = gettext("Ten years at once are the most.")
    return Asked(first, last, error)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _period(asked: Asked) -> Period:
    return Period(date.fromisoformat(asked.first), date.fromisoformat(asked.last))


def _anchor(period: Period, known: Known) -> date:
    """Give the day that other spans are shown around: the last known one inside."""
    return max((d for d in known.days if period.first <= d <= period.last), default=period.last)


def _reach(period: Period, known: Known) -> date:
    """Tell how far back rows are read: the periods before, and the weeks of trends."""
    first = period.last - timedelta(weeks=LOOK_BACK_WEEKS + 1)
    before = period.before(PAST_LOOKED_AT[period.kind])
    if period.kind is Kind.YEAR:
        enough = [p for p in before if _share_known(p, known) >= KNOWN_SHARE]
        before = before if len(enough) >= LEAST_PERIODS else before[:1]
    reach = min([first, period.first, *(p.first for p in before)])
    return min(max(reach, known.first or reach), period.first)


def _share_known(period: Period, known: Known) -> float:
    n_known = sum(period.first <= day <= period.last for day in known.days)
    return n_known / period.n_days


def _ways(period: Period, known: Known, names: dict[str, str], measure: str) -> tuple[Way, ...]:
    """Link the spans around the same day."""
    day = _anchor(period, known)
    latest = last_days(known.last or day, SHORT_DAYS)
    spans = (
        (gettext("Week"), week_of(day), period.kind is Kind.WEEK),
        (gettext("Month"), month_of(day), period.kind is Kind.MONTH),
        (gettext("Year"), year_of(day.year), period.kind is Kind.YEAR),
        (gettext("Last 30 days"), latest, period == latest and period.kind is Kind.DAYS),
    )
    return tuple(Way(label, address(span, names, measure), here) for label, span, here in spans)


def _beside(
    period: Period, n: int, known: Known, names: dict[str, str], measure: str
) -> Way | None:
    """Link the period before or after, where something is known on that side."""
    other = period.step(n)
    if other is None or not FIRST_YEAR <= other.first.year <= other.last.year <= LAST_YEAR:
        return None
    if known.first is None or known.last is None:
        return None
    if (n < 0 and known.first > other.last) or (n > 0 and known.last < other.first):
        return None
    label = gettext("Period before") if n < 0 else gettext("Period after")
    if other.kind is Kind.YEAR:
        label = str(other.first.year)
    return Way(label, address(other, names, measure))
