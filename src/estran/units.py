"""Units: what a name may end in, and the exact conversions of the rims.

Inside Estran everything is SI. ``formats/`` converts on the way in; templates and
serialisers convert on the way out; nothing in between does.
"""

from __future__ import annotations

MPS_PER_KMH = 1000.0 / 3600.0
"""Metres a second in one kilometre an hour."""

MPS_PER_KNOT = 1852.0 / 3600.0
"""Metres a second in one knot (international nautical mile, 1852 m exactly)."""

UNIT_SUFFIXES = frozenset(
    {
        "m", "km", "mps", "mps2", "kmh", "s", "ms", "us", "min", "hours", "days", "deg", "rad",
        "g", "kg", "g_per_pkm", "g_per_vkm", "g_per_km", "wh", "kwh", "cents", "share", "factor",
        "bytes", "mib", "px", "kcal", "hz",
    }
)  # fmt: skip
"""What the name of a quantity may end in; the house test reads this table."""
