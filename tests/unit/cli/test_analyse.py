"""``estran analyse`` as the contract fixes it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from estran.cli import main
from tests.unit.cli.days import records_json
from tests.unit.cli.documents import Document, Stay, Trip
from tests.unit.feeds.gtfs_tables import TABLES, folder_of


def analysed(capsys, *argv: str) -> Document:
    assert main(["analyse", *argv, "--json"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return msgspec.json.decode(captured.out, type=Document)


def test_json_is_the_document_of_the_contract(capsys, morning: Path):
    document = analysed(capsys, str(morning))
    assert document.made_by.factor_set == "fr-default-2026"
    (file,) = document.report.files
    assert (file.name, file.format, file.positions) == (str(morning), "google-records", 280)
    assert document.report.positions == 280
    assert document.report.days == 1
    kinds = [type(entry) for entry in document.entries]
    assert kinds == [Stay, Trip, Stay]
    stay, trip, _ = document.entries
    assert isinstance(stay, Stay)
    assert isinstance(trip, Trip)
    assert stay.tz == "Europe/Paris"
    assert (stay.lat, stay.lon) == pytest.approx((46.16, -1.15), abs=1e-3)
    assert trip.distance_m == pytest.approx(12_000, rel=0.05)
    assert trip.co2e_g is not None
    assert trip.co2e_g.low <= trip.co2e_g.central <= trip.co2e_g.high
    assert sum(leg.co2e_g.central for leg in trip.legs if leg.co2e_g) == pytest.approx(
        trip.co2e_g.central, abs=0.1 * len(trip.legs)
    )


def test_the_zone_and_the_factor_set_may_be_chosen(capsys, morning: Path):
    argv = ["--tz", "Asia/Tokyo", "--factors", "fr-coachco2-2022"]
    document = analysed(capsys, str(morning), *argv)
    assert {entry.tz for entry in document.entries} == {"Asia/Tokyo"}
    assert document.made_by.factor_set == "fr-coachco2-2022"


def test_the_same_file_twice_counts_once(capsys, morning: Path, tmp_path: Path):
    again = tmp_path / "copy.json"
    again.write_bytes(morning.read_bytes())
    once, twice = analysed(capsys, str(morning)), analysed(capsys, str(morning), str(again))
    assert twice.entries == once.entries
    assert twice.report.positions == 280
    assert twice.report.duplicates == 280


def test_folders_are_walked_in_order_and_archives_opened(capsys, tmp_path: Path):
    (tmp_path / "in" / "b").mkdir(parents=True)
    (tmp_path / "in" / "b" / "Records.json").write_bytes(records_json())
    (tmp_path / "in" / "a.txt").write_text("a shopping list")
    (tmp_path / "in" / ".hidden").write_text("not brought on purpose")
    with zipfile.ZipFile(tmp_path / "in" / "c.zip", "w") as archive:
        archive.writestr("Takeout/Records.json", records_json())
    document = analysed(capsys, str(tmp_path / "in"))
    names = [Path(file.name).name for file in document.report.files]
    assert names == ["a.txt", "Records.json", "Records.json", "c.zip"]
    assert [file.read for file in document.report.files] == [False, True, True, True]
    assert document.report.files[0].refused[0].code == "file-unknown"
    assert document.report.positions == 280


def test_standard_input_is_a_file(capsys, morning: Path, monkeypatch):
    class Stdin:
        buffer = io.BytesIO(morning.read_bytes())

    monkeypatch.setattr("sys.stdin", Stdin)
    assert analysed(capsys, "-").report.positions == 280


def test_geojson_holds_legs_as_lines_and_stays_as_points(capsys, morning: Path):
    assert main(["analyse", str(morning), "--geojson"]) == 0
    collection = json.loads(capsys.readouterr().out)
    assert collection["type"] == "FeatureCollection"
    kinds = [
        (feature["properties"]["kind"], feature["geometry"]["type"])
        for feature in collection["features"]
    ]
    assert kinds[0] == kinds[-1] == ("stay", "Point")
    assert set(kinds[1:-1]) == {("leg", "LineString")}
    leg = collection["features"][1]
    assert leg["geometry"]["coordinates"][0] == pytest.approx([-1.15, 46.16], abs=1e-3)
    assert leg["properties"]["co2e_low_g"] <= leg["properties"]["co2e_central_g"]


def test_csv_has_a_leg_a_row_with_units_and_both_times(capsys, morning: Path):
    assert main(["analyse", str(morning), "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert rows
    first = rows[0]
    start = datetime.fromisoformat(first["start_utc"])
    assert datetime.fromisoformat(first["start_local"]) == start.replace(microsecond=0)
    assert first["start_utc"].endswith("Z")
    assert first["start_local"].endswith("+02:00")
    assert sum(float(row["distance_m"]) for row in rows) == pytest.approx(12_000, rel=0.05)
    assert float(first["start_lat_deg"]) == pytest.approx(46.16, abs=0.01)


def test_tables_for_a_person(capsys, morning: Path):
    assert main(["analyse", str(morning)]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    for words in ("Monday, June 1, 2026", "Stay", "By mode", "Total", "google-records", "280"):
        assert words in captured.out


def test_dates_and_numbers_speak_french(capsys, morning: Path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert main(["analyse", str(morning)]) == 0
    page = capsys.readouterr().out
    assert "lundi 1 juin 2026" in page
    assert "12,0 km" in page or "11,9 km" in page


@pytest.mark.parametrize("form", [[], ["--json"], ["--geojson"], ["--csv"]])
def test_nothing_readable_is_a_refusal_with_a_sentence_a_file(capsys, tmp_path: Path, form):
    (tmp_path / "a.txt").write_text("a shopping list")
    (tmp_path / "b.json").write_bytes(b"")
    assert main(["analyse", str(tmp_path), *form]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = captured.err.splitlines()
    assert len(lines) == 2
    assert "a.txt" in lines[0]
    assert "b.json" in lines[1]
    assert "empty" in lines[1]


def test_an_archive_of_refused_files_is_a_refusal(capsys, tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("notes.txt", "a shopping list")
    assert main(["analyse", str(tmp_path / "c.zip")]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "c.zip" in captured.err


def test_an_empty_folder_is_a_refusal(capsys, tmp_path: Path):
    assert main(["analyse", str(tmp_path)]) == 1
    assert "no file" in capsys.readouterr().err


def test_forms_without_a_report_tell_refused_files_on_standard_error(
    capsys, morning: Path, tmp_path: Path
):
    (tmp_path / "notes.txt").write_text("a shopping list")
    assert main(["analyse", str(morning), str(tmp_path / "notes.txt"), "--csv"]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("trip,leg,start_utc")
    assert "notes.txt" in captured.err


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--tz", "Mars/Olympus"], "no time zone named Mars/Olympus"),
        (["--factors", "mars-2026"], "no factor set named mars-2026"),
    ],
)
def test_a_refusal_is_status_1(capsys, morning: Path, argv, words):
    assert main(["analyse", str(morning), *argv]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err


def test_a_missing_path_is_wrong_use(capsys, morning: Path):
    assert main(["analyse", str(morning), "/nowhere/at/all"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "/nowhere/at/all" in captured.err


@pytest.mark.parametrize("argv", [[], ["x", "--json", "--csv"], ["x", "--factors"]])
def test_wrong_use_is_status_2(capsys, argv):
    with pytest.raises(SystemExit) as caught:
        main(["analyse", *argv])
    assert caught.value.code == 2
    assert capsys.readouterr().out == ""


def test_a_network_is_named_in_the_document(capsys, morning: Path, tmp_path: Path):
    feed = folder_of(TABLES, tmp_path / "feed")
    document = analysed(capsys, str(morning), "--network", str(feed))
    assert len(document.made_by.network_digest or "") == 12
    assert analysed(capsys, str(morning)).made_by.network_digest is None


def test_a_bad_network_refuses_the_run(capsys, morning: Path, tmp_path: Path):
    (tmp_path / "bad").mkdir()
    assert main(["analyse", str(morning), "--json", "--network", str(tmp_path / "bad")]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "bad is no network" in captured.err
    assert main(["analyse", str(morning), "--network", str(tmp_path / "absent")]) == 2
