"""Guarded streaming XML: expat with every door shut, bounded in depth, text and tokens.

Elements are matched on their local name, whatever the prefix, because recorders bind the
same names to any prefix. No entity may be declared, so none can expand; a document type is
refused outright, since no file of positions has use for one. A document that breaks keeps
what was read before.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO
from xml.parsers import expat

import numpy as np

from estran.errors import FileEmpty, FileHostile

type_start = Callable[[dict[str, str]], None]
type_end = Callable[[str], None]

_BLOCK_BYTES = 131_072
# Handing over costs about as much as parsing ten elements: where it brings less, it stops.
_FRUITLESS_LIMIT = 3
_FRUITFUL_CHARACTERS = 2048
_BLANKS = " \t\r\n\f\v\ufeff\x00"
# What XML 1.0 forbids in a document: one such character in a title loses the whole file.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# A bare ampersand, or an entity of HTML, in a title: common, and fatal to a strict parser.
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_LONGEST_ENTITY = 12
_SPACE = ord(" ")
_DECLARED = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
# Only encodings that map bytes to characters one way: never "zip", "idna" or "utf-7".
_PLAIN_ENCODING = re.compile(r"^(utf-?8|us-?ascii|iso-?8859-\d+|latin-?\d|windows-125\d|cp125\d)$")
_MISC = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->)", re.DOTALL)
_ROOT = re.compile(r"\s*<(?:!DOCTYPE\s+)?(?:[\w.-]+:)?([\w.-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class XmlLimits:
    """How much a document may ask of its reader.

    The deepest file of positions among the fixtures nests 12 elements and its longest text
    is 3 kB. The bounds leave two orders of magnitude and still hold memory under 64 MiB.
    """

    depth: int = 256
    text_bytes: int = 16 << 20
    """Longest text of one element: a line of 400 000 places in KML."""
    token_bytes: int = 1 << 20
    """Longest tag, comment or declaration."""
    blank_bytes: int = 1 << 20
    """Blanks before the first character."""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Lets the owner read pieces of the text itself, where the parser is sure of its place.

    Parameters
    ----------
    after : str
        The end of an end tag, such as ``"trkpt>"``, that has a callback.
    take : callable
        Called with a text and a place in it, right after such an end tag in plain content
        (never within a comment or CDATA). Reads whole elements that follow, and gives the
        place after them, which is where the parser goes on; the same place to read nothing.
    """

    after: str
    take: Callable[[str, int], int]


def _encoding_of(head: bytes) -> str:
    """Tell how a document is encoded: byte order mark, zero bytes, declaration, UTF-8."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = head.lstrip(b" \t\r\n")
    if start[1:2] == b"\0" and start[:1] == b"<":
        return "utf-16-le"
    if head[:1] == b"\0" and head[1:2] != b"\0":
        return "utf-16-be"
    declared = _DECLARED.match(start.removeprefix(codecs.BOM_UTF8))
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    return name if _PLAIN_ENCODING.match(name) else "utf-8"


def _decoder(head: bytes) -> codecs.IncrementalDecoder:
    try:
        return codecs.getincrementaldecoder(_encoding_of(head))("replace")
    except LookupError:
        return codecs.getincrementaldecoder("utf-8")("replace")


def _texts(stream: BinaryIO, limits: XmlLimits) -> Iterator[str]:
    """Decode a document block by block, from its first character that is not blank."""
    block = stream.read(_BLOCK_BYTES)
    decoder = _decoder(block[:1024])
    n_blank = 0
    began = False
    while block:
        text = decoder.decode(block)
        if not began:
            n_blank += len(block)
            text = text.lstrip(_BLANKS)
            began = bool(text)
            if not began and n_blank > limits.blank_bytes:
                raise FileHostile
        if text:
            yield text
        block = stream.read(_BLOCK_BYTES)
    if not began:
        raise FileEmpty
    yield decoder.decode(b"", final=True)


def _mended(texts: Iterator[str]) -> Iterator[str]:
    """Replace what a strict parser dies of and that carries no datum."""
    tail = ""
    for text in texts:
        whole = tail + text
        cut = whole.rfind("&", max(0, len(whole) - _LONGEST_ENTITY))
        tail = whole[cut:] if cut >= 0 else ""
        whole = whole[:cut] if cut >= 0 else whole
        if "&" in whole:
            whole = _BARE_AMPERSAND.sub("&amp;", whole)
        if _has_forbidden(whole):
            whole = _FORBIDDEN.sub("\ufffd", whole)
        yield whole
    yield _BARE_AMPERSAND.sub("&amp;", _FORBIDDEN.sub("\ufffd", tail))


def _has_forbidden(text: str) -> bool:
    """Tell whether a text holds a control character, much faster than a pattern does."""
    if not text.isascii():
        return _FORBIDDEN.search(text) is not None
    n_low = int(np.count_nonzero(np.frombuffer(text.encode("ascii"), dtype=np.uint8) < _SPACE))
    return n_low != text.count("\n") + text.count("\t") + text.count("\r")


def root_name(head: bytes) -> str:
    """Tell the local name of a document's root, in lower case; ``""`` when it has none.

    Parameters
    ----------
    head : bytes
        The beginning of a file, possibly cut in the middle.

    Examples
    --------
    >>> root_name(b" <?xml version='1.0'?><!-- by hand --><k:KML xmlns:k='x'>")
    'kml'
    >>> root_name(b"time,lat,lon")
    ''
    """
    text = _decoder(head[:1024]).decode(head).lstrip(_BLANKS)
    if not text.startswith("<"):
        return ""
    at = 0
    while misc := _MISC.match(text, at):
        at = misc.end()
    root = _ROOT.match(text, at)
    return root[1].lower() if root else ""


class XmlStream:
    """Reads one document, calling back by local name.

    Parameters
    ----------
    starts : mapping
        Called with the attributes when an element begins.
    ends : mapping
        Called with the element's text when it ends.
    leaves : mapping
        Elements of which only the text matters: it is put into :attr:`fields` under the name
        given here, unless there is one already.
    limits : XmlLimits
        What is refused as hostile.
    shortcut : Shortcut
        How the owner reads what is regular faster than callbacks do.

    Examples
    --------
    >>> import io
    >>> seen = []
    >>> xml = XmlStream(starts={"b": seen.append}, ends={"b": seen.append}, leaves={})
    >>> for _ in xml.blocks(io.BytesIO(b"<a:a><x:b n='1'>text</x:b>")):
    ...     pass
    >>> seen, xml.began, xml.fault
    ([{'n': '1'}, 'text'], True, 'truncated')
    """

    def __init__(
        self,
        *,
        starts: Mapping[str, type_start],
        ends: Mapping[str, type_end],
        leaves: Mapping[str, str],
        limits: XmlLimits | None = None,
        shortcut: Shortcut | None = None,
    ) -> None:
        self.fields: dict[str, str] = {}
        """Texts of the leaves met since the owner last cleared it."""
        self.stack: list[str] = []
        """Local names of the open elements; in an end callback, the ended one is gone."""
        self.began = False
        """Whether a root element was seen."""
        self.fault = ""
        """``""``, ``"truncated"`` or ``"broken"``, once :meth:`blocks` is exhausted."""
        self._starts = starts
        self._ends = ends
        self._leaves = leaves
        self._limits = limits or XmlLimits()
        self._shortcut = shortcut
        self._n_fed = 0
        self._n_lines_taken = 0
        self._called_at = -1
        self._pieces: list[str] = []
        # The names of a document are few: each is stripped of its prefix once.
        self._local: dict[str, str] = {}
        self._parser = self._new_parser()

    @property
    def line(self) -> int:
        """Where the parser stands: the line, from 1."""
        return self._parser.CurrentLineNumber + self._n_lines_taken

    def _new_parser(self) -> expat.XMLParserType:
        # Blocks arrive as str: expat takes them as UTF-8 whatever the declaration says.
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.buffer_size = _BLOCK_BYTES
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._pieces.append
        parser.StartDoctypeDeclHandler = _refuse
        parser.EntityDeclHandler = _refuse
        parser.ExternalEntityRefHandler = _refuse_reference
        return parser

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = self._local.get(name) or self._strip(name)
        self._pieces.clear()
        self.stack.append(local)
        if len(self.stack) > self._limits.depth:
            raise FileHostile
        call = self._starts.get(local)
        if call is not None:
            call(attributes)

    def _end(self, _name: str) -> None:
        local = self.stack.pop()
        pieces = self._pieces
        key = self._leaves.get(local)
        if key is not None:
            if key not in self.fields:
                self.fields[key] = "".join(pieces)
        else:
            call = self._ends.get(local)
            if call is not None:
                self._called_at = self._parser.CurrentByteIndex
                call("".join(pieces))
        pieces.clear()

    def _strip(self, name: str) -> str:
        self.began = True
        local = name.rpartition(":")[2] or name
        if len(self._local) < _BLOCK_BYTES // 16:
            self._local[name] = local
        return local

    def _parse(self, text: str) -> None:
        self._n_fed += len(text) if text.isascii() else len(text.encode("utf-8"))
        self._parser.Parse(text, False)

    def _feed(self, text: str) -> None:
        """Parse a text, but for what the owner takes."""
        shortcut = self._shortcut
        at = 0
        n_fruitless = 0
        while shortcut is not None and n_fruitless < _FRUITLESS_LIMIT:
            stop = text.find(shortcut.after, at)
            if stop < 0:
                break
            stop += len(shortcut.after)
            self._parse(text[at:stop])
            at = stop
            # Nothing but the tag itself lies between its callback and here: this is content.
            tag = text.rfind("<", 0, stop)
            if tag >= 0 and self._called_at == self._n_fed - (stop - tag):
                at = shortcut.take(text, stop)
                self._n_lines_taken += text.count("\n", stop, at)
            n_fruitless += at - stop < _FRUITFUL_CHARACTERS
        self._parse(text[at:])

    def _guard(self) -> None:
        """Refuse what grows without end; bounded by one block more than the limits."""
        limits = self._limits
        if self._pieces and sum(map(len, self._pieces)) > limits.text_bytes:
            raise FileHostile
        # What expat holds back is the token whose end it awaits.
        if (
            self._n_fed - max(0, self._parser.CurrentByteIndex)
            > limits.token_bytes + _BLOCK_BYTES * 4
        ):
            raise FileHostile

    def blocks(self, stream: BinaryIO) -> Iterator[None]:
        """Read the document; give way after each block, for the owner to flush its rows.

        Raises
        ------
        FileEmpty
            There is nothing but blanks.
        FileHostile
            It declares a document type or an entity, or goes over a limit.
        """
        for text in _mended(_texts(stream, self._limits)):
            try:
                self._feed(text)
            except expat.ExpatError:
                self.fault = "broken"
                return
            self._guard()
            yield
        try:
            self._parser.Parse("", True)
        except expat.ExpatError:
            self.fault = "truncated"


def _refuse(*_: object) -> None:
    raise FileHostile


def _refuse_reference(*_: object) -> int:
    raise FileHostile
