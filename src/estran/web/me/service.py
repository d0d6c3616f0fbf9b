"""The coach's way into a vault while its person is away: made, used, destroyed.

The vault key is wrapped under a server key that is a file outside the database. Purpose and
end are bound into the wrapping: a row that was changed opens nothing. The consent in the
vault is what decides; the row is only the way in. See docs/consent.md and docs/security.md.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from estran.errors import VaultDamaged, VaultKeyWrong
from estran.vault.consent import Purpose
from estran.vault.keys import Slot, decode_slot, encode_slot, open_slot, wrap_slot
from estran.web.accounts.models import Person, Vault
from estran.web.config.environment import service_key
from estran.web.jobs import grants
from estran.web.jobs.models import Job
from estran.web.me.models import ServiceSlot
from estran.web.me.staleness import engine_now

COACH = Purpose.COACH.value


def _server_key() -> bytes:
    return service_key(Path(settings.ESTRAN_DATA), settings.ESTRAN_SERVICE_KEY_FILE)


def _kind(purpose: str, expires_at: datetime) -> str:
    """Name the slot by what it is for and until when: both are bound to what it wraps."""
    return f"service {purpose} {expires_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def let_in(vault: Vault, vault_key: bytes, expires_at: datetime) -> ServiceSlot:
    """Wrap a vault key for the coach, in place of what was there."""
    expires_at = expires_at.replace(microsecond=0)
    slot = wrap_slot(vault_key, vault.vault_id, _server_key(), _kind(COACH, expires_at))
    row, _ = ServiceSlot.objects.update_or_create(
        vault=vault,
        purpose=COACH,
        defaults={
            "sealed": encode_slot(slot),
            "expires_at": expires_at,
            "made_at": timezone.now(),
            "looked_with": _looked_with(),
        },
    )
    return row


def slots_of(person: Person) -> list[ServiceSlot]:
    """List the ways in that this server holds for a person's vault: proof of what there is."""
    return list(ServiceSlot.objects.filter(vault__person=person).order_by("purpose"))


def vaults_with_coach() -> QuerySet[Any, Any]:
    """Select the vaults into which the coach may go now."""
    open_now = ServiceSlot.objects.filter(purpose=COACH, expires_at__gt=timezone.now())
    return open_now.values("vault")


def way_in(person_id: uuid.UUID) -> ServiceSlot | None:
    """Find the coach's slot of a person, None when there is none or it has ended."""
    now = timezone.now()
    rows = ServiceSlot.objects.select_related("vault").filter(vault__person_id=person_id)
    return rows.filter(purpose=COACH, expires_at__gt=now).first()


def open_for(person_id: uuid.UUID) -> bytes | None:
    """Give the vault key of a person who let the coach in; None when nobody was let in.

    Whoever calls writes a line in the access log before anything else.
    """
    row = way_in(person_id)
    if row is None:
        return None
    try:
        slot = decode_slot(bytes(row.sealed))
        if slot.kind != _kind(row.purpose, row.expires_at):
            return None
        return open_slot(slot, row.vault.vault_id, _server_key())
    except (VaultKeyWrong, VaultDamaged):
        return None


def shut_out(person: Person) -> int:
    """Destroy the coach's way in, at once, and what waits on it; count what was destroyed.

    A job that runs on it is taken back, and ends at its next step.
    """
    with transaction.atomic():
        n_gone, _ = ServiceSlot.objects.filter(vault__person=person).delete()
        Job.objects.filter(person=person, grant_key=grants.SERVICE).update(
            grant_key="", state=Job.State.QUEUED, claimed_by="", lease_until=None
        )
    return n_gone


# What the coach does by itself -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LookedAfter:
    """What a round found to do."""

    n_ended: int = 0
    n_taken_over: int = 0
    n_queued: int = 0


def look_after(worker_key: str) -> LookedAfter:
    """Go round the people who let the coach in: forget ended slots, take over, look again.

    Work that waits for its person because the site was started again goes on; a journal of
    an older engine or network is made anew.

    Parameters
    ----------
    worker_key : str
        Name of the running workers' key: jobs with another wait for their person.
    """
    n_ended, _ = ServiceSlot.objects.filter(expires_at__lte=timezone.now()).delete()
    let_in_by = ServiceSlot.objects.filter(purpose=COACH).values("vault__person_id")
    n_taken_over = (
        Job.objects.filter(state=Job.State.QUEUED, person_id__in=let_in_by)
        .exclude(grant_key__in=[worker_key, grants.SERVICE])
        .exclude(kind=Job.Kind.REKEY)
        .update(grant_key=grants.SERVICE, grant=b"")
    )
    return LookedAfter(n_ended, n_taken_over, _queue_stale())


def _queue_stale() -> int:
    now = _looked_with()
    n_queued = 0
    stale = ServiceSlot.objects.select_related("vault").filter(purpose=COACH)
    for row in stale.exclude(looked_with=now)[:_AT_ONCE]:
        n_queued += queue_away(row.vault.person_id, Job.Kind.REANALYSE)
        ServiceSlot.objects.filter(pk=row.pk).update(looked_with=now)
    return n_queued


_AT_ONCE = 200
"""People in a round; the next round takes the next."""


def queue_away(person_id: uuid.UUID, kind: str) -> bool:
    """Queue work on the vault of a person who is away; False when that is not allowed.

    One job that waits does for all that is found meanwhile.
    """
    unfinished = Job.objects.filter(
        person_id=person_id, state__in=[Job.State.QUEUED, Job.State.RUNNING]
    )
    if way_in(person_id) is None or unfinished.filter(kind=kind).exists():
        return False
    Job.objects.create(person_id=person_id, kind=kind, grant_key=grants.SERVICE)
    return True


def _looked_with() -> str:
    return hashlib.sha256(engine_now().encode()).hexdigest()


LONGEST = timedelta(days=366)
"""No permission to open a vault lasts longer."""


def wrapped_again(row: ServiceSlot, vault_id: str, vault_key: bytes) -> Slot:
    """Wrap another key of the same vault for the same purpose until the same end."""
    return wrap_slot(vault_key, vault_id, _server_key(), _kind(row.purpose, row.expires_at))
