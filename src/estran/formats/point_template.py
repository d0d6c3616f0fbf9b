"""Reads points that are all written alike at the speed of a regular expression.

Recorders write every point of a track in one manner. A template is learnt from one point as
text, and then matches runs of points; whatever differs is left to the XML parser.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_TOKEN = re.compile(r"<[^<>]*>|[^<]+")
_START = re.compile(
    r"<([\w.:-]+)((?:\s+[\w.:-]+\s*=\s*(?:\"[^\"<>&]*\"|'[^'<>&]*'))*)\s*(/?)>", re.ASCII
)
_ATTRIBUTE = re.compile(r"([\w.:-]+)\s*=\s*([\"'])", re.ASCII)
_END = re.compile(r"</([\w.:-]+)>", re.ASCII)
_NOT_WITHIN = frozenset(
    {"trkpt", "rtept", "wpt", "trk", "trkseg", "rte", "gpx", "Trackpoint", "Track", "Lap"}
)
_LONGEST_SAMPLE = 4000
_MOST_TOKENS = 120


@dataclass(frozen=True, slots=True)
class Template:
    """How one recorder writes a point.

    Parameters
    ----------
    keys : tuple of str
        What each captured group is: ``"lat"``, ``"lon"`` or a field of the leaves.
    each : compiled pattern
        One point, or else the whole rest of the text.
    tag : str
        The end of a point's end tag.

    Examples
    --------
    >>> sample = '<trkpt lat="1" lon="2"><ele>3</ele><time>T</time></trkpt>'
    >>> template = Template.of(sample, {"ele": "ele", "time": "time"})
    >>> template.keys
    ('lat', 'lon', 'ele', 'time')
    >>> text = '<trkpt lat="5" lon="6"><time>U</time></trkpt> </trkseg>'
    >>> end, rows = template.taken(text, 0)
    >>> text[end:], rows
    (' </trkseg>', [('5', '6', '', 'U', '')])
    """

    keys: tuple[str, ...]
    each: re.Pattern[str]
    tag: str = "trkpt>"

    @classmethod
    def of(cls, sample: str, leaves: Mapping[str, str], tag: str = "trkpt>") -> Template | None:
        """Learn from one point; None when it is not simple enough.

        Parameters
        ----------
        sample : str
            From ``<trkpt`` to its end tag.
        leaves : mapping
            Elements to capture, by local name, and the field that each is.
        tag : str
            The end of a point's end tag.
        """
        tokens = _TOKEN.findall(sample)
        if len(sample) > _LONGEST_SAMPLE or len(tokens) > _MOST_TOKENS:
            return None
        written = _Written(leaves)
        if not written.point(tokens):
            return None
        keys = tuple(written.keys)
        if len(set(keys)) != len(keys) or not {"lat", "lon"} <= set(keys):
            return None
        point = "".join(written.pattern)
        return cls(keys, re.compile(rf"\s*{point}|([\s\S]+)"), tag)

    def taken(self, text: str, at: int) -> tuple[int, list[tuple[str, ...]]]:
        """Read the points that follow each other from a place on.

        Returns
        -------
        end : int
            Where they end; the place itself when there is none.
        rows : list of tuple of str
            Captured texts, in the order of the keys, then an empty one.
        """
        last = text.rfind("</", at, text.rfind(self.tag, at) + 1)
        end = text.find(">", last) + 1 if last >= 0 else at
        rows = self.each.findall(text, at, end)
        # The last group holds all that follows the run and is no such point.
        if rows and rows[-1][-1]:
            end -= len(rows.pop()[-1])
        return end, rows


class _Written:
    """Writes the pattern of a point, token by token."""

    def __init__(self, leaves: Mapping[str, str]) -> None:
        self.pattern: list[str] = []
        self.keys: list[str] = []
        self._leaves = leaves

    def point(self, tokens: list[str]) -> bool:
        """Write the whole; False when it cannot be told with certainty."""
        at = 0
        depth = 0
        while at < len(tokens):
            token = tokens[at]
            if not token.startswith("<"):
                if token.strip():
                    return False
                at += 1
                continue
            start, end = _START.fullmatch(token), _END.fullmatch(token)
            if start is not None and depth == 0:
                self._point_tag(start)
                depth = 1
            elif start is not None:
                n_taken = self._leaf(start, tokens[at + 1 : at + 3])
                if n_taken < 0:
                    return False
                depth += n_taken == 0
                at += n_taken
            elif end is not None:
                depth -= 1
                self.pattern.append(re.escape(token) + (r"\s*" if depth else ""))
            else:
                return False
            at += 1
        return depth == 0

    def _point_tag(self, start: re.Match[str]) -> None:
        self.pattern.append("<" + re.escape(start[1]))
        for name, quote in _ATTRIBUTE.findall(start[2]):
            value = f"[^{quote}<>&]*"
            if name in {"lat", "lon"}:
                self.keys.append(name)
                value = f"({value})"
            self.pattern.append(rf"\s+{re.escape(name)}\s*=\s*{quote}{value}{quote}")
        self.pattern.append(r"\s*>\s*")

    def _leaf(self, start: re.Match[str], following: list[str]) -> int:
        """Write an element; tell how many tokens after its start tag belong to it.

        0 when it holds others, -1 when it cannot be told.
        """
        name = start[1]
        local = name.rpartition(":")[2]
        if local in _NOT_WITHIN:
            return -1
        if start[3]:
            return -1
        closing = f"</{name}>"
        # What an element within a point carries (a namespace, a type) is the same in all.
        opening = re.escape(start[0]) if start[2] else rf"<{re.escape(name)}\s*>"
        if following[:1] == [closing]:
            n_taken = 1
        elif following[1:2] == [closing] and not following[0].startswith("<"):
            n_taken = 2
        else:
            self.pattern.append(rf"{opening}\s*")
            return 0
        key = self._leaves.get(local)
        value = "[^<&]*" if key is None else "([^<&]*)"
        if key is not None:
            self.keys.append(key)
        self.pattern.append(rf"(?:{opening}{value}{re.escape(closing)}\s*)?")
        return n_taken
