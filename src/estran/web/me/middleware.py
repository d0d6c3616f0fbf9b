"""What follows when a person opens the vault."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from estran.web.accounts import keylife
from estran.web.accounts.models import Person
from estran.web.me.staleness import freshen


def when_opened(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Look for a stale journal after the request that opened the vault."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        person = request.user
        if keylife.was_opened_now(request) and isinstance(person, Person):
            key = keylife.key_of(request)
            if key is not None:
                freshen(person, keylife.open_vault(request), key)
        return response

    return middleware
