"""Rows of pauses and of warnings: instants and counts only."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Pause(models.Model):
    """Nothing new is taken in for a person, until they go on or a day comes.

    In clear, because trackers ask while the vault is locked.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pause"
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        """Tell the row."""
        return f"pause {self.pk}"


class Dormancy(models.Model):
    """How often a person who stays away was warned that their account ends."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="dormancy"
    )
    n_warnings = models.PositiveSmallIntegerField(default=0)
    warned_at = models.DateTimeField()

    def __str__(self) -> str:
        """Tell the row."""
        return f"dormancy {self.pk}"
