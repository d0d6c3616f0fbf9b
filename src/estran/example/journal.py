"""The made-up year, understood: what the example pages show."""

from __future__ import annotations

from estran.analyse import analyse
from estran.carbon import factor_set
from estran.example.person import year
from estran.journal import Journal


def journal(number: int = 2025) -> Journal:
    """Analyse Camille's year as anybody's would be, with the default factor set.

    Notes
    -----
    A few seconds; the site makes it once in a worker and keeps the result.
    """
    seen, _ = year(number)
    return analyse(seen, factors=factor_set())
