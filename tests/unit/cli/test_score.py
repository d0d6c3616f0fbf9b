"""``estran score`` as the contract fixes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from estran.cli import main

TRUTH = """start,end,mode,trip,distance_m
2026-06-01T08:00:00Z,2026-06-01T08:10:00Z,walk,1,700
2026-06-01T08:10:00Z,2026-06-01T08:30:00Z,bus,1,8000
2026-06-01T18:00:00Z,2026-06-01T18:20:00Z,car,2,9000
"""
SAID = """start,end,mode,trip,distance_m,mode_probability
2026-06-01T08:01:00Z,2026-06-01T08:10:00Z,walk,1,700,0.99
2026-06-01T08:10:00Z,2026-06-01T08:30:00Z,tram,1,8100,0.55
2026-06-01T18:00:00Z,2026-06-01T18:20:00Z,car,2,9100,0.9
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    truth, said = tmp_path / "truth.csv", tmp_path / "said.csv"
    truth.write_text(TRUTH, encoding="utf-8")
    said.write_text(SAID, encoding="utf-8")
    return str(truth), str(said)


def test_json_holds_every_figure(capsys, files):
    assert main(["score", *files, "--json"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    told = json.loads(captured.out)
    assert told["schema"] == "estran.score/1"
    assert told["trips"]["matched"] == told["trips"]["true"] == 2
    assert told["trips"]["start_error_s"]["median"] == 30.0
    assert told["modes"]["right_share"] == pytest.approx((9 + 20) / 50, abs=1e-4)
    assert told["modes"]["right_motor_merged_share"] == pytest.approx(49 / 50, abs=1e-4)
    assert told["modes"]["by_mode"]["bus"]["recall"] == 0.0
    assert told["modes"]["confusion_s"]["bus"] == {"tram": 1200.0, "uncovered": 0.0}
    assert told["co2e"]["error_share"] < 0
    assert told["calibration"]["expected_error_share"] > 0


def test_tables_for_a_person_in_french(capsys, files, monkeypatch):
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert main(["score", *files]) == 0
    out = capsys.readouterr().out
    assert "bon mode" in out
    assert "58,0 %" in out or "58.0 %" in out


def test_a_journal_of_our_own_scores_perfectly_against_itself(capsys, tmp_path: Path):
    track = tmp_path / "track.csv"
    rows = [f"{1_780_300_800 + 10 * k},{46.1 + k * 4e-4},-1.1,8" for k in range(120)]
    still = [f"{1_780_302_000 + 30 * k},{46.148},-1.1,8" for k in range(60)]
    track.write_text("\n".join(["time,lat,lon,accuracy", *rows, *still]), encoding="utf-8")
    assert main(["analyse", str(track), "--json"]) == 0
    journal = tmp_path / "journal.json"
    journal.write_text(capsys.readouterr().out, encoding="utf-8")

    assert main(["score", str(journal), str(journal), "--json"]) == 0

    assert json.loads(capsys.readouterr().out)["modes"]["right_share"] == 1.0


@pytest.mark.parametrize(
    ("truth", "words"),
    [
        ("", "labelled legs"),
        ("start,end,mode\n", "No leg"),
        ("\x00\x01", "labelled legs"),
        ("start,end,mode\n2020-01-01T08:00Z,2020-01-01T09:00Z,bus\n", "no time in common"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(capsys, files, tmp_path, truth, words):
    other = tmp_path / "other.csv"
    other.write_text(truth, encoding="utf-8")
    assert main(["score", str(other), files[1]]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err


def test_a_missing_file_is_refused(capsys, files):
    assert main(["score", "/nowhere/truth.csv", files[1]]) == 1
    assert "truth.csv" in capsys.readouterr().err


def test_lines_left_out_are_told(capsys, files, tmp_path):
    truth = Path(files[0])
    truth.write_text(TRUTH + "2026-06-01T20:00:00Z,2026-06-01T20:20:00Z,hovercraft,3,1\n")
    assert main(["score", *files]) == 0
    assert "1 × " in capsys.readouterr().err
