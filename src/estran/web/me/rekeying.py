"""A vault gets another key: asked with the password, done by a worker, killed or not.

The new keys are in the job's grant only, sealed to the workers' memory; the slots that will
open the vault wait in :class:`KeyChange`. In order: the vault's file is sealed again in one
transaction; slots and public key change in another; what came in between is taken in and the
former keys are forgotten. Each step finds out by itself whether it was done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from estran.errors import VaultBusy, VaultKeyWrong
from estran.vault.audit import Act
from estran.vault.keys import (
    KEY_BYTES,
    Slot,
    VaultKeys,
    create_vault,
    encode_slot,
    passphrase_slot,
    public_key_of,
    recovery_slot,
    seal_to,
)
from estran.web.accounts import keylife, vaults
from estran.web.accounts.models import KeySlot, Person, Vault
from estran.web.jobs import grants, queue
from estran.web.jobs.models import Job
from estran.web.live.draining import drain
from estran.web.live.known import tell_changed
from estran.web.me import consents, documents, service
from estran.web.me.access import keep_head, note
from estran.web.me.models import KeyChange, SealedUpload, ServiceSlot
from estran.web.me.uploads import seal_upload_again
from estran.web.retention import documents as rules
from estran.web.store import rekey
from estran.web.store.opened import OpenVault

KINDS = (
    documents.FILES, documents.STATE, documents.REPORT, documents.DAY, documents.LONG,
    documents.MONTH, documents.CALENDAR, documents.CORRECTION, documents.CHANGED,
    consents.CONSENT, rules.ZONE, rules.RULE, rules.ERASED, rules.KEPT, rules.APPLIED,
)  # fmt: skip
"""Kinds of documents from before their names told them."""

AGAIN: list[Callable[[Vault, bytes], None]] = []
"""Whoever else wraps a vault's key: called with the new one, in the transaction of the slots."""

State = KeyChange.State
UNDER_WAY = (State.ASKED, State.RUNNING)


def change_of(person: Person) -> KeyChange | None:
    """Find the last change of key of a person's vault."""
    return KeyChange.objects.filter(vault__person=person).first()


def ask(request: HttpRequest, password: str) -> KeyChange:
    """Ask for another key: the worker does the rest.

    Parameters
    ----------
    request : HttpRequest
        Of the person, vault open.
    password : str
        It will open the vault as before.

    Raises
    ------
    VaultKeyWrong
        The password does not open the vault.
    VaultBusy
        No worker runs.
    """
    person = keylife.person_of(request)
    former_key = vaults.open_by_password(person, password)
    row = Vault.objects.get(person=person)
    workers = grants.public_key()
    before = change_of(person)
    if workers is None:
        raise VaultBusy
    OpenVault(vaults.store(), row.vault_id, former_key)
    if before is not None and before.state in UNDER_WAY:
        if not _has_job(before):  # It failed too often: it goes on where it stopped.
            queue.enqueue(person, Job.Kind.REKEY, vault_key=former_key)
        return before
    keys = replace(create_vault(), vault_id=row.vault_id)
    code, by_code = recovery_slot(keys.vault_key, keys.vault_id)
    slots = [passphrase_slot(keys.vault_key, keys.vault_id, password), by_code]
    with transaction.atomic():
        KeyChange.objects.filter(vault=row).delete()
        change = KeyChange.objects.create(
            vault=row, slots=msgspec.json.encode(slots), public_key=keys.public_key
        )
        Job.objects.create(
            person=person,
            kind=Job.Kind.REKEY,
            grant=seal_to(workers, former_key + keys.vault_key + keys.secret_key),
            grant_key=grants.name_of(workers),
        )
    keylife.keep_next(request, person, keys.vault_key, keys.public_key, code)
    return change


def hold_back(vault_id: int) -> None:
    """Give up a change that was asked for, since the slots of the vault change otherwise.

    Raises
    ------
    VaultBusy
        It is being done: the password cannot change in this moment.
    """
    of_vault = KeyChange.objects.filter(vault_id=vault_id)
    of_vault.filter(state=State.ASKED).update(**_given_up())
    running = of_vault.filter(state=State.RUNNING).select_related("vault").first()
    if running is None:
        return
    if _has_job(running) or _is_turned(running):
        raise VaultBusy
    of_vault.update(**_given_up())


def _given_up() -> dict[str, Any]:
    return {"state": State.FAILED, "slots": b"", "ended_at": timezone.now()}


def _has_job(change: KeyChange) -> bool:
    return Job.objects.filter(
        person_id=change.vault.person_id,
        kind=Job.Kind.REKEY,
        state__in=[Job.State.QUEUED, Job.State.RUNNING],
    ).exists()


def _is_turned(change: KeyChange) -> bool:
    """Tell whether the vault's file has the new keys already."""
    meta = vaults.store().meta(change.vault.vault_id)
    return meta.public_key == bytes(change.public_key)


# The worker's part -------------------------------------------------------------------------


def run(job: Job, told_key: bytes, keys: grants.WorkerKeys, check: Callable[[], None]) -> None:
    """Change the key, or go on with a change that was interrupted.

    Parameters
    ----------
    job : Job
    told_key : bytes
        What the grant held: former key, new key and new secret key; or, after a restart of
        the site, whichever vault key its person gave again.
    keys : WorkerKeys
        To give the new key to the jobs that wait.
    check : callable
        Raises when the work must stop.

    Raises
    ------
    VaultKeyWrong
        The key told opens nothing.
    """
    change = KeyChange.objects.filter(vault__person_id=job.person_id).select_related("vault")
    found = change.filter(state__in=UNDER_WAY).first()
    if found is None:
        return
    vault_id, store = found.vault.vault_id, vaults.store()
    if not _is_turned(found):
        if not _begin(found, told_key):
            return
        new = _keys_told(vault_id, told_key)
        rekey.turn(store, new, told_key[:KEY_BYTES], kinds=KINDS, tell=lambda _share: check())
    key = _in_force(vault_id, told_key)
    _change_rows(found, key, keys)
    vault = OpenVault(store, vault_id, key)
    _seal_uploads_again(found, vault)
    # No door seals to the former key any more, and what it sealed is in the inbox.
    tell_changed()
    drain()
    rekey.settle(store, vault_id, key)
    note(OpenVault(store, vault_id, key), Act.KEY_CHANGED)
    KeyChange.objects.filter(pk=found.pk).update(state=State.DONE, ended_at=timezone.now())


def _begin(change: KeyChange, told_key: bytes) -> bool:
    """Take a change up; give it up where the new keys went with the memory of the site."""
    if len(told_key) != 3 * KEY_BYTES:
        KeyChange.objects.filter(pk=change.pk).update(**_given_up())
        return False
    asked = KeyChange.objects.filter(pk=change.pk, state__in=UNDER_WAY)
    return bool(asked.update(state=State.RUNNING))


def _keys_told(vault_id: str, told_key: bytes) -> VaultKeys:
    secret = told_key[2 * KEY_BYTES :]
    return VaultKeys(vault_id, told_key[KEY_BYTES : 2 * KEY_BYTES], secret, public_key_of(secret))


def _in_force(vault_id: str, told_key: bytes) -> bytes:
    for start in range(0, len(told_key), KEY_BYTES):
        try:
            return rekey.key_in_force(vaults.store(), vault_id, told_key[start : start + KEY_BYTES])
        except VaultKeyWrong:
            continue
    raise VaultKeyWrong


def _change_rows(change: KeyChange, key: bytes, keys: grants.WorkerKeys) -> None:
    """Change slots, public key and grants together: from here on the new key is the key."""
    vault = change.vault
    with transaction.atomic():
        locked = KeyChange.objects.select_for_update().filter(pk=change.pk).first()
        if locked is None or not locked.slots:
            return  # A step that was done before an interruption.
        slots = msgspec.json.decode(bytes(locked.slots), type=list[Slot])
        KeySlot.objects.filter(vault=vault).delete()
        KeySlot.objects.bulk_create(
            KeySlot(vault=vault, kind=slot.kind, sealed=encode_slot(slot), made_at=timezone.now())
            for slot in slots
        )
        Vault.objects.filter(pk=vault.pk).update(
            public_key=bytes(locked.public_key), recovery_noted_at=None
        )
        for row in ServiceSlot.objects.filter(vault=vault):
            wrapped = service.wrapped_again(row, vault.vault_id, key)
            ServiceSlot.objects.filter(pk=row.pk).update(sealed=encode_slot(wrapped))
        for again in AGAIN:
            again(vault, key)
        Job.objects.filter(
            person_id=vault.person_id, state__in=[Job.State.QUEUED, Job.State.RUNNING]
        ).exclude(grant_key=grants.SERVICE).update(
            grant=seal_to(keys.public_key, key), grant_key=keys.name
        )
        KeyChange.objects.filter(pk=locked.pk).update(slots=b"")
        keep_head(OpenVault(vaults.store(), vault.vault_id, key))


def _seal_uploads_again(change: KeyChange, vault: OpenVault) -> None:
    """Seal the files that wait to the new pair; those that are already stay as they are."""
    waiting = SealedUpload.objects.filter(of_import__person_id=change.vault.person_id)
    for upload_id in waiting.values_list("pk", flat=True):
        seal_upload_again(upload_id, vault)
