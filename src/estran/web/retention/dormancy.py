"""Accounts that nobody uses: warned three times by mail, then erased. By configuration.

Each step counts from the one before as it was really sent, so that a site that stood still
never erases somebody who was not warned in time. A sign-in takes all of it back.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from estran.web.accounts.models import Person
from estran.web.retention.models import Dormancy

_log = logging.getLogger(__name__)
_MONTH_DAYS = 30.44
AT_ONCE = 200
"""How many people are looked at in one round: mails are slow, the rest comes with the next."""


@dataclass(frozen=True, slots=True)
class DormancyRule:
    """What the operator set.

    Parameters
    ----------
    months : int
        Without a sign-in for so long, the first warning goes out; 0 for never.
    second_days, last_days, erase_days : int
        From the first warning to the second, from there to the last chance, from there to
        the erasure. [days]
    """

    months: int = 24
    second_days: int = 30
    last_days: int = 23
    erase_days: int = 7

    @property
    def holds(self) -> bool:
        """Tell whether anybody is ever erased."""
        return self.months > 0

    def wait_of(self, n_warnings: int) -> timedelta:
        """Tell how long after a warning the next step comes."""
        return timedelta(days=(self.second_days, self.last_days, self.erase_days)[n_warnings - 1])


N_WARNINGS = 3


def rule() -> DormancyRule:
    """Give the rule of this site: without mail nobody can be warned, and nobody is erased."""
    months = settings.ESTRAN_DORMANT_MONTHS if settings.ESTRAN_HAS_MAIL else 0
    return DormancyRule(months=months)


def step(now: datetime | None = None) -> int:
    """Do what is due for accounts that nobody uses; count the mails and erasures.

    Safe to be called at any time, by several workers, and again after an interruption: each
    step is claimed in the transaction that sends its mail.
    """
    now = now or timezone.now()
    Dormancy.objects.filter(person__last_login__gt=F("warned_at")).delete()
    if not rule().holds:
        return 0
    return sum(_one(person_id, now) for person_id in list(_due(now)[:AT_ONCE]))


def _due(now: datetime) -> QuerySet[Person, UUID]:
    since = now - timedelta(days=_MONTH_DAYS * rule().months)
    away = Q(last_login__lt=since) | Q(last_login=None, created_at__lt=since)
    waited = Q(dormancy=None)
    for n_warnings in range(1, N_WARNINGS + 1):
        until = now - rule().wait_of(n_warnings)
        waited |= Q(dormancy__n_warnings=n_warnings, dormancy__warned_at__lte=until)
    return Person.objects.filter(away & waited).order_by("pk").values_list("pk", flat=True)


def _one(person_id: UUID, now: datetime) -> int:
    try:
        with transaction.atomic():
            person = Person.objects.select_for_update().filter(pk=person_id).first()
            # Looked at again inside: they may have signed in, another worker may have been here.
            if person is None or not _due(now).filter(pk=person_id).exists():
                return 0
            row = Dormancy.objects.filter(person=person).first()
            n_sent = row.n_warnings if row else 0
            if n_sent < N_WARNINGS:
                Dormancy.objects.update_or_create(
                    person=person, defaults={"n_warnings": n_sent + 1, "warned_at": now}
                )
                _warn(person, n_sent + 1)
                return 1
    except OSError as error:  # the mail server: the step is not taken, and comes again
        _log.warning("a warning could not be sent: %s", type(error).__qualname__)
        return 0
    _erase(person)
    return 1


def _erase(person: Person) -> None:
    from estran.web.me.work import erase_everything  # noqa: PLC0415 - me.work rests on this app

    address, language = person.email, _language(person)
    receipt = erase_everything(person)
    try:
        with translation.override(language):
            _send(
                address,
                _("Your account is erased"),
                _(
                    "Your account and everything in it are erased, as announced: nobody had "
                    "signed in for a long time. Nothing of you is left on this site.\n\n"
                    "Your receipt: {code}\nIts digest, which this site keeps and which names "
                    "nobody: {digest}"
                ).format(code=receipt.code, digest=receipt.digest),
            )
    except OSError as error:
        _log.warning("a receipt could not be sent: %s", type(error).__qualname__)


def _language(person: Person) -> str:
    return person.language or settings.LANGUAGE_CODE


def _warn(person: Person, n_warnings: int) -> None:
    chosen = rule()
    days_left = sum(chosen.wait_of(n).days for n in range(n_warnings, N_WARNINGS + 1))
    with translation.override(_language(person)):
        subject = (
            _("Last chance to keep or download what you have here")
            if n_warnings == N_WARNINGS
            else _("You have not been here for a long time")
        )
        text = _(
            "Nobody has signed in to your account for {months} months. To keep it, sign in "
            "once: {address}\n\nThere you can also download everything, or delete it "
            "yourself.\n\nIf nobody signs in within {days} days, the account and everything "
            "in it are erased for good. Those who run this site cannot read it, nor bring it "
            "back."
        ).format(months=chosen.months, days=days_left, address=site_address())
        _send(person.email, subject, text)


def _send(address: str, subject: str, text: str) -> None:
    send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [address])


def site_address() -> str:
    """Give the address under which people reach the site."""
    host = settings.ENVIRONMENT.hosts[0]
    return f"{'https' if settings.ENVIRONMENT.https else 'http'}://{host}/"
