"""Rows of groups: who is in which, and sealed words. The server holds no group's key."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models


class Circle(models.Model):
    """A group. Its name and its key are in its members' vaults."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    def __str__(self) -> str:
        """Tell the row."""
        return f"group {self.pk}"


class Member(models.Model):
    """Somebody in a group. ``shown`` is sealed under the group's key."""

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    shown = models.BinaryField()
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Once in a group."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["circle", "person"], name="once_in_a_group")
        ]

    def __str__(self) -> str:
        """Tell the row."""
        return f"member {self.pk}"


class Invitation(models.Model):
    """A link that lets one person in. The group's key in it opens with the link only."""

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="invitations")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="group_invitations"
    )
    digest = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField()
    ends_at = models.DateTimeField()

    def __str__(self) -> str:
        """Tell the row."""
        return f"invitation {self.pk}"
