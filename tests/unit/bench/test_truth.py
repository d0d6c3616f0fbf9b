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


def diary(*rows):
    return truth._diary(
        {"timestamp": f"2024-06-10T{clock}:{second:02d}Z", "stop": str(not mode).upper(),
         "mode": mode}
        for clock, mode in rows
        for second in range(0, 60, 10)
    )  # fmt: skip


def test_a_stop_of_the_diary_ends_a_trip_and_missing_rows_do_not():
    minutes = [f"17:{m:02d}" for m in range(60)]
    stopped = diary(*((c, "" if 20 <= k < 25 else "Walk") for k, c in enumerate(minutes)))
    paused = diary(*((c, "" if 20 <= k < 23 else "Walk") for k, c in enumerate(minutes)))
    silent = diary(*((c, "Walk") for k, c in enumerate(minutes) if not 20 <= k < 40))

    assert (len(stopped), len(paused), len(silent)) == (2, 1, 1)


def test_a_stray_row_is_no_diary():
    assert diary(("17:00", ""), ("17:01", "")) == ()
    assert diary(("17:00", ""), ("17:01", "Car"), ("17:02", "")) == ()


def test_the_diary_never_reaches_the_engine(tmp_path, monkeypatch):
    rows = ["user_id,timestamp,latitude,longitude,stop,mode"]
    rows += [
        f'U,2024-06-10T17:{30 + s // 60}:{s % 60:02d}Z,52.3,4.9{s:02d},FALSE,"Tram"'
        for s in range(90)
    ]
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
