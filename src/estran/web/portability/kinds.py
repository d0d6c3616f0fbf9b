"""Kinds of documents in a vault: which go into an archive, which are made anew.

A kind that is in neither list fails a test: nothing of a person is forgotten silently.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from estran.coach.booking import Booked
from estran.coach.garage import Garage
from estran.coach.goals import Goal, Plan
from estran.coach.places import NamedPlace
from estran.preference import Preference
from estran.tickets.letters import Letter
from estran.tickets.regular import Declaration
from estran.tickets.tables.mapping import Mapping as TableMapping
from estran.tickets.values import Journey
from estran.vault.consent import decode as decode_consent
from estran.web.advice.documents import MISSING, REFUSED, MissingOffer, Refused
from estran.web.correcting.checking import LATER
from estran.web.emission.documents import (
    BOOK,
    ENTRIES,
    HOOK,
    PROFILE,
    SETTLED,
    WORDS,
    WRAPPING,
)
from estran.web.garage.documents import GARAGE
from estran.web.goals.documents import GOAL, PLAN
from estran.web.groups.work import GROUP
from estran.web.learning.documents import PLACE
from estran.web.live.documents import DEVICE, DeviceNotes
from estran.web.live.opening import CLOSED_MESSAGE, ClosedMessage
from estran.web.me.consents import CONSENT
from estran.web.me.documents import (
    CALENDAR,
    CHANGED,
    CORRECTION,
    DAY,
    FILES,
    LONG,
    MONTH,
    REPORT,
    STATE,
)
from estran.web.me.records import decode
from estran.web.portability.notes import EARLIER_CONSENT, EARLIER_LOG, PASSAGE, TOLD
from estran.web.retention.documents import (
    APPLIED,
    ERASED,
    KEPT,
    RULE,
    ZONE,
    KeptTime,
    KeptZone,
    Rule,
)
from estran.web.savings.documents import SAVING
from estran.web.sources.documents import DECIDED, ORDER, OVERVIEW
from estran.web.sources.work import REMOVAL
from estran.web.tickets import documents as tickets
from estran.wire.emission.kept import Kept


def _consent(record: bytes) -> Any:
    return msgspec.to_builtins(decode_consent(record), str_keys=True)


@dataclass(frozen=True, slots=True)
class DocKind:
    """A kind of document that is taken along as it is.

    Parameters
    ----------
    stored_as : str
        Its kind in the vault.
    holds : type
        What it decodes to; a document of an archive that does not fit is refused.
    read : callable
        Reads its record; the inverse is that of documents unless ``restored_as`` is another.
    restored_as : str
        The kind that it has in the vault it comes to, ``""`` for the same.
    """

    stored_as: str
    holds: Any
    read: Callable[[bytes], Any] | None = None
    restored_as: str = ""

    def value(self, record: bytes) -> Any:
        """Read a record of the vault."""
        return self.read(record) if self.read else decode(record, self.holds)


KINDS: dict[str, DocKind] = {
    "phone-entries": DocKind(ENTRIES, tuple[Kept, ...]),
    "phone-profiles": DocKind(PROFILE, str),
    "phone-words": DocKind(WORDS, str),
    "settled-labels": DocKind(SETTLED, dict[str, str]),
    # What was agreed with one site does not hold for another: it is kept, and allows nothing.
    "consents": DocKind(CONSENT, dict[str, Any], read=_consent, restored_as=EARLIER_CONSENT),
    "earlier-consents": DocKind(EARLIER_CONSENT, dict[str, Any]),
    "private-places": DocKind(ZONE, KeptZone),
    "retention-rules": DocKind(RULE, Rule),
    "erased-times": DocKind(ERASED, tuple[tuple[int, int], ...]),
    "kept-times": DocKind(KEPT, tuple[KeptTime, ...]),
    "savings": DocKind(SAVING, Booked),
    "goals": DocKind(GOAL, Goal),
    "plans": DocKind(PLAN, Plan),
    "source-order": DocKind(ORDER, Preference),
    "vehicles": DocKind(GARAGE, Garage),
    "places": DocKind(PLACE, NamedPlace),
    "devices": DocKind(DEVICE, DeviceNotes),
    "tickets": DocKind(tickets.TICKET, Journey),
    "habits": DocKind(tickets.HABIT, Declaration),
    "days-at-home": DocKind(tickets.AT_HOME, tickets.DaysAtHome),
    "access-letters": DocKind(tickets.LETTER, Letter),
    "table-mappings": DocKind(tickets.MAPPING, TableMapping),
    "closed-messages": DocKind(CLOSED_MESSAGE, ClosedMessage),
    "advice-refused": DocKind(REFUSED, tuple[Refused, ...]),
    "missing-offers": DocKind(MISSING, MissingOffer),
    "earlier-logs": DocKind(EARLIER_LOG, list[dict[str, Any]]),
}
"""By the name that the document has in an archive. Other apps add theirs."""

OTHERWISE: Mapping[str, str] = {
    BOOK: "when trips were told to apps: of use to those of this site only",
    WRAPPING: "keys of apps of this site",
    HOOK: "whom an app wants told: of use for a moment",
    CORRECTION: "corrections.json",
    DAY: "journal/",
    LONG: "journal/",
    MONTH: "made anew from the journal",
    REMOVAL: "how far the removal of a source has come: of use to its page only",
    OVERVIEW: "made anew from the evidence",
    DECIDED: "made anew from the evidence",
    CALENDAR: "made anew from the journal",
    GROUP: "keys of groups of this site",
    LATER: "what is not to be asked again: of use to its page only",
    FILES: "documents/imports.json",
    REPORT: "documents/imports.json",
    STATE: "how far an import has come: of use to its worker only",
    APPLIED: "when rules were applied last",
    CHANGED: "whether the journal is behind its evidence",
    tickets.PROPOSED: "journeys that wait for a yes, a day at most",
    tickets.TABLE: "a table that is being looked at, a day at most",
    tickets.OUTCOME: "made anew from the tickets and the evidence",
    TOLD: "that the person was told of a restored backup",
    PASSAGE: "notes of an export that runs, with the keys of its file",
}
"""Kinds that an archive holds elsewhere, or that are made anew, each with the reason."""
