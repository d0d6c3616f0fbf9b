"""Coach CO2's table with all its defects."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.bringing import bring_text
from tests.formats.reading_whole import damaged, read_whole, refused, survives

from estran.formats.coach_co2 import FORMAT, cells_of
from estran.timebase import iso_utc
from estran.trace import Motion, Stream

NAMES = [
    "Trip_Id",
    "Trip_Start_Date",
    "Trip_End_Date",
    "Trip_Start_Display_Name",
    "Trip_Arrival_Display_Name",
    "Trip_Purpose",
    "Section_Start_Date",
    "Section_End_Date",
    "Section_Duration",
    "Section_Distance",
    "Section_Mode",
    "Section_Coordinates",
    "Section_Distances",
    "Section_Timestamps",
    "Section_Speeds",
]
START = "Tue Dec 07 2021 16:24:49 GMT+0100 (heure normale d’Europe centrale)"
END = "Tue Dec 07 2021 16:25:49 GMT+0100 (heure normale d’Europe centrale)"


def row(**told):
    """Write a row as the coach does: no quote is escaped, and what is false is a blank."""
    values = dict.fromkeys(NAMES, "") | {
        "Trip_Id": "t1",
        "Trip_Start_Date": START,
        "Trip_End_Date": END,
        "Trip_Start_Display_Name": "Rue A, Ville",
        "Section_Start_Date": START,
        "Section_End_Date": END,
        "Section_Duration": "60",
        "Section_Distance": "230.5",
        "Section_Mode": "BICYCLING",
        "Section_Coordinates": "-1.15,46.16,-1.151,46.161,-1.152,46.162",
        "Section_Distances": "0,115,115",
        "Section_Timestamps": "1638890689000,1638890719000,1638890749000",
        "Section_Speeds": "0,3.8,3.8",
        **told,
    }
    return ",".join(f'"{value}"' if value else " " for value in values.values())


def table(*rows):
    return "\n".join([",".join(f'"{name}"' for name in NAMES), *rows])


def test_a_section_is_a_claim_and_its_points_a_path():
    got = read_whole(FORMAT, table(row()))
    assert [iso_utc(int(t)) for t in got.positions.time_us] == [
        "2021-12-07T15:24:49Z", "2021-12-07T15:25:19Z", "2021-12-07T15:25:49Z",
    ]  # fmt: skip
    assert got.positions.lat_deg.tolist() == [46.16, 46.161, 46.162]
    assert got.claims.motion.tolist() == [Motion.BIKE]
    assert got.claims.confirmed.tolist() == [False]
    assert got.claims.distance_m.tolist() == [230.5]
    assert {s.stream for s in got.sources} == {Stream.PATH, Stream.DECLARED}
    assert {s.format for s in got.sources} == {"coach-co2"}
    assert not got.faults


@pytest.mark.parametrize(
    "name", ['Chez "Léa"', 'a","b', "", 'x", ,"y', '"', "a, b", 'He said "no", twice']
)
def test_quotes_in_a_name_cost_nothing(name):
    got = read_whole(FORMAT, table(row(Trip_Start_Display_Name=name)))
    assert len(got.positions) == 3
    assert not got.faults


def test_blanks_stand_for_zeros():
    told = row(Section_Duration="", Section_Distance="", Section_Speeds="", Section_Distances="")
    got = read_whole(FORMAT, table(told))
    assert len(got.positions) == 3
    assert got.claims.distance_m.tolist() != [0.0]


def test_points_without_times_are_spread():
    got = read_whole(FORMAT, table(row(Section_Timestamps="")))
    assert len(got.positions) == 3
    assert Stream.WAYPOINTS in {s.stream for s in got.sources}


def test_a_table_saved_anew_by_a_spreadsheet_is_read():
    cells = cells_of(row())
    text = ";".join(NAMES) + "\r\n" + ";".join(cells) + "\r\n"
    assert len(read_whole(FORMAT, text).positions) == 3


def test_bad_rows_are_counted_and_a_table_of_them_is_refused():
    got = read_whole(FORMAT, table(row(), '"t","x"', row(Section_Start_Date="soon")))
    assert got.faults["row-unreadable"] == (1, "line 3")
    assert refused(FORMAT, table('"t","x"')) == "file-without-positions"
    assert refused(FORMAT, table()) == "file-without-positions"


def test_it_is_brought_as_such():
    assert bring_text(table(row())).report.format == "coach-co2"


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32))
def test_damage_never_breaks_the_reader(seed):
    survives(FORMAT, damaged(table(row(), row()).encode(), seed))
