r"""Stream the elements of a JSON text's arrays, decoded in blocks at compiled speed.

A text of any size is cut into blocks of about a megabyte between two elements. The cut is
guessed from the layout (the bytes seen between the first elements) and the decoder proves
it: a block with unbalanced brackets or quotes does not decode. Where the guess fails, an
exact scan finds the elements. So pretty-printed and minified texts are both read at the
decoder's speed, and a broken record costs itself only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, BinaryIO

import msgspec

from estran.errors import FileHostile
from estran.formats.json_scan import BLANKS, structure
from estran.formats.reading import Faults

_BLOCK_BYTES = 1 << 20
_ELEMENT_LIMIT_BYTES = 8 << 20
"""No provider's record comes near: the longest seen hold some 100 kB of Wi-Fi scans."""
_BLANKS_LIMIT_BYTES = 16 << 20
_DEPTH_LIMIT = 100
_KEY = re.compile(rb'\s*"((?:[^"\\]|\\.){0,1000})"\s*:\s*', re.DOTALL)
_N_PATTERNS = 8
_KEY_LIMIT_BYTES = 1 << 16

ROOT = ""
"""The key of elements that stand at the root: a list's, or values one after the other."""

_SYNTAX = msgspec.json.Decoder(list[msgspec.Raw])


@dataclass(slots=True)
class _Window:
    """The part of the stream in memory."""

    stream: BinaryIO
    text: bytes = b""
    ended: bool = False
    n_dropped_bytes: int = 0
    cut: bool = False

    def more(self) -> bool:
        """Read on, at least a block and at least as much as is held; False at the end."""
        if self.ended:
            return False
        wanted = max(_BLOCK_BYTES, len(self.text))
        piece = self.stream.read(wanted)
        self.ended = not piece
        self.text += piece
        return bool(piece)

    def skip_blanks(self) -> bytes:
        """Drop blanks and give the first byte after them, empty at the end."""
        self.drop(BLANKS)
        while not self.text and self.more():
            self.drop(BLANKS)
        return self.text[:1]

    def note_cut(self, faults: Faults, where: str = "") -> None:
        """Count once that the text ends before its end."""
        if not self.cut:
            faults.add("truncated", where)
        self.cut = True

    def drop(self, unwanted: bytes) -> None:
        """Drop leading bytes of some kinds, within reason for a whole file."""
        kept = self.text.lstrip(unwanted)
        self.n_dropped_bytes += len(self.text) - len(kept)
        self.text = kept
        if self.n_dropped_bytes > _BLANKS_LIMIT_BYTES:
            raise FileHostile


@dataclass(slots=True)
class _Cutter:
    """Guesses where a block may be cut, from what stood between elements before."""

    in_list: bool
    patterns: list[bytes] = field(default_factory=list)

    def guess(self, text: bytes) -> int:
        """Give the offset after the last whole element, 0 when there is no guess."""
        if not self.in_list:
            return text.rfind(b"\n{") + 1
        best = 0
        for pattern in self.patterns:
            at = text.rfind(pattern, best)
            if at >= 0:
                best = at + pattern.index(b"}") + 1
        return best

    def learn(self, text: bytes, closing: int, following: int) -> None:
        """Remember what stands between an element's end and the next one's first key."""
        if text[closing : closing + 1] != b"}":
            return
        before = len(text[:closing].rstrip(BLANKS))
        key = _KEY.match(text, text.find(b"{", following) + 1)
        if text[following : following + 200].lstrip(BLANKS + b",")[:1] != b"{" or not key:
            return
        # A raw newline cannot stand in a string, and an indent tells the depth: with both,
        # the key is not needed.
        _, newline, indent = text[before:closing].rpartition(b"\n")
        lined = bool(newline and indent)
        end = text.find(b"{", following) + 1 if lined else key.end()
        pattern = text[before:end]
        if pattern not in self.patterns and len(pattern) < 200:  # noqa: PLR2004 - a sane layout
            self.patterns = [*self.patterns[-_N_PATTERNS + 1 :], pattern]


def records(
    stream: BinaryIO, wanted: Mapping[str, msgspec.json.Decoder[Any]], faults: Faults
) -> Iterator[tuple[str, list[Any]]]:
    r"""Decode the elements of the arrays that a JSON text holds under some keys.

    Parameters
    ----------
    stream : BinaryIO
        UTF-8 text: an object of arrays (or several), an array, or values one after the other.
    wanted : mapping of str to Decoder
        Per key of the root object, how to decode *a list of* elements. With the key
        :data:`ROOT` only, the elements are those of a list at the root, or the root values
        themselves (JSON lines).
    faults : Faults
        Where broken records (``record-broken``) and a missing end (``truncated``) go.

    Yields
    ------
    tuple of str and list
        The key, and the next elements in file order.

    Raises
    ------
    FileHostile
        Brackets nest, blanks stretch or an element grows beyond reason.

    Examples
    --------
    >>> from io import BytesIO
    >>> decoder = msgspec.json.Decoder(list[dict[str, int]])
    >>> text = BytesIO(b'{"other": [[{}]], "locations": [{"a": 1}, {"a": 2}]}')
    >>> list(records(text, {"locations": decoder}, Faults()))
    [('locations', [{'a': 1}, {'a': 2}])]
    """
    window = _Window(stream)
    window.more()
    first = window.skip_blanks()
    if first == b"[" and ROOT in wanted:
        window.text = window.text[1:]
        yield from ((ROOT, got) for got in _elements(window, wanted[ROOT], faults, in_list=True))
    elif first and set(wanted) == {ROOT}:
        yield from ((ROOT, got) for got in _elements(window, wanted[ROOT], faults, in_list=False))
    elif first == b"{":
        yield from _objects(window, wanted, faults)
    elif first:
        faults.add("record-broken")


def _objects(
    window: _Window, wanted: Mapping[str, msgspec.json.Decoder[Any]], faults: Faults
) -> Iterator[tuple[str, list[Any]]]:
    """Walk through the root object, and through others that stand behind it."""
    while window.skip_blanks() == b"{":
        window.text = window.text[1:]
        yield from _members(window, wanted, faults)
        if window.text[:1] != b"}":
            return
        window.text = window.text[1:]


def _members(
    window: _Window, wanted: Mapping[str, msgspec.json.Decoder[Any]], faults: Faults
) -> Iterator[tuple[str, list[Any]]]:
    """Walk through the root object."""
    while True:
        key = _next_key(window)
        if key is None:
            if window.ended and not window.text:
                window.note_cut(faults)
            elif not window.text.startswith(b"}"):
                faults.add("record-broken")
            return
        if window.skip_blanks() == b"[" and key in wanted:
            window.text = window.text[1:]
            for elements in _elements(window, wanted[key], faults, in_list=True):
                yield key, elements
        elif not _skip_value(window):
            window.note_cut(faults)
            return


def _next_key(window: _Window) -> str | None:
    """Read the next key of the object and the colon; None at its end or at nonsense."""
    while window.skip_blanks() == b",":
        window.text = window.text[1:]
    match = _KEY.match(window.text)
    while match is None and len(window.text) < _KEY_LIMIT_BYTES and window.more():
        match = _KEY.match(window.text)
    if match is None:
        if window.ended and window.text.startswith(b'"'):
            window.text = b""
        return None
    window.text = window.text[match.end() :]
    return match[1].decode("utf-8", "replace")


def _skip_value(window: _Window) -> bool:
    """Pass over one value of any size; False when the text ends inside it."""
    if window.skip_blanks() == b"[":
        return _skip_list(window)
    n_passed = 0
    while True:
        found = structure(window.text)
        if found.deepest > _DEPTH_LIMIT:
            raise FileHostile
        below, commas = found.first_below(0), found.commas()
        ends = [int(end) for end in (below, *commas[:1]) if end is not None]
        if ends:
            window.text = window.text[min(ends) :]
            return True
        n_passed = len(window.text)
        if n_passed > _ELEMENT_LIMIT_BYTES:
            raise FileHostile
        if not window.more():
            return False


def _skip_list(window: _Window) -> bool:
    """Pass over a list element by element, which bounds what is held."""
    window.text = window.text[1:]
    for _ in _elements(window, _SYNTAX, Faults(), in_list=True):
        pass
    cut, window.cut = window.cut, False
    return not cut


def _elements(
    window: _Window, decoder: msgspec.json.Decoder[Any], faults: Faults, *, in_list: bool
) -> Iterator[list[Any]]:
    """Give out a list's elements block by block, leaving what follows its end."""
    cutter = _Cutter(in_list)
    n_before = 0
    while True:
        if len(window.text) < _BLOCK_BYTES:
            window.more()
        got = _quick(window, decoder, cutter)
        ended = False
        if got is None:
            got, ended = _exact(window, decoder, cutter, faults, n_before)
        if got:
            yield got
        n_before += len(got)
        if ended:
            return


def _quick(
    window: _Window, decoder: msgspec.json.Decoder[Any], cutter: _Cutter
) -> list[Any] | None:
    """Decode up to a guessed cut; None when the guess was wrong or there is none."""
    cut = cutter.guess(window.text)
    if not cut:
        return None
    block = window.text[:cut].strip(BLANKS + b",")
    if not cutter.in_list:
        block = block.replace(b"\n{", b",{")
    try:
        got: list[Any] = decoder.decode(b"[" + block + b"]")
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
    window.text = window.text[cut:]
    return got


def _exact(
    window: _Window,
    decoder: msgspec.json.Decoder[Any],
    cutter: _Cutter,
    faults: Faults,
    n_before: int,
) -> tuple[list[Any], bool]:
    """Find the elements by scanning; also tell whether the list is over."""
    while True:
        window.drop(BLANKS + b",")
        found = structure(window.text)
        if found.deepest > _DEPTH_LIMIT:
            raise FileHostile
        below = found.first_below(0)
        limit = len(window.text) if below is None else below
        bounds = found.commas() if cutter.in_list else found.closings() + 1
        bounds = bounds[bounds <= limit]
        if below is not None or bounds.size or window.ended:
            break
        if len(window.text) > _ELEMENT_LIMIT_BYTES:
            raise FileHostile
        window.more()
    text = window.text
    starts = [0, *(int(b) for b in bounds)]
    pieces = [text[a:b].strip(BLANKS + b",") for a, b in pairwise(starts)]
    rest = starts[-1]
    if below is not None:
        pieces.append(text[rest:below].strip(BLANKS + b","))
        rest = below + 1
    elif cutter.in_list and bounds.size:
        cutter.learn(text, max(len(text[: starts[1]].rstrip(BLANKS)) - 1, 0), starts[1])
        _learn_last(cutter, text, starts)
    over = below is not None
    if not over and not bounds.size:
        over = True
        if cutter.in_list or text.strip(BLANKS + b","):
            window.note_cut(faults, f"record {n_before + 1}")
        closings = found.closings()
        pieces = [text[: int(closings[0]) + 1].strip(BLANKS)] if closings.size else []
        rest = len(text)
    window.text = text[rest:]
    return _decoded([p for p in pieces if p], decoder, faults, n_before), over


def _learn_last(cutter: _Cutter, text: bytes, starts: list[int]) -> None:
    if len(starts) > 2:  # noqa: PLR2004 - more than one element
        cutter.learn(text, len(text[: starts[-1]].rstrip(BLANKS)) - 1, starts[-1])


def _decoded(
    pieces: list[bytes], decoder: msgspec.json.Decoder[Any], faults: Faults, n_before: int
) -> list[Any]:
    """Decode elements together, or one by one when one of them is broken."""
    try:
        together: list[Any] = decoder.decode(b"[" + b",".join(pieces) + b"]")
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        pass
    else:
        return together
    got: list[Any] = []
    for i, piece in enumerate(pieces):
        try:
            got += decoder.decode(b"[" + _as_utf8(piece) + b"]")
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            faults.add("record-broken", f"record {n_before + i + 1}")
    return got


def _as_utf8(piece: bytes) -> bytes:
    """Repair a record that a Windows editor saved in its own encoding."""
    try:
        piece.decode()
    except UnicodeDecodeError:
        return piece.decode("cp1252", "replace").encode()
    return piece
