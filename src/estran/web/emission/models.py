"""Rows of what lets a phone's app read: the vault key wrapped under the app's own token."""

from __future__ import annotations

from django.db import models


class ReadingSlot(models.Model):
    """A way into a vault that only a device's token opens. The token is nowhere on this server."""

    device = models.OneToOneField(
        "live.Device", on_delete=models.CASCADE, related_name="reading_slot"
    )
    sealed = models.BinaryField()
    expires_at = models.DateTimeField()
    made_at = models.DateTimeField(auto_now_add=True)
    noted_on = models.DateField(null=True, blank=True)
    """Day (UTC) of the last line in the access log: one a day says that it was used."""

    def __str__(self) -> str:
        """Tell the row."""
        return f"reading slot {self.pk}"
