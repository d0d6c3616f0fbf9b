from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.reading_whole import FIXTURES, damaged, read_whole, refused, survives

from estran.formats.kml import FORMAT, sniff
from estran.formats.kml.coordinates import tuples_of
from estran.timebase import iso_utc
from estran.trace import ClaimKind, Motion, Stream

NOON, ONE = "2024-05-01T12:00:00Z", "2024-05-01T13:00:00Z"
SPAN = f"<TimeSpan><begin>{NOON}</begin><end>{ONE}</end></TimeSpan>"
POINT = "<Point><coordinates>-1.15,46.16,7</coordinates></Point>"
LINE = "<LineString><coordinates>-1.1,46.1,0 -1.1,46.2,0\n-1.1,46.4,0</coordinates></LineString>"


def placemark(*parts):
    return f"<Placemark>{''.join(parts)}</Placemark>"


def kml(*parts):
    body = "".join(parts)
    return f'<?xml version="1.0"?><kml xmlns="http://k"><Document>{body}</Document></kml>'


def whole(*parts):
    return read_whole(FORMAT, kml(*parts))


def times(got):
    return [iso_utc(int(t)) for t in got.positions.time_us]


def track(n=3, *, extra="", whens=None, coords=None, lat=46.0, prefix="gx:"):
    whens = whens if whens is not None else [f"2024-05-01T12:{i:02d}:00Z" for i in range(n)]
    coords = coords if coords is not None else [f"-1.1 {lat + i / 100} {i}" for i in range(n)]
    listed = "".join(f"<when>{w}</when>" for w in whens)
    listed += "".join(f"<{prefix}coord>{c}</{prefix}coord>" for c in coords)
    return f"<{prefix}Track>{listed}{extra}</{prefix}Track>"


def measures(**columns):
    arrays = "".join(
        f'<gx:SimpleArrayData name="{name}">'
        + "".join(f"<gx:value>{v}</gx:value>" for v in values)
        + "</gx:SimpleArrayData>"
        for name, values in columns.items()
    )
    return f"<ExtendedData><SchemaData>{arrays}</SchemaData></ExtendedData>"


def test_a_dated_point_is_a_position():
    got = whole(placemark(f"<TimeStamp><when>{NOON}</when></TimeStamp>", POINT))
    assert times(got) == [NOON]
    assert (got.positions.lat_deg[0], got.positions.lon_deg[0]) == (46.16, -1.15)
    assert got.positions.altitude_m[0] == 7
    assert math.isnan(got.positions.speed_mps[0])


@pytest.mark.parametrize("prefix", ["gx:", "", "g2:"])
def test_a_track_is_read_whatever_its_prefix(prefix):
    got = whole(placemark(track(prefix=prefix)))
    assert [t[14:16] for t in times(got)] == ["00", "01", "02"]
    assert got.positions.altitude_m.tolist() == [0, 1, 2]
    assert got.sources[0].stream is Stream.RECORDED
    assert len(got.claims) == 0


def test_places_and_instants_may_alternate():
    mixed = "".join(
        f"<when>2024-05-01T12:0{i}:00Z</when><gx:coord>-1 4{i} 0</gx:coord>" for i in range(3)
    )
    assert len(whole(placemark(f"<gx:Track>{mixed}</gx:Track>")).positions) == 3


def test_measures_beside_a_track_are_kept_when_they_fit():
    extra = measures(speed=[1, 2, 3], accuracy=[5, "", 0], heart_rate=[99, 99, 99])
    got = whole(placemark(track(extra=extra))).positions
    assert got.speed_mps.tolist() == [1, 2, 3]
    assert got.accuracy_m[0] == 5
    assert np.isnan(got.accuracy_m[1:]).all()
    short = whole(placemark(track(extra=measures(speed=[1, 2])))).positions
    assert np.isnan(short.speed_mps).all()


def test_missing_places_and_instants_keep_the_others_in_step():
    got = whole(
        placemark(
            track(
                whens=["2024-05-01T12:00:00Z", "", "2024-05-01T12:02:00Z", "2024-05-01T12:03:00Z"],
                coords=["-1 46 0", "-1 47 0", "", "-1 49 0"],
            )
        )
    )
    assert got.positions.lat_deg.tolist() == [46, 49]
    assert [t[14:16] for t in times(got)] == ["00", "03"]
    assert got.faults == {"position-undated": (1, "line 1"), "position-missing": (1, "line 1")}


def test_lists_of_unequal_lengths_are_said():
    got = whole(placemark(track(coords=["-1 46 0"])))
    assert len(got.positions) == 1
    assert got.faults == {"times-uneven": (2, "line 1")}


def test_tracks_of_a_multitrack_are_read_and_overlapping_ones_are_apart():
    following = track(whens=[f"2024-05-01T14:0{i}:00Z" for i in range(3)])
    got = whole(placemark("<gx:MultiTrack>", track(), following, "</gx:MultiTrack>"))
    assert (len(got.positions), len(got.sources)) == (6, 1)
    assert len(whole(placemark(track()), placemark(track(2, lat=47))).sources) == 2


def test_a_long_track_is_packed_on_the_way():
    whens = [str(1_714_550_000 + i) for i in range(45_000)]
    got = whole(placemark(track(whens=whens, coords=["-1 46 0"] * 45_000)))
    assert len(got.positions) == 45_000
    assert got.positions.time_us[-1] == (1_714_550_000 + 44_999) * 10**6


@pytest.mark.parametrize(
    ("name", "category", "motion"),
    [
        ("Driving", "Driving", Motion.CAR),
        ("On the subway", "", Motion.METRO),
        ("", "Cycling", Motion.BIKE),
        ("Sunday", "", Motion.UNKNOWN),
    ],
)
def test_googles_moves_are_claims_and_their_lines_waypoints(name, category, motion):
    data = (
        f'<ExtendedData><Data name="Category"><value>{category}</value></Data>'
        '<Data name="Distance"><value>1234</value></Data></ExtendedData>'
    )
    got = whole(placemark(f"<name>{name}</name>", data, SPAN, LINE))
    assert [t[11:16] for t in times(got)] == ["12:00", "12:20", "13:00"]
    assert {s.stream for s in got.sources} == {Stream.WAYPOINTS, Stream.DECLARED}
    claims = got.claims
    assert (claims.kind.tolist(), claims.motion.tolist()) == ([ClaimKind.MOVE], [motion])
    assert [iso_utc(claims.start_us[0]), iso_utc(claims.end_us[0])] == [NOON, ONE]
    assert (claims.lat_deg[0], claims.end_lat_deg[0], claims.distance_m[0]) == (46.1, 46.4, 1234)
    assert np.isnan(got.positions.altitude_m).all()


def test_a_place_over_an_interval_is_a_visit():
    got = whole(placemark("<name>Home</name>", SPAN, POINT))
    assert len(got.positions) == 0
    claims = got.claims
    assert (claims.kind.tolist(), claims.motion.tolist()) == ([ClaimKind.VISIT], [Motion.STILL])
    assert (claims.lat_deg[0], claims.lon_deg[0]) == (46.16, -1.15)


def test_a_track_with_a_category_is_claimed_over_its_own_time():
    data = '<ExtendedData><Data name="Category"><value>Walking</value></Data></ExtendedData>'
    got = whole(placemark(data, track()))
    assert got.claims.motion.tolist() == [Motion.WALK]
    assert got.claims.start_us[0] == got.positions.time_us[0]


def test_geometries_of_a_multigeometry_share_the_interval():
    got = whole(placemark(SPAN, "<MultiGeometry>", LINE, LINE, "</MultiGeometry>"))
    assert [t[11:16] for t in times(got)] == ["12:00", "12:10", "12:30", "12:30", "12:40", "13:00"]


def test_times_of_views_and_folders_are_not_the_placemarks():
    view = f"<LookAt><gx:TimeStamp><when>{NOON}</when></gx:TimeStamp></LookAt>"
    assert refused(FORMAT, kml(SPAN, placemark(view, POINT))) == "file-without-positions"


def test_polygons_are_no_tracks():
    ring = "<LinearRing><coordinates>1,2 3,4 5,6</coordinates></LinearRing>"
    polygon = f"<Polygon><outerBoundaryIs>{ring}</outerBoundaryIs></Polygon>"
    assert refused(FORMAT, kml(placemark(SPAN, polygon))) == "file-without-positions"


@pytest.mark.parametrize(
    "body",
    [
        "",
        placemark(POINT),
        placemark(LINE),
        placemark("<TimeStamp><when>2024-05-01</when></TimeStamp>", POINT),
        placemark("<TimeStamp><when>2024</when></TimeStamp>", POINT),
        placemark(f"<TimeStamp><when>{NOON}</when></TimeStamp>", LINE),
        placemark(f"<TimeStamp><when>{NOON}</when></TimeStamp>", "<Point><coordinates/></Point>"),
    ],
)
def test_what_has_no_instant_is_refused(body):
    assert refused(FORMAT, kml(body)) == "file-without-positions"


def test_loose_commas_are_read():
    assert tuples_of("\n-1.1, 46.1, 5 -1.2 ,46.2\n") == ["-1.1,46.1,5", "-1.2,46.2"]


def test_a_truncated_document_gives_what_it_has():
    data = kml(placemark(track(50)))
    got = read_whole(FORMAT, data[: data.index("<gx:coord>-1.1 46.3")])
    assert 25 < len(got.positions) < 35
    assert set(got.faults) == {"truncated", "times-uneven"}


def test_a_document_without_root_is_known_by_its_placemarks():
    assert sniff(b"<Document><Placemark>")
    assert not sniff(b"<Document><w:body>")


RICH = kml(
    placemark("<name>Driving</name>", SPAN, LINE),
    placemark(SPAN, POINT),
    placemark(f"<TimeStamp><when>{NOON}</when></TimeStamp>", POINT),
    placemark(track(extra=measures(speed=[1, 2, 3]))),
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
    survives(FORMAT, b"<kml><Placemark><Track>" + data)


PARTS = st.sampled_from(
    ["<Placemark>", "</Placemark>", "<gx:Track>", "</gx:Track>", "<when>", "</when>", NOON, SPAN,
     POINT, LINE, "<gx:coord>1 2 3</gx:coord>", "<coordinates>", "</coordinates>", "1,2,3 4,5",
     "<TimeSpan>", "<begin>", "</begin>", "<end/>", "<value>3</value>", "<Data name='Distance'>"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(PARTS, max_size=20))
def test_no_order_of_elements_is_a_traceback(parts):
    survives(FORMAT, ("<kml>" + "".join(parts)).encode())


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "n_positions", "n_claims"),
    [
        ("Placemark-Track-1.kml", 7, 0),
        ("google_ext.kml", 451, 0),
        ("gx_track.kml", 4, 0),
        ("timespan.kml", 0, 1),
    ],
)
def test_files_of_the_world(name, n_positions, n_claims):
    path = FIXTURES / "kml" / name
    if not path.exists():
        pytest.skip("the import fixtures are not beside the repository")
    got = read_whole(FORMAT, path.read_bytes())
    assert (len(got.positions), len(got.claims)) == (n_positions, n_claims)
