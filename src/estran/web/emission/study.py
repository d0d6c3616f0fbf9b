"""The study of this site, as its operator set it: in the environment, and in a file of JSON."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from estran.wire.emission.stamps import type_json
from estran.wire.emission.study import Study, configuration, is_name

DEFAULT_NAME = "estran"


def study_of(base: str) -> Study:
    """Read the study; ``base`` is the address of the site, without a slash at its end."""
    environment = settings.ENVIRONMENT
    name = environment.study if is_name(environment.study) else DEFAULT_NAME
    groups = tuple(group for group in environment.study_groups if is_name(group))
    further, _made_s = _further(environment.study_file)
    title = environment.controller or "Estran"
    return Study(name, groups, title, environment.contact, f"{base}/", further)


def configured(base: str) -> type_json:
    """Make the configuration that apps read."""
    study = study_of(base)
    made_s = _further(settings.ENVIRONMENT.study_file)[1]
    return configuration(study, {code: _texts(study, code) for code in ("fr", "en")}, made_s=made_s)


def _texts(study: Study, language: str) -> type_json:
    with override(language):
        return {
            "deployment_partner_name": study.title,
            "deployment_name": study.title,
            "summary_line_1": _("Your trips go into a vault that is yours."),
            "summary_line_2": _("You see and correct them; nobody else reads them."),
            "summary_line_3": _("You can erase them at any time."),
            "short_textual_description": _(
                "What this app records is sealed as it arrives and kept in your own vault. "
                "Nothing is shared unless you agree to it, one purpose at a time."
            ),
            "why_we_collect": _(
                "So that you can understand your journeys, and change what you like."
            ),
            "research_questions": [],
        }


def _further(path: str) -> tuple[dict[str, Any], int]:
    if not path:
        return {}, 0
    try:
        stat = Path(path).stat()
        return _read(path, stat.st_mtime_ns), int(stat.st_mtime)
    except (OSError, ValueError):
        return {}, 0


@lru_cache(maxsize=4)
def _read(path: str, _changed: int) -> dict[str, Any]:
    found = json.loads(Path(path).read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise ValueError  # noqa: TRY004 - of the file, as what JSON refuses
    return found
