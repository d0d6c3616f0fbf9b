"""What each phone of an archive told, gathered apart and given out when there is enough of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from estran.errors import FileHostile
from estran.formats.piling import Pile
from estran.formats.reading import Batch, Faults
from estran.formats.told import Told
from estran.trace import Source

NAME_LIMIT = 64
"""Letters of a phone's name that are looked at."""

_DEVICE_LIMIT = 256
_HELD_ROWS = 20_000
_LINE_LIMIT_BYTES = 1 << 20
"""A message with a picture of the person's own comes near; no other does."""

_PIECE_BYTES = 1 << 16


class Phones:
    """Keeps phones apart while an archive is read.

    Parameters
    ----------
    faults : Faults
        Where what is wrong is counted.
    source_of : callable
        Makes the source of a phone from its name, ``""`` for one that tells none.
    """

    def __init__(self, faults: Faults, source_of: Callable[[str], Source]) -> None:
        self._faults, self._source_of = faults, source_of
        self._told: dict[str, Told] = {}
        self._pile = Pile()
        self._n_held = 0

    def take(self, phone: str, where: str, tell: Callable[[Told], str]) -> None:
        """Let ``tell`` put a message where its phone's are; it gives a fault's code, or ``""``."""
        if phone not in self._told and len(self._told) >= _DEVICE_LIMIT:
            self._faults.add("device-too-many", where)
            phone = ""
        fault = tell(self._told.setdefault(phone, Told()))
        if fault:
            self._faults.add(fault, where)
        self._n_held += 1

    def ripe(self) -> Iterator[Batch]:
        """Give out what there is, once it is enough."""
        if self._n_held >= _HELD_ROWS:
            self._flush()
            yield from self._pile.ripe()

    def rest(self) -> Iterator[Batch]:
        """Give out everything."""
        self._flush()
        yield from self._pile.rest()

    def _flush(self) -> None:
        for phone, told in self._told.items():
            self._pile.add(
                self._source_of(phone), positions=told.positions(),
                activities=told.activities(), claims=told.claims(), marks=told.marked(),
            )  # fmt: skip
        self._told = {phone: Told() for phone in self._told}
        self._n_held = 0


def lines_of(stream: BinaryIO) -> Iterator[bytes]:
    r"""Give the lines of a stream, without their ends.

    Raises
    ------
    FileHostile
        A line is longer than any message.

    Examples
    --------
    >>> import io
    >>> list(lines_of(io.BytesIO(b"a\nb")))
    [b'a', b'b']
    """
    held = b""
    while piece := stream.read(_PIECE_BYTES):
        *lines, held = (held + piece).split(b"\n")
        yield from lines
        if len(held) > _LINE_LIMIT_BYTES:
            raise FileHostile
    yield held
