"""Write the papers as Markdown files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import translation

from estran.web.config.environment import Environment
from estran.web.register.facts import facts_of

PAPERS = ("register", "dpia", "accessibility")
LANGUAGES = ("fr", "en")


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
            text = render_to_string(f"register/{language}/{name}.md", {"facts": facts})
            path.write_text(text, encoding="utf-8")
            written.append(path)
    return written, facts.blanks
