"""Sources: the hub, one source, its order and its removal. Parse, work, render."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estran.errors import NotFound
from estran.web.accounts import keylife
from estran.web.live.documents import notes_by_device
from estran.web.live.shelf import shelf
from estran.web.me import work as me_work
from estran.web.me.documents import read_calendar, read_change
from estran.web.me.show import words_of
from estran.web.me.staleness import has_other_order, remake_now
from estran.web.sources import work
from estran.web.sources.documents import read_overview, read_preference
from estran.web.sources.doing import failed
from estran.web.sources.pages import SourcePage, source_pages
from estran.web.store.opened import OpenVault


def _pages(vault: OpenVault) -> list[SourcePage] | None:
    with vault.reading():
        overview = read_overview(vault)
        said = read_preference(vault)
        notes = notes_by_device(vault)
    if overview is None:
        return None
    return source_pages(vault.vault_id, overview, said, notes, words_of())


@login_required
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Show all that is connected, what it covers and in which order it is believed."""
    person, vault = keylife.person_of(request), keylife.open_vault(request)
    pages = _pages(vault)
    devices = shelf(person, vault)
    n_imports = len(me_work.imports(person))
    key = keylife.key_of(request)
    if pages is None and key is not None and vault.sources():
        remake_now(person, key)  # of before sources were told: a worker tells them
    values: dict[str, Any] = {
        "pages": pages or [],
        "is_counted": pages is not None or not vault.sources(),
        "is_new": not pages and not devices and not n_imports and not vault.sources(),
        "devices": devices,
        "n_imports": n_imports,
        "is_behind": has_other_order(read_calendar(vault).made_by, vault)
        or bool(read_change(vault)),
    }
    return render(request, "sources/sources.html", values)


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Help somebody to find what they have already."""
    return render(request, "sources/start.html")


def _one(vault: OpenVault, ref: str) -> SourcePage:
    for page in _pages(vault) or []:
        if page.ref == ref:
            return page
    raise NotFound


@login_required
@require_safe
def source(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one source: days, gaps, overlaps, and why it counted or not."""
    vault = keylife.open_vault(request)
    work.key_of(vault, ref)
    if read_overview(vault) is None:
        return redirect("sources")
    return render(request, "sources/source.html", {"page": _one(vault, ref)})


@login_required
@require_POST
def change(request: HttpRequest, ref: str) -> HttpResponse:
    """Move a source in the order, or set it aside."""
    work.change(request, ref, request.POST.get("what", ""))
    return redirect(f"{reverse('sources')}#s-{ref}")


@login_required
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what a removal would take, then have it done."""
    vault = keylife.open_vault(request)
    work.key_of(vault, ref)
    if read_overview(vault) is None:
        return redirect("sources")
    page = _one(vault, ref)
    plan = work.plan(vault, page.key)
    mark = request.POST.get("mark", "")
    if mark == plan.mark:
        removal_id = work.start_removal(request, page.key, page.name, mark)
        return redirect("source-removal", removal_id)
    devices = {row.row.pk.hex for row in shelf(keylife.person_of(request), vault)}
    values = {
        "page": page,
        "plan": plan,
        "is_other": bool(mark),
        "n_alone": page.n_days - page.n_shared,
        "is_connected": page.device_id in devices,
    }
    return render(request, "sources/remove.html", values)


@login_required
@require_safe
def removal(request: HttpRequest, removal_id: uuid.UUID) -> HttpResponse:
    """Show how far a removal is; only its progress where htmx asks."""
    person, vault = keylife.person_of(request), keylife.open_vault(request)
    found = work.read_removal(vault, removal_id)
    if not found.is_over and failed(removal_id, person.pk):
        found = replace(found, state="failed")
    values = {"removal": found, "removal_id": removal_id, "percent": int(100 * found.share)}
    if request.headers.get("HX-Request") == "true":
        response = render(request, "sources/_removal.html", values)
        if found.is_over:
            response.headers["HX-Redirect"] = reverse("source-removal", args=[removal_id])
        return response
    return render(request, "sources/removal.html", values)
