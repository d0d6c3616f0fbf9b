"""The language of these tests, and a file to analyse."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.days import records_json


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture
def morning(tmp_path: Path) -> Path:
    path = tmp_path / "Records.json"
    path.write_bytes(records_json())
    return path
