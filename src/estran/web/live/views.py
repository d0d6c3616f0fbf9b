"""The page of devices: parse, work, render."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping
from typing import cast

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estran.errors import NotFound, VaultLocked
from estran.web.accounts import keylife
from estran.web.accounts.models import Person
from estran.web.live import catalogue, connecting, handing, setup, work
from estran.web.live.forms import AddForm, NameForm, PhraseForm
from estran.web.live.handing import Handed
from estran.web.live.models import Device
from estran.web.live.opening import n_closed
from estran.web.live.removing import Removal, remove_all, what_goes
from estran.web.live.setup import SAMPLINGS, Connection
from estran.web.live.shelf import Shown, one_of, phone_of, shelf
from estran.web.me.staleness import remake_now


@login_required
@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    """List what is connected, and how each device does."""
    person, vault = keylife.person_of(request), keylife.open_vault(request)
    return render(request, "live/devices.html", {"devices": shelf(person, vault)})


@login_required
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Choose an app."""
    apps = catalogue.APPS.values()
    groups = [
        (catalogue.PHONE_WORDS[phone], [app for app in apps if phone in app.phones], phone.value)
        for phone in catalogue.PHONE_WORDS
    ]
    others = [app for app in apps if not app.phones]
    values = {
        "groups": groups,
        "others": others,
        "recorder": RECORDER if _answers(RECORDER) else "",
    }
    return render(request, "live/choose.html", values)


RECORDER = "/record/"
"""The recorder in the browser, where it is built in."""


def _answers(address: str) -> bool:
    try:
        return bool(resolve(address))
    except Resolver404:
        return False


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, app: str) -> HttpResponse:
    """Tell of an app; add a device that uses it."""
    known = catalogue.APPS.get(app)
    if known is None:
        raise NotFound
    keylife.open_vault(request)
    initial = {
        "name": _("My phone") if known.phones else str(known.name),
        "phone": request.GET.get("phone", ""),
        "sampling": setup.FINE.key,
    }
    form = AddForm(request.POST or None, app=known, initial=initial)
    if request.method == "POST" and form.is_valid():
        row, token = work.add_device(
            request, known.key, form.cleaned_data["name"],
            phone=form.chosen_phone, sampling=form.chosen_sampling,
        )  # fmt: skip
        _show_later(request, row, token)
        return redirect("device-connect", device_id=row.pk)
    status = 422 if form.errors else 200
    return render(request, "live/add.html", {"app": known, "form": form}, status=status)


def _kept_as(row: Device) -> str:
    return f"device_token_{row.pk.hex}"


def _show_later(request: HttpRequest, row: Device, token: str) -> None:
    """Let the next page show a token, for half an hour, until it works or is hidden."""
    text = json.dumps([token, handing.until_s()])
    keylife.seal_text(request, keylife.person_of(request), _kept_as(row), text)


def _token_of(request: HttpRequest, row: Device) -> tuple[str, int]:
    """Give the token that waits to be shown and until when, ``""`` where it was."""
    kept = keylife.sealed_text(request, keylife.person_of(request), _kept_as(row))
    if not kept:
        return "", 0
    token, until_s = json.loads(kept)
    if until_s < time.time():
        keylife.forget_text(request, _kept_as(row))
        return "", 0
    return str(token), int(until_s)


def _here(request: HttpRequest, device_id: uuid.UUID) -> tuple[Person, Shown]:
    person, vault = keylife.person_of(request), keylife.open_vault(request)
    return person, one_of(person, vault, work.device_of(person, device_id))


@login_required
@require_safe
def device(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    """Show a device: how it does, what helps, and what can be done with it."""
    return _device(request, device_id)


def _device(
    request: HttpRequest,
    device_id: uuid.UUID,
    *,
    name_form: NameForm | None = None,
    phrase_form: PhraseForm | None = None,
) -> HttpResponse:
    _person, shown = _here(request, device_id)
    app = catalogue.APPS.get(shown.row.app)
    refused = name_form is not None or phrase_form is not None
    values = {
        "device": shown,
        "n_closed": n_closed(keylife.open_vault(request), shown.row.pk.hex),
        "is_owntracks": shown.row.app == catalogue.OWNTRACKS,
        "is_known": app is not None,
        "samplings": catalogue.SAMPLING_WORDS.items() if app and app.has_link else (),
        "sampling": shown.notes.sampling or setup.FINE.key,
        "has_token": bool(_token_of(request, shown.row)[0]),
        "name_form": name_form or NameForm(initial={"name": shown.name}),
        "phrase_form": phrase_form or PhraseForm(initial={"phrase": shown.notes.phrase}),
    }
    return render(request, "live/device.html", values, status=422 if refused else 200)


@login_required
@require_safe
def connect(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    """Show how an app is set up, while the token may be shown."""
    _person, shown = _here(request, device_id)
    token, until_s = _token_of(request, shown.row)
    app = catalogue.APPS.get(shown.row.app)
    if shown.row.app == catalogue.EMISSION:
        return redirect("emission-device", device_id=device_id)
    if not token or app is None:
        return redirect("device", device_id=device_id)
    site = connecting.site_of(request)
    part = handing.sealed(_handed(shown, token, until_s))
    to = _connection(site, shown, token)
    profile = site + reverse("device-phone-file", args=[part, setup.PROFILE])
    plan = connecting.plan_of(app.key, to, profile_address=profile)
    handed = site + reverse("device-phone", args=[part])
    scanned = handed if app.key == catalogue.GPSLOGGER else plan.link
    values = {
        "device": shown, "app": app, "plan": plan, "token": token, "handed": handed,
        "code": connecting.code_for(scanned, _("Code to scan")) if scanned else "",
        "handed_code": connecting.code_for(handed, _("Code of a page")) if plan.link else "",
        "is_handed": app.key == catalogue.GPSLOGGER,
        "doubt": connecting.doubt_of(site) if app.phones else "", "site": site,
    }  # fmt: skip
    return render(request, "live/connect.html", values)


def _connection(site: str, shown: Shown, token: str) -> Connection:
    return Connection(
        site,
        token,
        shown.name,
        phone_of(shown.notes),
        SAMPLINGS.get(shown.notes.sampling, setup.FINE),
        shown.notes.phrase,
    )


def _handed(shown: Shown, token: str, until_s: int) -> Handed:
    to = _connection("", shown, token)
    return Handed(shown.row.app, token, to.label, to.phone, to.sampling.key, until_s, to.phrase)


@login_required
@require_safe
def state(request: HttpRequest, device_id: uuid.UUID) -> JsonResponse:
    """Tell the waiting page whether something came."""
    _person, shown = _here(request, device_id)
    heard = shown.row.last_received_at is not None
    return JsonResponse({"heard": heard, "said": shown.said})


@login_required
@require_safe
def own_file(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    """Give OwnTracks' configuration as a file, while the token may be shown."""
    _person, shown = _here(request, device_id)
    token, _until_s = _token_of(request, shown.row)
    if not token or shown.row.app != catalogue.OWNTRACKS:
        raise NotFound
    to = _connection(connecting.site_of(request), shown, token)
    return _file(setup.OTRC, setup.owntracks_file(setup.owntracks_configuration(to)))


def _file(name: str, text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


# What is done with a device

type_deed = Callable[[HttpRequest, Device], HttpResponse]


@login_required
@require_POST
def change(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    """Rename, pause, go on, renew the token, hide it, keep a phrase."""
    person = keylife.person_of(request)
    row = work.device_of(person, device_id)
    deed = _DEEDS.get(request.POST.get("what", ""))
    if deed is None:
        raise NotFound
    return deed(request, row)


def _rename(request: HttpRequest, row: Device) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        return _device(request, row.pk, name_form=form)
    work.rename_device(request, row.pk, form.cleaned_data["name"])
    messages.success(request, _("It has its new name."))
    return redirect("device", device_id=row.pk)


def _pause(request: HttpRequest, row: Device) -> HttpResponse:
    work.pause_device(keylife.person_of(request), row.pk)
    messages.success(
        request, _("Paused. The app may go on sending; nothing of it is kept, now or later.")
    )
    return redirect("device", device_id=row.pk)


def _resume(request: HttpRequest, row: Device) -> HttpResponse:
    work.resume_device(keylife.person_of(request), row.pk)
    messages.success(request, _("What it sends is kept again."))
    return redirect("device", device_id=row.pk)


def _renew(request: HttpRequest, row: Device) -> HttpResponse:
    keylife.open_vault(request)
    if row.app == catalogue.EMISSION:
        return redirect("emission-device", device_id=row.pk)
    sampling = request.POST.get("sampling", "")
    if sampling in SAMPLINGS:
        work.set_sampling(request, row.pk, sampling)
    row, token = work.renew_token(request, row.pk)
    _show_later(request, row, token)
    messages.success(request, _("The former token opens nothing any more. Here is the new one."))
    return redirect("device-connect", device_id=row.pk)


def _hide(request: HttpRequest, row: Device) -> HttpResponse:
    keylife.forget_text(request, _kept_as(row))
    return redirect("device", device_id=row.pk)


def _keep_phrase(request: HttpRequest, row: Device) -> HttpResponse:
    form = PhraseForm(request.POST)
    if row.app != catalogue.OWNTRACKS:
        raise NotFound
    if not form.is_valid():
        return _device(request, row.pk, phrase_form=form)
    phrase = form.cleaned_data["phrase"]
    n_opened = work.set_phrase(request, row.pk, phrase)
    key = keylife.key_of(request)
    if n_opened and key is not None:
        remake_now(keylife.person_of(request), key)
    if n_opened:
        words = ngettext(
            "The phrase opened %(n)d message that waited for it.",
            "The phrase opened %(n)d messages that waited for it.",
            n_opened,
        ) % {"n": n_opened}
    elif phrase:
        words = _("The phrase is kept in your vault. Write the very same into the app.")
    else:
        words = _("The phrase is forgotten: what the app encrypts from now on stays closed.")
    messages.success(request, words)
    return redirect("device", device_id=row.pk)


_DEEDS: Mapping[str, type_deed] = {
    "rename": _rename,
    "pause": _pause,
    "resume": _resume,
    "renew": _renew,
    "hide": _hide,
    "phrase": _keep_phrase,
}


@login_required
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    """Remove a device, and what it brought where that is wanted."""
    person, shown = _here(request, device_id)
    vault, key = keylife.open_vault(request), keylife.key_of(request)
    if key is None:
        raise VaultLocked
    wanted = request.POST.get("what", "") if request.method == "POST" else ""
    if wanted == "keep":
        work.revoke_device(person, device_id)
        messages.success(request, _("Removed. What it brought stays in your journal."))
        return redirect("devices")
    if wanted == "erase":
        done = remove_all(person, vault, shown.row, mark=request.POST.get("mark", "")[:80])
        if done is not None:
            remake_now(person, key)
            return _removed(request, done)
    values = {"device": shown, "plan": what_goes(vault, shown.row), "is_other": bool(wanted)}
    return render(request, "live/remove.html", values)


def _removed(request: HttpRequest, done: Removal) -> HttpResponse:
    if done.receipt is None or done.receipt.plan.is_empty:
        messages.success(request, _("Removed. It had brought nothing."))
        return redirect("devices")
    return render(request, "retention/receipt.html", {"receipt": done.receipt})


# On the phone itself, by a secret address


@require_safe
def phone(request: HttpRequest, part: str) -> HttpResponse:
    """Show the link on the phone: nobody need sign in there."""
    if limited := ratelimit.consume_or_429(request, action="handed"):
        return cast("HttpResponse", limited)
    handed = handing.opened(part)
    app = catalogue.APPS.get(handed.app)
    if app is None:
        raise NotFound
    site = connecting.site_of(request)
    profile = site + reverse("device-phone-file", args=[part, setup.PROFILE])
    plan = connecting.plan_of(app.key, _of(site, handed), profile_address=profile)
    file = reverse("device-phone-file", args=[part, plan.file_name]) if plan.file_name else ""
    values = {"app": app, "plan": plan, "file": file, "doubt": connecting.doubt_of(site)}
    response = render(request, "live/phone.html", values)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _of(site: str, handed: Handed) -> Connection:
    return Connection(
        site,
        handed.token,
        handed.label,
        setup.Phone(handed.phone),
        SAMPLINGS.get(handed.sampling, setup.FINE),
        handed.phrase,
    )


@require_safe
def phone_file(request: HttpRequest, part: str, name: str) -> HttpResponse:
    """Give the settings of an app as a file, once."""
    if limited := ratelimit.consume_or_429(request, action="handed"):
        return cast("HttpResponse", limited)
    handed = handing.opened(part)
    to = _of(connecting.site_of(request), handed)
    if (handed.app, name) == (catalogue.GPSLOGGER, setup.PROFILE):
        text = setup.gpslogger_profile(to)
    elif (handed.app, name) == (catalogue.OWNTRACKS, setup.OTRC):
        text = setup.owntracks_file(setup.owntracks_configuration(to))
    else:
        raise NotFound
    if request.method == "GET":
        handing.burn(part, name)
    return _file(name, text)
