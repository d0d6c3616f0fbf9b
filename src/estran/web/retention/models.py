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


class Timed(models.Model):
    """A person has rules that want looking after as days pass; which, is in the vault.

    So that the coach of a person who is away and let it in looks once a day, and no other.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="timed"
    )
    looked_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        """Tell the row."""
        return f"timed {self.pk}"


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
