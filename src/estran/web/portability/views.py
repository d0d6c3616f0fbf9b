"""Pages of "My data, everywhere": copies, archives brought back, moves to another site."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from estran.errors import ArchiveUnknown, NotFound, Refusal, VaultLocked
from estran.web.accounts import keylife
from estran.web.config.errors import words_of
from estran.web.me.uploads import MAX_UPLOAD_BYTES, SealedFile, discard, refusal_of
from estran.web.portability import receiving, work
from estran.web.portability.downloading import answer
from estran.web.portability.models import Passage
from estran.web.portability.notes import SUFFIXES, read_notes
from estran.web.portability.words import label_of, refusal_words, ways_of

type_take = Callable[[], HttpResponse]


def _page(request: HttpRequest, error: Refusal | None = None, **more: object) -> HttpResponse:
    person, vault = keylife.person_of(request), keylife.open_vault(request)
    values = {
        "whole": work.whole(vault),
        "passages": [shown(p) for p in work.passages(vault, person)],
        "limit_bytes": MAX_UPLOAD_BYTES,
        "error": words_of(error) if error else "",
        **more,
    }
    status = error.status if error else 200
    return render(request, "portability/everywhere.html", values, status=status)


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage as pages show it."""

    progress: work.Progress
    label: str
    what: str
    error: str

    @property
    def percent(self) -> int:
        """How far it is."""
        return round(100 * self.progress.row.done_share)


def shown(progress: work.Progress) -> Shown:
    """Put a passage into words."""
    row = progress.row
    error = refusal_words(row.error) if row.state == Passage.State.FAILED else ""
    return Shown(progress, label_of(progress), ways_of(progress), error)


def _limited(request: HttpRequest, action: str, take: type_take) -> HttpResponse:
    """Do something that a person may not do too often; say on the page why it failed."""
    stopped = ratelimit.consume_or_429(request, action=action, user=request.user)
    if stopped:
        return cast("HttpResponse", stopped)
    try:
        return take()
    except VaultLocked:
        raise
    except Refusal as refusal:
        return _page(request, refusal)


@login_required
@require_GET
def everywhere(request: HttpRequest) -> HttpResponse:
    """Show what can be taken along, and how."""
    return _page(request)


@login_required
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Ask for a copy."""

    def take() -> HttpResponse:
        form = request.POST.get("form", "")[:20]
        row = work.start_export(
            request,
            form=form,
            first=request.POST.get("first", "")[:10],
            last=request.POST.get("last", "")[:10],
            passphrase=request.POST.get("passphrase", "")[:1000],
        )
        return redirect("passage", row.pk)

    return _limited(request, "export", take)


@login_required
@require_POST
def restore(request: HttpRequest) -> HttpResponse:
    """Take an archive back."""
    if keylife.key_of(request) is None:
        _throw_away(request)
        raise VaultLocked
    uploads = _uploads(request)

    def take() -> HttpResponse:
        stopped = refusal_of(request)
        if stopped is not None:
            raise stopped
        if len(uploads) != 1:
            raise ArchiveUnknown
        passphrase = request.POST.get("passphrase", "")[:1000]
        row = work.start_restore(request, uploads[0], passphrase)
        return redirect("passage", row.pk)

    response = _limited(request, "restore", take)
    _throw_away(request)
    return response


def _uploads(request: HttpRequest) -> list[SealedFile]:
    return [f for f in request.FILES.getlist("files") if isinstance(f, SealedFile)]


def _throw_away(request: HttpRequest) -> None:
    """Delete what was uploaded and not taken; what was taken lies elsewhere by now."""
    discard([upload.upload_id for upload in _uploads(request)])


@login_required
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Look at another site's address; the next page shows what would go and asks."""

    def take() -> HttpResponse:
        row = work.ask_to_send(request, request.POST.get("address", "")[:500])
        return redirect("passage", row.pk)

    return _limited(request, "send", take)


@login_required
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Make an address at which another site may bring this person's data, once."""

    def take() -> HttpResponse:
        row, path = receiving.invite(keylife.person_of(request))
        address = request.build_absolute_uri(path)
        return _page(request, invitation=row, address=address)

    return _limited(request, "send", take)


def _shown(request: HttpRequest, passage_id: uuid.UUID) -> Shown:
    vault = keylife.open_vault(request)
    return shown(work.progress(vault, keylife.person_of(request), passage_id))


@login_required
@require_GET
def status(request: HttpRequest, passage_id: uuid.UUID) -> HttpResponse:
    """Show how far it is; a move not agreed to yet shows what would go."""
    page = _shown(request, passage_id)
    values = {"page": page, "whole": work.whole(keylife.open_vault(request))}
    return render(request, "portability/passage.html", values)


@login_required
@require_GET
def progress(request: HttpRequest, passage_id: uuid.UUID) -> HttpResponse:
    """Answer the page that asks every second."""
    page = _shown(request, passage_id)
    response = render(request, "portability/_progress.html", {"page": page})
    if page.progress.row.is_over:
        response.headers["HX-Redirect"] = reverse("passage", args=[passage_id])
    return response


@login_required
@require_GET
def download(request: HttpRequest, passage_id: uuid.UUID) -> HttpResponseBase:
    """Give the made copy out."""
    person, vault = keylife.person_of(request), keylife.open_vault(request)
    found = work.progress(vault, person, passage_id)
    if not found.has_file:
        raise NotFound
    form = read_notes(vault, passage_id).form
    name = f"estran-{found.row.created_at:%Y-%m-%d}{SUFFIXES[form]}"
    return answer(request, vault, passage_id, form=form, name=name)


@login_required
@require_POST
def agree(request: HttpRequest, passage_id: uuid.UUID) -> HttpResponse:
    """Send, after the preview."""
    if request.POST.get("agreed") != "yes":
        return redirect("passage", _shown(request, passage_id).progress.row.pk)
    row = work.agree_to_send(request, passage_id)
    return redirect("passage", row.pk)


@login_required
@require_POST
def drop(request: HttpRequest, passage_id: uuid.UUID) -> HttpResponse:
    """Delete a made copy at once, or give up a move."""
    work.drop(request, passage_id)
    return redirect("everywhere")


@csrf_exempt
@require_http_methods(["GET", "POST"])
def receive(
    request: HttpRequest,
    invitation_id: uuid.UUID,
    code: str,
    key_print: str,  # noqa: ARG001 - for the sender, who compares it with the key
) -> HttpResponse:
    """Answer another site: with the key on GET, with a receipt after a POST.

    The code in the address is the right to do so, once; no cookie is looked at.
    """
    stopped = ratelimit.consume_or_429(request, action="receive")
    if stopped:
        return cast("HttpResponse", stopped)
    try:
        told = receiving.offer(invitation_id, code)
        if request.method == "POST":
            length = request.headers.get("Content-Length", "")
            n_bytes = int(length) if length.isascii() and length.isdigit() else 0
            receiving.take(invitation_id, code, request.read, n_bytes)
            told = {"schema": told["schema"], "received_bytes": n_bytes}
    except Refusal as refusal:
        words = {"code": refusal.code, "message": words_of(refusal)}
        return JsonResponse(words, status=refusal.status)
    if request.method == "GET" and "application/json" not in request.headers.get("Accept", ""):
        message = gettext(
            "This address is for another Estran: paste it there, under “My data, everywhere”."
        )
        return render(request, "refused.html", {"code": "", "message": message})
    return JsonResponse(told, status=201 if request.method == "POST" else 200)
