"""Corrections of the example: they live in a visitor's browser, and nowhere here."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from estran.coach.corrections import Correction
from estran.journal import Mode

COOKIE = "estran_example"
"""Gone when the browser closes; signed, so that what is read was written here."""

MOST = 30
"""Corrections that are kept, the last ones: a cookie holds 4 kB."""

_BETWEEN, _INSIDE = "~", "."


def read(request: HttpRequest) -> tuple[Correction, ...]:
    """Read what this visitor said of the example, in the order in which it was said."""
    text = request.get_signed_cookie(COOKIE, default="") or ""
    said = [part.split(_INSIDE) for part in text.split(_BETWEEN) if part]
    return tuple(
        Correction(
            id=_INSIDE.join((start, end, mode)),
            start_us=int(start),
            end_us=int(end),
            mode=Mode(mode),
            made_at_us=n,
        )
        for n, (start, end, mode) in enumerate(said)
    )


def with_another(
    said: Iterable[Correction], *, start_us: int, end_us: int, mode: Mode
) -> tuple[Correction, ...]:
    """Add a correction; an older one of the same time goes."""
    kept = [c for c in said if (c.start_us, c.end_us) != (start_us, end_us)]
    key = _INSIDE.join((str(start_us), str(end_us), mode.value))
    made_at_us = max((c.made_at_us for c in kept), default=0) + 1
    new = Correction(id=key, start_us=start_us, end_us=end_us, mode=mode, made_at_us=made_at_us)
    return (*kept, new)[-MOST:]


def keep(response: HttpResponse, said: Iterable[Correction]) -> None:
    """Give the corrections back to the visitor's browser."""
    text = _BETWEEN.join(c.id for c in said)
    if not text:
        response.delete_cookie(COOKIE, samesite="Lax")
        return
    response.set_signed_cookie(
        COOKIE, text, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
    )
