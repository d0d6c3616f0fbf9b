"""Words of tickets: flaws, what became of them, whom letters go to."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from estran.tickets.letters import LetterState, Recipient
from estran.tickets.values import Flaw
from estran.wording import TICKET_FLAWS, say

type_words = str | Promise

STATES: Mapping[str, type_words] = {
    "joined": _("Seen: your trace and this ticket are one trip."),
    "declared": _(
        "Declared: no trace tells of that time, so it stands in your journal as you say."
    ),
    "denied": _("Not counted: your trace shows you elsewhere at that time."),
    "taken": _("Not counted: another trip stands at that time already."),
    "unplaced": _("Not counted yet: it is not known where it begins or ends. Open it to choose."),
}
"""What became of a ticket, by the state's value."""

TO_COME: type_words = _("It is still to come.")
LOOKED_AT: type_words = _("It is being looked at.")

RECIPIENTS: Mapping[Recipient, type_words] = {
    Recipient.SNCF: _("SNCF Voyageurs (SNCF Connect)"),
    Recipient.BLABLACAR: "BlaBlaCar (Comuto)",
    Recipient.IDFM: _("Île-de-France Mobilités (Navigo)"),
    Recipient.GOOGLE: "Google",
    Recipient.PHONE: _("My phone operator"),
    Recipient.EMPLOYER: _("My employer"),
    Recipient.OTHER: _("Somebody else"),
}

LETTER_STATES: Mapping[LetterState, type_words] = {
    LetterState.DRAFT: _("Not sent yet"),
    LetterState.SENT: _("Sent"),
    LetterState.REMINDED: _("They were reminded"),
    LetterState.ANSWERED: _("Answered"),
    LetterState.COMPLAINT: _("A complaint was made"),
}


def flaw_words(flaw: Flaw) -> str:
    """Say why something could not be read."""
    return say(TICKET_FLAWS, flaw.code, {"text": flaw.text}, gettext)
