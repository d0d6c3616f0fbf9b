"""What wraps every request: refusals in words, the person's language, private pages."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control

from estran.errors import Refusal, VaultFull, VaultLocked
from estran.web.config.errors import refused, tells_full_disk

type_next = Callable[[HttpRequest], HttpResponse]

PERMISSIONS = "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)"


class refusals:  # noqa: N801 - a middleware is written as the function it stands for
    """Turn a :class:`~estran.errors.Refusal` into its page; a locked vault into its door."""

    def __init__(self, get_response: type_next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; Django calls :meth:`process_exception` itself."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal; let a bug fly to Django's border."""
        if isinstance(error, VaultLocked):
            return to_unlock(request)
        if isinstance(error, Refusal):
            return refused(request, error)
        if tells_full_disk(error):
            return refused(request, VaultFull())
        return None


def to_unlock(request: HttpRequest) -> HttpResponse:
    """Send a person whose vault is closed to the page that opens it, and back afterwards."""
    if not request.user.is_authenticated:
        door, came_from = reverse("account_login"), request.path
    else:
        door, came_from = reverse("unlock"), request.path
    query = urlencode({"next": came_from}) if request.method == "GET" else ""
    if request.headers.get("HX-Request") == "true":
        page = reverse("account_login") if not request.user.is_authenticated else reverse("unlock")
        return HttpResponse(status=403, headers={"HX-Redirect": page})
    return redirect(f"{door}?{query}" if query else door)


def language_of_person(get_response: type_next) -> type_next:
    """Speak the language that the signed-in person chose, whatever the browser asks."""

    def middleware(request: HttpRequest) -> HttpResponse:
        language = getattr(request.user, "language", "")
        if language and language != translation.get_language():
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return get_response(request)

    return middleware


def private_pages(get_response: type_next) -> type_next:
    """Keep the pages of a signed-in person out of every cache; set the fixed headers."""

    def middleware(request: HttpRequest) -> HttpResponse:
        signed_in = request.user.is_authenticated
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if signed_in or request.user.is_authenticated or request.COOKIES:
            patch_cache_control(response, no_store=True, private=True)
        return response

    return middleware
