"""Names tell units; nothing is named for being leftover."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from estran.units import UNIT_SUFFIXES

ROOT = Path(__file__).parents[2]
LIBRARY = sorted(
    path
    for path in (ROOT / "src/estran").rglob("*.py")
    if "web" not in path.relative_to(ROOT / "src/estran").parts[:1]
)
QUANTITIES = {
    "distance", "speed", "radius", "duration", "gap", "altitude", "accuracy", "energy", "co2e",
    "bearing", "latitude", "longitude", "lat", "lon", "elevation", "acceleration", "length",
    "timeout", "delay", "interval", "dwell", "spacing",
}  # fmt: skip
"""Words of which a bare name would leave the unit to be guessed."""

NOT_A_QUANTITY = {
    "co2e": "a value with its own parts, whose fields bear the unit",
    "NO_CO2E": "such a value",
    "gap": "what bridges two stills, a value of its own",
    "duration": "Google's own structure of two instants",
    "max_length": "the name of zlib's parameter",
    "energy": "a key that chooses the row of the factor table",
}


def _arguments(node: ast.AST) -> list[str]:
    if not isinstance(node, ast.FunctionDef):
        return []
    spec = node.args
    return [arg.arg for arg in [*spec.posonlyargs, *spec.args, *spec.kwonlyargs]]


def _assigned(body: list[ast.stmt]) -> Iterator[str]:
    for line in body:
        targets = [line.target] if isinstance(line, ast.AnnAssign) else getattr(line, "targets", [])
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def _is_wire(node: ast.ClassDef) -> bool:
    """Tell a structure of somebody else's JSON, whose names are theirs to choose."""
    bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
    return bool(bases & {"Struct", "Protocol"})


def _names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Give each parameter, field of a class and constant of a module."""
    for node in ast.walk(tree):
        for name in _arguments(node):
            yield name, getattr(node, "lineno", 0)
        if isinstance(node, ast.ClassDef) and not _is_wire(node):
            yield from ((name, node.lineno) for name in _assigned(node.body))
    yield from ((name, 0) for name in _assigned(tree.body))


def _lacks_unit(name: str) -> bool:
    words = name.lower().strip("_").split("_")
    if name in NOT_A_QUANTITY or not QUANTITIES & set(words) or words[0] in {"n", "is", "has"}:
        return False
    # The quantity ends the name: nothing after it tells the unit.
    tails = {"_".join(words[i:]) for i in range(1, len(words))}
    return words[-1] in QUANTITIES and not tails & UNIT_SUFFIXES


@pytest.mark.parametrize("path", LIBRARY, ids=lambda p: str(p.relative_to(ROOT / "src/estran")))
def test_quantities_end_in_a_unit(path: Path) -> None:
    bare = [
        f"{path.name}:{line} {name}"
        for name, line in _names(ast.parse(path.read_text()))
        if _lacks_unit(name)
    ]
    assert not bare, bare


def test_the_check_can_fail() -> None:
    tree = ast.parse("def f(distance, speed_mps, max_gap): ...")
    assert [name for name, _ in _names(tree) if _lacks_unit(name)] == ["distance", "max_gap"]


def test_nothing_is_a_drawer() -> None:
    drawers = {"utils", "util", "helpers", "misc", "common", "old", "new", "unused", "v2"}
    named = [
        p for p in (ROOT / "src/estran").rglob("*") if p.stem in drawers and "vendor" not in p.parts
    ]
    assert not named, named


def test_files_are_split_by_subject() -> None:
    long = {
        str(path.relative_to(ROOT)): n
        for path in (ROOT / "src/estran").rglob("*.py")
        if "migrations" not in path.parts and (n := len(path.read_text().splitlines())) > 500
    }
    assert not long, long
