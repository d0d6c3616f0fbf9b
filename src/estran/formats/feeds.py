"""Streams that can look ahead, count, and stop before they harm."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from estran.errors import FileHostile, FileTooLarge

_PIECE_BYTES = 1 << 16
_MIB = 1 << 20
_BLANKS = b" \t\r\n"


class Readable(Protocol):
    """What can be read forward; a short read does not mean the end, an empty one does."""

    def read(self, size: int, /) -> bytes:
        """Read at most ``size`` bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file that somebody brings may ask of the machine.

    Parameters
    ----------
    unpacked_bytes : int
        What all members together may unpack to.
    depth : int
        Containers inside containers: an account export of a watch maker holds zips of
        zips of compressed files, three deep; nothing honest goes deeper.
    n_members : int
        Members of all archives together; a whole Google account stays below.
    ratio : int
        Bytes out for a byte in. Repetitive JSON reaches 40; deflate's own limit is 1032.
    ratio_floor_bytes : int
        Below this size unpacked no ratio is asked for.
    blank_bytes : int
        Blanks that may stand before the first character.
    """

    unpacked_bytes: int = 4 << 30
    depth: int = 3
    n_members: int = 50_000
    ratio: int = 200
    ratio_floor_bytes: int = 32 << 20
    blank_bytes: int = 64 << 20


@dataclass(slots=True)
class Budget:
    """What is left of the limits, and what went wrong while unpacking."""

    limits: Limits
    n_unpacked_bytes: int = 0
    n_members: int = 0
    flaws: list[str] = field(default_factory=list)

    def unpack(self, n_bytes: int) -> None:
        """Count bytes that came out of a container."""
        self.n_unpacked_bytes += n_bytes
        if self.n_unpacked_bytes > self.limits.unpacked_bytes:
            raise FileTooLarge(limit_mib=self.limits.unpacked_bytes // _MIB)

    def member(self) -> None:
        """Count a member of an archive."""
        self.n_members += 1
        if self.n_members > self.limits.n_members:
            raise FileHostile

    def compare(self, n_in_bytes: int, n_out_bytes: int) -> None:
        """Refuse what unpacks to far more than it is."""
        if n_out_bytes > max(self.limits.ratio_floor_bytes, n_in_bytes * self.limits.ratio):
            raise FileHostile

    def taken_flaws(self) -> list[str]:
        """Give the flaws met since last asked."""
        flaws, self.flaws = self.flaws, []
        return flaws


@dataclass(slots=True)
class Metered:
    """Counts the bytes that pass."""

    stream: BinaryIO
    on_bytes: Callable[[int], None] | None
    n_bytes: int = 0

    def read(self, size: int, /) -> bytes:
        """Read on and tell how far."""
        piece = self.stream.read(size)
        self.n_bytes += len(piece)
        if self.on_bytes is not None and piece:
            self.on_bytes(self.n_bytes)
        return piece


class Feed(io.BufferedIOBase, BinaryIO):
    """A stream that gives as much as is asked for, and can be peeked into.

    Examples
    --------
    >>> feed = Feed(io.BytesIO(b"abcdef"))
    >>> feed.peek(2), feed.read(4), feed.read(), feed.read()
    (b'ab', b'abcd', b'ef', b'')
    """

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._held = b""

    def peek(self, size: int) -> bytes:
        """Look at the next bytes, fewer only at the end."""
        self._hold(size)
        return self._held[:size]

    def read(self, size: int | None = -1, /) -> bytes:
        """Read ``size`` bytes, fewer only at the end; all of them when negative."""
        if size is None or size < 0:
            pieces = [self._held]
            self._held = b""
            while piece := self._source.read(_PIECE_BYTES):
                pieces.append(piece)
            return b"".join(pieces)
        self._hold(size)
        taken, self._held = self._held[:size], self._held[size:]
        return taken

    def read1(self, size: int = -1, /) -> bytes:
        """Read what is at hand."""
        return self.read(_PIECE_BYTES if size < 0 else size)

    def push_back(self, taken: bytes) -> None:
        """Put back bytes that were read."""
        self._held = taken + self._held

    def readable(self) -> bool:
        """Say yes."""
        return True

    def _hold(self, size: int) -> None:
        if len(self._held) >= size:
            return
        pieces, n_held = [self._held], len(self._held)
        while n_held < size and (piece := self._source.read(size - n_held)):
            pieces.append(piece)
            n_held += len(piece)
        self._held = b"".join(pieces)


@dataclass(slots=True)
class _Utf8:
    """Turns a text of another encoding into UTF-8, whatever its XML declaration says."""

    feed: Feed
    decoder: codecs.IncrementalDecoder
    begun: bool = False

    def read(self, size: int, /) -> bytes:
        """Read on; never empty before the end."""
        while piece := self.feed.read(max(size, 256)):
            text = self.decoder.decode(piece)
            if not self.begun:
                text = re.sub(r"""(encoding\s*=\s*["'])[\w-]+""", r"\1UTF-8", text, count=1)
                self.begun = True
            if text:
                return text.encode("utf-8", "replace")
        return b""


def as_text(feed: Feed, limits: Limits) -> Feed:
    """Drop a byte order mark and blanks at the beginning; turn UTF-16 into UTF-8.

    Raises
    ------
    FileHostile
        The blanks do not end within the limit.
    """
    head = feed.peek(4)
    if feed.peek(12)[8:] == b".FIT":
        # Its length may look like two letters of UTF-16.
        return feed
    if head.startswith(codecs.BOM_UTF8):
        feed.read(3)
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        feed = _decoded(feed, "utf-16")
    elif len(head) == 4 and head[1] == 0 and head[3] == 0 and head[0] and head[2]:  # noqa: PLR2004 - two code units
        feed = _decoded(feed, "utf-16-le")
    elif len(head) == 4 and head[0] == 0 and head[2] == 0 and head[1] and head[3]:  # noqa: PLR2004 - two code units
        feed = _decoded(feed, "utf-16-be")
    _skip_blanks(feed, limits)
    return feed


def _decoded(feed: Feed, encoding: str) -> Feed:
    return Feed(_Utf8(feed, codecs.getincrementaldecoder(encoding)("replace")))


def _skip_blanks(feed: Feed, limits: Limits) -> None:
    n_skipped = 0
    while piece := feed.read(_PIECE_BYTES):
        kept = piece.lstrip(_BLANKS)
        if kept:
            feed.push_back(kept)
            return
        n_skipped += len(piece)
        if n_skipped > limits.blank_bytes:
            raise FileHostile
