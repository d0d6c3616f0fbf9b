"""MongoDB's extended JSON, whose numbers are wrapped in objects, as plain JSON."""

from __future__ import annotations

import re
from typing import BinaryIO

_WRAPPED = re.compile(
    rb'\{\s*"\$number(?:Double|Long|Int|Decimal)"\s*:\s*"([-+0-9.eE]{1,32})"\s*\}'
)
_LONGEST_BYTES = 160
_PIECE_BYTES = 1 << 18


def is_extended(head: bytes) -> bool:
    """Tell whether a text wraps its numbers so."""
    return b'"$number' in head


class PlainNumbers:
    r"""A text with its numbers unwrapped as it is read.

    A quotation mark inside a JSON string is escaped, so that what is looked for can stand
    in none.

    Examples
    --------
    >>> import io
    >>> plain = PlainNumbers(io.BytesIO(b'{"ts": {"$numberDouble": "1.5"}}'))
    >>> plain.read() + plain.read() + plain.read()
    b'{"ts": 1.5}'
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._held = b""
        self._ended = False

    def read(self, _size: int = -1) -> bytes:
        """Read on, a piece at a time whatever is asked for; empty at the end alone."""
        while not self._ended:
            piece = self._stream.read(_PIECE_BYTES)
            self._ended = not piece
            text = self._held + piece
            # The last object may go on in the next piece.
            cut = len(text) if self._ended else max(text.rfind(b"{", -_LONGEST_BYTES), -1)
            if cut < 0:
                cut = len(text)
            self._held = text[cut:]
            given = _WRAPPED.sub(rb"\1", text[:cut])
            if given:
                return given
        return b""
