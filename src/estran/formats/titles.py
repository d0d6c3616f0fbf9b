"""What titles say: a track's type and name, a file's creator."""

from __future__ import annotations

import re
import unicodedata

from estran.formats.motions import SPORTS_ELSEWHERE, motion_of
from estran.trace import Motion

# Words that mean a way of moving when they stand alone and something else in a title
# ("car" is a coach in French, "course" a race or an errand, "foot" a game).
_UNSURE_IN_TITLES = frozenset(
    {"car", "course", "foot", "air", "transit", "transport", "cycle", "ter"}
).union(word.replace("_", " ") for words in SPORTS_ELSEWHERE.values() for word in words.split())
_NO_MOVE = frozenset({Motion.UNKNOWN, Motion.STILL, Motion.OTHER, Motion.TILTING})
_WORD = re.compile(r"\w+")
_TITLE_LIMIT = 200
_LONGEST_TERM = 3
_ADDRESS = re.compile(r"\(?\b(?:https?://|www\.)\S*", re.IGNORECASE)
_VERSION = re.compile(r"\bv?\d+(?:\.\d+)+\S*", re.IGNORECASE)
_BUILD = re.compile(r"\b\d+\b")
_EDGES = " -–—,;:()[]/"
_CREATOR_LIMIT = 64


def motion_of_track(kind: str, title: str) -> Motion:
    """Tell how somebody moved on a track, from its type, else from one clear word of its name.

    Examples
    --------
    >>> motion_of_track("cycling", "Morning run").name, motion_of_track("", "En vélo").name
    ('BIKE', 'BIKE')
    >>> motion_of_track("", "From the bus to the train").name
    'UNKNOWN'
    """
    motion = motion_of(kind)
    if motion is not Motion.UNKNOWN:
        return motion
    title = _unaccented(title)
    whole = motion_of(title)
    if whole is not Motion.UNKNOWN:
        return whole
    words = _WORD.findall(title.lower())
    found = {
        motion_of(term)
        for size in range(1, _LONGEST_TERM + 1)
        for at in range(len(words) - size + 1)
        if (term := " ".join(words[at : at + size])) not in _UNSURE_IN_TITLES
    } - _NO_MOVE
    return found.pop() if len(found) == 1 else Motion.UNKNOWN


def _unaccented(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text[:_TITLE_LIMIT])
    return "".join(c for c in parts if not unicodedata.combining(c))


def recorder_of(creator: str) -> str:
    """Name the recorder without its version, so that an update of it is the same source.

    Examples
    --------
    >>> recorder_of("GPSLogger 133 - http://gpslogger.mendhak.com/")
    'GPSLogger'
    >>> recorder_of("OsmAnd Maps 4.7.12 (4.7.12.4)"), recorder_of("Garmin Edge 530")
    ('OsmAnd Maps', 'Garmin Edge 530')
    """
    plain = _ADDRESS.sub("", creator[: _CREATOR_LIMIT * 4])
    # An integer beside an address is an application's build; alone it may name a model.
    if plain != creator:
        plain = _BUILD.sub("", plain)
    plain = " ".join(_VERSION.sub("", plain).split())
    return plain.strip(_EDGES)[:_CREATOR_LIMIT]
