# ruff: noqa: INP001 - a script, not a package
"""Copy the pinned browser files that the pages load, and cut the builtin basemap.

``npm ci`` has put the packages into ``node_modules``; this copies the few files that the
site serves into ``src/estran/web/static/vendor`` (git-ignored), refuses a version that
``package.json`` does not pin, strips source map comments (they name files that are not
served, which breaks hashed static files) and writes ``manifest.json`` with a SHA-256 each.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "src" / "estran" / "web" / "static" / "vendor"

FILES = {
    "htmx.org": {"dist/htmx.min.js": "htmx.min.js"},
    "maplibre-gl": {
        "dist/maplibre-gl.mjs": "maplibre-gl.mjs",
        "dist/maplibre-gl-worker.mjs": "maplibre-gl-worker.mjs",
        "dist/maplibre-gl.css": "maplibre-gl.css",
    },
}
"""What is served, by package: file in the package -> name among ours."""

SMALL_BYTES = 4096
"""Files under this are sent as they are."""

SOURCE_MAP = re.compile(rb"\n?(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+? \*/)\s*\Z")


def main() -> int:
    """Fill the vendor folder anew."""
    pinned = json.loads((ROOT / "package.json").read_text())["dependencies"]
    wrong = [name for name in pinned if version_of(name) != pinned[name]]
    if wrong:
        sys.stderr.write(f"Not the pinned version: {', '.join(wrong)}. Run npm ci.\n")
        return 1
    sys.path.insert(0, str(ROOT / "tools"))
    from basemap import cut_basemap  # noqa: PLC0415 - beside this file, after the path is known

    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for package, files in FILES.items():
        for origin, name in files.items():
            raw = (MODULES / package / origin).read_bytes()
            (VENDOR / name).write_bytes(SOURCE_MAP.sub(b"\n", raw))
    cut_basemap(MODULES / "world-atlas", VENDOR / "basemap")
    compress()
    write_manifest(pinned)
    return 0


def compress() -> None:
    """Lay a gzipped twin beside each file that gains by it: the site sends that one."""
    for path in sorted(VENDOR.rglob("*")):
        if path.is_file() and path.stat().st_size > SMALL_BYTES:
            twin = path.with_name(f"{path.name}.gz")
            twin.write_bytes(gzip.compress(path.read_bytes(), compresslevel=9, mtime=0))


def version_of(package: str) -> str | None:
    """Read the version that npm installed; None when it installed none."""
    path = MODULES / package / "package.json"
    return str(json.loads(path.read_text())["version"]) if path.is_file() else None


def write_manifest(pinned: dict[str, str]) -> None:
    """Write what was copied, last: the Makefile takes it as the mark of a finished copy."""
    files = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(VENDOR.rglob("*"))
        if path.is_file()
    }
    text = json.dumps({"versions": pinned, "sha256": files}, indent=1)
    (VENDOR / "manifest.json").write_text(text + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
