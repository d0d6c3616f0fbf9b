"""Finds the EXIF in a picture, reading forward within bounds and decoding nothing."""

from __future__ import annotations

import re
from typing import BinaryIO

_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG"
_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif"})

_MARK = re.compile(
    rb"(?:Exif\x00\x00|eXIf|EXIF.{4}(?:Exif\x00\x00)?)(?=II\*\x00|MM\x00\*)", re.DOTALL
)
"""What stands before EXIF in a JPEG and a HEIC, in a PNG, and in a WebP."""

_PIECE_BYTES = 1 << 16
_OVERLAP_BYTES = 24
_EXIF_BYTES = 1 << 18
"""More than any camera writes before its thumbnail; a JPEG allows a quarter."""
_JPEG_BYTES = 1 << 20
"""EXIF stands at the beginning of a JPEG, before the image."""
_OTHER_BYTES = 64 << 20
"""Of a HEIC or a WebP it may stand at the very end."""


def is_picture(head: bytes) -> bool:
    """Tell whether a file begins as a picture of a kind that bears EXIF."""
    return (
        head.startswith((_JPEG, _PNG))
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or (head[4:8] == b"ftyp" and head[8:12] in _BRANDS)
    )


def exif_of(stream: BinaryIO) -> bytes:
    """Give the TIFF structure that EXIF is, as much as is needed of it; empty without one."""
    held = stream.read(_PIECE_BYTES)
    limit = _JPEG_BYTES if held.startswith(_JPEG) else _OTHER_BYTES
    n_read = len(held)
    while (found := _MARK.search(held)) is None:
        piece = stream.read(_PIECE_BYTES)
        n_read += len(piece)
        if not piece or n_read > limit:
            return b""
        held = held[-_OVERLAP_BYTES:] + piece
    tiff = held[found.end() :]
    while len(tiff) < _EXIF_BYTES and (piece := stream.read(_PIECE_BYTES)):
        tiff += piece
    return tiff[:_EXIF_BYTES]
