"""The door: what a device brings is sealed to its person's key, kept, and only then said taken."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from estran.errors import VaultBusy
from estran.web.accounts.models import Vault
from estran.web.accounts.vaults import store
from estran.web.live.known import Known, tell_changed
from estran.web.live.models import Device, Waiting
from estran.web.store.closed import ClosedVault
from estran.wire.parcel import Parcel, encode
from estran.wire.values import Posted

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def take(known: Known, protocol: str, posted: Posted, received_us: int) -> bool:
    """Keep what a call brought; when this returns, it is on the disk.

    Parameters
    ----------
    known : Known
        The device; whoever calls has seen that it takes things in.
    protocol : str
        Key of the protocol.
    posted : Posted
        What the call held.
    received_us : int
        [µs since 1970, UTC]

    Returns
    -------
    bool
        False where there was nothing new: it was empty, or waits already.

    Raises
    ------
    VaultFull, VaultBusy
        Nothing was kept: the device keeps what it has.
    """
    if posted.is_empty:
        return False
    parcel = Parcel(known.device_id.hex, protocol, received_us, posted)
    plain = encode(parcel)
    is_new = _append(known, batch_id(parcel), plain)
    note_received(known, received_us, posted.last_point_us)
    return is_new


def batch_id(parcel: Parcel) -> str:
    """Name a parcel by its content: the same sent again is the same."""
    same = encode(Parcel(parcel.device, parcel.protocol, 0, parcel.posted))
    return hashlib.sha256(same).hexdigest()


def _append(known: Known, name: str, plain: bytes) -> bool:
    try:
        vault = ClosedVault(store(), known.vault_id, known.public_key)
        return vault.append_inbox(name, plain)
    except VaultBusy:
        # The vault may have another key since the device was looked up.
        tell_changed()
        row = Vault.objects.get(person_id=known.person_id)
        vault = ClosedVault(store(), row.vault_id, bytes(row.public_key))
        return vault.append_inbox(name, plain)


def note_received(known: Known, received_us: int, last_point_us: int | None) -> None:
    """Note when a device was heard, and that something waits for its person."""
    received_at = _EPOCH + timedelta(microseconds=received_us)
    rows = Device.objects.filter(pk=known.device_id)
    rows.update(last_received_at=received_at)
    if last_point_us is not None:
        point_at = min(_EPOCH + timedelta(microseconds=last_point_us), received_at)
        rows.exclude(last_point_at__gt=point_at).update(last_point_at=point_at)
    Waiting.objects.get_or_create(person_id=known.person_id, defaults={"since": received_at})
