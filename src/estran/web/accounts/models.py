"""Rows of people: an address, a language, and what opens a vault. No place, no trip."""

from __future__ import annotations

import uuid
from typing import ClassVar

from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PersonManager(BaseUserManager["Person"]):
    """Makes people from an address and a password."""

    def create_user(self, email: str, password: str | None = None, **extra: object) -> Person:
        """Make a person, without a vault: :func:`.vaults.create_vault` makes that."""
        person = self.model(email=self.normalize_email(email), **extra)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody with an account.

    The address is not unique: two people may give the same while none has proved it, so
    that signing up never tells who is here already.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), db_index=True)
    language = models.CharField(max_length=8, blank=True, default="")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[PersonManager] = PersonManager()

    def __str__(self) -> str:
        """Name nobody: this enters logs."""
        return f"person {self.id}"


class Vault(models.Model):
    """Where a person's vault is and to what key things are sealed for it."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="vault")
    vault_id = models.CharField(max_length=64, unique=True)
    public_key = models.BinaryField(max_length=32)
    recovery_noted_at = models.DateTimeField(null=True, blank=True)
    """When the person said that the recovery code is written down."""
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        """Tell the row, not the vault."""
        return f"vault row {self.pk}"


class KeySlot(models.Model):
    """One way to open a vault: its key wrapped under a password, a recovery code or a passkey."""

    vault = models.ForeignKey(Vault, on_delete=models.CASCADE, related_name="slots")
    kind = models.CharField(max_length=32)
    sealed = models.BinaryField()
    passkey = models.OneToOneField(
        Authenticator, on_delete=models.CASCADE, null=True, blank=True, related_name="slot"
    )
    """The passkey that opens it: with the passkey the slot goes too."""
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        """One slot of each kind."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["vault", "kind"], name="one_slot_a_kind")
        ]

    def __str__(self) -> str:
        """Tell the kind only."""
        return f"{self.kind} slot {self.pk}"


class SignIn(models.Model):
    """A browser that is signed in: what kind, since when, last seen. No address of the network."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=60, blank=True)
    began_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    """Written at most every ten minutes."""

    def __str__(self) -> str:
        """Tell the row."""
        return f"sign-in {self.pk}"


class ErasureReceipt(models.Model):
    """Proof that a vault was erased: when, and a salted digest that names nobody."""

    digest = models.CharField(max_length=64)
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        """Tell the row."""
        return f"receipt {self.pk}"
