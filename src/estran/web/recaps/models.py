"""Rows of wishes: who wants a recap, how often and how much it says."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Wish(models.Model):
    """A person wants a recap by mail."""

    class Every(models.TextChoices):
        """How often."""

        WEEK = "week"
        MONTH = "month"

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recap"
    )
    every = models.CharField(max_length=5, choices=Every.choices)
    with_sums = models.BooleanField(default=False)
    """The mail tells the sums; otherwise only that they are ready. Mail is read on its way."""
    sent_of = models.CharField(max_length=10, blank=True)
    """First day of the period of which one was sent last: none is sent twice."""

    def __str__(self) -> str:
        """Tell the row."""
        return f"wish {self.pk}"
