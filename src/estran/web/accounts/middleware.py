"""The browser's half of the vault key, set and taken back with the answer."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from estran.web.accounts.keylife import set_cookie


def vault_cookie(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Write what :mod:`.keylife` decided during the request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        set_cookie(request, response)
        return response

    return middleware
