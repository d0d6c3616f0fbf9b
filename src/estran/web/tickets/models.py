"""Rows of reminders: that somebody wants a mail on a day, and not of what."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Reminder(models.Model):
    """A person asked to be reminded by mail of a letter; which one, is in the vault."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders"
    )
    key = models.CharField(max_length=32)
    due_on = models.DateField()
    sent_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        """Tell the row."""
        return f"reminder {self.pk}"
