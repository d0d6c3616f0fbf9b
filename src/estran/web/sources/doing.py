"""How a worker removes a source: erased in one transaction, then the journal made anew."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from estran.web.jobs.doing import FURTHER, Doing
from estran.web.jobs.models import Job
from estran.web.jobs.queue import JobLost
from estran.web.me.remaking import remake
from estran.web.retention import erasing
from estran.web.retention.documents import Holds, Rule, write_rule
from estran.web.retention.erasing import Wanted
from estran.web.sources.work import REMOVE, read_removal, write_removal
from estran.web.store.opened import OpenVault

EVERY_S = 1.5
"""How often progress is written: each time is a write of the vault."""
_PHASES = {"trips": (0.4, 0.9), "carbon": (0.9, 1.0)}


def _do(job: Job, vault: OpenVault, check: Callable[[], None]) -> None:
    """Remove it; a worker that was killed goes on where it stopped."""
    if job.subject is None:
        raise JobLost
    removal_id = job.subject
    removal = read_removal(vault, removal_id)
    if removal.state in {"waiting", "erasing"}:
        removal = replace(removal, state="erasing", share=0.1)
        write_removal(vault, removal_id, removal)
        check()
        receipt = None
        with vault.transaction():
            if removal.source in {source.key for source in vault.sources()}:
                receipt = erasing.erase(vault, Wanted(source=removal.source), mark=removal.mark)
                if receipt is None:
                    removal = replace(removal, state="changed")
                    write_removal(vault, removal_id, removal)
            if removal.state == "erasing":
                removal = replace(removal, state="remaking", share=_PHASES["trips"][0])
                write_rule(vault, Rule(removal.source, Holds.FOREVER, 0))
                if receipt is not None:
                    removal = replace(
                        removal, number=receipt.number, n_positions=receipt.plan.n_positions,
                        n_days=receipt.plan.n_days,
                    )  # fmt: skip
                write_removal(vault, removal_id, removal)
    if removal.state != "remaking":
        return
    written_s = time.monotonic()

    def tell(phase: str, share: float) -> None:
        nonlocal written_s
        check()
        begins, ends = _PHASES.get(phase, (0.4, 1.0))
        if time.monotonic() - written_s >= EVERY_S:
            written_s = time.monotonic()
            now = replace(removal, share=begins + share * (ends - begins))
            write_removal(vault, removal_id, now)

    remake(vault, tell)
    write_removal(vault, removal_id, replace(removal, state="done", share=1.0, name=""))


def _give_up(_job: Job, _code: str) -> None:
    """Nothing: the vault is closed by now, and the page of the removal asks the job's row."""


def register() -> None:
    """Tell the workers."""
    FURTHER[REMOVE] = Doing(_do, _give_up)


def failed(removal_id: UUID, person_id: UUID) -> bool:
    """Tell whether the job of a removal was given up."""
    rows = Job.objects.filter(subject=removal_id, person_id=person_id, state=Job.State.FAILED)
    return rows.exists()
