"""Mails that leave behind the answer, so that its time tells nobody who is known here."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor

from django.core.mail import EmailMessage

_log = logging.getLogger(__name__)
_senders = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mail")


def send_soon(message: EmailMessage) -> Future[int]:
    """Send a mail in a thread of its own; a failure is logged without its words."""
    future = _senders.submit(message.send)
    future.add_done_callback(_told)
    return future


def _told(future: Future[int]) -> None:
    error = future.exception()
    if error is not None:
        _log.error("a mail was not sent: %s", type(error).__qualname__)
