"""The study configuration that OpenPATH apps read, made of what the operator says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from estran.wire.emission.stamps import type_json

DEFAULT_GROUP = "default"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}\Z")
SCHEMES = ("nrelopenpath", "emission")
"""Of links that log an app in: the store app's, and that of apps built from its source."""


@dataclass(frozen=True, slots=True)
class Study:
    """What the operator says of a study.

    Parameters
    ----------
    name : str
        In tokens and in the address of the configuration; no underscore.
    groups : tuple of str
        Subgroups that a token may name; empty for ``default`` alone.
    title : str
        As people read it.
    contact : str
        Whom they may ask.
    connect_url : str
        Base of all addresses, with a slash at its end.
    further : mapping
        A JSON document that is laid over the configuration.
    """

    name: str
    groups: tuple[str, ...] = ()
    title: str = ""
    contact: str = ""
    connect_url: str = ""
    further: Mapping[str, Any] = field(default_factory=dict)


def is_name(text: str) -> bool:
    """Tell whether a text may name a study or a subgroup in a token.

    Examples
    --------
    >>> is_name("la-rochelle"), is_name("la_rochelle"), is_name("")
    (True, False, False)
    """
    return bool(_NAME.match(text))


def token_of(study: str, group: str, random: str) -> str:
    """Make a token as OpenPATH reads it: study and subgroup are parts of it.

    Examples
    --------
    >>> token_of("estran", "", "abc")
    'nrelop_estran_default_abc'
    """
    return f"nrelop_{study}_{group or DEFAULT_GROUP}_{random}"


def join_link(token: str, scheme: str = SCHEMES[0]) -> str:
    """Make the link that logs an app in with a token.

    Examples
    --------
    >>> join_link("nrelop_estran_default_abc")
    'nrelopenpath://login_token?token=nrelop_estran_default_abc'
    """
    return f"{scheme}://login_token?{urlencode({'token': token})}"


def configuration(
    study: Study, texts: Mapping[str, Mapping[str, Any]], *, made_s: int
) -> type_json:
    """Make the configuration.

    Parameters
    ----------
    study : Study
    texts : mapping
        Introductory texts by language, as ``intro.translated_text`` has them.
    made_s : int
        When it was last changed. [s since 1970]
    """
    made: type_json = {
        "name": study.name,
        "url_abbreviation": study.name,
        "version": 1,
        "ts": made_s,
        "server": {"connectUrl": study.connect_url, "aggregate_call_auth": "user_only"},
        "intro": {
            "program_or_study": "program",
            "start_month": "1",
            "start_year": "2026",
            "program_admin_contact": study.contact,
            "deployment_partner_name": study.title,
            "translated_text": {language: dict(text) for language, text in texts.items()},
            "app_required": True,
        },
        "survey_info": {
            "surveys": {
                "UserProfileSurvey": {
                    "formPath": "json/demo-survey-v2.json",
                    "version": 1,
                    "compatibleWith": 1,
                    "dataKey": "manual/demographic_survey",
                    "labelTemplate": {"fr": "Répondu", "en": "Answered"},
                }
            },
            "trip-labels": "MULTILABEL",
        },
        "display_config": {"use_imperial": False},
        "metrics": {"include_test_users": False},
        "profile_controls": {"support_upload": False, "trip_end_notification": False},
        "opcode": {"autogen": False, **({"subgroups": list(study.groups)} if study.groups else {})},
    }
    return laid_over(made, study.further)


def laid_over(under: type_json, over: Mapping[str, Any]) -> type_json:
    """Lay one document over another: objects are merged, all else is replaced.

    Examples
    --------
    >>> laid_over({"a": {"b": 1, "c": 2}}, {"a": {"b": 3}, "d": []})
    {'a': {'b': 3, 'c': 2}, 'd': []}
    """
    merged = dict(under)
    for name, value in over.items():
        below = merged.get(name)
        both = isinstance(below, dict) and isinstance(value, Mapping)
        merged[name] = laid_over(below, value) if both and below is not None else value
    return merged
