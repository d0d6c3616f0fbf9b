"""The records of a FIT file: where each stands and what it is, without reading them all.

A file tells before its records how each kind is laid out, and may tell it again at any place.
Records of one layout are gathered as places in a block of bytes, and their fields read as
columns over all of them at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from estran.errors import FileHostile
from estran.formats.fit.profile import TIMESTAMP, WANTED, Field

_HEAD_BYTES = 6
_DEFINITION, _DEVELOPER, _COMPRESSED = 0x40, 0x20, 0x80
_LOCALS = 16
_MOST_LAYOUTS = 4096
"""Distinct layouts of one file; the richest of the fixtures has 60."""

type_i64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """How the records of one kind are laid out, and what of them is read.

    Parameters
    ----------
    message : int
        The kind of record.
    n_bytes : int
        Length of a record, its header byte included.
    columns : numpy dtype
        The fields that are read, at their places in a record.
    """

    message: int
    n_bytes: int
    columns: np.dtype[np.void]

    @property
    def names(self) -> tuple[str, ...]:
        """Name the fields that are there."""
        return self.columns.names or ()


@dataclass(slots=True)
class Rows:
    """Records of one layout in a block."""

    layout: Layout
    at: list[int] = field(default_factory=list)

    def places(self) -> type_i64:
        """Tell where the records begin in the block."""
        return np.array(self.at, dtype=np.int64)

    def columns(self, block: bytes) -> NDArray[np.void]:
        """Read the records as one structured array."""
        width = self.layout.n_bytes
        # One window of a record's length on every byte: choosing some of them copies only these.
        every = np.ndarray(
            (max(len(block) - width + 1, 0),), self.layout.columns, buffer=block, strides=(1,)
        )
        return every[self.places()]


def _layout_of(told: bytes) -> Layout:
    """Understand a definition: five bytes, three for each field, three for a developer's each."""
    big = told[1] == 1
    order = ">" if big else "<"
    message = int.from_bytes(told[2:4], "big" if big else "little")
    wanted = {TIMESTAMP: Field("timestamp", "u4"), **WANTED.get(message, {})}
    stop = 5 + 3 * told[4]
    names: dict[str, tuple[str, int]] = {}
    at = 1
    for place in range(5, stop, 3):
        number, size = told[place], told[place + 1]
        known = wanted.get(number)
        # A field of another width than it should have is no such number: it is passed over.
        if known is not None and int(known.layout[1]) == size:
            names.setdefault(known.name, (order + known.layout, at))
        at += size
    at += sum(told[stop + 2 :: 3])
    columns = np.dtype(
        {
            "names": list(names),
            "formats": [form for form, _ in names.values()],
            "offsets": [offset for _, offset in names.values()],
            "itemsize": at,
        }
    )
    return Layout(message, at, columns)


class Walk:
    """Walks through the records of one file, block by block.

    Examples
    --------
    >>> walk = Walk()
    >>> definition = bytes([0x40, 0, 0, 20, 0, 1, 31, 1, 2])
    >>> walk.over(definition + bytes([0, 5, 0, 7]))
    13
    >>> [rows] = walk.taken()
    >>> rows.layout.message, rows.at, walk.lost
    (20, [9, 11], False)
    """

    def __init__(self) -> None:
        self.lost = False
        """Set at a record of a kind that was never laid out: what follows cannot be found."""
        self.compressed = False
        """Set once a record tells its time by an offset."""
        # By header byte: length of the record (0: not one), and the rows it belongs to.
        self._n_bytes = [0] * 256
        self._rows: list[Rows | None] = [None] * 256
        self._layouts: dict[int, Layout] = {}
        self._known: dict[bytes, Layout] = {}
        self._met: dict[Layout, Rows] = {}

    def over(self, block: bytes) -> int:
        """Walk over a block as far as it holds whole records; give the place reached."""
        at, end = 0, len(block)
        lengths, rows_of = self._n_bytes, self._rows
        while at < end:
            head = block[at]
            n_bytes = lengths[head]
            if n_bytes:
                following = at + n_bytes
                if following > end:
                    break
                rows = rows_of[head]
                if rows is not None:
                    rows.at.append(at)
                at = following
                continue
            if head & _COMPRESSED or not head & _DEFINITION:
                self.lost = True
                break
            following = self._define(block, at)
            if following > end:
                break
            at = following
        return at

    def taken(self) -> list[Rows]:
        """Give the records met since last asked."""
        met = [rows for rows in self._met.values() if rows.at]
        self._met = {}
        for local in self._layouts:
            self._use(local)
        return met

    def _define(self, block: bytes, at: int) -> int:
        """Read a definition; give the place after it, which may lie beyond the block."""
        head = block[at : at + _HEAD_BYTES]
        if len(head) < _HEAD_BYTES:
            return len(block) + 1
        stop = following = at + _HEAD_BYTES + 3 * head[5]
        if head[0] & _DEVELOPER:
            if stop >= len(block):
                return len(block) + 1
            following = stop + 1 + 3 * block[stop]
        if following > len(block):
            return following
        # The local number, in the first byte, is no part of the layout.
        told = block[at + 1 : following]
        layout = self._known.get(told)
        if layout is None:
            if len(self._known) >= _MOST_LAYOUTS:
                raise FileHostile
            layout = self._known[told] = _layout_of(told)
        local = head[0] & (_LOCALS - 1)
        self._layouts[local] = layout
        self._use(local)
        return following

    def _use(self, local: int) -> None:
        """Let the header bytes of a local kind lead to the rows of its layout."""
        layout = self._layouts[local]
        rows = self._met.get(layout)
        # Records that tell no time and nothing else of use are walked over.
        if rows is None and layout.names:
            rows = self._met[layout] = Rows(layout)
        heads = [local, local | 0x10, local | 0x20, local | 0x30]
        if local < 4:  # noqa: PLR2004 - two bits name the kind in a header that tells a time
            heads += range(_COMPRESSED | local << 5, (_COMPRESSED | local << 5) + 32)
        for head in heads:
            self._n_bytes[head] = layout.n_bytes
            self._rows[head] = rows
