"""The members of a spreadsheet's zip, read within bounds, their XML without entities."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, XMLPullParser

from estran.errors import FileHostile

MOST_MEMBERS = 2_000
MOST_PART_BYTES = 256 << 20
MOST_WHOLE_BYTES = 384 << 20
MOST_RATIO = 200
RATIO_FLOOR_BYTES = 16 << 20
"""Sheets compress ten to forty times; small parts may do better without harm."""

MOST_COLUMNS = 64
_PIECE_BYTES = 1 << 16
_DOCTYPE = b"<!DOCTYPE"


class TooLong(Exception):  # noqa: N818 - told as a refusal by who opens the table
    """A sheet has more rows than are taken."""


class Parts:
    """Members of a zip by name."""

    def __init__(self, held: zipfile.ZipFile, name: str) -> None:
        self._held, self._name = held, name
        members = held.infolist()
        if len(members) > MOST_MEMBERS or sum(m.file_size for m in members) > MOST_WHOLE_BYTES:
            raise FileHostile(file=name)
        self._by_name = {member.filename: member for member in members}

    def __contains__(self, part: str) -> bool:
        """Tell whether there is such a member."""
        return part in self._by_name

    def names(self) -> list[str]:
        """List the members."""
        return list(self._by_name)

    def pieces(self, part: str) -> Iterator[bytes]:
        """Read a member piece by piece."""
        member = self._by_name[part]
        is_big = member.file_size > RATIO_FLOOR_BYTES
        if member.flag_bits & 1 or member.file_size > MOST_PART_BYTES:
            raise FileHostile(file=self._name)
        if is_big and member.file_size > MOST_RATIO * max(member.compress_size, 1):
            raise FileHostile(file=self._name)
        n_read = 0
        with self._held.open(member) as stream:
            while piece := stream.read(_PIECE_BYTES):
                n_read += len(piece)
                if n_read > MOST_PART_BYTES:
                    raise FileHostile(file=self._name)
                yield piece

    def elements(self, part: str, wanted: frozenset[str]) -> Iterator[tuple[str, Element]]:
        """Give each whole element of some local names, and forget what was read.

        Entities are refused: no spreadsheet declares any.
        """
        parser: Any = XMLPullParser(("start", "end"))
        depth: list[Element] = []
        is_first = True
        for piece in self.pieces(part):
            if is_first and _DOCTYPE in piece[:4096]:
                raise FileHostile(file=self._name)
            is_first = False
            parser.feed(piece)
            for event, element in parser.read_events():
                if event == "start":
                    depth.append(element)
                    continue
                depth.pop()
                name = local(element.tag)
                if name in wanted:
                    yield name, element
                    element.clear()
                    if depth:
                        depth[-1].remove(element)
        parser.close()


def local(tag: str) -> str:
    """Give a tag without its namespace.

    Examples
    --------
    >>> local("{urn:x}row"), local("row")
    ('row', 'row')
    """
    return tag.rpartition("}")[2]


def attribute(element: Element, name: str, default: str = "") -> str:
    """Give an attribute by its local name."""
    return next((v for key, v in element.attrib.items() if local(key) == name), default)


def plain(value: float) -> str:
    """Write a number as people read it: without ``.0``, and without the noise of binary.

    Examples
    --------
    >>> plain(1250.0), plain(0.1 + 0.2)
    ('1250', '0.3')
    """
    return str(int(value)) if value.is_integer() else f"{value:.10g}"
