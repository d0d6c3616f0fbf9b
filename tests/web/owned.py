"""A person's vault opened from the files of a site, without the site: as they could anywhere."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from estran.vault.keys import decode_slot, open_slot
from estran.web.store import FileVaultStore, OpenVault
from tests.web.site import PASSWORD


def rows(data: Path, query: str, *values: object) -> list[tuple[object, ...]]:
    """Ask the control database."""
    with closing(sqlite3.connect(data / "estran.sqlite3", timeout=20)) as database:
        return database.execute(query, values).fetchall()


def vault_of(data: Path, email: str) -> OpenVault:
    """Open the vault of an address with the password of all tests."""
    [(vault_id, sealed)] = rows(
        data,
        "select v.vault_id, s.sealed from accounts_vault v "
        "join accounts_person p on p.id = v.person_id "
        "join accounts_keyslot s on s.vault_id = v.id "
        "where p.email = ? and s.kind = 'passphrase'",
        email,
    )
    assert isinstance(sealed, bytes)
    key = open_slot(decode_slot(sealed), str(vault_id), PASSWORD)
    return OpenVault(FileVaultStore(data / "vaults"), str(vault_id), key)
