"""Every file at hand is read, or refused with words: never a traceback."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from estran.cli import main
from tests.unit.cli.documents import Document

DATA = Path(__file__).parents[3] / "../shared/data"
FOLDERS = ("import-fixtures", "mobilitynet", "emission-wire-samples", "cozy")

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the shared data is not beside the repository"),
]


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_file_is_read_or_refused_with_words(capsys, monkeypatch, folder: str):
    monkeypatch.setenv("ESTRAN_TRACEBACK", "1")
    files = sorted(path for path in (DATA / folder).rglob("*") if path.is_file())
    assert files
    n_read = 0
    for path in files:
        status = main(["analyse", str(path), "--json"])
        captured = capsys.readouterr()
        assert status in {0, 1}, path
        if status == 0:
            n_read += 1
            document = msgspec.json.decode(captured.out, type=Document)
            assert any(file.read for file in document.report.files)
            assert captured.err == ""
        else:
            assert captured.out == ""
            assert path.name.removesuffix(".gz") in captured.err
            assert "Traceback" not in captured.err
    assert n_read or folder == "cozy"


def test_a_whole_folder_at_once_is_one_journal(capsys):
    assert main(["analyse", str(DATA / "import-fixtures"), "--json"]) == 0
    document = msgspec.json.decode(capsys.readouterr().out, type=Document)
    assert len(document.report.files) > 100
    ends = [(entry.start, entry.end) for entry in document.entries]
    assert all(a[1] <= b[0] for a, b in pairwise(ends))
