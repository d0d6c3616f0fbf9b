from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.bringing import bring_text
from tests.formats.reading_whole import FIXTURES, damaged, read_whole, survives

from estran.formats.apple_health import FORMAT
from estran.formats.apple_health.workouts import Workouts
from estran.formats.bring import bring
from estran.formats.reading import Batch, FileReport
from estran.trace import Motion, Stream

DTD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 13 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Workout)*)>
<!ATTLIST HealthData locale CDATA #REQUIRED>
]>
"""
PULSE = (
    '<Record type="HKQuantityTypeIdentifierHeartRate" unit="count/min" value="72" '
    'startDate="2024-09-03 18:51:06 +0200" endDate="2024-09-03 18:51:06 +0200"/>\n'
)


def workout(
    kind="Cycling", start="2024-09-03 18:51:06 +0200", end="2024-09-03 19:21:06 +0200", inner=""
):
    return (
        f'<Workout workoutActivityType="HKWorkoutActivityType{kind}" duration="30" '
        f'durationUnit="min" sourceName="Watch > of \'me\'" startDate="{start}" endDate="{end}">'
        f'<MetadataEntry key="HKTimeZone" value="Europe/Paris"/>{inner}</Workout>\n'
    )


LENGTH = '<WorkoutStatistics type="HKQuantityTypeIdentifierDistanceCycling" sum="7.4" unit="km"/>'
BURNT = (
    '<WorkoutStatistics type="HKQuantityTypeIdentifierActiveEnergyBurned" sum="300" unit="kcal"/>'
)
ROUTE = (
    '<WorkoutRoute sourceName="Phone"><FileReference path="/workout-routes/r.gpx"/></WorkoutRoute>'
)


def health(*parts: str, dtd: str = DTD) -> str:
    return f'{dtd}<HealthData locale="fr_FR">\n<Me/>{"".join(parts)}</HealthData>\n'


def test_a_workout_is_a_claim_and_the_body_is_left_out():
    got = bring_text(health(PULSE, workout(inner=LENGTH + BURNT + ROUTE), PULSE))
    assert got.report.format == "apple-health"
    assert got.claims == [("2024-09-03T16:51:06Z", "2024-09-03T17:21:06Z", "BIKE", False)]
    assert got.evidence.claims.distance_m.tolist() == [7400.0]
    assert got.evidence.sources[0].stream is Stream.DECLARED
    assert got.faults == {"health-left-out": 2}


@pytest.mark.parametrize(
    ("kind", "motion"),
    [
        ("Walking", Motion.WALK), ("Running", Motion.RUN), ("Hiking", Motion.WALK),
        ("HandCycling", Motion.BIKE), ("WheelchairWalkPace", Motion.ON_FOOT),
        ("WheelchairRunPace", Motion.ON_FOOT), ("Swimming", Motion.OTHER),
        ("CrossCountrySkiing", Motion.OTHER), ("DownhillSkiing", Motion.OTHER),
        ("PaddleSports", Motion.OTHER), ("SkatingSports", Motion.OTHER),
    ],
)  # fmt: skip
def test_kinds_of_workout(kind, motion):
    assert read_whole(FORMAT, health(workout(kind))).claims.motion.tolist() == [motion]


def test_what_goes_nowhere_is_no_claim():
    indoor = workout(inner='<MetadataEntry key="HKIndoorWorkout" value="1"/>')
    got = bring_text(health(workout("Yoga"), indoor, workout("Walking")))
    assert [c[2] for c in got.claims] == ["WALK"]
    assert got.faults == {"workout-indoor": 1}


def test_places_of_old_exports_are_read():
    places = "".join(
        f'<Location date="2016-11-14 07:25:{44 + i} -0700" latitude="{37.7 + i / 1e4}" '
        f'longitude="-122.4" altitude="21" horizontalAccuracy="2.5" verticalAccuracy="1" '
        f'course="-1" speed="2.5"/>'
        for i in range(3)
    )
    times = ("2016-11-14 07:25:41 -0700", "2016-11-14 07:30:52 -0700")
    route = f'<WorkoutRoute sourceName="Phone">{places}</WorkoutRoute>'
    got = read_whole(FORMAT, health(workout("Running", *times, inner=route)))
    assert len(got.positions) == 3
    assert (got.positions.accuracy_m[0], got.positions.speed_mps[0]) == (2.5, 2.5)
    assert got.positions.bearing_deg[0] != got.positions.bearing_deg[0]
    assert got.claims.lat_deg[0] == pytest.approx(37.7)
    assert got.claims.end_lat_deg[0] == pytest.approx(37.7002)


def test_without_an_outing_it_is_said():
    got = bring_text(health(PULSE, PULSE))
    assert dict(got.report.refused_params)["kind"] == "apple-health"
    assert got.faults == {"health-left-out": 2}


def test_cut_short_it_gives_what_it_holds():
    text = health(PULSE, workout(), PULSE, workout("Walking"), PULSE)
    got = bring_text(text[: text.index("Walking") + 60])
    assert [c[2] for c in got.claims] == ["BIKE"]
    assert "truncated" in got.faults


@pytest.mark.parametrize("size", [1, 7, 64, 4096])
def test_a_mark_across_two_reads(size, monkeypatch):
    monkeypatch.setattr("estran.formats.apple_health.workouts._BLOCK_BYTES", size)
    text = health(PULSE, workout(), PULSE * 3, workout("Walking", inner=LENGTH), PULSE).encode()
    workouts = Workouts(io.BytesIO(text))
    given = b""
    while piece := workouts.read(1 << 16):
        given += piece
    assert given.count(b"<Workout ") == given.count(b"</Workout>") == 2
    assert b"Record" not in given
    assert (workouts.n_records, workouts.ended) == (5, True)


def test_a_workout_without_content():
    tag = workout().partition(">of")[0].replace("Watch > of 'me'", "Watch")
    short = tag[: tag.index("><MetadataEntry")] + "/>"
    assert len(read_whole(FORMAT, health(short, PULSE, workout("Walking"))).claims) == 2


def test_the_whole_export_with_its_route():
    packed = io.BytesIO()
    gpx = (
        '<gpx creator="Apple Health Export"><trk><trkseg><trkpt lon="-1.15" lat="46.16">'
        "<time>2024-09-03T16:52:00Z</time><extensions><speed>5</speed><hAcc>4</hAcc></extensions>"
        "</trkpt></trkseg></trk></gpx>"
    )
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("apple_health_export/exportation.xml", health(PULSE, workout()))
        archive.writestr(
            "apple_health_export/export_cda.xml",
            '<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"/>',
        )
        archive.writestr("apple_health_export/electrocardiograms/ecg.csv", "Name,x\nHz,1\n")
        archive.writestr("apple_health_export/workout-routes/route.gpx", gpx)
    reports = [i for i in bring("x.zip", io.BytesIO(packed.getvalue())) if not isinstance(i, Batch)]
    assert [(r.format, r.n_positions, r.n_claims) for r in reports if isinstance(r, FileReport)] == [
        ("apple-health", 0, 1), ("gpx", 1, 0), ("zip", 0, 0),
    ]  # fmt: skip
    assert [f.code for f in reports[-1].faults] == ["member-unknown"]


@given(st.integers(0, 10**6))
@settings(max_examples=80, deadline=None)
def test_damage_never_raises_more_than_a_refusal(seed):
    text = health(PULSE, workout(inner=LENGTH), PULSE, workout("Walking")).encode()
    survives(FORMAT, damaged(text, seed))


@pytest.mark.data
@pytest.mark.skipif(not FIXTURES.is_dir(), reason="the shared data is not beside this repository")
@pytest.mark.parametrize(
    ("name", "n_positions"),
    [("apple_health_export/export.xml", 0), ("healthkit-old-export.xml", 2)],
)
def test_real_files_are_counted(name, n_positions):
    got = read_whole(FORMAT, (FIXTURES / "apple-health" / name).read_bytes())
    assert (len(got.positions), got.claims.motion.tolist()) == (n_positions, [Motion.RUN])
    assert set(got.faults) == {"health-left-out"}
