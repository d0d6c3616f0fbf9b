"""``estran footprint`` as the contract fixes it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from estran.cli import main


def answer(capsys, *argv: str) -> Any:
    assert main(["footprint", *argv, "--json"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return json.loads(captured.out)


def test_one_figure_with_its_parts_interval_source_and_date(capsys):
    said = answer(capsys, "--mode", "car", "--distance-km", "10", "--occupants", "3")
    assert said["schema"] == "estran.footprint/1"
    assert said["co2e_g"] == {"central": 725.333, "low": 633.333, "high": 906.667}
    assert said["split_g"] == {
        "use": 520.0, "upstream": 120.0, "manufacture": 85.333, "contrails": 0.0
    }  # fmt: skip
    (row,) = said["factors"]
    assert (row["row"], row["unit"], row["g_per_km"]) == ("car-average", "g/vkm", 217.6)
    assert row["year"] == 2025
    assert row["source"]
    assert said["factor_set"]["name"] == "fr-default-2026"
    assert said["factor_set"]["valid_from"] == "2026-01-01"


def test_what_is_not_told_is_null_and_not_zero(capsys):
    said = answer(capsys, "--mode", "ferry", "--distance-km", "10")
    assert said["split_g"]["manufacture"] is None
    assert said["split_g"]["use"] == 3030.0


@pytest.mark.parametrize(
    ("argv", "row"),
    [
        (["--mode", "train", "--train-kind", "tgv"], "train-tgv"),
        (["--mode", "train", "--train-kind", "rer"], "train-transilien"),
        (["--mode", "car", "--vehicle", "small", "--energy", "electric"], "car-small-electric"),
        (["--mode", "bus", "--energy", "gas"], "bus-gas"),
    ],
)
def test_keys_choose_the_row(capsys, argv, row):
    said = answer(capsys, "--distance-km", "10", *argv)
    assert [used["row"] for used in said["factors"]] == [row]


def test_factor_set_is_chosen_by_name(capsys):
    argv = ["--mode", "car", "--distance-km", "10", "--factors", "fr-coachco2-2022"]
    assert answer(capsys, *argv)["co2e_g"]["central"] == 1920.0


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--mode", "hovercraft", "--distance-km", "1"], "no mode named hovercraft"),
        (["--mode", "car", "--distance-km", "-1"], "distance must be 0 or more"),
        (["--mode", "car", "--distance-km", "nan"], "distance must be 0 or more"),
        (["--mode", "car", "--distance-km", "1", "--occupants", "0"], "occupants must be"),
        (["--mode", "car", "--distance-km", "1", "--vehicle", "tank"], "--vehicle must be one of"),
        (["--mode", "tram", "--distance-km", "1", "--energy", "gas"], "left out for this mode"),
        (["--mode", "car", "--distance-km", "1", "--factors", "mars"], "no factor set named mars"),
    ],
)
def test_a_refusal_is_a_sentence_and_status_1(capsys, argv, words):
    assert main(["footprint", *argv]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert captured.err.startswith("estran: ")
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize(
    "argv",
    [
        ["footprint"],
        ["footprint", "--mode", "car"],
        ["footprint", "--mode", "car", "--distance-km", "far"],
        ["footprint", "--mode", "car", "--distance-km", "1", "--colour", "red"],
        ["fottprint", "--mode", "car"],
    ],
)
def test_wrong_use_is_status_2(capsys, argv):
    with pytest.raises(SystemExit) as caught:
        main(argv)
    assert caught.value.code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "usage: estran" in captured.err


def test_page_for_a_person(capsys):
    assert main(["footprint", "--mode", "train", "--distance-km", "500"]) == 0
    page = capsys.readouterr().out
    assert "Train, 500 km" in page
    assert "1.46 kg CO2e, between 860 g and 16 kg" in page
    assert "Base Carbone" in page
    assert "inferred from the distance" in page


def test_it_answers_without_loading_numpy_or_the_site():
    code = (
        "import sys; from estran.cli import main; "
        "main(['footprint', '--mode', 'car', '--distance-km', '1', '--json']); "
        "heavy = {'numpy', 'django', 'numba', 'rich'} & set(sys.modules); "
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    done = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    json.loads(done.stdout)
