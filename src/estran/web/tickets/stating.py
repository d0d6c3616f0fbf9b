"""What a person states, laid over what an analysis made: called where journals are made."""

from __future__ import annotations

from datetime import date

import numpy as np

from estran.coach.carving import overlaps, without
from estran.journal import Journal
from estran.tickets.laying import laid
from estran.tickets.regular import journeys_of, telework_days
from estran.timebase import local_day
from estran.trace import Evidence
from estran.web.me.documents import note_change
from estran.web.retention.documents import read_erased, write_erased
from estran.web.store.opened import OpenVault
from estran.web.tickets.documents import (
    TICKET,
    Outcome,
    drop,
    read_at_home,
    read_habits,
    read_outcome,
    read_tickets,
    write_outcome,
)

CELLS = "phone-masts"
"""Format of sources that say near which mast a phone was: never a track."""


def are_due(vault: OpenVault, at_us: int) -> bool:
    """Tell whether days have passed of which a habit is to be made."""
    return bool(read_habits(vault)) and read_outcome(vault).day != _day(at_us)


def _day(at_us: int) -> str:
    return local_day(at_us, "UTC").isoformat()


def without_masts(evidence: Evidence) -> tuple[Evidence, Evidence]:
    """Part what a phone recorded from what masts told of it: only the first is a track."""
    rough = [k for k, source in enumerate(evidence.sources) if source.format == CELLS]
    if not rough:
        return evidence, Evidence()
    is_rough = np.isin(evidence.trace.source, rough)
    fine, coarse = evidence.trace.take(~is_rough), evidence.trace.take(is_rough)
    return (
        Evidence(fine, evidence.activities, evidence.claims, evidence.marks, evidence.sources),
        Evidence(trace=coarse, sources=evidence.sources),
    )


def with_stated(
    vault: OpenVault, journal: Journal, evidence: Evidence, rough: Evidence, at_us: int
) -> tuple[Journal, Outcome]:
    """Lay a person's tickets and habits over a journal.

    A journey of the future waits; one in a time that was erased stays out.
    """
    erased = read_erased(vault)
    home = frozenset(
        day for one in read_at_home(vault).values() if one.kind == "telework" for day in one.days
    )
    stated = [*read_tickets(vault), *journeys_of(read_habits(vault), at_us, at_home=home)]
    now = [
        journey
        for journey in stated
        if journey.end_us <= at_us and not overlaps(journey.start_us, journey.end_us, erased)
    ]
    done = laid(journal, now, positions=evidence.trace, rough=rough.trace)
    tickets = {j.id for j in stated if not j.is_regular}
    states = {key: state.value for key, state in done.states.items() if key in tickets}
    return done.journal, Outcome(states, _day(at_us))


def keep_outcome(vault: OpenVault, outcome: Outcome) -> None:
    """Note what became of tickets, in the transaction that keeps the journal."""
    if outcome.states or outcome != read_outcome(vault):
        write_outcome(vault, outcome)


def tickets_in(vault: OpenVault, spans: tuple[tuple[int, int], ...]) -> list[str]:
    """List tickets of a time."""
    return [j.id for j in read_tickets(vault) if overlaps(j.start_us, j.end_us, spans)]


def forget_time(vault: OpenVault, spans: tuple[tuple[int, int], ...]) -> int:
    """Delete the tickets of a time that is erased; count them."""
    n_gone = drop(vault, TICKET, tickets_in(vault, spans))
    if n_gone:
        note_change(vault)
    return n_gone


def bring_back(vault: OpenVault, spans: list[tuple[int, int]]) -> None:
    """Let a time no longer count as erased: the person states something of it anew."""
    erased = read_erased(vault)
    left = without(erased, sorted(spans)) if erased else erased
    if left != erased:
        write_erased(vault, left)


def home_on(vault: OpenVault, day: date) -> bool:
    """Tell whether a person says to have worked at home on a day."""
    told = any(day in one.days for one in read_at_home(vault).values() if one.kind == "telework")
    return told or day in telework_days(read_habits(vault), day)
