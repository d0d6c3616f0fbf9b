"""The words of the product: complete in French, true to their placeholders, without guilt."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parents[2] / "src" / "estran" / "locale"
PLACEHOLDER = re.compile(r"%\((\w+)\)s|\{(\w+)(?::[^}]*)?\}")

BLAMING = {
    "en": r"should have|you should|\bbad\b|\bshame|\bfault\b|\bguilt|\bblame|you must|\bworst\b",
    "fr": r"\bfaute|mauvais|\btrop\b|devriez|auriez dû|\bhonte|coupable|\bpire\b|vous devez",
}
"""What judges somebody: said of a person or a trip, it drives people away."""

NOT_OF_PEOPLE = frozenset(
    {"Too many attempts", "The table names too many devices: further ones were put together."}
)
"""Of machines: nobody is judged."""


def catalogue(language):
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as stream:
        return [m for m in read_po(stream, locale=language) if m.id]


def forms(value):
    return list(value) if isinstance(value, (tuple, list)) else [value]


def test_french_lacks_nothing():
    missing = [m.id for m in catalogue("fr") if not all(forms(m.string)) or m.fuzzy]
    assert missing == []


def test_english_and_french_hold_the_same_texts():
    assert {str(m.id) for m in catalogue("en")} == {str(m.id) for m in catalogue("fr")}


def test_translations_keep_the_placeholders():
    def names(text):
        return {a or b for a, b in PLACEHOLDER.findall(text)}

    wrong = [
        m.id
        for m in catalogue("fr")
        for text, origin in zip(forms(m.string), forms(m.id), strict=True)
        if names(text) != names(origin)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_word_blames(language):
    said = re.compile(BLAMING[language], re.IGNORECASE)
    texts = [
        text
        for m in catalogue(language)
        for text in (forms(m.id) if language == "en" else forms(m.string))
        if not NOT_OF_PEOPLE & set(forms(m.id))
    ]
    assert len(texts) > 300
    assert [text for text in texts if said.search(text)] == []


def test_french_typography():
    # A plain space before these marks would let a line end before them.
    loose = [m.string for m in catalogue("fr") for t in forms(m.string) if re.search(r" [;?!»]", t)]
    assert loose == []
    straight = [t for m in catalogue("fr") for t in forms(m.string) if re.search(r"\w'\w", t)]
    assert straight == []


def test_catalogues_hold_every_marked_text():
    # What `make messages` would add, found by its own collector.
    import importlib.util  # noqa: PLC0415 - a script outside the packages

    path = LOCALE.parents[2] / "tools" / "messages.py"
    spec = importlib.util.spec_from_file_location("collector", path)
    assert spec is not None
    assert spec.loader is not None
    collector = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(collector)
    found = {str(forms(message)[0]) for _, message, _, _ in collector.messages()}
    known = {str(forms(m.id)[0]) for m in catalogue("fr")}
    assert found - known == set()
