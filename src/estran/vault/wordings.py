"""The texts of consents: versioned files, French and English, never changed once shown.

A new wording is a new version in new files: a consent names the digest of what was shown.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from estran.errors import NotFound
from estran.vault.consent import Purpose, TextRef

LANGUAGES = ("fr", "en")
_FILE = re.compile(r"([a-z]+)\.(\d+)\.(fr|en)\.md\Z")


@dataclass(frozen=True, slots=True)
class ConsentText:
    """A text as it is shown: a title, one sentence that says all, then paragraphs."""

    ref: TextRef
    title: str
    sentence: str
    paragraphs: tuple[str, ...]
    body: str


@lru_cache(maxsize=64)
def text(name: str, version: int, language: str) -> ConsentText:
    """Read a text.

    Raises
    ------
    NotFound
        There is none of this name, version and language.

    Examples
    --------
    >>> text("coach", 1, "en").title
    'The coach works while you are away'
    """
    file = files("estran.vault") / "texts" / f"{name}.{version}.{language}.md"
    if (name, version, language) not in known() or not file.is_file():
        raise NotFound
    raw = file.read_bytes()
    body = raw.decode()
    title, sentence, *paragraphs = [part.strip() for part in body.split("\n\n") if part.strip()]
    ref = TextRef(name, version, language, hashlib.sha256(raw).hexdigest())
    return ConsentText(ref, title.removeprefix("# "), sentence, tuple(paragraphs), body)


@lru_cache(maxsize=1)
def known() -> frozenset[tuple[str, int, str]]:
    """List the texts: name, version, language."""
    found = (_FILE.match(file.name) for file in (files("estran.vault") / "texts").iterdir())
    return frozenset((m[1], int(m[2]), m[3]) for m in found if m)


def current(purpose: Purpose, language: str) -> ConsentText:
    """Give the latest text of a purpose; in French for a language that there is none in.

    Raises
    ------
    NotFound
        The purpose has no text: nobody can be asked for it yet.
    """
    language = language[:2] if language[:2] in LANGUAGES else LANGUAGES[0]
    versions = [version for name, version, _ in known() if name == purpose.value]
    if not versions:
        raise NotFound
    return text(purpose.value, max(versions), language)


def shown(ref: TextRef) -> ConsentText | None:
    """Find the text that a consent names; None when its words are not here any more."""
    try:
        found = text(ref.name, ref.version, ref.language)
    except NotFound:
        return None
    return found if found.ref == ref else None
