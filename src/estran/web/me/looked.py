"""The page "Who looked at my data": the access log in words, and whether it is whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from estran.timebase import to_datetime
from estran.vault.audit import AuditEntry
from estran.web.accounts import keylife
from estran.web.me.access import log_of, resume
from estran.web.me.documents import DAY, read_calendar, read_entries
from estran.web.me.permission_words import digest_of, sentence
from estran.web.store.logbook import Log
from estran.web.store.opened import OpenVault

PAGE_LINES = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A line as people read it."""

    number: int
    at: datetime
    words: str
    digest: str
    is_proved: bool


@login_required
@require_safe
def access_log(request: HttpRequest) -> HttpResponse:
    """Show who or what opened the vault, when and why, the latest first."""
    vault = keylife.open_vault(request)
    log = log_of(vault)
    page = _page(request)
    zone = zone_of(vault)
    entries = log.entries[::-1][page * PAGE_LINES : (page + 1) * PAGE_LINES]
    lines = [_line(entry, log, zone) for entry in entries]
    proved = [e for e in log.entries if e.number >= log.examined.unbroken_from]
    values = {
        "days": [(day, list(some)) for day, some in groupby(lines, lambda one: one.at.date())],
        "log": log,
        "zone": zone,
        "n_lines": len(log.entries),
        "unbroken_since": to_datetime(proved[0].at_us, zone) if proved else None,
        "later": page - 1 if page else None,
        "earlier": page + 1 if len(log.entries) > (page + 1) * PAGE_LINES else None,
    }
    return render(request, "me/access_log.html", values)


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0  # noqa: PLR2004 - no log is longer


def _line(entry: AuditEntry, log: Log, zone: str) -> Line:
    return Line(
        entry.number,
        to_datetime(entry.at_us, zone),
        sentence(entry),
        digest_of(entry),
        entry.number >= log.examined.unbroken_from,
    )


def zone_of(vault: OpenVault) -> str:
    """Give the time zone in which the person was last seen, UTC before that."""
    for day in sorted(read_calendar(vault).dates(), reverse=True)[:1]:
        for entry in reversed(read_entries(vault, DAY, day.isoformat())):
            return entry.tz
    return "UTC"


@login_required
@require_POST
def access_resume(request: HttpRequest) -> HttpResponse:
    """Go on with the log after the person has seen that lines are missing."""
    resume(keylife.open_vault(request))
    return redirect("access-log")
