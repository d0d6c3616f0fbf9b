"""What the recorder needs without a network: the same for everybody, nothing of a person."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation

from estran.web.recorder.words import words

MODULES = (
    "page.js", "recorder.js", "trip.js", "distance.js", "timeline.js", "drawing.js", "awake.js",
    "queue.js",
)  # fmt: skip
"""Loaded by their plain names: modules import each other so."""
STYLES = ("css/tokens.css", "css/base.css", "css/recorder.css")
PICTURES = ("icons/estran.svg", "icons/modes.svg", "icons/tide.svg")
_STATIC = Path(__file__).resolve().parents[1] / "static"
LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)


def module(name: str) -> str:
    """Give the address of a module or of the queue."""
    return f"/{settings.STATIC_URL.strip('/')}/recorder/{name}"


@lru_cache(maxsize=4)
def page(language: str) -> str:
    """Render the page in a language; no cookie, no name, no token is in it."""
    with translation.override(language):
        values = {"language": language, "words": words(), "entry": module("page.js")}
        return render_to_string("recorder/record.html", values)


@lru_cache(maxsize=1)
def worker() -> str:
    """Write the service worker, with what it keeps and a version made of all of it."""
    files = [*map(module, MODULES), *map(static, (*STYLES, *PICTURES))]
    digest = hashlib.sha256()
    for language in LANGUAGES:
        digest.update(page(language).encode())
    for name in (*(f"recorder/{m}" for m in MODULES), *STYLES, *PICTURES):
        digest.update((_STATIC / name).read_bytes())
    program = (_STATIC / "recorder/worker.js").read_text(encoding="utf-8")
    told = {
        "version": digest.hexdigest()[:16],
        "at": reverse("record"),
        "queue": module("queue.js"),
        "pages": {code: reverse("record-shell", args=[code]) for code in LANGUAGES},
        "files": files,
    }
    return f"const SHELL = {json.dumps(told)};\n{program}"
