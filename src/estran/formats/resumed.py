"""A stream whose beginning was looked at, read from its beginning all the same."""

from __future__ import annotations

from typing import BinaryIO, cast

from estran.formats.reading import HEAD_BYTES


class Resumed:
    """Gives the head first, then what follows."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head, self._stream = head, stream

    def read(self, size: int = -1) -> bytes:
        """Read on; a short read does not mean the end, an empty one does."""
        if self._head:
            head, self._head = self._head, b""
            return head
        return self._stream.read(size)


def resumed(stream: BinaryIO) -> tuple[bytes, BinaryIO]:
    """Look at as much as a sniffer sees; give it, and the stream from its beginning.

    Examples
    --------
    >>> import io
    >>> head, whole = resumed(io.BytesIO(b"abc"))
    >>> head, whole.read(9)
    (b'abc', b'abc')
    """
    pieces: list[bytes] = []
    while sum(map(len, pieces)) < HEAD_BYTES and (piece := stream.read(HEAD_BYTES)):
        pieces.append(piece)
    head = b"".join(pieces)
    return head, cast("BinaryIO", Resumed(head, stream))
