"""What travelling emits: factor sets as dated, sourced data, and what they make of a journal.

``docs/algorithms/carbon.md`` tells the rules. ``price`` needs a journal, hence NumPy, and is
loaded when first asked for: one footprint answers at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from estran.carbon.factors import Factor, FactorSet, FactorSource
from estran.carbon.flights import FlightRule
from estran.carbon.reading import factor_set, factor_set_names, read_factor_set
from estran.carbon.reckon import Explanation, explain, footprint

if TYPE_CHECKING:
    from estran.carbon.pricing import price, price_leg

__all__ = [
    "Explanation",
    "Factor",
    "FactorSet",
    "FactorSource",
    "FlightRule",
    "explain",
    "factor_set",
    "factor_set_names",
    "footprint",
    "price",
    "price_leg",
    "read_factor_set",
]


def __getattr__(name: str) -> object:
    """Load pricing when it is first asked for."""
    if name in {"price", "price_leg"}:
        from estran.carbon import pricing  # noqa: PLC0415 - see the module's docstring

        return getattr(pricing, name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
