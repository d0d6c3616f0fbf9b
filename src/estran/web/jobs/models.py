"""Rows of background work. No content: what a job is about is in the person's vault."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models


class Job(models.Model):
    """One piece of background work for one person.

    ``grant`` is the vault key sealed to the workers' public key, whose secret lives only in
    the memory of the running site: after a restart the grant opens nothing and the person's
    next page view renews it.
    """

    class State(models.TextChoices):
        """Where a job stands."""

        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    class Kind(models.TextChoices):
        """What there is to do."""

        IMPORT = "import"
        UNDO = "undo"
        REANALYSE = "reanalyse"
        REKEY = "rekey"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="jobs"
    )
    kind = models.CharField(max_length=16, choices=Kind.choices)
    subject = models.UUIDField(null=True, blank=True)
    """Which import, for a job about one."""
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    is_big = models.BooleanField(default=False)
    """Big jobs leave one worker free for small ones."""
    n_attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=64, blank=True, default="")
    lease_until = models.DateTimeField(null=True, blank=True)
    grant = models.BinaryField(default=b"")
    grant_key = models.CharField(max_length=64, blank=True, default="")
    """Which workers' key the grant is sealed to; empty when none was there; ``service`` for a
    job that opens the vault by the way that its person gave the coach."""
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """What the database itself holds to: one running job a person."""

        indexes: ClassVar = [
            models.Index(fields=["state", "created_at"]),
            models.Index(fields=["person", "state"]),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(state="running"),
                name="one_running_job_a_person",
            )
        ]

    def __str__(self) -> str:
        """Tell the kind and the row."""
        return f"{self.kind} job {self.pk}"
