"""Reads FIT files that follow each other in one stream, block by block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from estran.errors import FileOther, FileUnreadable
from estran.formats.fit import profile
from estran.formats.fit.checksum import checksum
from estran.formats.fit.content import Content
from estran.formats.fit.framing import Walk
from estran.formats.fit.times import Clock
from estran.formats.piling import Pile
from estran.formats.reading import Batch, Faults

_BLOCK_BYTES = 1 << 20
_LEAST_HEADER_BYTES = 12
_SUM_BYTES = 2
_HELD_ROWS = 500_000
"""Positions held until the end of a file tells what they are: nearly six days at one a second."""


class FitReader:
    """Reads one stream; see :func:`estran.formats.fit.read`."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._pile = Pile()
        self._why_not: list[str] = []
        self._broken = False

    def batches(self, stream: BinaryIO) -> Iterator[Batch]:
        """Read the files; see :func:`estran.formats.fit.read`."""
        while header := _header(stream):
            yield from self._file(stream, header)
            yield from self._pile.ripe()
        yield from self._pile.rest()
        if not self._pile.gave:
            if self._broken or not self._why_not:
                raise FileUnreadable
            raise FileOther(kind=self._why_not[0])

    def _file(self, stream: BinaryIO, header: bytes) -> Iterator[Batch]:
        """Read the one file that begins with this header; give out what ripens."""
        content, walk, clock = Content(self._faults), Walk(), Clock()
        told = int.from_bytes(header[4:8], "little")
        # A recorder that died wrote no length: what there is, is read to the end.
        n_left = told or 1 << 62
        summed, held, n_read = checksum(header), b"", 0
        while n_left and not walk.lost and (piece := stream.read(min(_BLOCK_BYTES, n_left))):
            n_left -= len(piece)
            n_read += len(piece)
            summed = checksum(piece, summed)
            block = held + piece
            reached = walk.over(block)
            _take(content, clock, walk, block)
            held = block[reached:]
            if content.n_held > _HELD_ROWS:
                self._release(content)
                yield from self._pile.ripe()
        self._release(content, last=True)
        if walk.lost:
            self._flaw("broken", f"byte {len(header) + n_read - len(held)}")
            _skip(stream, n_left if told else 0)
        elif told and (n_left or held):
            self._flaw("truncated" if n_left else "broken")
        if told and not n_left:
            tail = stream.read(_SUM_BYTES)
            if len(tail) == _SUM_BYTES and not walk.lost and checksum(tail, summed):
                self._faults.add("checksum-wrong")

    def _release(self, content: Content, *, last: bool = False) -> None:
        """Put what a file held on the pile, or note why it is of no use."""
        if content.type != profile.ACTIVITY:
            if last:
                self._why_not.append(
                    "track-planned" if content.type == profile.COURSE else "device-file"
                )
            return
        positions = content.released()
        source = content.source()
        if positions:
            self._pile.add(source, positions=positions)
        if last:
            claims, marks = content.stated(positions)
            self._pile.add(source, claims=claims, marks=marks)
            if not positions:
                self._why_not.append("activity-indoor")

    def _flaw(self, code: str, where: str = "") -> None:
        self._broken = True
        self._faults.add(code, where)


def _take(content: Content, clock: Clock, walk: Walk, block: bytes) -> None:
    """Read the columns of a block's records."""
    met = walk.taken()
    if not met:
        return
    read = [rows.columns(block) for rows in met]
    for rows, columns, time_s in zip(met, read, clock.times(block, met, read), strict=True):
        content.take(rows.layout.message, columns, time_s)


def _header(stream: BinaryIO) -> bytes:
    """Read the header of the next file; nothing where there is none."""
    header = stream.read(_LEAST_HEADER_BYTES)
    if header[8:12] != b".FIT" or header[0] < _LEAST_HEADER_BYTES:
        return b""
    return header + stream.read(header[0] - _LEAST_HEADER_BYTES)


def _skip(stream: BinaryIO, n_bytes: int) -> None:
    while n_bytes and (piece := stream.read(min(_BLOCK_BYTES, n_bytes))):
        n_bytes -= len(piece)
