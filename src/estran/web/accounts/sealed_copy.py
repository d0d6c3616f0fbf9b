"""The sealed vault as a file to take away: for who may still find the recovery code one day."""

from __future__ import annotations

import tempfile
import zipfile
from typing import IO

import msgspec
from django.utils.translation import gettext as _

from estran.vault.keys import PASSPHRASE, RECOVERY
from estran.web.accounts.models import KeySlot, Person, Vault
from estran.web.accounts.vaults import store

FORMAT = "estran.sealed/1"


def write_sealed_copy(person: Person) -> IO[bytes]:
    """Write a zip of the vault's file, the slots of password and code, and how to open it.

    Nothing in it can be read without the password or the recovery code.
    """
    vault = Vault.objects.get(person=person)
    slots = KeySlot.objects.filter(vault=vault, kind__in=[PASSPHRASE, RECOVERY]).order_by("kind")
    head = {
        "schema": FORMAT,
        "vault_id": vault.vault_id,
        "slots": [msgspec.Raw(bytes(slot.sealed)) for slot in slots],
    }
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("README.txt", _readme())
        archive.writestr("slots.json", msgspec.json.encode(head))
        with archive.open("vault.sqlite3", "w", force_zip64=True) as file:
            store().copy(vault.vault_id, file)
    out.seek(0)
    return out


def _readme() -> str:
    return _(
        "This is a sealed Estran vault. vault.sqlite3 holds the data, encrypted; slots.json "
        "holds its key, wrapped under your password and under your recovery code. Without one "
        "of the two nobody can read it. The format is described in docs/vault-format.md of "
        "Estran's source code."
    )
