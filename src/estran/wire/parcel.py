"""What waits in a vault's inbox: a call's content as columns, with the device and the hour.

MessagePack behind one version byte and the hour; columns are bytes, little-endian. Doors may
run an older program than the reader: fields are only ever added at the end.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import msgspec
import numpy as np

from estran.errors import VaultDamaged
from estran.trace import Activities, Claims, Columns, Marks, Positions
from estran.wire.values import Extra, Posted

VERSION = 1
_HEAD = struct.Struct("<Bq")

_C = TypeVar("_C", bound=Columns)
_KINDS: tuple[type[Columns], ...] = (Positions, Activities, Claims, Marks)
_DTYPES: dict[type[Columns], dict[str, np.dtype[Any]]] = {
    kind: {f.name: getattr(kind.empty(), f.name).dtype for f in fields(kind)} for kind in _KINDS
}


@dataclass(frozen=True, slots=True)
class Parcel:
    """One call of one device.

    Parameters
    ----------
    device : str
        Its id, 32 hexadecimal digits.
    protocol : str
        Key of the protocol that read it.
    received_us : int
        [µs since 1970, UTC]
    posted : Posted
        What it held.
    """

    device: str
    protocol: str
    received_us: int
    posted: Posted


class _Record(msgspec.Struct, array_like=True, frozen=True):
    device: str
    protocol: str
    positions: list[bytes]
    activities: list[bytes]
    claims: list[bytes]
    marks: list[bytes]
    extras: list[tuple[str, bytes]]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Record)


def encode(parcel: Parcel) -> bytes:
    """Write a parcel.

    Examples
    --------
    >>> posted = Posted(positions=Positions.of([0], [46.0], [-1.0]))
    >>> parcel = Parcel("0" * 32, "overland", 1, posted)
    >>> decode(encode(parcel)) == parcel
    True
    """
    posted = parcel.posted
    record = _Record(
        parcel.device,
        parcel.protocol,
        _columns(posted.positions),
        _columns(posted.activities),
        _columns(posted.claims),
        _columns(posted.marks),
        [(extra.kind, extra.body) for extra in posted.extras],
    )
    return _HEAD.pack(VERSION, parcel.received_us) + _encoder.encode(record)


def content_of(record: bytes) -> bytes:
    """Give of a record what the sender sent: the same however often it comes.

    Examples
    --------
    >>> posted = Posted(positions=Positions.of([0], [46.0], [-1.0]))
    >>> early, late = (encode(Parcel("0" * 32, "overland", at, posted)) for at in (1, 2))
    >>> early == late, content_of(early) == content_of(late)
    (False, True)
    """
    return record[_HEAD.size :]


def _columns(rows: Columns | None) -> list[bytes]:
    if rows is None or not len(rows):
        return []
    return [getattr(rows, name).tobytes() for name in _DTYPES[type(rows)]]


def decode(record: bytes) -> Parcel:
    """Read a parcel.

    Raises
    ------
    VaultDamaged
        It is of another version, or none.
    """
    if len(record) < _HEAD.size or record[0] != VERSION:
        raise VaultDamaged(part="inbox")
    _, received_us = _HEAD.unpack_from(record)
    try:
        read = _decoder.decode(content_of(record))
        posted = Posted(
            positions=_rows(Positions, read.positions),
            activities=_rows(Activities, read.activities),
            claims=_rows(Claims, read.claims),
            marks=_rows(Marks, read.marks),
            extras=tuple(Extra(kind, body) for kind, body in read.extras),
        )
    except (msgspec.MsgspecError, ValueError) as error:
        raise VaultDamaged(part="inbox") from error
    return Parcel(read.device, read.protocol, received_us, posted)


def _rows(kind: type[_C], columns: list[bytes]) -> _C | None:
    if not columns:
        return None
    dtypes = _DTYPES[kind]
    return kind(
        **{
            name: np.frombuffer(column, dtype)
            for (name, dtype), column in zip(dtypes.items(), columns, strict=True)
        }
    )
