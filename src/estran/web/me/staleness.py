"""A journal of an older engine or network, or from before a correction, is made anew.

Pages do not load the engine: a worker writes its name beside the data, and pages compare.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from estran.coach.corrections import said_by
from estran.journal import MadeBy
from estran.web.accounts.models import Person
from estran.web.jobs import queue
from estran.web.jobs.models import Job
from estran.web.me.documents import read_calendar, read_change, read_corrections
from estran.web.retention.lasting import are_due, now_us
from estran.web.running.loaded import network_digest
from estran.web.sources.documents import read_preference
from estran.web.store.opened import OpenVault
from estran.web.tickets import stating


def _path() -> Path:
    return Path(settings.ESTRAN_DATA) / "engine"


def tell_engine() -> None:
    """Write which engine and settings the workers run."""
    from estran.analyse import ALGORITHM, AnalyseSettings  # noqa: PLC0415 - workers only

    new = _path().with_name(f"engine.{uuid.uuid4().hex}")
    new.write_text(_name(ALGORITHM, AnalyseSettings().digest()), encoding="utf-8")
    new.replace(_path())


def _name(algorithm: str, settings_digest: str) -> str:
    return f"{algorithm}|{settings_digest}"


def is_stale(made_by: MadeBy) -> bool:
    """Tell whether another engine, or another network, is there now than made a journal."""
    if not made_by.algorithm:
        return False
    try:
        now = _path().read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    other_network = made_by.network_digest != network_digest(Path(settings.ESTRAN_DATA))
    return other_network or _name(made_by.algorithm, made_by.settings_digest) != now


def engine_now() -> str:
    """Name the engine and the network that analyses run with; ``""`` before any did."""
    try:
        engine = _path().read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    return f"{engine}|{network_digest(Path(settings.ESTRAN_DATA))}"


def has_more_said(made_by: MadeBy, vault: OpenVault) -> bool:
    """Tell whether the person has said other things since a journal was made."""
    if not made_by.algorithm:
        return False
    return said_by(read_corrections(vault)).digest != made_by.history_digest


def has_other_order(made_by: MadeBy, vault: OpenVault) -> bool:
    """Tell whether the person orders their sources otherwise since a journal was made."""
    return bool(made_by.algorithm) and read_preference(vault).digest != made_by.sources_digest


def freshen(person: Person, vault: OpenVault, vault_key: bytes) -> bool:
    """Queue a new analysis for a journal that is stale; tell whether one was queued.

    It also applies the person's rules of how long sources are kept, and makes up for what
    was erased or blurred where a worker was killed before.
    """
    made_by = read_calendar(vault).made_by
    waits = bool(read_change(vault)) or are_due(vault) or has_other_order(made_by, vault)
    waits = waits or stating.are_due(vault, now_us())
    if not waits and not is_stale(made_by) and not has_more_said(made_by, vault):
        return False
    unfinished = [Job.State.QUEUED, Job.State.RUNNING]
    if Job.objects.filter(person=person, state__in=unfinished).exists():
        return False  # any job ends with an analysis
    queue.enqueue(person, Job.Kind.REANALYSE, vault_key=vault_key)
    return True


def remake_now(person: Person, vault_key: bytes) -> None:
    """Queue a new analysis at once, after evidence was erased or blurred."""
    waits = Job.objects.filter(person=person, state=Job.State.QUEUED, not_before=None)
    if not waits.exists():
        queue.enqueue(person, Job.Kind.REANALYSE, vault_key=vault_key)


SETTLES = timedelta(minutes=3)
"""How long after a correction the rest is looked at again: people correct several at once,
and nothing should move under their fingers."""


def freshen_soon(person: Person, vault_key: bytes, *, after: timedelta = SETTLES) -> bool:
    """Queue a new analysis for after a person has corrected; tell whether one was queued.

    One that waits already sees all that was said by the time it begins.
    """
    if Job.objects.filter(person=person, state=Job.State.QUEUED).exists():
        return False
    later = timezone.now() + after
    queue.enqueue(person, Job.Kind.REANALYSE, vault_key=vault_key, not_before=later)
    return True
