"""Every real file at hand is read, or refused with words."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from estran.formats.bring import bring
from estran.formats.reading import Batch, FileReport
from estran.wording import FAULTS, OTHER_FILES, REFUSALS, say
from tests.formats.reading_whole import FIXTURES

FILES = sorted(path for path in FIXTURES.rglob("*") if path.is_file()) if FIXTURES.is_dir() else []
WIRE = FIXTURES.parent / "emission-wire-samples"

pytestmark = pytest.mark.data


@pytest.mark.skipif(not FILES, reason="the shared data is not beside this repository")
def test_every_fixture_is_read_or_refused_with_words() -> None:
    n_read = 0
    for path in FILES:
        for item in bring(path.name, io.BytesIO(path.read_bytes())):
            if isinstance(item, Batch):
                continue
            n_read += item.refused is None
            _has_words(item)
    assert n_read > 60


def _has_words(report: FileReport) -> None:
    assert all(fault.code in FAULTS for fault in report.faults), report
    if report.refused is None:
        return
    params = dict(report.refused_params)
    assert report.refused.code in REFUSALS, report
    assert "{" not in say(REFUSALS, report.refused.code, params)
    assert report.refused.code != "file-other" or params["kind"] in OTHER_FILES


@pytest.mark.skipif(not WIRE.is_dir(), reason="the shared data is not beside this repository")
@pytest.mark.parametrize(
    ("name", "n_positions", "n_activities"),
    [
        ("mobilitynet-raw/android-2.background_location.json.gz", 1868, 0),
        ("mobilitynet-raw/ios-2.background_location.json.gz", 1183, 0),
        ("mobilitynet-raw/android-2.background_motion_activity.json.gz", 0, 95),
        ("mobilitynet-raw/ios-2.background_motion_activity.json.gz", 0, 140),
        ("android.location.txt", 1, 0),
        ("ios.activity.txt", 0, 1),
    ],
)
def test_real_entries_are_counted(name: str, n_positions: int, n_activities: int) -> None:
    *_, report = bring(Path(name).name, io.BytesIO((WIRE / name).read_bytes()))
    assert isinstance(report, FileReport)
    assert (report.n_positions, report.n_activities) == (n_positions, n_activities)
