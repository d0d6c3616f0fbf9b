"""Letters by which a person asks for their data: whom they go to, and how far they are."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Recipient(StrEnum):
    """Whom a letter goes to."""

    SNCF = "sncf"
    BLABLACAR = "blablacar"
    IDFM = "idfm"
    GOOGLE = "google"
    PHONE = "phone"
    EMPLOYER = "employer"
    OTHER = "other"


class LetterState(StrEnum):
    """How far a letter is."""

    DRAFT = "draft"
    SENT = "sent"
    REMINDED = "reminded"
    ANSWERED = "answered"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Letter:
    """A request under articles 15 and 20 of the GDPR."""

    id: str
    recipient: Recipient
    language: str
    made_on: date
    to_name: str = ""
    to_mail: str = ""
    sender: str = ""
    known_by: str = ""
    """By which the recipient knows the sender: a mail address, a customer or phone number."""
    state: LetterState = LetterState.DRAFT
    sent_on: date | None = None
    answered_on: date | None = None


def due_on(sent_on: date) -> date:
    """Tell by when an answer is due: a month after (GDPR, article 12.3).

    Examples
    --------
    >>> due_on(date(2026, 1, 31)).isoformat(), due_on(date(2026, 11, 25)).isoformat()
    ('2026-02-28', '2026-12-25')
    """
    following = (sent_on.replace(day=28) + timedelta(days=4)).replace(day=1)
    n_days = monthrange(following.year, following.month)[1]
    return following.replace(day=min(sent_on.day, n_days))


def is_late(letter: Letter, today: date) -> bool:
    """Tell whether an answer should have come by now."""
    waits = letter.state in {LetterState.SENT, LetterState.REMINDED}
    return waits and letter.sent_on is not None and today > due_on(letter.sent_on)
