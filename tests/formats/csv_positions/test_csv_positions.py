from __future__ import annotations

import gzip
import io
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.reading_whole import FIXTURES, damaged, read_whole, refused, survives

from estran.errors import FileHostile
from estran.formats.csv_positions import FORMAT, sniff
from estran.formats.csv_positions.headers import Role, columns_of
from estran.formats.reading import Faults
from estran.timebase import iso_utc
from estran.trace import ClaimKind, Motion, Positions

DAY_US = 86_400_000_000


def table(*lines):
    return "\n".join(lines) + "\n"


def rows(header, *lines):
    return read_whole(FORMAT, table(header, *lines))


def times(got):
    return [iso_utc(int(t)) for t in got.positions.time_us]


def test_a_plain_table_is_read():
    got = rows(
        "time,lat,lon,elevation,accuracy,bearing,speed",
        "2024-05-01T08:00:00Z,46.16,-1.15,12.5,4,90,1.5",
        "2024-05-01T08:00:05Z,46.17,-1.16,,,,",
    )
    p = got.positions
    assert times(got) == ["2024-05-01T08:00:00Z", "2024-05-01T08:00:05Z"]
    assert p.lat_deg.tolist() == [46.16, 46.17]
    assert p.lon_deg.tolist() == [-1.15, -1.16]
    assert (p.altitude_m[0], p.accuracy_m[0], p.bearing_deg[0], p.speed_mps[0]) == (
        12.5,
        4,
        90,
        1.5,
    )
    assert np.isnan([p.altitude_m[1], p.accuracy_m[1], p.bearing_deg[1], p.speed_mps[1]]).all()
    assert got.faults == {}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_separator_and_line_end(separator, end):
    lines = ["time,lat,lon", "2024-05-01T08:00:00Z,46.16,-1.15", "2024-05-01T08:01:00Z,46.16,-1.15"]
    data = end.join(line.replace(",", separator) for line in lines)
    assert len(read_whole(FORMAT, data).positions) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-16-le"])
def test_any_usual_encoding(encoding):
    text = table(
        "Horodatage;Latitude;Longitude;Précision (m)", "2024-05-01T08:00:00Z;46,16;-1,15;7"
    )
    got = read_whole(FORMAT, text.encode(encoding))
    assert got.positions.accuracy_m.tolist() == [7.0]


def test_decimal_commas_quotes_and_blanks_around():
    got = rows(
        '"time" ; "lat" ; "lon" ; "speed"',
        '"2024-05-01T08:00:00Z"; "46,1600" ; -1,15 ;"1,5"',
    )
    assert got.positions.lat_deg.tolist() == [46.16]
    assert got.positions.speed_mps.tolist() == [1.5]


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("timestamp,latitudeE7,longitudeE7", "1714550400,461600000,-11500000"),
        ("timestamp,latitude,longitude", "1714550400,461600000,-11500000"),
        ("timestamp_ms,latitude,longitude", "1714550400000,46.16,-1.15"),
        ("t,y,x", "1714550400000000,46.16,-1.15"),
        ("time,lat,lng", "1714550400.0,46.16 N,1.15 W"),
        ("time,lat,long", "2024-05-01T10:00:00+02:00,N46.16,W1.15"),
        ("time,lat,lon", "2024-05-01T08:00:00Z,46°09'36\"N,1°09'00\"W"),
        ("DATE,TIME,LATITUDE,N/S,LONGITUDE,E/W", "2024/05/01,08:00:00,46.16,N,1.15,W"),
        ("Date,Heure,Latitude,Longitude", "01/05/2024,08:00:00,46.16,-1.15"),
        ("date,time,lat,lon", "20240501,080000,46.16,-1.15"),
        ("date;time;lat;lon", "2024-05-01;08h00;46.16;-1.15"),
        ("time;wkt", "2024-05-01T08:00:00Z;POINT (-1.15 46.16)"),
        ("time,geom", "2024-05-01T08:00:00Z,SRID=4326;POINT(-1.15 46.16)"),
        ("time;location", "2024-05-01T08:00:00Z;46.16, -1.15"),
        ("time,lat,lon", "20240501T080000Z,46.16,-1.15"),
        ("time,lat,lon", "20240501080000,46.16,-1.15"),
        ("Lcl Date, Lcl Time, UTCOfst, Latitude, Longitude",
         "2024-05-01, 10:00:00, +02:00, 46.16, -1.15"),
        ("date_utc,time_utc,lat,lon", "01.05.24,08:00:00,46.16,-1.15"),
    ],
)  # fmt: skip
def test_every_manner_of_writing_one_fix(header, line):
    got = rows(header, line)
    assert times(got) == ["2024-05-01T08:00:00Z"]
    assert got.positions.lat_deg[0] == pytest.approx(46.16, abs=1e-9)
    assert got.positions.lon_deg[0] == pytest.approx(-1.15, abs=1e-9)


def test_the_evidence_of_the_whole_column_orders_day_and_month():
    day_first = rows("time,lat,lon", "03/04/2024 10:00,46,-1", "13/04/2024 10:00:30,46,-1")
    assert times(day_first) == ["2024-04-03T10:00:00Z", "2024-04-13T10:00:30Z"]
    month_first = rows("time,lat,lon", "04/03/2024 10:00 PM,46,-1", "04/13/2024 12:05 AM,46,-1")
    assert times(month_first) == ["2024-04-03T22:00:00Z", "2024-04-13T00:05:00Z"]
    assert "date-order-unsure" not in month_first.faults


def test_an_order_that_cannot_be_told_is_day_first_and_said():
    got = rows("time,lat,lon", "03/04/2024 10:00,46,-1", "04/04/2024 10:00,46,-1")
    assert times(got)[0] == "2024-04-03T10:00:00Z"
    assert got.faults == {"date-order-unsure": (2, "line 2"), "zone-missing": (2, "line 2")}


def test_a_zone_that_the_header_tells_is_not_missing():
    assert rows("time (UTC),lat,lon", "2024-05-01 08:00:00,46,-1").faults == {}
    assert rows("time,lat,lon", "2024-05-01 08:00:00,46,-1").faults == {
        "zone-missing": (1, "line 2")
    }


@pytest.mark.parametrize(
    ("header", "told", "speed_mps"),
    [
        ("speed (km/h)", 36, 10),
        ("speed_kmh", 36, 10),
        ("Vitesse [km/h]", 36, 10),
        ("speed_kph", 36, 10),
        ("speed_mps", 10, 10),
        ("speed (knots)", 10, 5.144444),
        ("speed (mph)", 10, 4.4704),
        ("speed", 10, 10),
        ("speed", -1, None),
    ],
)
def test_speeds_come_in_si(header, told, speed_mps):
    got = rows(f"time,lat,lon,{header}", f"2024-05-01T08:00:00Z,46,-1,{told}").positions
    if speed_mps is None:
        assert math.isnan(got.speed_mps[0])
    else:
        assert got.speed_mps[0] == pytest.approx(speed_mps, rel=1e-5)


@pytest.mark.parametrize("scale", [1.0, 3.6, 3600 / 1852])
def test_displacement_tells_the_unit_of_speeds_that_the_header_does_not(scale):
    lines = [
        f"{1_714_550_400 + i},{46 + i * 10 / 111_195:.7f},-1,{10 * scale:.2f}" for i in range(60)
    ]
    got = rows("time,lat,lon,speed", *lines)
    np.testing.assert_allclose(got.positions.speed_mps, 10, rtol=0.01)
    assert ("speed-unit-inferred" in got.faults) == (scale != 1.0)


def test_units_on_their_own_line_are_used():
    got = rows(
        "#iso, degrees, degrees, ft msl, kt",
        "time, lat, lon, AltMSL, GndSpd",
        "2024-05-01T08:00:00Z, 46, -1, 100, 10",
    ).positions
    assert got.altitude_m[0] == pytest.approx(30.48)
    assert got.speed_mps[0] == pytest.approx(5.14444, rel=1e-5)


def test_devices_are_apart_and_their_names_hidden_in_keys():
    got = rows(
        "device,time,lat,lon",
        "Phone of Ada,2024-05-01T08:00:00Z,46,-1",
        "watch,2024-05-01T08:00:00Z,47,-1",
        "Phone of Ada,2024-05-01T08:00:05Z,46,-1",
    )
    assert [s.device for s in got.sources] == ["Phone of Ada", "watch"]
    assert got.positions.source.tolist() == [0, 0, 1]
    assert not any("Ada" in s.key or "watch" in s.key for s in got.sources)


def test_a_column_of_ever_new_names_does_not_make_sources_without_end():
    lines = [f"row{i},{1_714_550_400 + i},46,-1" for i in range(2000)]
    got = rows("uid,time,lat,lon", *lines)
    assert len(got.sources) <= 257
    assert len(got.positions) == 2000
    assert got.faults["device-too-many"][0] > 0


def test_a_column_of_modes_claims_each_run_and_a_stop_is_a_visit():
    modes = ["walk"] * 3 + [""] * 2 + ["BUS"] * 4 + ["nonsense"]
    stops = ["FALSE"] * 3 + ["TRUE"] * 2 + ["FALSE"] * 5
    lines = [
        f"2024-05-01T08:{i:02d}:00Z,46.{i},-1,{stop},{mode}"
        for i, (mode, stop) in enumerate(zip(modes, stops, strict=True))
    ]
    claims = rows("time,lat,lon,stop,mode", *lines).claims
    assert claims.motion.tolist() == [Motion.WALK, Motion.STILL, Motion.BUS]
    assert claims.kind.tolist() == [ClaimKind.MOVE, ClaimKind.VISIT, ClaimKind.MOVE]
    assert [iso_utc(t)[14:16] for t in claims.start_us] == ["00", "03", "05"]
    assert [iso_utc(t)[14:16] for t in claims.end_us] == ["02", "04", "08"]


def test_a_long_silence_parts_two_claims():
    got = rows(
        "time,lat,lon,mode",
        "2024-05-01T08:00:00Z,46,-1,car",
        "2024-05-01T08:01:00Z,46,-1,car",
        "2024-05-01T12:00:00Z,46,-1,car",
    )
    assert len(got.claims) == 2


def test_a_column_of_activities_is_the_phones_guess():
    got = rows("time,lat,lon,activity", "1714550400,46,-1,walking", "1714550460,46,-1,")
    assert got.activities.motion.tolist() == [Motion.WALK]
    assert len(got.claims) == 0


def test_lines_to_pass_over_and_bad_rows_are_told_by_their_line():
    got = rows(
        "# made by hand",
        "",
        "time,lat,lon,note",
        "2024-05-01T08:00:00Z,46,-1,x",
        "# a remark",
        "time,lat,lon,note",
        '2024-05-01T08:00:05Z,46,-1,"two',
        'lines"',
        "2024-05-01T08:00:10Z,99,-1,x",
        "garbage",
        "2024-05-01T08:00:15Z,,,x",
        "soon,46,-1,x",
        '2024-05-01T08:00:20Z,46,-1,"stray',
        "2024-05-01T08:00:25Z,46,-1,x",
        "total: 5",
    )
    assert len(got.positions) == 4
    assert got.faults == {
        "row-unreadable": (2, "line 10"),
        "position-undated": (1, "line 12"),
        "position-outside-globe": (1, "line 9"),
        "position-missing": (1, "line 11"),
    }


def test_a_stray_quote_does_not_swallow_the_file():
    lines = [f"{1_714_550_400 + i},46,-1,x" for i in range(500)]
    lines[10] += '"'
    assert len(rows("time,lat,lon,note", *lines).positions) == 500


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("lat,lon\n46.1,-1.1\n", "file-without-positions"),
        ("time,lat,lon\n", "file-without-positions"),
        ("date,lat,lon\n2024-05-01,46.1,-1.1\n", "file-without-positions"),
        ("46.10,-1.10,12\n46.11,-1.11,13\n", "file-other"),
    ],
)
def test_tables_without_dates_or_names_are_refused_with_their_reason(data, code):
    assert refused(FORMAT, data) == code


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"id,name,price\n1,bread,2.10\n",
        b'{"lat": 1, "lon": 2, "time": 3}',
        b"<kml>lat,lon,time</kml>",
        b"\x00\x01\x02lat,lon,time\n",
        b"Dear Ada, the lat and the long of it, time permitting, is this.\n",
        b"1,2,3\n4,5,6\n",
        b"$GPGGA,101247.00,5118.706,N,01224.790,E\n$GPGGA,101248.00,5118.706,N,01224.790,E\n",
    ],
)
def test_what_is_no_table_of_places_is_left_alone(head):
    assert not sniff(head)


def test_a_head_cut_anywhere_after_its_first_lines_is_known():
    data = table("time;lat;lon;Précision", *["2024-05-01T08:00:00Z;46;-1;5"] * 50).encode()
    first = data.index(b"\n") + 1
    assert all(sniff(data[:n]) for n in range(first, len(data)))


def test_columns_are_preferred_by_the_surest_name():
    columns = columns_of(["created_at", "timestamp", "lat", "lon", "date", "time"])
    assert columns.at[Role.TIME] == 1
    assert Role.DATE not in columns.at


def test_a_line_without_end_is_hostile():
    class Endless(io.RawIOBase):
        n_read = 0

        def readable(self):
            return True

        def readinto(self, buffer):
            piece = b"time,lat,lon\n" if not self.n_read else b" " * len(buffer)
            self.n_read += 1
            buffer[: len(piece)] = piece
            return len(piece)

    with pytest.raises(FileHostile):
        list(FORMAT.read(io.BufferedReader(Endless()), Faults()))


def test_the_fast_and_the_slow_road_agree():
    lines = [
        f"2024-05-01T08:{i // 60:02d}:{i % 60:02d}Z,46.{i:04d},-1.{i:04d},{i}" for i in range(999)
    ]
    fast = rows("time,lat,lon,accuracy", *lines)
    slow = rows("time,lat,lon,accuracy", "# slow", *[line + ',"x"' for line in lines])
    assert fast.positions == slow.positions


@given(st.lists(st.tuples(st.integers(0, 10**12), st.floats(-89, 89), st.floats(-179, 179))))
def test_what_is_written_is_read_back(fixes):
    fixes = [f for f in fixes if f[1:] != (0.0, 0.0)]
    first_us = 1_600_000_000_000_000
    lines = [f"{iso_utc(first_us + t * 1000)},{lat!r},{lon!r}" for t, lat, lon in fixes]
    if not lines:
        assert refused(FORMAT, table("time,lat,lon")) == "file-without-positions"
        return
    got = rows("time,lat,lon", *lines)
    want = Positions.of(
        [first_us + t * 1000 for t, *_ in fixes], [f[1] for f in fixes], [f[2] for f in fixes]
    )
    assert got.positions == want


RICH = table(
    "# by hand",
    "device;date;time;lat;lon;speed (km/h);mode;stop;activity",
    *[f"a;13/05/2024;08:{i:02d}:00;46,1{i};-1,1{i};{i},5;bus;FALSE;walking" for i in range(20)],
    *[f'"b";13/05/2024;08:{i:02d}:00;46,1{i};-1,1{i};{i},5;;TRUE;' for i in range(20)],
).encode()


@given(st.integers(0, len(RICH)))
def test_no_truncation_is_a_traceback(length):
    survives(FORMAT, RICH[:length])


@settings(max_examples=300)
@given(st.integers(0, 2**32))
def test_no_damage_is_a_traceback(seed):
    survives(FORMAT, damaged(RICH, seed))


@given(st.binary(max_size=300))
def test_no_bytes_are_a_traceback(data):
    survives(FORMAT, data)
    survives(FORMAT, b"time,lat,lon\n" + data)
    survives(FORMAT, b"time,lat,lon,speed,device,mode\n2024-05-01T08:00:00Z,46,-1,2,a,b\n" + data)


@settings(max_examples=200)
@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_no_fields_are_a_traceback(time, lat, lon):
    line = ";".join(f.replace(";", "").replace("\n", "") for f in (time, lat, lon))
    survives(FORMAT, f"time;lat;lon\n{line}\n".encode("utf-8", "replace"))
    survives(FORMAT, f"date;time;wkt\n{line}\n".encode("utf-8", "replace"))


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "n_positions"),
    [
        ("e7_integers.csv", 3),
        ("semicolon_eu.csv", 3),
        ("unix_timestamps.csv", 3),
        ("iblue747.csv", 747),
        ("garmin_g1000.csv", 442),
    ],
)
def test_files_of_the_world(name, n_positions):
    path = FIXTURES / "csv" / name
    if not path.exists():
        pytest.skip("the import fixtures are not beside the repository")
    got = read_whole(FORMAT, path.read_bytes())
    assert len(got.positions) == n_positions
    if name == "iblue747.csv":
        assert got.positions.speed_mps.max() < 70


@pytest.mark.data
def test_utrechts_labels_become_claims():
    paths = sorted(FIXTURES.parent.glob("utrecht/*Utrecht1-2024-05-29.csv.gz"))
    if not paths:
        pytest.skip("the shared data are not beside the repository")
    got = read_whole(FORMAT, gzip.decompress(paths[0].read_bytes()))
    assert len(got.positions) == 2905
    assert Motion.STILL in got.claims.motion
    assert len(got.sources) == 1


def test_a_column_of_hours_alone_may_hold_whole_instants():
    got = rows("heure,lat,lon", "2026-06-01T08:00:00Z,46.1,-1.1")
    assert times(got) == ["2026-06-01T08:00:00Z"]


def test_rows_that_end_before_an_optional_field_are_read():
    got = rows(
        "time,lat,lon,accuracy",
        "2026-06-01T08:00:00Z,46.1,-1.1",
        "2026-06-01T08:01:00Z,46.1",
        "2026-06-01T08:02:00Z,46.1,-1.1,7",
    )
    assert times(got) == ["2026-06-01T08:00:00Z", "2026-06-01T08:02:00Z"]
    assert got.faults == {"row-unreadable": (1, "line 3")}
