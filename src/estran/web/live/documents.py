"""What a vault keeps of a device: the name that its person gave it, and what opens payloads."""

from __future__ import annotations

from dataclasses import dataclass, field

from estran.web.me.records import decode, encode
from estran.web.store.opened import OpenVault

DEVICE = "device"


@dataclass(frozen=True, slots=True)
class DeviceNotes:
    """What only its person knows of a device.

    Parameters
    ----------
    name : str
        As the person calls it.
    app : str
        Key of the app: a source whose device was removed keeps its words.
    phrase : str
        Opens the payloads that the app encrypts itself (OwnTracks), ``""`` for none.
    phone, sampling : str
        Its system and how often it looks where it is, as :mod:`.setup` names them.
    """

    name: str = ""
    app: str = ""
    phrase: str = field(default="", repr=False)
    phone: str = ""
    sampling: str = ""


def write_notes(vault: OpenVault, device: str, notes: DeviceNotes) -> None:
    """Keep the notes on a device. ``device`` is its id, 32 hexadecimal digits."""
    vault.put_doc(DEVICE, device, encode(notes))


def read_notes(vault: OpenVault, device: str) -> DeviceNotes:
    """Read the notes on a device."""
    record = vault.get_doc(DEVICE, device)
    return DeviceNotes() if record is None else decode(record, DeviceNotes)


def notes_by_device(vault: OpenVault) -> dict[str, DeviceNotes]:
    """Read the notes on all devices, those that were removed included, by id."""
    return {device: decode(record, DeviceNotes) for device, record in vault.docs(DEVICE)}
