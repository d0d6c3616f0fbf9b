"""Confirmations brought as mail, calendar or text: proposed, and kept after a yes only."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from estran.errors import Refusal, VaultLocked
from estran.tickets.messages.mail import MOST_BYTES, MOST_TEXT
from estran.tickets.values import Draft, How, Journey
from estran.web.accounts import keylife
from estran.web.config.errors import words_of
from estran.web.me.uploads import SealedFile, discard, refusal_of
from estran.web.store.opened import OpenVault
from estran.web.tickets import documents as docs
from estran.web.tickets import work
from estran.web.tickets.forms import TicketForm
from estran.web.tickets.views import choices_of

MOST_SHOWN = 30


def uploads_of(request: HttpRequest) -> list[SealedFile]:
    """Give the sealed files of a request."""
    return [f for f in request.FILES.getlist("files") if isinstance(f, SealedFile)]


def opened_upload(request: HttpRequest, vault: OpenVault, most_bytes: int) -> tuple[bytes, str]:
    """Open the one small file of a request, which is deleted whatever comes of it."""
    uploads = uploads_of(request)
    try:
        stopped = refusal_of(request)
        if stopped is not None:
            raise stopped
        if not uploads:
            return b"", ""
        first = uploads[0]
        return work.content_of(vault, first, most_bytes=most_bytes), first.name or ""
    finally:
        discard([upload.upload_id for upload in uploads])


@login_required
@require_http_methods(["GET", "POST"])
def message(request: HttpRequest) -> HttpResponse:
    """Take a text, a mail or a calendar."""
    if keylife.key_of(request) is None:
        discard([upload.upload_id for upload in uploads_of(request)])
        raise VaultLocked
    vault = keylife.open_vault(request)
    error = ""
    text = request.POST.get("text", "")[:MOST_TEXT] if request.method == "POST" else ""
    if request.method == "POST":
        try:
            content, name = opened_upload(request, vault, MOST_BYTES)
            content = content or text.encode()
            proposed_id = work.propose_message(vault, content, name or _("the text"))
            return redirect("tickets-proposed", proposed_id)
        except VaultLocked:
            raise
        except Refusal as refusal:
            error = words_of(refusal)
    values = {"error": error, "text": text}
    return render(request, "tickets/message.html", values, status=422 if error else 200)


@dataclass(slots=True)
class Card:
    """A proposal: its form, and whether the person wants it."""

    form: TicketForm
    rank: int
    is_wanted: bool


@login_required
@require_http_methods(["GET", "POST"])
def proposed(request: HttpRequest, proposed_id: str) -> HttpResponse:
    """Show what was read, field by field; keep what the person says yes to."""
    vault = keylife.open_vault(request)
    found = work.proposed(vault, proposed_id)
    if "none" in request.POST:
        vault.delete_doc(docs.PROPOSED, proposed_id)
        messages.info(request, _("Nothing was kept."))
        return redirect("tickets")
    cards = [_card(request, draft, k) for k, draft in enumerate(found.drafts[:MOST_SHOWN])]
    status = 200
    if request.method == "POST":
        journeys = _journeys(vault, cards, How(found.how), proposed_id)
        if journeys is not None:
            n_kept = work.keep(request, vault, journeys) if journeys else 0
            vault.delete_doc(docs.PROPOSED, proposed_id)
            told = ngettext("{n} ticket was kept.", "{n} tickets were kept.", n_kept)
            messages.success(request, told.format(n=n_kept))
            return redirect("tickets")
        status = 422
    values = {
        "cards": cards, "title": found.title, "is_empty": found.drafts == (Draft(row=1),),
        "n_more": max(len(found.drafts) - MOST_SHOWN, 0), "as_written": status != 200,  # noqa: PLR2004 - said twice
    }  # fmt: skip
    return render(request, "tickets/proposed.html", values, status=status)


def _card(request: HttpRequest, draft: Draft, k: int) -> Card:
    told = {name: text for name, text in asdict(draft).items() if isinstance(text, str)}
    data = request.POST if request.method == "POST" else None
    form = TicketForm(data, initial={**told, "mode": told["mode"] or "train"}, prefix=str(k))
    return Card(form, k, data is None or f"{k}-keep" in data)


def _journeys(vault: OpenVault, cards: list[Card], how: How, batch: str) -> list[Journey] | None:
    """Make journeys of the wanted proposals; None while one of them lacks something."""
    journeys: list[Journey] = []
    is_whole = True
    for card in cards:
        if not card.is_wanted:
            continue
        if not card.form.is_valid():
            is_whole = False
            continue
        draft = card.form.draft
        done = work.confirm(vault, draft, how=how, batch=batch)
        hinders = card.form.tell(done.flaws, choices_of(draft))
        if hinders or done.journey is None:
            is_whole = False
        else:
            journeys.append(replace(done.journey, batch=batch))
    return journeys if is_whole else None
