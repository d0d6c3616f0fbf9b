"""Places that a person keeps to themselves. ``docs/algorithms/privacy.md``."""

from estran.privacy.borders import crossed
from estran.privacy.veil import named, veiled_entries
from estran.privacy.zones import (
    MAX_RADIUS_M,
    MIN_RADIUS_M,
    Keeps,
    Veiled,
    Zone,
    never_kept,
    never_kept_visits,
    shifted,
    veiled,
    veiled_claims,
    within,
)

__all__ = [
    "MAX_RADIUS_M",
    "MIN_RADIUS_M",
    "Keeps",
    "Veiled",
    "Zone",
    "crossed",
    "named",
    "never_kept",
    "never_kept_visits",
    "shifted",
    "veiled",
    "veiled_claims",
    "veiled_entries",
    "within",
]
