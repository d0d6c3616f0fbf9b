from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.bringing import bring_text
from tests.formats.reading_whole import FIXTURES, damaged, read_whole, survives

from estran.formats.nmea import FORMAT
from estran.timebase import iso_utc


def said(body: str) -> str:
    total = 0
    for byte in body.encode():
        total ^= byte
    return f"${body}*{total:02X}\r\n"


def rmc(clock="080000.00", date="010524", lat="4609.600,N", lon="00109.000,W", status="A"):
    return said(f"GPRMC,{clock},{status},{lat},{lon},10.0,90.5,{date},,")


def gga(clock="080000.00", lat="4609.600,N", lon="00109.000,W", quality="1"):
    return said(f"GNGGA,{clock},{lat},{lon},{quality},08,0.9,12.5,M,50.0,M,,")


def zda(clock="080000.00", date="01,05,2024"):
    return said(f"GPZDA,{clock},{date},00,00")


def times(*sentences):
    got = read_whole(FORMAT, "".join(sentences))
    return [iso_utc(int(t)) for t in got.positions.time_us]


def test_sentences_of_one_moment_are_one_fix():
    got = read_whole(FORMAT, rmc() + gga() + said("GPGSA,A,3,,,,,,,,,,,,,1,1,1"))
    assert len(got.positions) == 1
    assert iso_utc(int(got.positions.time_us[0])) == "2024-05-01T08:00:00Z"
    assert got.positions.lat_deg[0] == pytest.approx(46.16)
    assert got.positions.lon_deg[0] == pytest.approx(-1.15)
    assert got.positions.speed_mps[0] == pytest.approx(5.14444, abs=1e-4)
    assert got.positions.bearing_deg[0] == 90.5
    assert got.positions.altitude_m[0] == 12.5
    assert got.faults == {}


def test_a_wrong_sum_costs_the_sentence_alone():
    got = read_whole(FORMAT, rmc() + rmc("080001.00").replace("4609", "4709") + rmc("080002.00"))
    assert len(got.positions) == 2
    assert got.faults["sentence-damaged"][0] == 1


def test_a_day_told_last_dates_what_stands_before_even_over_midnight():
    assert times(gga("235959.00"), gga("000000.00"), zda("000000.00", "02,05,2024")) == [
        "2024-05-01T23:59:59Z",
        "2024-05-02T00:00:00Z",
    ]


def test_a_day_told_first_goes_on_over_midnight():
    assert times(zda("235958", "30,04,2024"), gga("235959"), gga("000001"))[-1] == (
        "2024-05-01T00:00:01Z"
    )


def test_a_recorder_that_was_off_for_days():
    assert times(rmc(), rmc("090000.00", "050524")) == [
        "2024-05-01T08:00:00Z",
        "2024-05-05T09:00:00Z",
    ]


def test_no_day_is_refused_with_words():
    got = bring_text(gga() + gga("080001.00"))
    assert dict(got.report.refused_params)["kind"] == "nmea-undated"


def test_what_the_receiver_is_unsure_of_is_left_out():
    assert times(rmc(status="V"), gga(quality="0"), rmc("080002.00")) == ["2024-05-01T08:00:02Z"]


def test_two_digits_of_a_year():
    assert times(rmc(date="010599"))[0].startswith("1999-05-01")


def test_in_utf_16_and_with_words_before():
    text = "APP 1.0\r\n" + "phone 12:00 " + rmc() + gga()
    assert bring_text(text.encode("utf-16")).report.n_positions == 1


def test_a_clock_that_is_none_is_said():
    got = read_whole(FORMAT, rmc() + rmc(".1"))
    assert (len(got.positions), got.faults) == (1, {"position-undated": (1, "")})


@given(st.integers(0, 10**6))
@settings(max_examples=80, deadline=None)
def test_damage_never_raises_more_than_a_refusal(seed):
    text = "".join(rmc(f"08{i:02d}00.00") + gga(f"08{i:02d}00.00") for i in range(20))
    survives(FORMAT, damaged(text.encode(), seed))


@pytest.mark.data
@pytest.mark.skipif(not FIXTURES.is_dir(), reason="the shared data is not beside this repository")
@pytest.mark.parametrize(
    ("name", "n_positions"),
    [("nmea", 154), ("nmea_utf16", 154), ("backfilldate.nmea", 500), ("nmeadatetime.nmea", 18)],
)
def test_real_files_are_counted(name, n_positions):
    assert bring_text((FIXTURES / "nmea" / name).read_bytes()).report.n_positions == n_positions
