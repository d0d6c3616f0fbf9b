"""Sending recaps: once a period, where the site has mail and the person let the coach in."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from estran.web.accounts.models import Person
from estran.web.jobs.doing import FURTHER, Doing
from estran.web.jobs.models import Job
from estran.web.me import service, work
from estran.web.me.show import words_of
from estran.web.recaps.models import Wish
from estran.web.recaps.writing import last_whole, sentences
from estran.web.retention.dormancy import site_address
from estran.web.store.opened import OpenVault

_log = logging.getLogger(__name__)

RECAP = "recap"
SALT = "estran.recaps.stop"
AT_ONCE = 200
MORNING_H = 7
"""Nobody gets a recap at night."""


def token_of(person: Person) -> str:
    """Sign who a link stops the recaps of: it can do nothing else."""
    return signing.dumps(str(person.pk), salt=SALT)


def person_of(token: str) -> Person | None:
    """Find whose link it is, None where it is nobody's."""
    try:
        return Person.objects.filter(pk=signing.loads(token, salt=SALT)).first()
    except (signing.BadSignature, ValueError):
        return None


def step(now: datetime | None = None) -> int:
    """Queue or send what is due; count it."""
    if not settings.ESTRAN_HAS_MAIL:
        return 0
    now = timezone.localtime(now or timezone.now())
    if now.hour < MORNING_H:
        return 0
    n_due = 0
    for wish in list(Wish.objects.select_related("person")):
        first, last = last_whole(wish.every, now.date())
        if wish.sent_of >= first.isoformat() or n_due >= AT_ONCE:
            continue
        if wish.with_sums:
            n_due += service.queue_away(wish.person_id, RECAP)
        else:
            n_due += _send(wish.pk, first, last, None)
    return n_due


def _do(job: Job, vault: OpenVault, check: Callable[[], None]) -> None:
    check()
    wish = Wish.objects.filter(person_id=job.person_id, with_sums=True).first()
    if wish is not None:
        first, last = last_whole(wish.every, timezone.localtime().date())
        _send(wish.pk, first, last, vault)


def _send(pk: int, first: date, last: date, vault: OpenVault | None) -> int:
    """Claim the period in the transaction that sends its mail."""
    try:
        with transaction.atomic():
            wish = Wish.objects.select_for_update().filter(pk=pk).first()
            if wish is None or wish.sent_of >= first.isoformat():
                return 0
            Wish.objects.filter(pk=pk).update(sent_of=first.isoformat())
            with translation.override(wish.person.language or settings.LANGUAGE_CODE):
                _mail(wish.person, first, last, vault).send()
    except OSError as error:  # the mail server: it comes again with the next round
        _log.warning("a recap could not be sent: %s", type(error).__qualname__)
        return 0
    return 1


def _mail(person: Person, first: date, last: date, vault: OpenVault | None) -> EmailMessage:
    words = words_of()
    site = site_address().rstrip("/")
    span = gettext("{first} to {last}").format(
        first=words.day_month(first), last=words.day_month(last)
    )
    if vault is None:
        lines = [gettext("Your figures of this time are ready, on your own pages.")]
    else:
        length = timedelta(days=(last - first).days + 1)
        now = work.period_summary(vault, first, last)
        before = work.period_summary(vault, first - length, first - timedelta(days=1))
        lines = sentences(now, before, words)
    stop = f"{site}{reverse('recaps-stop', args=[token_of(person)])}"
    body = "\n\n".join(
        [
            *lines,
            f"{site}{reverse('dashboard')}",
            gettext("No more of these: {address}").format(address=stop),
        ]
    )
    return EmailMessage(
        gettext("Your recap, {span}").format(span=span),
        body,
        settings.DEFAULT_FROM_EMAIL,
        [person.email],
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def _give_up(_job: Job, _code: str) -> None:
    """Leave it: the next round tries again."""


def register() -> None:
    """Tell the workers."""
    FURTHER[RECAP] = Doing(_do, _give_up)
