"""Which networks are loaded, told by a name: pages ask this, and load no engine for it."""

from __future__ import annotations

from pathlib import Path


def digest_path(data: Path) -> Path:
    """Tell where the name of all that is loaded stands."""
    return data / "networks" / "digest"


def network_digest(data: Path) -> str:
    """Name all that is loaded; "" without any."""
    try:
        return digest_path(data).read_text(encoding="ascii")
    except FileNotFoundError:
        return ""
