"""Which networks are loaded, told by a name: pages ask this, and load no engine for it."""

from __future__ import annotations

import re
from pathlib import Path

_NAME_LIMIT = 80


def digest_path(data: Path) -> Path:
    """Tell where the name of all that is loaded stands."""
    return data / "networks" / "digest"


def network_digest(data: Path) -> str:
    """Name all that is loaded; "" without any."""
    try:
        return digest_path(data).read_text(encoding="ascii")
    except FileNotFoundError:
        return ""


def name_of(path: Path) -> str:
    """Name a network after its file.

    Examples
    --------
    >>> name_of(Path("/tmp/La Rochelle.gtfs.zip")), name_of(Path("poitou.osm.pbf"))
    ('La-Rochelle', 'poitou')
    """
    stem = re.sub(r"(\.gtfs|\.osm)?(\.zip|\.pbf)?$", "", path.resolve().name, flags=re.IGNORECASE)
    return re.sub(r"[^\w-]+", "-", stem).strip("-")[:_NAME_LIMIT] or "network"
