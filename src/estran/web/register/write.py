"""Write the papers as Markdown files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import translation

from estran.vault.consent import Purpose
from estran.vault.wordings import ConsentText, current, known
from estran.web.config.environment import Environment
from estran.web.register.facts import facts_of

PAPERS = ("register", "dpia", "accessibility", "consents")
LANGUAGES = ("fr", "en")


def texts_of_consents(language: str) -> list[ConsentText]:
    """Give every text that people of this site may be asked to agree to, the latest of each."""
    latest = {purpose.value: purpose for purpose in Purpose}
    asked = sorted({name for name, _, _ in known()} & set(latest))
    return [current(latest[name], language) for name in asked]


def write_papers(
    folder: Path, environment: Environment, *, language: str, today: dt.date
) -> tuple[list[Path], tuple[str, ...]]:
    """Write every paper in one language.

    Parameters
    ----------
    folder : Path
        Made where it is not there; papers of the same name are replaced.
    environment : Environment
    language : {"fr", "en"}
    today : date
        Printed on each paper.

    Returns
    -------
    list of Path
        What was written.
    tuple of str
        Settings that the operator has yet to fill in.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with translation.override(language):
        facts = facts_of(environment, today=today)
        for name in PAPERS:
            path = folder / f"{name}.{language}.md"
            told = {"facts": facts, "texts": texts_of_consents(language)}
            text = render_to_string(f"register/{language}/{name}.md", told)
            path.write_text(text, encoding="utf-8")
            written.append(path)
    return written, facts.blanks
