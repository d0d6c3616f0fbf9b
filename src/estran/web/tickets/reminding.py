"""Mails that remind people of letters they wrote: once each, where the site has mail."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from estran.web.retention.dormancy import site_address
from estran.web.tickets.models import Reminder

_log = logging.getLogger(__name__)
AT_ONCE = 100


def step(now: datetime | None = None) -> int:
    """Send what is due; count it. Each mail is claimed in the transaction that sends it."""
    if not settings.ESTRAN_HAS_MAIL:
        return 0
    now = now or timezone.now()
    due = Reminder.objects.filter(sent_at=None, due_on__lt=now.date())
    return sum(_one(pk, now) for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]))


def _one(pk: int, now: datetime) -> int:
    try:
        with transaction.atomic():
            row = Reminder.objects.select_for_update().filter(pk=pk, sent_at=None).first()
            if row is None:
                return 0
            Reminder.objects.filter(pk=pk).update(sent_at=now)
            with translation.override(row.person.language or settings.LANGUAGE_CODE):
                send_mail(
                    _("An answer was due by now"),
                    _(
                        "You asked to be reminded: a month has passed since you wrote for your "
                        "data. If no answer came, the page of your letters tells what to do next: "
                        "{address}"
                    ).format(address=f"{site_address()}tickets/letters/"),
                    settings.DEFAULT_FROM_EMAIL,
                    [row.person.email],
                )
    except OSError as error:  # the mail server: it comes again with the next round
        _log.warning("a reminder could not be sent: %s", type(error).__qualname__)
        return 0
    return 1
