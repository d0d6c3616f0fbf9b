from __future__ import annotations

import io
import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.bringing import bring_text
from tests.formats.fit.encoder import START_S, FitFile, outing
from tests.formats.reading_whole import damaged, survives

from estran.formats.bring import bring
from estran.formats.garmin_summary import FORMAT
from estran.formats.reading import Batch, FileReport


def activity(kind="cycling", **more):
    return {
        "activityId": 111, "name": "x", "activityType": kind, "sportType": "CYCLING",
        "beginTimestamp": START_S * 1000, "startTimeLocal": START_S * 1000 + 7200_000,
        "duration": 1_800_000.0, "distance": 742_130.0, "avgHr": 140.0, "hrTimeInZone_2": 600.0,
        **more,
    }  # fmt: skip


def summary(*activities):
    return [{"summarizedActivitiesExport": list(activities)}]


def test_an_activity_is_a_claim():
    got = bring_text(summary(activity(startLatitude=46.16, startLongitude=-1.15)))
    assert got.report.format == "garmin-summary"
    assert got.claims == [("2024-05-01T08:00:00Z", "2024-05-01T08:30:00Z", "BIKE", False)]
    assert got.evidence.claims.distance_m[0] == pytest.approx(7421.3)
    assert got.fixes("/claims") == [("2024-05-01T08:00:00Z", 46.16, -1.15)]


@pytest.mark.parametrize(
    ("kind", "n"),
    [("running", 1), ("e_bike_fitness", 1), ("street_running", 1), ("road_biking", 1),
     ("indoor_cycling", 0), ("treadmill_running", 0), ("virtual_ride", 0), ("yoga", 0)],
)  # fmt: skip
def test_only_what_goes_somewhere(kind, n):
    assert len(bring_text(summary(activity(kind), activity("walking"))).claims) == n + 1


def test_a_broken_one_costs_itself_alone():
    got = bring_text(summary(activity(), activity(duration=None), activity(beginTimestamp="x")))
    assert len(got.claims) == 1
    assert set(got.faults) == {"claim-unreadable", "record-broken"}


def test_zips_in_a_zip_give_the_activities_and_count_the_rest():
    other = FitFile()
    other.file_id(32)
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("me_1.fit", outing(10).bytes())
        for i in range(30):
            archive.writestr(f"me_m{i}.fit", other.bytes())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        folder = "DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1.zip"
        archive.writestr(folder, inner.getvalue())
        archive.writestr(
            "DI_CONNECT/DI-Connect-Fitness/me_0_summarizedActivities.json",
            json.dumps(summary(activity())),
        )
        archive.writestr("DI_CONNECT/DI-Connect-User/user_profile.json", "{}")
    items = list(bring("garmin.zip", io.BytesIO(packed.getvalue())))
    reports = [item for item in items if isinstance(item, FileReport)]
    assert [(r.format, r.n_positions) for r in reports] == [
        ("fit", 10), ("zip", 0), ("garmin-summary", 0), ("zip", 0),
    ]  # fmt: skip
    assert [(f.code, f.count) for f in reports[1].faults] == [("member-unknown", 30)]
    assert any(isinstance(item, Batch) for item in items)


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_damage_never_raises_more_than_a_refusal(seed):
    survives(FORMAT, damaged(json.dumps(summary(*[activity()] * 5)).encode(), seed))
