"""The recorder's page, its worker and manifest, and the one tap that connects a browser."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from estran.errors import NotFound, VaultLocked
from estran.web.accounts import keylife
from estran.web.accounts.models import Person
from estran.web.accounts.signins import device_of as browser_of
from estran.web.live import work
from estran.web.live.models import Device
from estran.web.recorder import shell as shells
from estran.web.retention.pausing import collects

APP = "recorder"


@require_safe
def record(_request: HttpRequest) -> HttpResponse:
    """Show the recorder; the page is the same for everybody."""
    return HttpResponse(shells.page(_language()))


@require_safe
def shell(_request: HttpRequest, language: str) -> HttpResponse:
    """Give the page in a language, for the worker to keep."""
    if language not in shells.LANGUAGES:
        raise Http404
    return HttpResponse(shells.page(language))


@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """Give the service worker; the browser asks for it anew each time."""
    return HttpResponse(
        shells.worker(), content_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )


@require_safe
def manifest(_request: HttpRequest) -> JsonResponse:
    """Tell the browser how the recorder looks on a home screen."""
    icons = [
        {"src": static("icons/estran.svg"), "type": "image/svg+xml", "sizes": "any"},
        *(
            {
                "src": static(f"icons/app-{size}.png"),
                "type": "image/png",
                "sizes": f"{size}x{size}",
                "purpose": purpose,
            }
            for size, purpose in ((192, "any"), (512, "any"), (512, "maskable"))
        ),
    ]
    told = {
        "id": reverse("record"),
        "start_url": reverse("record"),
        "scope": "/",
        "name": gettext("Estran: record a trip"),
        "short_name": "Estran",
        "lang": _language(),
        "display": "standalone",
        "background_color": "#f6f0e4",
        "theme_color": "#dbe8ea",
        "icons": icons,
    }
    return JsonResponse(told, content_type="application/manifest+json")


@require_safe
def me(request: HttpRequest) -> JsonResponse:
    """Tell the recorder's page who is signed in, and how it should look; never kept."""
    person = request.user
    theme = request.COOKIES.get("estran_theme", "")
    told: dict[str, object] = {
        "signed_in": isinstance(person, Person),
        "language": _language(),
        "theme": theme if theme in {"light", "dark"} else "",
    }
    if isinstance(person, Person):
        rows = work.devices_of(person)
        told |= {
            "owner": owner_of(person),
            "csrf": get_token(request),
            "paused": not collects(person),
            "devices": [row.pk.hex for row in rows if row.app == APP],
        }
    return JsonResponse(told, headers={"Cache-Control": "no-store, private"})


@login_required
@require_POST
def connect(request: HttpRequest) -> JsonResponse:
    """Let this browser add to the vault; a browser that was connected gets another token."""
    person = keylife.person_of(request)
    try:
        device, token = _again(request, person) or work.add_device(request, APP, _name(request))
    except VaultLocked:
        door = f"{reverse('unlock')}?next={reverse('record')}"
        return JsonResponse({"code": VaultLocked.code, "url": door}, status=409)
    told = {"token": token, "device": device.pk.hex, "owner": owner_of(person)}
    return JsonResponse(told, headers={"Cache-Control": "no-store, private"})


def _again(request: HttpRequest, person: Person) -> tuple[Device, str] | None:
    try:
        device = work.device_of(person, uuid.UUID(request.POST.get("device", "")))
    except (ValueError, NotFound):
        return None
    return work.renew_token(request, device.pk) if device.app == APP else None


def _name(request: HttpRequest) -> str:
    browser = browser_of(request.headers.get("User-Agent", ""))
    return gettext("Recorder in {browser}").format(browser=browser or gettext("a browser"))


def owner_of(person: Person) -> str:
    """Tell people of one browser apart, without telling who they are."""
    return salted_hmac("estran.recorder.owner", str(person.pk)).hexdigest()[:16]


def _language() -> str:
    return (get_language() or settings.LANGUAGE_CODE)[:2]
