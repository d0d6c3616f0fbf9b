from __future__ import annotations

import gzip

import pytest
from bench import truth

from estran.journal import Mode

S = 1_000_000


def test_rows_of_one_label_are_a_leg_and_close_legs_a_trip():
    runs = truth._Runs(gap_us=600 * S, rows=[])
    for at_s, mode in [(0, ""), (10, "walk"), (60, "walk"), (70, ""), (300, "bus"), (400, "bus")]:
        runs.add(at_s * S, mode)
    (found,) = runs.trips()
    assert [(leg.start_us // S, leg.end_us // S, leg.mode) for leg in found.legs] == [
        (10, 60, "walk"),
        (300, 400, "bus"),
    ]


def test_far_legs_are_two_trips():
    runs = truth._Runs(gap_us=600 * S, rows=[])
    for at_s in (0, 100, 2000, 2100):
        runs.add(at_s * S, "walk")
    assert len(runs.trips()) == 2


def test_the_diary_never_reaches_the_engine(tmp_path, monkeypatch):
    rows = ["user_id,timestamp,latitude,longitude,stop,mode"]
    rows += [f'U,2024-06-10T17:30:{s:02d}Z,52.3,4.9{s:02d},FALSE,"Tram"' for s in range(30)]
    with gzip.open(tmp_path / "ssi_open_geodata-U-2024-06-10.csv.gz", "wt") as out:
        out.write("\n".join(rows))
    seen = []
    real = truth.read

    def reading(name, content):
        seen.append(content)
        return real(name, content)

    monkeypatch.setattr(truth, "read", reading)
    list(truth.utrecht(tmp_path))
    assert seen
    assert b"Tram" not in seen[0]
    assert b"stop" not in seen[0]


@pytest.mark.data
def test_mobilitynet_splits_by_run_and_reads_waits():
    if not (truth.DATA / "mobilitynet").is_dir():
        pytest.skip("../shared/data/mobilitynet is not here")
    recordings = list(truth.limited(truth.mobilitynet(), 12))
    assert {r.part for r in recordings} == {"fit", "report"}
    assert all(len(r.evidence.trace) for r in recordings)
    modes = {leg.mode for r in recordings for t in r.true for leg in t.legs}
    assert {Mode.WALK, Mode.CAR, Mode.BIKE} <= modes
