"""Rows of devices: which app, the fingerprint of its token, when it was last heard. No place."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models


class Device(models.Model):
    """A phone or tracker that may add to a vault, and nothing else. Its name is in the vault."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="devices"
    )
    app = models.CharField(max_length=24)
    """Key of the app, as the page of devices lists them."""
    token_digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the token, in hexadecimal: the token is shown once and kept nowhere."""
    made_at = models.DateTimeField(auto_now_add=True)
    last_received_at = models.DateTimeField(null=True, blank=True)
    last_point_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """In the order in which they were added."""

        ordering: ClassVar = ["made_at", "pk"]

    def __str__(self) -> str:
        """Tell the row."""
        return f"device {self.pk}"


class Waiting(models.Model):
    """Something came for a person that is not in the journal yet."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="waiting"
    )
    since = models.DateTimeField()

    def __str__(self) -> str:
        """Tell the row."""
        return f"waiting {self.pk}"
