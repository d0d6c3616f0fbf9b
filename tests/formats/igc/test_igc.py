from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.bringing import bring_text
from tests.formats.reading_whole import damaged, read_whole, survives

from estran.formats.igc import FORMAT
from estran.timebase import iso_utc
from estran.trace import Motion

HEAD = "AXLK7A1 Flarm\r\n{day}HFPLTPILOT:Somebody\r\nI023638FXA3941ENL\r\n"


def flight(*fixes: str, day: str = "HFDTE010524\r\n") -> str:
    return HEAD.format(day=day) + "".join(f"{fix}\r\n" for fix in fixes) + "GABCDEF\r\n"


def fix(
    clock="080000", *, lat="4609600N", lon="00109000W", kind="A", pressure="00100", height="00150"
):
    return f"B{clock}{lat}{lon}{kind}{pressure}{height}007123"


def test_a_flight_is_read():
    got = read_whole(FORMAT, flight(fix(), fix("080001")))
    assert iso_utc(int(got.positions.time_us[0])) == "2024-05-01T08:00:00Z"
    assert got.positions.lat_deg[0] == pytest.approx(46.16)
    assert got.positions.lon_deg[0] == pytest.approx(-1.15)
    assert (got.positions.altitude_m[0], got.positions.accuracy_m[0]) == (150.0, 7.0)
    assert got.claims.motion.tolist() == [Motion.OTHER]


@pytest.mark.parametrize(
    "day", ["HFDTEDATE:010524,01\r\n", "HFDTE010524\r\n", "HFDTEDATE: 010524\r\n"]
)
def test_the_day_is_written_in_several_ways(day):
    got = read_whole(FORMAT, flight(fix(), day=day))
    assert iso_utc(int(got.positions.time_us[0])).startswith("2024-05-01")


def test_over_midnight_and_by_air_pressure():
    got = read_whole(FORMAT, flight(fix("235959"), fix("000001", kind="V", height="00000")))
    assert np.diff(got.positions.time_us).tolist() == [2_000_000]
    assert got.positions.altitude_m.tolist() == [150.0, 100.0]


def test_without_a_day_it_is_refused_with_words():
    got = bring_text(flight(fix(), day=""))
    assert dict(got.report.refused_params)["kind"] == "igc-undated"


def test_a_broken_fix_costs_itself_alone():
    got = read_whole(FORMAT, flight(fix(), "B08", fix("080002")))
    assert (len(got.positions), got.faults) == (2, {"record-broken": (1, "")})


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_damage_never_raises_more_than_a_refusal(seed):
    text = flight(*(fix(f"08{i:02d}00") for i in range(20)))
    survives(FORMAT, damaged(text.encode(), seed))
