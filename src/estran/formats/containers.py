"""Open what files come in: gzip, zip and tar, read forward only and within limits.

No archive is unpacked to a disk and no path inside one is used. The zip is read from its
local headers, so that it need not be seekable, members cannot overlap, and one that was
cut short gives what it holds.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from estran.errors import FileOther, FileUnreadable
from estran.formats.feeds import Budget, Feed

_PIECE_BYTES = 1 << 16
_NAME_LIMIT = 200

GZIP = b"\x1f\x8b\x08"
ZIP = b"PK\x03\x04"
ZIP_EMPTY = b"PK\x05\x06"

_DESCRIPTOR = b"PK\x07\x08"
_HEADER = struct.Struct("<4s5H3I2H")
_STORED, _DEFLATED = 0, 8
_FLAG_ENCRYPTED, _FLAG_DESCRIPTOR, _FLAG_UTF8 = 1, 8, 0x800
_ZIP64 = 0xFFFFFFFF
_TAR_BLOCK = 512


class _Decompressor(Protocol):
    """The part of zlib's decompression object that is used."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def unconsumed_tail(self) -> bytes: ...
    def decompress(self, data: bytes, max_bytes: int = 0, /) -> bytes: ...


def is_tar(head: bytes) -> bool:
    """Tell whether a head is that of a tar archive."""
    return head[257:262] == b"ustar"


class Gunzip:
    """The content of a gzip stream, all its parts one after the other."""

    def __init__(self, feed: Feed, budget: Budget) -> None:
        self._inner = _Inflated(feed, budget, zlib.MAX_WBITS | 16)
        self._feed, self._budget = feed, budget

    def read(self, size: int, /) -> bytes:
        """Read on; a stream that breaks ends, and the flaw is noted."""
        while True:
            piece = self._inner.read(size)
            if piece or not self._inner.finished:
                return piece
            if self._feed.peek(3) != GZIP:
                return b""
            self._inner.restart()


class _Inflated:
    """What a compressed run of the feed unpacks to; stops exactly at its end."""

    def __init__(self, feed: Feed, budget: Budget, wbits: int) -> None:
        self._feed, self._budget, self._wbits = feed, budget, wbits
        self._zlib: _Decompressor = zlib.decompressobj(wbits)
        self._tail = b""
        self._n_in = self._n_out = 0
        self.finished = self.broken = False

    def restart(self) -> None:
        """Begin a further run, with the same counts."""
        self._zlib, self._tail, self.finished = zlib.decompressobj(self._wbits), b"", False

    def read(self, size: int, /) -> bytes:
        """Read on; never empty before the end."""
        while not (self.finished or self.broken):
            if not self._tail:
                self._tail = self._feed.read(_PIECE_BYTES)
                self._n_in += len(self._tail)
                if not self._tail:
                    self._break("truncated")
                    break
            piece = self._inflate(size)
            if piece:
                self._n_out += len(piece)
                self._budget.unpack(len(piece))
                self._budget.compare(self._n_in, self._n_out)
                return piece
        return b""

    def _inflate(self, size: int) -> bytes:
        try:
            piece = self._zlib.decompress(self._tail, max(size, 1))
        except zlib.error:
            self._break("damaged")
            self._feed.push_back(self._tail)
            return b""
        self._tail = self._zlib.unconsumed_tail
        if self._zlib.eof:
            self.finished = True
            self._feed.push_back(self._zlib.unused_data)
            self._n_in -= len(self._zlib.unused_data)
        return piece

    def _break(self, flaw: str) -> None:
        self.broken = True
        self._budget.flaws.append(flaw)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive; read ``feed`` before asking for the next member."""

    name: str
    feed: Feed


@dataclass(frozen=True, slots=True)
class _Local:
    """What a zip says before each member."""

    name: str
    flags: int
    method: int
    crc: int | None
    n_packed_bytes: int
    n_plain_bytes: int

    @property
    def sized(self) -> bool:
        """Tell whether the length is known beforehand."""
        return not self.flags & _FLAG_DESCRIPTOR


def zip_members(feed: Feed, budget: Budget) -> Iterator[Member]:
    """Walk through the files of a zip; folders and the system's own files are passed over.

    Raises
    ------
    FileOther
        The zip asks for a password (kind ``zip-encrypted``).
    FileUnreadable
        A member is packed in a way that nothing here opens, and its end is not known.
    FileHostile, FileTooLarge
        As the limits say.
    """
    while (local := _local_header(feed, budget)) is not None:
        budget.member()
        if local.flags & _FLAG_ENCRYPTED:
            raise FileOther(kind="zip-encrypted")
        body = _body(feed, local, budget)
        if not _ignored(local.name):
            yield Member(local.name, Feed(body))
        body.skip()
        if isinstance(body, _Deflated) and body.broken and not _found_again(feed):
            return


def _found_again(feed: Feed) -> bool:
    """Go to the next member's header behind a broken one; tell whether there is one."""
    while ahead := feed.peek(_PIECE_BYTES):
        at = ahead.find(ZIP)
        if at < 0:
            # The mark may lie across two pieces.
            feed.read(max(1, len(ahead) - len(ZIP) + 1))
            continue
        feed.read(at)
        if _is_header(feed.peek(_HEADER.size)):
            return True
        feed.read(len(ZIP))
    return False


def _is_header(head: bytes) -> bool:
    """Tell a member's header from the same four bytes among packed data."""
    if len(head) < _HEADER.size:
        return False
    _, version, _, method, _, _, _, _, _, n_name, _ = _HEADER.unpack(head)
    return method in (_STORED, _DEFLATED) and version & 0xFF <= _VERSION_MOST and n_name > 0


_VERSION_MOST = 63
"""The latest version of the format that a member may need (APPNOTE 4.4.3)."""


def _ignored(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    hidden = (p.startswith(".") and p.strip(".") for p in parts)
    return not parts[-1] or "__MACOSX" in parts or any(hidden)


def _local_header(feed: Feed, budget: Budget) -> _Local | None:
    """Read the next local header; None at the central directory or at the end."""
    head = feed.peek(_HEADER.size)
    if head[:4] != ZIP:
        # The directory begins with its own mark; anything else is a cut or a wreck.
        if head[:4] not in (b"PK\x01\x02", ZIP_EMPTY, b"PK\x06\x06", b"PK\x06\x08"):
            budget.flaws.append("truncated")
        return None
    if len(head) < _HEADER.size:
        budget.flaws.append("truncated")
        return None
    feed.read(_HEADER.size)
    _, _, flags, method, _, _, crc, packed, plain, n_name, n_extra = _HEADER.unpack(head)
    raw_name, extra = feed.read(n_name), feed.read(n_extra)
    if _ZIP64 in (packed, plain):
        plain, packed = _zip64(extra, plain, packed)
    name = raw_name.decode("utf-8" if flags & _FLAG_UTF8 else "cp437", "replace")
    return _Local(name[-_NAME_LIMIT:], flags, method, crc, packed, plain)


def _zip64(extra: bytes, plain: int, packed: int) -> tuple[int, int]:
    """Read the long sizes out of a member's extra fields."""
    while len(extra) >= 4:  # noqa: PLR2004 - a field's mark and length
        mark, length = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + length], extra[4 + length :]
        if mark == 1:
            sizes = [int.from_bytes(field[i : i + 8], "little") for i in range(0, len(field), 8)]
            plain = sizes.pop(0) if plain == _ZIP64 and sizes else plain
            packed = sizes.pop(0) if packed == _ZIP64 and sizes else packed
    return plain, packed


def _body(feed: Feed, local: _Local, budget: Budget) -> _Deflated | _Stored:
    if local.method == _DEFLATED:
        return _Deflated(feed, local, budget)
    if local.method == _STORED and not local.sized and local.n_packed_bytes == 0:
        return _Stored(feed, local, budget, until_descriptor=True)
    if not local.sized and local.method != _STORED:
        raise FileUnreadable
    return _Stored(feed, local, budget, readable=local.method == _STORED)


class _Deflated:
    """A deflated member."""

    def __init__(self, feed: Feed, local: _Local, budget: Budget) -> None:
        self._feed, self._local, self._budget = feed, local, budget
        self._inner = _Inflated(feed, budget, -zlib.MAX_WBITS)
        self._crc, self._checked = 0, False

    @property
    def broken(self) -> bool:
        """Tell whether what follows cannot be found."""
        return self._inner.broken

    def read(self, size: int, /) -> bytes:
        """Read on."""
        piece = self._inner.read(size)
        self._crc = zlib.crc32(piece, self._crc)
        if not piece and not self._checked and not self._inner.broken:
            self._checked = True
            if self._crc != self._told_crc():
                self._budget.flaws.append("damaged")
        return piece

    def _told_crc(self) -> int | None:
        """Give the sum that the zip tells, before the member or after it."""
        if self._local.sized:
            return self._local.crc
        ahead = self._feed.peek(8).removeprefix(_DESCRIPTOR)
        return int.from_bytes(ahead[:4], "little")

    def skip(self) -> None:
        """Go to the next member's header."""
        while self._inner.read(_PIECE_BYTES):
            pass
        if self._local.sized or self._inner.broken:
            return
        _skip_descriptor(self._feed)


def _skip_descriptor(feed: Feed) -> None:
    """Pass over a descriptor, with or without its mark, with short or long sizes."""
    following = (ZIP, b"PK\x01\x02")
    ahead = feed.peek(28)
    for length in (16, 24, 12, 20):
        if ahead[length : length + 4] in following:
            feed.read(length)
            return


class _Stored:
    """A member that is not packed (or packed in an unknown way, and then passed over)."""

    def __init__(
        self,
        feed: Feed,
        local: _Local,
        budget: Budget,
        *,
        until_descriptor: bool = False,
        readable: bool = True,
    ) -> None:
        self._feed, self._budget = feed, budget
        self._n_left = local.n_packed_bytes
        self._told_crc = local.crc
        self._until_descriptor, self._over = until_descriptor, False
        self._n_out, self._crc = 0, 0
        self._unreadable = not readable
        if not readable:
            budget.flaws.append("damaged")

    def read(self, size: int, /) -> bytes:
        """Read on."""
        if self._unreadable:
            return b""
        piece = self._to_descriptor(size) if self._until_descriptor else self._sized(size)
        self._budget.unpack(len(piece))
        return piece

    def _sized(self, size: int) -> bytes:
        piece = self._feed.read(min(size, self._n_left))
        self._n_left -= len(piece)
        self._crc = zlib.crc32(piece, self._crc)
        if not piece and size:
            self._end()
        return piece

    def _end(self) -> None:
        """Note once what was wrong with a member of known length."""
        if self._n_left:
            self._budget.flaws.append("truncated")
        elif self._told_crc not in (None, self._crc):
            self._budget.flaws.append("damaged")
        self._n_left, self._told_crc = 0, None

    def _to_descriptor(self, size: int) -> bytes:
        """Read up to the descriptor that tells this member's own length and sum."""
        if self._over:
            return b""
        ahead = self._feed.peek(max(size, 64) + 24)
        if not ahead:
            self._budget.flaws.append("truncated")
            self._over = True
            return b""
        at = ahead.find(_DESCRIPTOR)
        if at == 0:
            crc, length = struct.unpack_from("<II", ahead.ljust(16, b"\0"), 4)
            if crc == self._crc and length == self._n_out & _ZIP64:
                self._over = True
                return b""
            at = 4
        elif at < 0:
            at = max(len(ahead) - 3, 1) if len(ahead) > 24 else len(ahead)  # noqa: PLR2004 - a descriptor
        piece = self._feed.read(min(at, max(size, 1)))
        self._n_out += len(piece)
        self._crc = zlib.crc32(piece, self._crc)
        return piece

    def skip(self) -> None:
        """Go to the next member's header."""
        if self._until_descriptor:
            while self._to_descriptor(_PIECE_BYTES):
                pass
            _skip_descriptor(self._feed)
            return
        while self._n_left and (piece := self._feed.read(min(_PIECE_BYTES, self._n_left))):
            self._n_left -= len(piece)


def tar_members(feed: Feed, budget: Budget) -> Iterator[Member]:
    """Walk through the plain files of a tar archive."""
    while is_tar(header := feed.read(_TAR_BLOCK)):
        budget.member()
        size = _octal(header[124:136])
        name = header[:100].rstrip(b"\0").decode("utf-8", "replace")
        local = _Local(name, 0, _STORED, None, size, size)
        body = _Stored(feed, local, budget)
        if header[156:157] in (b"0", b"\0") and not _ignored(name):
            yield Member(name, Feed(body))
        body.skip()
        feed.read(-size % _TAR_BLOCK)
    if header.strip(b"\0"):
        budget.flaws.append("truncated")


def _octal(field: bytes) -> int:
    """Read a tar's number: octal digits, or binary when the first bit is set."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    digits = field.split(b"\0")[0].strip()
    return int(digits, 8) if digits and all(c in b"01234567" for c in digits) else 0
