"""Where a person is signed in, and how to end it: elsewhere or everywhere."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from estran.web.accounts.models import Person, SignIn

SEEN_EVERY = timedelta(minutes=10)
"""A page view is written down this often at most: it costs a write to the disk."""

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
    """Write down that this browser was seen, at most every ten minutes.

    Nothing is written to the session for it: that would lengthen the session each time.
    """
    key = request.session.session_key
    if key is None:
        return
    now = timezone.now()
    here = SignIn.objects.filter(session_key=key, person=person)
    seen_at = here.values_list("seen_at", flat=True).first()
    if seen_at is not None and now - seen_at < SEEN_EVERY:
        return
    device = device_of(request.headers.get("User-Agent", ""))
    if seen_at is not None:
        here.update(device=device, seen_at=now)
        return
    values = {"person": person, "device": device, "seen_at": now}
    SignIn.objects.update_or_create(session_key=key, defaults=values)
    live(person)


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
