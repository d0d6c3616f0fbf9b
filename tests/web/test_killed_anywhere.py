"""A worker dies before or after anything it writes: the next one makes the same of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
EVERY = int(os.environ.get("ESTRAN_TEST_KILL_EVERY", "17"))
"""Of how many steps one is tried; 1 tries all, in some minutes."""


def tried(folder: Path, what: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "tests.web.killing", str(folder / "site"), what, str(EVERY)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}"},
        capture_output=True, timeout=900, check=False, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    first, *points = [json.loads(line) for line in done.stdout.splitlines()]
    return first, points


@pytest.mark.parametrize("what", ["import", "reanalyse", "undo"])
def test_a_worker_killed_anywhere_changes_nothing(tmp_path, what):
    undisturbed, points = tried(tmp_path, what)
    n_steps = undisturbed.pop("steps")
    assert n_steps > 40
    assert undisturbed["sound"]
    assert undisturbed["positions"] == (0 if what == "undo" else 3 * 900)
    assert len(points) >= n_steps // EVERY
    for point in points:
        at = point.pop("at")
        assert (point.pop("ended"), point.pop("again")) == (-9, 0), at
        assert point == undisturbed, at
