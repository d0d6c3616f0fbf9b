"""The layers hold, no module is orphaned, and registries equal folders."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from estran.carbon import factor_set_names
from estran.formats.table import FORMATS

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "estran"


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT / "src").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value.startswith("estran.")
        ):
            # Django and the command line name modules in text.
            found |= {node.value.partition(":")[0], node.value.rpartition(".")[0]}
    return found


def test_the_layers_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own tool
    assert done.returncode == 0, done.stdout[-4000:]


def test_no_module_is_an_orphan() -> None:
    """Each module is imported by another one or named in one, or is a way in."""
    ways_in = {"estran", "estran.__main__", "estran.web.config.wsgi"}
    paths = [p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts]
    used: set[str] = set()
    for path in paths:
        used |= _imported(path) - {_module(path)}
    orphans = sorted(
        name
        for path in paths
        if (name := _module(path)) not in used | ways_in
        and path.name != "__init__.py"
        and "management" not in path.parts
        and "templatetags" not in path.parts
        and path.name not in {"apps.py", "models.py", "admin.py"}
    )
    assert not orphans, orphans


def test_the_table_of_formats_equals_the_folders() -> None:
    folders = {p.parent.name for p in (SOURCE / "formats").glob("*/__init__.py")}
    modules = {format_.read.__module__.split(".")[2] for format_ in FORMATS}
    assert folders == modules
    keys = [format_.key for format_ in FORMATS]
    assert len(keys) == len(set(keys))


def test_documents_name_each_format_set_and_command() -> None:
    formats = (ROOT / "docs/formats.md").read_text()
    assert not [f.key for f in FORMATS if f"`{f.key}`" not in formats]
    carbon = (ROOT / "docs/algorithms/carbon.md").read_text()
    assert not [name for name in factor_set_names() if f"`{name}`" not in carbon]
    commands = (ROOT / "docs/command-line.md").read_text()
    for command in ("analyse", "footprint", "run", "doctor", "load-territory"):
        assert f"`estran {command}" in commands, command


def test_each_dependency_is_justified() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = [
        project["project"]["dependencies"],
        *project["project"]["optional-dependencies"].values(),
        *project["dependency-groups"].values(),
    ]
    written = (ROOT / "docs/dependencies.md").read_text()
    names = {re.split(r"[<>=\[; ]", item)[0] for group in groups for item in group}
    packages = json.loads((ROOT / "package.json").read_text())
    names |= set(packages["dependencies"]) | set(packages["devDependencies"])
    assert not sorted(name for name in names if f"`{name}`" not in written)


def test_locks_carry_no_registry_address() -> None:
    for lock in [*ROOT.glob("requirements*.lock"), ROOT / "package-lock.json"]:
        text = lock.read_text()
        assert "https://" not in text.replace('"url": "https://', '"url": "'), lock.name
