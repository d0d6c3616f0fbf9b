"""Pausing: nothing new is taken in until the person goes on."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from estran.errors import CollectionPaused
from estran.web.accounts.models import Person
from estran.web.live.known import tell_changed
from estran.web.retention.models import Pause


def pause_of(person: Person, now: datetime | None = None) -> Pause | None:
    """Give the pause that holds now, None when things are taken in."""
    row = Pause.objects.filter(person=person).first()
    over = row is not None and row.until is not None and row.until <= (now or timezone.now())
    return None if over else row


def collects(person: Person, now: datetime | None = None) -> bool:
    """Tell whether anything new may be taken in for a person.

    For doors that take data while the vault is locked: what comes during a pause is not
    kept. A tracker is answered as its protocol wants, so that it does not send again.
    """
    return pause_of(person, now) is None


def check_collects(person: Person) -> None:
    """Refuse what is brought during a pause.

    Raises
    ------
    CollectionPaused
        The person has paused.
    """
    if not collects(person):
        raise CollectionPaused


def set_pause(person: Person, until: datetime | None) -> None:
    """Take nothing more in, until the person goes on or until an instant."""
    Pause.objects.update_or_create(
        person=person, defaults={"since": timezone.now(), "until": until}
    )
    tell_changed()


def resume(person: Person) -> bool:
    """Take things in again; tell whether there was a pause."""
    n_gone = Pause.objects.filter(person=person).delete()[0]
    tell_changed()
    return bool(n_gone)


def paused(request: HttpRequest) -> dict[str, object]:
    """Show on every page of a person that they have paused: a context processor."""
    person = getattr(request, "user", None)
    return {"pause": pause_of(person)} if isinstance(person, Person) else {}
