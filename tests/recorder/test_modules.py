"""The recorder's pure modules, tested where they run: in JavaScript."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_modules_hold_what_they_promise():
    tests = Path(__file__).with_name("modules.mjs")
    done = subprocess.run(  # noqa: S603 - our own tests
        [str(NODE), "--test", str(tests)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]
