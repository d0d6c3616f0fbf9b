"""A site's folder with many people, each with a phone, made without pages; and what they have.

``python -m bench.phones make FOLDER N`` prints each phone's token and vault key as JSON lines;
``python -m bench.phones read FOLDER`` reads such lines, opens each vault and prints all the
instants that it holds: waiting in the spool, in the inbox, or taken in.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def _django(folder: Path) -> None:
    os.environ["ESTRAN_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estran.web.config.settings")
    import django

    django.setup()


def make(folder: Path, n_phones: int) -> None:
    """Make people, vaults and phones."""
    from estran.web.config.environment import prepare_data_folder, read_environment

    prepare_data_folder(folder)
    _django(folder)
    from django.db import transaction

    from estran.vault.keys import create_vault
    from estran.vault.store import new_meta
    from estran.web.accounts.models import Person, Vault
    from estran.web.accounts.vaults import store
    from estran.web.live.models import Device
    from estran.web.live.tokens import digest_of, draw_token
    from estran.web.running.prepare import prepare

    prepare(read_environment())
    with transaction.atomic():
        for n in range(n_phones):
            keys, token = create_vault(), draw_token()
            person = Person.objects.create(email=f"{n}@example.org")
            store().create(keys.vault_id, new_meta(keys))
            Vault.objects.create(person=person, vault_id=keys.vault_id, public_key=keys.public_key)
            Device.objects.create(person=person, app="owntracks", token_digest=digest_of(token))
            told = {"token": token, "vault": keys.vault_id, "key": keys.vault_key.hex()}
            sys.stdout.write(json.dumps(told) + "\n")


def read(folder: Path) -> None:
    """Print what each vault holds."""
    _django(folder)
    from estran.web.accounts.vaults import store
    from estran.web.live.draining import drain
    from estran.web.store.opened import OpenVault
    from estran.wire.parcel import decode

    drain()
    for line in sys.stdin:
        told = json.loads(line)
        vault = OpenVault(store(), told["vault"], bytes.fromhex(told["key"]))
        kept = set(vault.evidence().trace.time_us.tolist())
        for batch in vault.inbox():
            rows = decode(batch.plain).posted.positions
            kept |= set(rows.time_us.tolist()) if rows is not None else set()
        sys.stdout.write(json.dumps({"token": told["token"], "kept": sorted(kept)}) + "\n")


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        read(Path(sys.argv[2]))
