"""Around each request: the browser's half of the vault key, and where somebody is signed in."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from estran.web.accounts.keylife import set_cookie
from estran.web.accounts.models import Person
from estran.web.accounts.signins import note_seen


def vault_cookie(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Write what :mod:`.keylife` decided during the request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        set_cookie(request, response)
        return response

    return middleware


def seen(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Note that a signed-in browser was seen."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if isinstance(request.user, Person):
            note_seen(request, request.user)
        return response

    return middleware
