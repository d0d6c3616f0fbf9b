"""The addresses of e-mission's server, as its phones and the Cozy konnector call them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from estran.errors import Refusal, VaultFull
from estran.formats.emission import KEY
from estran.timebase import local_day
from estran.web.emission import hooks, taking, telling
from estran.web.emission.calls import (
    Caller,
    NotServedError,
    answer,
    body_of,
    caller,
    json_of,
)
from estran.web.emission.documents import HOOK, PROFILE, WORDS, read_json, write_json
from estran.web.emission.study import configured, study_of
from estran.web.live.connecting import site_of
from estran.web.live.doing import take_in_soon
from estran.web.live.door import take
from estran.web.live.models import Device, Waiting
from estran.wire.emission import asking, metrics, posting, timeline
from estran.wire.emission.stamps import a_uuid, an_oid, oid, type_json
from estran.wire.values import Extra, Posted

type_answer = Callable[..., HttpResponse]


def call(view: type_answer) -> type_answer:
    """Answer a POST of a client; trouble is a status that makes it keep what it has."""

    @csrf_exempt
    def called(request: HttpRequest, **named: Any) -> HttpResponse:
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "POST"})
        try:
            response = view(request, **named)
        except NotServedError as reason:
            response = HttpResponse(reason.body, status=reason.status)
        except VaultFull:
            response = HttpResponse(status=507)
        except (Refusal, DatabaseError, OSError):
            response = HttpResponse(status=503)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    return called


def _asked(request: HttpRequest) -> tuple[Caller, type_json]:
    body = json_of(body_of(request))
    return caller(request, body.get("user")), body


# What a phone brings -----------------------------------------------------------------------


@call
def put(request: HttpRequest, *, one: bool = False) -> HttpResponse:
    """Take entries in: answered only when they are safe on the disk."""
    body = body_of(request)
    try:
        read = posting.read_put(body)
    except posting.TooManyError as error:
        raise NotServedError(413) from error
    except posting.UnreadableError as error:
        raise NotServedError(400) from error
    who = caller(request, read.user)
    if who.known.takes:
        if who.known.is_full:
            raise VaultFull
        take(who.known, KEY, posting.posted(read), time.time_ns() // 1000)
        _queue(who)
    return answer({"putone": True}) if one else HttpResponse(b"", content_type="application/json")


def _queue(who: Caller) -> bool:
    """Have what came taken in, where the app may open the vault."""
    if who.read is None:
        return False
    Waiting.objects.get_or_create(person_id=who.known.person_id, defaults={"since": timezone.now()})
    return take_in_soon(who.person, who.read[1])


def _hand_in(who: Caller, kind: str, value: type_json) -> None:
    """Seal a small document for when the vault is open."""
    if who.known.takes:
        extra = Extra(kind, msgspec.json.encode(value))
        take(who.known, KEY, Posted(extras=(extra,)), time.time_ns() // 1000)


@call
def get(request: HttpRequest) -> HttpResponse:
    """Give documents for the phone: there are none, which it wants as a list."""
    _asked(request)
    return answer({"server_to_phone": []})


# Profile -----------------------------------------------------------------------------------


@call
def create_profile(request: HttpRequest) -> HttpResponse:
    """Tell the number of the account, which its device has since it was added."""
    who, _ = _asked(request)
    return answer({"uuid": str(who.known.device_id)})


@call
def get_profile(request: HttpRequest) -> HttpResponse:
    """Tell what is known of the account: what the app said of itself, and when it was heard."""
    who, _ = _asked(request)
    row = Device.objects.get(pk=who.known.device_id)
    told = read_json(who.vault, PROFILE, who.device) if who.vault else {}
    first_ts, last_ts = telling.range_ts(who.vault) if who.vault else (None, None)
    heard_s = row.last_received_at.timestamp() if row.last_received_at else None
    made_ms = int(row.made_at.timestamp() * 1000)
    return answer(
        {
            "source": "Shankari", "mpg_array": [], "mode": {}, "purpose": {}, **told,
            "_id": an_oid(oid("profile", who.device)), "user_id": a_uuid(who.device),
            "create_ts": {"$date": made_ms}, "update_ts": {"$date": made_ms},
            "pipeline_range": {"start_ts": first_ts, "end_ts": last_ts},
            "last_put_ts": heard_s, "last_sync_ts": heard_s,
            "last_location_ts": row.last_point_at.timestamp() if row.last_point_at else None,
        }
    )  # fmt: skip


_LONGEST_PROFILE = 64 * 1024


@call
def update_profile(request: HttpRequest) -> HttpResponse:
    """Keep what the app says of itself: in the vault, sealed until it is open."""
    who, body = _asked(request)
    told = body.get("update_doc")
    if not isinstance(told, dict) or len(msgspec.json.encode(told)) > _LONGEST_PROFILE:
        raise NotServedError(400)
    if who.vault is not None and who.known.takes:
        with who.vault.transaction():
            taking.merge_profile(who.vault, who.device, told)
    else:
        _hand_in(who, taking.PROFILE_EXTRA, told)
    return answer({"update": True})


@call
def check_uuid(request: HttpRequest) -> HttpResponse:
    """Tell TraceMob that the account lives: a false would make it wipe itself."""
    _asked(request)
    return answer({"success": True, "error": False})


# Reading -----------------------------------------------------------------------------------


@call
def range_ts(request: HttpRequest) -> HttpResponse:
    """Tell from when to when there are trips."""
    who, _ = _asked(request)
    first, last = telling.range_ts(who.vault) if who.vault else (None, None)
    return answer({"start_ts": first, "end_ts": last})


@call
def complete_ts(request: HttpRequest) -> HttpResponse:
    """Tell up to when trips were made."""
    who, _ = _asked(request)
    return answer({"complete_ts": telling.range_ts(who.vault)[1] if who.vault else None})


@call
def find_entries(request: HttpRequest, *, by: str) -> HttpResponse:
    """Give entries, by instants or by local dates."""
    who, body = _asked(request)
    ask = asking.by_local_date(body) if by == "local_date" else asking.by_timestamp(body)
    found = telling.find(who.vault, who.device, who.device, ask) if who.vault else []
    return answer({"phone_data": found})


@call
def get_trips(request: HttpRequest, *, day: str) -> HttpResponse:
    """Draw the trips of a day, local or UTC."""
    who, _ = _asked(request)
    try:
        asked = date.fromisoformat(day)
    except ValueError as error:
        raise NotServedError(400) from error
    told = telling.trips_between(who.vault, asked, asked) if who.vault else []
    drawn = [timeline.drawn(one, who.device) for one in told if timeline.is_of(one, asked)]
    return answer({"timeline": drawn})


@call
def sums(request: HttpRequest, *, kind: str) -> HttpResponse:
    """Tell the person's own sums. Sums over people need their consent: none are told here."""
    who, body = _asked(request)
    newer = kind == "yyyy_mm_dd"
    days = metrics.days_asked(body)
    if who.vault is None or days is None or body.get("aggregate") is True:
        return answer(metrics.empty(body, newer=newer))
    told = [
        one
        for one in telling.trips_between(who.vault, *days)
        if days[0] <= local_day(one.trip.started_us, one.tz) <= days[1]
    ]
    return answer(metrics.own_days(told, body) if newer else metrics.own_sums(told, body))


# Own labels --------------------------------------------------------------------------------


@call
def get_words(request: HttpRequest) -> HttpResponse:
    """Give a person's own labels by kind."""
    who, body = _asked(request)
    keys = body.get("keys")
    words = read_json(who.vault, WORDS) if who.vault else {}
    wanted = [key for key in keys if isinstance(key, str)] if isinstance(keys, list) else [*words]
    return answer({key: words.get(key, []) for key in wanted[:50]})


@call
def change_words(request: HttpRequest, *, what: str) -> HttpResponse:
    """Add, change or take away one of a person's own labels."""
    who, body = _asked(request)
    key, add, drop = _change_asked(body, what)
    if who.vault is not None and who.known.takes:
        with who.vault.transaction():
            return answer({"label": taking.change_words(who.vault, key, add, drop)})
    _hand_in(who, taking.WORDS_EXTRA, {"key": key, "add": add, "drop": drop})
    return answer({"label": add})


_LONGEST_WORD = 200


def _change_asked(body: type_json, what: str) -> tuple[str, list[str], list[str]]:
    told = body.get(
        {"insert": "inserted", "update": "updated", "delete": "deleted"}[what] + "_label"
    )
    if not isinstance(told, dict):
        raise NotServedError(400)
    key, word = told.get("key"), told.get("new_label" if what == "update" else "label")
    if not (isinstance(key, str) and isinstance(word, str) and 0 < len(key) <= _LONGEST_WORD):
        raise NotServedError(400)
    if what == "delete":
        return key, [], [word]
    return key, [word[:_LONGEST_WORD]] if word else [], []


# Cozy --------------------------------------------------------------------------------------


@call
def run_pipeline(request: HttpRequest) -> HttpResponse:
    """Have the journal made now, and tell an address when it was: public https only."""
    who, body = _asked(request)
    url = body.get("webhook")
    if isinstance(url, str) and url:
        try:
            hooks.check(url)
        except Refusal as error:
            raise NotServedError(400) from error
        if who.vault is not None:
            write_json(who.vault, HOOK, {"url": url, "user": who.token}, who.device)
    return answer({"queued": _queue(who)})


@call
def run_purge(request: HttpRequest) -> HttpResponse:
    """Forget nothing: for Cozy this server is a way through, for its person it is the home."""
    _asked(request)
    return answer({"purged": 0, "kept": "this vault is the home of its data; its person erases"})


@call
def unknown(_request: HttpRequest, **_named: Any) -> HttpResponse:
    """Say that an address of the protocol is not served here."""
    raise NotServedError(404)


# Study -------------------------------------------------------------------------------------


@require_safe
def config(request: HttpRequest, study: str) -> HttpResponse:
    """Give the study's configuration, under its name alone."""
    base = site_of(request).rstrip("/")
    if study != study_of(base).name:
        return HttpResponse(status=404)
    response = answer(configured(base))
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
