"""Documents made smaller before they are sealed, where that pays."""

from __future__ import annotations

import zstandard

from estran.errors import VaultDamaged

_PLAIN, _PACKED = b"\x00", b"\x01"
_PACK_FROM_BYTES = 64


def pack(plain: bytes) -> bytes:
    """Compress where it pays; within one vault only, so that nothing leaks across persons."""
    if len(plain) >= _PACK_FROM_BYTES:
        packed = zstandard.ZstdCompressor(level=3).compress(plain)
        if len(packed) < len(plain):
            return _PACKED + packed
    return _PLAIN + plain


def unpack(body: bytes) -> bytes:
    """Undo :func:`pack`.

    Raises
    ------
    VaultDamaged
        It is nothing that was packed.
    """
    try:
        return (
            zstandard.ZstdDecompressor().decompress(body[1:]) if body[:1] == _PACKED else body[1:]
        )
    except zstandard.ZstdError as error:
        raise VaultDamaged(part="doc") from error
