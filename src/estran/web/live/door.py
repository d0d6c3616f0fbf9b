"""The door: what a device brings is sealed to its person's key, kept, and only then said taken."""

from __future__ import annotations

import hashlib

import msgspec

from estran.errors import VaultBusy
from estran.vault.keys import seal_to
from estran.vault.seal import batch_key
from estran.web.live.known import Known, look_up, stamp
from estran.web.live.spool import SPOOL, Frame
from estran.wire.parcel import Parcel, content_of, encode
from estran.wire.values import Posted


def take(known: Known, protocol: str, posted: Posted, received_us: int) -> None:
    """Keep what a call brought; when this returns, it is on the disk.

    Parameters
    ----------
    known : Known
        The device; whoever calls has seen that it takes things in.
    protocol : str
        Key of the protocol.
    posted : Posted
        What the call held. The same again is kept once.
    received_us : int
        [µs since 1970, UTC]

    Raises
    ------
    VaultFull, VaultBusy
        Nothing was kept: the device keeps what it has.
    """
    if posted.is_empty:
        return
    parcel = Parcel(known.device_id.hex, protocol, received_us, posted)
    plain = encode(parcel)
    name = hashlib.sha256(content_of(plain)).hexdigest()
    seen = stamp()
    try:
        SPOOL.append(_frame(known, name, plain, parcel), lambda: stamp() == seen)
    except VaultBusy:
        # Somebody's device, pause or key changed in this moment; perhaps this one's.
        again = look_up(known.digest)
        if again is None:
            raise
        seen = stamp()
        SPOOL.append(_frame(again, name, plain, parcel), lambda: stamp() == seen)


def _frame(known: Known, name: str, plain: bytes, parcel: Parcel) -> Frame:
    """Seal a parcel as an inbox holds it."""
    content = msgspec.msgpack.encode((known.vault_id, name, plain))
    return Frame(
        vault_id=known.vault_id,
        batch=batch_key(known.public_key, name),
        sealed=seal_to(known.public_key, content),
        device=str(known.device_id),
        person=str(known.person_id),
        received_us=parcel.received_us,
        last_point_us=parcel.posted.last_point_us,
    )
