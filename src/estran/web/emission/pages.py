"""The pages that join an app of e-mission's family: its token, its link, what it may read."""

from __future__ import annotations

import json
import time
import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from estran.errors import NotFound, ValueOutOfRange, VaultLocked
from estran.vault.consent import Purpose
from estran.web.accounts import keylife
from estran.web.emission import slots
from estran.web.emission.calls import APP
from estran.web.emission.study import study_of
from estran.web.live import work
from estran.web.live.connecting import code_for, doubt_of, site_of
from estran.web.live.models import Device
from estran.web.live.shelf import one_of
from estran.web.live.tokens import draw_token
from estran.web.me import consents
from estran.web.me.permissions import Given, uses_of
from estran.wire.emission.study import SCHEMES, join_link, token_of

SPANS_DAYS = (30, 90, 365)
"""How long an app may read. The last is proposed: a phone stays for long."""
SHOWN_S = 30 * 60


@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Explain, list the phones that are joined, and join another."""
    person, vault = keylife.person_of(request), keylife.open_vault(request)
    study = study_of(site_of(request).rstrip("/"))
    if request.method == "POST":
        group = request.POST.get("group", "")
        if group and group not in study.groups:
            raise ValueOutOfRange(name="group", expected=", ".join(study.groups))
        chosen = group or (study.groups[0] if study.groups else "")
        token = token_of(study.name, chosen, draw_token())
        name = request.POST.get("name", "").strip() or _("My phone")
        row, token = work.add_device(request, APP, name, token=token)
        slots.remember(vault, row.pk.hex, token)
        keylife.seal_text(request, person, _kept_as(row), json.dumps([token, _until_s()]))
        return redirect("emission-device", device_id=row.pk)
    rows = [one_of(person, vault, row) for row in work.devices_of(person) if row.app == APP]
    return render(request, "emission/start.html", {"devices": rows, "study": study})


def _until_s() -> int:
    return int(time.time()) + SHOWN_S


def _kept_as(row: Device) -> str:
    return f"device_token_{row.pk.hex}"


def _token_of(request: HttpRequest, row: Device) -> str:
    kept = keylife.sealed_text(request, keylife.person_of(request), _kept_as(row))
    if not kept:
        return ""
    token, until_s = json.loads(kept)
    if until_s < time.time():
        keylife.forget_text(request, _kept_as(row))
        return ""
    return str(token)


@login_required
@require_http_methods(["GET", "POST"])
def device(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    """Show what joins an app, and what it may read; change that."""
    person, vault = keylife.person_of(request), keylife.open_vault(request)
    row = work.device_of(person, device_id)
    if row.app != APP:
        raise NotFound
    if request.method == "POST":
        return _change(request, row)
    days = request.GET.get("days", str(SPANS_DAYS[-1]))
    asked = _offer(row, days)
    given = consents.standing(vault, Purpose.APP, slots.recipient_of(row.pk.hex))
    has_way = hasattr(row, "reading_slot")
    values = {
        "device": one_of(person, vault, row),
        "given": Given.of(given) if given and has_way else None,
        "text": asked.text,
        "uses": uses_of(asked.reads, asked.writes),
        "spans": [(n, timezone.now().date() + timedelta(days=n)) for n in SPANS_DAYS],
        "days": int(days),
        **_joining(request, row),
    }
    return render(request, "emission/device.html", values)


def _joining(request: HttpRequest, row: Device) -> dict[str, Any]:
    """Give what joins the app, while the token is shown."""
    token, site = _token_of(request, row), site_of(request).rstrip("/")
    if not token:
        return {"token": ""}
    link = join_link(token)
    return {
        "token": token,
        "link": link,
        "other_link": join_link(token, SCHEMES[1]),
        "code": code_for(link, _("Code that joins the app: scan it with the app")),
        "connect_url": f"{site}/",
        "doubt": doubt_of(site),
        "config_url": f"{site}/configs/{study_of(site).name}.nrel-op.json",
    }


def _offer(row: Device, days: str) -> consents.Offer:
    if days not in {str(n) for n in SPANS_DAYS}:
        raise ValueOutOfRange(name="days", expected=", ".join(map(str, SPANS_DAYS)))
    last_day = timezone.now().date() + timedelta(days=int(days))
    return slots.offer(row.pk.hex, last_day, get_language() or "fr")


def _change(request: HttpRequest, row: Device) -> HttpResponse:
    what = request.POST.get("what", "")
    vault, key = keylife.open_vault(request), keylife.key_of(request)
    if key is None:
        raise VaultLocked
    if what == "allow":
        slots.let_read(row, vault, key, _offer(row, request.POST.get("days", "")))
        messages.success(request, _("Noted: this app may read your trips."))
    elif what == "withdraw":
        slots.shut_out(row, vault)
        messages.success(request, _("Taken back: this app reads nothing any more."))
    elif what == "hide":
        keylife.forget_text(request, _kept_as(row))
    elif what == "renew":
        # The former token opens nothing any more: neither the door nor the vault.
        slots.shut_out(row, vault)
        _row, token = _renewed(request, row)
        slots.remember(vault, row.pk.hex, token)
        person = keylife.person_of(request)
        keylife.seal_text(request, person, _kept_as(row), json.dumps([token, _until_s()]))
    return redirect("emission-device", device_id=row.pk)


def _renewed(request: HttpRequest, row: Device) -> tuple[Device, str]:
    study = study_of(site_of(request).rstrip("/"))
    group = study.groups[0] if study.groups else ""
    token = token_of(study.name, group, draw_token())
    return work.renew_token(request, row.pk, token=token)
