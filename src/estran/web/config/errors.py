"""Pages for what went wrong: a refusal in words, and Django's few statuses."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

from estran.errors import Refusal
from estran.wording import REFUSALS, say

_log = logging.getLogger(__name__)


def words_of(refusal: Refusal) -> str:
    """Say a refusal in the language of the request."""
    return say(REFUSALS, refusal.code, refusal.params, gettext)


def wants_json(request: HttpRequest) -> bool:
    """Tell whether the caller asked for JSON rather than a page."""
    return "application/json" in request.headers.get("Accept", "")


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer a refusal as a page, or as JSON where that is asked."""
    if refusal.status >= 500:  # noqa: PLR2004 - the server's own statuses
        _log.error("refused: %s", refusal.code)
    words = words_of(refusal)
    if wants_json(request):
        return JsonResponse({"code": refusal.code, "message": words}, status=refusal.status)
    return render(
        request, "refused.html", {"code": refusal.code, "message": words}, status=refusal.status
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Say that a form came too late or from elsewhere, and what to do."""
    message = gettext("This form is no longer valid. Reload the page and send it again.")
    return render(request, "refused.html", {"code": "csrf", "message": message}, status=403)
