"""Find where the values of a JSON text begin and end, by array, without decoding it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_DELTA = np.zeros(256, dtype=np.int8)
_DELTA[[ord("{"), ord("[")]] = 1
_DELTA[[ord("}"), ord("]")]] = -1
_MARKED = np.zeros(256, dtype=bool)
_MARKED[[ord(c) for c in "{}[],"]] = True

BLANKS = b" \t\r\n"
"""What JSON allows between values."""


@dataclass(frozen=True, slots=True)
class Structure:
    """Where brackets and commas stand outside strings, and how deep.

    Parameters
    ----------
    at : intp array, shape (n,)
        Offsets of the brackets and commas.
    depth : int64 array, shape (n,)
        Depth after each of them, 0 at the text's beginning.
    byte : uint8 array, shape (n,)
        Which of them it is.
    """

    at: NDArray[np.intp]
    depth: NDArray[np.int64]
    byte: NDArray[np.uint8]

    @property
    def deepest(self) -> int:
        """The largest depth, 0 for a text without brackets."""
        return int(self.depth.max(initial=0))

    def first_below(self, depth: int) -> int | None:
        """Give the offset of the first bracket that goes below a depth."""
        rows = np.flatnonzero(self.depth < depth)
        return int(self.at[rows[0]]) if rows.size else None

    def commas(self) -> NDArray[np.intp]:
        """Give the offsets of the commas at depth 0."""
        here: NDArray[np.intp] = self.at[(self.byte == ord(",")) & (self.depth == 0)]
        return here

    def closings(self) -> NDArray[np.intp]:
        """Give the offsets of the brackets that come back to depth 0."""
        here: NDArray[np.intp] = self.at[(self.byte != ord(",")) & (self.depth == 0)]
        return here


def structure(text: bytes) -> Structure:
    r"""Scan a text that begins outside a string; it may end anywhere.

    Examples
    --------
    >>> found = structure(b'{"a":"}\\"{"},[1],')
    >>> found.commas().tolist(), found.closings().tolist(), found.deepest
    ([12, 16], [11, 15], 1)
    """
    if b"\\" in text:
        # Escapes come in pairs from the left: blank them out, keeping every offset.
        text = text.replace(b"\\\\", b"__").replace(b'\\"', b"__")
    byte = np.frombuffer(text, dtype=np.uint8)
    # The parity of the quotes so far; the sum may wrap, which keeps parity.
    inside = np.cumsum(byte == ord('"'), dtype=np.uint8) & 1
    at = np.flatnonzero(_MARKED[byte] & (inside == 0))
    kept = byte[at]
    return Structure(at=at, depth=np.cumsum(_DELTA[kept], dtype=np.int64), byte=kept)
