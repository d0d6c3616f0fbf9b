"""Consents of a person: kept sealed in the vault, given one by one, taken back at once."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time

from django.db import transaction
from django.utils import timezone

from estran.errors import ConsentUnfit, NotFound
from estran.vault.audit import Act
from estran.vault.consent import (
    Consent,
    Content,
    Purpose,
    allowing,
    contents,
    decode,
    digest,
    encode,
    withdrawn,
)
from estran.vault.wordings import ConsentText
from estran.web.accounts.models import Person, Vault
from estran.web.me import service
from estran.web.me.access import keep_head, told
from estran.web.store.opened import OpenVault

CONSENT = "consent"
"""Kind of document, by the consent's id."""

COACH = "coach"
"""Recipient of the coach's permission: this site's own workers."""

COACH_READS = contents(
    Content.POSITIONS, Content.JOURNAL, Content.CORRECTIONS, Content.PLACES, Content.FILES
)
COACH_WRITES = contents(Content.POSITIONS, Content.JOURNAL, Content.SUMMARIES, Content.ACCESS_LOG)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a person is asked: all of a consent but its id and the moment it is given."""

    purpose: Purpose
    recipient: str
    reads: tuple[Content, ...]
    writes: tuple[Content, ...]
    text: ConsentText
    last_day: date
    """The last day on which it holds, in UTC."""
    covers: tuple[date | None, date | None] = (None, None)

    @property
    def expires_us(self) -> int:
        """When it ends: at the end of its last day. [µs since 1970, UTC]"""
        end = datetime.combine(self.last_day + timedelta(days=1), clock_time(), UTC)
        return round(end.timestamp()) * 1_000_000

    def given(self, at_us: int) -> Consent:
        """Make the consent that the person gives at this moment."""
        return Consent(
            id=uuid.uuid4().hex,
            purpose=self.purpose,
            recipient=self.recipient,
            reads=self.reads,
            writes=self.writes,
            first_day=self.covers[0],
            last_day=self.covers[1],
            given_us=at_us,
            expires_us=self.expires_us,
            text=self.text.ref,
        )


def now_us() -> int:
    """Give this moment. [µs since 1970, UTC]"""
    return time.time_ns() // 1000


def all_of(vault: OpenVault) -> tuple[Consent, ...]:
    """List all consents, the withdrawn and the ended ones too, in the order of giving."""
    found = [decode(record) for _, record in vault.docs(CONSENT)]
    return tuple(sorted(found, key=lambda consent: (consent.given_us, consent.id)))


def one_of(vault: OpenVault, consent_id: str) -> Consent:
    """Read one consent.

    Raises
    ------
    NotFound
        There is none of this id.
    """
    record = vault.get_doc(CONSENT, consent_id)
    if record is None:
        raise NotFound
    return decode(record)


def standing(vault: OpenVault, purpose: Purpose, recipient: str) -> Consent | None:
    """Find the consent that holds now, None when there is none."""
    return allowing(all_of(vault), purpose, recipient, now_us())


def give(vault: OpenVault, offer: Offer) -> Consent:
    """Keep a consent in place of one that holds for the same, which is withdrawn.

    Raises
    ------
    ConsentUnfit
        It would end before it begins.
    """
    consent = offer.given(now_us())
    with vault.transaction():
        for before in all_of(vault):
            same = (before.purpose, before.recipient) == (offer.purpose, offer.recipient)
            if same and before.holds(consent.given_us):
                _take_back(vault, before)
        vault.put_doc(CONSENT, consent.id, encode(consent))
        vault.audit(Act.CONSENT_GIVEN, told(consent.purpose, digest(consent)))
    keep_head(vault)
    return consent


def take_back(vault: OpenVault, consent_id: str) -> Consent:
    """Withdraw a consent; one that was withdrawn already stays as it is.

    Raises
    ------
    NotFound
        There is none of this id.
    """
    with vault.transaction():
        after = _take_back(vault, one_of(vault, consent_id))
    keep_head(vault)
    return after


def _take_back(vault: OpenVault, consent: Consent) -> Consent:
    after = withdrawn(consent, now_us())
    if after != consent:
        vault.put_doc(CONSENT, after.id, encode(after))
        vault.audit(Act.CONSENT_WITHDRAWN, told(after.purpose, digest(after)))
    return after


# The coach ---------------------------------------------------------------------------------


def coach_offer(text: ConsentText, last_day: date) -> Offer:
    """Say what letting the coach in would be.

    Raises
    ------
    ConsentUnfit
        It would last longer than a year, or end in the past.
    """
    offer = Offer(Purpose.COACH, COACH, COACH_READS, COACH_WRITES, text, last_day)
    if not timezone.now().date() <= last_day <= (timezone.now() + service.LONGEST).date():
        raise ConsentUnfit
    return offer


def let_coach_in(person: Person, vault: OpenVault, vault_key: bytes, offer: Offer) -> Consent:
    """Keep the consent, and make the way in: both, or none."""
    with transaction.atomic():
        row = Vault.objects.get(person=person)
        ends_at = datetime.fromtimestamp(offer.expires_us // 1_000_000, UTC)
        service.let_in(row, vault_key, ends_at)
        return give(vault, offer)


def shut_coach_out(person: Person, vault: OpenVault | None) -> Consent | None:
    """Destroy the way in first, whether the vault is open or not; then withdraw the consent.

    Without an open vault the consent is withdrawn when the person next opens it: see
    :func:`agree_with_slots`.
    """
    service.shut_out(person)
    return agree_with_slots(person, vault) if vault is not None else None


def agree_with_slots(person: Person, vault: OpenVault) -> Consent | None:
    """Withdraw the coach's consent where its way in is gone; give what was withdrawn."""
    consent = standing(vault, Purpose.COACH, COACH)
    if consent is None or service.way_in(person.pk) is not None:
        return None
    return take_back(vault, consent.id)


def coach_may(vault: OpenVault) -> bool:
    """Tell whether the coach may work now: the consent in the vault decides, not the row."""
    return (
        allowing(
            all_of(vault), Purpose.COACH, COACH, now_us(), reads=COACH_READS, writes=COACH_WRITES
        )
        is not None
    )
