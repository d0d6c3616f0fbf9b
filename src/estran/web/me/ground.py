"""Which cells of the builtin basemap a drawing needs, as addresses of static files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from math import floor
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static

AROUND_DEG = 1.5
"""How far around each position the ground is drawn: a screen's width at regional zoom. [°]"""

N_CELLS = 24
"""At most so many cells a page; farther ones are shown by the coarse world only."""


def cells_for(drawing: dict[str, Any]) -> list[str]:
    """Give the addresses of the cells around what is drawn, in a fixed order."""
    side_deg, known = _index()
    wanted: dict[str, None] = {}
    for lon, lat in _corners(drawing):
        for x in {lon - AROUND_DEG, lon, lon + AROUND_DEG}:
            for y in {lat - AROUND_DEG, lat, lat + AROUND_DEG}:
                wanted[f"{floor(x / side_deg) * side_deg}_{floor(y / side_deg) * side_deg}"] = None
    cells = sorted(cell for cell in wanted if cell in known)
    return [static(f"vendor/basemap/cells/{cell}.json") for cell in cells[:N_CELLS]]


def _corners(drawing: dict[str, Any]) -> Iterator[tuple[float, float]]:
    """Give the positions of a drawing, one in twenty of each line and its end."""
    for feature in drawing["features"]:
        at = feature["geometry"]["coordinates"]
        if feature["geometry"]["type"] == "Point":
            yield at[0], at[1]
        else:
            yield from ((lon, lat) for lon, lat in [*at[::20], at[-1]])


@lru_cache(maxsize=1)
def _index() -> tuple[int, frozenset[str]]:
    """Read which cells were cut; none where the browser files were not copied."""
    name = "vendor/basemap/index.json"
    path = finders.find(name) or staticfiles_storage.path(name)
    if not Path(path).is_file():
        return 5, frozenset()
    index = json.loads(Path(path).read_text())
    return int(index["cell_deg"]), frozenset(index["cells"])
