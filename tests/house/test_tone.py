"""The tone: nobody is ranked, nothing is promised away, no colour judges, nothing is shouted."""

from __future__ import annotations

import colorsys
import re
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from tests.house.test_words import catalogue, forms

WEB = Path(__file__).resolve().parents[2] / "src" / "estran" / "web"

RANKING = {
    "en": r"\brank(?:s|ed|ing|ings)?\b|leaderboard|\bscores?\b|\bwinners?\b|\blosers?\b|you beat\b|"
    r"better than (?:others|average|most)|worse than|than other people",
    "fr": r"\bclassement|palmarès|\bscores?\b|\bgagnants?\b|\bperdants?\b|"
    r"mieux que (?:les autres|la moyenne)|pire que",
}
PROMISED = {
    "en": r"\boffset|carbon.neutral|climate.neutral|net.zero|zero.emission|compensat|the planet",
    "fr": r"\bcompens|neutralité|neutre en carbone|zéro émission|sauve\w* la planète",
}
SHOUTED = r"[!❗⚠😀-🙏]|\bbravo\b|\bawesome\b|\bamazing\b|\bhurry\b(?! is)"

DENIED = frozenset(
    {
        (
            "Distance, time and CO₂e by mode and by month, beside your own past. "
            "No ranking, no score, no lesson."
        ),
        (
            "Only what Estran is unsure of and where your word changes something. One tap each; "
            "there is no hurry."
        ),
    }
)
"""Texts that name it only to say that there is none."""


def texts(language):
    return [
        text
        for m in catalogue(language)
        for text in (forms(m.id) if language == "en" else forms(m.string))
        if not DENIED & set(forms(m.id))
    ]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nobody_is_ranked(language):
    said = re.compile(RANKING[language], re.IGNORECASE)
    assert [text for text in texts(language) if said.search(text)] == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_is_said_to_be_made_good_elsewhere(language):
    said = re.compile(PROMISED[language], re.IGNORECASE)
    found = [text for text in texts(language) if said.search(text)]
    assert [
        text for text in found if not re.search(r"\b(never|not|no|jamais|ni|pas)\b", text)
    ] == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_is_shouted(language):
    said = re.compile(SHOUTED, re.IGNORECASE)
    assert [text for text in texts(language) if said.search(text)] == []


def test_no_address_ranks():
    def routes(resolver):
        for pattern in resolver.url_patterns:
            yield str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from routes(pattern)
            elif isinstance(pattern, URLPattern):
                yield str(pattern.name)

    assert not [r for r in routes(get_resolver()) if re.search("rank|leader|score|classement", r)]


def test_no_mode_is_red_or_green():
    """A hue names a mode; red and a signal's green would judge it."""
    tokens = (WEB / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    colours = re.findall(r"--mode-(\w+): light-dark\((#\w{6}), (#\w{6})\)", tokens)
    assert len(colours) > 15
    for mode, *shades in colours:
        for shade in shades:
            red, green, blue = (int(shade[i : i + 2], 16) / 255 for i in (1, 3, 5))
            hue, _, saturation = colorsys.rgb_to_hls(red, green, blue)
            is_red = (hue < 15 / 360 or hue > 345 / 360) and saturation > 0.3
            is_green = 80 / 360 < hue < 140 / 360 and saturation > 0.3
            assert not is_red, (mode, shade)
            assert not is_green, (mode, shade)


def test_the_inbox_of_doubts_has_no_alarm():
    for page in (WEB / "templates" / "correcting").glob("*.html"):
        assert not re.search(r"button-danger|button-grave|class=\"[^\"]*\bred\b", page.read_text())
