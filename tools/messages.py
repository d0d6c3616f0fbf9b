# ruff: noqa: INP001 - a script, not a package
"""Collect the texts to translate from code and templates into the catalogues.

Django's own template scanner turns templates into something that Babel reads as Python, so
that neither the gettext programs nor django-babel are needed. Obsolete texts go; nothing
is guessed from similar ones.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "estran"
LOCALE = SOURCE / "locale"
LANGUAGES = ("fr", "en")

UNSTABLE = (
    r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|'
    r"Report-Msgid-Bugs-To|Project-Id-Version):.*\n"
)
"""Header lines that would change without a text changing."""

KEYWORDS = {
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop", "lazy", "_", "N_", "translate")),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "count": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
"""Calls whose first text, or texts, are msgids."""


def main() -> int:
    """Update both catalogues; tell what French lacks."""
    settings.configure(USE_I18N=True)
    found = Catalog()
    for path, message, comments, context in messages():
        name = path.relative_to(ROOT).as_posix()
        found.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    n_missing = 0
    for language in LANGUAGES:
        n_untranslated = update(language, found)
        n_missing += n_untranslated if language != "en" else 0
    sys.stdout.write(f"{len(found)} texts, {n_missing} without French\n")
    return 0


def messages() -> Iterator[tuple[Path, str | tuple[str, ...], list[str], str | None]]:
    """Find every marked text, in a stable order."""
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or "vendor" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            text = templatize(text, origin=str(path))
        stream = io.BytesIO(text.encode())
        for _, message, comments, context in extract(
            "python", stream, keywords=KEYWORDS, options={"encoding": "utf-8"}
        ):
            if message:
                yield path, message, comments, context


def update(language: str, found: Catalog) -> int:
    """Bring one catalogue up to date; count what it does not translate."""
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue = Catalog(locale=language, domain="django", fuzzy=False)
    if path.is_file():
        with path.open("rb") as stream:
            catalogue = read_po(stream, locale=language, domain="django")
    catalogue.update(found, no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    catalogue.header_comment = f"# Estran in {language}. Made by `make messages`; edit the msgstr."
    out = io.BytesIO()
    write_po(out, catalogue, width=88, sort_output=True, include_lineno=False)
    text = out.getvalue().decode()
    text = re.sub(UNSTABLE, "", text, flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")
    return sum(1 for m in catalogue if m.id and not is_translated(m.string))


def is_translated(string: object) -> bool:
    """Tell whether every form has words."""
    return all(string) if isinstance(string, (list, tuple)) else bool(string)


if __name__ == "__main__":
    raise SystemExit(main())
