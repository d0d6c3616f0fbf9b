"""The rounds of one worker, in a thread of its own: who was heard, and what goes to its vault.

However long a job takes, phones are heard: nothing here waits for a job.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta

from django.db import DatabaseError, connection
from django.utils import timezone

from estran.web.jobs.models import Job
from estran.web.live.doing import TAKE_IN
from estran.web.live.draining import Watch, drain, waiting_bytes
from estran.web.live.models import Waiting
from estran.web.me import service

_log = logging.getLogger(__name__)

EVERY_S = 2.0
"""How long it takes at most until a person may see that a phone's point came."""

DRAIN_EVERY_S = 600.0
"""How long what came stays in the spool for people who do not ask for it."""

MOST_WAITING_BYTES = 64 * 1024 * 1024
COACH_EVERY_S = 60.0
SETTLES = timedelta(minutes=5)
"""What came is looked at by the coach so long after its first piece: trips come in pieces."""

REST_S = 30.0
AT_ONCE = 500


def go_round(stopping: threading.Event) -> None:
    """Make rounds until ``stopping`` is set; whatever fails is tried again."""
    coached_s = drained_s = time.monotonic()
    watch, is_told = Watch(), False
    while not stopping.wait(EVERY_S):
        try:
            watch.look()
            if _is_due(drained_s):
                drain()
                drained_s = time.monotonic()
            if time.monotonic() - coached_s >= COACH_EVERY_S:
                coached_s = time.monotonic()
                let_coach_take_in()
            is_told = False
        except (DatabaseError, OSError) as error:
            if not is_told:
                _log.error("what phones sent stays in the spool: %s", type(error).__qualname__)
            is_told = True
            connection.close()
            stopping.wait(REST_S)
    connection.close()


def _is_due(drained_s: float) -> bool:
    n_bytes = waiting_bytes()
    late = time.monotonic() - drained_s >= DRAIN_EVERY_S
    return n_bytes > 0 and (late or n_bytes >= MOST_WAITING_BYTES)


def let_coach_take_in() -> int:
    """Queue the taking in for people who are away and let the coach in; count them."""
    before = timezone.now() - SETTLES
    queued = Job.objects.filter(
        kind=TAKE_IN, state__in=[Job.State.QUEUED, Job.State.RUNNING]
    ).values("person_id")
    ready = Waiting.objects.filter(
        since__lte=before, person__vault__in=service.vaults_with_coach()
    ).exclude(person_id__in=queued)
    return sum(
        service.queue_away(person_id, TAKE_IN)
        for person_id in ready.values_list("person_id", flat=True)[:AT_ONCE]
    )
