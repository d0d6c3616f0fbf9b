"""The rounds of one worker, in a thread of its own: what was acknowledged goes to its vault.

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
from estran.web.live.draining import drain, is_empty
from estran.web.live.models import Waiting
from estran.web.me import service

_log = logging.getLogger(__name__)

EVERY_S = 2.0
"""How long a phone's point waits before its person may see that it came."""

COACH_EVERY_S = 60.0
SETTLES = timedelta(minutes=5)
"""What came is looked at by the coach so long after its first piece: trips come in pieces."""

REST_S = 30.0
AT_ONCE = 500


def go_round(stopping: threading.Event) -> None:
    """Make rounds until ``stopping`` is set; whatever fails is tried again."""
    coached_s, is_told = time.monotonic(), False
    while not stopping.wait(EVERY_S):
        try:
            if not is_empty():
                drain()
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
