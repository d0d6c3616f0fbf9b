from __future__ import annotations

import gzip
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.bringing import bring_text
from tests.formats.fit.encoder import (
    EPOCH_S,
    RECORD,
    SEMICIRCLES,
    START_S,
    TIMESTAMP,
    FitFile,
    crc,
    outing,
)
from tests.formats.reading_whole import FIXTURES, damaged, read_whole, refused, survives

from estran.errors import FileHostile, FileOther
from estran.formats.fit import FORMAT
from estran.formats.fit.checksum import checksum
from estran.timebase import iso_utc
from estran.trace import MarkKind, Motion


def kind(data: bytes) -> str:
    with pytest.raises(FileOther) as caught:
        read_whole(FORMAT, data)
    return str(caught.value.params["kind"])


@pytest.mark.parametrize("order", ["<", ">"])
def test_an_outing_is_read_in_si_whatever_the_order_of_bytes(order):
    got = read_whole(FORMAT, outing(3, order=order).bytes())
    assert iso_utc(int(got.positions.time_us[0])) == "2024-05-01T08:00:00Z"
    assert got.positions.lat_deg == pytest.approx([46.16, 46.1601, 46.1602], abs=1e-7)
    assert got.positions.lon_deg[0] == pytest.approx(-1.15, abs=1e-7)
    assert (got.positions.altitude_m[0], got.positions.speed_mps[0]) == (20.0, 2.5)
    assert got.positions.accuracy_m[0] == 4.0
    assert np.isnan(got.positions.bearing_deg).all()
    assert got.faults == {}
    assert got.sources[0].device == "Garmin"


@pytest.mark.parametrize(
    ("sport", "sub", "motion"),
    [
        (1, 0, Motion.RUN), (2, 0, Motion.BIKE), (2, 28, Motion.E_BIKE), (11, 0, Motion.WALK),
        (17, 0, Motion.WALK), (21, 0, Motion.E_BIKE), (24, 0, Motion.CAR), (20, 0, Motion.PLANE),
        (22, 0, Motion.MOTORCYCLE), (65, 0, Motion.ON_FOOT), (13, 0, Motion.OTHER),
    ],
)  # fmt: skip
def test_the_session_claims_how_somebody_moved(sport, sub, motion):
    got = read_whole(FORMAT, outing(60, sport=sport, sub=sub).bytes())
    assert got.claims.motion.tolist() == [motion]
    assert got.claims.distance_m.tolist() == [1000.0]
    assert got.claims.start_us.tolist() == [START_S * 1_000_000]
    assert got.claims.end_us.tolist() == [(START_S + 59) * 1_000_000]
    assert got.claims.lat_deg[0] == pytest.approx(46.16, abs=1e-6)


def test_a_sport_without_a_word_claims_nothing():
    assert len(read_whole(FORMAT, outing(sport=10).bytes()).claims) == 0


def test_a_way_to_work_is_marked():
    brought = bring_text(outing(60, sport=2, sub=48).bytes()).evidence
    assert brought.marks.kind.tolist() == [MarkKind.COMMUTE_BEGAN]
    assert brought.claims.motion.tolist() == [Motion.BIKE]


def test_several_sports_in_one_file():
    made = outing(120, sport=2)
    made.session(START_S + 60, 59, 1)
    got = read_whole(FORMAT, made.bytes())
    assert got.claims.motion.tolist() == [Motion.BIKE, Motion.RUN]


def test_files_one_after_the_other_are_all_read():
    both = outing(3).bytes() + outing(4).bytes(header=12)
    assert len(read_whole(FORMAT, both).positions) == 7


@pytest.mark.parametrize("sub", [1, 6, 45, 58])
def test_nobody_goes_anywhere_indoors(sub):
    got = bring_text(outing(sub=sub).bytes())
    assert got.refused == "file-other"
    assert dict(got.report.refused_params)["kind"] == "activity-indoor"
    assert got.faults == {"position-indoor": 5}


def test_an_outing_after_the_rollers_is_kept():
    made = outing(60, sub=6)
    made.track([(START_S + 3600, 46.2, -1.1), (START_S + 3660, 46.21, -1.1)])
    made.session(START_S + 3600, 60, 1)
    got = read_whole(FORMAT, made.bytes())
    assert len(got.positions) == 2
    assert got.claims.motion.tolist() == [Motion.RUN]


@pytest.mark.parametrize(
    ("file_type", "said"), [(2, "device-file"), (32, "device-file"), (6, "track-planned")]
)
def test_other_files_of_a_watch_are_named(file_type, said):
    made = FitFile()
    made.file_id(file_type)
    made.track([(START_S, 46.0, -1.0)])
    assert kind(made.bytes()) == said


def test_no_position_is_said():
    made = FitFile()
    made.file_id()
    made.session(START_S, 60, 1)
    assert kind(made.bytes()) == "activity-indoor"


def test_times_told_as_offsets_go_on_and_wrap():
    made = FitFile()
    made.file_id()
    made.define(2, RECORD, [(TIMESTAMP, "u4"), (0, "i4"), (1, "i4")])
    base = START_S - EPOCH_S
    made.record(2, base, 100_000_000, 100_000_000)
    made.define(3, RECORD, [(0, "i4"), (1, "i4")])
    for gone in (5, 30, 31, 33):
        made.record(3, 100_000_000 + gone, 1, head=0x80 | 3 << 5 | (base + gone) & 31)
    got = read_whole(FORMAT, made.bytes())
    assert (got.positions.time_us // 1_000_000 - START_S).tolist() == [0, 5, 30, 31, 33]


def test_an_offset_before_any_time_is_undated():
    made = FitFile()
    made.file_id()
    made.define(3, RECORD, [(0, "i4"), (1, "i4")])
    made.record(3, 100_000_000, 1, head=0x80 | 3 << 5 | 4)
    got = bring_text(made.bytes())
    assert got.faults == {"position-undated": 1}


def test_seconds_since_power_up_are_no_date():
    made = FitFile()
    made.file_id()
    made.define(2, RECORD, [(TIMESTAMP, "u4"), (0, "i4"), (1, "i4")])
    made.record(2, 4000, 100_000_000, 1)
    assert bring_text(made.bytes()).faults == {"position-undated": 1}


def test_developers_fields_are_walked_over():
    made = FitFile()
    made.file_id()
    made.define(2, RECORD, [(TIMESTAMP, "u4"), (0, "i4"), (1, "i4")], developers=[(0, 3), (1, 2)])
    for i in range(3):
        made.record(2, START_S - EPOCH_S + i, 100_000_000, 1, tail=b"\xff" * 5)
    assert len(read_whole(FORMAT, made.bytes()).positions) == 3


def test_a_field_of_a_wrong_width_is_passed_over():
    made = FitFile()
    made.file_id()
    made.define(2, RECORD, [(TIMESTAMP, "u4"), (0, "i4"), (1, "i4"), (6, "u4")])
    made.record(2, START_S - EPOCH_S, 100_000_000, 1, 5)
    assert np.isnan(read_whole(FORMAT, made.bytes()).positions.speed_mps).all()


def test_untold_values_are_unknown_and_never_zero():
    made = FitFile()
    made.file_id()
    made.define(
        2, RECORD, [(TIMESTAMP, "u4"), (0, "i4"), (1, "i4"), (2, "u2"), (6, "u2"), (31, "u1")]
    )
    at = START_S - EPOCH_S
    made.record(2, at, 100_000_000, 1, 0xFFFF, 0xFFFF, 0xFF)
    made.record(2, at, 0x7FFFFFFF, 0x7FFFFFFF, 1, 1, 1)
    got = read_whole(FORMAT, made.bytes()).positions
    assert len(got) == 1
    assert np.isnan([got.altitude_m[0], got.speed_mps[0], got.accuracy_m[0]]).all()


def test_an_unknown_kind_of_record_ends_a_file_and_not_the_next():
    made = outing(3)
    made.body += bytes([9, 1, 2, 3])
    got = read_whole(FORMAT, made.bytes() + outing(4).bytes())
    assert len(got.positions) == 7
    assert got.faults["broken"][0] == 1
    assert got.faults["broken"][1].startswith("byte ")


def test_a_wrong_sum_is_said_and_nothing_lost():
    data = outing(3).bytes()
    got = read_whole(FORMAT, data[:-1] + bytes([data[-1] ^ 1]))
    assert (len(got.positions), list(got.faults)) == (3, ["checksum-wrong"])


def test_a_file_cut_short_gives_what_it_holds():
    data = outing(50).bytes()
    got = read_whole(FORMAT, data[: len(data) // 2])
    assert 15 < len(got.positions) < 50
    assert list(got.faults) == ["truncated"]


def test_a_recorder_that_died_wrote_no_length():
    got = read_whole(FORMAT, outing(9).bytes(length=0))
    assert len(got.positions) == 9


def test_layouts_without_end_are_refused():
    made = FitFile()
    for i in range(5000):
        made.body += bytes([0x40, 0, 0, i & 255, i >> 8, 1, 1, 1, 2])
    with pytest.raises(FileHostile):
        read_whole(FORMAT, made.bytes())


def test_a_file_longer_than_a_block_is_one():
    got = read_whole(FORMAT, outing(70_000).bytes())
    assert len(got.positions) == 70_000
    assert bool((np.diff(got.positions.time_us) == 1_000_000).all())


def test_the_same_watch_is_one_source_and_another_is_not():
    other = FitFile()
    other.file_id(serial=8)
    other.track([(START_S, 46.0, -1.0)])
    keys = {s.key for data in (outing(), outing(2), other)
            for s in read_whole(FORMAT, data.bytes()).sources}  # fmt: skip
    assert len(keys) == 2
    assert not any("1561" in key for key in keys)


def test_packed_as_it_is_kept():
    assert bring_text(gzip.compress(outing(3).bytes())).report.n_positions == 3


@given(st.binary(max_size=5000), st.integers(0, 5000))
@settings(max_examples=60, deadline=None)
def test_the_sum_is_that_of_the_protocol(data, cut):
    assert checksum(data[cut:], checksum(data[:cut])) == crc(data)


def test_the_sum_of_long_runs_too():
    data = bytes(range(256)) * 40 + b"odd"
    assert checksum(data) == crc(data)


@given(
    st.lists(
        st.tuples(st.integers(0, 10**6), st.floats(-89.9, 89.9), st.floats(-179.9, 179.9)),
        min_size=1, max_size=30,
    ),
    st.sampled_from("<>"),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_what_was_written_is_read(points, order):
    made = FitFile(order)
    made.file_id()
    told = [(START_S + t, lat, lon) for t, lat, lon in points
            if round(lat * SEMICIRCLES) or round(lon * SEMICIRCLES)]  # fmt: skip
    made.track(told)
    if not told:
        return
    got = read_whole(FORMAT, made.bytes()).positions
    assert (got.time_us // 1_000_000).tolist() == [t for t, _, _ in told]
    assert got.lat_deg == pytest.approx([lat for _, lat, _ in told], abs=1e-7)


@given(st.integers(0, 10**6))
@settings(max_examples=150, deadline=None)
def test_damage_never_raises_more_than_a_refusal(seed):
    survives(FORMAT, damaged(outing(30).bytes(), seed))


@given(st.integers(0, 29))
@settings(max_examples=30, deadline=None)
def test_what_came_before_a_break_is_kept(n):
    made = outing(30)
    whole = made.bytes()
    at = whole.find(struct.pack("<I", START_S + n - EPOCH_S)) - 1
    broken = whole[:at] + b"\x0f" + whole[at + 1 :]
    if n:
        assert len(read_whole(FORMAT, broken).positions) == n
    else:
        assert refused(FORMAT, broken) == "file-unreadable"


@pytest.mark.data
@pytest.mark.skipif(not FIXTURES.is_dir(), reason="the shared data is not beside this repository")
@pytest.mark.parametrize(
    ("name", "n_positions", "faults"),
    [
        ("fit/garmin-edge-500-activity.fit", 10677, set()),
        ("fit/2019-02-17-062644-ELEMNT-297E-195-0.fit", 13348, set()),
        ("fit/sample_mulitple_header.fit", 1462, set()),
        ("fit/ActivityDevFields.fit", 3600, {"position-zero"}),
        ("fit/strava-android-app-201.10-b1218918.fit", 237, {"broken"}),
        ("fit-invalid/activity-filecrc.fit", 14, {"checksum-wrong"}),
        ("fit-invalid/activity-unexpected-eof.fit", 14, {"truncated"}),
        ("fit-invalid/activity-settings-nodata.fit", 14, {"truncated"}),
    ],
)
def test_real_files_are_counted(name, n_positions, faults):
    got = read_whole(FORMAT, (FIXTURES / name).read_bytes())
    assert (len(got.positions), set(got.faults)) == (n_positions, faults)


def test_a_header_that_looks_like_letters_is_none():
    data = outing(3).bytes()
    brought = bring_text(data[:1] + b"\0" + data[2:3] + b"\0" + data[4:])
    assert (brought.report.format, brought.report.n_positions) == ("fit", 3)
