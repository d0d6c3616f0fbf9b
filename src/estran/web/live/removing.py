"""Removing a device with all that it brought."""

from __future__ import annotations

from dataclasses import dataclass

from estran.web.accounts.models import Person
from estran.web.emission.documents import forget_device
from estran.web.live.draining import drain_for
from estran.web.live.models import Device
from estran.web.live.opening import forget_closed
from estran.web.live.taking import owner_of, take_in
from estran.web.live.work import revoke_device
from estran.web.retention import erasing
from estran.web.retention.erasing import Plan, Receipt, Wanted
from estran.web.store.opened import OpenVault


@dataclass(frozen=True, slots=True)
class Removal:
    """What became of it; no receipt where there was nothing to erase."""

    receipt: Receipt | None


def _all_of(row: Device) -> Wanted:
    return Wanted(source=owner_of(row.pk.hex))


def what_goes(vault: OpenVault, row: Device) -> Plan:
    """Tell what erasing would take; what waits is taken in first, to be counted."""
    drain_for(vault.vault_id)
    take_in(vault)
    return erasing.plan(vault, _all_of(row))


def remove_all(person: Person, vault: OpenVault, row: Device, *, mark: str) -> Removal | None:
    """Let a device in no more, and erase what it brought.

    Returns
    -------
    Removal or None
        None where by now something else would go: nothing was done, show it again.

    Raises
    ------
    ImportUnderWay
        Files are being read.
    """
    erasing.check_nothing_comes(person)
    if what_goes(vault, row).mark != mark:
        return None
    # First the door: nothing may come between the erasure and the removal.
    revoke_device(person, row.pk)
    found = what_goes(vault, row)
    forget_closed(vault, row.pk.hex)
    forget_device(vault, row.pk.hex)
    if found.is_empty:
        return Removal(None)
    return Removal(erasing.erase(vault, _all_of(row), mark=found.mark))
