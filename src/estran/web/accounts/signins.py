"""Where a person is signed in, and how to end it: elsewhere or everywhere."""

from __future__ import annotations

import time
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from estran.web.accounts.models import Person, SignIn

SEEN_EVERY = timedelta(minutes=10)
"""A page view is written down this often at most: it costs a write to the disk."""

_KEPT = "sign_in"

_BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("CrOS", "ChromeOS"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(user_agent: str) -> str:
    """Name browser and system, so that a person knows the device again; no version, no model.

    Examples
    --------
    >>> device_of("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox, Linux'
    >>> device_of("curl/8")
    ''
    """
    found = [
        next((name for mark, name in known if mark in user_agent), "")
        for known in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(name for name in found if name)


def note_seen(request: HttpRequest, person: Person) -> None:
    """Write down that this browser was seen, at most every ten minutes."""
    key = request.session.session_key
    if key is None:
        return
    kept = request.session.get(_KEPT)
    last_key, last_s = kept if isinstance(kept, list) and len(kept) == 2 else ("", 0)  # noqa: PLR2004 - a pair
    now_s = int(time.time())
    if last_key == key and now_s - last_s < SEEN_EVERY.total_seconds():
        return
    device = device_of(request.headers.get("User-Agent", ""))
    values = {"person": person, "device": device, "seen_at": timezone.now()}
    moved = SignIn.objects.filter(session_key=last_key, person=person).update(
        session_key=key, **values
    )
    if not moved:
        SignIn.objects.update_or_create(session_key=key, defaults=values)
    request.session[_KEPT] = [key, now_s]


def live(person: Person) -> list[SignIn]:
    """List where a person is signed in, last seen first; forget those that ended."""
    rows = list(SignIn.objects.filter(person=person).order_by("-seen_at", "-pk"))
    keys = set(
        Session.objects.filter(
            session_key__in=[row.session_key for row in rows], expire_date__gt=timezone.now()
        ).values_list("session_key", flat=True)
    )
    ended = [row.pk for row in rows if row.session_key not in keys]
    SignIn.objects.filter(pk__in=ended).delete()
    return [row for row in rows if row.session_key in keys]


def end(rows: list[SignIn]) -> int:
    """Sign out: the session goes, and with it the half of the vault's key that it held."""
    Session.objects.filter(session_key__in=[row.session_key for row in rows]).delete()
    return SignIn.objects.filter(pk__in=[row.pk for row in rows]).delete()[0]


def end_others(request: HttpRequest, person: Person) -> int:
    """Sign out everywhere but in this browser."""
    here = request.session.session_key
    return end([row for row in SignIn.objects.filter(person=person) if row.session_key != here])
