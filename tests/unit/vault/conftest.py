from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from estran.vault.keys import VaultKeys, create_vault
from estran.vault.store import new_meta
from estran.web.store import FileVaultStore, OpenVault


@dataclass(frozen=True)
class Bench:
    """A store with one vault in it."""

    root: Path
    store: FileVaultStore
    keys: VaultKeys

    def opened(self) -> OpenVault:
        return OpenVault(self.store, self.keys.vault_id, self.keys.vault_key)

    @property
    def path(self) -> Path:
        (path,) = self.root.glob("*/*.vault")
        return path


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    store = FileVaultStore(tmp_path / "vaults")
    keys = create_vault()
    store.create(keys.vault_id, new_meta(keys))
    return Bench(tmp_path / "vaults", store, keys)


@pytest.fixture
def vault(bench: Bench) -> OpenVault:
    return bench.opened()
