"""The border: commands, interruptions, broken pipes, faults of Estran itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import estran
from estran import cli
from estran.cli import main

POSITION = b'{"timestampMs": "1700000000000", "latitudeE7": 461500000, "longitudeE7": -11500000},'
ESTRAN = [sys.executable, "-m", "estran"]


def started(*argv: str, **more: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - ourselves
        [*ESTRAN, *argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more
    )


def test_version_and_help(capsys):
    for argv, words in (
        (["--version"], estran.__version__),
        (["--help"], "footprint"),
        (["analyse", "--help"], "--geojson"),
    ):
        with pytest.raises(SystemExit) as caught:
            main(argv)
        assert caught.value.code == 0
        assert words in capsys.readouterr().out


def test_no_command_is_wrong_use_and_shows_them_all(capsys):
    with pytest.raises(SystemExit) as caught:
        main([])
    assert caught.value.code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    for name in ("analyse", "footprint", "run"):
        assert name in captured.err


def test_commands_of_the_site_are_reached(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["run", "--help"])
    assert caught.value.code == 0
    assert "--port" in capsys.readouterr().out


def test_a_bug_is_told_without_its_message(capsys, monkeypatch):
    faulty: Any = ModuleType("faulty")
    faulty.add_arguments = lambda _: None

    def run(options: object) -> int:
        told = "46.16, -1.15"
        raise ValueError(told)

    faulty.run = run
    monkeypatch.setitem(sys.modules, "faulty", faulty)
    monkeypatch.setattr(cli, "OWN", {"fail": ("faulty", "Fail.")})
    monkeypatch.delenv("ESTRAN_TRACEBACK", raising=False)
    assert main(["fail"]) == cli.BUG
    captured = capsys.readouterr()
    assert "ValueError" in captured.err
    assert "46.16" not in captured.err + captured.out
    monkeypatch.setenv("ESTRAN_TRACEBACK", "1")
    with pytest.raises(ValueError, match=r"46\.16"):
        main(["fail"])


def test_a_reader_that_leaves_is_no_error_to_show(morning: Path):
    process = started("analyse", str(morning), "--json")
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(60) == cli.UNREAD
    assert process.stderr is not None
    assert process.stderr.read() == b""


def test_an_interruption_is_one_sentence():
    process = started("analyse", "-", stdin=subprocess.PIPE, env={**os.environ, "LC_ALL": "C"})
    assert process.stdin is not None
    # More than a pipe holds: when it is written, the command is at work and reads.
    process.stdin.write(b'{"locations": [' + POSITION * 20_000)
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == cli.INTERRUPTED
    assert told.decode().strip() == "estran: Stopped. Nothing was kept."


def test_progress_stays_off_what_is_no_terminal(morning: Path):
    process = started("analyse", str(morning), "--csv")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert out.startswith(b"trip,leg")
    assert err == b""
