from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.bringing import bring_text
from tests.formats.reading_whole import FIXTURES, damaged, read_whole, survives

from estran.formats.tcx import FORMAT
from estran.timebase import iso_utc
from estran.trace import Motion

EXTENSION = (
    '<Extensions><TPX xmlns="http://x/v2"><Speed>2.5</Speed><Watts>180</Watts></TPX></Extensions>'
)
PULSE = '<HeartRateBpm xsi:type="HeartRateInBeatsPerMinute_t"><Value>131</Value></HeartRateBpm>'


def point(i: int, inner: str = "", *, placed: bool = True) -> str:
    place = (
        f"<Position><LatitudeDegrees>{46.16 + i / 1e4:.6f}</LatitudeDegrees>"
        f"<LongitudeDegrees>{-1.15 - i / 1e4:.6f}</LongitudeDegrees></Position>"
    )
    return (
        f"<Trackpoint>\n<Time>2024-05-01T08:{i // 60:02d}:{i % 60:02d}Z</Time>"
        f"{place if placed else ''}<AltitudeMeters>12.5</AltitudeMeters>{inner}</Trackpoint>\n"
    )


def tcx(*points: str, sport: str = "Biking", head: str = "", creator: str = "Edge 530") -> str:
    return (
        f'{head}<?xml version="1.0"?><TrainingCenterDatabase xmlns="http://x/v2" '
        f'xmlns:xsi="http://y"><Activities><Activity Sport="{sport}"><Id>x</Id>'
        '<Lap StartTime="2024-05-01T08:00:00Z"><TotalTimeSeconds>9</TotalTimeSeconds>'
        "<DistanceMeters>850.5</DistanceMeters><AverageHeartRateBpm><Value>120</Value>"
        f"</AverageHeartRateBpm><Track>{''.join(points)}</Track></Lap>"
        f"<Creator><Name>{creator}</Name></Creator></Activity></Activities>"
        "</TrainingCenterDatabase>"
    )


def test_an_activity_is_read_with_its_sport():
    got = read_whole(FORMAT, tcx(*(point(i, PULSE + EXTENSION) for i in range(200))))
    assert len(got.positions) == 200
    assert iso_utc(int(got.positions.time_us[-1])) == "2024-05-01T08:03:19Z"
    assert (got.positions.altitude_m == 12.5).all()
    assert (got.positions.speed_mps == 2.5).all()
    assert got.claims.motion.tolist() == [Motion.BIKE]
    assert got.claims.distance_m.tolist() == [850.5]
    assert got.sources[0].device == "Edge 530"
    assert got.faults == {}


@pytest.mark.parametrize(("sport", "n"), [("Running", 1), ("Other", 0), ("", 0)])
def test_other_says_nothing(sport, n):
    assert len(read_whole(FORMAT, tcx(point(0), point(1), sport=sport)).claims) == n


def test_blanks_before_the_declaration_are_passed_over():
    assert bring_text(tcx(point(0), head="          ")).report.n_positions == 1


def test_a_tunnel_leaves_a_hole():
    points = [point(i, placed=not 50 <= i < 60) for i in range(100)]
    got = read_whole(FORMAT, tcx(*points))
    assert len(got.positions) == 90
    assert bool((np.diff(got.positions.time_us) > 0).all())


def test_an_activity_indoors_is_said():
    got = bring_text(tcx(point(0, placed=False), sport="Running"))
    assert dict(got.report.refused_params)["kind"] == "activity-indoor"


def test_a_course_is_a_plan():
    course = tcx(point(0)).replace("Activities>", "Courses>").replace("Activity", "Course")
    assert dict(bring_text(course).report.refused_params)["kind"] == "track-planned"


def test_a_file_cut_short_gives_what_it_holds():
    text = tcx(*(point(i) for i in range(50)))
    got = read_whole(FORMAT, text[: text.index(point(30)) + 20])
    assert len(got.positions) == 30
    assert list(got.faults) == ["truncated"]
    assert len(got.claims) == 1


def test_several_activities_and_recorders():
    both = tcx(point(0), point(1)).replace(
        "</Activities>",
        tcx(point(5), point(6), sport="Running", creator="Fenix").partition("<Activities>")[2]
        .partition("</Activities>")[0] + "</Activities>",
    )  # fmt: skip
    got = read_whole(FORMAT, both)
    assert [s.device for s in got.sources] == ["Edge 530", "Fenix"]
    assert got.claims.motion.tolist() == [Motion.BIKE, Motion.RUN]


@given(st.integers(0, 10**6))
@settings(max_examples=80, deadline=None)
def test_damage_never_raises_more_than_a_refusal(seed):
    survives(FORMAT, damaged(tcx(*(point(i, PULSE) for i in range(20))).encode(), seed))


@pytest.mark.data
@pytest.mark.skipif(not FIXTURES.is_dir(), reason="the shared data is not beside this repository")
@pytest.mark.parametrize(
    ("name", "n_positions"),
    [
        ("gpsbabel-gtrnctr-lap_s.tcx", 928),
        ("gpsbabel-kona2013.tcx", 5),
        ("tcxparser-sup_activity_1.tcx", 111),
    ],
)
def test_real_files_are_counted(name, n_positions):
    got = read_whole(FORMAT, (FIXTURES / "tcx" / name).read_bytes())
    assert (len(got.positions), got.faults) == (n_positions, {})
