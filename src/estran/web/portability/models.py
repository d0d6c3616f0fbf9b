"""Rows of what leaves and what comes: states and sizes only. The rest is in the vault."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models


class Passage(models.Model):
    """One export, one restore, or one move to or from another site."""

    class Kind(models.TextChoices):
        """Which way it goes."""

        EXPORT = "export"
        RESTORE = "restore"
        SEND = "send"
        RECEIVE = "receive"

    class State(models.TextChoices):
        """Where it stands."""

        ASKED = "asked"
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="passages"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    done_share = models.FloatField(default=0.0)
    size_bytes = models.BigIntegerField(default=0)
    error = models.CharField(max_length=40, blank=True, default="")
    """Code of the refusal that ended it."""
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    """When its sealed file goes."""

    class Meta:
        """The latest first."""

        ordering: ClassVar = ["-created_at", "pk"]

    def __str__(self) -> str:
        """Tell the kind and the row."""
        return f"{self.kind} {self.pk}"

    @property
    def is_over(self) -> bool:
        """Nothing more will happen to it by itself."""
        return self.state in {self.State.DONE, self.State.FAILED}


class Invitation(models.Model):
    """One address at which one archive may come for a person, once and for a while."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations"
    )
    code_digest = models.CharField(max_length=64)
    """SHA-256 of the code, which is only in the address."""
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    receiving_since = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """The latest first."""

        ordering: ClassVar = ["-created_at", "pk"]

    def __str__(self) -> str:
        """Tell the row."""
        return f"invitation {self.pk}"
