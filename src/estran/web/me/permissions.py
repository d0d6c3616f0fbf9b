"""Pages of permissions: what may be done with one's data, given and taken back one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from estran.errors import ValueOutOfRange, VaultLocked
from estran.vault import receipt as receipts
from estran.vault import wordings
from estran.vault.consent import Consent, Content, Purpose, canonical, contents, digest, plain
from estran.vault.preview import Preview
from estran.web.accounts import keylife
from estran.web.accounts.models import KeySlot, Person
from estran.web.me import consents, service
from estran.web.me.permission_words import CONTENTS, PURPOSES
from estran.web.store.opened import OpenVault

SPANS_DAYS = (30, 90, 365)
"""How long the coach may be let in. The middle one is proposed."""


@dataclass(frozen=True, slots=True)
class Given:
    """A consent as a page shows it."""

    consent: Consent
    name: str
    given_at: datetime
    ends_at: datetime
    withdrawn_at: datetime | None
    holds: bool

    @classmethod
    def of(cls, consent: Consent) -> Given:
        """Put a consent into what people read."""
        at = consent.withdrawn_us
        return cls(
            consent,
            _(PURPOSES[consent.purpose]),
            _at(consent.given_us),
            _at(consent.expires_us - 1),
            None if at is None else _at(at),
            consent.holds(consents.now_us()),
        )


@dataclass(frozen=True, slots=True)
class Use:
    """What of a vault may be read or written."""

    name: str
    is_read: bool
    is_written: bool


def _at(time_us: int) -> datetime:
    return datetime.fromtimestamp(time_us / 1e6, UTC)


def uses_of(reads: tuple[Content, ...], writes: tuple[Content, ...]) -> list[Use]:
    """List what is read and written, each once."""
    return [
        Use(_(CONTENTS[content]), content in reads, content in writes)
        for content in contents(*reads, *writes)
    ]


@login_required
@require_safe
def permissions(request: HttpRequest) -> HttpResponse:
    """List what may be asked, and everything that was given, with its receipts."""
    vault = keylife.open_vault(request)
    all_given = [Given.of(consent) for consent in reversed(consents.all_of(vault))]
    coach = next((g for g in all_given if g.holds and g.consent.purpose == Purpose.COACH), None)
    return render(request, "me/permissions.html", {"coach": coach, "all_given": all_given})


def preview_of(offer: consents.Offer) -> Preview:
    """Show the record that is kept, all but its number and the moment it is given."""
    told = plain(offer.given(consents.now_us()))
    kept = {name: value for name, value in told.items() if name not in {"id", "given_us"}}
    return Preview(offer.recipient, "application/json", canonical(kept))


def _offer(days: str, language: str | None) -> consents.Offer:
    if days not in {str(n) for n in SPANS_DAYS}:
        raise ValueOutOfRange(name="days", expected=", ".join(map(str, SPANS_DAYS)))
    text = wordings.current(Purpose.COACH, language or "fr")
    return consents.coach_offer(text, _last_day(int(days)))


def _last_day(n_days: int) -> date:
    return timezone.now().date() + timedelta(days=n_days)


@login_required
@require_safe
def coach(request: HttpRequest) -> HttpResponse:
    """Explain the coach's permission, show exactly what it is, and ask."""
    person = keylife.person_of(request)
    try:
        vault: OpenVault | None = keylife.open_vault(request)
    except VaultLocked:
        vault = None
    slot = service.way_in(person.pk)
    if vault is None and slot is None:
        raise VaultLocked
    days = request.GET.get("days", str(SPANS_DAYS[1]))
    offer = _offer(days, get_language())
    given = consents.standing(vault, Purpose.COACH, consents.COACH) if vault else None
    values = {
        "text": _text_of(given, offer),
        "given": Given.of(given) if given and slot else None,
        "slot": slot,
        "is_locked": vault is None,
        "days": int(days),
        "spans": [(n, _last_day(n)) for n in SPANS_DAYS],
        "last_day": offer.last_day,
        "preview": preview_of(offer),
        "uses": uses_of(offer.reads, offer.writes),
        **_proof(person, vault),
    }
    return render(request, "me/permission_coach.html", values)


def _text_of(given: Consent | None, offer: consents.Offer) -> wordings.ConsentText:
    return (wordings.shown(given.text) if given else None) or offer.text


def _proof(person: Person, vault: OpenVault | None) -> dict[str, Any]:
    """Show what opens the vault: rows as they are now, and what was given before."""
    past = [
        Given.of(c)
        for c in reversed(consents.all_of(vault) if vault else ())
        if c.purpose == Purpose.COACH
    ]
    return {
        "own_slots": list(KeySlot.objects.filter(vault__person=person).order_by("kind")),
        "service_slots": service.slots_of(person),
        "looked_at": timezone.now(),
        "past": past,
    }


@login_required
@require_POST
def coach_give(request: HttpRequest) -> HttpResponse:
    """Let the coach in, on exactly what was shown."""
    person, key = keylife.person_of(request), keylife.key_of(request)
    vault = keylife.open_vault(request)
    if key is None:
        raise VaultLocked
    offer = _offer(request.POST.get("days", ""), request.POST.get("language", ""))
    preview_of(offer).agreed(request.POST.get("preview", ""))
    given = consents.let_coach_in(person, vault, key, offer)
    messages.success(request, _("Noted: the coach may work while you are away."))
    return redirect("receipt", given.id)


@login_required
@require_POST
def coach_withdraw(request: HttpRequest) -> HttpResponse:
    """Shut the coach out at once, vault open or not."""
    person = keylife.person_of(request)
    try:
        vault: OpenVault | None = keylife.open_vault(request)
    except VaultLocked:
        vault = None
    consents.shut_coach_out(person, vault)
    messages.success(request, _("Taken back: this server’s way in is destroyed."))
    return redirect("permission-coach" if vault else "settings")


def _receipt(request: HttpRequest, consent: Consent) -> dict[str, Any]:
    environment = settings.ENVIRONMENT
    controller = receipts.Controller(environment.controller or request.get_host())
    return receipts.receipt(consent, wordings.shown(consent.text), controller)


@login_required
@require_safe
def receipt(request: HttpRequest, consent_id: str) -> HttpResponse:
    """Show a receipt, to be read or printed."""
    consent = consents.one_of(keylife.open_vault(request), consent_id)
    values = {
        "given": Given.of(consent),
        "text": wordings.shown(consent.text),
        "digest": digest(consent),
        "controller": _receipt(request, consent)["consent_record"]["party_identification"][0],
        "uses": uses_of(consent.reads, consent.writes),
    }
    return render(request, "me/receipt.html", values)


@login_required
@require_safe
def receipt_file(request: HttpRequest, consent_id: str) -> HttpResponse:
    """Give a receipt as a file that anybody can check."""
    consent = consents.one_of(keylife.open_vault(request), consent_id)
    body = receipts.write(_receipt(request, consent))
    state = "withdrawn" if consent.withdrawn_us else "given"
    name = f"estran-receipt-{consent.purpose}-{consent.id[:8]}-{state}.json"
    return HttpResponse(
        body,
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
