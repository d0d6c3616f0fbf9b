"""Do one claimed job: open the vault with its grant, do what its kind says, close it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import DatabaseError, connection
from django.utils import timezone

from estran.errors import (
    ArchiveDamaged,
    ArchiveLocked,
    ArchiveNewer,
    ArchiveUnknown,
    FileHostile,
    FileTooLarge,
    NotFound,
    PeerRefused,
    Refusal,
    VaultDamaged,
    VaultKeyWrong,
)
from estran.vault.audit import Act
from estran.web.accounts.models import Vault
from estran.web.accounts.vaults import store
from estran.web.jobs import queue
from estran.web.jobs.grants import SERVICE, WorkerKeys, open_grant
from estran.web.jobs.models import Job
from estran.web.jobs.queue import JobLost
from estran.web.me import bringing, consents, rekeying, service
from estran.web.me.access import note
from estran.web.me.models import Import
from estran.web.me.remaking import remake
from estran.web.store.opened import OpenVault

_log = logging.getLogger(__name__)
_FIRST_DELAY_S = 2.0
_FINAL = (
    VaultDamaged, VaultKeyWrong, NotFound, ArchiveDamaged, ArchiveNewer, ArchiveUnknown,
    ArchiveLocked, FileHostile, FileTooLarge, PeerRefused,
)  # fmt: skip
"""What another attempt would not change."""


@dataclass(frozen=True, slots=True)
class Doing:
    """How a kind of job that another app brings is done, and what it says when given up."""

    do: Callable[[Job, OpenVault, Callable[[], None]], None]
    give_up: Callable[[Job, str], None]


FURTHER: dict[str, Doing] = {}
"""Kinds of jobs of other apps, by their key; each app adds its own when it is loaded."""


class Stopping(Exception):  # noqa: N818 - a request, not an error
    """The worker was asked to stop: the job goes back to the queue."""


class KeyGone(Exception):  # noqa: N818 - news too
    """What opened the vault for this job opens it no more: the job waits for its person."""


def do(
    job: Job,
    keys: WorkerKeys,
    worker: str,
    *,
    must_stop: Callable[[], bool],
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Do a job to its end, or give it back."""
    if job.n_attempts > queue.SETTINGS.max_attempts:
        _give_up_or_wait(job, worker, "refused", final=True)  # it kills its workers
        return
    lost = threading.Event()

    ended = threading.Event()
    heart = threading.Thread(target=_beat, args=(job, worker, ended, lost), daemon=True)
    heart.start()
    try:
        _do(job, keys, _checker(job, must_stop, lost), clock)
    except KeyGone:
        queue.wait_for_person(job, worker)
    except JobLost:
        queue.end(job, worker, Job.State.DONE)
    except Stopping:
        queue.postpone(job, worker, 0.0, counts=False)
    except Refusal as refusal:
        _give_up_or_wait(job, worker, refusal.code, final=isinstance(refusal, _FINAL))
    except Exception as error:  # noqa: BLE001 - the worker's border: a bug must not stop the others' work
        _log.exception("a %s job broke: %s", job.kind, type(error).__qualname__)
        _give_up_or_wait(job, worker, "refused", final=False)
    else:
        queue.end(job, worker, Job.State.DONE)
    finally:
        ended.set()
        heart.join()


def _checker(job: Job, must_stop: Callable[[], bool], lost: threading.Event) -> Callable[[], None]:
    """Give what each step of the work asks: whether to go on."""

    def check() -> None:
        if must_stop():
            raise Stopping
        if job.grant_key == SERVICE and service.way_in(job.person_id) is None:
            raise KeyGone
        if lost.is_set():
            raise JobLost

    return check


def _beat(job: Job, worker: str, ended: threading.Event, lost: threading.Event) -> None:
    """Renew the lease until the job ends or is no longer ours."""
    try:
        while not ended.wait(queue.SETTINGS.beat_s):
            try:
                queue.beat(job, worker)
            except JobLost:
                lost.set()
                return
            except DatabaseError as error:
                # A disk that is full now may take the next beat; the lease outlives four.
                _log.warning("a beat was missed: %s", type(error).__qualname__)
                connection.close()
    finally:
        connection.close()


def _do(job: Job, keys: WorkerKeys, check: Callable[[], None], clock: Callable[[], float]) -> None:
    if job.kind == Job.Kind.REKEY:
        _rekey(job, keys, check)
        return
    vault = _open(job, keys)
    if job.kind in FURTHER:
        FURTHER[job.kind].do(job, vault, check)
        return
    if job.kind == Job.Kind.REANALYSE:
        remake(vault, lambda _phase, _share: check())
        return
    row = bringing.row_of(job)
    if job.kind == Job.Kind.IMPORT:
        Import.objects.filter(pk=row.pk, state=Import.State.QUEUED).update(
            state=Import.State.RUNNING, started_at=timezone.now()
        )
        teller = bringing.Teller(row, Import.State.RUNNING, clock=clock, check=check)
        bringing.run_import(row, vault, teller)
    else:
        teller = bringing.Teller(row, Import.State.UNDOING, clock=clock, check=check)
        bringing.run_undo(row, vault, teller)


def _rekey(job: Job, keys: WorkerKeys, check: Callable[[], None]) -> None:
    told = open_grant(job, keys)
    if told is None:
        raise KeyGone
    try:
        rekeying.run(job, told, keys, check)
    except VaultKeyWrong as error:
        raise KeyGone from error


def _open(job: Job, keys: WorkerKeys) -> OpenVault:
    """Open the vault of a job and write in its access log, before anything else is done."""
    row = Vault.objects.filter(person_id=job.person_id).first()
    if row is None:
        raise JobLost
    by_coach = job.grant_key == SERVICE
    key = service.open_for(job.person_id) if by_coach else open_grant(job, keys)
    if key is None:
        raise KeyGone
    try:
        vault = OpenVault(store(), row.vault_id, key)
    except VaultKeyWrong as error:
        raise KeyGone from error  # the vault has another key since
    if not by_coach:
        note(vault, Act.WORKED, job.kind)
    elif consents.coach_may(vault):
        note(vault, Act.COACH_WORKED, job.kind)
    else:
        raise KeyGone
    return vault


def _give_up_or_wait(job: Job, worker: str, code: str, *, final: bool) -> None:
    """Try again later, each time later; after the last attempt say that it failed."""
    if not final and job.n_attempts < queue.SETTINGS.max_attempts:
        queue.postpone(job, worker, _FIRST_DELAY_S * 2**job.n_attempts)
        return
    ended = queue.end(job, worker, Job.State.FAILED)
    if ended and job.kind in FURTHER:
        FURTHER[job.kind].give_up(job, code)
    elif ended and job.subject is not None:
        Import.objects.filter(pk=job.subject).exclude(state=Import.State.DONE).update(
            state=Import.State.FAILED, error=code, ended_at=timezone.now()
        )
