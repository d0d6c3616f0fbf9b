"""Where vaults are kept, and how they are used: no Django inside.

>>> import tempfile
>>> from pathlib import Path
>>> from estran.vault.keys import create_vault
>>> from estran.vault.store import new_meta
>>> store = FileVaultStore(Path(tempfile.mkdtemp()))
>>> keys = create_vault()
>>> store.create(keys.vault_id, new_meta(keys))
>>> vault = OpenVault(store, keys.vault_id, keys.vault_key)
>>> vault.put_doc("journal", "2026-06-01", b"a day at the sea")
1
>>> vault.get_doc("journal", "2026-06-01")
b'a day at the sea'
"""

from estran.web.store.closed import ClosedVault
from estran.web.store.evidence import Added, DamagedChunk, Removed
from estran.web.store.file import FileVaultStore, StoreSettings
from estran.web.store.findings import InboxBatch, Verification
from estran.web.store.opened import OpenVault

__all__ = [
    "Added",
    "ClosedVault",
    "DamagedChunk",
    "FileVaultStore",
    "InboxBatch",
    "OpenVault",
    "Removed",
    "StoreSettings",
    "Verification",
]
