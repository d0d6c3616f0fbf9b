"""What a person said, as an archive holds it: JSON knows no number that is not one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import isnan, nan
from typing import Any

import msgspec

from estran.coach.corrections import Correction

UNSAID_N = 0.0
"""People aboard of whom a person said that they are not known; None is nothing said."""


def said_docs(said: Iterable[Correction]) -> list[dict[str, Any]]:
    """Give corrections as values that JSON knows.

    What is not known of an added leg is left out.
    """
    docs: list[dict[str, Any]] = [msgspec.to_builtins(one) for one in said]
    for doc in docs:
        if doc["occupants"] is not None and isnan(doc["occupants"]):
            doc["occupants"] = UNSAID_N
        doc["legs"] = [
            {name: value for name, value in leg.items() if value == value}  # noqa: PLR0124 - NaN
            for leg in doc["legs"]
        ]
    return docs


def said_of_docs(docs: Iterable[Correction]) -> tuple[Correction, ...]:
    """Give back what :func:`said_docs` told; archives of before hold modes only.

    Examples
    --------
    >>> one = Correction(id="a", start_us=0, end_us=1, made_at_us=2, kind="vehicle", occupants=nan)
    >>> [back] = said_of_docs(msgspec.convert(said_docs([one]), list[Correction]))
    >>> isnan(back.occupants)
    True
    """
    return tuple(replace(one, occupants=nan) if one.occupants == UNSAID_N else one for one in docs)
