"""The job that takes in what devices brought, and when it is queued."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.http import HttpRequest

from estran.web.accounts import keylife
from estran.web.accounts.models import Person
from estran.web.jobs import queue
from estran.web.jobs.doing import FURTHER, Doing
from estran.web.jobs.models import Job
from estran.web.live.draining import drain_for
from estran.web.live.models import Waiting
from estran.web.live.opening import CLOSED, open_or_keep
from estran.web.live.taking import EXTRAS, take_in
from estran.web.me.remaking import remake
from estran.web.store.opened import OpenVault

TAKE_IN = "take-in"
RESTS = timedelta(seconds=45)
"""Between two: a phone that posts each minute would have the journal made anew at each click."""


AFTER: list[Callable[[OpenVault], None]] = []
"""What other apps do once the journal is of all that came; each adds its own."""


def _do(job: Job, vault: OpenVault, check: Callable[[], None]) -> None:
    # First: what comes while this runs is noted anew.
    drain_for(vault.vault_id)
    Waiting.objects.filter(person_id=job.person_id).delete()
    take_in(vault, check)
    remake(vault, lambda _phase, _share: check())
    for follow in AFTER:
        follow(vault)


def _give_up(job: Job, code: str) -> None:
    """Leave everything where it is: the next opening tries again."""


def register() -> None:
    """Tell the workers."""
    EXTRAS[CLOSED] = open_or_keep
    FURTHER[TAKE_IN] = Doing(_do, _give_up)


def take_in_soon(person: Person, vault_key: bytes) -> bool:
    """Queue the taking in of what waits for a person; tell whether it was queued.

    One that waits in the queue will see all that came until it begins.
    """
    if not Waiting.objects.filter(person=person).exists():
        return False
    queued = Job.objects.filter(person=person, kind=TAKE_IN, state=Job.State.QUEUED)
    if queued.exists():
        return False
    last = Job.objects.filter(person=person, kind=TAKE_IN).order_by("-created_at").first()
    not_before = last.created_at + RESTS if last else None
    queue.enqueue(person, TAKE_IN, vault_key=vault_key, not_before=not_before)
    return True


def take_in_for(request: HttpRequest) -> bool:
    """As :func:`take_in_soon`, for whoever asks for a page with the vault open."""
    person = request.user
    if not isinstance(person, Person) or not Waiting.objects.filter(person=person).exists():
        return False
    key = keylife.key_of(request)
    return key is not None and take_in_soon(person, key)
