"""Permissions and the access log in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext

from estran.vault.audit import Act, AuditEntry
from estran.vault.consent import Content, Purpose
from estran.wording import N_

PURPOSES: Mapping[Purpose, str] = {
    Purpose.COACH: N_("The coach works while I am away"),
    Purpose.TERRITORY: N_("Figures for a territory’s campaign"),
    Purpose.RESEARCH: N_("An export for a research team"),
    Purpose.GROUP: N_("Figures shown to a group"),
    Purpose.APP: N_("An app of my phone reads my trips"),
}

CONTENTS: Mapping[Content, str] = {
    Content.POSITIONS: N_("positions"),
    Content.JOURNAL: N_("journal: stays, trips and modes"),
    Content.CORRECTIONS: N_("corrections"),
    Content.PLACES: N_("places"),
    Content.SUMMARIES: N_("sums over days and months"),
    Content.GOALS: N_("goals"),
    Content.TICKETS: N_("tickets"),
    Content.FILES: N_("files that wait to be read"),
    Content.ACCESS_LOG: N_("a line in the access log"),
}

_JOBS: Mapping[str, str] = {
    "import": N_("to read the files you brought"),
    "undo": N_("to take back an import"),
    "reanalyse": N_("to bring your journal up to date"),
    "export": N_("to write the copy you asked for"),
    "restore": N_("to take in the archive you brought"),
    "receive": N_("to take in what came from another site"),
    "send": N_("to move your data to another site"),
    "take-in": N_("to take in what your phones sent"),
    "remove-source": N_("to remove a source"),
    "recap": N_("to write the recap you asked for"),
    "rekey": N_("to seal everything under the new key"),
}

_OTHER_JOB = N_("to do what you asked")

_ACTS: Mapping[tuple[str, str], str] = {
    (Act.OPENED, "password"): N_("You opened your vault with your password."),
    (Act.OPENED, "recovery-code"): N_("You opened your vault with your recovery code."),
    (Act.OPENED, "passkey"): N_("You opened your vault with a passkey."),
    (Act.OPENED, "new-account"): N_("You made your vault."),
    (Act.APP_READ, ""): N_("An app that you allowed read your trips, with its own token."),
    (Act.EXPORTED, ""): N_("You took a copy of your data."),
    (Act.RESTORED, "receive"): N_("What another site sent you was taken in."),
    (Act.RESTORED, ""): N_("You brought an archive back."),
    (Act.ERASED, "day"): N_("You erased a day."),
    (Act.ERASED, "place"): N_("You erased a place."),
    (Act.ERASED, "period"): N_("You erased a period."),
    (Act.ERASED, "source"): N_("You erased what a source had brought."),
    (Act.ERASED, "import"): N_("You took back an import."),
    (Act.ERASED, ""): N_("You erased a part of your data."),
    (Act.ZONE_SET, "blur"): N_("You had a place blurred."),
    (Act.ZONE_SET, ""): N_("You chose a place that is never kept."),
    (Act.ZONE_REMOVED, ""): N_("You made a place private no longer."),
    (Act.RULE_SET, ""): N_("You said how long a source is kept."),
    (Act.RULE_APPLIED, "trips"): N_("Positions older than you keep them were dropped."),
    (Act.RULE_APPLIED, ""): N_("Data older than you keep it was deleted."),
    (Act.PAUSED, ""): N_("You paused."),
    (Act.WENT_ON, ""): N_("You ended the pause."),
    (Act.KEY_CHANGED, ""): N_("Your vault got a new key; the old one opens nothing any more."),
    (Act.SLOT_CHANGED, "password"): N_("You changed your password."),
    (Act.SLOT_CHANGED, "recovery-code"): N_("You drew a new recovery code."),
    (Act.SLOT_CHANGED, "passkey"): N_("You added or removed a passkey."),
    (Act.RESUMED, ""): N_("You saw that lines were missing, and went on."),
}
"""Sentence of an act and the first word of its why; of the act alone where that says all."""


def sentence(entry: AuditEntry) -> str:
    """Say what a line of the access log says."""
    first, *rest = [*entry.why.split(" "), ""]
    if entry.action in {Act.WORKED, Act.COACH_WORKED}:
        purpose = gettext(_JOBS.get(first, _OTHER_JOB))
        by = N_("The coach opened your vault {purpose}, while you were away.")
        own = N_("Estran opened your vault {purpose}, because you asked.")
        said = by if entry.action == Act.COACH_WORKED else own
        return gettext(said).format(purpose=purpose)
    if entry.action in {Act.CONSENT_GIVEN, Act.CONSENT_WITHDRAWN}:
        given = N_("You gave a permission: {what}.")
        taken = N_("You took a permission back: {what}.")
        said = given if entry.action == Act.CONSENT_GIVEN else taken
        return gettext(said).format(what=gettext(_purpose(first)))
    if entry.action == Act.SHARED:
        n_bytes = rest[1] if len(rest) > 1 else "?"
        said = N_("{n_bytes} bytes were sent to {recipient}, as you agreed.")
        return gettext(said).format(n_bytes=n_bytes, recipient=first)
    known = _ACTS.get((entry.action, first)) or _ACTS.get((entry.action, ""))
    return gettext(known) if known else entry.action


def _purpose(code: str) -> str:
    return PURPOSES[Purpose(code)] if code in {p.value for p in Purpose} else code


def digest_of(entry: AuditEntry) -> str:
    """Give the digest that a line names, ``""`` when it names none."""
    words = entry.why.split(" ")
    has_one = entry.action in {Act.CONSENT_GIVEN, Act.CONSENT_WITHDRAWN, Act.SHARED, Act.ERASED}
    return words[1] if has_one and len(words) > 1 else ""
