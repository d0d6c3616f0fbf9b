"""Ten thousand neighbours: real people, real vault files, real slots, made cheaply.

Their passwords are stretched little and their files are made in memory and then copied:
neither changes what a page of somebody else costs. Needs Django set up.
"""

from __future__ import annotations

import shutil
import tempfile
import uuid
from datetime import date
from pathlib import Path
from typing import Any

from estran.vault.keys import KdfSettings, create_vault, encode_slot, passphrase_slot, recovery_slot
from estran.vault.store import new_meta
from estran.web.store import FileVaultStore, OpenVault

CHEAP = KdfSettings(memory_kib=64, passes=1)
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder in memory, used through tempfile
OPENS_NOTHING = "!"
_AT_ONCE = 500


def settle(root: Path, n_people: int) -> None:
    """Give the site so many more people, each with a day of evidence and its journal."""
    from estran.analyse import analyse
    from estran.carbon import factor_set, price
    from estran.example import evidence
    from estran.trace import Positions
    from estran.web.me.remaking import keep_journal

    seen, _ = evidence(date(2025, 6, 20), date(2025, 6, 20))
    journal = price(analyse(seen), factors=factor_set())
    rows = {name: getattr(seen.trace, name) for name in Positions.__dataclass_fields__}
    positions = Positions(**rows)
    for start in range(0, n_people, _AT_ONCE):
        with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as made:
            store = FileVaultStore(Path(made))
            keys = [create_vault() for _ in range(min(_AT_ONCE, n_people - start))]
            for one in keys:
                store.create(one.vault_id, new_meta(one))
                vault = OpenVault(store, one.vault_id, one.vault_key)
                with vault.transaction():
                    vault.add_positions(seen.sources[0], positions, import_id="bench")
                    keep_journal(vault, journal)
            shutil.copytree(made, root / "vaults", dirs_exist_ok=True)
        _rows(keys)


def _rows(made: list[Any]) -> None:
    """Add the rows of the database that signing up makes."""
    from allauth.account.models import EmailAddress
    from django.db import transaction

    from estran.web.accounts.models import KeySlot, Person, Vault

    people = [Person(email=f"{uuid.uuid4().hex}@example.org", password=OPENS_NOTHING) for _ in made]
    vaults = [
        Vault(person=person, vault_id=keys.vault_id, public_key=keys.public_key)
        for person, keys in zip(people, made, strict=True)
    ]
    with transaction.atomic():
        Person.objects.bulk_create(people)
        EmailAddress.objects.bulk_create(
            EmailAddress(user=person, email=person.email, primary=True) for person in people
        )
        Vault.objects.bulk_create(vaults)
        KeySlot.objects.bulk_create(
            KeySlot(vault=vault, kind=slot.kind, sealed=encode_slot(slot))
            for vault, keys in zip(vaults, made, strict=True)
            for slot in (
                passphrase_slot(keys.vault_key, keys.vault_id, "cheap", settings=CHEAP),
                recovery_slot(keys.vault_key, keys.vault_id)[1],
            )
        )
