"""A page with the vault open takes in what phones brought since the last one."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from estran.web.live.doing import take_in_for

type_next = Callable[[HttpRequest], HttpResponse]


def take_in_when_open(get_response: type_next) -> type_next:
    """After a page was made: queue what waits. The page itself is not kept waiting."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "GET" and request.user.is_authenticated:
            take_in_for(request)
        return response

    return middleware
