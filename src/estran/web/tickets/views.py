"""Tickets: the list, hand entry, the search of stations. Parse, work, render."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import islice

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estran.tickets.confirming import KINDS, draft_of
from estran.tickets.stations import Station
from estran.tickets.values import Draft, Journey
from estran.timebase import local_day, to_datetime
from estran.travel import Mode
from estran.web.accounts import keylife
from estran.web.me.show import words_of
from estran.web.store.opened import OpenVault
from estran.web.tickets import documents as docs
from estran.web.tickets import work
from estran.web.tickets.forms import TOLD, TicketForm
from estran.web.tickets.wordings import LOOKED_AT, STATES, TO_COME

ON_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket as the list shows it."""

    id: str
    when: str
    day: str
    ends: str
    what: str
    state: str | Promise
    batch: str


@login_required
@require_safe
def tickets(request: HttpRequest) -> HttpResponse:
    """List what was stated, and the ways to state more."""
    vault = keylife.open_vault(request)
    states = docs.read_outcome(vault).states
    kept = docs.read_tickets(vault)[::-1]
    lines = [_line(j, states.get(j.id, "")) for j in islice(kept, ON_A_PAGE)]
    values = {
        "lines": lines,
        "n_more": max(len(kept) - ON_A_PAGE, 0),
        "n_habits": len(docs.read_habits(vault)),
        "n_letters": len(docs.read_letters(vault)),
        "at_home": [(b, len(d.days), d.kind) for b, d in docs.read_at_home(vault).items()],
        "n_stations": len(work.places()),
        "publishers": work.publishers(),
    }
    return render(request, "tickets/tickets.html", values)


def _line(journey: Journey, state: str) -> Line:
    words = words_of()
    start = to_datetime(journey.start_us, journey.tz)
    named = " ".join(part for part in (journey.operator, journey.number) if part)
    told = STATES.get(state) or (TO_COME if journey.end_us > work.now_us() else LOOKED_AT)
    return Line(
        journey.id,
        f"{words.day_month(start.date(), year=True)}, {start:%H:%M}",
        local_day(journey.start_us, journey.tz).isoformat(),
        f"{journey.origin.name} → {journey.destination.name}",
        " · ".join(part for part in (words.mode(journey.mode), named) if part),
        told,
        journey.batch,
    )


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Enter a ticket by hand."""
    vault = keylife.open_vault(request)
    return _edited(request, vault, None)


@login_required
@require_http_methods(["GET", "POST"])
def ticket(request: HttpRequest, ticket_id: str) -> HttpResponse:
    """Change a ticket, or delete it."""
    vault = keylife.open_vault(request)
    found = work.ticket(vault, ticket_id)
    if "remove" in request.POST:
        work.remove(request, vault, ticket_id)
        messages.success(request, _("Deleted, and what stood in your journal by it."))
        return redirect("tickets")
    return _edited(request, vault, found)


def _edited(request: HttpRequest, vault: OpenVault, before: Journey | None) -> HttpResponse:
    form = TicketForm(request.POST or None, initial=_initial(request, before))
    if request.method == "POST" and form.is_valid():
        ticket_id = before.id if before else ""
        done = work.confirm(vault, _as_before(form.draft, before), ticket_id=ticket_id)
        if not form.tell(done.flaws, choices_of(form.draft)) and done.journey is not None:
            n_kept = work.keep(request, vault, [done.journey])
            told = _("Noted. Your journal is made anew in a moment.")
            messages.success(request, told if n_kept else _("This ticket was known already."))
            return redirect("tickets")
    values = {
        "form": form,
        "ticket": before,
        "publishers": work.publishers(),
        "as_written": bool(form.errors),
    }
    return render(request, "tickets/ticket.html", values, status=422 if form.errors else 200)


def _initial(request: HttpRequest, before: Journey | None) -> dict[str, str]:
    if before is None:
        return {"mode": request.GET.get("mode", "train")[:20], "passengers": "1"}
    starts, ends = (to_datetime(t, before.tz) for t in (before.start_us, before.end_us))
    told = asdict(draft_of(before, starts, ends))
    return {name: text for name, text in told.items() if isinstance(text, str)}


def _as_before(draft: Draft, before: Journey | None) -> Draft:
    """Keep the point of an end whose name was not changed."""
    if before is None:
        return draft
    told = asdict(draft)
    for name, end in (("origin", before.origin), ("destination", before.destination)):
        if told[name] == end.name and end.is_placed:
            lat, lon = end.at_deg
            told[name] = f"{end.name} @{lat:.5f},{lon:.5f}"
    told["flaws"] = ()
    return Draft(**told)


def choices_of(draft: Draft) -> dict[str, tuple[Station, ...]]:
    """Give the places that each end of a draft may mean."""
    kinds = KINDS.get(Mode(draft.mode), frozenset()) if draft.mode in TOLD else frozenset()
    known = work.places()
    return {
        name: known.search(getattr(draft, name), kinds=kinds) for name in ("origin", "destination")
    }


@login_required
@require_safe
def stations(request: HttpRequest) -> HttpResponse:
    """Answer a field that asks while somebody types: options of a list."""
    typed = [text for name, text in request.GET.items() if name != "mode"]
    text = str(typed[0])[:80] if typed else ""
    found = work.places().search(text) if len(text.strip()) > 1 else ()
    return render(request, "tickets/_stations.html", {"stations": found})


@login_required
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back what came together."""
    vault = keylife.open_vault(request)
    n_gone = work.undo_batch(request, vault, request.POST.get("batch", "")[:64])
    told = ngettext("{n} line was taken back.", "{n} lines were taken back.", n_gone)
    messages.success(request, told.format(n=n_gone))
    return redirect("tickets")
