"""What of tickets and declarations is a sealed document in the vault, and under what name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from estran.tickets.letters import Letter
from estran.tickets.regular import Declaration
from estran.tickets.tables.mapping import Mapping, Table
from estran.tickets.values import Draft, Journey
from estran.web.me.records import decode, encode
from estran.web.store.opened import OpenVault

TICKET = "ticket"
HABIT = "habit"
LETTER = "access-letter"
MAPPING = "table-mapping"
AT_HOME = "days-at-home"
PROPOSED = "tickets-proposed"
TABLE = "table-brought"
OUTCOME = "tickets-laid"
_ONE = "1"


@dataclass(frozen=True, slots=True)
class Proposed:
    """Journeys that were read and wait for a yes."""

    title: str
    how: str
    drafts: tuple[Draft, ...]
    made_at_us: int


@dataclass(frozen=True, slots=True)
class BroughtTable:
    """A table that is being looked at."""

    name: str
    table: Table
    made_at_us: int


@dataclass(frozen=True, slots=True)
class DaysAtHome:
    """Days at home or at work that a table told of."""

    days: tuple[date, ...]
    kind: str
    """``"telework"`` or ``"badge"``."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of tickets at the last analysis, and until when habits were made into days."""

    states: dict[str, str] = field(default_factory=dict)
    day: str = ""


def write_ticket(vault: OpenVault, journey: Journey) -> None:
    """Keep a ticket."""
    vault.put_doc(TICKET, journey.id, encode(journey))


def read_ticket(vault: OpenVault, ticket_id: str) -> Journey | None:
    """Read a ticket; None when there is none."""
    record = vault.get_doc(TICKET, ticket_id)
    return None if record is None else decode(record, Journey)


def read_tickets(vault: OpenVault) -> tuple[Journey, ...]:
    """Read all tickets, the earliest first."""
    kept = [decode(record, Journey) for _, record in vault.docs(TICKET)]
    return tuple(sorted(kept, key=lambda j: (j.start_us, j.id)))


def write_habit(vault: OpenVault, habit: Declaration) -> None:
    """Keep what is usual."""
    vault.put_doc(HABIT, habit.id, encode(habit))


def read_habits(vault: OpenVault) -> tuple[Declaration, ...]:
    """Read all that is usual."""
    return tuple(decode(record, Declaration) for _, record in vault.docs(HABIT))


def write_letter(vault: OpenVault, letter: Letter) -> None:
    """Keep a letter and how far it is."""
    vault.put_doc(LETTER, letter.id, encode(letter))


def read_letters(vault: OpenVault) -> tuple[Letter, ...]:
    """Read all letters, the latest first."""
    kept = [decode(record, Letter) for _, record in vault.docs(LETTER)]
    return tuple(sorted(kept, key=lambda one: (one.made_on, one.id), reverse=True))


def write_mapping(vault: OpenVault, signature: str, mapping: Mapping) -> None:
    """Remember which column of such a table is what."""
    vault.put_doc(MAPPING, signature, encode(mapping))


def read_mapping(vault: OpenVault, signature: str) -> Mapping | None:
    """Recall which column of such a table is what."""
    record = vault.get_doc(MAPPING, signature)
    return None if record is None else decode(record, Mapping)


def write_proposed(vault: OpenVault, proposed_id: str, proposed: Proposed) -> None:
    """Keep what waits for a yes."""
    vault.put_doc(PROPOSED, proposed_id, encode(proposed))


def read_proposed(vault: OpenVault, proposed_id: str) -> Proposed | None:
    """Read what waits for a yes."""
    record = vault.get_doc(PROPOSED, proposed_id)
    return None if record is None else decode(record, Proposed)


def write_table(vault: OpenVault, table_id: str, brought: BroughtTable) -> None:
    """Keep a table that is being looked at."""
    vault.put_doc(TABLE, table_id, encode(brought))


def read_table(vault: OpenVault, table_id: str) -> BroughtTable | None:
    """Read a table that is being looked at."""
    record = vault.get_doc(TABLE, table_id)
    return None if record is None else decode(record, BroughtTable)


def write_at_home(vault: OpenVault, batch: str, days: DaysAtHome) -> None:
    """Keep days at home that a table told of."""
    vault.put_doc(AT_HOME, batch, encode(days))


def read_at_home(vault: OpenVault) -> dict[str, DaysAtHome]:
    """Read days at home, by what brought them."""
    return {batch: decode(record, DaysAtHome) for batch, record in vault.docs(AT_HOME)}


def write_outcome(vault: OpenVault, outcome: Outcome) -> None:
    """Keep what became of tickets."""
    vault.put_doc(OUTCOME, _ONE, encode(outcome))


def read_outcome(vault: OpenVault) -> Outcome:
    """Read what became of tickets."""
    record = vault.get_doc(OUTCOME, _ONE)
    return Outcome() if record is None else decode(record, Outcome)


def drop(vault: OpenVault, kind: str, doc_ids: Iterable[str]) -> int:
    """Delete documents; count them."""
    return sum(vault.delete_doc(kind, doc_id) for doc_id in doc_ids)
