"""Trips of Cozy and of e-mission's server, in whatever they are wrapped."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.bringing import bring_text
from tests.formats.reading_whole import FIXTURES, damaged, read_whole, refused, survives

from estran.formats.cozy import FORMAT, sniff
from estran.trace import ClaimKind, Motion, Stream

COORDINATES = [[-1.15, 46.16], [-1.14, 46.17], [-1.13, 46.18]]
START, END = 1714564800, 1714564920


def section(coordinates=COORDINATES, **told):
    properties = {
        "feature_type": "section",
        "sensed_mode": "PredictedModeTypes.BUS",
        "start_ts": START,
        "end_ts": END,
        "distance": 2500.0,
        "timestamps": [1714564800000, 1714564860000, 1714564920000],
        "speeds": [0, 9.5, 8],
        **told,
    }
    line = {"type": "LineString", "coordinates": coordinates}
    return {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "geometry": line, "properties": properties}],
    }


def place(kind, **told):
    at = {"type": "Point", "coordinates": [-1.15, 46.16]}
    return {"type": "Feature", "geometry": at, "properties": {"feature_type": kind, **told}}


def trip(*sections, **properties):
    stop = {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": COORDINATES[:2]},
        "properties": {"feature_type": "stop", "enter_ts": START, "exit_ts": START + 10},
    }
    features = [
        place("end_place", enter_ts=END),
        place("start_place", enter_ts=START - 3600, exit_ts=START),
        stop,
        *(sections or [section()]),
    ]
    return {"type": "FeatureCollection", "properties": properties, "features": features}


def document(*trips, device="phone"):
    return {"captureDevice": device, "source": "cozy.io", "series": list(trips or [trip()])}


def whole(value):
    return read_whole(FORMAT, json.dumps(value))


def moves(got):
    return got.claims.take(got.claims.kind == ClaimKind.MOVE)


WRAPPINGS = {
    "one": document(),
    "list": [document()],
    "all_docs": {"total_rows": 1, "rows": [{"id": "a", "key": "a", "doc": document()}]},
    "normal_docs": {"rows": [document()], "total_rows": 1},
    "find": {"docs": [document()], "limit": 100},
    "json_api": {"data": [{"type": "x", "id": "a", "attributes": document()}]},
    "ach": {"io.cozy.timeseries.geojson": [document()]},
    "get_trips": {"timeline": [trip()]},
    "bare": trip(),
    "bare_list": [trip()],
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_a_trip_is_read_whatever_it_is_wrapped_in(wrapping):
    got = whole(WRAPPINGS[wrapping])
    assert got.positions.time_us.tolist() == [t * 1_000_000 for t in (START, START + 60, END)]
    assert got.positions.speed_mps.tolist() == [0.0, 9.5, 8.0]
    assert {s.stream for s in got.sources} == {Stream.PATH, Stream.DECLARED}
    assert moves(got).motion.tolist() == [Motion.BUS]
    assert not moves(got).confirmed.any()
    assert moves(got).distance_m.tolist() == [2500.0]
    visits = got.claims.take(got.claims.kind == ClaimKind.VISIT)
    assert sorted((visits.end_us - visits.start_us).tolist()) == [0, 3600 * 10**6]
    assert not got.faults


def test_lines_of_json_are_documents_too():
    text = "\n".join(json.dumps(document(device=device)) for device in ("one", "two"))
    got = read_whole(FORMAT, text)
    assert {s.device for s in got.sources} == {"one", "two"}
    assert len(got.positions) == 6


def test_every_trip_of_a_series_is_read():
    assert len(moves(whole(document(trip(), trip(section(start_ts=START + 1)))))) == 2


@pytest.mark.parametrize(
    ("told", "motion", "confirmed"),
    [
        ({"manual_mode": "TRAMWAY"}, Motion.TRAM, True),
        ({"manual_mode": "CARPOOL_ELECTRIC"}, Motion.CAR, True),
        ({"manual_mode": "AIR_OR_HSR"}, Motion.PLANE, True),
        ({"manual_mode": "UNKNOWN"}, Motion.BUS, False),
        ({"manual_mode": 3}, Motion.BUS, False),
        ({"sensed_mode": "PredictedModeTypes.AIR_OR_HSR"}, Motion.UNKNOWN, False),
        ({"sensed_mode": "MotionTypes.IN_VEHICLE"}, Motion.VEHICLE, False),
        ({"sensed_mode": 7}, Motion.WALK, False),
        ({"estran": {"mode": "coach"}}, Motion.COACH, False),
        ({"manual_mode": "BUS", "estran": {"mode": "coach"}}, Motion.COACH, True),
    ],
)
def test_modes(told, motion, confirmed):
    got = moves(whole(document(trip(section(**told)))))
    assert got.motion.tolist() == [motion]
    assert got.confirmed.tolist() == [confirmed]


def test_a_mode_told_of_the_trip_is_that_of_its_longest_section():
    walk = section(sensed_mode="PredictedModeTypes.WALKING", distance=300, start_ts=START - 60)
    got = moves(whole(document(trip(walk, section(), manual_mode="BICYCLING_ELECTRIC"))))
    assert sorted(zip(got.motion.tolist(), got.confirmed.tolist(), strict=True)) == [
        (Motion.WALK, False),
        (Motion.E_BIKE, True),
    ]
    told = section(manual_mode="CAR")
    got = moves(whole(document(trip(walk, told, manual_mode="BICYCLING_ELECTRIC"))))
    assert got.motion[got.confirmed].tolist() == [Motion.CAR]


def test_a_trip_without_sections_is_stated_by_its_ends():
    ends = {
        "start_fmt_time": "2024-05-01T14:00:00+02:00",
        "end_fmt_time": "2024-05-01T14:02:00+02:00",
        "start_loc": {"type": "Point", "coordinates": [-1.15, 46.16]},
        "end_loc": {"type": "Point", "coordinates": [-1.1, 46.2]},
        "manual_mode": "CAR",
    }
    bare = trip(**ends)
    bare["features"] = bare["features"][:3]
    got = moves(whole(document(bare)))
    assert got.motion.tolist() == [Motion.CAR]
    assert got.end_lat_deg.tolist() == [46.2]
    assert (got.end_us - got.start_us).tolist() == [120 * 10**6]


def test_uneven_times_are_spread_over_the_section():
    got = whole(document(trip(section(timestamps=[1, 2]))))
    assert got.faults["times-uneven"] == (1, "record 1")
    assert len(got.positions) == 3
    assert Stream.WAYPOINTS in {s.stream for s in got.sources}


def test_broken_documents_cost_themselves_alone():
    others: list[object] = [
        None,
        3,
        "x",
        {"series": None},
        {"series": [7]},
        {"features": 3},
        {"docs": []},
    ]
    got = whole([document(), *others])
    assert len(got.positions) == 3


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"series": [{"features": []}]}, "file-without-positions"),
        ({"series": [{"features": [place("start_place")]}]}, "file-without-positions"),
        ([document()], ""),
    ],
)
def test_refusals(value, code):
    assert refused(FORMAT, json.dumps(value)) == code


def test_other_collections_are_not_trips():
    assert not sniff(b'{"type": "FeatureCollection", "features": [{"type": "Feature", "geom')
    assert not sniff(b'{"series": [1, 2, 3], "name": "x"}')


def archive_of_a_cozy(n_trips):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.USTAR_FORMAT) as tar:

        def put(name, value):
            content = json.dumps(value).encode()
            info = tarfile.TarInfo(f"My Cozy/Data/{name}.json")
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))

        put("instance", {"data": {"attributes": {"locale": "fr"}}})
        put("io.cozy.contacts/c1", {"_id": "c1", "fullname": "Camille", "email": []})
        for number in range(n_trips):
            later = START + 7200 * number
            times = [later * 1000, (later + 60) * 1000, (later + 120) * 1000]
            one = section(start_ts=later, end_ts=later + 120, timestamps=times)
            put(f"io.cozy.timeseries.geojson/{number:032x}", document(trip(one)))
    return out.getvalue()


def test_the_archive_of_a_whole_cozy_is_read():
    got = bring_text(archive_of_a_cozy(12))
    assert got.refused is None
    assert len(got.evidence.trace) == 36
    assert got.faults == {"member-unknown": 2}


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32))
def test_damage_never_breaks_the_reader(seed):
    survives(FORMAT, damaged(json.dumps([document(), document()]).encode(), seed))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "series",
                    "features",
                    "properties",
                    "geometry",
                    "coordinates",
                    "timestamps",
                    "times",
                    "speeds",
                    "start_ts",
                    "feature_type",
                    "type",
                    "manual_mode",
                    "estran",
                    "sensed_mode",
                    "distance",
                    "start_loc",
                    "doc",
                    "cozyMetadata",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(json_values)
def test_any_value_in_any_place_is_read_or_counted(value):
    odd = document(trip(section(**value) if isinstance(value, dict) else section()))
    survives(FORMAT, json.dumps([odd, {"series": [value]}, value]).encode())


REAL = FIXTURES.parent / "cozy"


@pytest.mark.data
@pytest.mark.skipif(not REAL.is_dir(), reason="the shared data is not beside this repository")
@pytest.mark.parametrize(
    ("name", "n_points", "motions", "length_m"),
    [
        ("geojson-01.json", 220, [Motion.WALK], 4724.886),
        ("geojson-02.json", 86, [Motion.TRAIN, Motion.BUS, Motion.WALK], 10545.412),
    ],
)
def test_real_documents_agree_with_what_the_coach_made_of_them(name, n_points, motions, length_m):
    got = read_whole(FORMAT, Path(REAL / name).read_bytes())
    assert len(got.positions) == n_points
    assert moves(got).motion.tolist() == motions
    assert float(moves(got).distance_m.sum()) == pytest.approx(length_m, rel=1e-6)
    coach = json.loads((REAL / name.replace(".json", ".coachco2-aggregation.json")).read_text())
    lasts_s = (moves(got).end_us - moves(got).start_us) / 1e6
    assert [s["duration"] for s in coach["sections"]] == pytest.approx(lasts_s.tolist(), abs=1e-3)


def test_it_may_be_packed():
    assert len(bring_text(gzip.compress(json.dumps(document()).encode())).evidence.trace) == 3
