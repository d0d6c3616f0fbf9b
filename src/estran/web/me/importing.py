"""Pages of bringing data: drop files, follow them, read the report, take an import back."""

from __future__ import annotations

import uuid
from typing import cast

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from estran.errors import Refusal, VaultLocked
from estran.web.accounts import keylife
from estran.web.config.errors import refused, wants_json, words_of
from estran.web.me import work
from estran.web.me.models import Import
from estran.web.me.uploads import MAX_UPLOAD_BYTES, SealedFile, discard, refusal_of
from estran.web.me.wordings import progress_page, report_page


@login_required
@require_http_methods(["GET", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """Take files on POST; show where to drop them and what was brought before."""
    person = keylife.person_of(request)
    if keylife.key_of(request) is None:
        _throw_away(request)
        raise VaultLocked
    if request.method == "POST":
        return _take(request)
    pages = [progress_page(p) for p in work.imports(person)]
    values = {
        "imports": pages,
        "limit_bytes": MAX_UPLOAD_BYTES,
        "missing": work.missing_imports(work.open_vault(request), person),
    }
    return render(request, "me/import.html", values)


def _uploads(request: HttpRequest) -> list[SealedFile]:
    return [f for f in request.FILES.getlist("files") if isinstance(f, SealedFile)]


def _throw_away(request: HttpRequest) -> None:
    if request.method == "POST":
        discard([upload.upload_id for upload in _uploads(request)])


def _take(request: HttpRequest) -> HttpResponse:
    """Put what was uploaded to work, or say why it was not taken."""
    limited = ratelimit.consume_or_429(request, action="import", user=request.user)
    if limited:
        _throw_away(request)
        return cast("HttpResponse", limited)
    uploads = _uploads(request)  # reads the body: only then is known what stopped it
    try:
        row = _started(request, uploads)
    except Refusal as refusal:
        _throw_away(request)
        if wants_json(request):
            return refused(request, refusal)
        pages = [progress_page(p) for p in work.imports(keylife.person_of(request))]
        values = {"imports": pages, "limit_bytes": MAX_UPLOAD_BYTES, "error": words_of(refusal)}
        return render(request, "me/import.html", values, status=refusal.status)
    except BaseException:
        _throw_away(request)  # the site then says what broke; nothing of it waits for ever
        raise
    page = reverse("import-status", args=[row.pk])
    if wants_json(request):
        return JsonResponse({"id": str(row.pk), "url": page}, status=201)
    return redirect(page)


def _started(request: HttpRequest, uploads: list[SealedFile]) -> Import:
    stopped = refusal_of(request)
    if stopped is not None:
        raise stopped
    return work.start_import(request, uploads)


@login_required
@require_GET
def import_status(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """Show how far an import is, and its report when it is over."""
    progress = work.import_progress(keylife.person_of(request), import_id)
    vault = work.open_vault(request)
    report = work.import_report(vault, import_id) if progress.is_over else None
    values = {
        "progress": progress_page(progress),
        "files": work.brought(vault, import_id).files,
        "report": report_page(report) if report else None,
        # The row says done and the vault knows nothing of it: they are of different days.
        "is_missing": progress.state == Import.State.DONE and report is None,
        "n_never": work.never_kept(vault, import_id),
    }
    return render(request, "me/import_status.html", values)


@login_required
@require_GET
def import_progress(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """Answer the page that asks every second: a fragment, or JSON where that is asked."""
    progress = work.import_progress(keylife.person_of(request), import_id)
    if wants_json(request):
        return JsonResponse(progress_page(progress).as_json())
    response = render(request, "me/import_progress.html", {"progress": progress_page(progress)})
    if progress.is_over:
        # The page is loaded again as a whole: the report has come.
        response.headers["HX-Redirect"] = reverse("import-status", args=[import_id])
    return response


@login_required
@require_POST
def import_undo(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """Take an import back."""
    row = work.undo_import(request, import_id)
    return redirect("import-status", row.pk)


@login_required
@require_POST
def import_retry(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """Begin a stopped import anew."""
    row = work.retry_import(request, import_id)
    return redirect("import-status", row.pk)
