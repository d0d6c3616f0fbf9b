"""What a person does with devices: add, rename, pause, renew the token, remove."""

from __future__ import annotations

import uuid
from dataclasses import replace

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from estran.errors import NotFound, ValueOutOfRange
from estran.web.accounts import keylife
from estran.web.accounts.models import Person
from estran.web.live.documents import DeviceNotes, read_notes, write_notes
from estran.web.live.known import tell_changed
from estran.web.live.models import Device
from estran.web.live.opening import CLOSED_MESSAGE, closed_parcels
from estran.web.live.taking import keep_opened
from estran.web.live.tokens import digest_of, draw_token

MOST_DEVICES = 50
"""Of one person."""
LONGEST_NAME = 80


def devices_of(person: Person) -> list[Device]:
    """List a person's devices, the oldest first."""
    return list(Device.objects.filter(person=person))


def device_of(person: Person, device_id: uuid.UUID | str) -> Device:
    """Give a device of a person.

    Raises
    ------
    NotFound
        This person has no such device.
    """
    row = Device.objects.filter(person=person, pk=device_id).first()
    if row is None:
        raise NotFound
    return row


def add_device(  # noqa: PLR0913 - what a form holds
    request: HttpRequest,
    app: str,
    name: str,
    *,
    token: str = "",
    phone: str = "",
    sampling: str = "",
) -> tuple[Device, str]:
    """Let a new device add to the vault of whoever asks.

    Parameters
    ----------
    request : HttpRequest
        Of the person, vault open.
    app : str
        Key of the app.
    name : str
        As the person calls it; kept in the vault.
    token : str
        Given by a protocol that makes its own; drawn otherwise.
    phone, sampling : str
        As :mod:`.setup` names them, for the words and the settings.

    Returns
    -------
    Device
    str
        The token: this is the only time that anybody sees it.

    Raises
    ------
    VaultLocked
        Nobody is here who can open the vault.
    ValueOutOfRange
        There are too many devices.
    """
    person, vault = keylife.person_of(request), keylife.open_vault(request)
    if Device.objects.filter(person=person).count() >= MOST_DEVICES:
        raise ValueOutOfRange(name="devices", expected=f"{MOST_DEVICES} at most")
    token = token or draw_token()
    row = Device(person=person, app=app, token_digest=digest_of(token))
    # The name first, in the vault: a row without it would lose its words.
    notes = DeviceNotes(_shortened(name), app, phone=phone, sampling=sampling)
    write_notes(vault, row.pk.hex, notes)
    row.save(force_insert=True)
    tell_changed()
    return row, token


def _shortened(name: str) -> str:
    return " ".join(name.split())[:LONGEST_NAME]


def rename_device(request: HttpRequest, device_id: uuid.UUID | str, name: str) -> None:
    """Call a device otherwise."""
    row = device_of(keylife.person_of(request), device_id)
    vault = keylife.open_vault(request)
    before = read_notes(vault, row.pk.hex)
    write_notes(vault, row.pk.hex, replace(before, name=_shortened(name), app=row.app))


def set_phrase(request: HttpRequest, device_id: uuid.UUID | str, phrase: str) -> int:
    """Keep the phrase with which an app encrypts what it sends; ``""`` forgets it.

    Returns
    -------
    int
        Messages that waited for it and are open now.
    """
    row = device_of(keylife.person_of(request), device_id)
    vault = keylife.open_vault(request)
    before = read_notes(vault, row.pk.hex)
    write_notes(vault, row.pk.hex, replace(before, app=row.app, phrase=phrase))
    found = closed_parcels(vault, row.pk.hex)
    if found:
        # Kept first: whoever is interrupted between the two keeps them once all the same.
        keep_opened(vault, found.values())
        for name in found:
            vault.delete_doc(CLOSED_MESSAGE, name)
    return len(found)


def set_sampling(request: HttpRequest, device_id: uuid.UUID | str, sampling: str) -> None:
    """Note how often the app shall look, for the link that sets it up again."""
    row = device_of(keylife.person_of(request), device_id)
    vault = keylife.open_vault(request)
    write_notes(vault, row.pk.hex, replace(read_notes(vault, row.pk.hex), sampling=sampling))


def renew_token(
    request: HttpRequest, device_id: uuid.UUID | str, *, token: str = ""
) -> tuple[Device, str]:
    """Draw another token for a device: the former one opens the door no more."""
    row, token = device_of(keylife.person_of(request), device_id), token or draw_token()
    Device.objects.filter(pk=row.pk).update(token_digest=digest_of(token))
    tell_changed()
    return row, token


def pause_device(person: Person, device_id: uuid.UUID | str) -> None:
    """Keep nothing more of what a device sends; it is answered as if all were well."""
    row = device_of(person, device_id)
    Device.objects.filter(pk=row.pk, paused_at=None).update(paused_at=timezone.now())
    tell_changed()


def resume_device(person: Person, device_id: uuid.UUID | str) -> None:
    """Keep again what a device sends."""
    row = device_of(person, device_id)
    Device.objects.filter(pk=row.pk).update(paused_at=None)
    tell_changed()


def revoke_device(person: Person, device_id: uuid.UUID | str) -> None:
    """Let a device in no more. What it brought stays until its source is removed."""
    row = device_of(person, device_id)
    with transaction.atomic():
        Device.objects.filter(pk=row.pk).delete()
    tell_changed()
