"""Names as people write them, made alike for comparing: no case, no accent, no mark."""

from __future__ import annotations

import re
import unicodedata

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_SHORT = {"st": "saint", "ste": "sainte"}
_EMPTY = frozenset({"gare", "de", "du", "des", "la", "le", "les", "l", "d", "station", "the"})
"""Words that a name may have or lack."""


def folded(text: str) -> str:
    """Make a name comparable.

    Examples
    --------
    >>> folded("  Saint-Étienne Châteaucreux "), folded("ST PIERRE DES CORPS")
    ('saint etienne chateaucreux', 'saint pierre des corps')
    """
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    bare = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    words = _NOT_WORD.sub(" ", bare).split()
    return " ".join(_SHORT.get(word, word) for word in words)


def telling(name: str) -> tuple[str, ...]:
    """Give the words of a folded name that tell it from others; all where none does.

    Examples
    --------
    >>> telling("gare de la rochelle ville")
    ('rochelle', 'ville')
    """
    words = tuple(name.split())
    return tuple(word for word in words if word not in _EMPTY) or words
