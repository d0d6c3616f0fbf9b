"""What the beginning of a JSON text tells of its structure, however long its parts are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from estran.formats.json_scan import BLANKS

_TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*)"(\s*:)?|[{}\[\]]', re.DOTALL)
_DEPTH_LIMIT = 6


@dataclass(slots=True)
class Outline:
    """The keys met in a head of a JSON text.

    Parameters
    ----------
    root : str
        ``"{"`` or ``"["``; ``""`` when the text is not JSON.
    paths : set of str
        Keys with where they stand: ``"locations"``, ``"locations[].timestamp"``,
        ``"[].visit.probability"``. Keys of several root objects (JSON lines) are joined.
    words : dict of str to set of str
        Texts met as values of a path, for the formats that name themselves.
    """

    root: str
    paths: set[str] = field(default_factory=set)
    words: dict[str, set[str]] = field(default_factory=dict)

    def has(self, *paths: str) -> bool:
        """Tell whether all these paths were met."""
        return all(path in self.paths for path in paths)

    def any(self, *paths: str) -> bool:
        """Tell whether one of these paths was met."""
        return any(path in self.paths for path in paths)


def outline(head: bytes) -> Outline:
    """Outline a JSON text from its head, which may be cut anywhere.

    Examples
    --------
    >>> found = outline(b'{"locations": [{"latitudeE7": 4, "activity": [{"type": "ST')
    >>> found.root, sorted(found.paths)
    ('{', ['locations', 'locations[].activity', 'locations[].activity[].type',
     'locations[].latitudeE7'])
    """
    root = head.lstrip(BLANKS)[:1]
    if root not in (b"{", b"["):
        return Outline("")
    found = Outline(root.decode())
    stack: list[str] = []
    path = ""
    for token in _TOKEN.finditer(head):
        mark = token[0][:1]
        if mark == b"[":
            stack.append(path)
            path += "[]"
        elif mark == b"{":
            stack.append(path)
        elif mark in b"}]":
            path = stack.pop() if stack else ""
        elif token[2]:
            base = stack[-1] if stack else ""
            text = token[1].decode("utf-8", "replace")
            path = f"{base}.{text}" if base else text
            found.paths.add(path)
        elif len(token[1]) < 64:  # noqa: PLR2004 - a word, not a text
            found.words.setdefault(path, set()).add(token[1].decode("utf-8", "replace"))
        if len(stack) > _DEPTH_LIMIT * 4:
            break
    return found
