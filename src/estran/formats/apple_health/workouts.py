"""Cuts the workouts out of a file of gigabytes, without parsing what stands between them."""

from __future__ import annotations

import re
from typing import BinaryIO

_BLOCK_BYTES = 1 << 20
_START = re.compile(rb"<Workout(?=[\s>/])")
# A mark of XML may stand within a value; a quote of the same kind may not.
_TAG = re.compile(rb"<Workout(?=[\s>/])(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
_END, _RECORD = b"</Workout>", b"<Record "
_ROOT_START, _ROOT_END = b"<HealthData>", b"</HealthData>"
_LONGEST_TAG = 1 << 18
_OVERLAP = 16
"""A mark may lie across two blocks."""


class Workouts:
    """A stream of the workouts of another stream, in a root of their own.

    Examples
    --------
    >>> import io
    >>> text = b'<HealthData><Record value="70"/><Workout a="1"><x/></Workout></HealthData>'
    >>> workouts = Workouts(io.BytesIO(text))
    >>> b"".join(iter(lambda: workouts.read(99), b""))
    b'<HealthData><Workout a="1"><x/></Workout></HealthData>'
    >>> workouts.n_records, workouts.ended
    (1, True)
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.n_records = 0
        """Other records that were passed by."""
        self.ended = False
        """Whether the document's own end was met."""
        self._stream = stream
        self._held = b""
        self._within = False
        self._over = False
        self._ready = _ROOT_START

    def read(self, size: int, /) -> bytes:
        """Read on; never empty before the end."""
        while not self._ready and not self._over:
            self._more()
        given, self._ready = self._ready[:size], self._ready[size:]
        return given

    def _more(self) -> None:
        piece = self._stream.read(_BLOCK_BYTES)
        block = self._held + piece
        pieces: list[bytes] = []
        at = 0
        while at < len(block):
            following = self._inside(block, at, pieces) if self._within else (
                self._outside(block, at, pieces)
            )  # fmt: skip
            if following < 0:
                break
            at = following
        keep = _OVERLAP if not self._within else len(_END)
        rest = block[at:]
        if self._within:
            cut = max(len(rest) - keep, 0) if piece else len(rest)
            pieces.append(rest[:cut])
            self._held = rest[cut:]
        else:
            self._held = self._unfinished(rest)
        self._ready = b"".join(pieces)
        if not piece:
            self._over = True
            # A workout that was cut short stays open: the parser says so.
            self._ready += b"" if self._within else _ROOT_END

    def _outside(self, block: bytes, at: int, pieces: list[bytes]) -> int:
        """Go to the next workout; give the place after its start tag, -1 when it is not here."""
        found = _START.search(block, at)
        stop = found.start() if found else len(block)
        self.n_records += block.count(_RECORD, at, stop)
        self.ended = self.ended or (found is None and block.find(_ROOT_END, at) >= 0)
        if found is None:
            return -1 if stop == at else self._pass(block, at)
        tag = _TAG.match(block, stop)
        if tag is None:
            self.n_records -= block.count(_RECORD, at, stop)
            return -1
        pieces.append(tag[0])
        self._within = not tag[0].endswith(b"/>")
        return tag.end()

    def _pass(self, block: bytes, at: int) -> int:
        """Leave a block behind, but for what may be the beginning of a mark."""
        left = max(at, len(block) - _OVERLAP)
        self.n_records -= block.count(_RECORD, left)
        return -1 if left == at else left

    def _inside(self, block: bytes, at: int, pieces: list[bytes]) -> int:
        end = block.find(_END, at)
        if end < 0:
            return -1
        pieces.append(block[at : end + len(_END)])
        self._within = False
        return end + len(_END)

    def _unfinished(self, rest: bytes) -> bytes:
        """Keep a start tag that is not whole, unless it is longer than any is."""
        return rest if len(rest) <= _LONGEST_TAG else rest[-_OVERLAP:]
