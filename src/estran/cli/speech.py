"""The language of the command line: French when the environment says so, else English."""

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Mapping
from functools import lru_cache
from math import floor, isnan, log10
from pathlib import Path

import estran

LOCALE = Path(estran.__file__).with_name("locale")
_HOUR_MIN, _DAY_MIN = 60, 1440
UNKNOWN = "?"
"""What a table shows where nothing is known: never a zero."""


def language(environment: Mapping[str, str]) -> str:
    """Tell the language that an environment asks for: ``"fr"`` or ``"en"``.

    Examples
    --------
    >>> language({"LANG": "fr_FR.UTF-8"}), language({"LANG": "fr_FR", "LC_ALL": "C"}), language({})
    ('fr', 'en', 'en')
    """
    asked = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG")
    return "fr" if (asked or "").lower().startswith("fr") else "en"


@lru_cache(maxsize=2)
def _catalogue(code: str) -> gettext.NullTranslations:
    return gettext.translation("django", LOCALE, [code], fallback=True)


def _(text: str) -> str:
    """Put a text into the language of the environment."""
    return _catalogue(language(os.environ)).gettext(text)


def ngettext(one: str, many: str, n: int) -> str:
    """Put a text into the language of the environment, in the number that ``n`` wants."""
    return _catalogue(language(os.environ)).ngettext(one, many, n).format(n=n)


def complain(sentence: str) -> None:
    """Say a sentence on standard error, where no document goes."""
    print(f"estran: {sentence}", file=sys.stderr)


def decimal(value: float, n_decimals: int) -> str:
    """Write a number as the language does, without an exponent.

    Examples
    --------
    >>> decimal(1234.56, 1)
    '1234.6'
    """
    if isnan(value):
        return UNKNOWN
    text = f"{value:.{n_decimals}f}"
    return text.replace(".", ",") if language(os.environ) == "fr" else text


def kilometres(distance_m: float) -> str:
    """Write a distance in kilometres.

    Examples
    --------
    >>> kilometres(0), kilometres(840), kilometres(12_345), kilometres(781_000)
    ('0 km', '0.84 km', '12.3 km', '781 km')
    """
    if distance_m == 0:
        return "0 km"
    distance_km = distance_m / 1000.0
    n_decimals = 2 if distance_km < 1 else 1 if distance_km < 100 else 0  # noqa: PLR2004 - three digits
    return f"{decimal(distance_km, n_decimals)} km"


def clock_time(duration_s: float) -> str:
    """Write how long something took.

    Examples
    --------
    >>> clock_time(20), clock_time(45 * 60), clock_time(3 * 3600 + 5 * 60), clock_time(200_000)
    ('< 1 min', '45 min', '3 h 05', '2 days')
    >>> clock_time(0)
    '0 min'
    """
    if isnan(duration_s):
        return UNKNOWN
    minutes = round(duration_s / 60)
    if minutes == 0:
        return "< 1 min" if duration_s > 0 else "0 min"
    if minutes < _HOUR_MIN:
        return f"{minutes} min"
    if minutes < 2 * _DAY_MIN:
        return f"{minutes // _HOUR_MIN} h {minutes % _HOUR_MIN:02}"
    n_days = round(minutes / _DAY_MIN)
    return ngettext("{n} day", "{n} days", n_days)


def mass(mass_g: float, *, n_digits: int = 2) -> str:
    """Write a mass to so many digits: no figure here is known better.

    Examples
    --------
    >>> mass(0), mass(43.2), mass(725.3), mass(2176), mass(175_400), mass(2_240_000)
    ('0 g', '43 g', '730 g', '2.2 kg', '180 kg', '2.2 t')
    """
    if isnan(mass_g):
        return UNKNOWN
    if mass_g == 0:
        return "0 g"
    rounded_g = round(mass_g, n_digits - 1 - floor(log10(abs(mass_g))))
    size, unit = (1.0, "g") if rounded_g < 1e3 else (1e3, "kg") if rounded_g < 1e6 else (1e6, "t")  # noqa: PLR2004 - SI
    shown = rounded_g / size
    n_decimals = max(0, n_digits - 1 - floor(log10(shown))) if shown >= 1 else n_digits
    return f"{decimal(shown, n_decimals)} {unit}"
