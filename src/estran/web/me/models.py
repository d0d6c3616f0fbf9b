"""Rows of imports: counts and times only. Names of files and reports are in the vault."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models


class Import(models.Model):
    """One time that a person brought files."""

    class State(models.TextChoices):
        """Where it stands."""

        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        UNDOING = "undoing"
        UNDONE = "undone"

    class Phase(models.TextChoices):
        """What is being done, in order."""

        RECEIVED = "received"
        READING = "reading"
        POSITIONS = "positions"
        TRIPS = "trips"
        CARBON = "carbon"
        DONE = "done"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="imports"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    phase = models.CharField(max_length=12, choices=Phase.choices, default=Phase.RECEIVED)
    phase_share = models.FloatField(default=0.0)
    n_files = models.PositiveIntegerField(default=0)
    size_bytes = models.BigIntegerField(default=0)
    n_read_bytes = models.BigIntegerField(default=0)
    n_positions_read = models.BigIntegerField(default=0)
    n_positions_new = models.BigIntegerField(default=0)
    n_positions_known = models.BigIntegerField(default=0)
    n_refused = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=40, blank=True, default="")
    """Code of the refusal that ended it, for an import that failed."""
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """The latest first."""

        ordering: ClassVar = ["-created_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["person", "-created_at"])]

    def __str__(self) -> str:
        """Tell the row."""
        return f"import {self.pk}"

    @property
    def is_over(self) -> bool:
        """Nothing more will happen to it by itself."""
        return self.state in {self.State.DONE, self.State.FAILED, self.State.UNDONE}


class SealedUpload(models.Model):
    """One uploaded file, sealed to its person's key, that waits in ``incoming/``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    of_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="uploads")
    rank = models.PositiveIntegerField()
    size_bytes = models.BigIntegerField()

    class Meta:
        """In the order they were sent."""

        ordering: ClassVar = ["rank"]

    def __str__(self) -> str:
        """Tell the row."""
        return f"upload {self.pk}"


class ServiceSlot(models.Model):
    """A way into a vault that this server holds: the vault key wrapped under its service key.

    Of what the coach may do only this is outside the vault: that it may, and until when.
    """

    vault = models.ForeignKey("accounts.Vault", on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=16)
    expires_at = models.DateTimeField()
    sealed = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)
    looked_with = models.CharField(max_length=64, blank=True, default="")
    """Digest of the engine and networks with which the journal was last looked at."""

    class Meta:
        """One slot a purpose."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["vault", "purpose"], name="one_service_slot_a_purpose")
        ]

    def __str__(self) -> str:
        """Tell the row."""
        return f"service slot {self.pk}"


class LogHead(models.Model):
    """Head of a vault's access log, sealed: what tells that an older vault was put back."""

    vault = models.OneToOneField("accounts.Vault", on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        """Tell the row."""
        return f"log head {self.pk}"


class KeyChange(models.Model):
    """A vault on its way to another key: the slots that will open it, until they do."""

    class State(models.TextChoices):
        """Where it stands."""

        ASKED = "asked"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vault = models.OneToOneField("accounts.Vault", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    slots = models.BinaryField(default=b"")
    public_key = models.BinaryField(max_length=32)
    asked_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        """Tell the row."""
        return f"key change {self.pk}"
