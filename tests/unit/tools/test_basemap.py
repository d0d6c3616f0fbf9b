"""The builtin basemap: land is cut into cells that hold it all, once."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

TOOLS = Path(__file__).resolve().parents[3] / "tools"


def load(name):
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


basemap = load("basemap")


def area_deg2(ring) -> float:
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return float(abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2)


corner = st.integers(-60, 60)
side = st.integers(1, 30)


@given(corner, corner, side, side)
def test_cells_of_a_rectangle_add_up_to_it(west, south, width, height):
    ring = [
        (west, south), (west + width, south), (west + width, south + height),
        (west, south + height), (west, south),
    ]  # fmt: skip
    cells = basemap._by_cell_rings([[ring]], fine=False)
    total = sum(area_deg2(polygon[0]) for polygons in cells.values() for polygon in polygons)
    assert total == pytest.approx(width * height)
    for (lon, lat), polygons in cells.items():
        for polygon in polygons:
            assert all(lon <= x <= lon + 5 and lat <= y <= lat + 5 for x, y in polygon[0])


def test_hole_is_cut_with_its_cell():
    outer = [(0.0, 0.0), (10.0, 0.0), (10.0, 5.0), (0.0, 5.0), (0.0, 0.0)]
    hole = [(4.0, 1.0), (6.0, 1.0), (6.0, 2.0), (4.0, 2.0), (4.0, 1.0)]
    cells = basemap._by_cell_rings([[outer, hole]], fine=False)
    for polygons in cells.values():
        (polygon,) = polygons
        assert [area_deg2(ring) for ring in polygon] == pytest.approx([25, 1])


def test_line_that_crosses_is_in_both_cells_and_stays_joined():
    lines = basemap._by_cell([[(1.0, 1.0), (4.0, 1.0), (6.0, 1.0), (9.0, 1.0)]])
    assert lines[0, 0] == [[(1.0, 1.0), (4.0, 1.0), (6.0, 1.0)]]
    assert lines[5, 0] == [[(4.0, 1.0), (6.0, 1.0), (9.0, 1.0)]]


def test_arcs_are_undone_and_joined():
    topology = {
        "transform": {"scale": [0.5, 0.5], "translate": [10, 20]},
        "arcs": [[[0, 0], [2, 0]], [[2, 2], [0, -2]]],
    }
    arcs = basemap._arcs(topology)
    assert arcs[0] == [(10.0, 20.0), (11.0, 20.0)]
    assert basemap._ring([0, ~1], arcs) == [(10.0, 20.0), (11.0, 20.0), (11.0, 21.0)]


VENDOR = TOOLS.parent / "src" / "estran" / "web" / "static" / "vendor"


@pytest.mark.skipif(
    not (VENDOR / "manifest.json").is_file(), reason="make install copies the browser files"
)
def test_manifest_tells_what_is_there():
    import hashlib  # noqa: PLC0415 - beside its use

    manifest = json.loads((VENDOR / "manifest.json").read_text())
    told = manifest["sha256"]
    found = {p.relative_to(VENDOR).as_posix() for p in VENDOR.rglob("*") if p.is_file()}
    assert set(told) == found - {"manifest.json"}
    for name in ("htmx.min.js", "maplibre-gl.mjs", "basemap/world.json"):
        raw = (VENDOR / name).read_bytes()
        assert hashlib.sha256(raw).hexdigest() == told[name]
        assert b"sourceMappingURL" not in raw
    index = json.loads((VENDOR / "basemap" / "index.json").read_text())
    assert all((VENDOR / "basemap/cells" / f"{cell}.json").is_file() for cell in index["cells"])
