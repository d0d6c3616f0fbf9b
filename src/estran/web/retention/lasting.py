"""Rules of how long a source is kept, applied when its vault is open."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.utils import timezone

from estran.coach.carving import overlaps, type_spans
from estran.coach.checking import reach_us
from estran.coach.corrections import Correction
from estran.journal import Trip
from estran.timebase import local_day
from estran.vault.audit import Act
from estran.vault.chunks import DAY_US
from estran.web.accounts.models import Person
from estran.web.jobs.models import Job
from estran.web.me.access import noting, told
from estran.web.me.documents import CORRECTION, note_change, read_change, read_corrections
from estran.web.retention.changes import without_time
from estran.web.retention.documents import (
    Holds,
    KeptTime,
    Rule,
    read_applied,
    read_kept,
    read_rules,
    write_applied,
    write_kept,
)
from estran.web.retention.models import Timed
from estran.web.retention.overlay import stored_entries
from estran.web.store.opened import OpenVault
from estran.web.store.rewriting import Reach

_BEGINNING_US = -(2**62)
_NEAR_US = 1_800_000_000
"""How near a fix stands by what was corrected without one inside: half an hour. [µs]"""


def now_us() -> int:
    """Tell the time. [µs since 1970, UTC]"""
    return time.time_ns() // 1000


def are_due(vault: OpenVault, at_us: int | None = None) -> bool:
    """Tell whether rules wait to be applied: once a day where there are any."""
    today = _day(now_us() if at_us is None else at_us)
    return bool(read_rules(vault)) and read_applied(vault) != today


def _day(at_us: int) -> str:
    return local_day(at_us, "UTC").isoformat()


def _until_us(rule: Rule, at_us: int) -> int:
    """Give the UTC midnight before which a rule speaks."""
    return (at_us // DAY_US - rule.after_days) * DAY_US


def delete_outlived(vault: OpenVault, at_us: int) -> None:
    """Delete what sources hold that are kept for some days only; before a new analysis."""
    if not read_rules(vault):
        return
    with noting(vault), vault.transaction():
        n_positions = 0
        for rule in read_rules(vault):
            if rule.holds is not Holds.NOTHING:
                continue
            until_us = _until_us(rule, at_us)
            gone = vault.rewrite(
                without_time([(_BEGINNING_US, until_us)]),
                Reach(last_us=until_us, source=rule.source, if_damaged="drop"),
            )
            n_positions += gone.n_positions
            kept = read_kept(vault)
            left = [k for k in kept if k.source != rule.source or k.end_us > until_us]
            if gone.days or len(left) != len(kept):
                write_kept(vault, left)
                drop_orphans(vault)
                note_change(vault)
        if n_positions:
            vault.audit(Act.RULE_APPLIED, told("nothing", n_positions))


def keep_trips_only(vault: OpenVault, at_us: int) -> None:
    """Drop positions that a rule keeps for some days only; after a new analysis.

    The journal of their time stays as it is from then on. A trip that reaches over the end
    of the days is left whole for another day.
    """
    if not read_rules(vault) or read_change(vault):
        return  # The journal does not tell of all the evidence yet.
    with noting(vault), vault.transaction():
        for rule in read_rules(vault):
            if rule.holds is Holds.TRIPS:
                _keep_trips(vault, rule, at_us)
        write_applied(vault, _day(at_us))


def _keep_trips(vault: OpenVault, rule: Rule, at_us: int) -> None:
    until_us = _until_us(rule, at_us)
    around = stored_entries(vault, [(until_us - 1, until_us + 1)])
    until_us = min([until_us, *(e.started_us for e in around if isinstance(e, Trip))])
    gone = vault.rewrite(
        without_time([(_BEGINNING_US, until_us)]),
        Reach(last_us=until_us, source=rule.source, if_damaged="skip"),
    )
    if not gone.days:
        return
    starts_us = [
        int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1_000_000
        for day in gone.days
    ]
    days = [(start_us, min(start_us + DAY_US, until_us)) for start_us in starts_us]
    days = [span for span in days if span[1] > span[0]]
    spans = [(e.started_us, min(e.ended_us, until_us)) for e in stored_entries(vault, days)]
    kept = [KeptTime(*span, rule.source, gone.owners) for span in spans if span[1] > span[0]]
    write_kept(vault, {*read_kept(vault), *kept})
    if gone.n_positions:
        vault.audit(Act.RULE_APPLIED, told("trips", gone.n_positions))


def forget_owner(vault: OpenVault, import_id: str) -> None:
    """Let go of kept days that only this import had brought: it was taken back."""
    kept = read_kept(vault)
    left = [
        KeptTime(*one.span, one.source, owners)
        for one in kept
        if (owners := tuple(owner for owner in one.owners if owner != import_id))
    ]
    if left != list(kept):
        write_kept(vault, left)
        note_change(vault)


def drop_orphans(vault: OpenVault) -> int:
    """Forget what was said of times of which nothing is left; count it."""
    kept = [one.span for one in read_kept(vault)]
    added = [(c.start_us, c.end_us) for c in read_corrections(vault) if c.kind == "add"]

    def is_orphan(start_us: int, end_us: int) -> bool:
        if overlaps(start_us, end_us, kept):
            return False
        near = vault.evidence(start_us - _NEAR_US, end_us + _NEAR_US)
        return not len(near.trace) and not len(near.claims)

    return _drop(vault, lambda c: not _stands_alone(c, added) and is_orphan(c.start_us, c.end_us))


def _stands_alone(one: Correction, added: type_spans) -> bool:
    """Tell whether something was said of a trip that the person added: it needs no evidence."""
    return one.kind == "add" or overlaps(one.start_us, one.end_us, added)


def drop_corrections(vault: OpenVault, goes: Callable[[int, int], bool]) -> int:
    """Forget what was said of intervals; count it."""
    return _drop(vault, lambda c: goes(*reach_us(c)))


def _drop(vault: OpenVault, goes: Callable[[Correction], bool]) -> int:
    gone = [c for c in read_corrections(vault) if goes(c)]
    return sum(vault.delete_doc(CORRECTION, correction.id) for correction in gone)


def remember_rules(person: Person, vault: OpenVault) -> None:
    """Note in clear that a person has rules, or none, and nothing of what they say."""
    if read_rules(vault):
        Timed.objects.get_or_create(person=person)
    else:
        Timed.objects.filter(person=person).delete()


AT_ONCE = 200
"""People in a round; the next round takes the next."""


def look_after_rules() -> int:
    """Queue a look at the rules of people who are away and let the coach in; once a day."""
    from estran.web.me.service import queue_away  # noqa: PLC0415 - it rests on this module

    today = timezone.now().date()
    waiting = Timed.objects.exclude(looked_on=today)
    n_queued = 0
    for row in waiting.order_by("pk")[:AT_ONCE]:
        n_queued += queue_away(row.person_id, Job.Kind.REANALYSE)
        Timed.objects.filter(pk=row.pk).update(looked_on=today)
    return n_queued
