"""How the workers do passages: progress, and what is said when one is given up."""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID

from django.utils import timezone

from estran.web.jobs.doing import FURTHER, Doing
from estran.web.jobs.models import Job
from estran.web.jobs.queue import JobLost
from estran.web.portability.models import Passage
from estran.web.store.opened import OpenVault

EVERY_S = 0.4
_NOBODY = UUID(int=0)


class Teller:
    """Writes how far a passage is into its row, seldom, and learns there whether to stop."""

    def __init__(self, row: Passage, check: Callable[[], None]) -> None:
        self._row, self._check = row, check
        self._written_s, self._share = -1e9, 0.0

    def __call__(self, share: float) -> None:
        """Tell the share done.

        Raises
        ------
        JobLost
            The passage was erased.
        """
        self._check()
        now_s = time.monotonic()
        self._share = max(self._share, share)
        if now_s - self._written_s < EVERY_S:
            return
        self._written_s = now_s
        if not Passage.objects.filter(pk=self._row.pk).update(done_share=self._share):
            raise JobLost


def _do(job: Job, vault: OpenVault, check: Callable[[], None]) -> None:
    row = Passage.objects.filter(pk=job.subject or _NOBODY, person_id=job.person_id).first()
    if row is None:
        raise JobLost
    if row.is_over:
        return
    Passage.objects.filter(pk=row.pk).update(state=Passage.State.RUNNING)
    _WAYS[row.kind](row, vault, Teller(row, check))


def _export(row: Passage, vault: OpenVault, tell: Teller) -> None:
    from estran.web.portability.making import run_export  # noqa: PLC0415 - workers only

    run_export(row, vault, tell)


def _restore(row: Passage, vault: OpenVault, tell: Teller) -> None:
    from estran.web.portability.taking import run_restore  # noqa: PLC0415 - workers only

    run_restore(row, vault, tell)


def _send(row: Passage, vault: OpenVault, tell: Teller) -> None:
    from estran.web.portability.sending import run_send  # noqa: PLC0415 - workers only

    run_send(row, vault, tell)


_WAYS = {
    Passage.Kind.EXPORT.value: _export,
    Passage.Kind.RESTORE.value: _restore,
    Passage.Kind.RECEIVE.value: _restore,
    Passage.Kind.SEND.value: _send,
}


def _give_up(job: Job, code: str) -> None:
    Passage.objects.filter(pk=job.subject or _NOBODY).exclude(state=Passage.State.DONE).update(
        state=Passage.State.FAILED, error=code, ended_at=timezone.now()
    )


def register() -> None:
    """Tell the workers."""
    for kind in _WAYS:
        FURTHER[kind] = Doing(_do, _give_up)
