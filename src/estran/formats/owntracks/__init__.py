"""OwnTracks' archives: the recorder's ``.rec`` lines, its JSON, and lists of messages.

A line is an instant of receipt, a kind and a message; only the message is read, with the
instant of the fix. Each phone is a source of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from estran.formats.json_head import Outline, outline
from estran.formats.json_stream import ROOT
from estran.formats.owntracks.reader import listed, source_of, written
from estran.formats.phones import Phones
from estran.formats.reading import HEAD_BYTES, Batch, Faults, Format
from estran.formats.resumed import Resumed

KEY = "owntracks"

_LINE = re.compile(rb"\A\s*\d{4}-\d\d-\d\dT[\d:.]{8,15}Z?\s+\S+\s+\{")
_UNDER = ("", "[].", "locations[].", "data[].")
_NAMED = ("lat", "lon", "tst")
_TYPES = frozenset({"location", "transition"})


def sniff(head: bytes) -> bool:
    r"""Tell whether lines of the recorder, or messages of OwnTracks, stand here.

    Examples
    --------
    >>> sniff(b'2024-03-01T09:03:09Z\t*                 \t{"_type":"location"')
    True
    >>> sniff(b'{"count":1,"locations":[{"_type":"location","lat":46.1,"lon":-1.1,"tst":17')
    True
    >>> sniff(b'{"locations": [{"lat": 46.1, "lon": -1.1, "time": 1714550400}]}')
    False
    """
    return bool(_LINE.match(head)) or _has_messages(outline(head))


def _has_messages(found: Outline) -> bool:
    return any(
        found.has(*(under + name for name in _NAMED))
        or bool(found.words.get(f"{under}_type", set()) & _TYPES)
        for under in _UNDER
    )


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Read messages, each phone apart."""
    phones = Phones(faults, source_of)
    head = stream.read(HEAD_BYTES)
    whole: Any = Resumed(head, stream)
    if _LINE.match(head):
        yield from written(whole, phones, faults)
    else:
        found = outline(head)
        wrapped = [key for key in ("locations", "data") if found.has(f"{key}[].lat")]
        yield from listed(whole, wrapped or [ROOT], phones, faults)
    yield from phones.rest()


FORMAT = Format(KEY, sniff, read)
