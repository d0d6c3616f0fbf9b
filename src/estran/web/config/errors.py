"""Pages for what went wrong: a refusal in words, and Django's few statuses."""

from __future__ import annotations

import errno
import logging
import sqlite3
import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.defaults import server_error

from estran.errors import Refusal, VaultFull
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


_SQLITE_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC}
_POSTGRESQL_FULL = "53100"


def tells_full_disk(error: BaseException | None) -> bool:
    """Tell whether an error, or what caused it, is a disk that takes no more."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return True
        if getattr(error, "sqlite_errorcode", None) in _SQLITE_FULL:
            return True
        if getattr(error, "sqlstate", None) == _POSTGRESQL_FULL:
            return True
        error = error.__cause__
    return False


def broken(request: HttpRequest) -> HttpResponse:
    """Answer for a bug; where the disk is full, say that instead, which is none of ours."""
    if tells_full_disk(sys.exc_info()[1]):
        return refused(request, VaultFull())
    return server_error(request)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Say that a form came too late or from elsewhere, and what to do."""
    message = gettext("This form is no longer valid. Reload the page and send it again.")
    return render(request, "refused.html", {"code": "csrf", "message": message}, status=403)
