"""Tokens of devices: drawn here, shown once, known afterwards by their digest alone."""

from __future__ import annotations

import hashlib
import secrets

TOKEN_BYTES = 20
"""160 bits: nobody guesses one, and 32 letters can still be typed."""

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""32 of them, none that is taken for another; fit for an address as it is."""


def draw_token() -> str:
    """Draw a token of 32 letters and digits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(TOKEN_BYTES * 8 // 5))


def digest_of(token: str) -> str:
    """Give the digest under which a token is known.

    A plain hash will do: what has 160 random bits needs no stretching.

    Examples
    --------
    >>> digest_of("a" * 32)[:16]
    '3ba3f5f43b926026'
    """
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
