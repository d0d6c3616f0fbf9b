"""What a person's vault rows can do: be made, be opened, get a new slot, be forgotten."""

from __future__ import annotations

import base64
import binascii
import contextlib
from collections.abc import Iterator
from pathlib import Path

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from estran.errors import NotFound, VaultKeyWrong, VaultMissing, VaultOfOtherTime
from estran.vault.keys import (
    KEY_BYTES,
    PASSPHRASE,
    RECOVERY,
    Slot,
    decode_slot,
    encode_slot,
    open_slot,
    passphrase_slot,
    recovery_slot,
    wrap_slot,
)
from estran.vault.keys import create_vault as draw_keys
from estran.vault.store import new_meta
from estran.web.accounts.models import KeySlot, Person, Vault
from estran.web.store.file import FileVaultStore
from estran.web.store.opened import OpenVault


def store() -> FileVaultStore:
    """Give the store of all vaults, in the data folder."""
    return FileVaultStore(Path(settings.ESTRAN_DATA) / "vaults")


@contextlib.contextmanager
def vault_made(person: Person, password: str = "") -> Iterator[tuple[bytes, str]]:
    """Make a person's vault with the rows around it: all of it, or nothing.

    Without a password only the recovery code opens it, until the block adds a passkey. Use it
    as the innermost block of the transaction that makes the person. The vault's file is
    erased again when the block fails.

    Yields
    ------
    tuple of bytes and str
        The vault key and the recovery code, which is nowhere else.
    """
    keys = draw_keys()
    vault_store = store()
    vault_store.create(keys.vault_id, new_meta(keys))
    try:
        row = Vault.objects.create(
            person=person, vault_id=keys.vault_id, public_key=keys.public_key
        )
        if password:
            _keep(row, passphrase_slot(keys.vault_key, keys.vault_id, password))
        code, slot = recovery_slot(keys.vault_key, keys.vault_id)
        _keep(row, slot)
        yield keys.vault_key, code
    except BaseException:
        vault_store.erase(keys.vault_id)
        raise


def _keep(vault: Vault, slot: Slot) -> None:
    KeySlot.objects.update_or_create(
        vault=vault, kind=slot.kind, defaults={"sealed": encode_slot(slot)}
    )


def _open(person: Person, kind: str, secret: str) -> bytes:
    row = KeySlot.objects.select_related("vault").filter(vault__person=person, kind=kind).first()
    if row is None:
        raise VaultKeyWrong
    return open_slot(decode_slot(bytes(row.sealed)), row.vault.vault_id, secret)


def open_by_password(person: Person, password: str) -> bytes:
    """Give the vault key.

    Raises
    ------
    VaultKeyWrong
        The password does not open the vault (it may still sign in: it was reset by mail).
    """
    return _open(person, PASSPHRASE, password)


def must_fit(person: Person, vault_key: bytes) -> None:
    """Make sure that a key from a slot is that of the vault's file.

    Raises
    ------
    VaultMissing, VaultOfOtherTime
        The database and the vaults were put back from copies of different days.
    """
    vault = Vault.objects.get(person=person)
    try:
        OpenVault(store(), vault.vault_id, vault_key)
    except NotFound as error:
        raise VaultMissing from error
    except VaultKeyWrong as error:
        raise VaultOfOtherTime from error


def open_by_code(person: Person, code: str) -> bytes:
    """Give the vault key for a recovery code.

    Raises
    ------
    VaultKeyWrong
        The code is not this vault's, or was mistyped.
    """
    return _open(person, RECOVERY, code)


def prf_bytes(text: str) -> bytes | None:
    """Read what a passkey computed for this site (WebAuthn's PRF), None where it gave nothing."""
    try:
        secret = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    return secret if len(secret) == KEY_BYTES else None


def wrap_for_passkey(person: Person, vault_key: bytes, passkey: Authenticator, prf: bytes) -> None:
    """Let a passkey open the vault too: a further slot, beside the recovery code's."""
    vault = Vault.objects.get(person=person)
    slot = wrap_slot(vault_key, vault.vault_id, prf, _passkey_kind(passkey))
    KeySlot.objects.update_or_create(
        vault=vault, kind=slot.kind, defaults={"sealed": encode_slot(slot), "passkey": passkey}
    )


def open_by_passkey(passkey: Authenticator, prf: bytes) -> bytes:
    """Give the vault key for what a passkey computed.

    Raises
    ------
    VaultKeyWrong
        The passkey signs in but has no slot, or another result opens it.
    """
    row = KeySlot.objects.select_related("vault").filter(passkey=passkey).first()
    if row is None or row.vault.person_id != passkey.user_id:
        raise VaultKeyWrong
    return open_slot(decode_slot(bytes(row.sealed)), row.vault.vault_id, prf)


def _passkey_kind(passkey: Authenticator) -> str:
    return f"passkey {passkey.pk}"


def has_password(person: Person) -> bool:
    """Tell whether a password opens the vault."""
    return KeySlot.objects.filter(vault__person=person, kind=PASSPHRASE).exists()


def wrap_again(person: Person, vault_key: bytes, password: str) -> None:
    """Let a new password open the vault, and the old one no more."""
    vault = Vault.objects.get(person=person)
    _keep(vault, passphrase_slot(vault_key, vault.vault_id, password))


def draw_new_code(person: Person, vault_key: bytes) -> str:
    """Draw a new recovery code; the old one opens nothing any more."""
    with transaction.atomic():
        vault = Vault.objects.select_for_update().get(person=person)
        code, slot = recovery_slot(vault_key, vault.vault_id)
        _keep(vault, slot)
        vault.recovery_noted_at = None
        vault.save(update_fields=["recovery_noted_at"])
    return code


def note_code_kept(person: Person) -> None:
    """Remember that the person wrote the recovery code down."""
    Vault.objects.filter(person=person).update(recovery_noted_at=timezone.now())
