"""Who does what next: jobs are claimed by a conditional update and held by a lease."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from estran.web.accounts.models import Person
from estran.web.jobs import grants
from estran.web.jobs.models import Job


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """How jobs are shared out.

    Parameters
    ----------
    lease_s : float
        A worker silent for longer has died. Four missed beats.
    beat_s : float
        How often a worker says that it lives.
    big_bytes : int
        Uploads over this are big: all workers but one may be busy with them.
    max_attempts : int
        A job that killed its worker this often is given up, with a report.
    """

    lease_s: float = 60.0
    beat_s: float = 15.0
    big_bytes: int = 64 * 1024 * 1024
    max_attempts: int = 5


SETTINGS = QueueSettings()


class JobLost(Exception):  # noqa: N818 - it is news, not an error: somebody else decided
    """The job was taken back: erased with its person, or its lease ran out."""


def enqueue(
    person: Person, kind: str, *, vault_key: bytes, is_big: bool = False, **rest: object
) -> Job:
    """Add a job, with its grant."""
    grant, key_name = grants.seal_grant(vault_key)
    return Job.objects.create(
        person=person, kind=kind, grant=grant, grant_key=key_name, is_big=is_big, **rest
    )


def claim(worker: str, key_name: str, *, n_workers: int) -> Job | None:
    """Take the job that has waited longest among those that may run now.

    May run: its grant opens with these workers' key or its person let the coach in, its person
    has no running job, and it is small or leaves one worker free for small ones. Jobs of workers
    that died are taken back first.
    """
    now = timezone.now()
    if _next(key_name, n_workers) is None and not _running().filter(lease_until__lt=now).exists():
        return None  # Asked often: a look takes no lock.
    try:
        with transaction.atomic():
            _one_claims()
            _take_back(Q(lease_until__lt=now))
            job = _next(key_name, n_workers)
            if job is None:
                return None
            taken = Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).update(
                state=Job.State.RUNNING,
                claimed_by=worker,
                lease_until=now + timedelta(seconds=SETTINGS.lease_s),
                n_attempts=job.n_attempts + 1,
            )
    except IntegrityError:
        # Another worker took a job of the same person in the same moment.
        return None
    job.refresh_from_db()
    return job if taken else None


def _one_claims() -> None:
    """Let one worker claim at a time, so that the big jobs it counts are all there are.

    SQLite does so by itself: a transaction that writes begins alone.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CLAIMING])


_CLAIMING = 0x65737472616E
"""Number of the lock: "estran"."""


def _next(key_name: str, n_workers: int) -> Job | None:
    running = _running()
    ready = Job.objects.filter(
        Q(not_before=None) | Q(not_before__lte=timezone.now()),
        ~Exists(running.filter(person=OuterRef("person"))),
        state=Job.State.QUEUED,
        grant_key__in=[key_name, grants.SERVICE],
    )
    if n_workers > 1 and running.filter(is_big=True).count() >= n_workers - 1:
        ready = ready.filter(is_big=False)
    return ready.order_by("created_at", "pk").first()


def beat(job: Job, worker: str) -> None:
    """Say that the worker lives.

    Raises
    ------
    JobLost
        The job is no longer this worker's.
    """
    until = timezone.now() + timedelta(seconds=SETTINGS.lease_s)
    if not _mine(job, worker).update(lease_until=until):
        raise JobLost


def end(job: Job, worker: str, state: str) -> bool:
    """Close a job and destroy its grant; tell whether it was still this worker's."""
    closed = _mine(job, worker).update(
        state=state, ended_at=timezone.now(), lease_until=None, grant=b"", grant_key=""
    )
    return bool(closed)


def postpone(job: Job, worker: str, delay_s: float, *, counts: bool = True) -> None:
    """Give a job back for a later attempt; ``counts`` tells whether this one is held against it."""
    _mine(job, worker).update(
        n_attempts=job.n_attempts if counts else job.n_attempts - 1,
        state=Job.State.QUEUED,
        claimed_by="",
        lease_until=None,
        not_before=timezone.now() + timedelta(seconds=delay_s),
    )


def wait_for_person(job: Job, worker: str) -> None:
    """Give a job back until its person gives the key again with a page view."""
    _mine(job, worker).update(
        n_attempts=job.n_attempts - 1, grant=b"", grant_key="",
        state=Job.State.QUEUED, claimed_by="", lease_until=None,
    )  # fmt: skip


def release(worker: str) -> int:
    """Give back at once what a dead worker held."""
    return _take_back(Q(claimed_by=worker))


def _running() -> QuerySet[Job]:
    return Job.objects.filter(state=Job.State.RUNNING)


def _mine(job: Job, worker: str) -> QuerySet[Job]:
    return _running().filter(pk=job.pk, claimed_by=worker)


def _take_back(which: Q) -> int:
    return _running().filter(which).update(state=Job.State.QUEUED, claimed_by="", lease_until=None)


KEPT_DAYS = 30
"""How long the rows of ended jobs stay, for the doctor to count."""


def clear_ended() -> int:
    """Delete old rows of ended jobs, and sessions that ran out; count them."""
    now = timezone.now()
    n_jobs, _ = Job.objects.filter(ended_at__lt=now - timedelta(days=KEPT_DAYS)).delete()
    n_sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    return n_jobs + n_sessions
