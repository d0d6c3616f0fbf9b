from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.reading_whole import FIXTURES, damaged, read_whole, refused, survives

from estran.errors import Refusal
from estran.formats.gpx import FORMAT
from estran.timebase import iso_utc
from estran.trace import ClaimKind, Motion, Stream

ROOT = '<?xml version="1.0"?><gpx version="1.1" creator="Testeur 1.2" xmlns="http://x/GPX/1/1">'


def point(lat=46.1, lon=-1.1, time="2024-05-01T08:00:00Z", inner=""):
    dated = f"<time>{time}</time>" if time else ""
    return f'<trkpt lat="{lat}" lon="{lon}">{dated}{inner}</trkpt>'


def segment(*points):
    return f"<trkseg>{''.join(points)}</trkseg>"


def track(*segments, head="", tail=""):
    return f"<trk>{head}{''.join(segments)}{tail}</trk>"


def gpx(*parts, root=ROOT):
    return f"{root}{''.join(parts)}</gpx>"


def minutes(first, n, *, lat=46.1):
    return [point(lat=lat + i / 1000, time=f"2024-05-01T08:{first + i:02d}:00Z") for i in range(n)]


def whole(*parts, root=ROOT):
    return read_whole(FORMAT, gpx(*parts, root=root))


def one(inner="", **kwargs):
    return whole(track(segment(point(inner=inner, **kwargs)))).positions


def test_a_plain_track_is_read():
    got = whole(track(segment(point(inner="<ele>12.5</ele>"))))
    assert iso_utc(got.positions.time_us[0]) == "2024-05-01T08:00:00Z"
    assert (got.positions.lat_deg[0], got.positions.lon_deg[0]) == (46.1, -1.1)
    assert got.positions.altitude_m[0] == 12.5
    assert math.isnan(got.positions.accuracy_m[0])
    assert got.faults == {}
    assert got.sources[0].stream is Stream.RECORDED
    assert len(got.claims) == 0


GARMIN_V1 = (
    "<extensions><x:TrackPointExtension><x:hr>111</x:hr></x:TrackPointExtension></extensions>"
)
GARMIN_V2 = """<extensions><g:TrackPointExtension><g:hr>99</g:hr><g:speed>3</g:speed>
    <g:course>10</g:course></g:TrackPointExtension></extensions>"""
GPSLOGGER = """<extensions><gpxtpx:TrackPointExtension><gpxtpx:speed>1.5</gpxtpx:speed>
    <gpxtpx:bearing>270</gpxtpx:bearing></gpxtpx:TrackPointExtension></extensions>"""
APPLE = """<extensions><speed>1</speed><course>2</course><hAcc>6.5</hAcc><vAcc>4</vAcc>
    </extensions>"""
PHONETRACK = """<extensions><speed>1</speed><bearing>2</bearing><accuracy>8</accuracy>
    <batterylevel>50</batterylevel></extensions>"""


@pytest.mark.parametrize(
    ("inner", "speed_mps", "bearing_deg", "accuracy_m"),
    [
        ("<course>90</course><speed>2.5</speed>", 2.5, 90, None),
        (GARMIN_V1, None, None, None),
        (GARMIN_V2, 3, 10, None),
        (GPSLOGGER, 1.5, 270, None),
        ("<extensions><osmand:speed>4</osmand:speed></extensions>", 4, None, None),
        (APPLE, 1, 2, 6.5),
        (PHONETRACK, 1, 2, 8),
        ("<hdop>0.8</hdop><pdop>2</pdop>", None, None, None),
        ("<speed>-1</speed><course>-1</course><accuracy>-1</accuracy>", None, None, None),
        ("<accuracy>0</accuracy><speed>0</speed><course>360</course>", 0, 0, None),
    ],
)
def test_every_recorders_measures_are_read_in_si(inner, speed_mps, bearing_deg, accuracy_m):
    got = one(inner)
    for column, want in (
        (got.speed_mps, speed_mps),
        (got.bearing_deg, bearing_deg),
        (got.accuracy_m, accuracy_m),
    ):
        assert math.isnan(column[0]) if want is None else column[0] == want


@pytest.mark.parametrize(
    ("time", "utc"),
    [
        ("2024-05-01T10:00:00+02:00", "2024-05-01T08:00:00Z"),
        ("2024-05-01T03:00:00.25-05:00", "2024-05-01T08:00:00.250Z"),
        ("2024-05-01T08:00:00.1234567Z", "2024-05-01T08:00:00.123Z"),
        ("\n 2024-05-01T08:00:00Z ", "2024-05-01T08:00:00Z"),
        ("2024-04-30T24:00:00Z", "2024-05-01T00:00:00Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
    ],
)
def test_times_of_every_dialect(time, utc):
    assert iso_utc(int(one(time=time).time_us[0])) == utc


def test_microseconds_are_kept():
    assert one(time="2024-05-01T08:00:00.123456Z").time_us[0] % 1_000_000 == 123_456


def test_a_time_without_zone_is_utc_and_said():
    got = whole(track(segment(point(time="2024-05-01T08:00:00"), *minutes(1, 2))))
    assert iso_utc(got.positions.time_us[0]) == "2024-05-01T08:00:00Z"
    assert got.faults == {"zone-missing": (1, "line 1")}


def test_elements_in_any_order_commas_and_a_true_zero_elevation():
    swapped = "<trkpt lon='2' lat='48'><ele>12,5</ele><time>2024-05-01T08:00:00Z</time></trkpt>"
    zero = point(inner="<ele>0</ele>")
    got = whole(track(segment(swapped, zero))).positions
    assert got.altitude_m.tolist() == [12.5, 0.0]
    assert got.lat_deg[0] == 48.0


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (point(lat=91), "position-outside-globe"),
        (point(lon=181), "position-outside-globe"),
        (point(lat=0, lon=0), "position-zero"),
        (point(lat="north"), "position-missing"),
        (point(time=""), "position-undated"),
        (point(time="soon"), "position-undated"),
        (point(time="1970-01-01T00:00:00Z"), "time-impossible"),
    ],
)
def test_a_bad_point_is_counted_with_its_line_and_the_others_kept(bad, code):
    got = whole(track("<trkseg>\n", point(), "\n", bad, bad, "\n</trkseg>"))
    assert len(got.positions) == 1
    assert got.faults == {code: (2, "line 3")}


@pytest.mark.parametrize(
    "body",
    [
        "",
        track(segment(point(time=""), point(time=""))),
        track(segment()),
        "<rte><rtept lat='46' lon='-1'/></rte>",
        "<wpt lat='46' lon='-1'><name>Home</name></wpt>",
    ],
)
def test_a_file_without_any_date_is_refused(body):
    assert refused(FORMAT, gpx(body)) == "file-without-positions"


def test_a_timed_route_is_a_path_and_an_untimed_one_is_said():
    timed = "<rte><rtept lat='46' lon='-1'><time>2024-05-01T08:00:00Z</time></rtept></rte>"
    got = whole(timed, "<rte><rtept lat='46' lon='-1'/></rte>")
    assert [s.stream for s in got.sources] == [Stream.PATH]
    assert got.faults == {"route-planned": (1, "line 1")}


def test_segments_that_follow_each_other_are_one_source_and_overlapping_ones_are_two():
    following = whole(track(segment(*minutes(0, 3)), segment(*minutes(2, 3))))
    assert len(following.sources) == 1
    overlapping = whole(track(segment(*minutes(0, 9))), track(segment(*minutes(4, 9, lat=47))))
    assert len(overlapping.sources) == 2
    assert overlapping.positions.source.tolist() == [0] * 9 + [1] * 9


def test_a_track_told_twice_is_one_source():
    twin = track(segment(*minutes(0, 9)))
    assert len(whole(twin, twin).sources) == 1


def test_the_source_is_the_recorder_whatever_its_version_and_hides_its_name():
    keys = {
        whole(track(segment(point())), root=f'<gpx creator="{creator}">').sources[0].key
        for creator in ("Testeur 1.2", "Testeur 1.3.4", "testeur 2.0-beta")
    }
    assert len(keys) == 1
    assert "esteur" not in keys.pop()
    assert whole(track(segment(point())), root="<gpx>").sources[0].device == ""


@pytest.mark.parametrize(
    ("head", "tail", "motion"),
    [
        ("<type>cycling</type>", "", Motion.BIKE),
        ("", "<type>train</type>", Motion.TRAIN),
        ("<name>Trajet en bus</name>", "", Motion.BUS),
        ("<name>Bus then train</name>", "", None),
        ("<name>Untitled</name><type>9</type>", "", None),
    ],
)
def test_a_tracks_type_or_clear_name_is_claimed_over_its_interval(head, tail, motion):
    got = whole(track(segment(*minutes(5, 3)), segment(*minutes(10, 3)), head=head, tail=tail))
    if motion is None:
        assert len(got.claims) == 0
        return
    claims = got.claims
    assert claims.motion.tolist() == [motion]
    assert claims.kind.tolist() == [ClaimKind.MOVE]
    assert (claims.start_us[0], claims.end_us[0]) == (
        got.positions.time_us.min(),
        got.positions.time_us.max(),
    )
    assert not claims.confirmed[0]
    assert math.isnan(claims.probability_share[0])
    assert claims.lat_deg[0] == 46.1


def test_each_track_has_its_own_claim():
    got = whole(
        track(segment(*minutes(0, 3)), head="<type>walking</type>"),
        track(segment(*minutes(5, 3))),
        track(segment(*minutes(10, 3)), head="<type>car</type>"),
    )
    assert got.claims.motion.tolist() == [Motion.WALK, Motion.CAR]


def waypoint(time, name="Maison"):
    return f"<wpt lat='46.5' lon='-1.5'><time>{time}</time><name>{name}</name></wpt>"


def test_a_place_of_arc_is_a_visit_until_the_next_departure():
    got = whole(
        waypoint("2024-05-01T07:00:00Z"),
        waypoint("2024-05-01T09:30:00Z"),
        track(segment(*minutes(0, 20)), head="<type>walking</type>"),
        root='<gpx creator="Arc App">',
    )
    visits = got.claims.take(got.claims.kind == ClaimKind.VISIT)
    assert [iso_utc(t) for t in visits.start_us] == ["2024-05-01T07:00:00Z", "2024-05-01T09:30:00Z"]
    assert [iso_utc(t) for t in visits.end_us] == ["2024-05-01T08:00:00Z", "2024-05-01T09:30:00Z"]
    assert visits.motion.tolist() == [Motion.STILL] * 2
    assert {s.stream for s in got.sources} == {Stream.RECORDED, Stream.DECLARED}


def test_a_mark_on_the_way_is_no_visit():
    got = whole(waypoint("2024-05-01T08:05:00Z", "LAP 1"), track(segment(*minutes(0, 20))))
    assert len(got.claims) == 0
    assert got.faults == {"waypoint-on-track": (1, "line 1")}


def test_a_truncated_file_gives_what_it_has_and_its_claim():
    data = gpx(track(segment(*minutes(0, 20)), head="<type>bus</type>"))
    got = read_whole(FORMAT, data[: len(data) // 2])
    assert 5 < len(got.positions) < 20
    assert got.claims.motion.tolist() == [Motion.BUS]
    assert got.faults == {"truncated": (1, "line 1")}


def test_a_file_that_breaks_before_its_first_point_is_unreadable():
    assert refused(FORMAT, "<gpx><trk></wrong>" + gpx(track(segment(point())))) == "file-unreadable"


def test_batches_are_bounded_and_a_long_segment_is_one_source(monkeypatch):
    monkeypatch.setattr("estran.formats.gpx.reader.BATCH_POSITIONS", 10)
    data = gpx(
        track(segment(*[point(lat=46 + i / 1e5, time=str(1_714_550_000 + i)) for i in range(3000)]),
              head="<type>car</type>")
    )  # fmt: skip
    got = read_whole(FORMAT, data)
    assert len(got.positions) == 3000
    assert len(got.sources) == 1
    assert got.claims.motion.tolist() == [Motion.CAR]
    assert got.claims.end_us[0] - got.claims.start_us[0] == 2999 * 1_000_000


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=50, unique=True))
def test_what_is_written_is_read_back(offsets_us):
    first_us = 1_700_000_000_000_000
    points = [
        point(lat=round(i / 7 - 3, 7), lon=round(i / 3 + 1, 7), time=iso_micro(first_us + o))
        for i, o in enumerate(offsets_us)
    ]
    got = whole(track(segment(*points))).positions
    assert got.time_us.tolist() == [first_us + o for o in offsets_us]
    np.testing.assert_array_equal(got.lat_deg, [round(i / 7 - 3, 7) for i in range(len(points))])


def iso_micro(time_us):
    return iso_utc(time_us // 10**6 * 10**6)[:-1] + f".{time_us % 10**6:06d}Z"


OPEN = '<trkpt lat="{lat}" lon="{lon}">'
TIMED = OPEN + "<time>{time}</time>"
HIDDEN = '<!-- <trkpt lat="9" lon="9"><time>{time}</time></trkpt> -->'
STYLES = st.sampled_from(
    [
        "<trkpt lat='{lat}' lon='{lon}'><time>{time}</time></trkpt>",
        OPEN + "\n  <ele>3</ele>\n  <time>{time}</time>\n</trkpt>\n",
        TIMED + "<extensions><s:speed>2</s:speed></extensions></trkpt>",
        '<trkpt lon="{lon}" lat="{lat}" ><extensions/><time>{time}</time></trkpt>',
        TIMED + "<name>A &amp; B</name></trkpt>",
        OPEN + "<!-- x --><time>{time}</time></trkpt>",
        OPEN + "<time><![CDATA[{time}]]></time></trkpt>",
        HIDDEN,
        TIMED + "</trkpt>" + HIDDEN + " <![CDATA[<trkpt></trkpt>]]>",
        "</trkseg><trkseg>",
        '<trkpt lat="{lat}" lon="{lon}"/>',
        OPEN + "<speed>1</speed><time>{time}</time><speed>3</speed></trkpt>",
    ]
)


@settings(max_examples=300)
@given(st.lists(st.tuples(STYLES, st.integers(1, 12)), min_size=1, max_size=12))
def test_the_shortcut_reads_what_the_parser_reads(runs):
    parts: list[str] = []
    for style, n in runs:
        for _ in range(n):
            i = len(parts)
            time = iso_utc((1_700_000_000 + i) * 10**6)
            parts.append(style.format(lat=46 + i / 100, lon=-1 - i / 100, time=time))
    data = gpx("<trk><trkseg>", *parts, "</trkseg></trk>")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("estran.formats.gpx.reader._MOST_TEMPLATES", 0)
        slow = outcome(data)
    assert outcome(data) == slow


def outcome(data):
    try:
        got = read_whole(FORMAT, data)
    except Refusal as refusal:
        return refusal.code
    return got.positions, got.sources, got.faults


def test_the_shortcut_reads_on_over_blocks():
    points = [
        point(lat=46 + i / 1e5, time=iso_utc((1_700_000_000 + i) * 10**6)) for i in range(9000)
    ]
    data = gpx(track("\n<trkseg>", *[p + "\n" for p in points], point(lat=99), "</trkseg>"))
    got = read_whole(FORMAT, data)
    assert len(got.positions) == 9000
    assert got.positions.lat_deg.tolist() == [46 + i / 1e5 for i in range(9000)]
    assert got.faults == {"position-outside-globe": (1, "line 9002")}


RICH = gpx(
    "<metadata><name>A &amp; B</name></metadata>",
    waypoint("2024-05-01T07:00:00Z"),
    track(segment(*minutes(0, 5)), segment(*minutes(3, 5)), head="<type>bus</type>"),
    "<rte><rtept lat='46' lon='-1'><time>2024-05-01T08:00:00Z</time></rtept></rte>",
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
    survives(FORMAT, b"<gpx><trk><trkseg>" + data)


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "n_positions"),
    [
        ("gpsbabel-dg100.gpx", 12_027),
        ("reitti-20250601.gpx", 2_463),
        ("gpx_track_multiple_segments.gpx", 43),
        ("gpx_track_multiple_tracks.gpx", 34),
        ("fittrackee-test.gpx", 25),
        ("gpxpy-cerknicko-jezero-with-elevations-zero.gpx", 296),
    ],
)
def test_files_of_the_world(name, n_positions):
    path = FIXTURES / "gpx" / name
    if not path.exists():
        pytest.skip("the import fixtures are not beside the repository")
    assert len(read_whole(FORMAT, path.read_bytes()).positions) == n_positions


@pytest.mark.data
def test_every_fixture_survives_damage():
    paths = sorted(FIXTURES.glob("gpx/*.gpx"))
    if not paths:
        pytest.skip("the import fixtures are not beside the repository")
    for path in paths:
        data = path.read_bytes()[:40_000]
        for seed in range(6):
            survives(FORMAT, damaged(data, seed))
